"""What was read: every value with its raw text and its place, and beside it every doubt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, Final, Literal

from pydantic import Field

from domain.values import Value


class Source(Value):
    """Where a value stands: `table`, `row`, `column`, `line` (text files only) and `page` (PDF only) count from 0.

    `sheet` is the name of a spreadsheet's sheet.
    """

    file: str
    sheet: str | None = None
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    line: int | None = None


class DoubtKind(StrEnum):
    """What a person must decide; the first fourteen are those of the draft's schema."""

    MISSING_RESPONSIBLE = "missing_responsible"
    MISSING_PERIOD = "missing_period"
    PERIOD_END_BEFORE_START = "period_end_before_start"
    REPORTING_NOT_STATED = "reporting_not_stated"
    PROBABLE_CONTINUATION = "probable_continuation"
    MEASURE_REPEATED = "measure_repeated"
    MEASURES_MISSING = "measures_missing"
    STEP_NUMBERING_STARTS_LATE = "step_numbering_starts_late"
    STEPS_MISSING = "steps_missing"
    VALUES_DO_NOT_PAIR = "values_do_not_pair"
    LETTER_SPACED_TEXT = "letter_spaced_text"
    UNKNOWN_UNIT = "unknown_unit"
    UNREADABLE_VALUE = "unreadable_value"
    FISCAL_YEAR_UNCLEAR = "fiscal_year_unclear"
    PERIOD_OUTSIDE_FISCAL_YEAR = "period_outside_fiscal_year"
    MEASURE_NUMBER_MISSING = "measure_number_missing"
    REPORTING_AMBIGUOUS = "reporting_ambiguous"
    MEASURE_NUMBER_REPEATED = "measure_number_repeated"
    UNUSED_TEXT = "unused_text"
    OTHER_AUTHORITY = "other_authority"
    OTHER_YEAR = "other_year"


OF_OFFICE: Final = frozenset({DoubtKind.OTHER_AUTHORITY, DoubtKind.OTHER_YEAR})
"""Raised where a plan meets an office, not where it is read."""


class Choice(Value):
    """One possible answer: the `key` is what a person writes, the `text` says in Thai what follows from it."""

    key: str
    text: str


class Doubt(Value):
    """One question to a person.

    Attributes:
        id: Made of the place and the kind, so the same file read again gives the same id.
        message: The question, a Thai sentence.
        proposal: What the program would do, a Thai sentence; None where nothing sensible can be proposed.
        proposed: Key of the choice that is the proposal.
        row: The draft row it speaks of; None for the whole file.
        facts: What the answer needs to take effect.
    """

    id: str
    kind: DoubtKind
    message: str
    proposal: str | None
    proposed: str | None
    choices: tuple[Choice, ...]
    row: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict)
    source: Source


class Organization(Value):
    """The office as printed; an OCR error in its name is for a person to correct.

    `raw` are the lines of the title page that name the office, its place and its year.
    """

    name: str | None = None
    type: Literal["sao", "tambon_municipality", "town_municipality", "city_municipality", "provincial"] | None = None
    district: str | None = None
    province: str | None = None
    raw: str = ""
    source: Source | None = None


class Cell(Value):
    """A cell exactly as the file has it, markup included, and what it is for."""

    role: str
    raw: str
    source: Source


class SubStep(Value):
    """A dashed or sub-numbered line below a step."""

    text: str
    source: Source


class Step(Value):
    """One step without its own number or bullet; `number` is the one printed."""

    text: str
    number: int | None = None
    recurrence: str | None = None
    sub_steps: tuple[SubStep, ...] = ()
    source: Source


class Party(Value):
    """A division, its section, or a post, as printed without stray spaces."""

    unit: str
    subunit: str | None = None
    role: Literal["lead", "support"] = "lead"


class Responsible(Value):
    """Who must act; `with_audit_unit` tells `ทุกส่วนราชการ` from `ทุกสำนัก/กอง`."""

    raw: str
    scope: Literal["listed", "all_divisions", "all_division_heads", "missing"]
    parties: tuple[Party, ...] = ()
    with_audit_unit: bool = False
    source: Source


class Stretch(Value):
    """One stretch of a period with gaps."""

    start: date
    end: date


class Period(Value):
    """First and last day, both included; both None where the cell is empty or unreadable.

    Attributes:
        occurrences: How many times, where the text says `๒ ครั้ง`.
        month_marks: Numbers of the months ticked in columns of months, October first.
        stretches: The parts of a period with gaps; empty where it has none.
    """

    raw: str
    start: date | None = None
    end: date | None = None
    start_inferred: bool = False
    occurrences: int | None = None
    recurrence: str | None = None
    month_marks: tuple[int, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    source: Source


Cadence = Literal["quarterly", "semiannual", "specified_quarters", "monthly", "annual", "none_stated"]


class Reporting(Value):
    """How often and in which quarters a report is asked for."""

    raw: str
    cadence: Cadence
    quarters_due: tuple[int, ...] = ()
    round_months: tuple[int, ...] = ()
    due_dates: tuple[date, ...] = ()
    source: Source


class Row(Value):
    """One responsible, period and reporting with the steps they hold for.

    `cells` are all cells the row was read from, those of a joined continuation included.
    """

    id: str
    steps: tuple[Step, ...]
    responsible: Responsible
    period: Period
    reporting: Reporting
    publication_channels: tuple[str, ...] = ()
    monitoring_duties: tuple[str, ...] = ()
    status: str | None = None
    result: str | None = None
    problems: str | None = None
    suggestions: str | None = None
    doubts: tuple[Doubt, ...] = ()
    cells: tuple[Cell, ...] = ()
    source: Source


class Measure(Value):
    """One measure; `detail` is what stands in its cell after the indicator."""

    number: int | None
    title: str
    detail: str = ""
    indicators: tuple[int, ...] = ()
    rows: tuple[Row, ...]
    source: Source


class LeftOut(Value):
    """Text that was read and is not in the plan, with the reason in Thai."""

    text: str
    reason: str
    source: Source


class Draft(Value):
    """A plan document as read, the proposals applied, the doubts beside."""

    title: str
    organization: Organization
    fiscal_year_be: int | None
    document_kind: Literal["plan", "form_one_indicator", "report_of_results"]
    column_roles: tuple[str, ...] | None
    column_headings: tuple[str, ...] = ()
    measures: tuple[Measure, ...]
    doubts: tuple[Doubt, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    source: Source

    def rows(self) -> Iterator[tuple[Measure, Row]]:
        """Every row with its measure, in the document's order."""
        return ((measure, row) for measure in self.measures for row in measure.rows)

    def all_doubts(self) -> Iterator[Doubt]:
        """The doubts of the file first, then those of the rows in order."""
        yield from self.doubts
        for _, row in self.rows():
            yield from row.doubts
