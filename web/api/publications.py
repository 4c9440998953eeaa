"""What the public may read: published one thing at a time by whoever answers for it, and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from domain.publication import Publication, PublicKind
from domain.report_period import UNNAMED, ReportKind, ReportPeriod
from domain.rights import Right
from services.reporting import publish
from web.api.assignments import AssignmentId
from web.api.door import Reviewing
from web.api.values import Key, Line, Model, Number, Quarter, Sha256, Year
from web.changes import changing_alone
from web.door.rights import check, check_for_office, check_over
from web.door.visit import Visit

router = APIRouter(prefix="/publications", tags=["publications"])


class PublicationView(Model):
    """One version of a public document; its address is never used for anything else."""

    kind: PublicKind
    subject: str
    version: int
    fiscal_year: int
    title: str
    file_name: str
    sha256: str
    published_at: datetime
    published_by: str
    withdrawn_at: datetime | None
    path: str = Field(description="Address below that of the pages.")


class PlanToPublish(Model):
    """The plan in force of a fiscal year."""

    fiscal_year: Year


class ReportToPublish(Model):
    """A final report."""

    fiscal_year: Year
    kind: ReportKind = Field(default=UNNAMED, description="Kind of report.")
    quarter: Quarter
    revision: Annotated[int, Field(strict=True, ge=1, le=100_000)]
    is_read: Literal[True] = Field(description="Confirmed by a person who has read it; a program cannot know.")


class EvidenceToPublish(Model):
    """A title of its own, and the word of a person who has looked through the file."""

    title: Annotated[Line, Field(min_length=1, pattern=r"\S")]
    holds_no_personal_data: Literal[True] = Field(description="Confirmed by a person; a program cannot know.")


def _view(visit: Visit, made: Publication) -> PublicationView:
    return PublicationView(
        kind=made.kind,
        subject=made.subject,
        version=made.version,
        fiscal_year=made.fiscal_year_be,
        title=made.title,
        file_name=made.file_name,
        sha256=made.sha256,
        published_at=made.published_at,
        published_by=made.published_by,
        withdrawn_at=made.withdrawn_at,
        path=f"/public/{visit.office}/{made.kind}/{made.subject}/{made.version}",
    )


@router.get("")
def every_publication(visit: Reviewing) -> list[PublicationView]:
    """Everything that is or was public."""
    with visit.reading() as desk:
        check(visit, desk, Right.OVERSEE)
        return [_view(visit, made) for made in desk.uow.publications.all()]


@router.post("/plan", status_code=201)
def plan(visit: Reviewing, body: PlanToPublish) -> PublicationView:
    """Make the plan in force public."""
    with visit.reading() as desk:
        check_for_office(visit, desk)
        content = publish.document_of(publish.public_plan(desk, body.fiscal_year))
    visit.system.files.put(content, what="The plan", what_thai="แผน")
    with changing_alone(visit) as desk:
        made = publish.publish_plan(desk, content, by=visit.person, now=visit.now)
        desk.uow.commit()
    return _view(visit, made)


@router.post("/report", status_code=201)
def report(visit: Reviewing, body: ReportToPublish) -> PublicationView:
    """Make a final report public."""
    period, revision = ReportPeriod(body.kind, body.fiscal_year, body.quarter), body.revision
    with visit.reading() as desk:
        check_for_office(visit, desk)
        frozen = publish.frozen(desk, publish.final_report(desk, period, revision))
    content = publish.document_for_all(frozen)
    visit.system.files.put(content, what="The report", what_thai="รายงาน")
    with changing_alone(visit) as desk:
        made = publish.publish_report(desk, period, revision, content, by=visit.person, now=visit.now)
        desk.uow.commit()
    return _view(visit, made)


@router.post("/evidence/{assignment_id}/{sha256}", status_code=201)
def evidence(visit: Reviewing, assignment_id: AssignmentId, sha256: Sha256, body: EvidenceToPublish) -> PublicationView:
    """Make one file of an accepted result public, after a person has looked through it."""
    with visit.reading() as desk:
        check_over(visit, desk, Right.OVERSEE_DIVISION, desk.uow.assignments.get(assignment_id).division)
        _, line = publish.evidence_of(desk, assignment_id, sha256)
    content = publish.evidence_for_all(visit.system.files, line)
    with changing_alone(visit) as desk:
        made = publish.publish_evidence(
            desk, assignment_id, sha256, body.title, content, is_checked=True, by=visit.person, now=visit.now
        )
        desk.uow.commit()
    return _view(visit, made)


@router.post("/{kind}/{subject}/{version}/withdraw")
def withdraw(visit: Reviewing, kind: PublicKind, subject: Key, version: Number) -> PublicationView:
    """Take a version back; its address stays and says so."""
    with changing_alone(visit) as desk:
        made = publish.publication_of(desk, kind, subject, version)
        publish.check_withdrawable(desk, check(visit, desk, Right.OVERSEE), made)
        after = publish.withdraw(desk, made, by=visit.person, now=visit.now)
        desk.uow.commit()
    return _view(visit, after)
