"""Names of workers: no two are the same, and whoever died is known by the lock that died with it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import IO, Final

from domain.errors import SucharitError

_HEAD: Final = "worker-"
_TAIL: Final = ".lock"
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
# A worker that asks whether a name is held holds it itself for that instant.
_TRIES: Final = 5
_REST_S: Final = 0.05


class NameTakenError(SucharitError):
    """A second worker of the same name would take the first one's runs for left behind."""

    english = "A worker named “{name}” runs already. Give this one another name with --name."
    thai = "มีตัวทำงานชื่อ “{name}” ทำงานอยู่แล้ว กรุณาตั้งชื่ออื่นด้วย --name"


def own_name(pool: str) -> str:
    """Name that no other process has or had: host names and process ids repeat in containers, hence the rest."""
    return f"{pool}-{socket.gethostname()}-{os.getpid()}-{token_hex(3)}"


@contextlib.contextmanager
def name_taken(name: str, folder: Path) -> Iterator[None]:
    """Hold the name of a worker on this machine until the block is left; the lock dies with the process.

    Raises:
        NameTakenError: Another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = _file(name, folder)
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_REST_S)
        if (lock := _locked(path)) is not None:
            break
    else:
        raise NameTakenError(name=name)
    with lock:
        lock.truncate(0)
        lock.write(_boot())
        lock.flush()
        yield
        path.unlink(missing_ok=True)  # only after a clean end: a file that nobody holds tells of a death


def is_held(name: str, folder: Path) -> bool | None:
    """Tell whether a living process of this machine has the name; None where nothing here knows of it.

    A file that came from another machine, or from before a restart of this one, says nothing when nobody holds it:
    its worker may live over there.
    """
    if "/" in name:
        return None
    try:
        with _file(name, folder).open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False if lock.read() == _boot() else None
    except FileNotFoundError:
        return None


def left(folder: Path) -> set[str]:
    """Names of the workers of this machine that ended without a word."""
    names = (path.name.removeprefix(_HEAD).removesuffix(_TAIL) for path in folder.glob(f"{_HEAD}*{_TAIL}"))
    return {name for name in names if is_held(name, folder) is False}


def forget(name: str, folder: Path) -> None:
    """Remove what a dead worker left, once its runs are reported; a name that is held stays."""
    path = _file(name, folder)
    if path.exists() and (lock := _locked(path)) is not None:
        with lock:
            path.unlink(missing_ok=True)


def _file(name: str, folder: Path) -> Path:
    return folder / f"{_HEAD}{name}{_TAIL}"


def _locked(path: Path) -> IO[str] | None:
    """The file, held; None while somebody else holds it."""
    while True:
        lock = path.open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        # Removed between opening and locking, it would be a lock that nobody else ever meets.
        with contextlib.suppress(FileNotFoundError):
            if os.fstat(lock.fileno()).st_ino == path.stat().st_ino:
                return lock
        lock.close()


def _boot() -> str:
    """What tells one run of a machine's kernel, all its containers included, from every other."""
    try:
        return _BOOT.read_text()
    except OSError:
        return socket.gethostname()
