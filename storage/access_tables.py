"""Tables of programs that come in and are told: tokens, webhooks, calendar feeds. Private to this room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables import HASH, KEY, OwnedByOffice

LINE = String(200)


class TokenRow(OwnedByOffice):
    """A program may act for a person; the token itself is known to its owner only."""

    __tablename__ = "api_token"
    __table_args__ = (
        ForeignKeyConstraint(["office_id", "person"], ["account.office_id", "account.person"], ondelete="CASCADE"),
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
    __table_args__ = (ForeignKeyConstraint(["office_id"], ["office.office_id"], ondelete="CASCADE"),)

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
    __table_args__ = (ForeignKeyConstraint(["office_id"], ["office.office_id"], ondelete="CASCADE"),)

    kind: Mapped[str] = mapped_column(KEY, primary_key=True)
    subject: Mapped[str] = mapped_column(KEY, primary_key=True)
    edition: Mapped[int]
