"""What the door refuses before any page is asked; the page of each is made with those of other errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from domain.errors import SucharitError

LINK_MAILED: Final = "fresh"
"""What `?done=` says in the address of a letter's link once a fresh one is mailed."""


class SignInNeededError(SucharitError):
    """The page is for people who have signed in."""

    english = "Sign in first."
    thai = "โปรดเข้าสู่ระบบก่อน"

    def __init__(self, back: str = "/", *, has_ended: bool = False) -> None:
        """Remember the page to go back to, and whether a session was there before."""
        super().__init__()
        self.back = back
        self.has_ended = has_ended


class ForgedFormError(SucharitError):
    """A form that this session did not get from us, or whose session has ended."""

    english = "This form is no longer valid. Go back, load the page again and repeat."
    thai = "แบบฟอร์มนี้ใช้ไม่ได้แล้ว โปรดย้อนกลับ เปิดหน้าใหม่ แล้วทำรายการอีกครั้ง"


@dataclass(frozen=True, slots=True)
class EndedLink:
    """What the page of a letter's link shows that opens nothing any more.

    Attributes:
        cause: Why it has ended; its sentence is the page's.
        path: Address of the link.
        csrf: Token of its form.
        renews: Whether there is a button that mails a fresh link.
        step: What the work was, where its person may still know it; else empty.
        work: Address of the work for whoever has signed in; empty where they would not see it either.
    """

    cause: SucharitError
    path: str
    csrf: str
    renews: bool = False
    step: str = ""
    work: str = ""


class LinkEndedError(SucharitError):
    """A letter's link that opens nothing any more, or does not act any more; it has a page of its own."""

    english = "This link does not open its work any more. Sign in, or ask the administrator of your office."
    thai = "ลิงก์นี้เปิดงานไม่ได้แล้ว โปรดเข้าใช้ระบบ หรือติดต่อผู้ดูแลระบบของหน่วยงาน"

    def __init__(self, ended: EndedLink | None = None) -> None:
        """Remember what the page shows."""
        super().__init__()
        self.ended = ended
