"""แผน: the revisions of every fiscal year, the documents under review, and the way in for a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from domain.errors import BadInputError, SucharitError
from domain.thai import arabic_digits
from plans.readers import READERS
from plans.review import Review, open_doubts
from services.desk import Desk
from services.planning import drafts as plan_drafts
from services.planning.plans import waiting
from services.planning.uploads import MOST_BYTES, ReadIn, read_in, review_in, safe_name
from storage.drafts import StoredDraft
from storage.offices import PlanRevision
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.pages.plans import labels
from web.view.failures import sentence_of, status_of
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/plans")

Short = Annotated[str, Form(max_length=200)]

_NOTHING: Final[Mapping[str, str]] = {}
_YEAR_LETTERS: Final = 4


class NoFileError(BadInputError):
    """The form came without a document."""

    english = "Choose the plan's document first."
    thai = "โปรดเลือกไฟล์แผนก่อน"


class NoYearError(BadInputError):
    """What stands where a fiscal year should is none."""

    english = "“{text}” is no fiscal year. Write it like 2570."
    thai = "“{text}” ไม่ใช่ปีงบประมาณ โปรดเขียนเช่น ๒๕๗๐"


@dataclass(frozen=True, slots=True)
class Underway:
    """A document under review: how many questions it has and how many are open."""

    stored: StoredDraft
    by: str
    questions: int
    open: int


@dataclass(frozen=True, slots=True)
class Year:
    """Revisions of a fiscal year, the newest first; `holds` is the number of the one in force, 0 where none is."""

    be: int
    revisions: tuple[PlanRevision, ...]
    holds: int
    waiting: frozenset[int]


@router.get("")
def show(request: Request, visit: Looking, done: Annotated[str, Query(max_length=20)] = "") -> Response:
    """Every plan and every document under review."""
    return _page(request, visit, done=done)


def _page(
    request: Request,
    visit: Visit,
    *,
    status: int = 200,
    faults: Mapping[str, str] = _NOTHING,
    typed: Mapping[str, str] = _NOTHING,
    done: str = "",
) -> Response:
    with visit.reading() as desk:
        years = _years(desk)
        drafts = [_underway(desk, stored, visit.now) for stored in desk.uow.plan_drafts.underway()]
        names = {person.key: person.name for person in desk.people.persons}
    return render(
        request,
        "plans/list.html",
        status=status,
        visit=visit,
        years=years,
        drafts=drafts,
        names=names,
        faults=faults,
        typed={"year": ""} | dict(typed),
        kinds=",".join((*sorted(READERS), ".yaml", ".yml")),
        done=done,
        labels=labels,
    )


def _years(desk: Desk) -> list[Year]:
    """Fiscal years with plans, the latest first."""
    by_year: dict[int, list[PlanRevision]] = {}
    for stored in desk.uow.plans.all():
        by_year.setdefault(stored.plan.fiscal_year_be, []).append(stored)
    holds = {stored.plan.fiscal_year_be: stored.revision for stored in desk.plans}
    return [
        Year(
            be,
            tuple(revisions[::-1]),
            holds.get(be, 0),
            frozenset(revision.revision for revision in waiting(revisions)),
        )
        for be, revisions in sorted(by_year.items(), reverse=True)
    ]


def _underway(desk: Desk, stored: StoredDraft, now: datetime) -> Underway:
    review = plan_drafts.review_in(desk, stored, now)
    return Underway(stored, desk.person_name(stored.changed_by), len(review.doubts), len(open_doubts(review)))


@router.post("/upload")
def upload(
    request: Request,
    visit: Acting,
    document: UploadFile | None = None,
    earlier: UploadFile | None = None,
    year: Short = "",
) -> Response:
    """Read a document in a process of its own and keep the draft with its questions."""
    field = "document"
    try:
        be, field = year_of(year), "earlier"
        before, field = _earlier(earlier), "document"
        reading = _read(document, be, before)
    except SucharitError as error:
        name = "year" if isinstance(error, NoYearError) else field
        faults = {name: sentence_of(error, language_of(request))}
        return _page(request, visit, status=_refusal(error), faults=faults, typed={"year": year})
    sha256 = visit.system.files.put(reading.content, what=reading.name, what_thai=reading.name)
    with visit.changing() as desk:
        stored = plan_drafts.keep(desk, reading, sha256, by=visit.person, now=visit.now)
        desk.uow.commit()
    return RedirectResponse(f"/admin/plans/drafts/{stored.id}", status_code=303)


def _refusal(error: SucharitError) -> int:
    """A file that is no plan is a field that is filled in wrong, unless something else is said of it."""
    status = status_of(error)
    return 422 if status == 400 else status  # noqa: PLR2004 -- the status of an error that has none of its own


def _read(document: UploadFile | None, year: int | None, earlier: Review | None) -> ReadIn:
    if document is None or not document.filename:
        raise NoFileError
    return read_in(document.filename, document.file.read(MOST_BYTES + 1), year=year, earlier=earlier)


def _earlier(file: UploadFile | None) -> Review | None:
    if file is None or not file.filename:
        return None
    return review_in(safe_name(file.filename), file.file.read(MOST_BYTES + 1))


def year_of(text: str) -> int | None:
    """A fiscal year as people write it; None where nothing is written.

    Raises:
        NoYearError: It is no number of four digits.
    """
    plain = arabic_digits(text.strip())
    if not plain:
        return None
    if not (plain.isdecimal() and len(plain) == _YEAR_LETTERS):
        raise NoYearError(text=text[:20])
    return int(plain)


@router.post("/drafts/{draft_id}/drop")
def drop(visit: Acting, draft_id: str, version: Annotated[int, Form()]) -> Response:
    """Forget a document under review."""
    with visit.changing() as desk:
        plan_drafts.drop(desk, draft_id, version, by=visit.person, now=visit.now)
        desk.uow.commit()
    return RedirectResponse("/admin/plans?done=dropped", status_code=303)
