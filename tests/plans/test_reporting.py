"""When the monitoring cell asks for a report, and where it says to publish."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.fiscal import FiscalYear
from domain.thai import thai_digits
from plans.words.channels import publication_channels
from plans.words.duties import duties_of
from plans.words.quarters import named_quarters
from plans.words.reporting import ReportingReading, read_reporting

YEAR = FiscalYear(2566)
FEBRUARY_ON = YEAR.month(2).start


def read(*paragraphs: str) -> ReportingReading:
    return read_reporting(paragraphs, YEAR, type(YEAR.span)(FEBRUARY_ON, YEAR.end))


@pytest.mark.parametrize(
    ("text", "quarters"),
    [
        ("ไตรมาสที่ ๒", (2,)),
        ("ไตรมาส ๒ - ๔", (2, 3, 4)),
        ("ไตรมาส ๒-๔ -เผยแพร่ในเว็บไซต์", (2, 3, 4)),
        ("ไตรมาส ๒,๔", (2, 4)),
        ("ไตรมาสที่ ๑ ๒ ๓ และ ๔", (1, 2, 3, 4)),
        ("ไตรมาสที่ 2 และไตรมาสที่ 4", (2, 4)),
        ("ไตรมาส ๑ ถึง ๓", (1, 2, 3)),
        ("ไตรมาส 2/2567", (2,)),
        ("ไตรมาสละ ๑ ครั้ง", ()),
        ("ไตรมาสที่ ๕", ()),
    ],
)
def test_quarters_are_read_as_named(text: str, quarters: tuple[int, ...]) -> None:
    assert named_quarters(text) == quarters


@given(st.sets(st.integers(1, 4), min_size=1), st.sampled_from([",", ", ", " , ", " และ ", "/"]))
def test_a_list_of_quarters_comes_back(quarters: set[int], joint: str) -> None:
    text = joint.join(thai_digits(number) for number in sorted(quarters))
    assert named_quarters(f"รายงานผลไตรมาสที่ {text}") == tuple(sorted(quarters))


@pytest.mark.parametrize(
    ("text", "cadence", "quarters"),
    [
        ("และรายงานผลไตรมาส ๒ - ๔", "specified_quarters", (2, 3, 4)),
        ("รายงานผลทุกไตรมาส", "quarterly", (2, 3, 4)),
        ("ให้ผู้บริหารทราบ ไตรมาสละ ๑ ครั้ง", "quarterly", (2, 3, 4)),
        ("รายงานผลทุก ๓ เดือน", "quarterly", (2, 3, 4)),
        ("รายงานผลรอบ ๖ เดือน", "semiannual", (2,)),
        ("รายงานรอบ ๖ เดือน และ ๑๒ เดือน", "semiannual", (2, 4)),
        ("ปีละ ๒ ครั้ง", "semiannual", (2, 4)),
        ("รายงานผลทุกเดือน", "monthly", (2, 3, 4)),
        ("รายงานผลเมื่อสิ้นปีงบประมาณ", "annual", (4,)),
        ("ปีละ 1 ครั้ง", "annual", (4,)),
        ("รายงานรอบ ๑๒ เดือน", "annual", (4,)),
        ("เน้นย้ำในการประชุมประจำเดือนทุกเดือน", "none_stated", ()),
        ("ลงข้อมูลรายงานการใช้จ่ายงบประมาณ ประจำปี", "none_stated", ()),
        ("", "none_stated", ()),
    ],
)
def test_the_cadence_is_the_one_stated(text: str, cadence: str, quarters: tuple[int, ...]) -> None:
    reading = read(text)
    assert (reading.cadence, reading.quarters_due) == (cadence, quarters)


def test_a_day_to_report_by_gives_its_quarter() -> None:
    reading = read("รายงานผู้บริหารทราบภายในวันที่ ๓๐ เม.ย. ๒๕๖๖")
    assert (reading.quarters_due, reading.due_dates) == ((3,), (date(2023, 4, 30),))


def test_two_cadences_are_both_told() -> None:
    reading = read("รายงานผลทุกเดือน และรายงานสรุปทุกไตรมาส")
    assert reading.cadence == "quarterly"
    assert [name for name, _ in reading.rivals] == ["monthly"]


@given(st.lists(st.text(max_size=80), max_size=4))
def test_no_text_crashes_the_reader(texts: list[str]) -> None:
    assert set(read(*texts).quarters_due) <= {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        ("เผยแพร่ในเว็บไซต์เทศบาล และกลุ่มไลน์", ("website", "line_group")),
        ("ผ่านทาง Facebook/Line กลุ่มผู้เข้าชม, เว็บไซต์", ("facebook", "line_group", "website")),
        ("ตรวจในเว็บไซด์", ("website",)),
        ("สื่อสังคมออนไลน์ ระบบ online", ()),
        ("LINE OA ของเทศบาล", ("line_oa",)),
        ("ปิดประกาศ และเสียงตามสาย", ("notice_board", "loudspeaker")),
        ("ในการประชุมประจำเดือน", ()),
        ("แจ้งในที่ประชุมกำนันผู้ใหญ่บ้าน", ("meeting",)),
        ("ประชาคมหมู่บ้าน", ("public_hearing",)),
    ],
)
def test_channels_are_read_in_the_order_named(text: str, channels: tuple[str, ...]) -> None:
    assert publication_channels([text]) == channels


def test_a_marked_item_of_the_monitoring_cell_is_a_task() -> None:
    assert duties_of(["รายงานผลทุกไตรมาส -จัดทำคำสั่ง - ติดตามผล -เผยแพร่ในเว็บไซต์"]) == ("จัดทำคำสั่ง", "ติดตามผล")
