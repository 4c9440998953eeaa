"""Thai words of the pages on which a plan comes in: kinds of questions, columns, what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.catalogue import years_in
from domain.revision import ChangeKind, Field
from plans.doubts import CADENCE_WORDS, CHANNEL_WORDS
from plans.draft import DoubtKind
from web.view.labels import LEVELS as LEVELS  # noqa: PLC0414 -- the page of a rehearsal names vacant posts by them

KINDS: Final[Mapping[DoubtKind, str]] = {
    DoubtKind.MISSING_RESPONSIBLE: "ไม่ได้ระบุผู้รับผิดชอบ",
    DoubtKind.MISSING_PERIOD: "ไม่ได้ระบุระยะเวลา",
    DoubtKind.PERIOD_END_BEFORE_START: "ระยะเวลาสิ้นสุดก่อนเริ่ม",
    DoubtKind.REPORTING_NOT_STATED: "ไม่ได้ระบุการรายงาน",
    DoubtKind.PROBABLE_CONTINUATION: "แถวที่น่าจะต่อเนื่องกัน",
    DoubtKind.MEASURE_REPEATED: "มาตรการที่พิมพ์ซ้ำ",
    DoubtKind.MEASURES_MISSING: "มาตรการที่ไม่พบในเอกสาร",
    DoubtKind.STEP_NUMBERING_STARTS_LATE: "ลำดับขั้นตอนไม่ได้เริ่มที่ ๑",
    DoubtKind.STEPS_MISSING: "แถวที่ไม่มีขั้นตอน",
    DoubtKind.VALUES_DO_NOT_PAIR: "จำนวนขั้นตอนกับค่าไม่ตรงกัน",
    DoubtKind.LETTER_SPACED_TEXT: "ตัวอักษรที่แยกห่างกัน",
    DoubtKind.UNKNOWN_UNIT: "ชื่อส่วนราชการที่ไม่รู้จัก",
    DoubtKind.UNREADABLE_VALUE: "ค่าที่อ่านไม่ได้",
    DoubtKind.FISCAL_YEAR_UNCLEAR: "ปีงบประมาณไม่ชัดเจน",
    DoubtKind.PERIOD_OUTSIDE_FISCAL_YEAR: "ระยะเวลาอยู่นอกปีงบประมาณ",
    DoubtKind.MEASURE_NUMBER_MISSING: "มาตรการที่ไม่มีเลขลำดับ",
    DoubtKind.REPORTING_AMBIGUOUS: "การรายงานอ่านได้หลายอย่าง",
    DoubtKind.MEASURE_NUMBER_REPEATED: "สองมาตรการมีเลขเดียวกัน",
    DoubtKind.UNUSED_TEXT: "ข้อความที่ไม่ได้ใช้",
    DoubtKind.OTHER_AUTHORITY: "แผนของหน่วยงานอื่น",
    DoubtKind.OTHER_YEAR: "แผนของปีอื่น",
}

ROLES: Final[Mapping[str, str]] = {
    "measure": "มาตรการ",
    "steps": "ขั้นตอน/วิธีการ",
    "responsible": "ผู้รับผิดชอบ",
    "period": "ระยะเวลา",
    "monitoring": "การติดตาม/รายงานผล",
}
"""Name of a column whose heading the document does not print."""

OTHER: Final = "ช่องอื่นของแถว"
HEAD: Final = "หัวเอกสาร"

CHANGES: Final[Mapping[ChangeKind, str]] = {
    ChangeKind.ADDED: "เพิ่ม",
    ChangeKind.REMOVED: "ตัดออก",
    ChangeKind.CHANGED: "แก้ไข",
    ChangeKind.MOVED: "ย้ายที่",
}

FIELDS: Final[Mapping[Field, str]] = {
    Field.TITLE: "ชื่อ",
    Field.NUMBER: "ลำดับที่",
    Field.INDICATORS: "ตัวชี้วัด",
    Field.TEXT: "ข้อความ",
    Field.SUB_STEPS: "ขั้นตอนย่อย",
    Field.RECURRENCE: "ความถี่",
    Field.RESPONSIBLE: "ผู้รับผิดชอบ",
    Field.PERIOD: "ระยะเวลา",
    Field.REPORTING: "การรายงาน",
    Field.CHANNELS: "ช่องทางเผยแพร่",
    Field.DUTIES: "งานในช่องการติดตาม",
}

CADENCES: Final[Mapping[str, str]] = CADENCE_WORDS | {"once": "ครั้งเดียว"}
CHANNELS: Final[Mapping[str, str]] = CHANNEL_WORDS

DONE: Final[Mapping[str, str]] = {
    "answered": "บันทึกคำตอบแล้ว",
    "corrected": "บันทึกค่าที่แก้แล้ว",
    "named": "บันทึกชื่อส่วนราชการแล้ว ระบบจะจำไว้ใช้กับแผนต่อไป",
    "dropped": "ลบแผนที่กำลังตรวจทานแล้ว",
    "imported": "นำเข้าแผนแล้ว ยังไม่ได้เริ่มใช้",
    "same": "แผนนี้นำเข้าไว้ก่อนแล้ว",
    "activated": "เริ่มใช้แผนแล้ว",
    "rolled": "ยกแผนไปปีใหม่แล้ว ยังไม่ได้เริ่มใช้",
}
"""What an administrator has just done."""

STATES: Final[Mapping[str, str]] = {
    "planned": "ยังไม่เปิด",
    "open": "อยู่ระหว่างดำเนินการ",
    "handed_in": "รอตรวจ",
    "returned": "ส่งกลับแก้ไข",
    "accepted": "ดำเนินการแล้วเสร็จ",
    "cannot_do_stated": "รอพิจารณาเหตุที่ดำเนินการไม่ได้",
    "cannot_do": "ไม่สามารถดำเนินการได้",
    "cancelled": "ยกเลิก",
}


def other_years(title: str, fiscal_year_be: int | None) -> list[int]:
    """Years that a title names where the plan's own is neither one of them nor between them."""
    named = sorted(set(years_in(title)))
    return [] if fiscal_year_be is None or not named or named[0] <= fiscal_year_be <= named[-1] else named


TABLES: Final[tuple[Mapping[Any, str], ...]] = (KINDS, ROLES, CHANGES, FIELDS, CADENCES, CHANNELS, DONE, STATES)
