"""Thai digits, month names and Buddhist-era dates, both ways; used at the edges only."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

BANGKOK: Final = ZoneInfo("Asia/Bangkok")

BE_OFFSET: Final = 543
"""Buddhist-era year minus Gregorian year, for every date since 1941."""

MONTHS: Final = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
SHORT_MONTHS: Final = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
WEEKDAYS: Final = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")

_TO_THAI: Final = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_TO_ARABIC: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def thai_digits(value: object) -> str:
    """Text of `value` with every Arabic digit written as a Thai one."""
    return str(value).translate(_TO_THAI)


def arabic_digits(text: str) -> str:
    """`text` with every Thai digit written as an Arabic one."""
    return text.translate(_TO_ARABIC)


def be_year(gregorian: int) -> int:
    """Buddhist-era year of a Gregorian year."""
    return gregorian + BE_OFFSET


def gregorian_year(be: int) -> int:
    """Gregorian year of a Buddhist-era year."""
    return be - BE_OFFSET


def long_date(day: date) -> str:
    """`๕ พฤษภาคม ๒๕๖๖`: the form of official paper."""
    return thai_digits(f"{day.day} {MONTHS[day.month - 1]} {be_year(day.year)}")


def short_date(day: date) -> str:
    """`๕ พ.ค. ๖๖`: the form of tables, subjects and small screens."""
    return thai_digits(f"{day.day} {SHORT_MONTHS[day.month - 1]} {be_year(day.year) % 100:02d}")


def weekday_date(day: date) -> str:
    """`วันศุกร์ที่ ๕ พฤษภาคม ๒๕๖๖`: the form of letters that ask for something by a day."""
    return f"วัน{WEEKDAYS[day.weekday()]}ที่ {long_date(day)}"


def date_time(instant: datetime, zone: ZoneInfo = BANGKOK) -> str:
    """`๕ พ.ค. ๖๖ เวลา ๐๘.๓๐ น.` of an aware instant, in `zone`."""
    local = instant.astimezone(zone)
    return f"{short_date(local.date())} เวลา {thai_digits(f'{local:%H.%M}')} น."


def month_range(start: date, end: date) -> str:
    """`ก.พ. - ก.ย. ๒๕๖๖`: the months of a period; the year of the start is printed only when it differs."""
    head = SHORT_MONTHS[start.month - 1]
    tail = f"{SHORT_MONTHS[end.month - 1]} {be_year(end.year)}"
    if (start.year, start.month) == (end.year, end.month):
        return thai_digits(tail)
    if start.year != end.year:
        head = f"{head} {be_year(start.year)}"
    return thai_digits(f"{head} - {tail}")
