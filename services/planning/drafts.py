"""Plans on their way in: kept with every answer, changed by compare-and-set, until they are a revision."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from domain.catalogue import with_years, years_in
from domain.errors import BadInputError, NotFoundError, SucharitError
from domain.fiscal import FiscalYear
from domain.ledger import Entry
from domain.plan import Plan
from plans.draft import DoubtKind, Draft
from plans.review import ACCEPT, CORRECTED, Review, ReviewDoubt, faults_of, open_doubts
from plans.review.answers import read_in_year
from plans.review.model import (
    ReviewPeriod,
    ReviewReporting,
    ReviewResponsible,
    ReviewRow,
    ReviewStep,
    responsible_in_words,
)
from plans.review.to_plan import to_plan
from services.desk import Desk
from services.planning.meet_office import met
from services.planning.uploads import ReadIn
from storage.drafts import StoredDraft

EVERY_KIND: Final = "all"

_LOOKED_AT: Final = frozenset({DoubtKind.LETTER_SPACED_TEXT})
"""What a scan tore apart may be misread, too: its proposal holds only where a person chose it at the question."""


class DraftStaleError(SucharitError):
    """Somebody else worked on the draft since it was read."""

    english = "Somebody else changed this plan meanwhile. Nothing was overwritten: look at it again and repeat."
    thai = "มีผู้อื่นแก้ไขแผนนี้ไปแล้ว ระบบไม่ได้เขียนทับ โปรดตรวจดูใหม่แล้วบันทึกอีกครั้ง"


def draft_of(desk: Desk, draft_id: str) -> StoredDraft:
    """The draft of this id.

    Raises:
        NotFoundError: The office has no draft of this id.
    """
    draft = desk.uow.plan_drafts.get(draft_id)
    if draft is None:
        raise NotFoundError(what="draft", what_thai="แผนที่กำลังตรวจทาน", key=draft_id[:80], remedy="", remedy_thai="")
    return draft


def review_in(desk: Desk, stored: StoredDraft, now: datetime) -> Review:
    """Its review with the answers so far, and what the office asks about it at `now`."""
    return met(Review.model_validate_json(stored.review), desk, now)


def reading_in(stored: StoredDraft) -> Draft | None:
    """What was read from the document, cell by cell; None where a review came in."""
    return None if stored.reading is None else Draft.model_validate_json(stored.reading)


def keep(desk: Desk, document: ReadIn, sha256: str, *, by: str, now: datetime) -> StoredDraft:
    """Keep what was read, for its questions to be answered; the bytes are in the file store already."""
    mark = hashlib.sha256(f"{sha256} {now.isoformat()} {by}".encode()).hexdigest()[:16]
    reading = None if document.reading is None else document.reading.model_dump_json()
    review = met(document.review, desk, now)
    stored = StoredDraft(mark, document.name, sha256, reading, review.model_dump_json(), 1, now, by, now, by)
    if desk.uow.plan_drafts.get(mark) is None:
        desk.uow.plan_drafts.add(stored)
        facts = {"sha256": sha256, "questions": len(review.doubts), "open": len(open_doubts(review))}
        desk.uow.ledger.note(Entry(now, "plan.drafted", by, mark, facts))
    return stored


def drop(desk: Desk, draft_id: str, version: int, *, by: str, now: datetime) -> None:
    """Forget a draft; the plan it became, if it became one, stays.

    Raises:
        DraftStaleError: It was changed since it was read.
    """
    stored = draft_of(desk, draft_id)
    if stored.version != version:
        raise DraftStaleError
    desk.uow.plan_drafts.remove(draft_id)
    desk.uow.ledger.note(Entry(now, "plan.draft_dropped", by, draft_id, {"sha256": stored.sha256}))


def save(
    desk: Desk, stored: StoredDraft, review: Review, changed: Collection[str], *, by: str, now: datetime
) -> StoredDraft:
    """Store a changed review with its ledger line.

    Args:
        stored: As it was read, so with the version that must still be there.
        changed: Ids of the questions and rows that differ.

    Raises:
        DraftStaleError: Somebody else changed it since.
    """
    after = replace(stored, review=review.model_dump_json(), version=stored.version + 1, changed_at=now, changed_by=by)
    if not desk.uow.plan_drafts.save(after, expected=stored.version):
        raise DraftStaleError
    facts = {"changed": sorted(changed), "open": len(open_doubts(review))}
    desk.uow.ledger.note(Entry(now, "plan.draft_changed", by, stored.id, facts))
    return after


def answered(review: Review, answers: Mapping[int, str], accepted: str = "") -> tuple[Review, list[str], list[int]]:
    """The review with answers, which questions they changed, and which of them are no answer to their question.

    Args:
        answers: By the question's place in the review, from 0. An empty one leaves the question as it is.
        accepted: A kind of question whose proposals hold where nothing is answered; `all` for every kind. Questions
            that a person must look at stay open.
    """
    after = review.model_copy(deep=True)
    unfit = []
    for place, answer in answers.items():
        doubt = after.doubts[place]
        if answer:
            checked = ReviewDoubt.model_validate(doubt.model_dump() | {"answer": answer})
            if _fits(checked):
                doubt.answer = checked.answer
            else:
                unfit.append(place)
    for doubt in after.doubts:
        if doubt.answer is None and accepted in {EVERY_KIND, doubt.kind.value} and can_be_taken_unseen(doubt):
            doubt.answer = ACCEPT
    pairs = zip(review.doubts, after.doubts, strict=True)
    return after, [new.id for old, new in pairs if old.answer != new.answer], unfit


def must_be_looked_at(doubt: ReviewDoubt) -> bool:
    """Whether accepting by reflex would put garbled words into the plan."""
    return doubt.kind in _LOOKED_AT


def can_be_taken_unseen(doubt: ReviewDoubt) -> bool:
    """Whether the question's proposal may be accepted together with others."""
    return doubt.proposal in doubt.choices and not must_be_looked_at(doubt)


def _fits(doubt: ReviewDoubt) -> bool:
    if doubt.answer == ACCEPT:
        return doubt.proposal in doubt.choices
    return doubt.answer in doubt.choices or doubt.answer == CORRECTED or doubt.names_responsible


@dataclass(frozen=True, slots=True)
class Correction:
    """Every value of a row, as a person says it should be.

    Attributes:
        steps: A text with its sub-steps for each.
        responsible: In words, as a cell of the plan would say it: `กองคลัง, กองช่าง` or `ทุกสำนัก/กอง`; empty where
            nobody is named yet.
        start: First day; None, like `end`, where the period is still asked for.
        settled: Places of the questions that this answers.
    """

    number: int
    title: str
    indicators: tuple[int, ...]
    steps: tuple[tuple[str, tuple[str, ...]], ...]
    responsible: str
    start: date | None
    end: date | None
    cadence: str
    quarters_due: tuple[int, ...]
    channels: tuple[str, ...]
    duties: tuple[str, ...]
    settled: tuple[int, ...] = ()


def corrected(review: Review, row_id: str, right: Correction) -> Review:
    """The review with the values of one row, and of its measure, as a person gave them.

    Raises:
        NotFoundError: There is no such row.
        BadInputError: What was given cannot be: the period is the wrong way round or outside the fiscal year.
    """
    after = review.model_copy(deep=True)
    place = after.find(row_id)
    if place is None:
        raise NotFoundError(what="row", what_thai="แถว", key=row_id[:80], remedy="", remedy_thai="")
    measure, row = place
    measure.number, measure.title, measure.indicators = right.number, right.title, list(right.indicators)
    again = [step.recurrence for step in row.steps] if len(row.steps) == len(right.steps) else [None] * len(right.steps)
    row.steps = [
        ReviewStep(text=text, recurrence=how_often, sub_steps=list(below))
        for (text, below), how_often in zip(right.steps, again, strict=True)
    ]
    if right.responsible and responsible_words(row.responsible) != right.responsible:
        row.responsible = responsible_in_words(right.responsible)
    row.period = ReviewPeriod(start=right.start, end=right.end, recurrence=row.period.recurrence)
    row.reporting = ReviewReporting.model_validate({"cadence": right.cadence, "quarters_due": right.quarters_due})
    row.publication_channels, row.monitoring_duties = list(right.channels), list(right.duties)
    _settle(after, right.settled)
    _check_values(after, right.settled)
    return after


def row_of(review: Review, row_id: str) -> ReviewRow:
    """The row of this id.

    Raises:
        NotFoundError: No row of the review has this id.
    """
    place = review.find(row_id)
    if place is None:
        raise NotFoundError(what="row", what_thai="แถว", key=row_id[:80], remedy="", remedy_thai="")
    return place[1]


def headed(review: Review, title: str, fiscal_year_be: int, settled: Collection[int]) -> Review:
    """The review with its title and fiscal year as a person gave them; in another year, periods are read again.

    Whoever corrects the year has answered which one it is, and a title that was left alone moves with it.

    Raises:
        UnknownFiscalYearError: The year cannot be one.
    """
    before, year = review.fiscal_year_be, FiscalYear(fiscal_year_be).be
    after = review.model_copy(deep=True, update={"title": title})
    read_in_year(after, year)
    _settle(after, settled)
    if before != year:
        _settle(after, [n for n, doubt in enumerate(after.doubts) if doubt.kind is DoubtKind.FISCAL_YEAR_UNCLEAR])
    if before is not None and before != year:
        after.title = _moved(title, before, year) if title.split() == review.title.split() else title
        for doubt in after.doubts:
            if doubt.kind is DoubtKind.VALUES_DO_NOT_PAIR:  # its choices quote the periods that were read again
                doubt.choices = {key: _moved(text, before, year) for key, text in doubt.choices.items()}
    return after


def _moved(text: str, before: int, year: int) -> str:
    """A text whose years are those of fiscal year `before`, in the years of another; any other text as it is."""
    return with_years(text, year - before) if set(years_in(text)) <= {before - 1, before} else text


def _settle(review: Review, settled: Collection[int]) -> None:
    for place in settled:
        review.doubts[place].answer = CORRECTED


def _check_values(review: Review, settled: Collection[int] = ()) -> None:
    for place, (problem, problem_thai, remedy, remedy_thai) in faults_of(review):
        if place[0] == "measures" or place[1:2] in {(number,) for number in settled}:
            raise BadInputError(problem=problem, problem_thai=problem_thai, remedy=remedy, remedy_thai=remedy_thai)


_SCOPES: Final = {
    "all_divisions": "ทุกสำนัก/กอง",
    "all_units": "ทุกส่วนราชการ",
    "all_division_heads": "ผู้อำนวยการทุกกอง",
    "missing": "",
}


def responsible_words(who: ReviewResponsible) -> str:
    """Who is responsible, in the words that are read back as the same."""
    if who.scope != "listed":
        return _SCOPES[who.scope]
    names = [f"{party.unit}/{party.subunit}" if party.subunit else party.unit for party in who.parties]
    roles = [" (สนับสนุน)" if party.role == "support" else "" for party in who.parties]
    return ", ".join(name + role for name, role in zip(names, roles, strict=True))


def as_plan(review: Review, year: int | None = None) -> Plan:
    """The plan of an answered review, moved into `year` where it is of another one.

    Raises:
        OpenDoubtsError, IncompletePlanError: It is not answered or not complete yet.
        BadInputError: A value cannot be as it stands.
        UnknownFiscalYearError: The year given cannot be one.
    """
    _check_values(review)
    plan = to_plan(review)
    return plan if year is None or year == plan.fiscal_year_be else plan.rolled_to(FiscalYear(year))


def became(desk: Desk, stored: StoredDraft, year: int, revision: int, *, by: str, now: datetime) -> None:
    """Note which revision a draft was stored as.

    Raises:
        DraftStaleError: Somebody else changed it since.
    """
    after = replace(stored, became=(year, revision), version=stored.version + 1, changed_at=now, changed_by=by)
    if not desk.uow.plan_drafts.save(after, expected=stored.version):
        raise DraftStaleError


def is_about_the_file(doubt: ReviewDoubt) -> bool:
    """Whether a question is of the whole document, so that correcting it means correcting its head."""
    return doubt.row is None or doubt.kind is DoubtKind.FISCAL_YEAR_UNCLEAR
