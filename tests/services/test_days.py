"""Days as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import BadInputError
from domain.thai import long_date, short_date, weekday_date
from services.days import day_of

DAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-27",
        "2569-11-27",
        "27/11/2569",
        "27/11/2026",
        "27/11/69",
        "๒๗/๑๑/๖๙",
        "27-11-2569",
        "27.11.2569",
        "27 พ.ย. 2569",
        "27 พย 69",
        "๒๗ พฤศจิกายน พ.ศ. ๒๕๖๙",
        "27พฤศจิกายน2569",
        "  27/11/69 ",
    ],
)
def test_every_usual_way_of_writing_is_the_same_day(text: str) -> None:
    assert day_of(text) == DAY


@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_reads_back_as_the_system_itself_prints_it(month: int) -> None:
    day = date(2026, month, 3)
    assert [day_of(printed(day)) for printed in (long_date, short_date, weekday_date)] == [day] * 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ยังไม่ได้ระบุวันที่"),
        ("  ", "ยังไม่ได้ระบุวันที่"),
        ("31/11/2569", "ไม่ใช่วันที่"),
        ("27 เดือนหน้า 2569", "ไม่ใช่วันที่"),
        ("เมื่อวาน", "ไม่ใช่วันที่"),
        ("27/11", "ไม่ใช่วันที่"),
        ("²/11/69", "ไม่ใช่วันที่"),
        ("1/1/" + "9" * 5000, "ไม่ใช่วันที่"),
        ("27/11/26", "ไม่อยู่ระหว่าง พ.ศ. ๒๕๐๐ ถึง ๒๖๓๓"),
        ("27/11/0001", "ไม่อยู่ระหว่าง"),
        ("31/12/10542", "ไม่อยู่ระหว่าง"),
        ("9999-12-31", "ไม่อยู่ระหว่าง"),
    ],
)
def test_what_is_no_day_near_ours_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadInputError) as refused:
        day_of(text)
    assert said in refused.value.in_thai()
    assert "๑/๑๒/๒๕๖๙" in refused.value.in_thai()
