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
from plans.text import clean

_TYPES: Final = (
    ("tambon_municipality", "เทศบาลตำบล"),
    ("town_municipality", "เทศบาลเมือง"),
    ("city_municipality", "เทศบาลนคร"),
    ("sao", "องค์การบริหารส่วนตำบล"),
    ("provincial", "องค์การบริหารส่วนจังหวัด"),
    ("sao", r"อบต\.\s?"),
    ("provincial", r"อบจ\.\s?"),
)
_OFFICES: Final = tuple((kind, re.compile(rf"{word}[ก-๎]+")) for kind, word in _TYPES)
_DISTRICT: Final = re.compile(r"(?:อำเภอ|อ\.)\s?([ก-๎]+)")
_PROVINCE: Final = re.compile(r"(?:จังหวัด|จ\.)\s?([ก-๎]+)")
_YEAR: Final = re.compile(r"(?:ปีงบประมาณ|ประจำปี)\s*(?:พ\s?\.?\s?ศ\s?\.?)?\s*(\d{4}|\d{2})(?!\d)")
_BARE_YEAR: Final = re.compile(r"พ\s?\.?\s?ศ\s?\.?\s*(\d{4})(?!\d)")
_REPORT: Final = re.compile(r"รายงานผล|ผลการดำเนิน(?:การ|งาน)ตามมาตรการ")
_TITLE: Final = re.compile(r"มาตรการ|แผน|รายงาน|การดำเนินการ|การดำเนินงาน|ปีงบประมาณ")
_CENTURY: Final = 2500
_TWO_DIGITS: Final = 100

Kind = Literal["plan", "form_one_indicator", "report_of_results"]


@dataclass(frozen=True, slots=True)
class TitlePage:
    """What the words outside the tables say; `used` are those that became values."""

    title: str
    organization: Organization
    years: tuple[int, ...]
    used: frozenset[Paragraph]


def read_title_page(paragraphs: Sequence[Paragraph], fallback: str) -> TitlePage:
    """Read the paragraphs outside the tables; `fallback` is the title where none is printed."""
    organization, office = _organization(paragraphs)
    years, dated = _years(paragraphs)
    titled = [p for p in paragraphs if p.is_before_tables and p not in office and _TITLE.search(p.text)]
    title = clean(" ".join(p.text for p in titled)) or fallback
    return TitlePage(title, organization, years, frozenset([*office, *dated, *titled]))


def kind_of(title: str, roles: Sequence[str]) -> Kind:
    """Kind of document from its title and columns."""
    if "result" in roles and _REPORT.search(title):
        return "report_of_results"
    return "plan" if "measure" in roles else "form_one_indicator"


def _organization(paragraphs: Iterable[Paragraph]) -> tuple[Organization, list[Paragraph]]:
    found: dict[str, object] = {}
    used: list[Paragraph] = []
    for paragraph in paragraphs:
        new = {key: value for key, value in _office_facts(paragraph).items() if key not in found}
        if new:
            found |= new
            found.setdefault("source", paragraph.source)
            used.append(paragraph)
    return Organization.model_validate(found), used


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
    for pattern in (_YEAR, _BARE_YEAR):
        hits = [(p, pattern.findall(arabic_digits(clean(p.text)))) for p in paragraphs if p.is_before_tables]
        years = dict.fromkeys(be for _, found in hits for be in map(_be, found) if EARLIEST <= be <= LATEST)
        if years:
            return tuple(years), [p for p, found in hits if found]
    return (), []


def _be(digits: str) -> int:
    year = int(digits)
    return year + _CENTURY if year < _TWO_DIGITS else year
