"""Words and figures of the memo that carries a quarter's report to those who sign it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from domain.figures import Signatory, Snapshot, Totals
from domain.thai import long_date, thai_digits
from reports.rows import table_rows
from reports.wording import clean, official

DEMO_MARK: Final = "ตัวอย่าง"
DRAFT_MARK: Final = "ฉบับร่าง"
ACKNOWLEDGED: Final = "รับทราบ"
NAME_TO_WRITE: Final = "." * 40
ACKNOWLEDGING: Final = 2
"""The clerk and the mayor, who sign last."""

_COUNTED: Final = (
    ("awaiting_review", "รอผู้บังคับบัญชาตรวจ"),
    ("open", "อยู่ระหว่างดำเนินการ"),
    ("overdue", "เกินกำหนด"),
    ("cannot_do", "ไม่สามารถดำเนินการได้"),
    ("cancelled", "ยกเลิก"),
)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs below the memo; all empty where nobody does."""

    caption: str = ""
    name: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One line of signatures; whoever signs alone does so in the right half."""

    left: Signer
    right: Signer


@dataclass(frozen=True, slots=True)
class Figures:
    """One line of the table of totals, in Thai digits."""

    name: str
    total: str
    in_time: str
    late: str
    awaiting_review: str
    open: str
    overdue: str
    cannot_do: str
    cancelled: str
    percent: str


def memo_words(snapshot: Snapshot) -> dict[str, object]:
    """Return what the template may name, each with its printed form."""
    is_draft = not snapshot.is_final
    quarter = f"ไตรมาสที่ {thai_digits(snapshot.quarter)} ปีงบประมาณ พ.ศ. {thai_digits(snapshot.fiscal_year_be)}"
    results = (result for measure in snapshot.measures for step in measure.steps for result in step.divisions)
    evidence = [line for result in results for line in result.evidence]
    marks = [DEMO_MARK] * snapshot.is_demo + [DRAFT_MARK] * is_draft
    return {
        "office": official(snapshot.office_name),
        "office_line": _office_line(snapshot),
        "prepared_by": official(snapshot.prepared_by),
        "date": long_date(snapshot.frozen_on),
        "quarter": quarter,
        "addressee": official(snapshot.addressee),
        "plan_title": official(snapshot.plan_title),
        "start": long_date(snapshot.start),
        "end": long_date(snapshot.end),
        "figures_sentence": _figures_sentence(snapshot),
        "divisions": [_figures(division.name, division.totals) for division in snapshot.divisions],
        "all": _figures("รวม", snapshot.totals),
        "signatures": _signature_rows(snapshot.signatories),
        "revision": thai_digits(snapshot.revision),
        "header_mark": " - ".join(marks),
        "draft_mark": DRAFT_MARK if is_draft else "",
        "draft_note": _draft_note(snapshot.unanswered),
        "unanswered_refs": _unanswered_words(snapshot),
        "rows": table_rows(snapshot),
        "has_hashes": any(line.sha256 for line in evidence),
        "has_numbers": any(not line.sha256 for line in evidence),
    }


def _unanswered_words(snapshot: Snapshot) -> str:
    """Name what is not answered by measure, step and divisions, as the table does."""
    left = dict.fromkeys(snapshot.unanswered)
    named = []
    for measure in snapshot.measures:
        for step in measure.steps:
            open_here = [result for result in step.divisions if result.ref in left]
            if open_here:
                divisions = ", ".join(dict.fromkeys(official(result.division_name) for result in open_here))
                named.append(f"มาตรการที่ {thai_digits(measure.number)} {official(step.text)} ({divisions})")
            for result in open_here:
                left.pop(result.ref, None)
    return "; ".join([*named, *map(clean, left)])


def _office_line(snapshot: Snapshot) -> str:
    parts = [snapshot.prepared_by, snapshot.office_name]
    parts += [f"อำเภอ{snapshot.district}"] * bool(snapshot.district)
    parts += [f"จังหวัด{snapshot.province}"] * bool(snapshot.province)
    return official(" ".join(parts))


def _figures_sentence(snapshot: Snapshot) -> str:
    """Say how many assignments there were and how each of them stands; kinds with none are in the table only."""
    totals = snapshot.totals
    if not totals.total:
        return f"แผนมี {_count(len(snapshot.measures), 'มาตรการ')} ในไตรมาสนี้ไม่ได้กำหนดงานที่ต้องรายงาน"
    late = f" ในจำนวนนี้ส่งหลังกำหนด {_count(totals.accepted_late)}" if totals.accepted_late else ""
    base = " ของรายการที่ไม่ถูกยกเลิก" if totals.cancelled else ""
    done = f"ดำเนินการแล้วเสร็จ {_count(totals.done)} (ร้อยละ {thai_digits(totals.percent_done)}{base}){late}"
    rest = [f"{words} {_count(count)}" for field, words in _COUNTED if (count := getattr(totals, field))]
    head = f"มี {_count(len(snapshot.measures), 'มาตรการ')} งานที่ต้องรายงาน {_count(totals.total)}"
    return " ".join([head, done, *rest])


def _count(number: int, noun: str = "รายการ") -> str:
    return f"{thai_digits(number)} {noun}"


def _figures(name: str, totals: Totals) -> Figures:
    counts = (
        totals.total,
        totals.accepted,
        totals.accepted_late,
        totals.awaiting_review,
        totals.open,
        totals.overdue,
        totals.cannot_do,
        totals.cancelled,
        totals.percent_done,
    )
    return Figures(official(name), *map(thai_digits, counts))


def _signature_rows(signatories: tuple[Signatory, ...]) -> list[SignatureRow]:
    """One below the other in the right half; with a third, the two who acknowledge share a line to save the page."""
    signatories = signatories or (Signatory(title=""),)  # a table without a row is no Word file
    first_to_acknowledge = len(signatories) - ACKNOWLEDGING
    signers = [
        _signer(signatory, ACKNOWLEDGED if place >= first_to_acknowledge else "")
        for place, signatory in enumerate(signatories)
    ]
    paired = signers[first_to_acknowledge:] if first_to_acknowledge > 0 else []
    alone = signers[: len(signers) - len(paired)]
    rows = [SignatureRow(Signer(), signer) for signer in alone]
    return [*rows, SignatureRow(*paired)] if paired else rows


def _signer(signatory: Signatory, caption: str) -> Signer:
    name = official(signatory.name) or NAME_TO_WRITE
    return Signer(caption, f"({name})", official(signatory.title))


def _draft_note(unanswered: tuple[str, ...]) -> str:
    """Say on the memo why it cannot be signed yet; empty for a final report."""
    if not unanswered:
        return ""
    return f"ฉบับร่าง ใช้ลงนามยังไม่ได้ เพราะมี {_count(len(unanswered))} ที่ยังตอบไม่ครบทุกหัวข้อ (ดูหมายเหตุท้ายตาราง)"
