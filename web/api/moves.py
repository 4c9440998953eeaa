"""Moves of an assignment: a division reports, a supervisor decides. The state machine answers, here as everywhere."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, UploadFile
from pydantic import Field, model_validator

from domain.assignment import Assignment
from domain.figures import Answer
from domain.rights import Right
from domain.submission import CannotDoReason
from services.assignments import hand_in as work
from services.assignments import review
from services.assignments.evidence import checked, checked_link
from services.assignments.receipts import receipt, received
from services.desk import Desk
from services.record import storable
from web.api.assignments import AssignmentId, AssignmentView, EvidenceFile, Sheet, sheet, shown
from web.api.door import Reviewing, Working
from web.api.values import Day, Flag, Model, Name, NonEmpty, Seen, Words
from web.changes import move
from web.door.rights import check_over
from web.door.visit import Visit

router = APIRouter(prefix="/assignments/{assignment_id}", tags=["moves"])
together = APIRouter(prefix="/hand-ins", tags=["moves"])

DAY_LEFT_OUT: Final = (
    "Day to which the result belongs. Not given: the day that an earlier round of this report named, else today."
)


class Heading(Model):
    """Text, or `none: true` where a person confirmed that there is nothing (ไม่มี)."""

    text: Words = ""
    none: Flag = False

    @model_validator(mode="after")
    def _is_answered_once(self) -> Heading:
        if bool(storable(self.text)) == self.none:
            raise ValueError("give either a text or none: true")
        return self


class HandIn(Model):
    """What a division reports; every heading is answered."""

    version: Seen
    result: NonEmpty = Field(examples=["จัดประชุมชี้แจงประมวลจริยธรรม ผู้เข้าร่วม ๔๒ คน"])
    problems: Heading = Field(examples=[{"none": True}])
    suggestions: Heading = Field(examples=[{"text": "ควรจัดทุกไตรมาส"}])
    effective_on: Day | None = Field(default=None, description=DAY_LEFT_OUT)
    receipts: list[Annotated[str, Field(max_length=4000)]] = Field(
        default=[], max_length=50, description="Receipts of the evidence that was sent before."
    )
    links: list[Annotated[str, Field(max_length=2000)]] = Field(
        default=[], max_length=20, description="Addresses as evidence.", examples=[["https://ban-mai.go.th/news/1"]]
    )


class SeenAssignment(Model):
    """An assignment at the version that was seen."""

    id: Name
    version: Seen


class HandInAll(Model):
    """One report for several assignments of a measure; all of them are handed in, or none."""

    assignments: Annotated[list[SeenAssignment], Field(min_length=1, max_length=100)]
    result: NonEmpty
    problems: Heading
    suggestions: Heading
    effective_on: Day | None = Field(default=None, description=DAY_LEFT_OUT)
    links: list[Annotated[str, Field(max_length=2000)]] = Field(default=[], max_length=20)


class Withdrawal(Model):
    """Take a report, or the statement that it cannot be done, back while nobody has decided."""

    version: Seen


class CannotDo(Model):
    """Why it cannot be carried out, by the four official reasons."""

    version: Seen
    kind: CannotDoReason
    reason: Words = Field(default="", description="Needed where the kind is `other`.")


class AskExtension(Model):
    """A later deadline."""

    version: Seen
    until: Day
    reason: NonEmpty


class Verdict(StrEnum):
    """What a supervisor decides."""

    ACCEPT = "accept"
    CONFIRM = "confirm"
    RETURN = "return"
    GRANT = "grant"
    REFUSE = "refuse"


class Decision(Model):
    """A supervisor's decision; returning and refusing need a reason. `confirm` agrees that it cannot be done."""

    version: Seen
    decision: Verdict
    reason: Words = ""


class Acknowledgment(Model):
    """A supervisor takes note of a lateness, with what is ordered; those below read it."""

    version: Seen
    words: Words = Field(default="", description="What is ordered.", examples=["ให้เร่งจัดประชุม"])
    until: Day | None = Field(
        default=None,
        description="Last day on which it is silent. Not given, or later than the office's days: the last of those.",
    )


class Received(EvidenceFile):
    """A file that is kept, and what hands it in."""

    receipt: str = Field(description="Name it in `receipts` when handing in.")


def _act(visit: Visit, act: Callable[[Desk], Assignment]) -> Sheet:
    after = move(visit, act)
    with visit.reading() as desk:
        return sheet(desk, visit, after.id)


@router.post("/evidence", status_code=201)
def send_evidence(visit: Working, assignment_id: AssignmentId, file: UploadFile) -> Received:
    """Send a file ahead; it belongs to the assignment only when it is handed in. Checked by content, at most 50 MB."""
    with visit.reading() as desk:
        # Nothing is kept for an assignment that is not there, or not theirs to see.
        check_over(visit, desk, Right.SEE_DIVISION, desk.uow.assignments.get(assignment_id).division)
    (evidence,) = work.keep(visit.system.files, [checked(file.filename or "file", file.file)])
    token = receipt(visit.system.secret, visit.office, assignment_id, visit.person, evidence)
    return Received(name=evidence.name, sha256=evidence.sha256, size_bytes=evidence.size_bytes, receipt=token)


@router.post("/hand-in")
def hand_in(visit: Working, assignment_id: AssignmentId, body: HandIn) -> Sheet:
    """Report the result."""
    files = received(visit.system.secret, visit.office, assignment_id, visit.person, body.receipts)
    files += [checked_link(link) for link in body.links]
    result = work.Result(
        result=body.result,
        problems=Answer(text=body.problems.text, is_none_confirmed=body.problems.none),
        suggestions=Answer(text=body.suggestions.text, is_none_confirmed=body.suggestions.none),
        effective_on=body.effective_on,
    )
    return _act(
        visit,
        lambda desk: work.hand_in(
            desk, assignment_id, result, files, by=visit.person, now=visit.now, version=body.version
        ),
    )


@together.post("")
def hand_in_all(visit: Working, body: HandInAll) -> list[AssignmentView]:
    """Hand several in with one report."""
    result = work.Result(
        result=body.result,
        problems=Answer(text=body.problems.text, is_none_confirmed=body.problems.none),
        suggestions=Answer(text=body.suggestions.text, is_none_confirmed=body.suggestions.none),
        effective_on=body.effective_on,
    )
    links = [checked_link(link) for link in body.links]
    chosen = list({item.id: (item.id, item.version) for item in body.assignments}.values())
    done: list[Assignment] = []

    def act(desk: Desk) -> Assignment:
        done.extend(work.hand_in_all(desk, chosen, result, links, by=visit.person, now=visit.now))
        return done[-1]

    move(visit, act)
    with visit.reading() as desk:
        return [shown(desk, assignment, visit.now) for assignment in done]


@router.post("/withdraw")
def withdraw(visit: Working, assignment_id: AssignmentId, body: Withdrawal) -> Sheet:
    """Take the report, or the statement that it cannot be done, back while nobody has decided."""
    return _act(
        visit, lambda desk: work.withdraw(desk, assignment_id, by=visit.person, now=visit.now, version=body.version)
    )


@router.post("/cannot-do")
def cannot_do(visit: Working, assignment_id: AssignmentId, body: CannotDo) -> Sheet:
    """State that it cannot be carried out; a supervisor must agree."""
    return _act(
        visit,
        lambda desk: work.state_cannot_do(
            desk, assignment_id, body.kind, reason=body.reason, by=visit.person, now=visit.now, version=body.version
        ),
    )


@router.post("/ask-extension")
def ask_extension(visit: Working, assignment_id: AssignmentId, body: AskExtension) -> Sheet:
    """Ask the supervisor for a later deadline."""
    return _act(
        visit,
        lambda desk: review.ask_extension(
            desk, assignment_id, body.until, reason=body.reason, by=visit.person, now=visit.now, version=body.version
        ),
    )


@router.post("/decide")
def decide(visit: Reviewing, assignment_id: AssignmentId, body: Decision) -> Sheet:
    """Accept or return a report; agree that it cannot be done; grant or refuse more time."""
    by, now, version = visit.person, visit.now, body.version
    acts: dict[Verdict, Callable[[Desk], Assignment]] = {
        Verdict.ACCEPT: lambda desk: review.accept(desk, assignment_id, by=by, now=now, version=version),
        Verdict.CONFIRM: lambda desk: review.confirm(desk, assignment_id, by=by, now=now, version=version),
        Verdict.RETURN: lambda desk: review.return_(
            desk, assignment_id, reason=body.reason, by=by, now=now, version=version
        ),
        Verdict.GRANT: lambda desk: review.decide_extension(
            desk, assignment_id, granted=True, by=by, now=now, version=version
        ),
        Verdict.REFUSE: lambda desk: review.decide_extension(
            desk, assignment_id, granted=False, reason=body.reason, by=by, now=now, version=version
        ),
    }
    return _act(visit, acts[body.decision])


@router.post("/acknowledge")
def acknowledge(visit: Reviewing, assignment_id: AssignmentId, body: Acknowledgment) -> Sheet:
    """Take note of a lateness: the levels up to one's own, but the officer, are silent through the last day."""
    return _act(
        visit,
        lambda desk: review.acknowledge(
            desk,
            assignment_id,
            words=body.words,
            until=body.until,
            by=visit.person,
            now=visit.now,
            version=body.version,
        ),
    )
