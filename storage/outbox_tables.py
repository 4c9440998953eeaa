"""Tables of the outbox: notices, letters, the office's own words in them. Private to this room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables import HASH, KEY, OwnedByOffice, of_office


class NoticeRow(OwnedByOffice):
    """Something somebody must be told; its key makes a repeat harmless."""

    __tablename__ = "notice"
    __table_args__ = (
        of_office(),
        Index("ix_notice_waiting", "office_id", "composed_at"),
        Index("ix_notice_assignment", "office_id", "assignment"),
    )

    key: Mapped[str] = mapped_column(String(400), primary_key=True)
    kind: Mapped[str] = mapped_column(KEY)
    assignment: Mapped[str] = mapped_column(KEY)
    division: Mapped[str] = mapped_column(KEY)
    level: Mapped[str] = mapped_column(KEY)
    rung_offset: Mapped[int | None]
    by: Mapped[str] = mapped_column(KEY)
    reason: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(KEY, server_default="", comment="empty: whoever is at the level then")
    aimed: Mapped[str | None] = mapped_column(KEY, comment="lowest level for which it was meant")
    created_at: Mapped[datetime]
    composed_at: Mapped[datetime | None] = mapped_column(comment="when it went into letters; null while it waits")
    is_dropped: Mapped[bool] = mapped_column(
        server_default=false(), comment="it had no point any more when letters were made"
    )


class LetterRow(OwnedByOffice):
    """One mail to one person, until it is delivered or parked."""

    __tablename__ = "letter"
    __table_args__ = (
        of_office(),
        UniqueConstraint("message_id"),
        Index("ix_letter_waiting", "state", "next_try_at"),
    )

    id: Mapped[str] = mapped_column(HASH, primary_key=True)
    person: Mapped[str] = mapped_column(KEY)
    address: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    notices: Mapped[str] = mapped_column(Text, comment="JSON list of the notices' keys")
    state: Mapped[str] = mapped_column(KEY)
    created_at: Mapped[datetime]
    attempts: Mapped[int]
    first_tried_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(KEY)
    lease_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None] = mapped_column(comment="when it was sent or parked")
    remark: Mapped[str] = mapped_column(Text, comment="the server's reply, or why it waits or is parked")
    is_unsure: Mapped[bool] = mapped_column(
        server_default=false(), comment="a try of it may have reached the server without our knowing"
    )
    mail: Mapped[bytes | None] = mapped_column(
        LargeBinary, deferred=True, comment="the mail as it was sent, compressed by zlib"
    )


class StandstillRow(OwnedByOffice):
    """Why nothing of an office leaves at present; no row while mail leaves."""

    __tablename__ = "mail_standstill"
    __table_args__ = (of_office(),)

    since: Mapped[datetime]
    tries: Mapped[int]
    next_try_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(Text)


class MessageWordingRow(OwnedByOffice):
    """What the office says in its own words in one message."""

    __tablename__ = "message_wording"
    __table_args__ = (of_office(),)

    message: Mapped[str] = mapped_column(KEY, primary_key=True)
    parts: Mapped[str] = mapped_column(Text, comment="JSON object: part to the office's own words")
    version: Mapped[int]
    changed_by: Mapped[str] = mapped_column(KEY)
    changed_at: Mapped[datetime]
