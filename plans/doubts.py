"""The questions a draft raises, in Thai, each with its choices and the proposal among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from domain.fiscal import FiscalYear, Span
from domain.thai import month_range, short_date, thai_digits
from plans.draft import Choice, Doubt, DoubtKind, Period, Source
from plans.places import place
from plans.words.letters import SpacedRun
from plans.words.periods import PeriodReading

_EXCERPT: Final = 40

CHANNEL_WORDS: Final = {
    "website": "เว็บไซต์",
    "facebook": "Facebook",
    "line_group": "กลุ่มไลน์",
    "line_oa": "LINE OA",
    "notice_board": "ป้ายประกาศ",
    "loudspeaker": "เสียงตามสาย",
    "meeting": "ที่ประชุม",
    "public_hearing": "ประชาคม",
}
_WAYS: Final = {
    "proposed_months": "{months}",
    "same_months": "เดือนเดียวกันในปีงบประมาณของแผน: {months}",
    "inside_year": "เฉพาะส่วนที่อยู่ในปีงบประมาณของแผน: {months}",
}
CADENCE_WORDS: Final = {
    "quarterly": "ทุกไตรมาส",
    "semiannual": "ทุก ๖ เดือน",
    "specified_quarters": "เฉพาะไตรมาส",
    "monthly": "ทุกเดือน",
    "annual": "ปีละครั้ง",
    "none_stated": "ไม่ได้ระบุ",
}

SCOPE_WORDS: Final = {
    "all_divisions": "ทุกสำนัก/กอง",
    "all_division_heads": "ผู้อำนวยการทุกกอง",
    "missing": "(ไม่ได้ระบุ)",
}
UNUSED: Final = {"responsible": "ผู้รับผิดชอบ", "period": "ระยะเวลา", "reporting": "การรายงาน", "channels": "ช่องทางเผยแพร่"}
"""Values whose cell may hold words that no rule uses."""


def excerpt(text: str, length: int = _EXCERPT) -> str:
    """The first words of a text, for quoting."""
    return text if len(text) <= length else f"{text[:length].rstrip()}…"


def numbers(values: Iterable[int]) -> str:
    """`๒, ๓ และ ๔`."""
    words = [thai_digits(value) for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} และ {words[-1]}" if words else "-"


def _doubt(
    kind: DoubtKind,
    source: Source,
    row: str | None,
    message: str,
    choices: Mapping[str, str],
    facts: Mapping[str, Any] | None = None,
    *,
    proposes: bool = True,
) -> Doubt:
    key = next(iter(choices), None) if proposes else None
    return Doubt(
        id=f"{row or 'plan'}.{kind.value}",
        kind=kind,
        message=f"{place(source)}: {message}" if row else message,
        proposal=choices[key] if key else None,
        proposed=key,
        choices=tuple(Choice(key=name, text=text) for name, text in choices.items()),
        row=row,
        facts=dict(facts or {}),
        source=source,
    )


def of_measure(doubt: Doubt, number: int) -> str:
    """The question with its measure before the place: `มาตรการที่ ๒ (ตารางที่ ๑ แถวที่ ๓): …`."""
    where = place(doubt.source)
    return f"มาตรการที่ {thai_digits(number)} ({where}){doubt.message.removeprefix(where)}"


def fiscal_year_unclear(source: Source, years: Sequence[int]) -> Doubt:
    """No fiscal year is printed, or several."""
    seen = f"พบปี {numbers(years)}" if years else "ไม่พบปีใดในเอกสาร โปรดอ่านไฟล์ใหม่โดยระบุปีงบประมาณ"
    return _doubt(
        DoubtKind.FISCAL_YEAR_UNCLEAR,
        source,
        None,
        f"ไม่ชัดเจนว่าเป็นแผนของปีงบประมาณใด ({seen}) แผนนี้เป็นของปีงบประมาณใด",
        {str(year): f"ปีงบประมาณ พ.ศ. {thai_digits(year)}" for year in years},
    )


def measures_missing(source: Source, missing: Sequence[int]) -> Doubt:
    """The numbers of the measures have gaps."""
    return _doubt(
        DoubtKind.MEASURES_MISSING,
        source,
        None,
        f"ไม่พบมาตรการที่ {numbers(missing)} ในเอกสาร หน้าของเอกสารหายไปหรือไม่",
        {"not_in_plan": "แผนที่ใช้งานมีเท่าที่พบ ไม่ต้องมีมาตรการเหล่านี้"},
        facts={"missing": list(missing)},
    )


def measure_number_missing(row: str, source: Source, title: str, proposed: int) -> Doubt:
    """A measure without a printed number."""
    return _doubt(
        DoubtKind.MEASURE_NUMBER_MISSING,
        source,
        row,
        f"มาตรการ “{excerpt(title)}” ไม่มีเลขลำดับ ให้เป็นมาตรการที่เท่าใด",
        {"next_number": f"ให้เป็นมาตรการที่ {thai_digits(proposed)}"},
    )


def measure_number_repeated(
    row: str, source: Source, number: int, titles: tuple[str, str], facts: Mapping[str, Any]
) -> Doubt:
    """Two measures with one number; nothing is proposed, for each of the answers makes another plan.

    `titles` are that of the measure before and its own.
    """
    before, own = map(excerpt, titles)
    digits = thai_digits(number)
    return _doubt(
        DoubtKind.MEASURE_NUMBER_REPEATED,
        source,
        row,
        f"เลขลำดับ {digits} ใช้กับสองมาตรการ: “{before}” และ “{own}” ซึ่งเป็นมาตรการนี้ เลขใดถูกต้อง",
        {
            "next_number": f"เป็นคนละมาตรการ ให้มาตรการนี้เป็นมาตรการที่ {thai_digits(facts['free'])}",
            "as_printed": f"เป็นคนละมาตรการ และใช้เลข {digits} ทั้งสองมาตรการตามที่พิมพ์",
            "one_measure": f"เป็นมาตรการเดียวกัน รวมเข้ากับ “{before}”",
        },
        facts=facts,
        proposes=False,
    )


def probable_continuation(row: str, source: Source, above: Source, printed: str, facts: Mapping[str, Any]) -> Doubt:
    """A row without responsible and period goes on with the row above."""
    under = f" แม้พิมพ์ไว้ใต้ “{excerpt(printed)}”" if printed else ""
    return _doubt(
        DoubtKind.PROBABLE_CONTINUATION,
        source,
        row,
        f"แถวนี้ไม่มีผู้รับผิดชอบและระยะเวลา น่าจะต่อเนื่องจาก{place(above)}{under} รวมเป็นแถวเดียวกันหรือไม่",
        {
            "join": f"รวมเข้ากับ{place(above)} โดยใช้ผู้รับผิดชอบและระยะเวลาของแถวนั้น",
            "keep_apart": "แยกเป็นแถวของมาตรการตามที่พิมพ์ โดยใช้ผู้รับผิดชอบ ระยะเวลา และการรายงานของมาตรการนั้น",
        },
        facts=facts,
    )


def measure_repeated(row: str, source: Source, number: int | None, title: str, *, is_joined: bool) -> Doubt:
    """The same measure is printed again."""
    name = f"มาตรการที่ {thai_digits(number)}" if number else f"มาตรการ “{excerpt(title)}”"
    choices = {"one_measure": f"นับ{name} เป็นมาตรการเดียว"}
    if not is_joined:
        choices["two_measures"] = "แถวนี้เป็นอีกมาตรการหนึ่ง"
    return _doubt(DoubtKind.MEASURE_REPEATED, source, row, f"{name} พิมพ์ไว้มากกว่าหนึ่งครั้ง เป็นมาตรการเดียวกันหรือไม่", choices)


def step_numbering_starts_late(row: str, source: Source, first: int, text: str, facts: Mapping[str, Any]) -> Doubt:
    """The first number of a step cell is not 1."""
    choices = {
        "keep_here": "เป็นขั้นตอนของแถวนี้ ใช้ตามที่พิมพ์",
        "leave_out": "ไม่ใช่ขั้นตอนของแผนที่ใช้งาน ตัดออก",
    }
    if before := facts.get("measure_before"):
        choices["measure_before"] = (
            f"เป็นของมาตรการที่ {thai_digits(before)} ซึ่งหน้าก่อนหายไป แยกเป็นมาตรการที่ {thai_digits(before)}"
        )
    return _doubt(
        DoubtKind.STEP_NUMBERING_STARTS_LATE,
        source,
        row,
        f"ขั้นตอนแรกขึ้นต้นด้วยเลข {thai_digits(first)} (“{excerpt(text)}”) ขั้นตอนก่อนหน้าหายไป หรือเป็นของมาตรการอื่นหรือไม่",
        choices,
        facts=facts,
    )


def steps_missing(row: str, source: Source, duties: int, facts: Mapping[str, Any]) -> Doubt:
    """A row with responsible and period but without steps."""
    choices = {}
    if moved := facts.get("restarted"):
        choices["steps_from_restart"] = f"ย้าย {thai_digits(moved)} ขั้นตอนที่เริ่มนับ ๑ ใหม่ในแถวบนมาเป็นขั้นตอนของแถวนี้"
    if duties:
        choices["duties_as_steps"] = f"ใช้งาน {thai_digits(duties)} ข้อในช่องการติดตามเป็นขั้นตอนของแถวนี้"
    if facts.get("above"):
        choices["same_steps_as_above"] = "ใช้ขั้นตอนเดียวกับแถวบนทุกข้อ"
    choices["leave_out"] = "ไม่นำแถวนี้เข้าแผน"
    return _doubt(
        DoubtKind.STEPS_MISSING,
        source,
        row,
        "แถวนี้ไม่มีขั้นตอน แต่มีผู้รับผิดชอบหรือระยะเวลา ขั้นตอนของแถวนี้คืออะไร",
        choices,
        facts=facts,
    )


def values_do_not_pair(
    row: str, source: Source, steps: int, values: int, choices: Mapping[str, str], facts: Mapping[str, Any]
) -> Doubt:
    """Steps and periods differ in number, so which step has which period is open."""
    return _doubt(
        DoubtKind.VALUES_DO_NOT_PAIR,
        source,
        row,
        f"มี {thai_digits(steps)} ขั้นตอน แต่ระยะเวลามี {thai_digits(values)} ช่วง ขั้นตอนใดใช้ระยะเวลาใด",
        choices,
        facts=facts,
    )


def letter_spaced_text(rows: Sequence[str], source: Source, runs: Sequence[SpacedRun]) -> Doubt:
    """Letters torn apart by the scanner."""
    quoted = " และ ".join(f"“{run.printed}”" for run in runs)
    joined = " และ ".join(f"“{run.joined}”" for run in runs)
    return _doubt(
        DoubtKind.LETTER_SPACED_TEXT,
        source,
        rows[0],
        f"ตัวอักษรถูกแยกห่างกัน อาจอ่านผิดจากการสแกน: {quoted} ข้อความที่ถูกต้องคืออะไร",
        {"joined": f"ต่อตัวอักษรเข้าด้วยกัน: {joined}", "as_printed": "คงไว้ตามที่พิมพ์"},
        facts={"rows": list(rows), "runs": [{"printed": run.printed, "joined": run.joined} for run in runs]},
    )


def missing_responsible(row: str, source: Source, above: str | None) -> Doubt:
    """Nobody is named. Nothing is proposed: accepting by reflex would give the work to everybody."""
    choices = {"as_row_above": "ใช้ผู้รับผิดชอบของแถวบน"} if above else {}
    return _doubt(
        DoubtKind.MISSING_RESPONSIBLE,
        source,
        row,
        "ไม่ได้ระบุผู้รับผิดชอบ ผู้ใดรับผิดชอบ (ตอบเป็นชื่อส่วนราชการได้ เช่น สำนักปลัด)",
        choices | {"all_divisions": "ให้ทุกสำนัก/กองรับผิดชอบ"},
        facts={"above": above},
        proposes=False,
    )


def no_period(row: str, source: Source, above: str | None, raw: str) -> Doubt:
    """No period, or one that no rule reads."""
    choices = {"as_row_above": "ใช้ระยะเวลาของแถวบน"} if above else {}
    message = f"อ่านระยะเวลา “{excerpt(raw)}” ไม่ได้ เริ่มและสิ้นสุดเมื่อใด" if raw else "ไม่ได้ระบุระยะเวลา ดำเนินการเมื่อใด"
    return _doubt(
        DoubtKind.UNREADABLE_VALUE if raw else DoubtKind.MISSING_PERIOD,
        source,
        row,
        message,
        choices | {"whole_year": "ตลอดปีงบประมาณ"},
        facts={"above": above, "field": "period"},
    )


def period_unfit(row: str, period: Period, reading: PeriodReading, year: FiscalYear, ways: Mapping[str, Span]) -> Doubt:
    """The period ends before it starts or leaves the plan's fiscal year; `ways` are the days it may mean instead."""
    kind = DoubtKind.PERIOD_END_BEFORE_START if reading.is_reversed else DoubtKind.PERIOD_OUTSIDE_FISCAL_YEAR
    words = {key: _WAYS[key].format(months=_days(span, year)) for key, span in ways.items()}
    return _doubt(
        kind,
        period.source,
        row,
        f"ระยะเวลา “{period.raw}” {_unfit(reading, year)} ระยะเวลาที่ถูกต้องคืออะไร",
        {**words, "whole_year": "ตลอดปีงบประมาณ"},
        facts={"ways": {key: [f"{span.start}", f"{span.end}"] for key, span in ways.items()}},
    )


def _days(span: Span, year: FiscalYear) -> str:
    """The months of the span; its days where it does not begin or end with a month."""
    months = Span(year.month(span.start.month).start, year.month(span.end.month).end)
    if span == months:
        return month_range(span.start, span.end)
    return f"{short_date(span.start)} - {short_date(span.end)}"


def _unfit(reading: PeriodReading, year: FiscalYear) -> str:
    if reading.is_reversed and reading.as_written is None:
        return "สิ้นสุดก่อนเริ่ม"
    span = reading.as_written or Span(reading.start, reading.end)
    if span.end < year.start:
        return f"อยู่ก่อน{year}"
    if span.start > year.end:
        return f"อยู่หลัง{year}"
    early = "เริ่มก่อน" if span.start < year.start else ""
    late = "สิ้นสุดหลัง" if span.end > year.end else ""
    return f"{'และ'.join(filter(None, (early, late)))}{year}"


def unknown_unit(row: str, source: Source, names: Sequence[str], usual: Mapping[str, str]) -> Doubt:
    """A name that begins like no division, section or post, or a misspelt one with the `usual` name for it."""
    quoted = ", ".join(f"“{name}”" for name in names)
    corrected = {"as_usual": f"สะกดผิด หมายถึง {', '.join(usual.values())}"} if usual else {}
    return _doubt(
        DoubtKind.UNKNOWN_UNIT,
        source,
        row,
        f"ไม่รู้จักผู้รับผิดชอบ {quoted} เป็นชื่อส่วนราชการที่ถูกต้องหรือไม่",
        corrected | {"keep": "ชื่อถูกต้องแล้ว ใช้ตามที่พิมพ์"},
        facts={"names": list(names), "usual": dict(usual)},
    )


def unused_text(row: str, source: Source, field: str, words: str, value: str) -> Doubt:
    """Words of a cell that became no value; the proposal leaves the value as it was read without them."""
    choices = {"keep": "ไม่เปลี่ยนค่า ใช้ตามที่อ่านได้"}
    if field == "reporting":
        choices["as_duty"] = "เป็นงานที่ต้องทำ เพิ่มเป็นงานในช่องการติดตาม"
    doubt = _doubt(
        DoubtKind.UNUSED_TEXT,
        source,
        row,
        f"{UNUSED[field]}อ่านได้เพียง “{value}” ไม่ได้ใช้ข้อความ “{words}” ข้อความนี้เปลี่ยนค่าที่อ่านได้หรือไม่",
        choices,
        facts={"field": field, "words": words, "rows": [row]},
    )
    return doubt.model_copy(update={"id": f"{doubt.id}.{field}"})


def of_several(doubt: Doubt, rows: Sequence[str]) -> Doubt:
    """The question asked once for all rows that say the same."""
    if len(rows) == 1:
        return doubt
    message = f"{doubt.message} (ข้อความเดียวกันมีใน {thai_digits(len(rows))} แถว ตอบครั้งเดียว)"
    return doubt.model_copy(update={"message": message, "facts": doubt.facts | {"rows": list(rows)}})


def reporting_not_stated(row: str, source: Source, quarters: Sequence[int]) -> Doubt:
    """The monitoring cell names no quarter, round or cadence of a report."""
    touched = f"ไตรมาสที่ {numbers(quarters)}" if quarters else "ทุกไตรมาสในระยะเวลาดำเนินการ"
    last = f"ไตรมาสที่ {thai_digits(quarters[-1])}" if quarters else "ไตรมาสสุดท้ายของระยะเวลา"
    return _doubt(
        DoubtKind.REPORTING_NOT_STATED,
        source,
        row,
        "ไม่ได้ระบุว่าต้องรายงานผลเมื่อใด ให้รายงานไตรมาสใด",
        {
            "quarters_touched": f"รายงานทุกไตรมาสที่อยู่ในระยะเวลาดำเนินการ: {touched}",
            "once_at_end": f"รายงานครั้งเดียวเมื่อสิ้นสุดระยะเวลา: {last}",
        },
    )


def reporting_ambiguous(row: str, source: Source, options: Mapping[str, Sequence[int]]) -> Doubt:
    """The monitoring cell states more than one cadence."""
    words = {key: f"รายงาน{CADENCE_WORDS[key]} (ไตรมาสที่ {numbers(due)})" for key, due in options.items()}
    return _doubt(
        DoubtKind.REPORTING_AMBIGUOUS,
        source,
        row,
        "ระบุรอบการรายงานไว้มากกว่าหนึ่งแบบ ใช้แบบใดกำหนดวันส่งรายงาน",
        words,
        facts={"options": {key: list(due) for key, due in options.items()}},
    )
