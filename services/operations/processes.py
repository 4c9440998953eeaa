"""One child process: how it is started, how it tells that it is ready, and where its words go."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from threading import Event, Thread
from typing import IO, Final
from urllib.parse import urlsplit

LOG_BYTES: Final = 5_000_000  # then the file becomes .1 and the .1 before it is gone
LAST_LINES: Final = 20

# Runs in the child before the real program. The kernel ends the program when its parent dies, however that happens;
# the flag survives exec. The parent may have died before it was set, hence the question after it. On a system without
# prctl the program simply starts.
_LAUNCH: Final = """
import ctypes, os, signal, sys
try:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
except (AttributeError, OSError):
    pass
if os.getppid() != int(sys.argv[1]):
    sys.exit(1)
os.execvp(sys.argv[2], sys.argv[2:])
"""


@dataclass(frozen=True, slots=True)
class HttpReady:
    """Ready when a GET on this loopback address gives a success."""

    url: str

    def __call__(self, child: Child) -> bool:
        """Ask once."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=2)
        try:
            connection.request("GET", parts.path or "/")
            return connection.getresponse().status < http.client.BAD_REQUEST and child.is_alive
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class LineReady:
    """Ready when it has printed a line that holds this text."""

    text: str

    def __call__(self, child: Child) -> bool:
        """Ask once."""
        return child.has_said(self.text)


@dataclass(frozen=True, slots=True)
class Finished:
    """Ready when it has ended with code 0: a job of the start, not a service."""

    def __call__(self, child: Child) -> bool:
        """Ask once."""
        return child.exit_code == 0


class Restart(StrEnum):
    """What becomes of a child that ends by itself."""

    ALWAYS = "always"  # started again, with growing waits
    NEVER = "never"  # stays ended


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """A child to start.

    Attributes:
        name: Short; its log file is `<name>.log`.
        argv: Program and arguments.
        ready: Asked again and again until true.
        env: Put on top of this process's own environment.
        where: What a person should know of it: an address, mostly.
        port: Port on loopback that it will listen on; refused when another program has it.
        port_setting: Name of the setting that moves it to another port.
        kill_after_s: How long it may take to end when told to.
    """

    name: str
    argv: tuple[str, ...]
    ready: Callable[[Child], bool]
    env: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    port: int | None = None
    port_setting: str = ""
    restart: Restart = Restart.ALWAYS
    ready_within_s: float = 90
    kill_after_s: float = 15
    cwd: Path | None = None


class Log:
    """A file that keeps at most two times `LOG_BYTES`, and the last lines in memory."""

    def __init__(self, path: Path, limit: int = LOG_BYTES) -> None:
        self.last: deque[str] = deque(maxlen=LAST_LINES)
        self._path = path
        self._limit = limit
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab")

    def write(self, line: bytes) -> None:
        """Append one line, moving a full file aside first."""
        if self._file.tell() + len(line) > self._limit:
            self._file.close()
            self._path.replace(self._path.with_suffix(".log.1"))
            self._file = self._path.open("ab")
        self._file.write(line)
        self._file.flush()
        self.last.append(line.decode(errors="replace").rstrip())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Child:
    """A running child. Make it in the main thread: the kernel's watch is on the thread that made it."""

    def __init__(self, spec: ProcessSpec, logs: Path, ended: Callable[[Child], None]) -> None:
        self.spec = spec
        self.exit_code: int | None = None
        self._texts: set[str] = {spec.ready.text} if isinstance(spec.ready, LineReady) else set()
        self._said = Event()
        self._log = Log(logs / f"{spec.name}.log")
        self._ended = ended
        self._process = subprocess.Popen(  # noqa: S603 -- the programs of our own process tree
            [sys.executable, "-I", "-S", "-c", _LAUNCH, str(os.getpid()), *spec.argv],
            env=_environment(spec.env),
            cwd=spec.cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal reaches the supervisor alone, which stops all in order
        )
        self._watch = Thread(target=self._follow, args=(self._process.stdout,), name=f"watch-{spec.name}", daemon=True)
        self._watch.start()

    @property
    def pid(self) -> int:
        """Process id, also that of its process group."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """It has not ended yet."""
        return self.exit_code is None

    @property
    def last_lines(self) -> list[str]:
        """What it printed last."""
        return list(self._log.last)

    def has_said(self, text: str) -> bool:
        """Tell whether it printed the text that its `LineReady` waits for."""
        return text in self._texts and self._said.is_set()

    def stop(self) -> None:
        """Tell it to end, and after its time kill it with all that it started."""
        if self.is_alive:  # once it has ended, its number may be another program's
            self._process.terminate()
            self._watch.join(self.spec.kill_after_s)
        if self.is_alive:
            self._kill_group()
        self._watch.join()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def _follow(self, output: IO[bytes]) -> None:
        # Ends with the child, not with its output: a grandchild may hold the pipe open.
        reader = Thread(target=self._read, args=(output,), name=f"read-{self.spec.name}", daemon=True)
        reader.start()
        code = self._process.wait()
        reader.join(1)
        self._kill_group()  # what it started and left behind
        reader.join(1)
        self._log.close()
        self.exit_code = code
        self._ended(self)

    def _read(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                self._log.write(line)
                if any(text in self._log.last[-1] for text in self._texts):
                    self._said.set()


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    # Without bytecode files Prefect takes 20 s to start instead of 12, at every start.
    machine = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**machine, "PYTHONUNBUFFERED": "1", **extra}
