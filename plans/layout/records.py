"""Plans without a table of columns: labelled fields gathered into rows of the same kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from domain.thai import arabic_digits
from plans.draft import Source
from plans.layout.headings import heading_text, sub_role, wishes
from plans.raw import RawCell
from plans.words.text import clean

_LEAST_STRENGTH: Final = 5
_NO_FIELD: Final = frozenset({"number", "office", "fiscal_year"})
_OPENS: Final = frozenset({"measure", "indicator", "issue"})
_BODY: Final = frozenset({"steps", "responsible", "period", "monitoring"})
_MARK: Final = re.compile(r"\s*(?:\(?\d{1,2}(?:\.\d{1,2})*[.)]?(?!\d)|[ก-ฮ][.)]|[-–•*▪●])\s*")
_MEASURE_HEADING: Final = re.compile(r"\s*(?:\d{1,2}\s?[.)]\s*)?มาตรการ\s?(?:ที่)?\s*\d{1,2}(?!\d)\s*[.):]?\s*\S")
_INDICATOR_HEADING: Final = re.compile(r"\s*(?:\d{1,2}\s?[.)]\s*)?ตัวชี้วัด\s?(?:ที่)?\s*\d{1,2}(?!\d)\s*[.):]?\s*\S")
_LABEL: Final = re.compile(
    r"ผู้(?:มีหน้าที่)?รับผิดชอบ(?:หลัก|ดำเนินการ|โครงการ|มาตรการ)?|(?:หน่วยงาน|ส่วนราชการ|กอง)(?:ที่|ผู้)?รับผิดชอบ(?:หลัก)?|หน่วยงาน(?:หลัก|สนับสนุน|ร่วม|ที่เกี่ยวข้อง)"
    r"|ระยะเวลา(?:ใน)?(?:การ)?(?:ดำเนิน(?:การ|งาน))?|(?:ห้วง|ช่วง|กำหนด|กรอบ)(?:ระยะ)?เวลา(?:ดำเนิน(?:การ|งาน))?"
    r"|ขั้นตอน(?:(?:/|และ|หรือ)*วิธี(?:การ)?)?(?:การ)?(?:ดำเนิน(?:การ|งาน)|ปฏิบัติ)?|วิธี(?:การ)?(?:ดำเนิน(?:การ|งาน)|ปฏิบัติ)?|แนวทาง(?:การ)?(?:ดำเนิน(?:การ|งาน)|ปฏิบัติ)"
    r"|กิจกรรม(?:/โครงการ|ที่ดำเนินการ)?|การ(?:กำกับ)?ติดตาม(?:ผล)?(?:(?:และ|/)?(?:การ)?(?:รายงาน(?:ผล)?|ประเมินผล))*|(?:การ)?กำกับ(?:,?|และ)?ติดตาม(?:และ|/)?(?:การ)?(?:รายงานผล|ประเมินผล)?"
    r"|(?:การ|รอบการ|กำหนด(?:การ|ส่ง)?)รายงาน(?:ผล)?|ตัวชี้วัด(?:ความสำเร็จ|ที่(?:คัด)?เลือก|ita)?|ค่า?เป้าหมาย|งบประมาณ|ช่องทาง(?:การ)?(?:เผยแพร่|ประชาสัมพันธ์)*|การเผยแพร่"
    r"|(?:ชื่อ)?มาตรการ|ประเด็น(?:ที่(?:ต้อง|ควร)?(?:ปรับปรุง|พัฒนา))?|สถานะ(?:การดำเนินการ)?|ผลการดำเนิน(?:การ|งาน)|ปัญหา(?:และ|/)?(?:อุปสรรค)?|อุปสรรค|ข้อเสนอแนะ|หลักฐาน|หมายเหตุ|ผลที่คาดว่าจะได้รับ"
)  # fmt: skip
_OPEN_ENDED: Final = frozenset(
    {"measure", "steps", "indicator", "issue", "activity", "result", "problems", "suggestions"}
)
_COLON: Final = re.compile(r"([^:\uff1a\n]{2,70}?)\s*[:\uff1a]\s*(.*)", re.DOTALL)


@dataclass(slots=True)
class Record:
    """Fields of one row: role and cell, in order."""

    cells: list[tuple[str, RawCell]] = field(default_factory=list)

    @property
    def roles(self) -> set[str]:
        """Roles that have a text."""
        return {role for role, _ in self.cells}


def label_role(text: str) -> str | None:
    """Role of a text that is nothing but a label, as in the left column of a form."""
    bare = _unmarked(text)
    roles = wishes(bare)
    if roles and roles[0].strength >= _LEAST_STRENGTH and roles[0].role not in _NO_FIELD:
        return roles[0].role
    role = sub_role(heading_text(bare), "")
    return role if role.startswith("responsible") else None


def split_label(line: str) -> tuple[str, str] | None:
    """Role and value of a line such as `ผู้รับผิดชอบ: กองคลัง`; None where no label begins it.

    Without a colon the label must be one of the usual words, and for a measure or a step the line must end with it:
    `กิจกรรม ๕ ส` is a text.
    """
    line = line.strip()
    match = _COLON.match(line)
    if match and (role := label_role(match.group(1))):
        return role, match.group(2)
    bare = _unmarked(line)
    first = _LABEL.match(bare)
    if first is None:
        return None
    role, rest = label_role(first.group()), bare[first.end() :]
    if role is None or (rest.strip() and (not rest[0].isspace() or role in _OPEN_ENDED)):
        return None
    return role, rest.strip()


def is_measure_heading(line: str) -> bool:
    """Whether a line begins with `มาตรการที่ ๑` and a title."""
    return bool(_MEASURE_HEADING.match(arabic_digits(clean(line))))


def is_indicator_heading(line: str) -> bool:
    """Whether a line begins with `ตัวชี้วัดที่ ๕` and its name."""
    return bool(_INDICATOR_HEADING.match(arabic_digits(clean(line))))


def _unmarked(text: str) -> str:
    text = clean(text)
    mark = _MARK.match(arabic_digits(text))
    return text[mark.end() :] if mark else text


class Gatherer:
    """Puts labelled texts together into records, each the row of a table."""

    def __init__(self) -> None:
        """Begin without a record."""
        self.records: list[Record] = []
        self.role: str | None = None

    def put(self, role: str, text: str, source: Source) -> None:
        """Add a field; one that opens a measure, or steps after who and when, begins a new record."""
        if not self.records or self._begins_new(role):
            self.records.append(Record())
        self.role = role
        if text.strip():
            self.records[-1].cells.append((role, RawCell(text, source)))

    def go_on(self, text: str, source: Source) -> None:
        """Add a line to the field before."""
        assert self.role
        self.records[-1].cells.append((self.role, RawCell(text, source)))

    def _begins_new(self, role: str) -> bool:
        roles = self.records[-1].roles
        if role in _OPENS:
            return bool(roles & _BODY) or role in roles
        return role == "steps" and bool(roles & {"responsible", "period"}) and "steps" in roles


def as_rows(records: Iterable[Record]) -> list[tuple[tuple[str, ...], list[RawCell]]]:
    """The records as table rows: one cell for each role, its lines below one another."""
    return [_as_row(record) for record in records if record.cells]


def _as_row(record: Record) -> tuple[tuple[str, ...], list[RawCell]]:
    cells: dict[str, RawCell] = {}
    for role, cell in record.cells:
        before = cells.get(role)
        cells[role] = RawCell(f"{before.text}\n{cell.text}", before.source) if before else cell
    roles = [*cells, *(role for role in ("responsible", "period", "monitoring") if role not in cells)]
    blank = RawCell("", record.cells[0][1].source)
    return tuple(roles), [cells.get(role, blank) for role in roles]
