"""What each column is for, from the words of its heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from plans.fragments import paragraphs
from plans.raw import RawCell, RawDocument
from plans.text import squeezed

_ROLES: Final = (
    ("number", r"(?:ที่|ลำดับ(?:ที่)?|ข้อ|ข้อที่)"),
    ("success_measure", r"ตัวชี้วัด(?:ความสำเร็จ|ผล|กิจกรรม).*|ค่าเป้าหมาย.*|เป้าหมาย.*"),
    ("indicator", r"ตัวชี้วัด.*|ประเด็นตัวชี้วัด.*"),
    ("responsible", r".*รับผิดชอบ.*|ส่วนราชการ.*|หน่วยงาน.*|ผู้ดำเนินการ"),
    ("period", r".*ระยะเวลา.*|ห้วงเวลา.*|ช่วงเวลา.*|กำหนดเวลา.*|กำหนดการ.*|วันเดือนปี.*"),
    ("problems", r".*ปัญหา.*|.*อุปสรรค.*"),
    ("suggestions", r".*ข้อเสนอแนะ.*"),
    ("monitoring", r".*ติดตาม.*|.*กำกับ.*|.*รายงานผล.*|.*การประเมินผล.*"),
    ("status", r"สถานะ.*"),
    ("result", r"ผล.*|.*ผลการดำเนิน.*|.*ผลลัพธ์.*"),
    ("budget", r".*งบประมาณ.*"),
    ("evidence", r".*หลักฐาน.*|.*เอกสาร.*"),
    ("remarks", r"หมายเหตุ.*"),
    ("measure", r"มาตรการ.*|แนวทาง|ประเด็น.*|.*มาตรการ"),
    ("steps", r".*ขั้นตอน.*|.*วิธีการ.*|.*วิธีดำเนิน.*|.*กิจกรรม.*|แนวทาง.*|.*การดำเนินการ.*|.*การปฏิบัติ.*|โครงการ.*"),
)
_PATTERNS: Final = tuple((role, re.compile(pattern)) for role, pattern in _ROLES)
_LONGEST_HEADING: Final = 60
_LEAST_ROLES: Final = 2
_LEAST_SHARE: Final = 0.6
OTHER: Final = "other"


@dataclass(slots=True)
class PlanTable:
    """Data rows of the document's plan tables, with their columns' roles and the headings left over."""

    roles: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    rows: list[tuple[tuple[str, ...], list[RawCell]]] = field(default_factory=list)
    repeated_headings: list[RawCell] = field(default_factory=list)
    foreign: list[RawCell] = field(default_factory=list)


def role_of(heading: str) -> str:
    """Role of a column by its heading; `other` where no word is known."""
    text = squeezed(" ".join(paragraphs(heading))).strip(":.")
    if not text or len(text) > _LONGEST_HEADING:
        return OTHER
    return next((role for role, pattern in _PATTERNS if pattern.fullmatch(text)), OTHER)


def roles_of(cells: Sequence[RawCell]) -> tuple[str, ...] | None:
    """Roles of a heading row, left to right, each at most once; None if the row is none."""
    roles: list[str] = []
    for role in (role_of(cell.text) for cell in cells):
        roles.append(OTHER if role in roles else role)
    known = [role for role in roles if role != OTHER]
    filled = sum(bool(cell.text.strip()) for cell in cells)
    if len(known) < _LEAST_ROLES or len(known) < _LEAST_SHARE * filled:
        return None
    return tuple(roles) if {"measure", "steps"} & set(known) else None


def plan_table(document: RawDocument) -> PlanTable:
    """All plan tables of the document as one.

    A table without headings goes on with the columns of the one before if it is as wide
    (research/documents.md, section 6); otherwise it is foreign.
    """
    result = PlanTable()
    roles: tuple[str, ...] | None = None
    for table in document.tables:
        roles = _inherited(roles, table.rows)
        for cells in table.rows:
            found = roles_of(cells)
            if found:
                roles = found
                _keep_headings(result, found, cells)
            elif roles:
                result.rows.append((roles, cells))
            else:
                result.foreign.extend(cells)
    return result


def _inherited(roles: tuple[str, ...] | None, rows: Sequence[Sequence[RawCell]]) -> tuple[str, ...] | None:
    width = max((len(cells) for cells in rows), default=0)
    return roles if roles and width == len(roles) else None


def _keep_headings(result: PlanTable, roles: tuple[str, ...], cells: Sequence[RawCell]) -> None:
    if not result.roles:
        result.roles = roles
        result.headings = tuple(cell.text for cell in cells)
    else:
        result.repeated_headings.extend(cells)
