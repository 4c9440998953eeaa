"""Answers of an earlier review carried over to a new reading of the same plan; what changed is asked anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from domain.revision import alike
from plans.draft import OF_OFFICE, DoubtKind
from plans.review.model import ACCEPT, CORRECTED, Review, ReviewDoubt, ReviewMeasure, ReviewRow
from plans.words.text import squeezed

SAME: Final = 0.8
"""Steps and titles at least this alike are those the question was about, with a word mended."""

_FieldName = Literal["responsible", "period", "reporting"]
_FIELDS: Final[Mapping[DoubtKind, _FieldName]] = {
    DoubtKind.MISSING_RESPONSIBLE: "responsible",
    DoubtKind.UNKNOWN_UNIT: "responsible",
    DoubtKind.MISSING_PERIOD: "period",
    DoubtKind.UNREADABLE_VALUE: "period",
    DoubtKind.PERIOD_END_BEFORE_START: "period",
    DoubtKind.PERIOD_OUTSIDE_FISCAL_YEAR: "period",
    DoubtKind.VALUES_DO_NOT_PAIR: "period",
    DoubtKind.REPORTING_NOT_STATED: "reporting",
    DoubtKind.REPORTING_AMBIGUOUS: "reporting",
}
"""The value a question speaks of; what is printed of it must be the same for the answer to hold."""

_PRINTED: Final[Mapping[_FieldName, str]] = {
    "responsible": "responsible",
    "period": "period",
    "reporting": "monitoring",
}
_OTHER_DATES: Final = "the dates were those of another fiscal year"
_PLACE: Final = re.compile(r"(?:บรรทัด|ตาราง|แถว|หน้า|ชีต)ที่\s*[0-9๐-๙]+|๒๕[๐-๙]{2}|25[0-9]{2}")


def _field(doubt: ReviewDoubt) -> _FieldName | None:
    """The value it speaks of; words left over are those of any."""
    if doubt.kind is DoubtKind.UNUSED_TEXT:
        return next((name for name in _PRINTED if name == doubt.facts["field"]), None)
    return _FIELDS.get(doubt.kind)


@dataclass(frozen=True, slots=True)
class Carried:
    """A new review with the answers that still hold.

    Attributes:
        answered: Ids of the doubts answered from the earlier review.
        asked: Ids of the others, each with the reason.
        differing: Values a person seems to have changed without being asked; not carried: row (or part) and field.
    """

    review: Review
    answered: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    differing: tuple[tuple[str, str], ...] = ()


def carry(earlier: Review, new: Review) -> Carried:
    """`new` with the answers `earlier` gave to the same questions.

    A question is the same where its kind, what is printed of the value it speaks of, and what else it depends on are
    the same and its measure and steps are alike, wherever in the file it stands. A value corrected by hand comes
    along with the answer `corrected`.
    """
    result = new.model_copy(deep=True)
    answered: list[str] = []
    asked: list[tuple[str, str]] = []
    pairs = _pairs(earlier, new)
    for n, doubt in enumerate(result.doubts):
        before = earlier.doubts[pairs[n]] if n in pairs else None
        why = "it is new or has changed" if before is None else _take(earlier, before, result, doubt)
        if why is None:
            answered.append(doubt.id)
        else:
            asked.append((doubt.id, why))
    differing = tuple(_differing(earlier, result))
    return Carried(_with_office(earlier, result), tuple(answered), tuple(asked), differing)


def _with_office(earlier: Review, new: Review) -> Review:
    """The new review with what an office asked about the earlier one; whether that still holds, the office sees."""
    kinds = {doubt.kind for doubt in new.doubts}
    answered = [doubt for doubt in earlier.doubts if doubt.kind in OF_OFFICE - kinds and doubt.answer]
    new.doubts += [doubt.model_copy(deep=True) for doubt in answered]
    new.doubts_raised += len(answered)
    return new


def in_lines(carried: Carried, earlier: str) -> Iterator[str]:
    """How many answers were carried over from the file `earlier`, which were not and why."""
    count = len(carried.answered)
    yield f"{count} of {count + len(carried.asked)} questions are answered from {earlier}."
    yield from (f"  asked anew: {doubt} ({why})" for doubt, why in carried.asked)
    for row, field in carried.differing:
        yield f"  {row}: {field} differs from {earlier}, was not carried over; compare them"


def _pairs(earlier: Review, new: Review) -> dict[int, int]:
    """Index of the earlier question for the index of the new one, the most alike first."""
    scores = [
        (score, o, n)
        for n, doubt in enumerate(new.doubts)
        for o, before in enumerate(earlier.doubts)
        if (score := _sameness(earlier, before, new, doubt)) is not None
    ]
    pairs: dict[int, int] = {}
    for _, o, n in sorted(scores, key=lambda score: -score[0]):
        if n not in pairs and o not in pairs.values():
            pairs[n] = o
    return pairs


def _sameness(earlier: Review, before: ReviewDoubt, new: Review, doubt: ReviewDoubt) -> float | None:
    """How alike the rows of two questions are; None where the questions are not the same."""
    if before.kind is not doubt.kind or _facts(earlier, before.facts) != _facts(new, doubt.facts):
        return None
    old, other = earlier.find(before.row), new.find(doubt.row)
    if old is None or other is None:
        return 1.0 if before.row is None and doubt.row is None else None
    field = _field(doubt)
    if field is not None and _printed(old[1], field) != _printed(other[1], field):
        return None
    return _alike_rows(old, other, with_steps=doubt.kind is not DoubtKind.STEPS_MISSING)


def _alike_rows(
    old: tuple[ReviewMeasure, ReviewRow], other: tuple[ReviewMeasure, ReviewRow], *, with_steps: bool = True
) -> float | None:
    titles = alike(old[0].title, other[0].title)
    steps = alike(_steps(old[1]), _steps(other[1])) if with_steps else 1.0
    return titles + steps if min(titles, steps) >= SAME else None


def _steps(row: ReviewRow) -> str:
    return " ".join(text for step in row.steps for text in (step.text, *step.sub_steps))


def _printed(row: ReviewRow, field: _FieldName) -> str:
    return squeezed(getattr(row.printed, _PRINTED[field]))


def _facts(review: Review, facts: Any) -> Any:
    """Facts of a question with what stands in the rows they name, instead of where the rows stand."""
    if isinstance(facts, dict):
        return {key: _facts(review, value) for key, value in facts.items() if key != "row"}
    if isinstance(facts, list | tuple):
        return [_facts(review, value) for value in facts]
    place = review.find(facts) if isinstance(facts, str) else None
    return facts if place is None else [_printed(place[1], field) for field in _PRINTED]


def _take(earlier: Review, before: ReviewDoubt, new: Review, doubt: ReviewDoubt) -> str | None:
    """Answer a question as the earlier one was answered; the reason where that cannot be."""
    key = before.answered()
    if before.answer is None or key is None:
        return "it had no answer"
    if key == CORRECTED:
        return _take_corrected(earlier, before, new, doubt)
    if before.names_responsible:
        doubt.answer = key
        return None
    if key not in doubt.choices or _meaning(before.choices[key]) != _meaning(doubt.choices[key]):
        return "the choices are others now"
    doubt.answer = ACCEPT if before.answer == ACCEPT and doubt.proposal == key else key
    return None


def _meaning(choice: str) -> str:
    """What a choice says, wherever the rows stand and whatever the year is."""
    return squeezed(_PLACE.sub("", choice))


def _take_corrected(earlier: Review, before: ReviewDoubt, new: Review, doubt: ReviewDoubt) -> str | None:
    if doubt.kind is DoubtKind.FISCAL_YEAR_UNCLEAR:
        new.fiscal_year_be = earlier.fiscal_year_be
        doubt.answer = CORRECTED
        return None
    if doubt.kind in _TAKERS:
        return _TAKERS[doubt.kind](earlier, before, new, doubt)
    old, place, field = earlier.find(before.row), new.find(doubt.row), _field(doubt)
    if old is None or place is None:
        return "what was corrected is no longer there"
    if field == "period" and earlier.fiscal_year_be != new.fiscal_year_be:
        return _OTHER_DATES
    if field is not None and doubt.kind is not DoubtKind.VALUES_DO_NOT_PAIR:
        setattr(place[1], field, getattr(old[1], field).model_copy(deep=True))
    elif doubt.kind is DoubtKind.STEPS_MISSING and not place[1].steps:
        place[1].steps = [step.model_copy(deep=True) for step in old[1].steps]
    else:
        return "which words were corrected cannot be told; correct them again"
    doubt.answer = CORRECTED
    return None


def _take_unused(earlier: Review, before: ReviewDoubt, new: Review, doubt: ReviewDoubt) -> str | None:
    """The value that a person corrected because of words left over, in each row that has them."""
    name = "publication_channels" if (field := _field(doubt)) is None else field
    if name == "period" and earlier.fiscal_year_be != new.fiscal_year_be:
        return _OTHER_DATES
    for old, key in zip(before.facts["rows"], doubt.facts["rows"], strict=True):
        if (was := earlier.find(old)) and (place := new.find(key)):
            value = getattr(was[1], name)
            setattr(place[1], name, list(value) if isinstance(value, list) else value.model_copy(deep=True))
            if name == "reporting":  # the words may have become a duty
                place[1].monitoring_duties = list(was[1].monitoring_duties)
    doubt.answer = CORRECTED
    return None


def _take_letters(earlier: Review, before: ReviewDoubt, new: Review, doubt: ReviewDoubt) -> str | None:
    """The corrected words stand where the torn ones do in a text that is otherwise the same."""
    runs = sorted((squeezed(run["joined"]) for run in doubt.facts["runs"]), key=len, reverse=True)
    torn = re.compile("|".join(map(re.escape, runs)))
    rows = [row for key in before.facts["rows"] if (row := earlier.find(key))]
    texts = [text for _, row in rows for text in _texts(row)]
    mended: dict[str, str] = {}
    for text in [text for key in doubt.facts["rows"] if (row := new.find(key)) for text in _texts(row[1])]:
        whole = torn.split(squeezed(text))
        pattern = re.compile("(.+)".join(map(re.escape, whole)), re.DOTALL)
        corrected = {other for other in texts if pattern.fullmatch(squeezed(other))}
        if len(whole) > 1 and len(corrected) != 1:
            return "which words were corrected cannot be told; correct them again"
        mended |= {text: corrected.pop()} if len(whole) > 1 else {}
    for key in doubt.facts["rows"]:
        if place := new.find(key):
            _mend(place[1], mended)
    doubt.answer = CORRECTED
    return None


_TAKERS: Final = {DoubtKind.LETTER_SPACED_TEXT: _take_letters, DoubtKind.UNUSED_TEXT: _take_unused}


def _texts(row: ReviewRow) -> Iterator[str]:
    for step in row.steps:
        yield from (step.text, *step.sub_steps)
    yield from row.monitoring_duties


def _mend(row: ReviewRow, mended: Mapping[str, str]) -> None:
    for step in row.steps:
        step.text = mended.get(step.text, step.text)
        step.sub_steps = [mended.get(text, text) for text in step.sub_steps]
    row.monitoring_duties = [mended.get(text, text) for text in row.monitoring_duties]


def _differing(earlier: Review, new: Review) -> Iterator[tuple[str, str]]:
    """Values that differ although the same is printed and nothing is asked: a person changed them, or the reading."""
    for name, value in new.organization.model_dump().items():
        if getattr(earlier.organization, name) not in (None, value):
            yield "organization", name
    fields = [field for field in _PRINTED if field != "period" or earlier.fiscal_year_be == new.fiscal_year_be]
    asked = {(row, _field(doubt)) for doubt in new.doubts for row in (doubt.row, *doubt.facts.get("rows", ()))}
    for measure, row in _rows(new):
        before = _same_row(earlier, measure, row)
        for field in fields if before is not None else ():
            if getattr(before, field) != getattr(row, field) and (row.row, field) not in asked:
                yield row.row, field
        if before and list(map(squeezed, _texts(before))) != list(map(squeezed, _texts(row))):
            yield row.row, "the wording"


def _rows(review: Review) -> Iterable[tuple[ReviewMeasure, ReviewRow]]:
    return ((measure, row) for measure in review.measures for row in measure.rows)


def _same_row(earlier: Review, measure: ReviewMeasure, row: ReviewRow) -> ReviewRow | None:
    printed = [_printed(row, field) for field in _PRINTED]
    for other in _rows(earlier):
        if [_printed(other[1], field) for field in _PRINTED] == printed and _alike_rows(other, (measure, row)):
            return other[1]
    return None
