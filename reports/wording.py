"""How a report words things: official text in Thai digits, outcomes, answers and evidence."""

from __future__ import annotations

import re
from typing import Final

from domain.figures import Answer, DivisionResult, EvidenceLine, Outcome
from domain.thai import thai_digits

NONE: Final = "ไม่มี"
NONE_UNCONFIRMED: Final = "ไม่มี (ยังไม่ได้ยืนยัน)"
"""Typed as text: printed as told, with the mark that nobody confirmed it."""
NOT_ANSWERED: Final = "(ยังไม่ได้ตอบ)"
NOT_TO_REPORT: Final = "(ไม่ต้องรายงาน)"
NO_EVIDENCE: Final = "(ไม่ได้แนบ)"
MERGE_UP: Final = "\ue000"
"""Stands alone in a cell that belongs to the cell above; never part of a printed text, `clean` takes it out."""
SHOWN_HASH_LENGTH: Final = 8

_OUTCOMES: Final = {
    Outcome.ACCEPTED: "ดำเนินการแล้วเสร็จ",
    Outcome.ACCEPTED_LATE: "ดำเนินการแล้วเสร็จ (ส่งหลังกำหนด {days} วันทำการ)",
    Outcome.AWAITING_REVIEW: "รอผู้บังคับบัญชาตรวจ",
    Outcome.CANNOT_DO: "ไม่สามารถดำเนินการได้",
    Outcome.OPEN: "อยู่ระหว่างดำเนินการ",
    Outcome.OVERDUE: "เกินกำหนด {days} วันทำการ",
    Outcome.CANCELLED: "ยกเลิก",
}
# What XML 1.0 cannot hold, halves of surrogate pairs, and our own mark.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff" + MERGE_UP + "]")
_LINE_END: Final = re.compile("\r\n?|\x0b|\x0c")
# An address, or a run that may be a file name, a reference or an abbreviation with a number.
_LATIN_RUN: Final = re.compile(r"(?:https?://|www\.)[!-~]+|[A-Za-z0-9][A-Za-z0-9._/:@%?=&#~+-]*")
_LATIN_LETTER: Final = re.compile("[A-Za-z]")


def clean(text: str) -> str:
    """`text` without characters that no document can hold, with one kind of line end, trimmed."""
    return _UNPRINTABLE.sub("", _LINE_END.sub("\n", text)).strip()


def official(text: str) -> str:
    """`text` as official paper prints it: Thai digits, save in addresses, file names and references."""
    return _LATIN_RUN.sub(_official_run, clean(text))


def _official_run(match: re.Match[str]) -> str:
    run = match[0]
    return run if _LATIN_LETTER.search(run) else thai_digits(run)


def outcome_words(result: DivisionResult) -> str:
    """Return the glossary's words for how the assignment stands."""
    return _OUTCOMES[result.outcome].format(days=thai_digits(result.late_workdays))


def result_words(result: DivisionResult, gap: str) -> str:
    """Return what was done; for what could not be done, the official reason first; `gap` where nothing is told."""
    parts = [official(result.result)]
    if result.outcome is Outcome.CANNOT_DO:
        reason = official(result.reason)
        parts.insert(0, f"เหตุผล: {reason}" if reason else "")
    return "\n".join(filter(None, parts)) or gap


def answer_words(answer: Answer, gap: str) -> str:
    """Return the answer to a heading; `ไม่มี` stands for itself only where a person confirmed it."""
    text = official(answer.text)
    if answer.is_none_confirmed:
        return text or NONE
    return NONE_UNCONFIRMED if text == NONE else text or gap


def gap_words(result: DivisionResult, *, is_unanswered: bool) -> str:
    """Say why a heading has no answer: it is wanting, or the assignment was cancelled and none is expected."""
    is_expected = is_unanswered or result.outcome is not Outcome.CANCELLED
    return NOT_ANSWERED if is_expected else NOT_TO_REPORT


def evidence_words(evidence: tuple[EvidenceLine, ...], gap: str) -> str:
    """Return one line per file or link: its name, its address, and the start of its SHA-256."""
    none = NOT_TO_REPORT if gap == NOT_TO_REPORT else NO_EVIDENCE
    return "\n".join(_evidence_line(line) for line in evidence) or none


def _evidence_line(line: EvidenceLine) -> str:
    name, url = clean(line.name), clean(line.url or "")
    address = f" {url}" if url and url != name else ""
    short_hash = clean(line.sha256)[:SHOWN_HASH_LENGTH]
    return f"- {name}{address}" + (f" ({short_hash})" if short_hash else "")
