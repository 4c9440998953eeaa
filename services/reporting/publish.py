"""Make something public, or take it back: each a person's own act, never a by-product."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath

from domain.assignment import Assignment, State
from domain.complaints import is_about_complaints as is_about
from domain.errors import BadInputError, NotFoundError, there
from domain.figures import EvidenceLine
from domain.fiscal import FiscalYear
from domain.ledger import Entry
from domain.office import Office
from domain.opening import UnknownDivisionError, divisions_of, periods
from domain.plan import Measure, Scope, Step
from domain.public_report import public_snapshot
from domain.publication import CLEAN, Publication, PublicKind, PublicMeasure, PublicPlan, PublicStep
from domain.quarter import responsible_label
from domain.report_period import ReportPeriod
from domain.rights import NotForYouError, Right, Roles
from domain.thai import thai_digits
from services.desk import Desk
from services.record import storable
from services.reporting.public_copy import public_copy
from services.reporting.quarter_report import DOCUMENTS, file_name
from services.reporting.quarters import headline
from storage.files import FileStore
from storage.records import Headline, Report


class NotPublishableError(BadInputError):
    """Something that is not to be made public (yet)."""


def public_name(office: Office) -> str:
    """The office's name as the public reads it: nobody may take a demonstration's figures for a real office's."""
    return f"{office.name} (ข้อมูลสาธิต)" if office.is_demo and "สาธิต" not in office.name else office.name


def public_plan(desk: Desk, year: int) -> PublicPlan:
    """The plan in force as the public may read it: whitelisted fields, divisions by the office's own names.

    Raises:
        NotFoundError: No plan of the year is in force.
    """
    plan = desk.plan(year)
    measures = (
        PublicMeasure(
            number=measure.number,
            title=measure.title,
            indicators=measure.indicators,
            steps=tuple(_public_step(desk, step, plan.year) for step in measure.steps),
        )
        for measure in plan.measures
    )
    return PublicPlan(
        office=public_name(desk.office),
        fiscal_year_be=year,
        title=desk.document(year).title,
        revision=plan.revision,
        in_force_on=plan.in_force_on,
        measures=tuple(measures),
    )


def _public_step(desk: Desk, step: Step, year: FiscalYear) -> PublicStep:
    in_year = f" ปีงบประมาณ พ.ศ. {thai_digits(year.be)}"  # said once, by the plan
    return PublicStep(
        text=step.text,
        sub_steps=step.sub_steps,
        divisions=_divisions(desk, step),
        start=step.start,
        end=step.end,
        reported=", ".join(period.label.removesuffix(in_year) for period in periods(step, year)),
    )


def _divisions(desk: Desk, step: Step) -> str:
    """Who answers, by names the office knows: whatever else the plan's cell holds, even a person's name, stays out."""
    if step.responsible.scope is not Scope.LISTED:
        return responsible_label(step)
    try:
        divisions = divisions_of(step.responsible, desk.people, desk.office.settings, step.key)
    except UnknownDivisionError:
        return ""
    return ", ".join(division.name for division in divisions)


def document_of(plan: PublicPlan) -> bytes:
    """The public plan as the file that is kept and handed out; the same plan, the same bytes."""
    return (plan.model_dump_json(indent=1) + "\n").encode()


def publish_plan(desk: Desk, content: bytes, *, by: str, now: datetime) -> Publication:
    """Make the plan in force public. `content` is its document, which is in the file store already.

    Raises:
        NotFoundError: No plan of the year is in force.
        NotPublishableError: Another revision came into force since the document was made.
    """
    plan = PublicPlan.model_validate_json(content)
    if document_of(public_plan(desk, plan.fiscal_year_be)) != content:
        raise NotPublishableError(
            problem="The plan was changed meanwhile, and nothing was published.",
            problem_thai="แผนมีการเปลี่ยนแปลงระหว่างนี้ จึงยังไม่ได้เผยแพร่",
            remedy="Look at it again and repeat.",
            remedy_thai="โปรดเปิดหน้าใหม่แล้วทำรายการอีกครั้ง",
        )
    year = plan.fiscal_year_be
    title = f"{plan.title} (ฉบับที่ {thai_digits(plan.revision)})"
    return _publish(
        desk, PublicKind.PLAN, str(year), year, title, f"plan-{year}-r{plan.revision}.json", content, by=by, now=now
    )


def final_report(desk: Desk, period: ReportPeriod, revision: int) -> Headline:
    """A report that may be made public.

    Raises:
        NotFoundError: There is no such document.
        NotPublishableError: It is a draft: headings are without an answer.
    """
    final = headline(desk, period, revision)
    if not final.is_final:
        raise NotPublishableError(
            problem="This report is a draft: some headings have no answer yet.",
            problem_thai="รายงานนี้เป็นฉบับเบื้องต้น ยังมีหัวข้อที่ไม่มีคำตอบ",
            remedy="Publish it once it is final.",
            remedy_thai="เผยแพร่ได้เมื่อเป็นฉบับสมบูรณ์",
        )
    return final


def frozen(desk: Desk, final: Headline) -> Report:
    """A report with its figures.

    Raises:
        NotFoundError: It is not there.
    """
    revisions = desk.uow.reports.of_period(final.period)
    report = next((report for report in revisions if report.revision == final.revision), None)
    return there(report, what="report", what_thai="รายงาน", key=final.revision, remedy="", remedy_thai="")


def document_for_all(report: Report) -> bytes:
    """The Word file of a report's figures as the public may read them."""
    return DOCUMENTS[report.period.kind](public_snapshot(report.snapshot))


def publish_report(
    desk: Desk, period: ReportPeriod, revision: int, content: bytes, *, by: str, now: datetime
) -> Publication:
    """Make a final report public. `content` is its `document_for_all`, which is in the file store already.

    Raises:
        NotFoundError, NotPublishableError: See `final_report`.
    """
    final = final_report(desk, period, revision)
    year, name = period.fiscal_year_be, file_name(final)
    title = thai_digits(f"รายงานผลการดำเนินการ {period.thai} ปีงบประมาณ พ.ศ. {year} (ฉบับที่ {revision})")
    return _publish(desk, PublicKind.REPORT, period.key, year, title, name, content, by=by, now=now)


def withdrawable(desk: Desk, roles: Roles, published: Iterable[Publication]) -> list[Publication]:
    """What somebody may take back: all for those who speak for the office, of files those of divisions they oversee."""
    if roles.has(Right.SPEAK_FOR_OFFICE):
        return list(published)
    # The subject of a file is its assignment with the beginning of the file's hash.
    owners = {
        publication: publication.subject.rpartition("-")[0]
        for publication in published
        if publication.kind is PublicKind.EVIDENCE
    }
    assignments = desk.uow.assignments.many(owners.values())
    mine = {key for key, a in assignments.items() if roles.has(Right.OVERSEE_DIVISION, a.division)}
    return [publication for publication, owner in owners.items() if owner in mine]


def check_withdrawable(desk: Desk, roles: Roles, made: Publication) -> None:
    """Let pass who may take the document back.

    Raises:
        NotForYouError: Somebody else.
    """
    if not withdrawable(desk, roles, [made]):
        raise NotForYouError(who="those who may publish it", who_thai="ผู้มีสิทธิเผยแพร่เอกสารนี้")


def evidence_of(desk: Desk, assignment_id: str, sha256: str) -> tuple[Assignment, EvidenceLine]:
    """A file of an accepted result that may be made public.

    Raises:
        NotFoundError: The office has no such file.
        NotPublishableError: The result is not accepted, or the measure is about complaints.
    """
    assignment = desk.uow.assignments.get(assignment_id)
    files = (line for line in desk.uow.evidence.of(assignment_id) if line.url is None)
    line = next((line for line in files if line.sha256 == sha256), None)
    if line is None:
        raise NotFoundError(what="evidence", what_thai="หลักฐาน", key=sha256[:12], remedy="", remedy_thai="")
    standing = assignment.submission.evidence if assignment.submission else ()
    if assignment.state is not State.ACCEPTED or sha256 not in standing:
        raise NotPublishableError(
            problem="The result that this file belongs to is not accepted.",
            problem_thai="ผลการดำเนินการของไฟล์นี้ยังไม่ได้รับความเห็นชอบ",
            remedy="Publish it after the supervisor has accepted the result.",
            remedy_thai="เผยแพร่ได้หลังผู้บังคับบัญชาเห็นชอบ",
        )
    if is_about_complaints(desk, assignment):
        raise NotPublishableError(
            problem="This measure is about complaints, whose files are never made public.",
            problem_thai="มาตรการนี้เกี่ยวกับเรื่องร้องเรียน ไฟล์ของมาตรการนี้เผยแพร่ไม่ได้",
            remedy="The report names what was done.",
            remedy_thai="สาระสำคัญอยู่ในรายงานแล้ว",
        )
    return assignment, line


def evidence_for_all(files: FileStore, line: EvidenceLine) -> bytes:
    """A file as the public gets it, kept in the file store beside the original; outside any transaction.

    Raises:
        NotFoundError: The original is not in the store (any more).
        NotCleanableError, BusyError, DiskFullError: See `public_copy`; nothing is published.
    """
    try:
        original = files.get(line.sha256)
    except FileNotFoundError:
        raise NotFoundError(what="file", what_thai="ไฟล์", key=line.sha256[:12], remedy="", remedy_thai="") from None
    copy = public_copy(original, line.name)
    files.put(copy, what="The public copy", what_thai="สำเนาที่เผยแพร่")
    return copy


def is_about_complaints(desk: Desk, assignment: Assignment) -> bool:
    """Tell whether the assignment's measure or step is about complaints, or in no plan any more."""
    wording = desk.wording(assignment.fiscal_year_be, assignment.measure_key, assignment.step_key)
    return wording is None or step_is_about_complaints(*wording)


def step_is_about_complaints(measure: Measure, step: Step) -> bool:
    """Tell whether a step is about complaints, by its own words or by its measure."""
    return is_about(measure.indicators, measure.title, step.text, *step.sub_steps)


def publish_evidence(
    desk: Desk, assignment_id: str, sha256: str, title: str, content: bytes, *, is_checked: bool, by: str, now: datetime
) -> Publication:
    """Make one file public under a title of its own: the name it was handed in under may be a person's, and stays.

    Args:
        content: Its `evidence_for_all`, which is in the file store already.

    Raises:
        NotFoundError, NotPublishableError: See `evidence_of`.
        BadInputError: Nobody has confirmed that it holds no personal data, or it has no title.
    """
    assignment, line = evidence_of(desk, assignment_id, sha256)
    named = storable(title)
    if not is_checked or not named:
        raise BadInputError(
            problem="The file needs a title and your confirmation that it holds no personal data.",
            problem_thai="ต้องมีชื่อเอกสารและการยืนยันว่าไม่มีข้อมูลส่วนบุคคล",
            remedy="Open the file, look through it, then confirm.",
            remedy_thai="โปรดเปิดไฟล์ ตรวจดู แล้วยืนยัน",
        )
    ending = PurePath(line.name).suffix.lower()
    safe = ending if re.fullmatch(r"\.[a-z0-9]{1,5}", ending) else ".bin"
    subject = subject_of(assignment_id, sha256)
    name = f"evidence-{assignment.fiscal_year_be}-q{assignment.period.quarter}-{sha256[:12]}{safe}"
    year = assignment.fiscal_year_be
    return _publish(desk, PublicKind.EVIDENCE, subject, year, named, name, content, by=by, now=now)


def subject_of(assignment_id: str, sha256: str) -> str:
    """What a public file is a version of: the assignment, and the beginning of the hash of the private original."""
    return f"{assignment_id}-{sha256[:12]}"


def _publish(
    desk: Desk,
    kind: PublicKind,
    subject: str,
    year: int,
    title: str,
    name: str,
    content: bytes,
    *,
    by: str,
    now: datetime,
) -> Publication:
    """Store the next version; what is public already with the same bytes is left as it is."""
    versions = desk.uow.publications.of(kind, subject)
    sha256 = hashlib.sha256(content).hexdigest()
    # The subject of evidence names the original, whose copy another version of a library may write differently.
    is_same = {version.version: version.sha256 == sha256 or kind is PublicKind.EVIDENCE for version in versions}
    same = next((version for version in versions if version.is_public and is_same[version.version]), None)
    if same is not None:
        return same
    made = Publication(kind, subject, len(versions) + 1, year, title, name, sha256, len(content), now, by)
    desk.uow.publications.add(made)
    desk.uow.ledger.note(Entry(now, "publication.made", by, made.key, {"sha256": sha256, "file": name, "clean": CLEAN}))
    return made


def publication_of(desk: Desk, kind: PublicKind, subject: str, version: int) -> Publication:
    """One version of a public document, also a withdrawn one.

    Raises:
        NotFoundError: The office never published it.
    """
    publication = next(
        (publication for publication in desk.uow.publications.of(kind, subject) if publication.version == version), None
    )
    if publication is None:
        raise NotFoundError(what="document", what_thai="เอกสาร", key=subject, remedy="", remedy_thai="")
    return publication


def withdraw(desk: Desk, made: Publication, *, by: str, now: datetime) -> Publication:
    """Take a version back: its address says so from now on, and is never used again. Repeating it changes nothing."""
    if desk.uow.publications.withdraw(made, by=by, now=now):
        desk.uow.ledger.note(Entry(now, "publication.withdrawn", by, made.key, {"sha256": made.sha256}))
    return replace(made, withdrawn_at=made.withdrawn_at or now, withdrawn_by=made.withdrawn_by or by)


def title_for(desk: Desk, assignment: Assignment) -> str:
    """A title to begin with: the step and the period, without the file's own name."""
    wording = desk.wording(assignment.fiscal_year_be, assignment.measure_key, assignment.step_key)
    step = wording[1].text if wording else assignment.step_key
    return f"หลักฐาน {step[:150]} {assignment.period.label}"
