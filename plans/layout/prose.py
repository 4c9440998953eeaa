"""Running text: headings of measures, and labelled lines below each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from domain.thai import arabic_digits
from plans.layout.records import Gatherer, Record, is_measure_heading, split_label
from plans.raw import Paragraph, RawCell
from plans.words.text import clean

_NUMBERED: Final = re.compile(r"\s*(\d{1,2})\s?[.)](?!\d)\s*(\S.*)")
_LISTED: Final = re.compile(
    r"\s*(?:\(?\d{1,2}(?:\.\d{1,2})?[.)]?\s|\d{1,2}\.\d{1,2}|[-•●▪]|\(?ก[.)]|(?:ขั้นตอน|กิจกรรม)ที่)"
)
_INDICATOR: Final = re.compile(r"\(?\s*ตัวชี้วัด\s*(?:ที่)?\s*\d{1,2}")
_CLOSING: Final = re.compile(
    r"\s*(?:\(?ลงชื่อ|ลงนาม|\((?:นาย|นาง|ว่าที่)|หมายเหตุ|จึงเรียนมา|ประกาศ ณ|สั่ง ณ|\.{5,}|…{2,}|ผู้จัดทำ|ผู้รายงาน|-{3,}|_{3,}"
    r"|[-–]?\s*[0-9๐-๙]{1,2}\s*[-–]?\s*$)"
)
_LEAST_ROLES: Final = 3


@dataclass(slots=True)
class Prose:
    """A plan written as text: its records, the labels, and the paragraphs that they were made of."""

    records: list[Record] = field(default_factory=list)
    labels: list[RawCell] = field(default_factory=list)
    used: set[Paragraph] = field(default_factory=set)


def read_prose(paragraphs: Sequence[Paragraph]) -> Prose:
    """Rows of a plan written as text; none where too few fields are labelled."""
    reader = _Reader(paragraphs)
    for index in range(len(paragraphs)):
        reader.read(index)
    roles = {role for record in reader.gatherer.records for role in record.roles}
    is_told = roles & {"responsible", "period"} or {"measure", "steps"} <= roles
    is_plan = len(roles) >= _LEAST_ROLES and roles & {"steps", "measure"} and is_told
    return Prose(reader.gatherer.records, reader.labels, reader.used) if is_plan else Prose()


class _Reader:
    """Goes through the lines once; what stands before the first heading stays outside."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.gatherer = Gatherer()
        self.used: set[Paragraph] = set()
        self.labels: list[RawCell] = []
        self.last_step = 0
        self.last_measure = 0
        self.is_closed = False

    def read(self, index: int) -> None:
        paragraph = self.paragraphs[index]
        line = clean(paragraph.text)
        if self._takes_heading(index, line) or self._takes_label(paragraph, line):
            self.is_closed = False
            self.used.add(paragraph)
        elif self.gatherer.role and not self.is_closed:
            if self.gatherer.role == "measure" and _LISTED.match(arabic_digits(line)):
                self.gatherer.put("steps", "", paragraph.source)
            self._goes_on(paragraph, line)

    def _takes_heading(self, index: int, line: str) -> bool:
        match = _NUMBERED.match(arabic_digits(line))
        if not (is_measure_heading(line) or (match and self._is_heading(index, int(match.group(1)), line))):
            return False
        self.gatherer.put("measure", self.paragraphs[index].text, self.paragraphs[index].source)
        self.last_measure = int(match.group(1)) if match else self.last_measure + 1
        self.last_step = 0
        return True

    def _is_heading(self, index: int, number: int, line: str) -> bool:
        """A numbered line names a measure if it names an indicator, or goes on from the last and labels follow."""
        if split_label(line):
            return False
        if (
            self.gatherer.role == "steps"
            and number == self.last_step + 1
            and not _INDICATOR.search(arabic_digits(line))
        ):
            return False
        if _INDICATOR.search(arabic_digits(line)):
            return True
        is_next = number == self.last_measure + 1 and self.gatherer.role != "steps"
        below = self.paragraphs[index + 1].text if index + 1 < len(self.paragraphs) else ""
        return is_next and split_label(clean(below)) is not None

    def _takes_label(self, paragraph: Paragraph, line: str) -> bool:
        label = split_label(line)
        if label is None:
            return False
        role, value = label
        if role == "remarks":
            return False
        if not self.gatherer.records and role not in {"measure", "steps", "indicator", "issue", "activity"}:
            return False
        self.gatherer.put(role, value, paragraph.source)
        self.labels.append(RawCell(line.removesuffix(value), paragraph.source))
        self._count(role, value)
        return True

    def _goes_on(self, paragraph: Paragraph, line: str) -> None:
        if _CLOSING.match(line):
            self.is_closed = True
            return
        self.gatherer.go_on(paragraph.text, paragraph.source)
        self.used.add(paragraph)
        self._count(self.gatherer.role, line)

    def _count(self, role: str | None, line: str) -> None:
        if role != "steps":
            self.last_step = 0
        elif match := _NUMBERED.match(arabic_digits(line)):
            self.last_step = int(match.group(1))
