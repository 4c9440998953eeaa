"""รายงาน: the quarters of the plans in force, what has been frozen of them, and the documents."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from domain.errors import NotFoundError
from domain.escalation import Skipped
from domain.rights import Right
from services.reporting import quarter_report as report
from services.reporting.quarters import headline, quarters
from web.door.form import Posting
from web.door.report_period import Period
from web.door.rights import check
from web.door.visit import Visiting
from web.view.render import render

router = APIRouter()

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

Revision = Annotated[int, Path(ge=1, le=9999)]


@router.get("/reports")
def show(request: Request, visit: Visiting, said: Annotated[str, Query(max_length=10)] = "") -> Response:
    """Every quarter: what is still to come in, and the revisions there are."""
    with visit.reading() as desk:
        check(visit, desk, Right.OVERSEE)
        own_quarters = quarters(desk, visit.now)
    return render(request, "overview/reports.html", visit=visit, quarters=own_quarters, outcome=said)


@router.post("/reports/{year}/{quarter}/freeze")
def freeze(visit: Posting, period: Period) -> Response:
    """Freeze the figures as they stand and write the document; the same figures again change nothing."""
    with visit.changing() as desk:
        check(visit, desk, Right.SPEAK_FOR_OFFICE)
        frozen = report.freeze(desk, period, visit.now, by=visit.person, is_forced=True)
        desk.uow.commit()
    system = visit.system
    for waiting in report.unrendered(system.store, visit.office):  # also one that a crash left without its document
        report.render(system.store, system.files, visit.office, waiting, visit.now)
    outcome = "same" if isinstance(frozen, Skipped) else "frozen"
    return RedirectResponse(f"/reports?said={outcome}#q{period.fiscal_year_be}-{period.number}", status_code=303)


@router.get("/reports/{year}/{quarter}/{revision}")
def document(visit: Visiting, period: Period, revision: Revision) -> Response:
    """The document of a revision."""
    with visit.reading() as desk:
        check(visit, desk, Right.OVERSEE)
        entry = headline(desk, period, revision)
    assert entry.file_sha256 is not None
    path = visit.system.files.path(entry.file_sha256)
    if not path.is_file():
        name = report.file_name(entry)
        raise NotFoundError(what="file", what_thai="ไฟล์", key=name, remedy="", remedy_thai="")
    return FileResponse(path, media_type=WORD, filename=report.file_name(entry))
