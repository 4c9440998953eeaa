"""The tables of the office, its people and its ledger, and what all tables share. Private to this room."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, Index, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.types import UtcDateTime

KEY = String(120)
HASH = String(64)


class Base(DeclarativeBase):
    """Every table; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime()}  # noqa: RUF012 -- SQLAlchemy's own hook


class OfficeRow(Base):
    """One local authority. The other tables name it by `office_id`, which is its key."""

    __tablename__ = "office"

    office_id: Mapped[str] = mapped_column(KEY, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(KEY)
    district: Mapped[str] = mapped_column(Text)
    province: Mapped[str] = mapped_column(Text)
    settings: Mapped[str] = mapped_column(Text, comment="OfficeSettings as JSON")
    is_demo: Mapped[bool]
    ledger_seq: Mapped[int] = mapped_column(default=0, comment="number of the last ledger line")
    ledger_hash: Mapped[str] = mapped_column(HASH, comment="its hash; updating it queues writers of one office")
    vouched_at: Mapped[datetime | None] = mapped_column(
        comment="last instant that clockwork or administrator vouch for"
    )
    ledger_timed_after: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="lines up to this one were written when nobody checked their instants"
    )
    summary_left_on: Mapped[date | None] = mapped_column(comment="local date of the last weekly summary")
    seats: Mapped[str | None] = mapped_column(Text, comment="who had which post when it was last looked, as JSON")


class InstallationRow(Base):
    """The installation itself: one row, whatever offices there are. Its secret is not here: a dump would make links."""

    __tablename__ = "installation"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="always 1: there is one")
    id: Mapped[str] = mapped_column(String(36))
    fingerprint: Mapped[str] = mapped_column(HASH, comment="of the secret, which is not here")


class OwnedByOffice(Base):
    """Base of every table whose rows belong to an office and go with it."""

    __abstract__ = True

    office_id: Mapped[str] = mapped_column(KEY, primary_key=True, sort_order=-1)


def of_office() -> ForeignKeyConstraint:
    """The reference that lets a row go with its office."""
    return ForeignKeyConstraint(["office_id"], ["office.office_id"], ondelete="CASCADE")


class HolidayOverrideRow(OwnedByOffice):
    """A day the office decides differently from the official list."""

    __tablename__ = "holiday_override"
    __table_args__ = (of_office(),)

    day: Mapped[date] = mapped_column(primary_key=True)
    is_holiday: Mapped[bool]
    name: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)


class DivisionRow(OwnedByOffice):
    """A division; `position` keeps the office's order."""

    __tablename__ = "division"
    __table_args__ = (of_office(),)

    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(KEY)
    aliases: Mapped[str] = mapped_column(Text, comment="JSON list")
    position: Mapped[int]
    founded_on: Mapped[date | None] = mapped_column(comment="null where it was there from the beginning")


class PostRow(OwnedByOffice):
    """A post; `division` is null for the office's own."""

    __tablename__ = "post"
    __table_args__ = (of_office(),)

    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(KEY)
    division: Mapped[str | None] = mapped_column(KEY)
    position: Mapped[int]


class PersonRow(OwnedByOffice):
    """A person; `email` is null where notices are printed."""

    __tablename__ = "person"
    __table_args__ = (of_office(),)

    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int]


class HoldingRow(OwnedByOffice):
    """Who holds or acts for a post, from and to, both days included."""

    __tablename__ = "holding"
    __table_args__ = (of_office(),)

    post: Mapped[str] = mapped_column(KEY, primary_key=True)
    person: Mapped[str] = mapped_column(KEY, primary_key=True)
    start_on: Mapped[date] = mapped_column(primary_key=True)
    end_on: Mapped[date | None]
    is_acting: Mapped[bool]
    position: Mapped[int]


class LedgerRow(OwnedByOffice):
    """A line of the ledger; never updated."""

    __tablename__ = "ledger"
    __table_args__ = (of_office(), Index("ix_ledger_subject", "office_id", "subject", "seq"))

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(KEY)
    actor: Mapped[str] = mapped_column(KEY)
    subject: Mapped[str] = mapped_column(String(200))
    data: Mapped[str] = mapped_column(Text, comment="JSON object")
    previous: Mapped[str] = mapped_column(HASH)
    hash: Mapped[str] = mapped_column(HASH)
