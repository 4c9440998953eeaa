"""Accounts: who may sign in to the pages; made, closed and let in by link by an administrator."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from domain.errors import BadInputError, NotFoundError, SucharitError, there
from domain.ledger import Entry
from notifications.policy import check_address
from services.desk import Desk
from services.office.posts import person_of
from services.record import storable
from storage.accounts import Account, LinkPurpose, OneTimeLink
from storage.errors import AlreadyThereError
from storage.unit_of_work import UnitOfWork

LANGUAGES: Final = ("th", "en")

VALID_FOR: Final = {
    LinkPurpose.SIGN_IN: timedelta(minutes=20),
    LinkPurpose.FIRST_ADMINISTRATOR: timedelta(hours=24),
    LinkPurpose.SET_PASSWORD: timedelta(hours=24),
}


class NoAddressError(SucharitError):
    """An account is wanted for a person without an e-mail address."""

    english = "“{person}” has no e-mail address to sign in with. Give one: `sucharit account add {person} --email …`."
    thai = "“{person}” ไม่มีอีเมลสำหรับเข้าใช้ระบบ โปรดระบุด้วยคำสั่ง sucharit account add {person} --email …"


class OwnAccountError(BadInputError):
    """An administrator would lock themselves out."""

    english = "This is your own account. Another administrator can disable it."
    thai = "บัญชีนี้เป็นของท่านเอง ต้องให้ผู้ดูแลระบบคนอื่นเป็นผู้ปิด"


class UnknownLanguageError(SucharitError):
    """The pages do not speak this language."""

    english = "There are no pages in “{language}”. Choose one of: {choice}."
    thai = "ไม่มีหน้าจอภาษา “{language}” โปรดเลือก: {choice}"


def plain_address(email: str) -> str:
    """An address as accounts have it: no blanks around, lower-cased."""
    return storable(email).lower()


def fingerprint(secret: str) -> str:
    """SHA-256 of a token or an address: the database does not know what only its owner should."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def make_account(desk: Desk, person: str, email: str | None, now: datetime, by: str) -> Account:
    """Let a person sign in; a disabled account is opened again, without its old password.

    Args:
        email: Address to sign in with; None for the person's own.

    Raises:
        NotFoundError: There is no such person.
        NoAddressError: None is given and the person has none.
        BadAddressError, CentralMailboxError: It is no address of a person.
        AlreadyThereError: The person has an account, or the address is another's: of an account, or of a person.
    """
    holder = person_of(desk.people, person)
    address = plain_address(email or holder.email or "")
    if not address:
        raise NoAddressError(person=person)
    check_address(address)
    others = (
        other for other in desk.people.persons if other.key != person and other.email and other.email != holder.email
    )
    for other in others:
        if plain_address(other.email or "") == address:
            raise AlreadyThereError(
                what=f"The address “{address}” as that of {other.name}",
                what_thai=f"อีเมล “{address}” เป็นของ {other.name}",
                remedy="Everybody signs in with an address of their own: give another one.",
                remedy_thai="แต่ละคนต้องใช้อีเมลของตนเอง โปรดระบุอีเมลอื่น",
            )
    account = Account(desk.office.key, person, address, made_at=now)
    _store(desk.uow, account)
    desk.uow.ledger.note(Entry(now, "account.made", by, person, {}))
    return account


def _store(uow: UnitOfWork, account: Account) -> None:
    earlier = uow.accounts.get(account.person)
    if earlier is not None and earlier.is_disabled and uow.accounts.is_free(account.email, account.person):
        uow.accounts.save(replace(account, language=earlier.language))
    elif earlier is not None and not earlier.is_disabled:
        raise AlreadyThereError(
            what=f"The account of “{account.person}”",
            what_thai=f"บัญชีของ “{account.person}”",
            remedy="`sucharit account link` lets its owner set a new password.",
            remedy_thai="ใช้คำสั่ง sucharit account link เพื่อให้เจ้าของตั้งรหัสผ่านใหม่",
        )
    elif earlier is not None or not uow.accounts.add(account):
        raise AlreadyThereError(
            what=f"An account with the address “{account.email}”",
            what_thai=f"บัญชีที่ใช้อีเมล “{account.email}”",
            remedy="Everybody signs in with an address of their own: give another one.",
            remedy_thai="แต่ละคนต้องใช้อีเมลของตนเอง โปรดระบุอีเมลอื่น",
        )


def account_of(uow: UnitOfWork, person: str) -> Account:
    """Account of a person, disabled or not.

    Raises:
        NotFoundError: The person has no account.
    """
    return there(
        uow.accounts.get(person),
        what="account",
        what_thai="บัญชี",
        key=person,
        remedy="`sucharit account list` shows those there are, `sucharit account add` makes one.",
        remedy_thai="ดูบัญชีทั้งหมดด้วย sucharit account list หรือเพิ่มด้วย sucharit account add",
    )


def disable_account(desk: Desk, person: str, now: datetime, by: str) -> None:
    """Sign a person out everywhere and let nobody in under their account; again, nothing changes.

    Raises:
        NotFoundError: The person has no account.
    """
    account = account_of(desk.uow, person)
    if account.is_disabled:
        return
    desk.uow.accounts.save(replace(account, is_disabled=True))
    desk.uow.accounts.end_sessions(person)
    desk.uow.accounts.expire_links(person, now)
    desk.uow.tokens.revoke_all(person, now)
    desk.uow.ledger.note(Entry(now, "account.disabled", by, person, {}))


def close_account(desk: Desk, person: str, now: datetime, by: str) -> None:
    """Disable an account on a page or by a program, where the one who acts could not let themselves in again.

    Raises:
        OwnAccountError: It is their own.
        NotFoundError: The person has no account.
    """
    if person == by:
        raise OwnAccountError
    disable_account(desk, person, now, by)


def set_language(uow: UnitOfWork, person: str, language: str) -> None:
    """Choose the language of a person's pages.

    Raises:
        UnknownLanguageError: There are no pages in this language.
        NotFoundError: The person has no account.
    """
    if language not in LANGUAGES:
        raise UnknownLanguageError(language=language, choice=", ".join(LANGUAGES))
    uow.accounts.save(replace(account_of(uow, person), language=language))


def make_link(uow: UnitOfWork, person: str, purpose: LinkPurpose, now: datetime) -> str:
    """Token of a new link that signs a person in once; how long it works follows from its purpose.

    Raises:
        NotFoundError: The person has no account that works.
    """
    if account_of(uow, person).is_disabled:
        raise NotFoundError(
            what="working account",
            what_thai="บัญชีที่เปิดใช้",
            key=person,
            remedy="It is disabled; `sucharit account add` opens it again.",
            remedy_thai="บัญชีถูกปิดใช้ เปิดใหม่ได้ด้วย sucharit account add",
        )
    token = secrets.token_urlsafe(32)
    link = OneTimeLink(uow.office_id, fingerprint(token), purpose, person, now, now + VALID_FOR[purpose])
    uow.accounts.forget_expired(now)
    uow.accounts.add_link(link)
    return token


def link_to_set_password(desk: Desk, person: str, now: datetime, by: str) -> str:
    """Token of a link, valid for a day, with which a person sets a password; the administrator hands it over.

    Raises:
        NotFoundError: The person has no account that works.
    """
    token = make_link(desk.uow, person, LinkPurpose.SET_PASSWORD, now)
    desk.uow.ledger.note(Entry(now, "account.link_made", by, person, {"purpose": LinkPurpose.SET_PASSWORD.value}))
    return token
