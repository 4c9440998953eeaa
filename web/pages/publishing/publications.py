"""เผยแพร่: supervisors and the administrator decide what the public may read, one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import BadInputError
from domain.public_report import left_out, to_read_closely
from domain.publication import LICENCE, LICENCE_ADDRESS, PublicKind
from domain.report_period import ReportPeriod
from domain.rights import Right, Roles
from services.desk import Desk
from services.overview.progress import year_shown
from services.record import storable
from services.reporting import publish
from services.reporting.public_copy import NotCleanableError
from services.reporting.quarter_report import file_name
from storage.records import AcceptedFile
from web.changes import changing_alone
from web.door.form import Posting
from web.door.report_period import Period, Year
from web.door.rights import check, check_for_office, check_over, divisions_with
from web.door.visit import Visit, Visiting
from web.view.failures import sentence_of
from web.view.render import language_of, render

router = APIRouter(prefix="/publishing")

FILES_SHOWN: Final = 100
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOTHING: Final[Mapping[str, str]] = {}

Short = Annotated[str, Form(max_length=400)]
Revision = Annotated[int, Path(ge=1, le=9999)]
AssignmentId = Annotated[str, Path(max_length=200)]
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


@router.get("")
def show(
    request: Request,
    visit: Visiting,
    year: Annotated[str, Query(max_length=4)] = "",
    done: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """What is public, and what could be."""
    with visit.reading() as desk:
        roles = check(visit, desk, Right.OVERSEE)
        chosen = year_shown(desk, visit.now, int(year) if year.isascii() and year.isdecimal() else None)
        published = desk.uow.publications.all()
        public = {(publication.subject, publication.file_name) for publication in published if publication.is_public}
        shown = {
            publication.subject
            for publication in published
            if publication.is_public and publication.kind is PublicKind.EVIDENCE
        }
        reports = [
            r
            for r in desk.uow.reports.headlines()
            if r.is_final and r.file_sha256 and (r.period.key, file_name(r)) not in public
        ]
        values: dict[str, Any] = {
            "years": sorted((stored.plan.fiscal_year_be for stored in desk.plans), reverse=True),
            "year": chosen,
            "published": publish.withdrawable(desk, roles, published),
            "reports": reports,
            "files": [
                file
                for file in _files(desk, roles, chosen)
                if publish.subject_of(file.assignment, file.sha256) not in shown
            ],
            "names": {division.key: division.name for division in desk.people.divisions},
            "people": {
                publication.published_by: desk.person_name(publication.published_by) for publication in published
            },
            "steps": {step.key: step.text for _, step in desk.document(chosen).steps()} if chosen else {},
        }
    return render(
        request, "publishing/publications.html", visit=visit, done=done,
        is_for_office=roles.has(Right.SPEAK_FOR_OFFICE), files_shown=FILES_SHOWN, office=visit.office, **values,
    )  # fmt: skip


def _files(desk: Desk, roles: Roles, year: int | None) -> list[AcceptedFile]:
    """Files of accepted results that the visitor may publish; none of measures about complaints."""
    if year is None:
        return []
    divisions = [division.key for division in divisions_with(desk, roles, Right.OVERSEE_DIVISION)]
    plan = desk.document(year)
    secret = {step.key for measure, step in plan.steps() if publish.step_is_about_complaints(measure, step)}
    measures = [m.key for m in plan.measures if any(step.key not in secret for step in m.steps)]
    files = desk.uow.evidence.accepted(year, divisions, measures, most=FILES_SHOWN)
    return [file for file in files if file.step_key not in secret]


@router.get("/plan/{year}")
def preview_plan(request: Request, visit: Visiting, year: Year) -> Response:
    """The plan as the public would read it."""
    with visit.reading() as desk:
        check_for_office(visit, desk)
        plan = publish.public_plan(desk, year)
    return render(
        request, "publishing/plan.html", visit=visit, plan=plan, licence=LICENCE, licence_address=LICENCE_ADDRESS
    )


@router.post("/plan/{year}")
def plan(visit: Posting, year: Year) -> Response:
    """Make the plan in force public."""
    with visit.reading() as desk:
        check_for_office(visit, desk)
        content = publish.document_of(publish.public_plan(desk, year))
    visit.system.files.put(content, what="The plan", what_thai="แผน")
    with changing_alone(visit) as desk:
        check_for_office(visit, desk)
        publish.publish_plan(desk, content, by=visit.person, now=visit.now)
        desk.uow.commit()
    return _done("published")


@router.get("/report/{year}/{quarter}/{revision}")
def ask_report(request: Request, visit: Visiting, period: Period, revision: Revision) -> Response:
    """Before a report becomes public: read it, confirm."""
    return _report_page(request, visit, period, revision)


def _report_page(
    request: Request,
    visit: Visit,
    period: ReportPeriod,
    revision: int,
    *,
    status: int = 200,
    faults: Mapping[str, str] = _NOTHING,
) -> Response:
    with visit.reading() as desk:
        check_for_office(visit, desk)
        final = publish.final_report(desk, period, revision)
        figures = publish.frozen(desk, final).snapshot
    return render(
        request,
        "publishing/report.html",
        status=status,
        visit=visit,
        final=final,
        faults=faults,
        without=left_out(figures),
        closely=to_read_closely(figures),
    )


@router.get("/report/{year}/{quarter}/{revision}/document")
def report_document(visit: Visiting, period: Period, revision: Revision) -> Response:
    """The report as the public would read it, to be read before it is published."""
    with visit.reading() as desk:
        check_for_office(visit, desk)
        final = publish.final_report(desk, period, revision)
        frozen = publish.frozen(desk, final)
    headers = {"content-disposition": f'attachment; filename="public-{file_name(final)}"'}
    return Response(publish.document_for_all(frozen), media_type=WORD, headers=headers)


@router.post("/report/{year}/{quarter}/{revision}")
def report(request: Request, visit: Posting, period: Period, revision: Revision, checked: Short = "") -> Response:
    """Make a final report public, after a person has read it."""
    if not checked:
        faults = {"checked": "โปรดอ่านเอกสารแล้วยืนยัน"}
        return _report_page(request, visit, period, revision, status=422, faults=faults)
    with visit.reading() as desk:
        check_for_office(visit, desk)
        frozen = publish.frozen(desk, publish.final_report(desk, period, revision))
    content = publish.document_for_all(frozen)
    visit.system.files.put(content, what="The report", what_thai="รายงาน")
    with changing_alone(visit) as desk:
        publish.publish_report(desk, period, revision, content, by=visit.person, now=visit.now)
        desk.uow.commit()
    return _done("published")


@router.get("/evidence/{assignment_id}/{sha256}")
def ask_evidence(request: Request, visit: Visiting, assignment_id: AssignmentId, sha256: Sha256) -> Response:
    """Before a file becomes public: look at it, name it, confirm."""
    return _evidence_page(request, visit, assignment_id, sha256)


def _evidence_page(
    request: Request,
    visit: Visit,
    assignment_id: str,
    sha256: str,
    *,
    status: int = 200,
    faults: Mapping[str, str] = _NOTHING,
    title: str | None = None,
) -> Response:
    with visit.reading() as desk:
        check_over(visit, desk, Right.OVERSEE_DIVISION, desk.uow.assignments.get(assignment_id).division)
        assignment, line = publish.evidence_of(desk, assignment_id, sha256)
        proposed = publish.title_for(desk, assignment)
        division = desk.division_name(assignment.division)
    return render(
        request, "publishing/evidence.html", status=status, visit=visit, assignment=assignment, line=line,
        division=division, faults=faults, title=proposed if title is None else title,
    )  # fmt: skip


@router.post("/evidence/{assignment_id}/{sha256}")
def evidence(
    request: Request,
    visit: Posting,
    assignment_id: AssignmentId,
    sha256: Sha256,
    title: Short = "",
    checked: Short = "",
) -> Response:
    """Make one file public, after a person has looked through it."""
    faults = {} if title.strip() else {"title": "โปรดกรอกชื่อเอกสารที่จะแสดงต่อสาธารณะ"}
    if not checked:
        faults["checked"] = "โปรดตรวจเอกสารแล้วยืนยันว่าไม่มีข้อมูลส่วนบุคคล"
    if faults:
        return _evidence_page(request, visit, assignment_id, sha256, status=422, faults=faults, title=title)
    with visit.reading() as desk:
        check_over(visit, desk, Right.OVERSEE_DIVISION, desk.uow.assignments.get(assignment_id).division)
        _, line = publish.evidence_of(desk, assignment_id, sha256)
    try:
        content = publish.evidence_for_all(visit.system.files, line)
        with changing_alone(visit) as desk:
            publish.publish_evidence(
                desk, assignment_id, sha256, title, content, is_checked=True, by=visit.person, now=visit.now
            )
            desk.uow.commit()
    except (BadInputError, NotCleanableError) as error:
        faults = {"title": sentence_of(error, language_of(request))}
        return _evidence_page(request, visit, assignment_id, sha256, status=422, faults=faults, title=title)
    return _done("published")


@router.post("/withdraw")
def withdraw(
    visit: Posting, kind: Annotated[PublicKind, Form()], subject: Short, version: Annotated[int, Form()]
) -> Response:
    """Take a document back; its address stays and says so."""
    with changing_alone(visit) as desk:
        made = publish.publication_of(desk, kind, storable(subject), version)
        publish.check_withdrawable(desk, check(visit, desk, Right.OVERSEE), made)
        publish.withdraw(desk, made, by=visit.person, now=visit.now)
        desk.uow.commit()
    return _done("withdrawn")


def _done(what: str) -> Response:
    return RedirectResponse(f"/publishing?done={what}", status_code=303)
