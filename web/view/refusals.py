"""What the door refuses before any page is asked; the page of each is made with those of other errors."""

from __future__ import annotations

from domain.errors import SucharitError


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
