"""A running service of which any process can be killed; what ends is started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.live import READY, Live, started
from services.scheduler import run_limit, server_environment, worker_argv
from services.scheduler_key import kept_key

_CHILDREN = {
    "prefect": "flows.server",
    "worker": "flows.worker",
    "pages": "web.server",
    "mailbox": "notifications.mailbox",
}
"""How the command of each child is known; jobs of the start, which end by themselves, are not among them."""

SUPERVISOR = "supervisor"
SECOND_WORKER = "second worker"
AGAIN_WITHIN_S = 120
REST_S = 2.0
"""After which whoever keeps the second worker starts it again."""


@dataclass
class KillableService:
    """`sucharit up`, with a second worker beside it where one is wanted."""

    home: Path
    environment: dict[str, str]
    has_second_worker: bool
    _live: Live | None = None
    _second: subprocess.Popen[bytes] | None = None

    @property
    def victims(self) -> list[str]:
        """Names of the processes that can be killed."""
        return [SUPERVISOR, *_CHILDREN, *([SECOND_WORKER] if self.has_second_worker else [])]

    def start(self) -> None:
        """Start and wait until all is ready."""
        self._live = started(self.home, self.environment)
        self._live.wait_for(READY, 240)
        if self.has_second_worker and (self._second is None or self._second.poll() is not None):
            self._start_second()

    def end(self) -> None:
        """Stop all of it in order."""
        for process in (self._second, self._live.process if self._live else None):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(90)
        if self._live is not None:
            self._live.end()

    def kill(self, name: str) -> float:
        """Kill one process; return the instant (seconds since the epoch) at which it was started again."""
        if name == SUPERVISOR:
            return self._kill_supervisor()
        if name == SECOND_WORKER:
            return self._kill_second()
        pid = self._pid(name)
        os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + AGAIN_WITHIN_S
        while time.monotonic() < end:
            with suppress(LookupError):
                if self._pid(name) != pid:
                    return time.time()
            time.sleep(0.1)
        raise RuntimeError(f"{name} was not started again within {AGAIN_WITHIN_S} s")

    def _kill_supervisor(self) -> float:
        assert self._live is not None
        children = self._children()
        os.kill(self._live.process.pid, signal.SIGKILL)
        self._live.end()
        end = time.monotonic() + 10
        while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < end:
            time.sleep(0.05)  # the system ends them with it
        began = time.time()
        self._live = None
        self.start()
        return began

    def _kill_second(self) -> float:
        assert self._second is not None
        self._second.kill()
        self._second.wait()
        time.sleep(REST_S)
        self._start_second()
        return time.time()

    def _start_second(self) -> None:
        prefect_url = self.environment.get("SUCHARIT_PREFECT_DATABASE_URL")
        port = int(self.environment["SUCHARIT_PREFECT_PORT"])
        clockwork = server_environment(self.home / "prefect", port, kept_key(self.home), prefect_url)
        argv = [sys.executable, "-m", "flows.worker", *worker_argv(run_limit(prefect_url))[3:]]
        with (self.home / "logs" / "second-worker.log").open("ab") as log:
            self._second = subprocess.Popen(
                argv, env={**self.environment, **clockwork}, stdout=log, stderr=log, start_new_session=True
            )

    def _pid(self, name: str) -> int:
        for pid in self._children():
            with suppress(OSError):
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if _CHILDREN[name] in command:
                    return pid
        raise LookupError(name)

    def _children(self) -> list[int]:
        assert self._live is not None
        supervisor = self._live.process.pid
        tasks = Path(f"/proc/{supervisor}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]
