"""When the monitoring cell asks for a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.fiscal import FiscalYear, Span
from plans.draft import Cadence
from plans.words.channels import without_channels
from plans.words.duties import duties_of
from plans.words.items import split_items
from plans.words.months import MONTH
from plans.words.periods import read_period
from plans.words.quarters import QUARTERS, named_quarters
from plans.words.recurrence import RECURRING
from plans.words.rests import in_one, rests, without_all
from plans.words.text import plain

_REPORT: Final = re.compile(r"รายงาน")
_QUARTERLY: Final = re.compile(
    r"ทุก\s?ๆ?\s?(?:สิ้น)?\s?ไตรมาส|ไตรมาสละ|ราย\s?ไตรมาส|ทุก\s?ๆ?\s?3\s?เดือน|รอบ\s?3\s?เดือน|ประจำไตรมาส|ครั้ง\s?(?:/|ต่อ)\s?ไตรมาส"
)
_TWICE_A_YEAR: Final = re.compile(r"ทุก\s?ๆ?\s?6\s?เดือน|ปีละ\s?2\s?ครั้ง|ราย\s?6\s?เดือน|(?<!\d)2\s?ครั้ง\s?(?:/|ต่อ)\s?ปี")
_ROUND: Final = re.compile(r"(?:รอบ|ระยะ)\s?(?:ที่\s?\d\s?)?\(?\s?(6|12)\s?(?:เดือน|(?:,|-|และ|/)\s?(12)\s?เดือน)")
_ROUND_12: Final = re.compile(r"(?<!\d)12\s?เดือน")
_YEARLY: Final = re.compile(r"ปีละ\s?(?:1|หนึ่ง)?\s?ครั้ง|สิ้นปีงบประมาณ|รายปี|ทุก(?:สิ้น)?ปี|(?<!\d)1\s?ครั้ง\s?(?:/|ต่อ)\s?ปี")
_MONTHLY_REPORT: Final = re.compile(
    r"(?:รายงาน|สรุปผล|เสนอ(?:ผล|ผู้บริหาร|ที่ประชุม))[^\n]{0,60}(?:ทุก\s?(?:สิ้น)?\s?เดือน|ราย\s?เดือน|เดือนละ|ครั้ง\s?(?:/|ต่อ)\s?เดือน|ของเดือนถัดไป)"
    r"|รายงาน(?:(?!ประชุม)[^\n]){0,40}ประจำเดือน(?!\s?[ก-ฮ]\.|มกรา|กุมภา|มีนา|เมษา|พฤษภา|มิถุนา|กรกฎา|สิงหา|กันยา|ตุลา|พฤศจิกา|ธันวา)"
)
_ONLY_MONTHLY: Final = re.compile(r"(?:เป็นประจำ)?(?:ทุก\s?(?:สิ้น)?\s?เดือน|ราย\s?เดือน|เดือนละ\s?1\s?ครั้ง)")
_DATE: Final = re.compile(r"(?:ภายใน|ใน|เมื่อสิ้น|ก่อน|ไม่เกิน|\()\s*(?:วันที่|เดือน|สิ้นเดือน)?\s*[^,;)]{4,60}")
_NAMES_DAY: Final = re.compile(rf"{MONTH}|\d/\d{{1,2}}/\d|\d{{4}}-\d\d-\d\d")
_NUMBER_OF: Final = re.compile(r"(?<!\d)\d{1,2}\s?(?:ครั้ง|รอบ)")
_OFFICERS: Final = (
    r"(?:คณะ)?ผู้(?:บริหาร|บังคับบัญชา)(?:ท้องถิ่น|ทราบ|ตามลำดับ(?:ชั้น)?|เทศบาล)*|(?:รอง)?นายก(?:เทศมนตรี|อบต|อบจ|องค์การบริหารส่วน(?:ตำบล|จังหวัด))?"
    r"|(?:รอง)?ปลัด(?:เทศบาล|อบต|อบจ|องค์การบริหารส่วน(?:ตำบล|จังหวัด))?|หัวหน้า(?:ส่วนราชการ|หน่วยงาน|สำนักปลัด|ฝ่าย)?|ผู้อำนวยการ(?:กอง)?|เจ้าหน้าที่|ผู้รับผิดชอบ"
)
_FILLER: Final = re.compile(
    rf"{_OFFICERS}|(?:ใน|ที่|และ)?(?:การ|ที่)?ประชุม(?:ประจำ(?:เดือน)?|ทุกเดือน|หัวหน้าส่วนราชการ|พนักงาน)*|(?:สรุป|จัดทำ|จัดส่ง|ส่ง|เสนอ|นำเสนอ)?รายงาน(?:สรุป)?(?:ผล)?"
    r"|(?:การ)?(?:ดำเนิน|ปฏิบัติ)(?:การ|งาน)?|ความ(?:ก้าวหน้า|คืบหน้า|ครบถ้วน|ถูกต้อง)|สรุป|ผล|(?:การ)?(?:กำกับ|ติดตาม|ตรวจสอบ|ประเมิน|ดูแล|ควบคุม|เน้น(?:ย้ำ)?|ย้ำ|เสนอ|นำ|ส่ง)"
    r"|(?:เพื่อ)?(?:โปรด)?(?:รับ)?ทราบ|(?:เพื่อ)?พิจารณา|(?:ตาม)?(?:ขั้นตอน|วิธีการ|มาตรการ|แผน(?:งาน)?|กิจกรรม|โครงการ|แบบ(?:รายงาน|ฟอร์ม)?)|อย่าง(?:ใกล้ชิด|ต่อเนื่อง|สม่ำเสมอ)?|(?:ต่อ)?เนื่อง|สม่ำเสมอ"
    r"|เป็น|ประจำ(?:ปี|เดือน)?|ราย|ครั้ง|รอบ|เมื่อ|สิ้น(?:สุด)?|ภายใน|ใน|ทุก|เดือน|ปีงบประมาณ|ปี|แรก|หลัง|เอกสาร|หน่วยงาน|ส่วนราชการ|จึงประกาศให้ทราบ(?:โดย)?ทั่วกัน"
    r"|(?:การ)?(?:เผยแพร่|ประชาสัมพันธ์)|ประกาศ|ช่องทาง|ผ่าน|ทาง|เทศบาล(?:ตำบล|เมือง|นคร)?|อบต|อบจ|องค์การบริหารส่วน(?:ตำบล|จังหวัด)|สาธารณะ|ประชาชน|และ|โดย|ของ|แล้ว|พร้อม|ตาม|ที่|ต่อ|ให้|แก่|มี|ได้|การ|งาน|ลง|ติด|ปิด|กลุ่ม|หน้า|บน"
)
_LEAST: Final = 3
_HALF: Final = 6
_AFTER: Final = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class ReportingReading:
    """What a monitoring cell asks for; `rivals` are other cadences it states as well, with their quarters."""

    cadence: Cadence
    quarters_due: tuple[int, ...] = ()
    round_months: tuple[int, ...] = ()
    due_dates: tuple[date, ...] = ()
    rivals: tuple[tuple[Cadence, tuple[int, ...]], ...] = ()


def read_reporting(paragraphs: Iterable[str], year: FiscalYear, span: Span | None) -> ReportingReading:
    """Cadence and quarters of a report; an open cadence gives the quarters that the period touches.

    A monthly meeting is no monthly report: `ทุกเดือน` counts only where the same sentence speaks of reporting
    (seed, lines 15 and 16). The plain `ประจำปี` names a document, not a cadence (seed, line 20).
    """
    texts = [plain(paragraph) for paragraph in paragraphs]
    touched = year.quarters_touched(span) if span else ()
    readings = _stated(texts, year, touched)
    if not readings:
        return ReportingReading("none_stated")
    first = max(readings, key=lambda reading: len(reading.quarters_due))
    others = (reading for reading in readings if not set(reading.quarters_due) <= set(first.quarters_due))
    if first.cadence == "specified_quarters":  # `รอบ ๖ เดือน (ไตรมาส ๒)`: the word says more than the number
        first = next((reading for reading in readings[1:] if reading.quarters_due == first.quarters_due), first)
    is_less = (reading for reading in readings if reading is not first and _is_less(reading, first))
    rivals = tuple((other.cadence, other.quarters_due) for other in dict.fromkeys([*others, *is_less]))
    return ReportingReading(first.cadence, first.quarters_due, first.round_months, first.due_dates, rivals)


def unused_in_reporting(
    paragraphs: Sequence[str], year: FiscalYear, span: Span | None, repeatable: Iterable[str] = ()
) -> str:
    """Words of a monitoring cell that are no cadence, quarter, channel or duty, beside those that only say `report`.

    `repeatable` are words of the row that the cell may repeat.
    """
    duties = frozenset(duties_of(paragraphs))
    texts = [plain(item.text) for item in split_items(paragraphs) if item.text not in duties]
    dated = bool(read_reporting(paragraphs, year, span).due_dates)
    again = [re.compile(re.escape(plain(words))) for words in repeatable]
    bare = (without_all(_without_used(text, dated=dated), *again) for text in texts)
    pieces = (piece for text in bare for piece in rests(text, _FILLER, least=_LEAST))
    return in_one(pieces)


def _without_used(text: str, *, dated: bool) -> str:
    patterns = (QUARTERS, _QUARTERLY, _TWICE_A_YEAR, _ROUND, _ROUND_12, _YEARLY, *RECURRING, _NUMBER_OF)
    return without_channels(without_all(text, *patterns, *([_DATE] if dated else [])))


def _is_less(reading: ReportingReading, first: ReportingReading) -> bool:
    """Whether some quarters stand beside an open cadence that would ask for more, or months beside quarters."""
    if {reading.cadence, first.cadence} == {"monthly", "quarterly"}:
        return True
    return reading.cadence == "specified_quarters" and set(reading.quarters_due) < set(first.quarters_due)


def _stated(texts: list[str], year: FiscalYear, touched: tuple[int, ...]) -> list[ReportingReading]:
    whole = "\n".join(texts)
    readings: list[ReportingReading] = []
    if quarters := named_quarters(whole):
        readings.append(ReportingReading("specified_quarters", quarters))
    if _QUARTERLY.search(whole):
        readings.append(ReportingReading("quarterly", touched))
    if rounds := _rounds(whole):
        readings.append(_by_rounds(rounds))
    if any(_YEARLY.search(text) for text in texts):
        readings.append(ReportingReading("annual", (4,)))
    if any(_says_monthly_report(text) for text in texts):
        readings.append(ReportingReading("monthly", touched))
    return readings or _by_dates(texts, year)


def _rounds(text: str) -> tuple[int, ...]:
    if _TWICE_A_YEAR.search(text):
        return (6, 12)
    numbers = {int(number) for match in _ROUND.findall(text) for number in match if number}
    if numbers and _ROUND_12.search(text):
        numbers.add(12)
    return tuple(sorted(numbers))


def _by_rounds(rounds: tuple[int, ...]) -> ReportingReading:
    if _HALF not in rounds:
        return ReportingReading("annual", (4,), rounds)
    return ReportingReading("semiannual", tuple(months // 3 for months in rounds), rounds)


def _says_monthly_report(text: str) -> bool:
    if _ONLY_MONTHLY.fullmatch(text.strip()):
        return True
    return bool(_MONTHLY_REPORT.search(text))


def _by_dates(texts: list[str], year: FiscalYear) -> list[ReportingReading]:
    """Days named in a sentence about reporting; in the month after the year they mean its last quarter."""
    about = [text for text in texts if _REPORT.search(text)] or texts
    days = (match for text in about for match in _DATE.findall(text) if _NAMES_DAY.search(match))
    periods = [read_period(match, year) for match in days]
    spans = [span for period in periods if period and not period.is_reversed for span in period.spans]
    dates = sorted({span.end for span in spans if year.start <= span.end <= year.end + _AFTER})
    if not dates:
        return []
    quarters = tuple(sorted({year.quarter_of(min(day, year.end)) for day in dates}))
    return [ReportingReading("specified_quarters", quarters, due_dates=tuple(dates))]
