"""รายงาน: the quarters of the plans in force, what has been frozen of them, and the documents."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from domain.errors import NotFoundError
from domain.escalation import Skipped
from services.desk import Desk
from services.reporting import quarter_report as report
from services.reporting.quarters import headline, quarters
from web.door.visit import NotForYouError, Posting, Visit, Visiting, check_oversees, standing_of
from web.view.render import render

router = APIRouter()

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

Year = Annotated[int, Path(ge=2500, le=2700)]
Number = Annotated[int, Path(ge=1, le=4)]
Revision = Annotated[int, Path(ge=1, le=9999)]


def _check_for_the_office(visit: Visit, desk: Desk) -> None:
    standing = standing_of(visit, desk)
    if not (standing.is_administrator or standing.is_over_all):
        raise NotForYouError(who="the clerk, the mayor and administrators", who_thai="ปลัด นายก และผู้ดูแลระบบ")


@router.get("/reports")
def show(request: Request, visit: Visiting, said: Annotated[str, Query(max_length=10)] = "") -> Response:
    """Every quarter: what is still to come in, and the revisions there are."""
    with visit.reading() as desk:
        check_oversees(visit, desk)
        found = quarters(desk, visit.now)
    return render(request, "overview/reports.html", visit=visit, quarters=found, said=said)


@router.post("/reports/{year}/{quarter}/freeze")
def freeze(visit: Posting, year: Year, quarter: Number) -> Response:
    """Freeze the figures as they stand and write the document; the same figures again change nothing."""
    with visit.changing() as desk:
        _check_for_the_office(visit, desk)
        frozen = report.freeze(desk, year, quarter, visit.now, by=visit.person, is_forced=True)
        desk.uow.commit()
    system = visit.system
    for waiting in report.unrendered(system.store, visit.office):  # also one that a crash left without its document
        report.render(system.store, system.files, visit.office, waiting, visit.now)
    said = "same" if isinstance(frozen, Skipped) else "frozen"
    return RedirectResponse(f"/reports?said={said}#q{year}-{quarter}", status_code=303)


@router.get("/reports/{year}/{quarter}/{revision}")
def document(visit: Visiting, year: Year, quarter: Number, revision: Revision) -> Response:
    """The document of a revision."""
    with visit.reading() as desk:
        check_oversees(visit, desk)
        found = headline(desk, year, quarter, revision)
    assert found.file_sha256 is not None
    path = visit.system.files.path(found.file_sha256)
    if not path.is_file():
        name = report.file_name(found)
        raise NotFoundError(what="file", what_thai="ไฟล์", key=name, remedy="", remedy_thai="")
    return FileResponse(path, media_type=WORD, filename=report.file_name(found))
