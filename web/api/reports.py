"""Reports of quarters: what is frozen, its figures, its document."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse
from pydantic import Field

from domain.errors import NotFoundError
from domain.escalation import Skipped
from domain.figures import Snapshot
from domain.report_period import UNNAMED, ReportKind, ReportPeriod
from domain.rights import Right
from services.desk import Desk
from storage.records import Report
from web.api.assignments import FILE, attachment
from web.api.door import Administering, Reading
from web.api.values import Model, Number, PathQuarter, PathYear, Quarter, Year
from web.door.rights import check

router = APIRouter(prefix="/reports", tags=["reports"])


class ReportView(Model):
    """A frozen quarter; a draft has headings that nobody answered."""

    kind: ReportKind
    fiscal_year: int
    quarter: int
    revision: int
    is_final: bool
    frozen_at: datetime
    content_hash: str = Field(description="SHA-256 of the figures, without date and revision.")
    file_name: str
    file_sha256: str | None = Field(description="Null until the document is written.")


class WantedReport(Model):
    """The quarter to freeze."""

    kind: ReportKind = Field(default=UNNAMED, description="Kind of report.")
    fiscal_year: Year
    quarter: Quarter


class Frozen(Model):
    """The new report, or why there is none."""

    report: ReportView | None
    why: str


def _file_name(report: Report) -> str:
    from services.reporting.quarter_report import file_name  # noqa: PLC0415 -- what writes documents is loaded when one is asked for

    return file_name(report)


def _view(report: Report, file_sha256: str | None = None) -> ReportView:
    return ReportView(
        kind=report.period.kind,
        fiscal_year=report.period.fiscal_year_be,
        quarter=report.period.number,
        revision=report.revision,
        is_final=report.is_final,
        frozen_at=report.frozen_at,
        content_hash=report.content_hash,
        file_name=_file_name(report),
        file_sha256=file_sha256 or report.file_sha256,
    )


@router.get("")
def every_report(visit: Reading) -> list[ReportView]:
    """Reports by year, quarter and revision."""
    with visit.reading() as desk:
        check(visit, desk, Right.OVERSEE)
        return [_view(report) for report in desk.uow.reports.all()]


@router.post("")
def freeze(visit: Administering, body: WantedReport) -> Frozen:
    """Freeze the figures as they are now, if they differ from the last report, and write its document."""
    from services.reporting import quarter_report as reports  # noqa: PLC0415 -- as above

    with visit.changing() as desk:
        period = ReportPeriod(body.kind, body.fiscal_year, body.quarter)
        done = reports.freeze(desk, period, visit.now, by=visit.person, is_forced=True)
        desk.uow.commit()
    if isinstance(done, Skipped):
        return Frozen(report=None, why=done.why)
    system = visit.system
    rendered = reports.render(system.store, system.files, visit.office, done, visit.now)
    return Frozen(report=_view(done, rendered.file_sha256), why="")


def _period(
    fiscal_year: PathYear,
    quarter: PathQuarter,
    kind: Annotated[ReportKind, Query(description="Kind of report.")] = UNNAMED,
) -> ReportPeriod:
    return ReportPeriod(kind, fiscal_year, quarter)


Period = Annotated[ReportPeriod, Depends(_period)]


def _report(desk: Desk, period: ReportPeriod, revision: int) -> Report:
    report = next((r for r in desk.uow.reports.of_period(period) if r.revision == revision), None)
    if report is None:
        raise NotFoundError(
            what="report", what_thai="รายงาน", key=f"{period.key}-r{revision}", remedy="", remedy_thai=""
        )
    return report


@router.get("/{fiscal_year}/{quarter}/{revision}")
def one(visit: Reading, period: Period, revision: Number) -> Snapshot:
    """The frozen figures: all that the document is made from."""
    with visit.reading() as desk:
        check(visit, desk, Right.OVERSEE)
        return _report(desk, period, revision).snapshot


@router.get("/{fiscal_year}/{quarter}/{revision}/document", response_class=FileResponse, responses=FILE)
def document(visit: Reading, period: Period, revision: Number) -> FileResponse:
    """The document, for Word."""
    with visit.reading() as desk:
        check(visit, desk, Right.OVERSEE)
        report = _report(desk, period, revision)
    if report.file_sha256 is None:
        raise NotFoundError(
            what="document of report",
            what_thai="เอกสารของรายงาน",
            key=_file_name(report),
            remedy="It is being written.",
            remedy_thai="กำลังจัดทำ",
        )
    return attachment(visit, report.file_sha256, _file_name(report))
