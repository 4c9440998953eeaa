"""What is asked of the divisions: lists in pages, one assignment with all that belongs to it, its files."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from fastapi.responses import FileResponse
from pydantic import Field

from domain.assignment import ACTIONABLE, Assignment, State
from domain.errors import BadInputError, NotFoundError
from domain.moves import Move
from domain.people import Level
from domain.rights import Right
from domain.submission import CannotDoReason
from domain.waiting import Wait
from services.desk import Desk
from services.overview import inbox
from services.overview.inbox import Bucket
from services.record import IN_PLACE_OF
from storage.assignments import Wanted
from web.api.door import Reading
from web.api.values import AskedQuarter, AskedYear, Limit, Model, Sha256
from web.door.rights import check_over, divisions_with, moves_for, roles_of
from web.door.visit import Visit

router = APIRouter(prefix="/assignments", tags=["assignments"])

AssignmentId = Annotated[
    str, Path(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f/\\]+$", examples=["2570-m1.1-chang-q1"])
]
HISTORY_SHOWN: Final = 500


class CursorError(BadInputError):
    """A cursor that no page gave."""

    english = "This cursor is not one that a page gave. Begin without one."
    thai = "ตัวชี้หน้านี้ไม่ได้มาจากหน้าก่อน โปรดเริ่มใหม่โดยไม่ระบุ"


class Period(Model):
    """The days an assignment reports on."""

    key: str = Field(examples=["q1"])
    label: str = Field(examples=["ไตรมาสที่ ๑"])
    start: date
    end: date
    quarter: int


class Told(Model):
    """Problems or suggestions: text, or `ไม่มี` confirmed by a person."""

    text: str
    is_none_confirmed: bool


class Report(Model):
    """What a division reported."""

    result: str
    problems: Told
    suggestions: Told
    effective_on: date


class Awaited(StrEnum):
    """What waits for a decision."""

    REPORT = "report"
    CANNOT_DO = "cannot_do"
    EXTENSION = "extension"


class Asked(Model):
    """A division asks for a later deadline."""

    due_on: date
    reason: str
    by: str


class Waits(Model):
    """Something of an assignment that waits for a decision."""

    what: Awaited
    by: str = Field(description="Key of the person who handed in, stated or asked: they do not decide it.")
    since: date = Field(description="The deciders' working days are counted from it.")
    lies_with: list[str] = Field(description="Keys of the persons who decide it today.")
    level: Level = Field(description="Their level.")


class Noted(Model):
    """Somebody above took note of the lateness."""

    by: str
    level: Level
    on: date
    until: date = Field(description="Last day on which levels up to theirs, but the officer, are not told.")


class AssignmentView(Model):
    """One step, one division, one period."""

    id: str = Field(examples=["2570-m1.1-chang-q1"])
    version: int = Field(description="Send it back with a move; it grows with every change.")
    fiscal_year: int
    measure: str = Field(description="Key of the measure.", examples=["m1"])
    measure_number: int
    measure_title: str
    step: str = Field(description="Key of the step.", examples=["m1.1"])
    step_text: str
    division: str
    division_name: str
    period: Period
    state: State
    shelf: Bucket = Field(description="Where a list shows it: what the clock and the people make of its state.")
    due_on: date
    deadline_version: int = Field(description="Grows whenever the deadline changes.")
    late_workdays: int
    handed_in_at: datetime | None
    handed_in_by: str
    report: Report | None
    cannot_do: CannotDoReason | None
    reason: str = Field(description="Why it was returned, or why it cannot be done.")
    extension: Asked | None
    acknowledged_until: date | None
    acknowledgments: list[Noted] = Field(description="Those of the deadline in force, the earliest first.")
    waits: list[Waits] = Field(description="What waits for a decision now.")
    is_decided_alone: bool = Field(
        description="Who handed in or stated decided it as well: the line of command has nobody else."
    )


class Page(Model):
    """Some of the assignments; `next` is the cursor of those that follow."""

    items: list[AssignmentView]
    next: str | None


class EvidenceFile(Model):
    """A file handed in with an assignment."""

    name: str = Field(examples=["ภาพกิจกรรม.jpg"])
    sha256: str
    size_bytes: int
    url: str | None = Field(default=None, description="Of a link: where it leads. A link is not downloaded here.")


class Sheet(Model):
    """One assignment with what belongs to it."""

    assignment: AssignmentView
    evidence: list[EvidenceFile]
    moves: list[Move] = Field(description="Moves that this token's person may make now.")
    next_notice_on: date | None
    next_notice_to: list[str]


class Happened(Model):
    """A line of the ledger about this assignment."""

    seq: int
    at: datetime
    kind: str = Field(examples=["assignment.hand_in"])
    actor: str
    in_place_of: Level | None = Field(description="The vacant level in whose place the actor had the right, if so.")


@router.get("")
def page(
    visit: Reading,
    fiscal_year: AskedYear = None,
    quarter: AskedQuarter = None,
    division: Annotated[str, Query(max_length=120)] = "",
    measure: Annotated[str, Query(max_length=120)] = "",
    state: Annotated[list[State] | None, Query(description="May be given again.")] = None,
    *,
    overdue: Annotated[
        bool, Query(description="Only what the division must act on and whose deadline passed.")
    ] = False,
    cursor: Annotated[str, Query(max_length=400, description="`next` of the page before.")] = "",
    limit: Limit = 50,
) -> Page:
    """Assignments of the divisions that the person works in, supervises or administers, by deadline."""
    after = _read_cursor(cursor) if cursor else None
    with visit.reading() as desk:
        wanted = Wanted(
            divisions=_seen(visit, desk, division.replace("\0", "")),
            fiscal_year_be=fiscal_year,
            quarter=quarter,
            measure_key=measure.replace("\0", "") or None,
            states=tuple(state or ()),
        )
        if overdue:
            wanted = _overdue(desk, wanted, visit.now)
        assignments = desk.uow.assignments.page(wanted, after, limit + 1)
        items = [shown(desk, assignment, visit.now) for assignment in assignments[:limit]]
    return Page(items=items, next=_cursor(assignments[limit - 1]) if len(assignments) > limit else None)


def _seen(visit: Visit, desk: Desk, division: str) -> tuple[str, ...]:
    seen = divisions_with(desk, roles_of(visit, desk), Right.SEE_DIVISION)
    return tuple(unit.key for unit in seen if division in ("", unit.key))


def _overdue(desk: Desk, wanted: Wanted, now: datetime) -> Wanted:
    """Narrowed to what the division must act on and whose deadline has passed at `now`."""
    today = desk.workdays.local_day(now)
    last = today if desk.workdays.closing_instant(today) < now else today - timedelta(days=1)
    states = tuple(s for s in ACTIONABLE if not wanted.states or s in wanted.states)
    # No state that the caller names is one to act on: then nothing is overdue, and no state must not mean any.
    return replace(wanted, states=states, due_by=last) if states else replace(wanted, divisions=())


def _cursor(last: Assignment) -> str:
    return base64.urlsafe_b64encode(f"{last.due_on.isoformat()} {last.id}".encode()).rstrip(b"=").decode()


def _read_cursor(text: str) -> tuple[date, str]:
    try:
        plain = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        day, _, key = plain.partition(" ")
        cursor = date.fromisoformat(day), key
    except (binascii.Error, ValueError):
        raise CursorError from None
    if not key or "\0" in key:
        raise CursorError
    return cursor


@router.get("/{assignment_id}")
def one(visit: Reading, assignment_id: AssignmentId) -> Sheet:
    """One assignment."""
    with visit.reading() as desk:
        return sheet(desk, visit, assignment_id)


def sheet(desk: Desk, visit: Visit, assignment_id: str) -> Sheet:
    """One assignment with its files, what comes next, and what the visitor may do.

    Raises:
        NotFoundError: The office has none of this id.
        NotForYouError: It is another division's.
    """
    view = inbox.sheet(desk, assignment_id, visit.now)
    check_over(visit, desk, Right.SEE_DIVISION, view.assignment.division)
    return Sheet(
        assignment=shown(desk, view.assignment, visit.now),
        evidence=[
            EvidenceFile(name=e.name, sha256=e.sha256, size_bytes=e.size_bytes, url=e.url) for e in view.evidence
        ],
        moves=moves_for(visit, desk, view.assignment),
        next_notice_on=view.next_on,
        next_notice_to=list(view.next_to),
    )


def shown(desk: Desk, a: Assignment, now: datetime) -> AssignmentView:
    """An assignment as the interface writes it."""
    card, submission, asked = inbox.card(desk, a, now), a.submission, a.extension
    return AssignmentView(
        id=a.id,
        version=a.version,
        fiscal_year=a.fiscal_year_be,
        measure=a.measure_key,
        measure_number=card.measure_number,
        measure_title=card.measure_title,
        step=a.step_key,
        step_text=card.step,
        division=a.division,
        division_name=card.division_name,
        period=Period(
            key=a.period.key,
            label=a.period.label,
            start=a.period.span.start,
            end=a.period.span.end,
            quarter=a.period.quarter,
        ),
        state=a.state,
        shelf=card.bucket,
        due_on=a.due_on,
        deadline_version=a.deadline_version,
        late_workdays=card.late_workdays,
        handed_in_at=a.handed_in_at,
        handed_in_by=a.handed_in_by,
        report=None
        if submission is None
        else Report(
            result=submission.result,
            problems=Told(**submission.problems.model_dump()),
            suggestions=Told(**submission.suggestions.model_dump()),
            effective_on=submission.effective_on,
        ),
        cannot_do=a.cannot_do,
        reason=a.reason,
        extension=None if asked is None else Asked(due_on=asked.due_on, reason=asked.reason, by=asked.by),
        acknowledged_until=a.acknowledged_until,
        acknowledgments=[Noted(by=n.person, level=n.level, on=n.on, until=n.until) for n in a.acknowledgments],
        waits=[_waits(desk, a, wait, now) for wait in a.waits],
        is_decided_alone=a.waiting is not None and a.waiting.is_own,
    )


def _waits(desk: Desk, a: Assignment, wait: Wait, now: datetime) -> Waits:
    seat = desk.line(a.division, now).deciders(wait.by, wait.level)
    what = {State.HANDED_IN: Awaited.REPORT, State.CANNOT_DO_STATED: Awaited.CANNOT_DO}
    return Waits(
        what=what.get(a.state, Awaited.EXTENSION),
        by=wait.by,
        since=wait.since,
        lies_with=list(seat.persons),
        level=seat.level,
    )


@router.get("/{assignment_id}/history")
def history(visit: Reading, assignment_id: AssignmentId) -> list[Happened]:
    """What happened to an assignment, the oldest first."""
    with visit.reading() as desk:
        check_over(visit, desk, Right.SEE_DIVISION, desk.uow.assignments.get(assignment_id).division)
        lines = list(desk.uow.ledger.lines(assignment_id))[-HISTORY_SHOWN:]
    return [
        Happened(
            seq=line.seq,
            at=line.entry.at,
            kind=line.entry.kind,
            actor=line.entry.actor,
            in_place_of=Level(place) if (place := str(line.entry.data.get(IN_PLACE_OF, ""))) else None,
        )
        for line in lines
    ]


@router.get("/{assignment_id}/evidence")
def evidence(visit: Reading, assignment_id: AssignmentId) -> list[EvidenceFile]:
    """Files handed in with an assignment, by name."""
    with visit.reading() as desk:
        check_over(visit, desk, Right.SEE_DIVISION, desk.uow.assignments.get(assignment_id).division)
        lines = desk.uow.evidence.of(assignment_id)
    return [EvidenceFile(name=e.name, sha256=e.sha256, size_bytes=e.size_bytes, url=e.url) for e in lines]


FILE: Final[dict[int | str, dict[str, object]]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}
"""An answer that is a file, for the OpenAPI document."""


@router.get("/{assignment_id}/evidence/{sha256}", response_class=FileResponse, responses=FILE)
def download(visit: Reading, assignment_id: AssignmentId, sha256: Sha256) -> FileResponse:
    """One file, as it was handed in."""
    with visit.reading() as desk:
        check_over(visit, desk, Right.SEE_DIVISION, desk.uow.assignments.get(assignment_id).division)
        names = _names(e.name for e in desk.uow.evidence.of(assignment_id) if e.sha256 == sha256)
    return attachment(visit, sha256, names)


def _names(names: Iterable[str]) -> str:
    name = next(iter(names), None)
    if name is None:
        raise NotFoundError(what="evidence", what_thai="หลักฐาน", key="file", remedy="", remedy_thai="")
    return name


def attachment(visit: Visit, sha256: str, name: str) -> FileResponse:
    """A kept file as an attachment that no browser runs.

    Raises:
        NotFoundError: The file is not where it was kept.
    """
    path = visit.system.files.path(sha256)
    if not path.is_file():
        raise NotFoundError(what="file", what_thai="ไฟล์", key=sha256[:12], remedy="", remedy_thai="")
    return FileResponse(
        path,
        media_type="application/octet-stream",
        filename=name,
        headers={"content-security-policy": "default-src 'none'; sandbox"},
    )
