"""Tables of who comes in and who is told outside: accounts, tokens, webhooks, calendar feeds. Private to this room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables import HASH, KEY, Base, OwnedByOffice, of_office

LINE = String(200)


class AccountRow(OwnedByOffice):
    """A person who may sign in to the pages; what they may do follows from the posts they hold."""

    __tablename__ = "account"
    __table_args__ = (of_office(), UniqueConstraint("email"))

    person: Mapped[str] = mapped_column(KEY, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), comment="lower-cased; unique over the installation")
    password_hash: Mapped[str | None] = mapped_column(Text, comment="null until one is set; links work without")
    is_disabled: Mapped[bool]
    language: Mapped[str] = mapped_column(KEY)
    made_at: Mapped[datetime]


def _of_account() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["office_id", "person"], ["account.office_id", "account.person"], ondelete="CASCADE")


class SessionRow(OwnedByOffice):
    """Somebody is signed in; the token itself is known to their browser only."""

    __tablename__ = "session"
    __table_args__ = (_of_account(), UniqueConstraint("token_hash"))

    token_hash: Mapped[str] = mapped_column(HASH, primary_key=True, comment="SHA-256 of the token")
    person: Mapped[str] = mapped_column(KEY)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(comment="written now and then, not for every page")
    expires_at: Mapped[datetime]
    agent: Mapped[str] = mapped_column(String(200), comment="the browser's name for itself, shortened")


class OneTimeLinkRow(OwnedByOffice):
    """A link that signs in once."""

    __tablename__ = "one_time_link"
    __table_args__ = (_of_account(), UniqueConstraint("token_hash"))

    token_hash: Mapped[str] = mapped_column(HASH, primary_key=True, comment="SHA-256 of the token")
    purpose: Mapped[str] = mapped_column(KEY)
    person: Mapped[str] = mapped_column(KEY)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInTryRow(Base):
    """Failed sign-ins under one address, whether it has an account or not: a lock must not tell which."""

    __tablename__ = "sign_in_try"

    email_hash: Mapped[str] = mapped_column(HASH, primary_key=True, comment="SHA-256 of the lower-cased address")
    failed: Mapped[int]
    locked_until: Mapped[datetime | None]
    last_at: Mapped[datetime]


class TokenRow(OwnedByOffice):
    """A program may act for a person; the token itself is known to its owner only."""

    __tablename__ = "api_token"
    __table_args__ = (
        _of_account(),
        UniqueConstraint("token_hash"),
    )

    token_hash: Mapped[str] = mapped_column(HASH, primary_key=True, comment="SHA-256 of the token")
    person: Mapped[str] = mapped_column(KEY)
    name: Mapped[str] = mapped_column(LINE)
    scopes: Mapped[str] = mapped_column(LINE, comment="names, a blank between")
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None] = mapped_column(comment="written now and then, not for every call")
    revoked_at: Mapped[datetime | None]


class HookRow(OwnedByOffice):
    """A program that is told of ledger lines; `seq` is the last line it has been told or does not want."""

    __tablename__ = "webhook"
    __table_args__ = (of_office(),)

    id: Mapped[str] = mapped_column(KEY, primary_key=True, comment="the secret is made from it, not stored")
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[str] = mapped_column(Text, comment="names, a blank between")
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(KEY)
    state: Mapped[str] = mapped_column(KEY)
    seq: Mapped[int]
    attempts: Mapped[int]
    failed_since: Mapped[datetime | None]
    next_try_at: Mapped[datetime]
    last_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(Text, comment="what became of the last try")
    lease_owner: Mapped[str | None] = mapped_column(KEY)
    lease_until: Mapped[datetime | None]


class FeedRow(OwnedByOffice):
    """A calendar whose address was renewed; without a row the first address works."""

    __tablename__ = "calendar_feed"
    __table_args__ = (of_office(),)

    kind: Mapped[str] = mapped_column(KEY, primary_key=True)
    subject: Mapped[str] = mapped_column(KEY, primary_key=True)
    edition: Mapped[int]
