"""A clock that jumped must not escalate a whole year: the ledger knows the time that has been."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from domain.errors import SucharitError
from domain.ledger import Entry
from services.record import CLOCK
from storage.unit_of_work import UnitOfWork

SLACK: Final = timedelta(minutes=2)
"""By how much machines may differ."""

LONGEST_PAUSE: Final = timedelta(days=31)
"""A service that was off for longer is asked whether its clock is right; the daily mark keeps a quiet office known."""

_SEEN: Final = "clock.seen"
_CONFIRMED: Final = "clock.confirmed"


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
    """Let a person's move pass if the clock is not behind the ledger.

    Raises:
        ClockBehindError: It is.
    """
    last = uow.ledger.last_at()
    if last is not None and last > now + SLACK:
        raise ClockBehindError(**_facts(uow, now, last))


def check(uow: UnitOfWork, now: datetime) -> None:
    """Let the clockwork act if its clock fits what has happened so far.

    Raises:
        ClockBehindError: It is behind the ledger.
        ClockAheadError: It is further ahead than a service is usually off.
    """
    check_not_behind(uow, now)
    # Whoever signs in or reports vouches for no clock: only the clockwork's own lines and an administrator's word do.
    last = uow.ledger.last_vouched_at(CLOCK, _CONFIRMED) or uow.ledger.last_at()
    if last is not None and now - last > LONGEST_PAUSE:
        raise ClockAheadError(**_facts(uow, now, last))


def is_asked(uow: UnitOfWork, now: datetime) -> bool:
    """Tell whether the clockwork waits for an administrator's word."""
    try:
        check(uow, now)
    except ClockAheadError:
        return True
    except ClockBehindError:
        pass
    return False


def mark(uow: UnitOfWork, now: datetime) -> None:
    """Note once a day that the clock was seen and fitted, so that a quiet office does not look like a jump."""
    last = uow.ledger.last_at()
    if last is None or now - last >= timedelta(days=1):
        uow.ledger.note(Entry(now, _SEEN, CLOCK, uow.office_id, {}))


def confirm(uow: UnitOfWork, now: datetime, *, by: str) -> None:
    """Take an administrator's word that the clock is right after a long pause.

    Raises:
        ClockBehindError: Time does not run backwards, whoever says so.
    """
    check_not_behind(uow, now)
    uow.ledger.note(Entry(now, _CONFIRMED, by, uow.office_id, {}))


def _facts(uow: UnitOfWork, now: datetime, last: datetime) -> dict[str, object]:
    return {"now": _in_utc(now), "office": uow.office_id, "last": _in_utc(last)}


def _in_utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
