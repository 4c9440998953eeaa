"""The tables. Private to this room: everybody else speaks to repositories."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import ForeignKeyConstraint, Index, MetaData, String, Text, UniqueConstraint
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


class OwnedByOffice(Base):
    """Base of every table whose rows belong to an office and go with it."""

    __abstract__ = True

    office_id: Mapped[str] = mapped_column(KEY, primary_key=True, sort_order=-1)


def _of_office() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["office_id"], ["office.office_id"], ondelete="CASCADE")


class HolidayOverrideRow(OwnedByOffice):
    """A day the office decides differently from the official list."""

    __tablename__ = "holiday_override"
    __table_args__ = (_of_office(),)

    day: Mapped[date] = mapped_column(primary_key=True)
    is_holiday: Mapped[bool]
    name: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)


class DivisionRow(OwnedByOffice):
    """A division; `position` keeps the office's order."""

    __tablename__ = "division"
    __table_args__ = (_of_office(),)

    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(KEY)
    aliases: Mapped[str] = mapped_column(Text, comment="JSON list")
    position: Mapped[int]


class PostRow(OwnedByOffice):
    """A post; `division` is null for the office's own."""

    __tablename__ = "post"
    __table_args__ = (_of_office(),)

    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(KEY)
    division: Mapped[str | None] = mapped_column(KEY)
    position: Mapped[int]


class PersonRow(OwnedByOffice):
    """A person; `email` is null where notices are printed."""

    __tablename__ = "person"
    __table_args__ = (_of_office(),)

    key: Mapped[str] = mapped_column(KEY, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int]


class HoldingRow(OwnedByOffice):
    """Who holds or acts for a post, from and to, both days included."""

    __tablename__ = "holding"
    __table_args__ = (_of_office(),)

    post: Mapped[str] = mapped_column(KEY, primary_key=True)
    person: Mapped[str] = mapped_column(KEY, primary_key=True)
    start_on: Mapped[date] = mapped_column(primary_key=True)
    end_on: Mapped[date | None]
    is_acting: Mapped[bool]
    position: Mapped[int]


class PlanRow(OwnedByOffice):
    """A revision of a plan; immutable, but for the day it came into force."""

    __tablename__ = "plan"
    __table_args__ = (_of_office(), UniqueConstraint("office_id", "fiscal_year_be", "content_hash"))

    fiscal_year_be: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    content_hash: Mapped[str] = mapped_column(HASH)
    document: Mapped[str] = mapped_column(Text, comment="Plan as JSON")
    imported_at: Mapped[datetime]
    imported_by: Mapped[str] = mapped_column(KEY)
    in_force_on: Mapped[date | None]


_LISTED = (
    *("office_id", "fiscal_year_be", "division", "state", "due_on"),
    *("quarter", "measure_key", "step_key", "id"),
)
"""What lists count, narrow and sort by: with all of it in the index, no text of an assignment is read for them."""


_TALLIED: Final = (
    "office_id",
    "fiscal_year_be",
    "measure_key",
    "step_key",
    "period_key",
    "quarter",
    "state",
    "due_on",
    "division",
)


class AssignmentRow(OwnedByOffice):
    """One step × division × period."""

    __tablename__ = "assignment"
    __table_args__ = (
        _of_office(),
        UniqueConstraint("office_id", "fiscal_year_be", "step_key", "division", "period_key"),
        Index("ix_assignment_measure", "office_id", "fiscal_year_be", "measure_key"),
        Index("ix_assignment_quarter", "office_id", "fiscal_year_be", "quarter"),
        Index("ix_assignment_list", *_LISTED),
        # The counts of a year are read from this index alone: the rows themselves are wide.
        Index("ix_assignment_tally", *_TALLIED),
        Index("ix_assignment_due", "office_id", "state", "due_on"),
    )

    id: Mapped[str] = mapped_column(KEY, primary_key=True)
    fiscal_year_be: Mapped[int]
    measure_key: Mapped[str] = mapped_column(KEY)
    step_key: Mapped[str] = mapped_column(KEY)
    division: Mapped[str] = mapped_column(KEY)
    period_key: Mapped[str] = mapped_column(KEY)
    period_label: Mapped[str] = mapped_column(Text)
    period_start: Mapped[date]
    period_end: Mapped[date]
    quarter: Mapped[int]
    due_on: Mapped[date]
    ladder: Mapped[str] = mapped_column(Text, comment="Ladder as JSON, frozen when the assignment opened")
    plan_revision: Mapped[int]
    state: Mapped[str] = mapped_column(KEY)
    version: Mapped[int]
    deadline_version: Mapped[int]
    rung: Mapped[int]
    visit: Mapped[int]
    opened_at: Mapped[datetime | None]
    handed_in_at: Mapped[datetime | None]
    handed_in_by: Mapped[str] = mapped_column(KEY)
    late_workdays: Mapped[int]
    submission: Mapped[str | None] = mapped_column(Text, comment="Submission as JSON")
    cannot_do: Mapped[str | None] = mapped_column(KEY)
    reason: Mapped[str] = mapped_column(Text)
    extension: Mapped[str | None] = mapped_column(Text, comment="ExtensionRequest as JSON")
    acknowledged_until: Mapped[date | None]
    acknowledged_by: Mapped[str] = mapped_column(KEY)


class EvidenceRow(OwnedByOffice):
    """A file handed in with an assignment; the bytes lie in the file store under their SHA-256."""

    __tablename__ = "evidence"
    __table_args__ = (_of_office(),)

    assignment: Mapped[str] = mapped_column(KEY, primary_key=True)
    sha256: Mapped[str] = mapped_column(HASH, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int]
    url: Mapped[str | None] = mapped_column(Text, comment="address of a link; null for a file")
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(KEY)


class ReportDraftRow(OwnedByOffice):
    """What somebody has typed into a report and not handed in; their own scratch paper, which nobody else sees."""

    __tablename__ = "report_draft"
    __table_args__ = (_of_office(),)

    assignment: Mapped[str] = mapped_column(KEY, primary_key=True)
    person: Mapped[str] = mapped_column(KEY, primary_key=True)
    fields: Mapped[str] = mapped_column(Text, comment="JSON object of the form's fields")
    saved_at: Mapped[datetime]


class NoticeRow(OwnedByOffice):
    """Something somebody must be told; its key makes a repeat harmless."""

    __tablename__ = "notice"
    __table_args__ = (_of_office(), Index("ix_notice_waiting", "office_id", "composed_at"))

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(KEY)
    assignment: Mapped[str] = mapped_column(KEY)
    division: Mapped[str] = mapped_column(KEY)
    level: Mapped[str] = mapped_column(KEY)
    rung_offset: Mapped[int | None]
    by: Mapped[str] = mapped_column(KEY)
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    composed_at: Mapped[datetime | None] = mapped_column(comment="when it went into letters; null while it waits")


class LetterRow(OwnedByOffice):
    """One mail to one person, until it is delivered or parked."""

    __tablename__ = "letter"
    __table_args__ = (
        _of_office(),
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


class MessageWordingRow(OwnedByOffice):
    """What the office says in its own words in one message."""

    __tablename__ = "message_wording"
    __table_args__ = (_of_office(),)

    message: Mapped[str] = mapped_column(KEY, primary_key=True)
    parts: Mapped[str] = mapped_column(Text, comment="JSON object: part to the office's own words")
    version: Mapped[int]
    changed_by: Mapped[str] = mapped_column(KEY)
    changed_at: Mapped[datetime]


class LedgerRow(OwnedByOffice):
    """A line of the ledger; never updated."""

    __tablename__ = "ledger"
    __table_args__ = (_of_office(), Index("ix_ledger_subject", "office_id", "subject", "seq"))

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(KEY)
    actor: Mapped[str] = mapped_column(KEY)
    subject: Mapped[str] = mapped_column(String(200))
    data: Mapped[str] = mapped_column(Text, comment="JSON object")
    previous: Mapped[str] = mapped_column(HASH)
    hash: Mapped[str] = mapped_column(HASH)


class ReportRow(OwnedByOffice):
    """A frozen quarter; `file_sha256` is null until the document is rendered."""

    __tablename__ = "report"
    __table_args__ = (_of_office(),)

    fiscal_year_be: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    snapshot: Mapped[str] = mapped_column(Text, comment="Snapshot as JSON")
    content_hash: Mapped[str] = mapped_column(HASH, comment="of the figures, without date and revision")
    is_final: Mapped[bool]
    frozen_at: Mapped[datetime]
    file_sha256: Mapped[str | None] = mapped_column(HASH)


class PublicationRow(OwnedByOffice):
    """One version of a document that is, or was, public; the bytes lie in the file store under their SHA-256."""

    __tablename__ = "publication"
    __table_args__ = (_of_office(),)

    kind: Mapped[str] = mapped_column(KEY, primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year_be: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(HASH)
    size_bytes: Mapped[int]
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(KEY)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(KEY)


class AccountRow(OwnedByOffice):
    """A person who may sign in to the pages; what they may do follows from the posts they hold."""

    __tablename__ = "account"
    __table_args__ = (_of_office(), UniqueConstraint("email"))

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


class PlanDraftRow(OwnedByOffice):
    """A plan document on its way in; the bytes lie in the file store under their SHA-256."""

    __tablename__ = "plan_draft"
    __table_args__ = (_of_office(),)

    id: Mapped[str] = mapped_column(KEY, primary_key=True)
    file_name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(HASH)
    reading: Mapped[str | None] = mapped_column(Text, comment="Draft as JSON; null where a review came in")
    review: Mapped[str] = mapped_column(Text, comment="Review as JSON, with the answers so far")
    version: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(KEY)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(KEY)
    fiscal_year_be: Mapped[int | None] = mapped_column(comment="of the revision it became")
    revision: Mapped[int | None]


class PlanTrialRow(OwnedByOffice):
    """A rehearsed year of a stored plan, for one choice of divisions that stay silent."""

    __tablename__ = "plan_trial"
    __table_args__ = (_of_office(),)

    fiscal_year_be: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    silent: Mapped[str] = mapped_column(HASH, primary_key=True, comment="SHA-256 of the divisions' keys")
    result: Mapped[str] = mapped_column(Text, comment="what the page shows, as JSON")
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(KEY)
