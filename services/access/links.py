"""Links in letters: one opens one assignment for one person until a day. Nothing of them is stored.

The same assignment, person and day make the same link, so a letter that is sent again says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from domain.errors import SucharitError
from domain.thai import BANGKOK, long_date
from services.signed import read_signed, signed

_FORM: Final = "assignment/1"


class LinkForgedError(SucharitError):
    """A link that was not signed here: mangled on its way, made up, or from before the secret was replaced."""

    english = "This link is not one of ours. Copy it whole from the letter, or sign in and open the work from the list."
    thai = "ลิงก์นี้ไม่ถูกต้อง โปรดคัดลอกลิงก์ทั้งหมดจากอีเมล หรือเข้าใช้ระบบแล้วเปิดงานจากรายการ"


class LinkOutdatedError(SucharitError):
    """A link in a letter whose last day has passed."""

    english = (
        "This link worked until {day}. Sign in and open the work from the list, or use the link of a later letter."
    )
    thai = "ลิงก์นี้ใช้ได้ถึงวันที่ {day} โปรดเข้าใช้ระบบแล้วเปิดงานจากรายการ หรือใช้ลิงก์ในอีเมลฉบับหลังสุด"


class LinkForeignError(SucharitError):
    """A good link that belongs to something else than what is asked for."""

    english = "This link does not open this page. Open it from the letter it came with, or sign in."
    thai = "ลิงก์นี้ไม่ได้ใช้เปิดหน้านี้ โปรดเปิดจากอีเมลที่ได้รับ หรือเข้าใช้ระบบ"


@dataclass(frozen=True, slots=True)
class LinkScope:
    """What a link opens, and for whom."""

    office: str
    assignment_id: str
    person: str


def assignment_link(secret: bytes, office: str, assignment_id: str, person: str, expires_on: date) -> str:
    """Token that opens an assignment for a person to the end of a day in Bangkok; letters, digits, `-`, `_`, `.`."""
    return signed(secret, _FORM, office, assignment_id, person, expires_on.isoformat())


def is_ours(secret: bytes, token: str) -> bool:
    """Tell whether a link was signed with this secret, whatever it opens and however long ago it ended."""
    return read_signed(secret, _FORM, token) is not None


def read_link(secret: bytes, token: str, now: datetime) -> LinkScope:
    """What a token of `assignment_link` opens at `now`.

    Raises:
        LinkForgedError: It was not signed with this secret.
        LinkOutdatedError: Its last day has passed.
    """
    fields = read_signed(secret, _FORM, token)
    if fields is None:
        raise LinkForgedError
    office, assignment_id, person, last_day = fields
    day = date.fromisoformat(last_day)
    if now.astimezone(BANGKOK).date() > day:  # to the end of the day in Bangkok, where letters are read; `now` is UTC
        raise LinkOutdatedError(day=day, day_thai=long_date(day))
    return LinkScope(office, assignment_id, person)
