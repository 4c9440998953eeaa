"""What must hold of the plan reader whatever it is given; a check raises AssertionError where it does not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from domain.fiscal import EARLIEST, LATEST, FiscalYear, Span
from domain.plan import Plan
from domain.thai import long_date, month_range
from plans.draft import Draft, Source
from plans.errors import IncompletePlanError, OpenDoubtsError, PlanFileError
from plans.explain import as_explanation
from plans.layout.assemble import assemble
from plans.layout.headings import wishes
from plans.layout.prose import read_prose
from plans.layout.records import split_label
from plans.raw import Paragraph, RawDocument
from plans.readers import READERS
from plans.review import Review, read_review, review_of, write_review
from plans.review.to_plan import to_plan
from plans.show import as_text
from plans.words.fragments import paragraphs
from plans.words.items import split_items
from plans.words.letters import join_spaced_letters
from plans.words.measure_cell import named_indicators, read_measure
from plans.words.outcomes import chosen, read_outcomes
from plans.words.periods import PeriodReading, printed_years, read_period, split_ranges
from plans.words.reporting import read_reporting
from plans.words.responsible import ResponsibleReading, read_responsible
from plans.words.steps import read_steps
from plans.words.text import MARKS, plain, squeezed
from tests.plans.test_nothing_lost import lost, said, strings

YEARS: Final = tuple(map(FiscalYear, (2557, 2566, 2567, 2580)))
_SOURCE: Final = Source(file="plan.txt", table=0, row=1, column=1)
_FIRST_DAY: Final = FiscalYear(EARLIEST).start - timedelta(days=366)
_LAST_DAY: Final = FiscalYear(LATEST).end
_OVERDUE: Final = timedelta(days=92)
_CONSONANT: Final = re.compile("[ก-ฮ]")
_SIGNS: Final = str.maketrans({"แ": "เเ", "ำ": "า", **dict.fromkeys(MARKS)})
_JOINTS: Final = re.compile(
    (
        "ร่วมกับ|พร้อมด้วย|ตลอดจน|รวมถึง|และ|เป็น|ทำหน้าที่"
        "|(?:หน่วยงาน|ผู้รับผิดชอบ|ส่วนราชการ|หน่วย|เจ้าภาพ|ผู้)?(?:หลัก|สนับสนุน|ร่วม(?:ดำเนินการ)?|รอง|ที่เกี่ยวข้อง|เกี่ยวข้อง|เจ้าภาพ)"
    ).translate(_SIGNS)
)
"""Words between names, and labels of roles."""
_MARKS: Final = re.compile("(?:ขั้นตอน|ขั้น|กิจกรรม|ข้อ)ที่|[ก-ฮ][.)]")
_HEADS: Final = re.compile(
    "มาตรการ|ตัวชี้วัด|ย่อย|ที่|และ|ถึง|ซึ่ง|สอดคล้อง|เชื่อมโยง|เกี่ยวข้อง|รองรับ|ตอบสนอง|สนับสนุน|กับ|ตาม|ภายใต้|ของ"
)


def check_file(content: bytes, suffix: str) -> None:
    """A whole file: no text lost, the draft, its review and its plan hang together, or the file is refused."""
    try:
        document = READERS[suffix](content, f"plan{suffix}")
        draft = assemble(document)
    except PlanFileError:
        return
    assert not (gone := _gone(document, draft)), f"lost: {gone}"
    assert Draft.model_validate_json(draft.model_dump_json()) == draft, "the draft does not come back from JSON"
    _check_once([row.id for _, row in draft.rows()])
    _check_once([doubt.id for doubt in draft.all_doubts()])
    assert as_text(draft)
    assert as_explanation(draft)
    review = review_of(draft)
    assert read_review(write_review(draft)) == review, "the review does not come back from its file"
    _check_answers(review)


def _check_once(names: Sequence[str]) -> None:
    """Answers find rows and doubts by their names."""
    again = sorted(name for name, count in Counter(names).items() if count > 1)
    assert not again, f"a name for several: {again}"


def _gone(document: RawDocument, draft: Draft) -> list[str]:
    """Lines that are not in the draft, nor a label and its value in two places of it."""
    whole = "\n".join([said(draft), *map(squeezed, strings(draft.model_dump()))])
    return [
        line
        for line in lost(document, draft)
        if line not in whole and not any(line[:cut] in whole and line[cut:] in whole for cut in range(1, len(line)))
    ]


def _check_answers(review: Review) -> None:
    """Every doubt answered by its proposal, then by its last choice; what then lacks is named."""
    _plan(review, proposals=True)
    for doubt in review.doubts:
        doubt.answer = next(reversed(doubt.choices), None)
    _plan(read_review(write_review(review)), proposals=False)


def _plan(review: Review, *, proposals: bool) -> Plan | None:
    try:
        return to_plan(review, proposals=proposals)
    except (IncompletePlanError, OpenDoubtsError):
        return None


def check_period(text: str) -> None:
    """A period cell: days in order and within the years there are, and the same when printed and read again."""
    assert all(EARLIEST <= be <= LATEST for be in printed_years(text))
    assert _letters("".join(split_ranges(text))) == _letters(plain(text)), "split ranges lose text"
    for year in YEARS:
        reading = read_period(text, year)
        if reading is not None:
            _check_reading(reading, year)


def _letters(text: str) -> str:
    """Letters and digits without signs that stand on others, which are put in order when a text is cleaned."""
    return re.sub(r"[\W_]", "", plain(text).translate(_SIGNS))


def _check_reading(reading: PeriodReading, year: FiscalYear) -> None:
    assert reading.spans
    assert all(span.start <= span.end for span in reading.spans)
    assert all(_FIRST_DAY <= span.start <= span.end <= _LAST_DAY for span in reading.spans), reading
    assert _is(read_period(f"{long_date(reading.start)} - {long_date(reading.end)}", year), reading.start, reading.end)
    months = Span(
        reading.start.replace(day=1), FiscalYear.of(reading.end).month(reading.end.month).end
    )  # what a page prints of it
    if months.start in year.span and months.end in year.span:
        assert _is(read_period(month_range(months.start, months.end), year), months.start, months.end)


def _is(reading: PeriodReading | None, start: date, end: date) -> bool:
    return reading is not None and (reading.start, reading.end) == (start, end)


def check_responsible(text: str) -> None:
    """A responsible cell: the same each time, names are not empty, and no letter is lost unless it is a scope."""
    reading = read_responsible(text)
    assert read_responsible(text) == reading
    assert all(party.unit.strip() and party.subunit != "" for party in reading.parties)
    assert (reading.scope == "listed") == bool(reading.parties)
    read_responsible("กองคลัง", text)
    if reading.scope == "listed":
        _check_names(text, reading)
    if reading.scope == "missing":
        assert not _CONSONANT.search(_JOINTS.sub("", _letters(text))), "a text is taken for none"


def _check_names(text: str, reading: ResponsibleReading) -> None:
    printed = {usual: name for name, usual in reading.usual}
    names = [printed.get(party.unit, party.unit) for party in reading.parties]
    names += [party.subunit for party in reading.parties if party.subunit]
    whole = _letters(text)
    letters = Counter("".join(_JOINTS.findall(whole)))
    for name in {_letters(name) for name in names}:  # printed twice it is one party
        letters += Counter(name * max(1, whole.count(name)))
    gone = Counter(_CONSONANT.findall(whole)) - letters
    assert not gone, f"lost of a name: {gone}"


def check_cells(text: str) -> None:
    """Any other cell: reporting, steps, measure, outcomes, labels."""
    texts = paragraphs(text)
    assert texts == [line for line in texts if line.strip()]
    for year in YEARS:
        _check_reporting(texts, year)
    _check_kept(texts, [item.text for item in split_items(texts)], _MARKS)
    steps = read_steps(texts, _SOURCE)
    _check_kept(texts, [t for step in steps for t in (step.text, *(sub.text for sub in step.sub_steps))], _MARKS)
    if head := read_measure(texts):
        _check_kept(texts, [head.title, head.detail], _HEADS)
    assert set(named_indicators(text)) <= set(range(1, 11))
    for line in texts:
        joined, _ = join_spaced_letters(line)
        assert squeezed(joined) == squeezed(line)
        split_label(line)
        wishes(line)
    chosen(texts)
    for role in ("status", "result", "problems", "suggestions", "problems_suggestions"):
        assert all(read_outcomes({role: text}).values())
    source = Source(file="plan.txt")
    read_prose([Paragraph(line, source.model_copy(update={"line": n}), True) for n, line in enumerate(texts)])  # noqa: FBT003 -- a field of Paragraph


def _check_reporting(texts: list[str], year: FiscalYear) -> None:
    for span in (year.span, None):
        reading = read_reporting(texts, year, span)
        for quarters in (reading.quarters_due, *(quarters for _, quarters in reading.rivals)):
            assert list(quarters) == sorted(set(quarters) & {1, 2, 3, 4})
        assert all(year.start <= day <= year.end + _OVERDUE for day in reading.due_dates)
        if reading.rivals:
            assert len({reading.cadence, *dict(reading.rivals)}) == len(reading.rivals) + 1, "a cadence rivals itself"


def _check_kept(texts: Iterable[str], rest: Iterable[str], dropped: re.Pattern[str]) -> None:
    """Every Thai letter stands in what was kept, those of marks aside."""
    whole = "".join(map(squeezed, texts))
    marks = Counter("".join(dropped.findall(whole)))
    gone = Counter(_CONSONANT.findall(whole)) - Counter("".join(map(squeezed, rest)))
    assert not gone - marks, f"lost: {gone - marks}"
