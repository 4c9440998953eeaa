"""Accounts: who may sign in. Links that set a password are handed over by a person, on a page, and not here."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from services.access import accounts
from services.desk import Desk
from storage.accounts import Account
from web.api.door import Administering
from web.api.values import Key, Line, Model, Name

router = APIRouter(prefix="/accounts", tags=["accounts"])


class AccountView(Model):
    """An account: its person may sign in unless it is disabled."""

    person: str
    email: str
    is_disabled: bool
    has_password: bool
    language: str
    made_at: datetime


class NewAccount(Model):
    """Whom to let in, and under which address; the person's own, if none is given."""

    person: Name
    email: Line | None = Field(default=None, examples=["somchai@ban-mai.go.th"])


def _view(account: Account) -> AccountView:
    return AccountView(
        person=account.person,
        email=account.email,
        is_disabled=account.is_disabled,
        has_password=account.password_hash is not None,
        language=account.language,
        made_at=account.made_at,
    )


@router.get("")
def everybody(visit: Administering) -> list[AccountView]:
    """Every account, by person."""
    with visit.reading() as desk:
        return [_view(account) for account in desk.uow.accounts.all()]


@router.post("", status_code=201)
def make(visit: Administering, body: NewAccount) -> AccountView:
    """Let a person sign in, or open a closed account again, without its old password."""
    with visit.changing() as desk:
        made = accounts.make_account(desk, body.person, body.email, visit.now, visit.person)
        desk.uow.commit()
    return _view(made)


@router.post("/{person}/disable")
def disable(visit: Administering, person: Key) -> AccountView:
    """Sign a person out everywhere and let nobody in under their account; again, nothing changes."""
    with visit.changing() as desk:
        accounts.close_account(desk, person, visit.now, visit.person)
        desk.uow.commit()
    with visit.reading() as desk:
        return _view(_account(desk, person))


def _account(desk: Desk, person: str) -> Account:
    return accounts.account_of(desk.uow, person)
