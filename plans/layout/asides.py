"""Who and when written in brackets behind each step, as running text does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from plans.layout.records import Record
from plans.layout.rows import TableRow
from plans.words.months import MONTH
from plans.words.text import plain

_WHEN: Final = (
    rf"(?:(?<!สอบ)ภายใน|ระหว่าง|ตั้งแต่|ตลอด|ไตรมาส|ทุกเดือน|ทุกไตรมาส|รอบ\s?\d|เดือน|วันที่|ปีละ|\d{{1,2}}\s*{MONTH}|{MONTH})"
)
_ASIDE: Final = re.compile(
    rf"\s*\((?:ผู้)?รับผิดชอบ(?:โดย|คือ)?\s*[:\uff1a]?\s*(?P<who>[^()]+?)\s*[,;]?\s*(?P<when>{_WHEN}[^()]*)?\)\s*$"
)


def parted_by_asides(row: TableRow) -> list[TableRow]:
    """A row for each step, where every step names who acts in brackets at its end and the row itself names nobody."""
    matches = [_ASIDE.search(plain(step.text)) for step in row.steps]
    if row.responsible or not matches or not all(matches):
        return [row]
    return [
        replace(
            row,
            id=f"{row.id}s{number}",
            steps=[step.model_copy(update={"text": plain(step.text)[: match.start()].rstrip()})],
            responsible=[match["who"]],
            period=[match["when"]] if match["when"] else list(row.period),
            doubts=[],
        )
        for number, (step, match) in enumerate(zip(row.steps, matches, strict=True), 1)
        if match
    ]


def shared_reporting(records: Sequence[Record]) -> None:
    """Give the reporting that is stated once, behind all measures, to each of them."""
    reporting = [record for record in records if "monitoring" in record.roles]
    if len(records) > 1 and len(reporting) == 1 and reporting[0] is records[-1]:
        fields = [pair for pair in reporting[0].cells if pair[0] == "monitoring"]
        for record in records[:-1]:
            record.cells += fields
