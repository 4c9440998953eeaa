"""Runs the real `sucharit` as a program of its own, in a clean environment and a folder of the test's own."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.live import free_ports
from storage.store import Store

PROGRAM: Final = str(Path(sys.executable).parent / "sucharit")
WITHIN_S: Final = 60


@dataclass(frozen=True)
class Answer:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Sucharit:
    """The command line on one folder. Nobody listens on its two ports.

    Attributes:
        settings: Environment variables on top of the clean ones.
        is_forked: Whether a command is forked from a process that has loaded everything, ten times as quick as a
            program started from nothing, but a process of its own all the same.
    """

    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    is_forked: bool = False

    @property
    def environment(self) -> dict[str, str]:
        return {**clean_environment(), "SUCHARIT_HOME": str(self.home), **_UNUSED, **self.settings}

    def having(self, **settings: str) -> Sucharit:
        """The same with further settings, named without their prefix."""
        return replace(self, settings=self.settings | {f"SUCHARIT_{name}": text for name, text in settings.items()})

    def run(self, *words: object, cwd: Path | None = None, before: Callable[[], None] | None = None) -> Answer:
        if self.is_forked:
            return _forked([str(word) for word in words], self.environment, cwd, before)
        done = subprocess.run(
            [PROGRAM, *map(str, words)],
            env=self.environment,
            cwd=cwd,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=WITHIN_S,
            preexec_fn=before,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def start(self, *words: object) -> subprocess.Popen[bytes]:
        """Start it and go on; whoever starts it ends it."""
        quiet = subprocess.DEVNULL
        return subprocess.Popen([PROGRAM, *map(str, words)], env=self.environment, stdout=quiet, stderr=quiet)

    def done(self, *words: object) -> str:
        """What a command said that must succeed."""
        answer = self.run(*words)
        assert answer.code == 0, (words, answer)
        return answer.out

    def refused(self, *words: object, cwd: Path | None = None, before: Callable[[], None] | None = None) -> str:
        """The one sentence of a command that must not succeed, and must not change a ledger."""
        heads = self.heads()
        answer = self.run(*words, cwd=cwd, before=before)
        assert answer.code not in (0, 2), answer
        assert "Traceback" not in answer.err
        assert answer.err.strip(), answer
        assert answer.out == "", answer
        assert self.heads() == heads
        return answer.err.strip()

    def heads(self) -> dict[str, tuple[int, str]]:
        """Number and hash of every office's last ledger line; empty where there is no database yet."""
        if not self.is_prepared:
            return {}
        store = self.store()
        try:
            found = {}
            for office in store.offices():
                with store.reader(office.key) as uow:
                    found[office.key] = uow.ledger.head()
            return found
        finally:
            store.close()

    @property
    def database(self) -> Path:
        return self.home / "sucharit.db"

    @property
    def is_prepared(self) -> bool:
        """Tell whether there is a database with tables; each test that destroys it says so itself."""
        if not self.database.is_file() or not self.database.read_bytes()[:16].startswith(b"SQLite format"):
            return False
        store = self.store()
        try:
            return store.is_current()
        finally:
            store.close()

    def store(self) -> Store:
        return Store(f"sqlite:///{self.database}")


def _forked(
    words: list[str], environment: dict[str, str], cwd: Path | None, before: Callable[[], None] | None
) -> Answer:
    with TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = _FORKS.Process(target=_be_the_program, args=(words, environment, cwd, before, out, err))
        process.start()
        process.join(WITHIN_S)
        code = process.exitcode
        if code is None:
            process.kill()
            process.join()
        process.close()
        assert code is not None, f"{words} did not end"
        return Answer(code, out.read_text("utf-8"), err.read_text("utf-8"))


def _be_the_program(
    words: list[str],
    environment: dict[str, str],
    cwd: Path | None,
    before: Callable[[], None] | None,
    out: Path,
    err: Path,
) -> None:
    for file, number in ((out, 1), (err, 2)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd or Path.cwd())
    if before is not None:
        before()
    sys.argv = ["sucharit", *words]
    from cli.app import main  # noqa: PLC0415 -- loaded by then

    main()


def clean_environment() -> dict[str, str]:
    """This machine's environment without settings of this product or of Prefect."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("SUCHARIT_", "PREFECT_"))}


def files_of_at_most(size: int) -> Callable[[], None]:
    """A disk that is full: the program may write no file beyond this size (bytes)."""
    return partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))


_FORKS: Final = get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "__main__",
        "flows.rest",
        "notifications.mailbox",
        "plans.read",
        "plans.show",
        "cli.app",
        "services.setup.demo",
        "services.operations.doctor",
        "services.rehearsal.rehearse",
        "storage.migrate",
    ]
)

_PORTS: Final = ("SUCHARIT_PREFECT_PORT", "SUCHARIT_MAILBOX_PORT", "SUCHARIT_WEB_PORT")
_UNUSED: Final = {
    **dict(zip(_PORTS, map(str, free_ports(len(_PORTS))), strict=True)),
    "SUCHARIT_DEMO": "false",
}
