"""Two revisions of a plan side by side: what was added, changed, moved and removed, and which keys stay."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeVar

from domain.matching import letters
from domain.plan import Measure, Plan, Step

LIKE: Final = 0.6
"""Texts at least this alike are one text edited. Unrelated steps of a real plan (2566) reach 0.52."""

_T = TypeVar("_T")


class ChangeKind(StrEnum):
    """What became of a measure or step."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Field(StrEnum):
    """What of a measure or step is compared; what is only the printed wording of a value is not."""

    TITLE = "title"
    NUMBER = "number"
    INDICATORS = "indicators"
    TEXT = "text"
    SUB_STEPS = "sub-steps"
    RECURRENCE = "recurrence"
    RESPONSIBLE = "responsible"
    PERIOD = "period"
    REPORTING = "reporting"
    CHANNELS = "publication"
    DUTIES = "monitoring"


@dataclass(frozen=True, slots=True)
class Placed:
    """A step where it stands.

    Attributes:
        index: Of the measure in its plan, counted from 0.
        place: Of the step in its measure, counted from 1.
    """

    index: int
    measure: Measure
    step: Step
    place: int


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, old beside new, as the domain's values."""

    field: Field
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """What became of one measure itself; its steps are told on their own."""

    before: Measure | None
    after: Measure | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def kind(self) -> ChangeKind:
        """What became of it."""
        return _kind(self.before, self.after, self.fields)


@dataclass(frozen=True, slots=True)
class StepChange:
    """What became of one step; a step both moved and edited has fields and is moved."""

    before: Placed | None
    after: Placed | None
    fields: tuple[FieldChange, ...] = ()
    is_moved: bool = False

    @property
    def kind(self) -> ChangeKind:
        """What became of it; `changed` where it was moved too."""
        return _kind(self.before, self.after, self.fields)


def _kind(before: object, after: object, fields: Sequence[FieldChange]) -> ChangeKind:
    if before is None:
        return ChangeKind.ADDED
    if after is None:
        return ChangeKind.REMOVED
    return ChangeKind.CHANGED if fields else ChangeKind.MOVED


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything in which a plan differs from an earlier one; in the new plan's order, what was removed last.

    Attributes:
        title: Of the plan, where it has changed.
    """

    title: FieldChange | None = None
    measures: tuple[MeasureChange, ...] = ()
    steps: tuple[StepChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing of meaning differs."""
        return not (self.title or self.measures or self.steps)

    def count(self, kind: ChangeKind) -> int:
        """Steps of which this became; one that was moved and edited counts for both."""
        return sum(change.kind is kind or (kind is ChangeKind.MOVED and change.is_moved) for change in self.steps)


def difference(old: Plan, new: Plan) -> Difference:
    """What `new` has that `old` has not, and the other way round; steps are known by their words, not their keys."""
    measures = _pairs_of_measures(old.measures, new.measures)
    steps = _pairs_of_steps(_placed(old), _placed(new), measures)
    return Difference(
        next(_fields({Field.TITLE: lambda plan: plan.title}, old, new), None),
        tuple(_measure_changes(old, new, measures)),
        tuple(_step_changes(old, new, measures, steps)),
    )


def rekeyed(new: Plan, old: Plan, earlier: Sequence[Plan] = (), taken: Collection[str] = ()) -> Plan:
    """`new` with the keys of `old` for what is the same or merely edited, and keys never used for what is new.

    Args:
        earlier: Revisions before `old`, newest first: what they had and `old` dropped gets its key back, so that
            work done for it still counts.
        taken: Every key ever used in that office and year, besides those in the plans.
    """
    plans = (old, *earlier)
    used = {*taken, *(measure.key for plan in plans for measure in plan.measures)}
    used |= {step.key for plan in plans for _, step in plan.steps()}
    measure_keys = _measure_keys(new, plans, used)
    step_keys = _step_keys(new, plans, measure_keys, used)

    def with_keys(index: int, measure: Measure) -> Measure:
        steps = (s.model_copy(update={"key": step_keys[index, place]}) for place, s in enumerate(measure.steps, 1))
        return measure.model_copy(update={"key": measure_keys[index], "steps": tuple(steps)})

    return new.model_copy(update={"measures": tuple(with_keys(n, m) for n, m in enumerate(new.measures))})


def alike(left: str, right: str) -> float:
    """How alike two texts are, 0 to 1: the share of neighbouring letters they have in common."""
    first, second = _neighbours(letters(left)), _neighbours(letters(right))
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else float(letters(left) == letters(right))


@lru_cache(maxsize=4096)
def _neighbours(text: str) -> Counter[str]:
    return Counter(text[n : n + 2] for n in range(len(text) - 1))


def _placed(plan: Plan) -> list[Placed]:
    measures = enumerate(plan.measures)
    return [Placed(n, measure, step, place) for n, measure in measures for place, step in enumerate(measure.steps, 1)]


def _best_pairs(scores: Iterable[tuple[float, int, int]]) -> dict[int, int]:
    """The likeliest partner of each, new to old, everyone once; the first of equals is taken."""
    partners: dict[int, int] = {}
    taken: set[int] = set()
    for _, old, new in sorted(scores, key=lambda score: -score[0]):
        if new not in partners and old not in taken:
            partners[new] = old
            taken.add(old)
    return partners


def _pairs_of_measures(old: Sequence[Measure], new: Sequence[Measure]) -> dict[int, int]:
    """Index of the old measure for the index of the new one."""
    return _best_pairs(
        (score, o, n)
        for o, before in enumerate(old)
        for n, after in enumerate(new)
        if (score := _alike_measures(before, after)) is not None
    )


def _alike_measures(old: Measure, new: Measure) -> float | None:
    """By title, by the steps they share, and by number with indicator; None where they are two measures."""
    title, shared = alike(old.title, new.title), _shared(old, new)
    same_number = old.number == new.number
    same_indicators = bool(old.indicators) and old.indicators == new.indicators
    if title < LIKE and shared < LIKE and not (same_number and same_indicators):
        return None
    return title + shared + (same_number + same_indicators) / 10


def _shared(old: Measure, new: Measure) -> float:
    if not old.steps or not new.steps:
        return 0
    likely = sum(any(alike(a.text, b.text) >= LIKE for a in old.steps) for b in new.steps)
    return likely / max(len(old.steps), len(new.steps))


def _pairs_of_steps(
    old: Sequence[Placed], new: Sequence[Placed], measures: Mapping[int, int], *, only_at_home: bool = False
) -> dict[int, int]:
    """Index in `old` for the index in `new`; `measures` are the pairs of their measures, where a step is at home."""
    return _best_pairs(
        (score + is_at_home / 5, o, n)
        for o, before in enumerate(old)
        for n, after in enumerate(new)
        if (is_at_home := measures.get(after.index) == before.index) or not only_at_home
        if (score := _alike_steps(before, after)) is not None
    )


def _alike_steps(old: Placed, new: Placed) -> float | None:
    """By their words; what else is the same decides between steps with the same words. None for two steps."""
    before, after = old.step, new.step
    words = max(alike(before.text, after.text), alike(_whole(before), _whole(after)))
    if words < LIKE or before.carried_from != after.carried_from:
        return None
    same = (_who(before) == _who(after)) + (before.span == after.span) + (_cadence(before) == _cadence(after))
    return words + same / 20 + (old.place == new.place) / 50


def _whole(step: Step) -> str:
    return " ".join((step.text, *step.sub_steps))


def _measure_keys(new: Plan, plans: Sequence[Plan], used: set[str]) -> dict[int, str]:
    """Key of each measure by its index."""
    keys: dict[int, str] = {}
    for plan in plans:
        left = [n for n in range(len(new.measures)) if n not in keys]
        free = [measure for measure in plan.measures if measure.key not in keys.values()]
        for n, o in _pairs_of_measures(free, [new.measures[n] for n in left]).items():
            keys[left[n]] = free[o].key
    for n, measure in enumerate(new.measures):
        if n not in keys:
            keys[n] = _fresh_measure_key(measure.number, used)
            used.add(keys[n])
    return keys


def _fresh_measure_key(number: int, used: Collection[str]) -> str:
    key, again = f"m{number}", 1
    while key in used:
        again += 1
        key = f"m{number}-{again}"
    return key


def _step_keys(
    new: Plan, plans: Sequence[Plan], measure_keys: Mapping[int, str], used: set[str]
) -> dict[tuple[int, int], str]:
    """Key of each step by the index of its measure and its place."""
    keys: dict[tuple[int, int], str] = {}
    for age, plan in enumerate(plans):
        left = [placed for placed in _placed(new) if (placed.index, placed.place) not in keys]
        free = [placed for placed in _placed(plan) if placed.step.key not in keys.values()]
        homes = {n: o for n, key in measure_keys.items() for o, m in enumerate(plan.measures) if m.key == key}
        # What was dropped long ago and stands elsewhere now is a new step that happens to have the same words.
        for n, o in _pairs_of_steps(free, left, homes, only_at_home=age > 0).items():
            keys[left[n].index, left[n].place] = free[o].step.key
    for placed in _placed(new):
        if (placed.index, placed.place) not in keys:
            fresh = _fresh_step_key(measure_keys[placed.index], used)
            keys[placed.index, placed.place] = fresh
            used.add(fresh)
    return keys


def _fresh_step_key(measure_key: str, used: Iterable[str]) -> str:
    head = f"{measure_key}."
    numbers = (key.removeprefix(head) for key in used if key.startswith(head))
    return f"{head}{max((int(number) for number in numbers if number.isdecimal()), default=0) + 1}"


def _measure_changes(old: Plan, new: Plan, pairs: Mapping[int, int]) -> Iterator[MeasureChange]:
    for n, after in enumerate(new.measures):
        before = old.measures[pairs[n]] if n in pairs else None
        fields = tuple(_fields(_OF_MEASURE, before, after)) if before else ()
        if before is None or fields:
            yield MeasureChange(before, after, fields)
    paired = set(pairs.values())
    yield from (MeasureChange(before, None) for o, before in enumerate(old.measures) if o not in paired)


def _step_changes(old: Plan, new: Plan, measures: Mapping[int, int], pairs: Mapping[int, int]) -> Iterator[StepChange]:
    before, after = _placed(old), _placed(new)
    moved = _moved(before, after, measures, pairs)
    for n, placed in enumerate(after):
        was = before[pairs[n]] if n in pairs else None
        fields = tuple(_fields(_OF_STEP, was.step, placed.step)) if was else ()
        if was is None or fields or n in moved:
            yield StepChange(was, placed, fields, n in moved)
    paired = set(pairs.values())
    yield from (StepChange(was, None) for o, was in enumerate(before) if o not in paired)


def _moved(
    before: Sequence[Placed], after: Sequence[Placed], measures: Mapping[int, int], pairs: Mapping[int, int]
) -> set[int]:
    """Steps that left their measure, and as few others as explain a changed order; an insertion moves nothing."""
    away = {n for n, o in pairs.items() if measures.get(after[n].index) != before[o].index}
    moved = set(away)
    for index in {placed.index for placed in after}:
        stayed = [n for n in sorted(pairs) if n not in away and after[n].index == index]
        in_order = _longest_rising([pairs[n] for n in stayed])
        moved |= {n for n in stayed if pairs[n] not in in_order}
    return moved


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Members of a longest rising subsequence."""
    tails: list[list[int]] = []
    for number in numbers:
        index = bisect_left([tail[-1] for tail in tails], number)
        tails[index : index + 1] = [[*(tails[index - 1] if index else []), number]]
    return set(tails[-1]) if tails else set()


def _fields(readers: Mapping[Field, Callable[[_T], object]], before: _T, after: _T) -> Iterator[FieldChange]:
    for field, read in readers.items():
        was, is_now = read(before), read(after)
        if _bare(was) != _bare(is_now):
            yield FieldChange(field, was, is_now)


def _bare(value: object) -> object:
    """A value as it is compared: spaces in texts mean nothing."""
    if isinstance(value, str):
        return "".join(value.split())
    return tuple(_bare(part) for part in value) if isinstance(value, tuple) else value


def _who(step: Step) -> tuple[object, ...]:
    return (step.responsible.scope, *sorted(step.responsible.parties, key=lambda p: (p.unit, p.subunit or "", p.role)))


def _cadence(step: Step) -> tuple[object, ...]:
    return (step.reporting.cadence, *sorted(step.reporting.quarters_due))


_OF_MEASURE: Final[Mapping[Field, Callable[[Measure], object]]] = {
    Field.NUMBER: lambda measure: measure.number,
    Field.TITLE: lambda measure: measure.title,
    Field.INDICATORS: lambda measure: measure.indicators,
}
_OF_STEP: Final[Mapping[Field, Callable[[Step], object]]] = {
    Field.TEXT: lambda step: step.text,
    Field.SUB_STEPS: lambda step: step.sub_steps,
    Field.RECURRENCE: lambda step: step.recurrence,
    Field.RESPONSIBLE: _who,
    Field.PERIOD: lambda step: step.span,
    Field.REPORTING: _cadence,
    Field.CHANNELS: lambda step: tuple(sorted(step.publication_channels)),
    Field.DUTIES: lambda step: step.monitoring_duties,
}
