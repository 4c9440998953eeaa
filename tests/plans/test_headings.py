"""What columns are for, from their headings or from what stands below them."""

from __future__ import annotations

import pytest

from plans.layout.header import header_at
from plans.layout.headings import roles_for
from plans.layout.inference import with_inferred
from tests.plans.factories import make_draft
from tests.plans.tables import make_rows


@pytest.mark.parametrize(
    ("headings", "roles"),
    [
        (["มาตรการ", "กิจกรรม", "ผู้รับผิดชอบ"], ["measure", "steps", "responsible"]),
        (["มาตรการ", "กิจกรรม", "ขั้นตอน"], ["measure", "activity", "steps"]),
        (["ประเด็นการประเมิน", "แนวทาง", "กองที่รับผิดชอบ"], ["issue", "measure", "responsible"]),
        (["ประเด็น", "มาตรการ", "แนวทางการดำเนินงาน"], ["issue", "measure", "steps"]),
        (["โครงการ", "วิธีดำเนินการ", "งบประมาณ (บาท)"], ["measure", "steps", "budget"]),
        (["ขั้นตอนที่", "รายละเอียดขั้นตอน", "ส่วนงานเจ้าของเรื่อง"], ["number", "steps", "responsible"]),
        (["หน่วยงานหลัก", "หน่วยงานสนับสนุน", "ห้วงเวลา"], ["responsible", "responsible_support", "period"]),
        (["เริ่มต้น", "สิ้นสุด", "เริ่ม-สิ้นสุด"], ["period_start", "period_end", "period"]),
        (["ผลการดำเนินงาน", "ปัญหา/อุปสรรค และข้อเสนอแนะ", "สถานะ"], ["result", "problems_suggestions", "status"]),
        (["ตัวชี้วัดความสำเร็จ", "สอดคล้องกับตัวชี้วัด ITA ข้อใด", "หมายเหตุ"], ["success_measure", "indicator", "remarks"]),
        (["การติดตาม", "กำหนดส่งรายงาน", "ไตรมาสที่รายงาน"], ["monitoring", "monitoring", "report_quarters"]),
    ],
)
def test_headings_share_the_roles_among_them(headings: list[str], roles: list[str]) -> None:
    assert roles_for(headings) == roles


def roles(*lines: str) -> tuple[str, ...] | None:
    found = header_at(make_rows(*lines), 0)
    return found.roles if found else None


def test_months_below_a_wide_heading_are_columns_of_months() -> None:
    assert roles("มาตรการ | ขั้นตอน | ระยะเวลา<3 | | ", "~ | ~ | ต.ค. | พ.ย. ๖๖ | ธันวาคม") == (
        "measure", "steps", "month:10", "month:11", "month:12",
    )  # fmt: skip


def test_quarters_below_reporting_are_when_reports_are_due() -> None:
    found = roles("มาตรการ | ขั้นตอน | การรายงานผล<2 | | ไตรมาส<2 | ", "~ | ~ | ไตรมาส ๑ | ไตรมาส ๒ | ๓ | ๔")
    assert found == ("measure", "steps", "report_quarter:1", "report_quarter:2", "quarter:3", "quarter:4")


def test_three_rows_of_headings_are_one_header() -> None:
    rows = make_rows(
        "มาตรการ | ขั้นตอน | ระยะเวลา<2 | ", "~ | ~ | ปี ๒๕๖๖ | ปี ๒๕๖๗", "~ | ~ | ต.ค. | ม.ค.", "๑. ก | ๑. ข | / | "
    )
    header = header_at(rows, 0)
    assert header is not None
    assert (header.height, header.roles[2:]) == (3, ("month:10", "month:1"))


def test_divisions_below_responsible_are_columns_to_tick() -> None:
    found = roles("มาตรการ | ขั้นตอน | ผู้รับผิดชอบ<2 | ", "~ | ~ | กองคลัง | กองช่าง")
    assert found == ("measure", "steps", "unit:กองคลัง", "unit:กองช่าง")


@pytest.mark.parametrize(
    "line",
    [
        "๕. สื่อสารต่อเนื่อง (ตัวชี้วัดที่ ๗) | จัดทำปฏิทินกิจกรรม | รายงานผลทุกเดือน",
        "ตัวชี้วัด | คะแนน | ระดับ",
        "ผู้จัดทำ | ผู้ตรวจสอบ | ผู้อนุมัติ",
        "มาตรการ | |",
    ],
)
def test_other_rows_are_no_header(line: str) -> None:
    assert roles(line) is None


def test_a_column_without_a_known_heading_is_told_by_its_cells() -> None:
    rows = make_rows("ก | กองคลัง | ต.ค. ๖๕ - ก.ย. ๖๖", "ข | สำนักปลัด, กองช่าง | ตลอดปีงบประมาณ")
    assert with_inferred(("steps", "other", "other"), rows) == ("steps", "responsible", "period")


def test_one_row_tells_nothing_of_a_column() -> None:
    assert with_inferred(("steps", "other"), make_rows("ก | กองคลัง")) == ("steps", "other")


def test_a_table_goes_on_below_a_blank_row_only_if_it_reads_like_the_plan() -> None:
    more = ("", "", "", "", ""), ("๒. ต่อ", "๑. ทำ", "กองช่าง", "ม.ค. ๒๕๖๖", "ไตรมาส ๒"), ("", "", "", "", "")
    draft = make_draft(("๑. ก", "๑. ทำ", "กองคลัง", "ต.ค. ๒๕๖๕", "ไตรมาส ๑"), *more, ("", "คำอธิบายสี", "", "", ""))
    assert [measure.number for measure in draft.measures] == [1, 2]
    assert "คำอธิบายสี" in [item.text for item in draft.left_out]
