"""Links in letters: one opens one assignment for one person. Nothing of them is stored.

What they are good for at an instant is worked out by `services.access.open_link`. The same assignment, person, day
and address make the same link, so a letter that is sent again says the same.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from domain.errors import SucharitError
from domain.thai import BANGKOK, long_date
from services.access.accounts import plain_address
from services.signed import read_signed, signed

ACTS_FOR: Final = timedelta(days=60)
"""For so long from the day of its letter a link acts; what is still there after that, it only shows."""

_FORM: Final = "assignment/2"
_FORM_WITH_LAST_DAY: Final = "assignment/1"
"""Mailed before links were bound to an address: they show and act to the day that is signed in them."""

_MARK: Final = 16


class LinkForgedError(SucharitError):
    """A link that was not signed here: mangled on its way, made up, or from before the secret was replaced."""

    english = "This link is not one of ours. Copy it whole from the letter, or sign in and open the work from the list."
    thai = "ลิงก์นี้ไม่ถูกต้อง โปรดคัดลอกลิงก์ทั้งหมดจากอีเมล หรือเข้าใช้ระบบแล้วเปิดงานจากรายการ"


class LinkOutdatedError(SucharitError):
    """A link in a letter that acted until a day which has passed."""

    english = (
        "This link worked until {day}. Sign in and open the work from the list, or use the link of a later letter."
    )
    thai = "ลิงก์นี้ใช้ได้ถึงวันที่ {day} โปรดเข้าใช้ระบบแล้วเปิดงานจากรายการ หรือใช้ลิงก์ในอีเมลฉบับหลังสุด"


class LinkOverError(SucharitError):
    """A link in a letter about work that ended some time ago."""

    english = "The work that this link opened ended on {day}. Sign in to look at it."
    thai = "งานที่ลิงก์นี้เปิดสิ้นสุดแล้วเมื่อวันที่ {day} หากต้องการดู โปรดเข้าใช้ระบบ"


class LinkLeftError(SucharitError):
    """A link whose person has nothing to do with the work any more, or no place in the office."""

    english = (
        "This link opens nothing any more, because of a change of posts, address or account. "
        "Sign in, or ask the administrator of your office."
    )
    thai = "ลิงก์นี้ใช้ไม่ได้แล้ว เนื่องจากตำแหน่ง อีเมล หรือบัญชีเปลี่ยนแปลง โปรดเข้าใช้ระบบ หรือติดต่อผู้ดูแลระบบของหน่วยงาน"


class LinkElsewhereError(SucharitError):
    """A link that was mailed to an address which is not its person's any more."""

    english = (
        "This link was mailed to an address that has changed since. Sign in, "
        "or have a fresh link mailed to the present address."
    )
    thai = "ลิงก์นี้ส่งไปยังอีเมลที่เปลี่ยนแปลงแล้ว โปรดเข้าใช้ระบบ หรือให้ระบบส่งลิงก์ใหม่ไปยังอีเมลปัจจุบัน"


@dataclass(frozen=True, slots=True)
class LinkScope:
    """What a link opens, and for whom.

    Attributes:
        acts_until: Last day on which it acts, in Bangkok, where letters are read.
        address_mark: Of the address it was mailed to; empty where it was printed, or mailed before links had one.
        is_of_first_form: It ends with its last day, for showing too.
    """

    office: str
    assignment_id: str
    person: str
    acts_until: date
    address_mark: str = ""
    is_of_first_form: bool = False

    def acts(self, now: datetime) -> bool:
        """Tell whether its time to act is not over, to the end of the last day."""
        return now.astimezone(BANGKOK).date() <= self.acts_until  # `now` is UTC


def assignment_link(
    secret: bytes, office: str, assignment_id: str, person: str, written_on: date, address: str | None
) -> str:
    """Token that opens an assignment for a person; letters, digits, `-`, `_`, `.`.

    Args:
        written_on: Day of its letter, from which its time to act runs.
        address: Where the letter goes, which is not in the token; None where it is printed and handed over.
    """
    return signed(secret, _FORM, office, assignment_id, person, written_on.isoformat(), address_mark(secret, address))


def address_mark(secret: bytes, address: str | None) -> str:
    """Short mark of an address, the same in whatever case it is written; empty for none.

    Without the secret nobody can find out by trying whose it is.
    """
    if not address:
        return ""
    text = f"{_FORM} address\n{plain_address(address)}".encode()
    return hmac.new(secret, text, hashlib.sha256).hexdigest()[:_MARK]


def is_ours(secret: bytes, token: str) -> bool:
    """Tell whether a link was signed with this secret, whatever it opens and however long ago it ended."""
    return any(read_signed(secret, form, token) is not None for form in (_FORM, _FORM_WITH_LAST_DAY))


def scope_of(secret: bytes, token: str) -> LinkScope:
    """What a link in a letter says, however long ago it was written.

    Raises:
        LinkForgedError: It was not signed with this secret.
    """
    fields = read_signed(secret, _FORM, token)
    if fields is not None:
        office, assignment_id, person, written_on, mark = fields
        return LinkScope(office, assignment_id, person, _last_day(date.fromisoformat(written_on)), mark)
    fields = read_signed(secret, _FORM_WITH_LAST_DAY, token)
    if fields is None:
        raise LinkForgedError
    office, assignment_id, person, last_day = fields
    return LinkScope(office, assignment_id, person, date.fromisoformat(last_day), is_of_first_form=True)


def _last_day(written_on: date) -> date:
    return written_on + min(ACTS_FOR, date.max - written_on)


def read_link(secret: bytes, token: str, now: datetime) -> LinkScope:
    """What a link in a letter may act on at `now`, as far as its time goes.

    Raises:
        LinkForgedError: It was not signed with this secret.
        LinkOutdatedError: Its time to act is over.
    """
    scope = scope_of(secret, token)
    if not scope.acts(now):
        raise outdated(scope)
    return scope


def outdated(scope: LinkScope) -> LinkOutdatedError:
    """The error of a link whose time to act is over."""
    return LinkOutdatedError(day=scope.acts_until, day_thai=long_date(scope.acts_until))
