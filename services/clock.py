"""A clock that jumped must not escalate a whole year: the ledger knows the time that has been."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.errors import SucharitError
from domain.ledger import CONFIRMED, LONGEST_PAUSE, SHOWN, Entry, stamp
from services.record import CLOCK
from storage.unit_of_work import UnitOfWork

SLACK: Final = timedelta(minutes=2)
"""By how much machines may differ."""

_SEEN: Final = "clock.seen"


class ClockBehindError(SucharitError):
    """The clock shows a time before the last line of the ledger."""

    english = (
        "The clock shows {now}, but the ledger of “{office}” has a line of {last}. Nothing was changed. "
        "Set the clock, best by network time (NTP), and repeat."
    )
    thai = (
        "นาฬิกาแสดง {now} แต่สมุดบันทึกของ “{office}” มีรายการเมื่อ {last} ไม่มีข้อมูลใดเปลี่ยนแปลง "
        "โปรดตั้งนาฬิกาให้ถูกต้อง (NTP) แล้วทำอีกครั้ง"
    )


class ClockAheadError(SucharitError):
    """The clock is far ahead of everything that is known to have happened."""

    english = (
        "The clock shows {now}, and nothing has happened in “{office}” since {last}. If the clock is wrong, set it. "
        "If the service was off for so long, say so under Administration or with `sucharit doctor --clock-is-right`; "
        "until then nobody is written to."
    )
    thai = (
        "นาฬิกาแสดง {now} แต่ “{office}” ไม่มีรายการใดตั้งแต่ {last} หากนาฬิกาผิดโปรดตั้งใหม่ "
        "หากระบบปิดไปนานจริงให้ยืนยันในหน้าดูแลระบบหรือด้วยคำสั่ง sucharit doctor --clock-is-right ระหว่างนี้ระบบยังไม่แจ้งผู้ใด"
    )


def check_not_behind(uow: UnitOfWork, now: datetime) -> None:
    """Check that the clock is not before the ledger's last line.

    Raises:
        ClockBehindError: It is, by more than SLACK.
    """
    _check_not_behind(uow, now, uow.ledger.last_at())


def check(uow: UnitOfWork, now: datetime) -> None:
    """Check that the clock fits what has happened so far: what a wrong one stored would stay.

    Raises:
        ClockBehindError: It is behind the ledger.
        ClockAheadError: It is further ahead than a service is usually off.
    """
    last, vouched = uow.ledger.times()
    _check_not_behind(uow, now, last)
    # Whoever signs in or reports vouches for no clock: only the clockwork's own lines and an administrator's word do.
    latest = vouched or last
    if latest is not None and now - latest > LONGEST_PAUSE:
        raise ClockAheadError(**_facts(uow, now, latest))


def _check_not_behind(uow: UnitOfWork, now: datetime, last: datetime | None) -> None:
    # With slack: two machines that work for one office never show quite the same time, and both must be let in.
    if last is not None and last > now + SLACK:
        raise ClockBehindError(**_facts(uow, now, last))


def refusal(uow: UnitOfWork, now: datetime) -> ClockBehindError | ClockAheadError | None:
    """Why nothing may be stored at `now`; None where the clock fits."""
    try:
        check(uow, now)
    except (ClockBehindError, ClockAheadError) as error:
        return error
    return None


def is_asked(uow: UnitOfWork, now: datetime) -> bool:
    """Tell whether people and clockwork wait for an administrator's word."""
    return isinstance(refusal(uow, now), ClockAheadError)


def at_any_clock(uow: UnitOfWork, entry: Entry) -> Entry:
    """The entry of what must go on whatever the clock shows: signing in, and the letter with the link to it.

    Where the clock does not fit, it takes the instant of the last line, so that it moves the ledger's time neither
    way, and says what the clock showed.
    """
    last = uow.ledger.last_at()
    if last is None or refusal(uow, entry.at) is None:
        return entry
    return replace(entry, at=last, data={**entry.data, SHOWN: stamp(entry.at)})


def mark(uow: UnitOfWork, now: datetime) -> None:
    """Note once a day that the clock was seen and fitted, so that a quiet office does not look like a jump."""
    _, vouched = uow.ledger.times()
    if vouched is None or now - vouched >= timedelta(days=1):
        uow.ledger.note(Entry(now, _SEEN, CLOCK, uow.office_id, {}))


def confirm(uow: UnitOfWork, now: datetime, *, by: str) -> None:
    """Take an administrator's word that the clock is right after a long pause.

    Raises:
        ClockBehindError: It is before the last line: time does not run backwards, whoever says so.
    """
    check_not_behind(uow, now)
    uow.ledger.note(Entry(now, CONFIRMED, by, uow.office_id, {}))


def _facts(uow: UnitOfWork, now: datetime, last: datetime) -> dict[str, object]:
    return {"now": in_utc(now), "office": uow.office_id, "last": in_utc(last)}


def in_utc(instant: datetime) -> str:
    """An instant as sentences name it."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
