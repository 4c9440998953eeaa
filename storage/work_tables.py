"""Tables of the divisions' work and of what is reported and published of it. Private to this room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables import HASH, KEY, OwnedByOffice, of_office

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
        of_office(),
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
    visit: Mapped[int]  # the round, under the name it was first stored with
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
    grounds: Mapped[str | None] = mapped_column(Text, comment="Grounds as JSON: why it is due when it is")
    withdrawals: Mapped[int] = mapped_column(server_default="0")
    returned_reason: Mapped[str] = mapped_column(Text, server_default="")
    waiting: Mapped[str | None] = mapped_column(Text, comment="Wait as JSON")
    ladder_from: Mapped[datetime | None]
    told: Mapped[str | None] = mapped_column(Text, comment="Told as JSON: what the ladder said of this deadline")
    acknowledgments: Mapped[str | None] = mapped_column(Text, comment="Acknowledgments of this deadline as JSON")


class EvidenceRow(OwnedByOffice):
    """A file handed in with an assignment; the bytes lie in the file store under their SHA-256."""

    __tablename__ = "evidence"
    __table_args__ = (of_office(),)

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
    __table_args__ = (of_office(),)

    assignment: Mapped[str] = mapped_column(KEY, primary_key=True)
    person: Mapped[str] = mapped_column(KEY, primary_key=True)
    fields: Mapped[str] = mapped_column(Text, comment="JSON object of the form's fields")
    saved_at: Mapped[datetime]


class ReportRow(OwnedByOffice):
    """The frozen figures of a period; `file_sha256` is null until the document is rendered."""

    __tablename__ = "report"
    __table_args__ = (of_office(),)

    kind: Mapped[str] = mapped_column(KEY, primary_key=True, comment="quarterly")
    fiscal_year_be: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, comment="in the year: of a quarterly one 1 to 4")
    revision: Mapped[int] = mapped_column(primary_key=True)
    snapshot: Mapped[str] = mapped_column(Text, comment="Snapshot as JSON")
    content_hash: Mapped[str] = mapped_column(HASH, comment="of the figures, without date and revision")
    is_final: Mapped[bool]
    frozen_at: Mapped[datetime]
    file_sha256: Mapped[str | None] = mapped_column(HASH)


class PublicationRow(OwnedByOffice):
    """One version of a document that is, or was, public; the bytes lie in the file store under their SHA-256."""

    __tablename__ = "publication"
    __table_args__ = (of_office(),)

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
