"""Builds plan files and tables for tests."""

from __future__ import annotations

import re
from pathlib import Path

from plans.draft import Draft
from plans.layout.assemble import assemble
from plans.readers import tabbed

HEADINGS = ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา", "การติดตาม")
SEED = Path(__file__).parents[2] / "plans" / "examples" / "plan-2566.txt"


def as_of_test_office(content: bytes) -> bytes:
    """The example plan, or its review, as one of the office that `make_office` makes."""
    text = re.sub("เทศบาลตำบลท่าช้างคล(?:ี|้)อง", "เทศบาลตำบลบ้านใหม่", content.decode())
    for theirs, ours in (("ผาขาว", "เมือง"), ("จังหวัดเลย", "จังหวัดปทุมธานี"), ('province: "เลย"', 'province: "ปทุมธานี"')):
        text = text.replace(theirs, ours)
    return text.encode()


def make_text(
    *rows: tuple[str, ...], title: str = "แผน ประจำปีงบประมาณ พ.ศ. ๒๕๖๖", headings: tuple[str, ...] = HEADINGS
) -> str:
    return "\n".join([title, "", "\t".join(headings), *("\t".join(row) for row in rows)])


def make_draft(*rows: tuple[str, ...], fiscal_year_be: int | None = None, **parts: object) -> Draft:
    text = make_text(*rows, **parts)  # type: ignore[arg-type] # the parts of make_text, handed on
    return assemble(tabbed.read(text.encode(), "plan.txt"), fiscal_year_be)


def make_row(
    measure: str = "๑. ทดสอบ (ตัวชี้วัดที่ ๑)",
    steps: str = "๑. ทำ",
    responsible: str = "กองคลัง",
    period: str = "ต.ค. - ก.ย. ๒๕๖๖",
    monitoring: str = "รายงานผลทุกไตรมาส",
) -> tuple[str, ...]:
    return (measure, steps, responsible, period, monitoring)
