"""Carry a plan into another fiscal year: periods, numbers of the assessment, years in texts, unfinished work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Final

from domain.assignment import FINAL, Assignment, State
from domain.catalogue import Catalogue, Certainty, catalogue, items_in, with_items, with_years, years_in
from domain.errors import BadInputError
from domain.fiscal import FiscalYear
from domain.matching import letters
from domain.opening import UnknownDivisionError, assignment_id, divisions_of, obligations
from domain.plan import Cadence, Measure, Party, Plan, Reporting, Responsible, Scope, Step
from services.desk import Desk
from services.planning.plans import Imported, import_plan

CARRIED_QUARTER: Final = 1
"""Unfinished work is to be done by the end of this quarter of the new year."""


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
class Unfinished:
    """An assignment of the source year that was not done in time or at all, with the words of its step."""

    assignment: Assignment
    measure: Measure
    step: Step


@dataclass(frozen=True, slots=True)
class RolledOver:
    """What was carried into the new year.

    Attributes:
        fitted: Steps whose last day was fitted to the end of its month: key, last day before and after.
        left_out: Steps that were themselves carried over from a year before and are not repeated.
        not_opened: How many assignments of the source year are still to open.
        carried: Steps made of unfinished work.
        moved: Texts in which years moved: key of the measure or step (or `title`), before and after.
        has_no_year: Whether years were to be moved and there was none.
        ends_on: Last day of the source year where it is not over yet.
        handed_in: How many assignments wait to be accepted; those are no unfinished work of a year that runs.
        not_due: How many are open and not due yet.
        twins: Unfinished assignments whose step the new plan asks of the same division anyway: id to step there.
        notes: What the catalogue does not know for sure of the new year, a sentence each.
    """

    imported: Imported
    steps: int
    notes: tuple[str, ...]
    fitted: tuple[tuple[str, date, date], ...]
    changed: tuple[Changed, ...]
    asked: tuple[Question, ...]
    unfinished: tuple[Unfinished, ...]
    not_opened: int
    left_out: tuple[Step, ...]
    carried: tuple[Step, ...]
    moved: tuple[tuple[str, str, str], ...]
    has_no_year: bool
    ends_on: date | None
    handed_in: int
    not_due: int
    twins: Mapping[str, str]

    @property
    def to_carry(self) -> tuple[Unfinished, ...]:
        """Unfinished work that the new plan does not ask for anyway."""
        return tuple(left for left in self.unfinished if left.assignment.id not in self.twins)


def roll_over(
    desk: Desk,
    source: FiscalYear,
    target: FiscalYear,
    *,
    by: str,
    at: datetime,
    carries: bool = False,
    shifts_years: bool = False,
    items: Mapping[int, int] | None = None,
    known: Catalogue | None = None,
) -> RolledOver:
    """Store the plan in force as a plan of another fiscal year, not yet in force.

    Args:
        carries: Whether unfinished work becomes steps of the new plan.
        shifts_years: Whether the years in texts move with the plan; they are asked about otherwise.
        items: O-items of the source year to those of the target year, as a person says; they win.
        known: The catalogue; the product's own, if not given.

    Raises:
        NotFoundError: No plan of the source year is in force.
        BadInputError: It is carried into its own year, or an earlier one.
    """
    if source == target:
        raise BadInputError(
            problem=f"{source.be} is the plan's own year.",
            problem_thai=f"{source.be} เป็นปีของแผนเอง",
            remedy="Name another year with --to.",
            remedy_thai="โปรดระบุปีอื่น",
        )
    if target < source:
        raise BadInputError(
            problem=f"{target.be} comes before {source.be}.",
            problem_thai=f"ปี {target.be} อยู่ก่อนปี {source.be}",
            remedy="A plan is only carried forward.",
            remedy_thai="ยกแผนไปได้เฉพาะปีถัดไป",
        )
    own, left_out = _without_carried(desk.document(source.be))
    words = _Words(known or catalogue(), source.be, target.be, dict(items or {}), shifts_years)
    rolled = own.rolled_to(target)
    plan, changed, asked = _reworded(own, rolled, words)
    unfinished, waits, not_due = _unfinished(desk, source, at)
    twins = _twins(unfinished, plan, words, desk)
    to_carry = tuple(left for left in unfinished if left.assignment.id not in twins)
    moved = tuple(_moved(own, plan))
    carried: tuple[Step, ...] = ()
    if carries:
        plan, carried = _with_carried(plan, to_carry, desk, target)
    return RolledOver(
        imported=import_plan(desk, plan, by=by, at=at),
        steps=sum(1 for _ in own.steps()),
        notes=tuple(_notes(words.known, target.be)),
        fitted=tuple(_fitted(own, plan)),
        changed=changed,
        asked=asked,
        unfinished=unfinished,
        not_opened=_not_opened(desk, source),
        left_out=left_out,
        carried=carried,
        moved=moved,
        has_no_year=shifts_years and not any(tuple(years_in(text)) for _, text in _all_texts(own)),
        ends_on=source.end if desk.workdays.local_day(at) <= source.end else None,
        handed_in=waits,
        not_due=not_due,
        twins=twins,
    )


def _all_texts(plan: Plan) -> Iterator[tuple[str, str]]:
    return chain([("title", plan.title)], _texts(plan))


def _moved(before: Plan, after: Plan) -> Iterator[tuple[str, str, str]]:
    """Texts in which another year stands now."""
    for (place, was), (_, is_now) in zip(_all_texts(before), _all_texts(after), strict=True):
        if tuple(years_in(was)) != tuple(years_in(is_now)):
            yield place, was, is_now


def _twins(unfinished: Sequence[Unfinished], plan: Plan, words: _Words, desk: Desk) -> dict[str, str]:
    """Unfinished assignments that the new plan asks of the same division in the same words."""
    asked: dict[tuple[str, str], str] = {}
    for _, step in plan.steps():
        for division in _divisions(step, desk):
            asked.setdefault((letters(step.text), division), step.key)
    found = ((left.assignment, asked.get((letters(words.text(left.step.text)), left.assignment.division)))
             for left in unfinished)  # fmt: skip
    return {assignment.id: key for assignment, key in found if key is not None}


def _divisions(step: Step, desk: Desk) -> list[str]:
    try:
        found = divisions_of(step.responsible, desk.people, desk.office.settings, step.key)
    except UnknownDivisionError:
        return []  # the division is no more; activating the plan asks who it is now
    return [division.key for division in found]


def _notes(known: Catalogue, year: int) -> Iterator[str]:
    items = known.year(year)
    if items is None:
        yield (
            f"Nothing is known yet of the assessment of {year}: indicators and O-items were left as they are; "
            "compare them with the manual."
        )
    elif items.certainty is not Certainty.SURE:
        numbers = f"O{items.measures.number} and O{items.report.number}"
        yield f"That the items of {year} are {numbers} is {items.certainty} ({items.source})."


def _without_carried(plan: Plan) -> tuple[Plan, tuple[Step, ...]]:
    """What was carried into a year was to be done in it; if it was not, it is among the unfinished."""
    left_out = tuple(step for _, step in plan.steps() if step.carried_from is not None)
    if not left_out:
        return plan, ()
    measures = (
        m.model_copy(update={"steps": tuple(step for step in m.steps if step.carried_from is None)})
        for m in plan.measures
    )
    return plan.model_copy(update={"measures": tuple(m for m in measures if m.steps)}), left_out


def _fitted(own: Plan, plan: Plan) -> Iterator[tuple[str, date, date]]:
    after = {step.key: step for _, step in plan.steps()}
    for _, step in own.steps():
        is_now = after[step.key].end
        if (step.end.month, step.end.day) != (is_now.month, is_now.day):
            yield step.key, step.end, is_now


@dataclass(frozen=True, slots=True)
class _Words:
    """How words of one year become those of another."""

    known: Catalogue
    source: int
    target: int
    items: Mapping[int, int]
    shifts_years: bool

    def renumbered(self, number: int) -> int:
        """An O-item where a person or a sure entry of the catalogue says what it becomes."""
        if number in self.items:
            return self.items[number]
        found = self.known.renumbered(number, self.source, self.target)
        return found.after if found.is_sure and found.after is not None else number

    def text(self, text: str) -> str:
        """A text in the words of the new year."""
        for old, new in self.known.renamed(self.source, self.target).items():
            text = text.replace(old, new)
        text = with_items(text, self.renumbered)
        return with_years(text, self.target - self.source) if self.shifts_years else text

    def questions(self, text: str) -> Iterator[tuple[str, str | None, str]]:
        """Words that stay as they are although they may be wrong: words, proposal, reason."""
        for number in items_in(text):
            found = self.known.renumbered(number, self.source, self.target)
            if number not in self.items and not found.is_sure:
                yield f"O{number}", None if found.after is None else f"O{found.after}", found.why
        if not self.shifts_years:
            for year in years_in(text):
                yield str(year), str(year + self.target - self.source), "a year in a text"

    def changes(self, text: str) -> Iterator[tuple[str, str]]:
        """Words that were replaced."""
        for old, new in self.known.renamed(self.source, self.target).items():
            yield from [(old, new)] * text.count(old)
        for number in items_in(text):
            if (after := self.renumbered(number)) != number:
                yield f"O{number}", f"O{after}"
        if self.shifts_years:
            yield from ((str(year), str(year + self.target - self.source)) for year in years_in(text))


def _reworded(own: Plan, plan: Plan, words: _Words) -> tuple[Plan, tuple[Changed, ...], tuple[Question, ...]]:
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
    asked = tuple(Question(said, tuple(keys), after, why) for (said, after, why), keys in places.items())
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


def _measure_in(measure: Measure, said: Callable[[str], str]) -> Measure:
    def step_in(step: Step) -> Step:
        words = {
            "text": said(step.text),
            "sub_steps": tuple(said(text) for text in step.sub_steps),
            "monitoring_duties": tuple(said(text) for text in step.monitoring_duties),
        }
        return step.model_copy(update=words)

    return measure.model_copy(update={"title": said(measure.title), "steps": tuple(map(step_in, measure.steps))})


def _unfinished(desk: Desk, year: FiscalYear, at: datetime) -> tuple[tuple[Unfinished, ...], int, int]:
    """What was not done, and how many are handed in and waiting or not due yet.

    In the order of the plan's steps; steps that were dropped as an earlier revision had them. What is handed in counts
    only after the year and its own deadline.
    """
    words: dict[str, tuple[Measure, Step]] = {}
    revisions = (found.plan for found in desk.uow.plans.of_year(year.be) if found.in_force_on is not None)
    for measure, step in chain.from_iterable(plan.steps() for plan in revisions):
        words[step.key] = measure, step
    order = {step.key: n for n, (_, step) in enumerate(words.values())}
    left = [a for a in desk.uow.assignments.all(year.be) if a.state not in FINAL and a.step_key in words]
    left.sort(key=lambda a: (order[a.step_key], a.division, a.due_on))
    is_over = desk.workdays.local_day(at) > year.end
    counted = [a for a in left if _is_unfinished(a, desk, at, is_over=is_over)]
    waits = sum(a.state is State.HANDED_IN and a not in counted for a in left)
    return (
        tuple(Unfinished(a, *words[a.step_key]) for a in counted),
        waits,
        len(left) - len(counted) - waits,
    )


def _is_unfinished(assignment: Assignment, desk: Desk, at: datetime, *, is_over: bool) -> bool:
    if assignment.state in (State.RETURNED, State.CANNOT_DO):
        return True
    if assignment.state is State.HANDED_IN:
        return is_over and desk.workdays.closing_instant(assignment.due_on) < at
    return assignment.is_overdue(desk.workdays, at)


def _not_opened(desk: Desk, year: FiscalYear) -> int:
    """Every obligation of every division that no assignment stands for yet."""
    plan, existing = desk.plan(year.be), {a.id for a in desk.uow.assignments.all(year.be)}
    return sum(
        assignment_id(year, o.step.key, division.key, o.period) not in existing
        for o in obligations(plan, desk.workdays, desk.office.settings)
        for division in divisions_of(o.step.responsible, desk.people, desk.office.settings, o.step.key)
    )


def _with_carried(
    plan: Plan, unfinished: Sequence[Unfinished], desk: Desk, target: FiscalYear
) -> tuple[Plan, tuple[Step, ...]]:
    """The plan with a step for each step that is unfinished, for the divisions that have not finished it."""
    steps: dict[str, Unfinished] = {}
    divisions: dict[str, set[str]] = {}
    for left in unfinished:
        steps[left.step.key] = left
        divisions.setdefault(left.step.key, set()).add(left.assignment.division)
    measures = list(plan.measures)
    carried = []
    for key, left in steps.items():
        index = next((n for n, m in enumerate(measures) if m.key == left.measure.key), None)
        home = measures[index] if index is not None else left.measure.model_copy(update={"steps": ()})
        names = tuple(d.name for d in desk.people.divisions if d.key in divisions[key])
        step = _carried(left, names, _free_key(home, left.measure, steps), target)
        carried.append(step)
        grown = home.model_copy(update={"steps": (*home.steps, step)})
        if index is None:
            measures.append(grown)
        else:
            measures[index] = grown
    return plan.model_copy(update={"measures": tuple(measures)}), tuple(carried)


def _free_key(home: Measure, before: Measure, carried: Mapping[str, object]) -> str:
    """A key after all those of the measure, so that nothing of either year is called the same."""
    head = f"{home.key}."
    used = {step.key for step in (*home.steps, *before.steps)} | set(carried)
    numbers = [int(tail) for key in used if (tail := key.removeprefix(head)).isdecimal() and key.startswith(head)]
    return f"{head}{max(numbers, default=0) + 1}"


def _carried(left: Unfinished, divisions: tuple[str, ...], key: str, target: FiscalYear) -> Step:
    quarter = target.quarter(CARRIED_QUARTER)
    parties = tuple(Party(unit=name) for name in divisions)
    update = {
        "key": key,
        "responsible": Responsible(scope=Scope.LISTED, parties=parties, raw=left.step.responsible.raw),
        "start": quarter.start,
        "end": quarter.end,
        "reporting": Reporting(cadence=Cadence.SPECIFIED_QUARTERS, quarters_due=(CARRIED_QUARTER,)),
        "recurrence": None,
        "carried_from": left.assignment.fiscal_year_be,
    }
    return left.step.model_copy(update=update)
