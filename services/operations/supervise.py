"""The process tree of `make up`: starts children in order, keeps them running, stops them in reverse order."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import ClassVar, Final, Literal

from domain.errors import SucharitError
from services.operations.processes import Child, Finished, ProcessSpec, Restart

LONGEST_WAIT_S: Final = 60.0
CALM_S: Final = 60.0  # a child that ran this long is healthy again: its next wait is the shortest
ASK_READY_S: Final = 0.2
LOCK: Final = "up.lock"


class UpError(SucharitError):
    """The service cannot start here and now."""

    exit_code: ClassVar[int] = 2


class AlreadyRunningError(UpError):
    """A second start on the same folder."""

    english = "The service runs already on {folder} (process {pid}). Stop that one first, or choose another folder."
    thai = "ระบบกำลังทำงานอยู่แล้วในโฟลเดอร์ {folder} (โพรเซส {pid}) กรุณาหยุดระบบเดิมก่อน หรือเลือกโฟลเดอร์อื่น"


class PortBusyError(UpError):
    """Another program has the port of a child."""

    english = "Port {port}, wanted for {name}, is in use by another program. End that program, or set {setting}."
    thai = "พอร์ต {port} ของ {name} ถูกโปรแกรมอื่นใช้อยู่ กรุณาปิดโปรแกรมนั้น หรือตั้งค่า {setting}"


class ChildFailedError(UpError):
    """A child did not become ready; its last lines say why."""

    english = "{name} did not start: {why}. Its last words, more in {log}:\n{lines}"
    thai = "{name} เริ่มทำงานไม่ได้: {why} ข้อความล่าสุด (ดูเพิ่มเติมที่ {log}):\n{lines}"


@dataclass(slots=True)
class _Post:
    """A child's place: who holds it, since when, and when it is to be filled again (monotonic seconds)."""

    spec: ProcessSpec
    child: Child | None = None
    was_ready: bool = False
    since_s: float = 0
    failures: int = 0
    due_s: float | None = None


class Supervisor:
    """Runs the children of one folder until told to stop."""

    def __init__(self, home: Path, specs: Sequence[ProcessSpec], say: Callable[[str], None]) -> None:
        self._home = home
        self._posts = [_Post(spec) for spec in specs]
        self._say = say
        # Ended children and the wish to stop; a SimpleQueue may be filled from a signal handler.
        self._news: SimpleQueue[Child | Literal["stop"]] = SimpleQueue()
        self._stopping = False

    def run(self, when_ready: Callable[[], None] = lambda: None) -> int:
        """Start all, keep them running, and return 0 after Ctrl-C, SIGTERM or `stop`. Call it in the main thread.

        Args:
            when_ready: Called once, when every child is ready.

        Raises:
            AlreadyRunningError: Another supervisor holds the folder.
            PortBusyError: A port is taken by another program.
            ChildFailedError: A child did not become ready.
        """
        with held(self._home), self._signals():
            try:
                for post in self._posts:
                    self._refuse_busy_port(post.spec)
                for post in self._posts:
                    if not self._stopping:
                        self._start_and_wait(post)
                if not self._stopping:
                    when_ready()
                while not self._stopping:
                    self._keep()
            finally:
                self._stop_all()
        return 0

    def stop(self) -> None:
        """Stop everything soon; from any thread or signal handler."""
        self._news.put("stop")

    @property
    def _logs(self) -> Path:
        return self._home / "logs"

    def _start(self, post: _Post) -> Child:
        post.child = Child(post.spec, self._logs, self._news.put)
        post.since_s = time.monotonic()
        post.due_s = None
        return post.child

    def _start_and_wait(self, post: _Post) -> None:
        child = self._start(post)
        spec = post.spec
        end_s = post.since_s + spec.ready_within_s
        while not spec.ready(child) and not self._stopping:
            if not child.is_alive:
                if spec.ready(child):  # a job of the start that ended well between the two questions
                    break
                raise self._failed(child, f"it ended with code {child.exit_code}")
            if time.monotonic() > end_s:
                raise self._failed(child, f"it was not ready within {spec.ready_within_s:g} s")
            self._hear(ASK_READY_S)
        post.was_ready = True
        if not self._stopping:
            took_s = time.monotonic() - post.since_s
            self._say(f"{spec.name:<12} {spec.where or 'done':<40} {took_s:5.1f} s  process {child.pid}")

    def _keep(self) -> None:
        """Sleep until there is news or a child is due, then act on it."""
        due_s = min((post.due_s for post in self._posts if post.due_s is not None), default=None)
        self._hear(None if due_s is None else max(0.0, due_s - time.monotonic()))
        for post in self._posts:
            if not self._stopping and post.due_s is not None and post.due_s <= time.monotonic():
                child = self._start(post)
                self._say(f"{post.spec.name:<12} started again, process {child.pid}")

    def _hear(self, timeout_s: float | None) -> None:
        try:
            news = self._news.get(timeout=timeout_s)
        except Empty:
            return
        if news == "stop":
            self._stopping = True
            return
        for post in self._posts:
            if post.child is news:
                self._ended(post, news)

    def _ended(self, post: _Post, child: Child) -> None:
        spec = post.spec
        if self._stopping or isinstance(spec.ready, Finished) or spec.restart is Restart.NEVER:
            return
        if not post.was_ready:  # whoever waits for it tells the end
            return
        now_s = time.monotonic()
        post.failures = 1 if now_s - post.since_s >= CALM_S else post.failures + 1
        wait_s = min(2.0 ** (post.failures - 1), LONGEST_WAIT_S)
        post.due_s = now_s + wait_s
        self._say(f"{spec.name:<12} ended with code {child.exit_code}, starts again in {wait_s:g} s. Its last words:")
        for line in child.last_lines:
            self._say(f"    {line}")

    def _stop_all(self) -> None:
        """Stop in reverse order: who uses a child goes before it."""
        self._stopping = True
        self._say("stopping")
        for post in reversed(self._posts):
            if post.child is not None:
                post.child.stop()

    def _failed(self, child: Child, why: str) -> ChildFailedError:
        lines = "\n".join(f"    {line}" for line in child.last_lines) or "    (nothing)"
        return ChildFailedError(name=child.spec.name, why=why, log=self._logs / f"{child.spec.name}.log", lines=lines)

    @staticmethod
    def _refuse_busy_port(spec: ProcessSpec) -> None:
        if spec.port is None:
            return
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", spec.port))
            except OSError as taken:
                raise PortBusyError(port=spec.port, name=spec.name, setting=spec.port_setting) from taken

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        # SIGHUP: the terminal was closed.
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, lambda *_: self.stop()) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextlib.contextmanager
def held(home: Path) -> Iterator[None]:
    """Hold a folder until the block is left; the lock goes with the process, however it ends.

    Raises:
        AlreadyRunningError: Another process holds it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("a+") as lock:
        lock.seek(0)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise AlreadyRunningError(folder=home, pid=lock.read().strip() or "?") from taken
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
