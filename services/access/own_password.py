"""A person changes their own password: who only sits at an open session may not."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Final

from domain.errors import SucharitError
from services.access.accounts import account_of, fingerprint
from services.access.passwords import is_right
from services.access.sign_in import Session, SignInLockedError, lock_after, set_password
from storage.store import Store

LINK_SPEAKS_FOR: Final = timedelta(hours=1)
"""How long the link that opened a session stands in for the old password: it was sent to those who forgot theirs."""


class OldPasswordError(SucharitError):
    """The old password does not fit."""

    english = "The present password does not fit. If you do not remember it, sign out and ask for a sign-in link."
    thai = "รหัสผ่านปัจจุบันไม่ถูกต้อง หากจำไม่ได้ โปรดออกจากระบบแล้วขอลิงก์เข้าใช้ทางอีเมล"


def asks_old(store: Store, session: Session, now: datetime) -> bool:
    """Tell whether the present password must be given: there is one, and no link opened this session just now."""
    with store.reader(session.office) as uow:
        has_password = account_of(uow, session.person).password_hash is not None
        # A session that was opened by a link speaks for whoever reads the letters, but only for a short while.
        is_fresh = now - session.created_at <= LINK_SPEAKS_FOR
        return has_password and not (is_fresh and uow.accounts.was_link_used(session.person, session.created_at))


def change_password(store: Store, session: Session, new: str, now: datetime, *, old: str) -> None:
    """Set the password of a session's person; other sessions, links and all tokens of theirs end.

    Raises:
        OldPasswordError: The present password is asked for and does not fit.
        SignInLockedError: There were too many failures.
        WeakPasswordError: It is short, usual, or what everybody knows about the person.
        ClockBehindError, ClockAheadError: The clock does not fit the ledger.
    """
    if asks_old(store, session, now):
        with store.reader(session.office) as uow:
            account = account_of(uow, session.person)
        mark = fingerprint(account.email)
        locked_until = store.entrance.count_try(mark, now, lock_after)
        if locked_until is not None:
            raise SignInLockedError(minutes=ceil((locked_until - now) / timedelta(minutes=1)))
        if not is_right(old, account.password_hash):
            raise OldPasswordError
        store.entrance.forget_tries(mark, now)
    set_password(store, session.office, session.person, new, now, keep=session.id)
