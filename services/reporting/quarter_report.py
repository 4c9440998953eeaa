"""Freeze a quarter, render its document, keep it: three steps, so that rendering holds no transaction."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from domain import opening
from domain.assignment import State
from domain.errors import BadInputError
from domain.escalation import Skipped
from domain.figures import Snapshot
from domain.fiscal import QUARTERS
from domain.ledger import Entry
from domain.opening import UnknownDivisionError
from domain.quarter import QuarterInput, snapshot
from domain.thai import long_date, thai_digits
from reports.quarter import render_quarter
from services.desk import Desk
from services.record import CLOCK
from storage.files import FileStore
from storage.records import Headline, Report
from storage.store import Store

CLOSED = frozenset({State.ACCEPTED, State.CANNOT_DO, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Rendered:
    """A report with its document in the file store."""

    report: Report
    file_sha256: str


def freeze(
    desk: Desk, fiscal_year_be: int, quarter: int, now: datetime, *, by: str = CLOCK, is_forced: bool = False
) -> Report | Skipped:
    """Freeze the figures of a quarter as a new revision, if it is time and there is something new.

    It is time when everything of the quarter is closed, or the office's days after the quarter's end are over.
    By itself a second revision comes only to turn a draft into a final report; `is_forced` makes one whenever
    the figures differ from the last.

    Raises:
        NotFoundError: No plan of the year is in force.
        BadInputError: The quarter has not begun.
    """
    _check_has_begun(desk, fiscal_year_be, quarter, now)
    assignments = desk.uow.assignments.of_quarter(fiscal_year_be, quarter)
    known = desk.uow.reports.of_quarter(fiscal_year_be, quarter)
    wait = None if is_forced else _why_wait(desk, fiscal_year_be, quarter, now, known)
    if wait:
        return Skipped(wait)
    plan = desk.plan(fiscal_year_be)
    given = QuarterInput(
        office=desk.office,
        people=desk.people,
        plan=plan,
        plan_title=desk.document(fiscal_year_be).title,
        quarter=quarter,
        assignments=assignments,
        evidence=desk.uow.evidence.by_place(),
        revision=len(known) + 1,
    )
    frozen = snapshot(given, desk.workdays, now)
    content = content_hash(frozen)
    if known and (known[-1].content_hash == content or not (is_forced or frozen.is_final)):
        return Skipped(f"nothing new since revision {known[-1].revision}")
    report = Report(fiscal_year_be, quarter, given.revision, frozen, content, frozen.is_final, now)
    desk.uow.reports.add(report)
    facts = {"revision": report.revision, "sha256": content, "final": report.is_final}
    desk.uow.ledger.note(Entry(now, "report.frozen", by, f"{fiscal_year_be}-q{quarter}", facts))
    return report


def _check_has_begun(desk: Desk, fiscal_year_be: int, quarter: int, now: datetime) -> None:
    first = desk.plan(fiscal_year_be).year.quarter(quarter).start
    year_thai = thai_digits(fiscal_year_be)
    if desk.workdays.local_day(now) < first:
        raise BadInputError(
            problem=f"Quarter {quarter} of fiscal year {fiscal_year_be} begins on {first}.",
            problem_thai=f"ไตรมาสที่ {thai_digits(quarter)} ปีงบประมาณ {year_thai} เริ่ม {long_date(first)}",
            remedy="There is nothing to report before it begins.",
            remedy_thai="ยังไม่มีผลให้สรุปก่อนถึงวันนั้น",
        )


def _why_wait(desk: Desk, fiscal_year_be: int, quarter: int, now: datetime, known: list[Report]) -> str | None:
    if known and known[-1].is_final:
        return f"revision {known[-1].revision} is final"
    end = desk.plan(fiscal_year_be).year.quarter(quarter).end
    today = desk.workdays.local_day(now)
    if today <= end:
        return "the quarter has not ended"
    if _is_any_unopened(desk, fiscal_year_be, quarter, now):
        return "assignments of the quarter are still to be opened"
    is_closed = all(a.state in CLOSED for a in desk.uow.assignments.of_quarter(fiscal_year_be, quarter))
    if not is_closed and today < desk.workdays.add(end, desk.office.settings.report_frozen):
        return "results may still come in"
    return None


def _is_any_unopened(desk: Desk, fiscal_year_be: int, quarter: int, now: datetime) -> bool:
    """Tell whether a measure has not been run since it had to: its part would be missing from a final report."""
    plan, settings = desk.plan(fiscal_year_be), desk.office.settings
    for measure in plan.measures:
        existing = desk.uow.assignments.ids_of_measure(fiscal_year_be, measure.key)
        for step in measure.steps:
            with suppress(UnknownDivisionError):  # said by every run of the measure; the report need not wait for it
                due = opening.due(plan, measure.key, existing, desk.people, desk.workdays, settings, now, step.key)
                if any(missing.period.quarter == quarter for missing in due):
                    return True
    return False


def content_hash(frozen: Snapshot) -> str:
    """SHA-256 of the figures without date and revision: tells whether anything changed."""
    bare = frozen.model_copy(update={"frozen_on": date.min, "revision": 0})
    return hashlib.sha256(bare.model_dump_json().encode()).hexdigest()


def quarters_in_question(desk: Desk, now: datetime) -> list[tuple[int, int]]:
    """Fiscal years and quarters that have ended under a plan in force and have no final report yet."""
    today = desk.workdays.local_day(now)
    final = {(r.fiscal_year_be, r.quarter) for r in desk.uow.reports.all() if r.is_final}
    ended = (
        (stored.plan.fiscal_year_be, quarter)
        for stored in desk.plans
        for quarter in QUARTERS
        if stored.plan.fiscal_year.quarter(quarter).end < today
    )
    return [found for found in ended if found not in final]


def unrendered(store: Store, office: str) -> list[Report]:
    """Frozen quarters whose document is missing: one just frozen, or one a crash left behind."""
    with store.reader(office) as uow:
        return uow.reports.unrendered()


def render(store: Store, files: FileStore, office: str, report: Report, now: datetime) -> Rendered:
    """Render a frozen quarter, keep the file, then name it in the database.

    Raises:
        ReportTemplateError, DiskFullError: The report stays frozen and is rendered at the next run.
    """
    content = render_quarter(report.snapshot)
    sha256 = files.put(content, what="The report", what_thai="รายงาน")
    with store.unit_of_work(office) as uow:
        uow.reports.attach(report, sha256)
        subject = f"{report.fiscal_year_be}-q{report.quarter}"
        facts = {"revision": report.revision, "file": sha256}
        uow.ledger.note(Entry(now, "report.rendered", CLOCK, subject, facts))
        uow.commit()
    return Rendered(report, sha256)


def file_name(report: Report | Headline) -> str:
    """Name under which the document is handed out: `report-2570-q1-r1.docx`, drafts marked."""
    draft = "" if report.is_final else "-draft"
    return f"report-{report.fiscal_year_be}-q{report.quarter}-r{report.revision}{draft}.docx"
