"""Tokens: programs act for a person, with at most that person's rights; made, used and taken back."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.errors import BadInputError, NotFoundError, SucharitError
from domain.ledger import Entry
from services.access.accounts import account_of, fingerprint
from services.access.sign_in import SEEN_EVERY
from services.desk import Desk
from services.record import storable
from storage.store import Store
from storage.tokens import Token

PREFIX: Final = "sct_"
"""What a token begins with, so that one that leaked into a text is recognised."""

LASTS: Final = timedelta(days=365)
LONGEST: Final = timedelta(days=2 * 365)
MOST_TOKENS: Final = 20
NAME_LENGTH: Final = 80


class Scope(StrEnum):
    """What a token may be used for. Each but READ includes READ; none gives what its person's posts do not."""

    READ = "read"
    WORK = "work"
    REVIEW = "review"
    ADMIN = "admin"


class TokenUnknownError(SucharitError):
    """A token that was never made, was revoked, has expired, or whose person may not sign in any more."""

    english = "This token does not work: it is unknown, revoked or expired. Make a new one on the page of your account."
    thai = "โทเคนนี้ใช้ไม่ได้ อาจไม่ถูกต้อง ถูกยกเลิก หรือหมดอายุแล้ว โปรดสร้างใหม่ที่หน้าบัญชีของฉัน"


class TokenNarrowError(SucharitError):
    """The token was not made for this."""

    english = "This token was not made for that: it lacks the scope “{scope}”. Make one that has it."
    thai = "โทเคนนี้ไม่ได้สร้างมาเพื่อรายการนี้ ยังขาดขอบเขต “{scope}” โปรดสร้างโทเคนที่มีขอบเขตนี้"


class TokenWishError(BadInputError):
    """A token that cannot be made; `field` names what is wrong."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new token.

    Attributes:
        secret: What the program sends; stored nowhere here and shown once.
    """

    secret: str = field(repr=False)
    token: Token


@dataclass(frozen=True, slots=True)
class Wish:
    """What a token is to be. `lasts` is a length from now."""

    name: str
    scopes: Collection[str]
    lasts: timedelta = LASTS


def make_token(desk: Desk, person: str, wish: Wish, now: datetime, by: str) -> Made:
    """Make a token for a person.

    Raises:
        NotFoundError: The person has no account.
        TokenWishError: No name, no or an unknown scope, too long a time, or too many tokens.
    """
    account_of(desk.uow, person)
    name = storable(wish.name)[:NAME_LENGTH]
    _check(desk, person, name, wish, now)
    secret = PREFIX + secrets.token_urlsafe(32)
    scopes = tuple(scope.value for scope in Scope if scope in set(wish.scopes))
    token = Token(desk.office.key, fingerprint(secret), person, name, scopes, now, now + wish.lasts)
    desk.uow.tokens.add(token)
    facts = {"token": token.id[:12], "scopes": list(scopes), "expires_on": token.expires_at.date().isoformat()}
    desk.uow.ledger.note(Entry(now, "token.made", by, person, facts))
    return Made(secret, token)


def _check(desk: Desk, person: str, name: str, wish: Wish, now: datetime) -> None:
    wrong = ""
    if not name:
        wrong = "name"
        sentences = "The token has no name.", "โปรดตั้งชื่อโทเคน", "Say which program uses it.", "เช่น ชื่อโปรแกรมที่จะใช้"
    elif not wish.scopes or not set(wish.scopes) <= set(Scope):
        wrong = "scopes"
        sentences = (
            "No scope is chosen.",
            "ยังไม่ได้เลือกขอบเขต",
            f"Choose from: {', '.join(Scope)}.",
            "โปรดเลือกอย่างน้อยหนึ่งข้อ",
        )
    elif not timedelta(0) < wish.lasts <= LONGEST:
        wrong = "lasts"
        sentences = (
            "A token lasts at most two years.",
            "โทเคนใช้ได้ไม่เกินสองปี",
            "Choose a shorter time.",
            "โปรดเลือกระยะเวลาที่สั้นลง",
        )
    elif sum(token.works(now) for token in desk.uow.tokens.all(person)) >= MOST_TOKENS:
        wrong = "name"
        sentences = (
            f"There are {MOST_TOKENS} tokens already.",
            f"มีโทเคนที่ใช้อยู่แล้ว {MOST_TOKENS} รายการ",
            "Revoke one that nobody uses.",
            "โปรดยกเลิกรายการที่ไม่ใช้แล้ว",
        )
    if wrong:
        problem, problem_thai, remedy, remedy_thai = sentences
        raise TokenWishError(
            field=wrong, problem=problem, problem_thai=problem_thai, remedy=remedy, remedy_thai=remedy_thai
        )


def revoke_token(desk: Desk, token: str, now: datetime, by: str, *, person: str | None = None) -> None:
    """Let a token (of `person`, if named) open nothing any more.

    Raises:
        NotFoundError: No token of this id still opens anything.
    """
    stored = next((each for each in desk.uow.tokens.all(person) if each.id == token), None)
    if stored is None or not desk.uow.tokens.revoke(token, now):
        raise NotFoundError(
            what="token", what_thai="โทเคน", key=token[:12], remedy="It was revoked.", remedy_thai="อาจถูกยกเลิกไปแล้ว"
        )
    desk.uow.ledger.note(Entry(now, "token.revoked", by, stored.person, {"token": token[:12]}))


def token_of(store: Store, secret: str, now: datetime) -> Token:
    """Token that a program sent, which counts as used at `now`. Commits by itself, once in five minutes.

    Raises:
        TokenUnknownError: It was never made, was revoked or has expired, or its person may not sign in any more.
    """
    token = store.token(fingerprint(secret)) if secret.startswith(PREFIX) else None
    if token is None or not token.works(now):
        raise TokenUnknownError
    if token.seen_at is None or now - token.seen_at >= SEEN_EVERY:
        # A transaction of its own: the request that follows may be refused, and the token was used all the same.
        with store.unit_of_work(token.office) as uow:
            uow.tokens.touch(token.id, now)
            uow.commit()
    return token


def check_scope(token: Token, scope: Scope) -> None:
    """Check that the token was made for this scope.

    Raises:
        TokenNarrowError: The scope is not among those it was made with.
    """
    if scope is not Scope.READ and scope not in token.scopes:
        raise TokenNarrowError(scope=scope.value)
