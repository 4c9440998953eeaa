"""A plan in the words of another fiscal year: its periods, the assessment's numbers, the years in its texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from domain.catalogue import Catalogue, Certainty, items_in, with_items, with_years, years_in
from domain.fiscal import FiscalYear
from domain.plan import Measure, Plan, Step


@dataclass(frozen=True, slots=True)
class Changed:
    """Words that were replaced, and how often."""

    before: str
    after: str
    times: int


@dataclass(frozen=True, slots=True)
class Question:
    """Words that were left as they are, for a person to decide.

    Attributes:
        places: Keys of the measures and steps that hold them.
        proposed: What they would become; None where nothing is known.
    """

    words: str
    places: tuple[str, ...]
    proposed: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Words:
    """How words of one year become those of another.

    Attributes:
        source: The year whose words they are, of the Buddhist era; `target` is the one they become.
        items: O-items of the source year to those of the target year, as a person says; they win over the catalogue.
    """

    catalogue: Catalogue
    source: int
    target: int
    items: Mapping[int, int]
    shifts_years: bool

    def renumbered(self, number: int) -> int:
        """An O-item where a person or a sure entry of the catalogue says what it becomes."""
        if number in self.items:
            return self.items[number]
        renumbering = self.catalogue.renumbered(number, self.source, self.target)
        return renumbering.after if renumbering.is_sure and renumbering.after is not None else number

    def text(self, text: str) -> str:
        """A text in the words of the new year."""
        for old, new in self.catalogue.renamed(self.source, self.target).items():
            text = text.replace(old, new)
        text = with_items(text, self.renumbered)
        return with_years(text, self.target - self.source) if self.shifts_years else text

    def questions(self, text: str) -> Iterator[tuple[str, str | None, str]]:
        """Words that stay as they are although they may be wrong: words, proposal, reason."""
        for number in items_in(text):
            renumbering = self.catalogue.renumbered(number, self.source, self.target)
            if number not in self.items and not renumbering.is_sure:
                yield f"O{number}", None if renumbering.after is None else f"O{renumbering.after}", renumbering.why
        if not self.shifts_years:
            for year in years_in(text):
                yield str(year), str(year + self.target - self.source), "a year in a text"

    def changes(self, text: str) -> Iterator[tuple[str, str]]:
        """Words that were replaced."""
        for old, new in self.catalogue.renamed(self.source, self.target).items():
            yield from [(old, new)] * text.count(old)
        for number in items_in(text):
            if (after := self.renumbered(number)) != number:
                yield f"O{number}", f"O{after}"
        if self.shifts_years:
            yield from ((str(year), str(year + self.target - self.source)) for year in years_in(text))


@dataclass(frozen=True, slots=True)
class Shift:
    """What became other words, and what was left for a person to decide.

    Attributes:
        steps: How many steps were moved.
        fitted: Steps whose last day was fitted to the end of its month: key, last day before and after.
        moved: Texts in which years moved: key of the measure or step (or `title`), before and after.
        has_no_year: Whether years were to be moved and there was none.
        notes: What the catalogue does not know for sure of the new year, a sentence each.
    """

    steps: int
    notes: tuple[str, ...]
    fitted: tuple[tuple[str, date, date], ...]
    changed: tuple[Changed, ...]
    asked: tuple[Question, ...]
    moved: tuple[tuple[str, str, str], ...]
    has_no_year: bool


def shift_years(own: Plan, words: Words) -> tuple[Plan, Shift]:
    """The plan of another fiscal year, in that year's words, and what was changed for it."""
    plan, changed, asked = _reworded(own, own.rolled_to(FiscalYear(words.target)), words)
    return plan, Shift(
        steps=sum(1 for _ in own.steps()),
        notes=tuple(_notes(words.catalogue, words.target)),
        fitted=tuple(_fitted(own, plan)),
        changed=changed,
        asked=asked,
        moved=tuple(_moved(own, plan)),
        has_no_year=words.shifts_years and not any(tuple(years_in(text)) for _, text in _all_texts(own)),
    )


def _reworded(own: Plan, plan: Plan, words: Words) -> tuple[Plan, tuple[Changed, ...], tuple[Question, ...]]:
    """The rolled plan in the words of the new year; `own` still has the title of the old one."""
    changes: dict[tuple[str, str], int] = {}
    places: dict[tuple[str, str | None, str], dict[str, None]] = {}
    for place, text in _texts(plan):
        for change in words.changes(text):
            changes[change] = changes.get(change, 0) + 1
        for question in words.questions(text):
            places.setdefault(question, {})[place] = None
    if not words.shifts_years:
        for year in years_in(own.title):
            if year != words.source:  # the plan's own year in its title has moved with the plan
                places.setdefault((str(year), str(year + words.target - words.source), "a year in a text"), {})[
                    "title"
                ] = None
    changed = tuple(Changed(before, after, times) for (before, after), times in changes.items())
    asked = tuple(Question(quoted, tuple(keys), after, why) for (quoted, after, why), keys in places.items())
    measures = tuple(_measure_in(measure, words.text) for measure in plan.measures)
    title = with_years(own.title, words.target - words.source) if words.shifts_years else plan.title
    return plan.model_copy(update={"title": title, "measures": measures}), changed, asked


def _texts(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every text that people read, with the key of its measure or step; the plan's title is rolled on its own."""
    for measure in plan.measures:
        yield measure.key, measure.title
        for step in measure.steps:
            for text in (step.text, *step.sub_steps, *step.monitoring_duties):
                yield step.key, text


def _all_texts(plan: Plan) -> Iterator[tuple[str, str]]:
    return chain([("title", plan.title)], _texts(plan))


def _measure_in(measure: Measure, reworded: Callable[[str], str]) -> Measure:
    def step_in(step: Step) -> Step:
        words = {
            "text": reworded(step.text),
            "sub_steps": tuple(reworded(text) for text in step.sub_steps),
            "monitoring_duties": tuple(reworded(text) for text in step.monitoring_duties),
        }
        return step.model_copy(update=words)

    return measure.model_copy(update={"title": reworded(measure.title), "steps": tuple(map(step_in, measure.steps))})


def _moved(before: Plan, after: Plan) -> Iterator[tuple[str, str, str]]:
    """Texts in which another year stands now."""
    for (place, was), (_, is_now) in zip(_all_texts(before), _all_texts(after), strict=True):
        if tuple(years_in(was)) != tuple(years_in(is_now)):
            yield place, was, is_now


def _fitted(own: Plan, plan: Plan) -> Iterator[tuple[str, date, date]]:
    after = {step.key: step for _, step in plan.steps()}
    for _, step in own.steps():
        is_now = after[step.key].end
        if (step.end.month, step.end.day) != (is_now.month, is_now.day):
            yield step.key, step.end, is_now


def _notes(catalogue: Catalogue, year: int) -> Iterator[str]:
    items = catalogue.year(year)
    if items is None:
        yield (
            f"Nothing is known yet of the assessment of {year}: indicators and O-items were left as they are; "
            "compare them with the manual."
        )
    elif items.certainty is not Certainty.SURE:
        numbers = f"O{items.measures.number} and O{items.report.number}"
        yield f"That the items of {year} are {numbers} is {items.certainty} ({items.source})."
