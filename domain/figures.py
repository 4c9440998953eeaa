"""Figures of a period: what was to be done, what was done, and the frozen snapshot a report is made from."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from domain.values import Value


class Outcome(StrEnum):
    """How an assignment stands in a report; every assignment has exactly one."""

    ACCEPTED = "accepted"
    ACCEPTED_LATE = "accepted_late"
    """Accepted, but handed in after its deadline."""
    AWAITING_REVIEW = "awaiting_review"
    CANNOT_DO = "cannot_do"
    OPEN = "open"
    """Not handed in, the deadline has not passed."""
    OVERDUE = "overdue"
    CANCELLED = "cancelled"


class Answer(Value):
    """A heading's answer: text, or `ไม่มี` confirmed by a person, or not answered yet (both empty)."""

    text: str = ""
    is_none_confirmed: bool = False

    @property
    def is_answered(self) -> bool:
        """Tell whether a person answered the heading."""
        return bool(self.text.strip()) or self.is_none_confirmed


class EvidenceLine(Value):
    """One piece of evidence named in a report."""

    name: str
    sha256: str
    size_bytes: int = 0
    url: str | None = None


class DivisionResult(Value):
    """What one division reported for one step in the period."""

    ref: str
    division_name: str
    outcome: Outcome
    due_on: date
    handed_in_on: date | None = None
    late_workdays: int = 0
    result: str = ""
    problems: Answer = Answer()
    suggestions: Answer = Answer()
    reason: str = ""
    """Official reason and explanation where the outcome is CANNOT_DO."""
    evidence: tuple[EvidenceLine, ...] = ()


class StepResult(Value):
    """One step of a measure in the period, with the results of every division that answers for it."""

    key: str
    text: str
    responsible_label: str
    period_label: str
    divisions: tuple[DivisionResult, ...]


class Totals(Value):
    """Counts of assignments by outcome; `done` are the accepted ones, late or not."""

    total: int = 0
    accepted: int = 0
    accepted_late: int = 0
    awaiting_review: int = 0
    cannot_do: int = 0
    open: int = 0
    overdue: int = 0
    cancelled: int = 0

    @property
    def done(self) -> int:
        """Accepted, in time or late."""
        return self.accepted + self.accepted_late

    @property
    def percent_done(self) -> int:
        """Whole per cent of what was to be carried out (cancelled ones left out), rounded down; 0 of 0 is 0."""
        base = self.total - self.cancelled
        return 100 * self.done // base if base else 0


class MeasureResult(Value):
    """One measure in the period."""

    key: str
    number: int
    title: str
    indicators: tuple[int, ...]
    totals: Totals
    steps: tuple[StepResult, ...]
    """Empty when no step of the measure is reported in this period; the measure is printed all the same."""


class DivisionFigures(Value):
    """Counts of one division over all measures."""

    name: str
    totals: Totals


class Signatory(Value):
    """Who signs: the holder of the post on the day of freezing, or the acting holder; empty name when vacant."""

    title: str
    name: str = ""


class Snapshot(Value):
    """All a report prints, frozen: rendering reads nothing else, so the same snapshot gives the same document.

    Attributes:
        unanswered: Refs of assignments whose headings lack an answer; a report with any is a draft.
        frozen_on: Local date of freezing; the report's date.
        revision: 1 for the first report of the period; every later freeze is a new revision.
    """

    office_name: str
    district: str = ""
    province: str = ""
    is_demo: bool = False
    fiscal_year_be: int
    quarter: int
    start: date
    end: date
    frozen_on: date
    revision: int
    plan_title: str
    prepared_by: str
    """Division that writes the memo, as a rule สำนักปลัด."""
    addressee: str
    """Title of the post the memo is addressed to, as a rule นายกเทศมนตรี."""
    signatories: tuple[Signatory, ...]
    totals: Totals
    divisions: tuple[DivisionFigures, ...]
    measures: tuple[MeasureResult, ...]
    unanswered: tuple[str, ...] = ()

    @property
    def is_final(self) -> bool:
        """Tell whether every heading is answered, so that the report can be signed."""
        return not self.unanswered
