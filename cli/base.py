"""What the commands share: the door's clock, the office meant, days as people write them, tables, errors."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Annotated, Any, Final

import typer

from domain.errors import BadInputError, NotFoundError, SucharitError
from services import clock
from services.desk import Desk
from services.schedule.schedule import MeasureKey
from services.schedule.wake import wake_measure, wake_schedules
from services.wiring import NotPreparedError, System, system
from storage.errors import DatabaseDownError

FAILED: Final = 1
REFUSED_BY_SYSTEM: Final = frozenset(
    {
        errno.EACCES,
        errno.EDQUOT,
        errno.EEXIST,
        errno.EFBIG,
        errno.EIO,
        errno.EISDIR,
        errno.ELOOP,
        errno.ENAMETOOLONG,
        errno.ENOENT,
        errno.ENOSPC,
        errno.ENOTDIR,
        errno.EPERM,
        errno.EROFS,
    }
)
"""What a disk or the rights on it refuse: the one who typed the name can do something about it."""

OfficeOption = Annotated[
    str | None,
    typer.Option("--office", envvar="SUCHARIT_OFFICE", help="Key of the office; needed only where there are several."),
]
ByOption = Annotated[
    str,
    typer.Option("--by", envvar="SUCHARIT_BY", help="Key of the person who acts; `sucharit office show` lists them."),
]
VersionOption = Annotated[
    int | None, typer.Option("--version", help="Version you read; refused if somebody changed it since.")
]


def say(text: str = "") -> None:
    """Print a line."""
    sys.stdout.write(text + "\n")


def warn(text: str) -> None:
    """Print a line beside the result."""
    sys.stderr.write(text + "\n")


def say_json(value: Any) -> None:
    """Print as JSON: dataclasses as objects, dates as ISO text."""
    plain = [asdict(v) for v in value] if isinstance(value, list) and value and is_dataclass(value[0]) else value
    say(json.dumps(plain, ensure_ascii=False, indent=2, default=str))


def say_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print columns as wide as they need; Thai marks above and below take no width."""
    texts = [[str(cell) if cell is not None else "" for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(head, *texts, strict=True)]
    for row in [list(head), *texts]:
        say("  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip())


def _width(text: str) -> int:
    return sum(
        not ("\u0e31" <= c <= "\u0e4e" and c not in "\u0e32\u0e33\u0e3f\u0e40\u0e41\u0e42\u0e43\u0e44\u0e45\u0e46")
        for c in text
    )


def the_office(named: str | None, running: System | None = None) -> str:
    """Key of the office meant: the one named, the only one, or the only real one.

    Raises:
        NotFoundError: There is no office yet.
        BadInputError: There are several offices and none was named.
    """
    if named:
        return named
    offices = (running or system()).store.offices()
    real = [office.key for office in offices if not office.is_demo]
    keys = real or [office.key for office in offices]
    if len(keys) == 1:
        return keys[0]
    if not keys:
        remedy = "`make up` makes a demonstration; `sucharit office create FILE` makes your own."
        thai = "`make up` สร้างข้อมูลสาธิต หรือ `sucharit office create FILE` สร้างหน่วยงานของท่าน"
        raise NotFoundError(what="office", what_thai="หน่วยงาน", key="(any)", remedy=remedy, remedy_thai=thai)
    raise BadInputError(
        problem="There are several offices and none is named.", remedy=f"Name one with --office: {', '.join(keys)}."
    )


@contextmanager
def changing(office: str, now: datetime) -> Iterator[Desk]:
    """A desk for a change at `now`, which the door commits.

    Raises:
        ClockBehindError, ClockAheadError: The clock does not fit the ledger; what it stored would stay.
    """
    with system().desk(office) as desk:
        clock.check(desk.uow, now)
        yield desk


def follow(desk: Desk, *measures: MeasureKey) -> str | None:
    """Have schedules and reminders follow what the desk has committed; None, or why the clockwork was not reached.

    Called when the desk is left: whoever waits for the clockwork holds no lock of the database.

    Args:
        measures: Those whose flows are to look at once, before the schedules are worked out.
    """
    scheduler, now = system().scheduler, system().clock()  # the time after the commit: see `tell_measure`
    for measure in measures:
        if unheard := wake_measure(scheduler, measure, now):
            return unheard
    newest = desk.uow.ledger.newest
    return wake_schedules(scheduler, desk.office.key, newest) if newest else None


def say_woken(deaf: str | None, otherwise: str) -> None:
    """Print `otherwise`, or that the change is safe although the clockwork was not reached."""
    if deaf is None:
        say(otherwise)
        return
    say(f"Saved. Nobody is told yet: {deaf}")
    say("This need not be repeated: the clockwork makes up for it as soon as it runs.")


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what a person can act on into one sentence and an exit code; anything else is ours and stays a traceback."""
    try:
        yield
    except SucharitError as error:
        sentence = _unprepared(error) or error
        warn(sentence.in_thai() if _language() == "th" else str(sentence))
        raise SystemExit(FAILED) from error
    except OSError as error:
        if error.errno not in REFUSED_BY_SYSTEM:
            raise
        where = f" ({error.filename})" if error.filename else ""
        warn(f"{error.strerror}{where}. Nothing is half-written. Check the name, the rights and the disk, then repeat.")
        raise SystemExit(FAILED) from error


def _unprepared(error: SucharitError) -> SucharitError | None:
    """A better sentence for a database that refuses because nobody has made its tables yet."""
    if isinstance(error, DatabaseDownError):
        try:
            if not system().store.is_current():
                return NotPreparedError(where=error.facts["where"])
        except (SucharitError, OSError):
            return None
    return None


def _language() -> str:
    try:
        return system().settings.language
    except SucharitError:
        return "en"
