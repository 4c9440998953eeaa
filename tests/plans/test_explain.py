"""The explanation of a draft: each value beside its cell, and what is not in the plan."""

from __future__ import annotations

import pytest

from plans.draft import Source
from plans.explain import as_explanation
from plans.places import cell_place, place
from tests.plans.factories import make_draft, make_row
from tests.plans.test_layouts import FORM, read


def test_each_value_stands_above_its_place_and_raw_text() -> None:
    lines = as_explanation(make_draft(make_row())).splitlines()
    at = lines.index("  ผู้รับผิดชอบ: กองคลัง")
    assert lines[at + 1] == "      ← บรรทัดที่ ๔ ช่องที่ ๓ “กองคลัง”"


def test_a_doubt_stands_with_its_row() -> None:
    assert "? มาตรการที่ ๑ (บรรทัดที่ ๔): ไม่ได้ระบุผู้รับผิดชอบ" in as_explanation(make_draft(make_row(responsible="")))


def test_what_is_left_out_is_listed_with_its_reason() -> None:
    draft = make_draft(make_row(), ("", "", "", "", ""), ("ผู้จัดทำ นายก", "", "", "", ""))
    assert "หมายเหตุหรือลายมือชื่อใต้ตาราง: “ผู้จัดทำ นายก”" in as_explanation(draft)


def test_a_form_is_explained_without_columns() -> None:
    text = as_explanation(read(*FORM))
    assert "ช่องของตาราง" not in text
    assert "มาตรการที่ ๑: รับฟังความเห็น (ตัวชี้วัดที่ ๘)" in text


@pytest.mark.parametrize(
    ("source", "row", "cell"),
    [
        (Source(file="a.txt", table=0, row=1, column=2, line=11), "บรรทัดที่ ๑๒", "บรรทัดที่ ๑๒ ช่องที่ ๓"),
        (Source(file="a.docx", table=1, row=4, column=0), "ตารางที่ ๒ แถวที่ ๕", "ตารางที่ ๒ แถวที่ ๕ ช่องที่ ๑"),
        (Source(file="a.xlsx", sheet="แผน", table=0, row=4, column=27), "แผ่นงาน “แผน” แถวที่ ๕", "แผ่นงาน “แผน” ช่อง AB5"),
        (
            Source(file="a.pdf", page=2, table=0, row=0, column=0),
            "หน้า ๓ ตารางที่ ๑ แถวที่ ๑",
            "หน้า ๓ ตารางที่ ๑ แถวที่ ๑ ช่องที่ ๑",
        ),
        (Source(file="a.docx"), "ไฟล์ a.docx", "ไฟล์ a.docx"),
    ],
)
def test_a_place_is_told_as_a_person_finds_it(source: Source, row: str, cell: str) -> None:
    assert (place(source), cell_place(source)) == (row, cell)
