"""The reviewed draft as a person edits it: doubts with answers, and the values they speak of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from plans.draft import Cadence, Doubt, DoubtKind, Draft, Measure, Row, Step
from plans.places import place
from plans.words.responsible import read_responsible

ACCEPT: Final = "accept"
CORRECTED: Final = "corrected"

Scope = Literal["listed", "all_divisions", "all_units", "all_division_heads", "missing"]


class Editable(BaseModel):
    """A part of the review; unknown fields are refused, so that a typing error is seen."""

    model_config = ConfigDict(extra="forbid")


class ReviewDoubt(Editable):
    """One question with its answer; None as long as nobody has answered."""

    id: str
    kind: DoubtKind
    row: str | None = None
    question: str
    choices: dict[str, str]
    proposal: str | None = None
    answer: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict)

    @field_validator("answer", mode="before")
    @classmethod
    def _as_word(cls, value: object) -> object:
        """An answer is one word; YAML reads `2566` as a number."""
        return str(value).strip() or None if isinstance(value, (str, int)) else value

    @field_validator("choices", mode="before")
    @classmethod
    def _as_words(cls, value: object) -> object:
        return {str(key): text for key, text in value.items()} if isinstance(value, dict) else value

    def answered(self, *, proposals: bool = False) -> str | None:
        """Key of the choice that holds, `corrected`, a name in words, or None.

        `proposals` takes the proposal for an open doubt, or where there is none the first choice.
        """
        if self.answer == ACCEPT:
            return self.proposal
        if self.answer is None and proposals:
            return self.proposal or next(iter(self.choices), None)
        return self.answer

    @model_validator(mode="after")
    def _in_any_case(self) -> ReviewDoubt:
        """`Accept` is `accept`: editors for telephones begin a word with a capital."""
        word = (self.answer or "").lower()
        if word in {ACCEPT, CORRECTED, *self.choices}:
            self.answer = word
        return self

    @property
    def names_responsible(self) -> bool:
        """Whether the answer says in words who is responsible: `กองคลัง, กองช่าง`."""
        if self.kind is not DoubtKind.MISSING_RESPONSIBLE or self.answer in {None, ACCEPT, CORRECTED, *self.choices}:
            return False
        reading = read_responsible(self.answer or "")
        return reading.scope != "missing" and not reading.unknown


class ReviewStep(Editable):
    """A step of a row."""

    text: str = Field(min_length=1)
    recurrence: str | None = None
    sub_steps: list[str] = Field(default_factory=list)


class ReviewParty(Editable):
    """A division, its section, or a post."""

    unit: str = Field(min_length=1)
    subunit: str | None = None
    role: Literal["lead", "support"] = "lead"


class ReviewResponsible(Editable):
    """Who must act; parties only where the scope is `listed`."""

    scope: Scope
    parties: list[ReviewParty] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        """Parties may be plain names, and who names some need not say that they are listed."""
        if not isinstance(value, dict) or not isinstance(value.get("parties"), list) or not value["parties"]:
            return value
        scope = "listed" if value.get("scope") in {None, "missing"} else value["scope"]
        return value | {"scope": scope, "parties": [party for item in value["parties"] for party in _parties(item)]}


def _parties(item: object) -> list[object]:
    """Entries of one item of `parties`: a name in words may hold a section (`กองคลัง/งานพัสดุ`) or be several."""
    if not isinstance(item, str):
        return [item]
    reading = read_responsible(item)
    return [party.model_dump() for party in reading.parties] if reading.scope == "listed" else [{"unit": item}]


def responsible_in_words(text: str) -> ReviewResponsible:
    """Who is responsible by a name in words, as a cell of the plan would be read."""
    reading = read_responsible(text)
    parties = [ReviewParty(**party.model_dump()) for party in reading.parties]
    return ReviewResponsible(scope=_scope(reading.scope, with_audit_unit=reading.with_audit_unit), parties=parties)


def _scope(scope: Scope, *, with_audit_unit: bool) -> Scope:
    return "all_units" if scope == "all_divisions" and with_audit_unit else scope


class ReviewPeriod(Editable):
    """First and last day, both included."""

    start: date | None = None
    end: date | None = None
    recurrence: str | None = None


class ReviewReporting(Editable):
    """How often, and the quarters in which a report is due."""

    cadence: Cadence
    quarters_due: list[Annotated[int, Field(ge=1, le=4)]] = Field(default_factory=list)


class Printed(Editable):
    """What the file says and where, for comparing."""

    place: str = ""
    responsible: str = ""
    period: str = ""
    monitoring: str = ""


class ReviewRow(Editable):
    """One responsible, period and reporting with the steps they hold for."""

    row: str
    steps: list[ReviewStep]
    responsible: ReviewResponsible
    period: ReviewPeriod
    reporting: ReviewReporting
    publication_channels: list[str] = Field(default_factory=list)
    monitoring_duties: list[str] = Field(default_factory=list)
    printed: Printed = Field(default_factory=Printed)


class ReviewMeasure(Editable):
    """One measure."""

    number: int = Field(ge=1)
    title: str
    indicators: list[Annotated[int, Field(ge=1, le=10)]] = Field(default_factory=list)
    rows: list[ReviewRow]


class ReviewOrganization(Editable):
    """The office, to be corrected where the scanner misread it."""

    name: str | None = None
    type: str | None = None
    district: str | None = None
    province: str | None = None


class Review(Editable):
    """A draft in the hands of a person; `doubts_raised` shows when a question was deleted instead of answered."""

    title: str
    fiscal_year_be: int | None
    organization: ReviewOrganization = Field(default_factory=ReviewOrganization)
    doubts_raised: int
    doubts: list[ReviewDoubt]
    measures: list[ReviewMeasure]

    def find(self, row_id: str | None) -> tuple[ReviewMeasure, ReviewRow] | None:
        """The row with this id and its measure."""
        rows = ((measure, row) for measure in self.measures for row in measure.rows)
        return next(((measure, row) for measure, row in rows if row.row == row_id), None)


def review_of(draft: Draft) -> Review:
    """The draft as a review without answers."""
    doubts = [_doubt(doubt) for doubt in draft.all_doubts()]
    return Review(
        title=draft.title,
        fiscal_year_be=draft.fiscal_year_be,
        organization=ReviewOrganization(**draft.organization.model_dump(exclude={"source", "raw"})),
        doubts_raised=len(doubts),
        doubts=doubts,
        measures=[_measure(measure) for measure in draft.measures],
    )


def open_doubts(review: Review) -> list[ReviewDoubt]:
    """Doubts without an answer, in order."""
    return [doubt for doubt in review.doubts if doubt.answer is None]


def _doubt(doubt: Doubt) -> ReviewDoubt:
    return ReviewDoubt(
        id=doubt.id,
        kind=doubt.kind,
        row=doubt.row,
        question=doubt.message,
        choices={choice.key: choice.text for choice in doubt.choices},
        proposal=doubt.proposed,
        facts=doubt.facts,
    )


def _measure(measure: Measure) -> ReviewMeasure:
    return ReviewMeasure(
        number=measure.number or 1,
        title=measure.title,
        indicators=list(measure.indicators),
        rows=[_row(row) for row in measure.rows],
    )


def _row(row: Row) -> ReviewRow:
    who = row.responsible
    scope = _scope(who.scope, with_audit_unit=who.with_audit_unit)
    return ReviewRow(
        row=row.id,
        steps=[_step(step) for step in row.steps],
        responsible=ReviewResponsible(
            scope=scope, parties=[ReviewParty(**party.model_dump()) for party in who.parties]
        ),
        period=ReviewPeriod(**row.period.model_dump(include={"start", "end", "recurrence"})),
        reporting=ReviewReporting(cadence=row.reporting.cadence, quarters_due=list(row.reporting.quarters_due)),
        publication_channels=list(row.publication_channels),
        monitoring_duties=list(row.monitoring_duties),
        printed=Printed(
            place=place(row.source), responsible=who.raw, period=row.period.raw, monitoring=row.reporting.raw
        ),
    )


def _step(step: Step) -> ReviewStep:
    return ReviewStep(text=step.text, recurrence=step.recurrence, sub_steps=[sub.text for sub in step.sub_steps])
