"""The words above the table: title, office, fiscal year, kind of document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from domain.fiscal import EARLIEST, LATEST
from domain.thai import arabic_digits
from plans.draft import Organization
from plans.raw import Paragraph
from plans.words.months import MONTH
from plans.words.text import clean

_APART: Final = r"(?:\s(?!ประจำ|ปี|มี|ได้|และ|ที่|อำเภอ|จังหวัด|ตำบล|พ\.|เรื่อง|ว่าด้วย|เพื่อ|โดย|ใน|ตาม|จึง|ขอ|มาตรการ|แผน|รายงาน))?"
"""Between the word for the kind and the name, where a space may stand."""
_TYPES: Final = (
    ("tambon_municipality", rf"เทศบาลต[ำา]บล{_APART}"),
    ("town_municipality", rf"เทศบาลเมือง{_APART}"),
    ("city_municipality", rf"เทศบาลนคร{_APART}"),
    ("sao", rf"องค์การบริหารส่วนต[ำา]บล{_APART}"),
    ("provincial", rf"องค์การบริหารส่วนจังหวัด{_APART}"),
    ("sao", r"อบต\.\s?"),
    ("provincial", r"อบจ\.\s?"),
    ("tambon_municipality", r"(?<![ก-๎])ท\.?ต\.\s?"),
    ("town_municipality", r"(?<![ก-๎])ท\.?ม\.\s?"),
    ("city_municipality", r"(?<![ก-๎])ท\.?น\.\s?"),
)
_OFFICES: Final = tuple((kind, re.compile(rf"{word}[ก-๎]+")) for kind, word in _TYPES)
_FULL_NAME: Final = re.compile(r"เทศบาล(?:ต[ำา]บล|เมือง|นคร)[ก-๎]|องค์การบริหารส่วน(?:ต[ำา]บล|จังหวัด)[ก-๎]")
_DISTRICT: Final = re.compile(r"(?:อำเภอ|อ\.)\s?([ก-๎]+)")
_PROVINCE: Final = re.compile(r"(?:จังหวัด|จ\.)\s?([ก-๎]+)")
_YEAR: Final = re.compile(r"(?:ปีงบ(?:ประมาณ|ฯ\.?)?|ประจำปี)\s*(?:พ\s?\.?\s?ศ\s?\.?)?\s*(\d{4}|\d{2})(?!\d)")
_BARE_YEAR: Final = re.compile(r"พ\s?\.?\s?ศ\s?\.?\s*(\d{4})(?!\d)")
_ANY_YEAR: Final = re.compile(r"(?<![ก-๎])ปี\s*(25\d\d|\d\d)(?!\d)")
_LOOK_BACK: Final = 200
_DATED: Final = re.compile(rf"{MONTH}\s*$")
_ASSESSMENT: Final = re.compile(r"ผลการประเมิน|ผลประเมิน|คะแนน|จากการประเมิน|ITA")
_OWNERS: Final = re.compile(rf"{_ASSESSMENT.pattern}|มาตรการ|แผน|แนวทาง|พัฒนา|ปรับปรุง|รายงานผลการดำเนิน|ผลการดำเนิน")
_REPORT: Final = re.compile(r"รายงานผล|ผลการดำเนิน(?:การ|งาน)ตามมาตรการ")
_TITLE: Final = re.compile(r"มาตรการ|แผน|รายงาน|การดำเนินการ|การดำเนินงาน|ปีงบประมาณ")
_SENTENCE: Final = re.compile(r"ตามที่|ด้วย|เพื่อ|โดย|จาก|ทั้งนี้|อาศัย|\d+(?:\.\d+)*[.)]\s|[๐-๙]+(?:\.[๐-๙]+)*[.)]\s|[-•*]")
_TELLS: Final = re.compile(r"ดังนี้\s*[:\uff1a]?\s*$|ดังต่อไปนี้|ได้(?:วิเคราะห์|กำหนด|จัดทำ|นำ|ดำเนินการ|พิจารณา|เข้าร่วม)|จึง")
_BEGINS_LATE: Final = re.compile(r"ตาม|จาก")
_ONE_INDICATOR: Final = re.compile(
    r"(?:เลือก|คัดเลือก)[^\n]{0,40}(?:๑|1|หนึ่ง|เพียง)?\s?ตัวชี้วัด|ตัวชี้วัดที่(?:คัด)?เลือก|(?<![0-9๐-๙])(?:๑|1|หนึ่ง)\s?ตัวชี้วัด(?!ที่)"
)
_LONGEST_TITLE: Final = 200
_MOST_TITLE_LINES: Final = 4
_CENTURY: Final = 2500
_TWO_DIGITS: Final = 100

Kind = Literal["plan", "form_one_indicator", "report_of_results"]


@dataclass(frozen=True, slots=True)
class TitlePage:
    """What the words outside the tables say; `used` are those that became values, `words` is all of it."""

    title: str
    words: str
    organization: Organization
    years: tuple[int, ...]
    used: frozenset[Paragraph]


def read_title_page(paragraphs: Sequence[Paragraph], fallback: str, beside: Sequence[Paragraph] = ()) -> TitlePage:
    """Read the paragraphs outside the tables; `fallback` is the title where none is printed.

    `beside` are cells of other tables above the plan, as a page laid out by a table has: they fill the gaps.
    """
    organization, office = _organization([*paragraphs, *beside])
    years, dated = _years(paragraphs)
    if not years:
        years, dated = _years(beside)
    titled = _title_lines(paragraphs, office) or _title_lines(beside, office)
    title = clean(" ".join(p.text for p in titled)) or fallback
    words = "\n".join(clean(p.text) for p in paragraphs)
    used = frozenset([*office, *dated, *titled])
    printed = [p.text for p in [*paragraphs, *beside] if p in used]
    raw = organization.model_copy(update={"raw": "\n".join(dict.fromkeys(printed))})
    return TitlePage(title, words, raw, years, used)


def _title_lines(paragraphs: Sequence[Paragraph], office: Sequence[Paragraph]) -> list[Paragraph]:
    """Short lines above the tables that speak of a plan, up to the introduction below them."""
    heading = _heading([p for p in paragraphs if p.is_before_tables])
    titled = [p for p in heading if p not in office and len(p.text) <= _LONGEST_TITLE and _names_plan(p)]
    if not titled:
        titled = [p for p in heading if p in office and _TITLE.search(p.text)]
    return titled[:_MOST_TITLE_LINES]


def _names_plan(paragraph: Paragraph) -> bool:
    return bool(_TITLE.search(paragraph.text)) and not _is_sentence(paragraph)


def _is_sentence(paragraph: Paragraph) -> bool:
    text = clean(paragraph.text)
    return bool(_SENTENCE.match(text) or _TELLS.search(text))


def _heading(above: Sequence[Paragraph]) -> Sequence[Paragraph]:
    """The lines before the sentence that follows the title, all lines where none does.

    Such a sentence may begin a line earlier than the one that tells: `ตามผลการประเมิน …`, `… ได้วิเคราะห์ ดังนี้`.
    """
    first = next((n for n, p in enumerate(above) if _names_plan(p)), len(above))
    end = next((n for n, p in enumerate(above) if n > first and _TELLS.search(clean(p.text))), len(above))
    if end < len(above) and end - 1 > first and _BEGINS_LATE.match(clean(above[end - 1].text)):
        end -= 1
    return above[:end]


def kind_of(page: TitlePage, roles: Iterable[str], measures: int, *, is_form: bool) -> Kind:
    """Kind of document from its title, the roles of its columns or fields, and how many measures it names."""
    named = set(roles)
    if {"result", "status"} & named and (_REPORT.search(page.title) or {"problems", "problems_suggestions"} & named):
        return "report_of_results"
    is_one = bool(_ONE_INDICATOR.search(page.words)) or (is_form and measures <= 1) or not measures
    return "form_one_indicator" if is_one else "plan"


def _organization(paragraphs: Iterable[Paragraph]) -> tuple[Organization, list[Paragraph]]:
    facts: dict[str, object] = {}
    used: list[Paragraph] = []
    above = [p for p in paragraphs if p.is_before_tables]
    full = [p for p in above if _FULL_NAME.search(p.text)]
    for paragraph in [*full, *above, *paragraphs]:
        new = {key: value for key, value in _office_facts(paragraph).items() if key not in facts}
        if new:
            facts |= new
            facts.setdefault("source", paragraph.source)
            used.append(paragraph)
    return Organization.model_validate(facts), used


def _office_facts(paragraph: Paragraph) -> dict[str, object]:
    facts: dict[str, object] = {}
    text = clean(paragraph.text)
    for kind, pattern in _OFFICES:
        if match := pattern.search(text):
            facts |= {"name": match.group(), "type": kind}
            break
    for key, pattern in (("district", _DISTRICT), ("province", _PROVINCE)):
        if match := pattern.search(text):
            facts[key] = match.group(1)
    return facts


def _years(paragraphs: Sequence[Paragraph]) -> tuple[tuple[int, ...], list[Paragraph]]:
    """Fiscal years that the words above the tables print, those of the title's lines first.

    A year belongs to the word before it: after `ผลการประเมิน ITA` it is the year assessed, not the plan's.
    """
    above = [p for p in paragraphs if p.is_before_tables]
    titled = [p for p in above if len(p.text) <= _LONGEST_TITLE and not _is_sentence(p)]
    for lines in (titled, above):
        for pattern in (_YEAR, _BARE_YEAR, _ANY_YEAR):
            if years := _years_of(pattern, lines):
                return years, [p for p in lines if pattern.search(arabic_digits(clean(p.text)))]
    return (), []


def _years_of(pattern: re.Pattern[str], lines: Sequence[Paragraph]) -> tuple[int, ...]:
    text = "\n".join(filter(None, (arabic_digits(clean(p.text)) for p in lines)))
    years = [(_be(match.group(1)), text[: match.start()]) for match in pattern.finditer(text)]
    valid = [(be, before) for be, before in years if EARLIEST <= be <= LATEST and not _DATED.search(before)]
    own = [be for be, before in valid if not _is_assessed(before)]
    return tuple(dict.fromkeys(own or [be for be, _ in valid]))


def _is_assessed(before: str) -> bool:
    words = _OWNERS.findall(before[-_LOOK_BACK:])
    return bool(words) and bool(_ASSESSMENT.fullmatch(words[-1]))


def _be(digits: str) -> int:
    year = int(digits)
    return year + _CENTURY if year < _TWO_DIGITS else year
