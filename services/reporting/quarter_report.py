"""Freeze a period's figures, render the document, keep it: three steps, so that rendering holds no transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from domain import opening
from domain.assignment import Assignment, State
from domain.errors import BadInputError
from domain.escalation import Skipped
from domain.figures import Snapshot
from domain.ledger import Entry
from domain.quarter import QuarterInput, snapshot
from domain.report_period import ReportKind, ReportPeriod, periods_of_year
from domain.thai import long_date, thai_digits
from reports.quarter import render_quarter
from services.desk import Desk
from services.record import CLOCK
from storage.files import FileStore
from storage.records import Headline, Report
from storage.store import Store

CLOSED = frozenset({State.ACCEPTED, State.CANNOT_DO_STATED, State.CANNOT_DO, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Rendered:
    """A report with its document in the file store."""

    report: Report
    file_sha256: str


DOCUMENTS: Final[Mapping[ReportKind, Callable[[Snapshot], bytes]]] = {ReportKind.QUARTERLY: render_quarter}
"""What makes the document of a kind from its frozen figures."""


def freeze(
    desk: Desk, period: ReportPeriod, now: datetime, *, by: str = CLOCK, is_forced: bool = False
) -> Report | Skipped:
    """Freeze the figures of a period as a new revision, if it is time and there is something new.

    It is time when everything of the period is closed, or the office's days after its end are over.
    By itself a second revision comes only to turn a draft into a final report; `is_forced` makes one whenever
    the figures differ from the last.

    Raises:
        NotFoundError: No plan of the year is in force.
        BadInputError: The period has not begun.
    """
    _check_has_begun(desk, period, now)
    earlier = desk.uow.reports.of_period(period)
    wait = None if is_forced else _why_wait(desk, period, now, earlier)
    if wait:
        return Skipped(wait)
    frozen = _figures(desk, period, len(earlier) + 1, now)
    content = content_hash(frozen)
    if earlier and (earlier[-1].content_hash == content or not (is_forced or frozen.is_final)):
        return Skipped(f"nothing new since revision {earlier[-1].revision}")
    report = Report(period, frozen.revision, frozen, content, frozen.is_final, now)
    desk.uow.reports.add(report)
    facts = {"revision": report.revision, "sha256": content, "final": report.is_final}
    desk.uow.ledger.note(Entry(now, "report.frozen", by, period.key, facts))
    return report


def _figures(desk: Desk, period: ReportPeriod, revision: int, now: datetime) -> Snapshot:
    """What a report of the period prints, as it stands at `now`; a kind with figures of its own is told apart here."""
    inputs = QuarterInput(
        office=desk.office,
        people=desk.people,
        plan=desk.plan(period.fiscal_year_be),
        plan_title=desk.document(period.fiscal_year_be).title,
        quarter=period.number,
        assignments=_assignments(desk, period),
        evidence=desk.uow.evidence.by_place(),
        revision=revision,
    )
    return snapshot(inputs, desk.workdays, now)


def _assignments(desk: Desk, period: ReportPeriod) -> list[Assignment]:
    return desk.uow.assignments.of_quarter(period.fiscal_year_be, period.number)


def _check_has_begun(desk: Desk, period: ReportPeriod, now: datetime) -> None:
    desk.plan(period.fiscal_year_be)  # where none is in force, that is what is said first
    first = period.span.start
    year_thai = thai_digits(period.fiscal_year_be)
    if desk.workdays.local_day(now) < first:
        raise BadInputError(
            problem=f"{period.english} of fiscal year {period.fiscal_year_be} begins on {first}.",
            problem_thai=f"{period.thai} ปีงบประมาณ {year_thai} เริ่ม {long_date(first)}",
            remedy="There is nothing to report before it begins.",
            remedy_thai="ยังไม่มีผลให้สรุปก่อนถึงวันนั้น",
        )


def _why_wait(desk: Desk, period: ReportPeriod, now: datetime, earlier: list[Report]) -> str | None:
    if earlier and earlier[-1].is_final:
        return f"revision {earlier[-1].revision} is final"
    end = period.span.end
    today = desk.workdays.local_day(now)
    if today <= end:
        return "the quarter has not ended"
    if _is_any_unopened(desk, period, now):
        return "assignments of the quarter are still to be opened"
    is_closed = all(a.state in CLOSED for a in _assignments(desk, period))
    if not is_closed and today < desk.workdays.add(end, desk.office.settings.report_frozen):
        return "results may still come in"
    return None


def _is_any_unopened(desk: Desk, period: ReportPeriod, now: datetime) -> bool:
    """Tell whether a measure has not been run since it had to: its part would be missing from a final report."""
    plan, settings = desk.plan(period.fiscal_year_be), desk.office.settings
    for measure in plan.measures:
        existing = desk.uow.assignments.ids_of_measure(period.fiscal_year_be, measure.key)
        due = opening.due(plan, measure.key, existing, desk.people, desk.workdays, settings, now)
        if any(missing.period.quarter == period.number for missing in due):
            return True
    return False


def content_hash(frozen: Snapshot) -> str:
    """SHA-256 of the figures without date and revision: tells whether anything changed."""
    bare = frozen.model_copy(update={"frozen_on": date.min, "revision": 0})
    return hashlib.sha256(bare.model_dump_json().encode()).hexdigest()


def periods_in_question(desk: Desk, now: datetime) -> list[ReportPeriod]:
    """Periods that have ended under a plan in force and have no final report yet."""
    today = desk.workdays.local_day(now)
    final = {report.period for report in desk.uow.reports.headlines() if report.is_final}
    ended = (
        period
        for stored in desk.plans
        for period in periods_of_year(stored.plan.fiscal_year_be)
        if period.span.end < today
    )
    return [period for period in ended if period not in final]


def unrendered(store: Store, office: str) -> list[Report]:
    """Frozen periods whose document is missing: one just frozen, or one a crash left behind."""
    with store.reader(office) as uow:
        return uow.reports.unrendered()


def render(store: Store, files: FileStore, office: str, report: Report, now: datetime) -> Rendered:
    """Render frozen figures, keep the file, then name it in the database.

    Raises:
        ReportTemplateError, DiskFullError: The report stays frozen and is rendered at the next run.
    """
    content = DOCUMENTS[report.period.kind](report.snapshot)
    sha256 = files.put(content, what="The report", what_thai="รายงาน")
    with store.unit_of_work(office) as uow:
        uow.reports.attach(report, sha256)
        facts = {"revision": report.revision, "file": sha256}
        uow.ledger.note(Entry(now, "report.rendered", CLOCK, report.period.key, facts))
        uow.commit()
    return Rendered(report, sha256)


def file_name(report: Report | Headline) -> str:
    """Name under which the document is handed out: `report-2570-q1-r1.docx`, drafts marked."""
    draft = "" if report.is_final else "-draft"
    return f"report-{report.period.key}-r{report.revision}{draft}.docx"
