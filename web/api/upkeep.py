"""What the administrator looks after: ledger, outbox, health."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field

from domain.errors import NotFoundError
from domain.outbox import Letter, LetterState
from services import clock
from services.operations.audit import audit, examine_ledger
from services.operations.doctor import examine
from services.outbox import resend
from web.api.door import Administering
from web.api.problems import language_of
from web.api.values import Key, Limit, Model
from web.view.failures import sentence_of

router = APIRouter(tags=["upkeep"])

LAST_SEQ = 2_000_000_000


class Line(Model):
    """A line of the ledger; `hash` covers it and the line before."""

    seq: int
    at: datetime
    kind: str = Field(examples=["assignment.hand_in"])
    actor: str = Field(description="Key of the person who acted, or `clock`.")
    subject: str
    data: dict[str, Any]
    previous: str
    hash: str


class Verification(Model):
    """What came of computing the whole chain again."""

    is_sound: bool
    lines: int
    hash: str = Field(description="Hash of the last line.")
    fault: str = Field(description="What is wrong, empty where nothing is.")


class LetterView(Model):
    """A mail to one person, without its text: the links in it are the person's."""

    id: str
    person: str
    subject: str
    state: LetterState
    created_at: datetime
    attempts: int
    next_try_at: datetime
    settled_at: datetime | None
    remark: str = Field(description="The server's reply, or why it waits or is parked.")


class Resent(Model):
    """How many letters are in the queue again."""

    again: int


class Check(Model):
    """What one check of the installation found."""

    what: str
    is_fine: bool
    said: str


class Audited(Model):
    """What should have happened by now and has not."""

    is_clean: bool
    findings: list[str]
    lines: int = Field(description="Length of the sound ledger.")


class Confirmed(Model):
    """The time that an administrator vouched for."""

    at: datetime


class Health(Model):
    """The state of the installation."""

    is_fine: bool
    checks: list[Check]


@router.get("/ledger")
def ledger(
    visit: Administering,
    after: Annotated[int, Query(ge=0, le=LAST_SEQ, description="Number of the last line that is known.")] = 0,
    limit: Limit = 100,
) -> list[Line]:
    """Lines in order; ask again with the number of the last one until none follows."""
    with visit.reading() as desk:
        lines = desk.uow.ledger.after(after, limit)
    return [
        Line(
            seq=line.seq,
            at=line.entry.at,
            kind=line.entry.kind,
            actor=line.entry.actor,
            subject=line.entry.subject,
            data=dict(line.entry.data),
            previous=line.previous,
            hash=line.hash,
        )
        for line in lines
    ]


@router.get("/ledger/verification")
def verify(request: Request, visit: Administering) -> Verification:
    """Compute the whole chain again."""
    with visit.reading() as desk:
        count, broken = examine_ledger(desk.uow)
        last = desk.uow.ledger.head()[1]
    fault = sentence_of(broken, language_of(request)) if broken else ""
    return Verification(is_sound=broken is None, lines=count, hash=last, fault=fault)


@router.get("/outbox")
def outbox(visit: Administering, state: LetterState | None = None, limit: Limit = 100) -> list[LetterView]:
    """Letters, the newest first."""
    with visit.reading() as desk:
        letters = desk.uow.letters.all(state)
    return [_letter(letter) for letter in letters[::-1][:limit]]


def _letter(letter: Letter) -> LetterView:
    return LetterView(
        id=letter.id,
        person=letter.person,
        subject=letter.subject,
        state=letter.state,
        created_at=letter.created_at,
        attempts=letter.attempts,
        next_try_at=letter.next_try_at,
        settled_at=letter.settled_at,
        remark=letter.remark,
    )


@router.get("/outbox/{letter}")
def one(visit: Administering, letter: Key) -> LetterView:
    """One letter."""
    with visit.reading() as desk:
        entry = next((entry for entry in desk.uow.letters.all() if entry.id == letter), None)
    if entry is None:
        raise NotFoundError(what="letter", what_thai="จดหมาย", key=letter[:80], remedy="", remedy_thai="")
    return _letter(entry)


@router.post("/outbox/{letter}/resend")
def send_again(visit: Administering, letter: Key) -> Resent:
    """Put a parked letter, or `all` of them, back into the queue."""
    with visit.changing() as desk:
        again = resend.send_again(desk, letter, by=visit.person, now=visit.now)
        desk.uow.commit()
    return Resent(again=again)


@router.get("/audit")
def compare(request: Request, visit: Administering) -> Audited:
    """What the plan wants to have happened by now, computed again, against what is recorded."""
    is_thai = language_of(request) == "th"
    with visit.reading() as desk:
        result = audit(desk, visit.now)
    sentences = [finding.sentence_thai if is_thai else finding.sentence for finding in result.findings]
    return Audited(is_clean=result.is_clean, findings=sentences, lines=result.lines)


@router.get("/health")
def health(request: Request, visit: Administering) -> Health:
    """Every check of the installation."""
    is_thai = language_of(request) == "th"
    checks = [
        Check(what=check.what, is_fine=check.is_fine, said=check.sentence_thai if is_thai else check.sentence)
        for check in examine(visit.system, visit.office)
    ]
    return Health(is_fine=all(check.is_fine for check in checks), checks=checks)


@router.post("/clock/confirmation")
def confirm_clock(visit: Administering) -> Confirmed:
    """Take the administrator's word that the clock is right after the service was off for long."""
    with visit.system.desk(visit.office) as desk:  # `changing` would ask for the very word that is given here
        clock.confirm(desk.uow, visit.now, by=visit.person)
        desk.uow.commit()
    return Confirmed(at=visit.now)
