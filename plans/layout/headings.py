"""What a heading or label says its column or field is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from plans.words.fragments import paragraphs
from plans.words.months import MONTH, month_number
from plans.words.text import plain, squeezed

OTHER: Final = "other"
REPEATABLE: Final = frozenset({OTHER, "monitoring", "budget", "result", "channels", "evidence", "success_measure"})
"""Roles that several columns may have; their texts are taken together, left to right."""

_LONGEST_HEADING: Final = 90
_BODY: Final = r"(?:หน่วย(?:งาน)?|ผู้|เจ้าภาพ|ส่วนราชการ|กอง)"
_ROLES: Final = (
    (10, "office", r"ชื่อ(?:หน่วยงาน|เทศบาล|อบต|อปท|องค์กรปกครอง).*|หน่วยงานของท่าน"),
    (10, "fiscal_year", r"(?:ประจำ)?ปีงบประมาณ(?:พ\.?ศ\.?)?"),
    (10, "report_quarters", r".*ไตรมาส.*รายงาน.*|.*รายงาน.*ไตรมาส.*"),
    (9, "period_quarters", r"ไตรมาส(?:ที่)?(?:ดำเนิน.*)?"),
    (10, "number", r"(?:ขั้นตอน|กิจกรรม|ขั้น)ที่|ลำดับขั้นตอน"),
    (9, "number", r"ที่|ลำดับ(?:ที่)?|ข้อ(?:ที่)?|มาตรการที่|no\.?|#"),
    (9, "success_measure", r"ตัวชี้วัด(?:ความสำเร็จ|ผล|กิจกรรม|และ|/).*|.*เป้าหมาย.*|ผลที่คาด.*|ประโยชน์ที่.*|ผลผลิต.*"),
    (10, "period", r"(?:วัน(?:ที่)?)?เริ่ม(?:ต้น)?(?:[-/]|ถึง|และ)*(?:วัน(?:ที่)?)?สิ้นสุด.*"),
    (9, "period_start", r"(?:วัน(?:ที่)?)?เริ่ม(?:ต้น|ดำเนิน.*)?|ตั้งแต่"),
    (9, "period_end", r"(?:วัน(?:ที่)?)?(?:สิ้นสุด|แล้วเสร็จ)(?:ดำเนิน.*)?|กำหนด(?:วัน)?(?:แล้วเสร็จ|เสร็จ)"),
    (9, "problems_suggestions", r".*(?:ปัญหา|อุปสรรค).*ข้อเสนอ.*|.*ข้อเสนอ.*(?:ปัญหา|อุปสรรค).*"),
    (8, "problems", r".*(?:ปัญหา|อุปสรรค).*"),
    (8, "suggestions", r"ข้อเสนอ.*|แนวทางแก้ไข.*|ข้อคิดเห็น.*"),
    (8, "responsible_support", rf"{_BODY}?(?:ที่)?(?:สนับสนุน|ร่วม|เกี่ยวข้อง|รอง)(?:รับผิดชอบ|ดำเนิน.*)?"),
    (8, "responsible", r".*ผู้รับผิดชอบ.*|.*รับผิดชอบ(?:หลัก)?|(?:หน่วยงาน|เจ้าภาพ|ส่วนราชการ)หลัก|ผู้ดำเนิน.*|เจ้าภาพ"),
    (5, "responsible", r"ส่วนราชการ.*|หน่วยงาน.*|ส่วนงาน.*|.*เจ้าของ(?:เรื่อง|งาน).*|ผู้ดูแล.*|กองที่.*|หน่วยปฏิบัติ.*"),
    (5, "responsible", r"สำนัก/กอง|กอง/สำนัก|สังกัด|ผู้ปฏิบัติ.*|มอบหมาย.*|.*รับผิดชอบ.*"),
    (8, "monitoring", r".*ติดตาม.*|.*(?:กำหนด|รอบ|ความถี่|ระยะ)[^/]*รายงาน.*|การกำกับ.*"),
    (7, "period", r".*ระยะเวลา.*|ห้วง.*|ช่วงเวลา.*|ช่วงดำเนิน.*|กำหนดเวลา.*|กำหนดการ.*|กรอบเวลา.*|วัน/?เดือน/?ปี.*|ปฏิทิน.*"),
    (4, "period", r"วันที่.*|เวลา|เวลาดำเนิน.*|กำหนดดำเนิน.*|เดือนที่.*|เมื่อใด"),
    (7, "channels", r".*ช่องทาง.*|.*(?:การ|ที่|วิธี)เผยแพร่.*|เผยแพร่.*"),
    (7, "status", r"สถานะ.*|ความก้าวหน้า.*|ความคืบหน้า.*|สถานภาพ.*|ผลการดำเนิน\S*สถานะ.*"),
    (7, "result", r"ผล(?!ผลิต|ที่คาด|ประโยชน์|คะแนน|การประเมิน|ประเมิน|การวิเคราะห์).*|สรุปผล.*|รายละเอียดผล.*"),
    (6, "monitoring", r".*กำกับ.*|.*รายงาน.*|.*(?:การประเมินผล|การตรวจสอบ).*"),
    (5, "result", r"รายงานผลการดำเนิน.*|การดำเนินการที่ผ่านมา|รายงานผล"),
    (7, "budget", r"(?!.*ปีงบประมาณ).*งบประมาณ.*|(?:จำนวน)?เงิน.*|ค่าใช้จ่าย.*"),
    (6, "evidence", r".*หลักฐาน.*|เอกสาร.*|ลิงก์.*|url.*|link.*"),
    (6, "remarks", r"หมายเหตุ.*"),
    (6, "indicator", r"(?:ประเด็น)?ตัวชี้วัด.*|(?!ผล|คะแนน).*ita.*|ข้อคำถาม.*"),
    (9, "steps", r"ขั้นตอน.*|.*วิธีการ.*|.*วิธีดำเนิน.*|.*วิธีปฏิบัติ.*|รายละเอียด(?:การ|ขั้นตอน|กิจกรรม).*"),
    (8, "measure", r"มาตรการ.*|ชื่อมาตรการ.*|(?:แนวทาง|แผนงาน|โครงการ|กิจกรรม|ประเด็น|หัวข้อ).*มาตรการ.*"),
    (7, "steps", r"แนวทาง(?:การ)?(?:ดำเนิน|ปฏิบัติ|ขับเคลื่อน).*|(?:การ)?ดำเนิน(?:การ|งาน)(?:ตาม.*)?"),
    (7, "steps", r"การปฏิบัติ.*|สิ่งที่(?:ต้อง|จะ)?.*"),
    (6, "steps", r".*กิจกรรม.*"),
    (5, "measure", r"แนวทาง.*|แผนงาน.*|โครงการ.*|แนวปฏิบัติ.*"),
    (5, "activity", r".*กิจกรรม.*"),
    (5, "issue", r"ประเด็น.*|หัวข้อ.*|ข้อบกพร่อง.*|จุดอ่อน.*|สิ่งที่ต้องปรับปรุง.*|ผลการวิเคราะห์.*|ความเสี่ยง.*|เรื่อง"),
    (4, "steps", r"แนวทาง.*|โครงการ.*|แผนงาน.*|รายละเอียด.*|รายการ.*|งานที่.*|การดำเนิน.*|แนวปฏิบัติ.*"),
    (3, "activity", r"โครงการ.*|แผนงาน.*"),
    (3, "measure", r"ประเด็น.*|หัวข้อ.*|.*กิจกรรม.*|ด้าน|เรื่อง|รายการ.*"),
)  # fmt: skip
_PATTERNS: Final = tuple((strength, role, re.compile(pattern)) for strength, role, pattern in _ROLES)
_STATUS_WORDS: Final = re.compile(
    r"(?:ดำเนินการ)?แล้วเสร็จ|ดำเนินการแล้ว|(?:อยู่)?ระหว่างดำเนินการ|(?:ยัง)?ไม่ได้ดำเนินการ|ยังไม่ดำเนินการ|ไม่สามารถดำเนินการ(?:ได้)?"
)
_QUARTER: Final = re.compile(r"(?:ไตรมาส(?:ที่)?|q\.?)([1-4])(?:\(.*\))?", re.IGNORECASE)
_BARE_QUARTER: Final = re.compile(r"(?:ที่)?([1-4])")
_MONTH: Final = re.compile(rf"({MONTH})(?:พ\.?ศ\.?|ปี)?(?:\d{{2}}|\d{{4}})?")
_YEAR: Final = re.compile(r"(?:ปี)?(?:งบประมาณ)?(?:พ\.?ศ\.?)?(?:25)?\d{2}")
_DIVISION: Final = re.compile("(?:กอง|สำนัก|หน่วยตรวจ|ฝ่าย|ส่วน)")
_LEAD: Final = re.compile(r"(?:หน่วยงาน)?หลัก|เจ้าภาพ(?:หลัก)?")
_SUPPORT: Final = re.compile(r"(?:หน่วยงาน|ผู้|เจ้าภาพ)?(?:สนับสนุน|ร่วม|รอง|ที่เกี่ยวข้อง)")
_NUMBERED_COLUMN: Final = re.compile(r"\(?\d{1,2}\)?\.?")


@dataclass(frozen=True, slots=True)
class Wish:
    """A role that a heading may have, and how strongly its words say so."""

    strength: int
    role: str


def heading_text(raw: str) -> str:
    """A heading without spaces, with Arabic digits."""
    return plain(squeezed(" ".join(paragraphs(raw)))).replace(" ", "").strip(":.").lower()


@lru_cache(maxsize=2048)
def wishes(heading: str) -> tuple[Wish, ...]:
    """Roles that the words of a heading allow, strongest first; none where no word is known."""
    text = heading_text(heading)
    if not text or len(text) > _LONGEST_HEADING:
        return ()
    strengths = {role: strength for strength, role, pattern in reversed(_PATTERNS) if pattern.fullmatch(text)}
    return tuple(
        sorted((Wish(strength, role) for role, strength in strengths.items()), key=lambda wish: -wish.strength)
    )


def role_of(heading: str) -> str:
    """Role that the words of one heading name most strongly; `other` where no word is known."""
    return roles_for([heading])[0]


def roles_for(headings: Sequence[str]) -> list[str]:
    """One role for each heading, left to right: the strongest words choose first, each role is given once.

    So `กิจกรรม` holds the steps, unless `ขั้นตอน` stands beside it; and `ประเด็น` the measure, unless `มาตรการ` does.
    """
    offers = sorted(
        ((wish.strength, -index, wish.role) for index, text in enumerate(headings) for wish in wishes(text)),
        key=lambda offer: (-offer[0], -offer[1]),
    )
    roles = [OTHER] * len(headings)
    for _, place, role in offers:
        if roles[-place] == OTHER and (role in REPEATABLE or role not in roles):
            roles[-place] = role
    return roles


def is_sub_heading(text: str, above: str = "") -> bool:
    """Whether a text only makes sense below another heading: a month, quarter, year, `หลัก`, a state."""
    squeezed_text = heading_text(text)
    return sub_role(squeezed_text, above) != OTHER or bool(_YEAR.fullmatch(squeezed_text))


def sub_role(text: str, above: str) -> str:
    """Role of a heading that stands below the text `above`; `text` is as `heading_text` gives it.

    Below `ไตรมาส` a bare 1 to 4 is a quarter, below `ผู้รับผิดชอบ` a division is one to tick.
    """
    parent = role_of(above)
    quarter = _QUARTER.fullmatch(text) or (_BARE_QUARTER.fullmatch(text) if "ไตรมาส" in above else None)
    if quarter:
        return _timed(parent, f"quarter:{quarter.group(1)}")
    if month := _MONTH.fullmatch(text):
        return _timed(parent, f"month:{month_number(month.group(1))}")
    if parent == "responsible" and _DIVISION.match(text):
        return f"unit:{text}"
    if _STATUS_WORDS.fullmatch(text):
        return f"status:{text}"
    return "responsible" if _LEAD.fullmatch(text) else "responsible_support" if _SUPPORT.fullmatch(text) else OTHER


def _timed(parent: str, role: str) -> str:
    """Below results a month or quarter parts the results; below reporting it is when a report is due."""
    if parent == "result":
        return parent
    return f"report_{role}" if parent in {"monitoring", "report_quarters"} else role


def is_column_count(texts: Iterable[str]) -> bool:
    """Whether a row only counts the columns, as `(๑) (๒) (๓)` below the headings."""
    filled = [heading_text(text) for text in texts if text.strip()]
    numbers = [re.sub(r"\D", "", text) for text in filled if _NUMBERED_COLUMN.fullmatch(text)]
    least = 3
    return len(numbers) == len(filled) >= least and [int(n) for n in numbers] == list(range(1, len(numbers) + 1))
