"""A draft for the eye of a person, and as JSON for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from domain.thai import short_date, thai_digits
from plans.doubts import CADENCE_WORDS, CHANNEL_WORDS, SCOPE_WORDS, numbers
from plans.draft import Doubt, Draft, Measure, Reporting, Responsible, Row, Step
from plans.places import place
from plans.words.outcomes import NONE
from plans.words.text import FOLLOWERS

WIDTH: Final = 100

_KINDS: Final = {"plan": "แผน", "form_one_indicator": "แบบรายตัวชี้วัด", "report_of_results": "รายงานผล"}
_RECURRENCE: Final = {
    "monthly": "ทุกเดือน",
    "quarterly": "ทุกไตรมาส",
    "semiannual": "ทุก ๖ เดือน",
    "annual": "ทุกปี",
    "weekly": "ทุกสัปดาห์",
    "daily": "ทุกวัน",
}
_OUTCOMES: Final = ("สถานะ", "ผลการดำเนินการ", "ปัญหา/อุปสรรค", "ข้อเสนอแนะ")
_NO_BREAK_BEFORE: Final = frozenset(f"{FOLLOWERS}ๆฯ,.;:)”»")
_NO_BREAK_AFTER: Final = frozenset("เแโใไ(“«")
_LEAST_FILL: Final = 4


def as_json(draft: Draft) -> str:
    """The draft as JSON with the names of its schema, keys always in the same order, Thai unescaped."""
    return json.dumps(draft.model_dump(mode="json"), ensure_ascii=False, indent=2)


def as_text(draft: Draft) -> str:
    """The draft as Thai text of at most 100 columns: measures, rows, then every doubt, then the counts."""
    lines = [*_head(draft), *_measures(draft), *_doubts(draft), *_counts(draft)]
    return "\n".join(lines) + "\n"


def wrapped(text: str, indent: str = "", hanging: str | None = None, width: int = WIDTH) -> Iterator[str]:
    """Lines of at most `width` characters, broken at spaces, within a long Thai run between two letters.

    Never before a sign that stands on the letter before it, nor after a vowel that stands before its consonant.
    """
    following = " " * len(indent) if hanging is None else hanging
    margin, rest = indent, re.sub(r"\s+", " ", text).strip()
    while len(margin) + len(rest) > width:
        cut = _cut(rest, width - len(margin))
        yield (margin + rest[:cut]).rstrip()
        margin, rest = following, rest[cut:].lstrip()
    yield (margin + rest).rstrip()


def _cut(text: str, room: int) -> int:
    space = text.rfind(" ", 0, room + 1)
    while space > 0 and text[space + 1 : space + 2] in _NO_BREAK_BEFORE:  # `ต่าง ๆ` stays together
        space = text.rfind(" ", 0, space)
    if space * _LEAST_FILL >= room:
        return space
    places = range(room, 0, -1)
    return next(
        (place for place in places if text[place] not in _NO_BREAK_BEFORE and text[place - 1] not in _NO_BREAK_AFTER),
        room,
    )


def _head(draft: Draft) -> Iterator[str]:
    office = draft.organization
    yield from wrapped(draft.title)
    parts = [office.name or "(ไม่พบชื่อหน่วยงาน)"]
    parts += [f"อำเภอ{office.district}"] if office.district else []
    parts += [f"จังหวัด{office.province}"] if office.province else []
    yield from wrapped(" ".join(parts))
    year = thai_digits(draft.fiscal_year_be) if draft.fiscal_year_be else "(ไม่ชัดเจน)"
    yield from wrapped(f"ปีงบประมาณ พ.ศ. {year} · {_KINDS[draft.document_kind]} · อ่านจาก {draft.source.file}")


def _measures(draft: Draft) -> Iterator[str]:
    for measure in draft.measures:
        yield ""
        yield from _measure(measure)


def _measure(measure: Measure) -> Iterator[str]:
    indicators = f" (ตัวชี้วัดที่ {numbers(measure.indicators)})" if measure.indicators else ""
    number = thai_digits(measure.number) if measure.number else "?"
    yield from wrapped(f"{measure.title}{indicators}", f"มาตรการที่ {number}  ", "    ")
    for row in measure.rows:
        yield from _row(row)


def _row(row: Row) -> Iterator[str]:
    yield f"  [{row.id}] {place(row.source)}"
    yield from wrapped(who(row.responsible), "    ผู้รับผิดชอบ  ", " " * 18)
    yield from wrapped(when(row), "    ระยะเวลา    ", " " * 16)
    yield from wrapped(reports(row.reporting), "    รายงาน      ", " " * 16)
    if row.publication_channels:
        channels = ", ".join(CHANNEL_WORDS.get(name, name) for name in row.publication_channels)
        yield from wrapped(channels, "    เผยแพร่      ", " " * 17)
    for name, value in outcomes(row):
        yield from wrapped(value, f"    {name}  ", " " * 16)
    yield "    ขั้นตอน" if row.steps else "    ขั้นตอน      (ไม่มี)"
    for number, step in enumerate(row.steps, 1):
        yield from _step(number, step)
    if row.monitoring_duties:
        yield "    งานในช่องการติดตาม"
        for duty in row.monitoring_duties:
            yield from wrapped(duty, "      - ")


def _step(number: int, step: Step) -> Iterator[str]:
    again = f" [{_RECURRENCE.get(step.recurrence, step.recurrence)}]" if step.recurrence else ""
    yield from wrapped(f"{step.text}{again}", f"      {thai_digits(number)}. ")
    for sub in step.sub_steps:
        yield from wrapped(sub.text, "         - ")


def who(responsible: Responsible) -> str:
    """Parties or scope in Thai."""
    if responsible.scope != "listed":
        audit = " รวมหน่วยตรวจสอบภายใน" if responsible.with_audit_unit else ""
        return SCOPE_WORDS[responsible.scope] + audit
    names = [f"{party.unit}/{party.subunit}" if party.subunit else party.unit for party in responsible.parties]
    roles = [" (สนับสนุน)" if party.role == "support" else "" for party in responsible.parties]
    return ", ".join(name + role for name, role in zip(names, roles, strict=True))


def when(row: Row) -> str:
    """First and last day in Thai, and the text they were read from."""
    period = row.period
    if period.start is None or period.end is None:
        return f"(อ่านไม่ได้: {period.raw})" if period.raw else "(ไม่ได้ระบุ)"
    inferred = " (วันเริ่มต้นปีงบประมาณ เพราะระบุเพียงวันสิ้นสุด)" if period.start_inferred else ""
    return f"{short_date(period.start)} ถึง {short_date(period.end)}{inferred}  ตามที่พิมพ์: {period.raw}"


def reports(reporting: Reporting) -> str:
    """Cadence and quarters in Thai."""
    words = CADENCE_WORDS[reporting.cadence]
    return f"{words} (ไตรมาสที่ {numbers(reporting.quarters_due)})" if reporting.quarters_due else words


def outcomes(row: Row) -> list[tuple[str, str]]:
    """What a report of results says of the row, each with its Thai name; nothing for a plan."""
    values = (row.status, row.result, row.problems, row.suggestions)
    return [(name, "ไม่มี" if value == NONE else value) for name, value in zip(_OUTCOMES, values, strict=True) if value]


def _doubts(draft: Draft) -> Iterator[str]:
    doubts = list(draft.all_doubts())
    if doubts:
        yield ""
        yield "ข้อสงสัยที่ต้องตอบ"
    for number, doubt in enumerate(doubts, 1):
        yield ""
        yield from _doubt(number, doubt)


def _doubt(number: int, doubt: Doubt) -> Iterator[str]:
    yield f"  {thai_digits(number)}. {doubt.id}"
    yield from wrapped(doubt.message, "     ถาม   ", " " * 11)
    yield from wrapped(doubt.proposal or "(ไม่มี โปรดระบุเอง)", "     เสนอ  ", " " * 11)
    for choice in doubt.choices:
        mark = "*" if choice.key == doubt.proposed else " "
        yield from wrapped(f"{choice.key}: {choice.text}", f"     {mark} ", " " * 11)


def _counts(draft: Draft) -> Iterator[str]:
    rows = [row for _, row in draft.rows()]
    steps = sum(len(row.steps) for row in rows)
    doubts = sum(1 for _ in draft.all_doubts())
    yield ""
    yield (
        f"รวม {thai_digits(len(draft.measures))} มาตรการ {thai_digits(len(rows))} แถว {thai_digits(steps)} ขั้นตอน "
        f"{thai_digits(doubts)} ข้อสงสัย ไม่อยู่ในแผน {thai_digits(len(draft.left_out))} ข้อความ"
    )
