"""An office whose head of a division may sign in, and the ways in which they try."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import pytest

from services.access.accounts import make_account
from services.access.sign_in import SignedIn, SignInRefusedError, set_password, sign_in
from storage.store import Store
from tests.factories import at
from tests.services.live_office import ADMIN, LiveOffice

NOW: Final = at("2023-04-10 08:30")
HEAD: Final = "the-chang-head"
EMAIL: Final = "chang-head@example.test"
PASSWORD: Final = "แมวสีเทานั่งบนหลังคา"
MINUTE: Final = timedelta(minutes=1)


def give_account(live: LiveOffice, person: str = HEAD, email: str | None = None) -> None:
    with live.desk() as desk:
        make_account(desk, person, email, NOW, by=ADMIN)
    set_password(live.store, live.key, person, PASSWORD, NOW)


def enter(live: LiveOffice, when: datetime = NOW, password: str = PASSWORD) -> SignedIn:
    return sign_in(live.store, EMAIL, password, now=when, agent="Browser")


def fail(store: Store, times: int, email: str = EMAIL, when: datetime = NOW) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefusedError):
            sign_in(store, email, "wrong password", now=when)
