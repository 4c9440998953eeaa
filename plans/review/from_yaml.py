"""The review file back into data, with one clear sentence for what is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import yaml
from pydantic import ValidationError

from domain.fiscal import EARLIEST, LATEST, FiscalYear, Span
from domain.thai import BE_OFFSET
from plans.draft import DoubtKind
from plans.errors import CutReviewError, OfficeNotReviewError, ReviewError, ReviewFaultsError
from plans.review.model import ACCEPT, CORRECTED, Review, ReviewDoubt, ReviewPeriod, ReviewRow
from plans.review.to_yaml import END, PROMISE

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OFFICE: Final = frozenset({"divisions", "posts", "people"})
_OF_PERIOD: Final = (
    DoubtKind.MISSING_PERIOD,
    DoubtKind.UNREADABLE_VALUE,
    DoubtKind.PERIOD_END_BEFORE_START,
    DoubtKind.PERIOD_OUTSIDE_FISCAL_YEAR,
)
_ASKED_FOR: Final = {
    DoubtKind.MISSING_RESPONSIBLE: ("responsible", "ผู้รับผิดชอบ"),
    DoubtKind.REPORTING_NOT_STATED: ("reporting", "การรายงาน"),
}
Words = tuple[str, str, str, str]
"""Problem and remedy, each in English and in Thai."""
_WORDS: Final[dict[str, Words]] = {
    "extra_forbidden": (
        "there is no field of this name.",
        "ไม่มีช่องชื่อนี้",
        "Correct its spelling or delete the line.",
        "โปรดแก้ตัวสะกดหรือลบบรรทัดนี้",
    ),
    "missing": ("this field is not there.", "ไม่มีช่องนี้", "Add it, as in the other entries.", "โปรดเพิ่มตามแบบของรายการอื่น"),
    "date": (
        "this is not a date.",
        "ไม่ใช่วันที่",
        "Write year-month-day with the Christian year, for instance 2023-10-01.",
        "โปรดเขียนปี-เดือน-วันเป็น ค.ศ. เช่น 2023-10-01",
    ),
    "literal": (
        "this word is not one of those allowed.",
        "คำนี้ไม่อยู่ในรายการ",
        "Use one of: {expected}.",
        "โปรดใช้คำใดคำหนึ่ง: {expected}",
    ),
    "string_too_short": (
        "this text is empty.",
        "ข้อความว่าง",
        "Write it, or delete the entry.",
        "โปรดเขียนข้อความหรือลบรายการ",
    ),
    "": (
        "this value cannot be used ({message}).",
        "ใช้ค่านี้ไม่ได้",
        "Compare it with the other entries.",
        "โปรดเทียบกับรายการอื่น",
    ),
}
_NOT_PLAIN: Final[Words] = (
    "a review has no aliases (*) and is not nested so deep.",
    "ไฟล์ตรวจทานใช้การอ้างซ้ำ (*) หรือซ้อนลึกเช่นนี้ไม่ได้",
    "Write the value itself, as in the other entries.",
    "โปรดเขียนค่านั้นตรง ๆ ตามแบบของรายการอื่น",
)
_DEEPEST: Final = 30


def from_yaml(text: str) -> Review:
    """The review in a file's text, checked.

    Raises:
        ReviewError: With the line, the field, what is wrong and what to do.
    """
    if _is_cut(text):
        raise CutReviewError(line=len(text.rstrip().splitlines()), field="-", end=END)
    _check_plain(text)
    root, loaded = _composed(text), _loaded(text)
    if isinstance(loaded, dict) and (keys := _OFFICE & loaded.keys()) and "doubts" not in loaded:
        raise OfficeNotReviewError(line=1, field="-", keys=", ".join(sorted(keys)))
    if not isinstance(loaded, dict):
        raise _error(
            1,
            "-",
            ("this is no review file.", "ไม่ใช่ไฟล์ตรวจทาน", "Make one from the plan again.", "โปรดสร้างจากแผนอีกครั้ง"),
        )
    try:
        review = Review.model_validate(loaded)
    except ValidationError as error:
        raise _of_validation(error, root) from error
    faults = [_error(_line(root, place), _field(place), words) for place, words in faults_of(review)]
    if len(faults) > 1:
        raise ReviewFaultsError(
            line=faults[0].facts["line"],
            field=faults[0].facts["field"],
            count=len(faults),
            faults=" ".join(str(fault) for fault in faults),
            faults_thai=" ".join(fault.in_thai() for fault in faults),
        )
    for fault in faults:
        raise fault
    return review


def _is_cut(text: str) -> bool:
    """Whether the file breaks off: its head promises a last line that is not there, or the measures are not."""
    lines = {line.strip() for line in text.splitlines()}
    if PROMISE in lines and END not in lines:
        return True
    return re.search(r"^doubts_raised:", text, re.MULTILINE) is not None and not re.search(
        r"^measures:", text, re.MULTILINE
    )


def _check_plain(text: str) -> None:
    """Refuse what no review has: aliases, which make gigabytes of a few lines, and lists within lists without end."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > _DEEPEST:
                raise _error(event.start_mark.line + 1 if event.start_mark else 1, "-", _NOT_PLAIN)
    except yaml.YAMLError as error:
        raise _not_yaml(error) from error


def _composed(text: str) -> yaml.Node | None:
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise _not_yaml(error) from error
    return node


def _loaded(text: str) -> Any:
    """Values of the text; a lone `=` or a thirteenth month is well-formed, but no value."""
    try:
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 -- the safe loader, in C where there is one
    except (yaml.YAMLError, ValueError) as error:
        raise _not_yaml(error) from error


def _not_yaml(error: Exception) -> ReviewError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    words = (
        f"this is not YAML ({problem}).",
        "รูปแบบ YAML ไม่ถูกต้อง",
        "Look for a missing quotation mark or a wrong indent at or above this line.",
        'โปรดดูเครื่องหมาย " ที่ขาดหรือย่อหน้าที่ผิดในบรรทัดนี้หรือบรรทัดก่อนหน้า',
    )
    return _error(mark.line + 1 if mark else 1, "-", words)


def _error(line: int, field: str, words: Words) -> ReviewError:
    problem, problem_thai, remedy, remedy_thai = words
    return ReviewError(
        line=line, field=field, problem=problem, problem_thai=problem_thai, remedy=remedy, remedy_thai=remedy_thai
    )


def _of_validation(error: ValidationError, root: yaml.Node | None) -> ReviewError:
    first = error.errors()[0]
    key = next((key for key in _WORDS if key and first["type"].startswith(key)), "")
    facts = {"expected": first.get("ctx", {}).get("expected", ""), "message": first["msg"]}
    problem, problem_thai, remedy, remedy_thai = (words.format(**facts) for words in _WORDS[key])
    return _error(_line(root, first["loc"]), _field(first["loc"]), (problem, problem_thai, remedy, remedy_thai))


def _field(place: Sequence[int | str]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in place) or "-"


def _line(node: yaml.Node | None, place: Sequence[int | str]) -> int:
    """Line of the deepest part of `place` that the file has, counted from 1."""
    line = node.start_mark.line + 1 if node else 1
    for part in place:
        node = _child(node, part)
        if node is None:
            break
        line = node.start_mark.line + 1
    return line


def _child(node: yaml.Node | None, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
        return node.value[part] if part < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(part)), None)
    return None


def faults_of(review: Review) -> Iterator[tuple[tuple[int | str, ...], Words]]:
    """What is wrong in a review, each with its place: `doubts`, its index, `answer`, or the way to a row's field."""
    if len(review.doubts) != review.doubts_raised:
        yield (
            ("doubts",),
            (
                f"{review.doubts_raised} doubts were raised, {len(review.doubts)} are here.",
                f"มีข้อสงสัย {review.doubts_raised} ข้อ แต่ในไฟล์มี {len(review.doubts)} ข้อ",
                "Put the deleted ones back; a doubt is answered, not deleted.",
                "โปรดใส่ข้อที่ลบไปกลับคืน ข้อสงสัยต้องตอบ ไม่ใช่ลบ",
            ),
        )
    for index, doubt in enumerate(review.doubts):
        words = _answer_fault(review, doubt)
        if words:
            yield ("doubts", index, "answer"), words
    yield from _row_faults(review)


def _answer_fault(review: Review, doubt: ReviewDoubt) -> Words | None:
    if doubt.answer is None or doubt.answer == CORRECTED:
        return None
    names = ["ชื่อส่วนราชการ"] if doubt.kind is DoubtKind.MISSING_RESPONSIBLE else []
    allowed = ", ".join([*doubt.choices, *names, *([ACCEPT] if doubt.proposal else []), CORRECTED])
    if doubt.answer != ACCEPT and doubt.answer not in doubt.choices and not doubt.names_responsible:
        return (
            f"“{doubt.answer}” is not an answer to {doubt.id}.",
            f"“{doubt.answer}” ไม่ใช่คำตอบของข้อ {doubt.id}",
            f"Use one of: {allowed}.",
            f"โปรดใช้คำใดคำหนึ่ง: {allowed}",
        )
    if doubt.answer == ACCEPT and doubt.proposal not in doubt.choices:
        return (
            f"{doubt.id} has no proposal to accept.",
            f"ข้อ {doubt.id} ไม่มีข้อเสนอให้ใช้",
            f"Use one of: {allowed}; “corrected” is for a value you have corrected under “measures”.",
            f"โปรดใช้คำใดคำหนึ่ง: {allowed} (corrected เมื่อแก้ค่าในส่วน measures แล้ว)",
        )
    if doubt.row and review.find(doubt.row) is None:
        return (
            f"the row {doubt.row} that this doubt speaks of is no longer there.",
            f"ไม่มีแถว {doubt.row} ที่ข้อสงสัยนี้กล่าวถึงแล้ว",
            "Answer “corrected” if you removed it on purpose.",
            "หากตั้งใจลบแถวนี้ โปรดตอบ corrected",
        )
    return None


def _row_faults(review: Review) -> Iterator[tuple[tuple[int | str, ...], Words]]:
    for m_index, measure in enumerate(review.measures):
        for r_index, row in enumerate(measure.rows):
            for name, words in _period_faults(row.period, review.fiscal_year_be):
                yield ("measures", m_index, "rows", r_index, "period", name), words
            for index, doubt in enumerate(review.doubts):
                if doubt.row == row.row and doubt.answer == CORRECTED and (fault := _not_corrected(doubt, row)):
                    yield ("doubts", index, "answer"), fault


def _period_faults(period: ReviewPeriod, be: int | None) -> Iterator[tuple[str, Words]]:
    """What is wrong with the days, one fault for each: the era first, then the order, then the fiscal year."""
    days = {"start": period.start, "end": period.end}
    thai = {name: day for name, day in days.items() if day and day.year >= EARLIEST}
    for name, day in thai.items():
        meant = f"{day.year - BE_OFFSET}{day.isoformat()[4:]}"
        yield (
            name,
            (
                f"{day} has a year of the Buddhist era.",
                f"{day} เป็นปี พ.ศ.",
                f"Write the Christian year: {meant}.",
                f"โปรดเขียนเป็นปี ค.ศ.: {meant}",
            ),
        )
    if thai or not (period.start and period.end):
        return
    if period.end < period.start:
        yield (
            "end",
            (
                "the period ends before it starts.",
                "ระยะเวลาสิ้นสุดก่อนเริ่ม",
                "Exchange or correct the dates.",
                "โปรดสลับหรือแก้วันที่",
            ),
        )
    elif be is not None and EARLIEST <= be <= LATEST:
        year = FiscalYear(be)
        if not year.span.overlaps(Span(period.start, period.end)):
            yield (
                "start",
                (
                    f"the period has no day in the plan's fiscal year {be}.",
                    f"ระยะเวลาไม่อยู่ใน{year}ของแผน",
                    f"Write days from {year.start} to {year.end}.",
                    f"โปรดเขียนวันที่ระหว่าง {year.start} ถึง {year.end}",
                ),
            )


def _not_corrected(doubt: ReviewDoubt, row: ReviewRow) -> Words | None:
    """The answer `corrected` where the value asked about is not there yet."""
    who, due, period = row.responsible, row.reporting, row.period
    missing = {
        DoubtKind.MISSING_RESPONSIBLE: who.scope == "missing" or (who.scope == "listed" and not who.parties),
        DoubtKind.REPORTING_NOT_STATED: due.cadence == "none_stated" or not due.quarters_due,
        **dict.fromkeys(_OF_PERIOD, period.start is None or period.end is None),
    }
    if not missing.get(doubt.kind):
        return None
    english, thai = _ASKED_FOR.get(doubt.kind, ("period", "ระยะเวลา"))
    return (
        f"{doubt.id} is answered “corrected”, but its {english} is still missing.",
        f"ข้อ {doubt.id} ตอบว่า corrected แต่ยังไม่ได้แก้{thai}",
        f"Fill it in under {english} of row {row.row}, or choose another answer.",
        f"โปรดเติม{thai} ({english}) ของแถว {row.row} หรือเลือกคำตอบอื่น",
    )
