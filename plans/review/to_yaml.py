"""The review as a YAML file that a person edits without any other instructions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from domain.thai import short_date, thai_digits
from plans.doubts import CADENCE_WORDS
from plans.review.model import Review, ReviewDoubt, ReviewMeasure, ReviewRow, ReviewStep
from plans.words.text import clean

END: Final = "# ==== จบไฟล์ตรวจทาน ===="
"""The last line; a file without it broke off on its way."""
PROMISE: Final = "# บรรทัดสุดท้ายของไฟล์คือ “จบไฟล์ตรวจทาน” ถ้าไม่มี แสดงว่าไฟล์ไม่ครบ"
_HEAD: Final = f"""\
# ไฟล์ตรวจทานแผน: ตอบข้อสงสัยทุกข้อ แก้ไขค่าที่อ่านผิด แล้วบันทึก
{PROMISE}
#
# วิธีตอบ: เขียนคำตอบหลัง answer: ของแต่ละข้อ เลือกเขียนได้หนึ่งอย่าง
#   accept      ใช้ตามที่เสนอ (ตัวเลือกที่อยู่หลัง proposal:)
#   ชื่อตัวเลือก   คำภาษาอังกฤษหน้าข้อความใน choices: เช่น join
#   corrected   ท่านแก้ค่าในส่วน measures ด้านล่างด้วยตนเองแล้ว โปรแกรมจะใช้ค่าที่แก้ตามนั้น
#   ชื่อส่วนราชการ เฉพาะข้อที่ถามหาผู้รับผิดชอบ: เช่น answer: สำนักปลัด หรือ answer: กองคลัง, กองช่าง
# คำตอบที่เป็นชื่อตัวเลือกมีผลกับค่าด้านล่างเอง ไม่ต้องแก้ซ้ำ อย่าลบข้อสงสัยและอย่าแก้ facts
#
# วิธีแก้ค่า: แก้ได้ทุกค่าในส่วน measures ข้อความอยู่ในเครื่องหมาย "…" วันที่เขียนแบบ 2023-10-01 (ค.ศ.-เดือน-วัน)
#   scope       listed (ตามรายชื่อใน parties) | all_divisions (ทุกสำนัก/กอง)
#               | all_units (ทุกส่วนราชการ รวมหน่วยตรวจสอบภายใน) | all_division_heads (ผู้อำนวยการทุกกอง)
#               | missing (ยังไม่มีผู้รับผิดชอบ ต้องแก้ก่อนนำเข้า)
#   parties     ชื่อส่วนราชการ เช่น parties: [สำนักปลัด, กองช่าง] เมื่อมีรายชื่อแล้ว scope คือ listed
#   cadence     quarterly | semiannual | specified_quarters | monthly | annual
#               | none_stated (ยังไม่ได้ระบุ ต้องแก้ก่อนนำเข้า)
#   quarters_due ไตรมาสที่ต้องรายงาน เช่น [2, 4]
#   printed     ข้อความตามเอกสาร ไว้เทียบเท่านั้น
"""
_UNPRINTABLE: Final = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_PLAIN: Final = re.compile(r"[a-z][a-z_0-9]*(?:\.[a-z_0-9]+)*")
_RESERVED: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})


def to_yaml(review: Review) -> str:
    """The review as YAML with comments, in Thai; the same review gives the same text."""
    return "\n".join([_HEAD, *_document(review), END, ""])


def quoted(value: Any) -> str:
    """A scalar or a flat list as YAML in one line."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _word(value: str | None) -> str:
    if value is None:
        return "null"
    return value if _PLAIN.fullmatch(value) and value not in _RESERVED else quoted(value)


def _document(review: Review) -> Iterator[str]:
    yield f"title: {quoted(review.title)}"
    yield f"fiscal_year_be: {quoted(review.fiscal_year_be)}"
    yield "organization:"
    for name, value in review.organization.model_dump().items():
        yield f"  {name}: {quoted(value)}"
    yield f"doubts_raised: {review.doubts_raised}"
    yield ""
    yield _opened("doubts", review.doubts)
    for number, doubt in enumerate(review.doubts, 1):
        yield f"  # ---- ข้อสงสัยที่ {thai_digits(number)} จาก {thai_digits(len(review.doubts))} ----"
        yield from _doubt(doubt)
    yield _opened("measures", review.measures)
    for measure in review.measures:
        yield from _measure(measure)


def _doubt(doubt: ReviewDoubt) -> Iterator[str]:
    yield f"  - id: {_word(doubt.id)}"
    yield f"    kind: {doubt.kind.value}"
    yield f"    row: {_word(doubt.row)}"
    yield f"    question: {quoted(doubt.question)}"
    yield "    choices:" if doubt.choices else "    choices: {}  # ไม่มีข้อเสนอ โปรดแก้ค่าแล้วตอบ corrected"
    for key, text in doubt.choices.items():
        yield f"      {_word(key)}: {quoted(text)}"
    yield f"    proposal: {_word(doubt.proposal)}"
    yield f"    answer: {_word(doubt.answer)}" if doubt.answer else "    answer:"
    yield f"    facts: {quoted(doubt.facts)}"
    yield ""


def _measure(measure: ReviewMeasure) -> Iterator[str]:
    yield f"  # ==== มาตรการที่ {thai_digits(measure.number)} ===="
    yield f"  - number: {measure.number}"
    yield f"    title: {quoted(measure.title)}"
    yield f"    indicators: {quoted(measure.indicators)}"
    yield _opened("rows", measure.rows, 4)
    for row in measure.rows:
        yield from _row(row)


def _row(row: ReviewRow) -> Iterator[str]:
    yield f"      - row: {_word(row.row)}"
    yield _opened("steps", row.steps, 8)
    for step in row.steps:
        yield from _step(step)
    yield from _responsible(row)
    yield from _period(row)
    yield "        reporting:"
    yield f"          cadence: {row.reporting.cadence}  # {CADENCE_WORDS[row.reporting.cadence]}"
    yield f"          quarters_due: {quoted(row.reporting.quarters_due)}"
    yield from _texts("publication_channels", row.publication_channels, 8)
    yield from _texts("monitoring_duties", row.monitoring_duties, 8)
    yield "        printed:"
    for name, text in row.printed.model_dump().items():
        yield f"          {name}: {quoted(text)}"
    yield ""


def _step(step: ReviewStep) -> Iterator[str]:
    yield f"          - text: {quoted(step.text)}"
    if step.recurrence:
        yield f"            recurrence: {_word(step.recurrence)}"
    if step.sub_steps:
        yield from _texts("sub_steps", step.sub_steps, 12)


def _responsible(row: ReviewRow) -> Iterator[str]:
    yield f"        responsible:  # ตามที่พิมพ์: {clean(row.printed.responsible) or '(ว่าง)'}"
    yield f"          scope: {row.responsible.scope}"
    yield _opened("parties", row.responsible.parties, 10)
    for party in row.responsible.parties:
        yield f"            - {{unit: {quoted(party.unit)}, subunit: {quoted(party.subunit)}, role: {party.role}}}"


def _period(row: ReviewRow) -> Iterator[str]:
    yield f"        period:  # ตามที่พิมพ์: {clean(row.printed.period) or '(ว่าง)'}"
    for name in ("start", "end"):
        day = getattr(row.period, name)
        yield f"          {name}: {day}  # {short_date(day)}" if day else f"          {name}:"
    if row.period.recurrence:
        yield f"          recurrence: {_word(row.period.recurrence)}"


def _texts(name: str, texts: list[str], indent: int) -> Iterator[str]:
    yield _opened(name, texts, indent)
    for text in texts:
        yield f"{' ' * indent}  - {quoted(text)}"


def _opened(name: str, entries: Sequence[object], indent: int = 0) -> str:
    """The line that a list stands under; where it is empty, it says so."""
    return f"{' ' * indent}{name}:{'' if entries else ' []'}"
