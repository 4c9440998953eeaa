"""Runs a module of ours in a process of its own: it finds no passwords, and nothing of it outlives the wait."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PACKAGES: Final = Path(__file__).resolve().parents[1]
_WORDS: Final = "words.txt"
_LAST_WORDS: Final = 2000
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended.

    Attributes:
        code: Its exit code, negative where a signal ended it; None where it took too long.
        words: The end of what it wrote to its error stream.
    """

    code: int | None
    words: str


def run(module: str, arguments: Sequence[str], folder: Path, seconds: float, environment: Mapping[str, str]) -> Ended:
    """Run `python -m module` in `folder`; it and all it started are gone when this returns.

    Raises:
        OSError: There is no room in the folder, or no process to be had.
    """
    words = folder / _WORDS
    with words.open("wb") as written:  # a file, as a pipe would fill this process's memory
        process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module; each argument is one
            [sys.executable, "-P", "-m", module, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=written,
            start_new_session=True,
        )
    try:
        process.wait(seconds)
        code: int | None = process.returncode
    except subprocess.TimeoutExpired:
        code = None
    finally:
        _end(process)
    with words.open("rb") as file:
        file.seek(max(words.stat().st_size - _LAST_WORDS, 0))
        return Ended(code, file.read().decode(errors="replace"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and all of its group, if it has not ended; once it has, its number may be another's."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def environment(folder: Path, *also: str) -> dict[str, str]:
    """Where to find packages and nothing else: what runs apart shall find no passwords and no database.

    Args:
        also: Further variables that it may see.
    """
    passed_on = {name: os.environ[name] for name in (*_KEPT, *also) if name in os.environ}
    paths = os.pathsep.join([str(_PACKAGES), *(entry for entry in sys.path if entry)])
    return passed_on | {"PYTHONPATH": paths, "PYTHONUTF8": "1", "HOME": str(folder), "TMPDIR": str(folder)}


def limit(seconds: int, memory: int, written: int) -> None:
    """Bound this process: seconds until it is ended, bytes of memory, bytes of the largest file; it dumps no core."""
    signal.alarm(seconds)  # should the process that waits be gone
    for kind, most in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_FSIZE, written)):
        hard = resource.getrlimit(kind)[1]  # whoever started us may have set a lower one, which cannot be raised
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
