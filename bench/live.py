"""A real service in a folder of its own, or the pages alone, for benchmarks and tests that need the real thing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

READY = "Ready. The pages:"


def free_port() -> int:
    """Port of loopback that nobody uses now."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """Different ports of loopback that nobody uses now: asked one by one, the system may name the same twice."""
    with ExitStack() as held:
        listeners = [held.enter_context(socket.socket()) for _ in range(count)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in listeners]


@dataclass
class Live:
    """A running `sucharit up`.

    Attributes:
        environment: What commands need to speak to it.
        ready_s: Seconds from start to ready.
    """

    home: Path
    environment: dict[str, str]
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    ready_s: float = 0
    reader: threading.Thread | None = None

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `sucharit …` against it."""
        argv = [str(Path(sys.executable).parent / "sucharit"), *words]
        return subprocess.run(argv, env=self.environment, capture_output=True, text=True, check=False, timeout=120)

    def log(self, name: str) -> str:
        """What a child wrote."""
        return (self.home / "logs" / f"{name}.log").read_text(errors="replace")

    def read(self) -> None:
        """Collect what it prints, line by line."""
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip("\n"))

    def wait_for(self, text: str, within_s: float) -> None:
        """Wait until it printed a line with this text."""
        end = time.monotonic() + within_s
        while not any(text in line for line in self.lines):
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("not ready:\n" + "\n".join(self.lines))
            time.sleep(0.05)

    def end(self) -> None:
        """Stop it in order and wait until nothing of it is left."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        if self.reader is not None:
            self.reader.join(10)
        if self.process.stdout:
            self.process.stdout.close()


def surroundings(home: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Environment of a service in `home` on ports of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SUCHARIT_", "PREFECT_"))}
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)
    prefect, web, mailbox = map(str, free_ports(3))
    return {
        **inherited,
        "SUCHARIT_HOME": str(home),
        "SUCHARIT_PREFECT_PORT": prefect,
        "SUCHARIT_WEB_PORT": web,
        "SUCHARIT_MAILBOX_PORT": mailbox,
        "SUCHARIT_DEMO": "false",
        **(settings or {}),
    }


def started(home: Path, environment: dict[str, str]) -> Live:
    """Start the service; it is not ready yet."""
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "sucharit"), "up"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    running = Live(home, environment, process)
    running.reader = threading.Thread(target=running.read, daemon=True)
    running.reader.start()
    return running


@contextmanager
def live(home: Path, settings: Mapping[str, str] | None = None) -> Iterator[Live]:
    """Run the whole service in `home` until the block ends; nothing of it stays behind."""
    start = time.monotonic()
    running = started(home, surroundings(home, settings))
    try:
        running.wait_for(READY, 180)
        running.ready_s = time.monotonic() - start
        yield running
    finally:
        running.end()


@contextmanager
def served(configuration: uvicorn.Config) -> Iterator[str]:
    """Serve an application in a thread of this process until the block ends; its address."""
    server = uvicorn.Server(configuration)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 20
    while not server.started:
        if not thread.is_alive() or time.monotonic() > end:
            raise RuntimeError("the pages are not served")
        time.sleep(0.02)
    try:
        yield f"http://{configuration.host}:{configuration.port}"
    finally:
        server.should_exit = True
        thread.join(10)


def on_loopback(app: ASGIApp, port: int = 0) -> uvicorn.Config:
    """How an application is served to this machine alone; on a free port where none is named."""
    return uvicorn.Config(app, host="127.0.0.1", port=port or free_port(), log_level="error")
