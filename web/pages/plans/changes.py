"""What a plan changes, as the pages show it: what differs from the one that is there, what happens to assignments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.assignment import Assignment
from domain.revision import ChangeKind, Field, FieldChange, MeasureChange, StepChange
from domain.thai import short_date
from services.desk import Desk
from services.planning.apply_revision import Effect
from services.planning.plans import Preview
from services.planning.revision_text import difference_words, due_dates_that_stay
from web.pages.plans import labels


@dataclass(frozen=True, slots=True)
class Differing:
    """A measure or step that differs: what became of it, its words, and each field old beside new."""

    kind: str
    badge: str
    is_measure: bool
    number: int
    text: str
    fields: tuple[tuple[str, str, str], ...]
    stay: str = ""


@dataclass(frozen=True, slots=True)
class Touched:
    """An assignment that a plan touches, with the deadline it had and the one it gets."""

    id: str
    division: str
    text: str
    before: date | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Group:
    """Assignments to which the same happens."""

    title: str
    touched: tuple[Touched, ...]


TITLES: Final = (
    "ยกเลิก กองไม่ต้องทำแล้ว",
    "แผนไม่ขอแล้ว แต่ทำไว้แล้ว จึงคงอยู่",
    "เลื่อนกำหนด",
    "เคยยกเลิก และกลับมาขออีก เปิดทันที",
    "งานใหม่ เปิดทันที",
    "งานใหม่ เปิดตามเวลา",
    "เคยอยู่ในแผน จะไม่เปิดแล้ว",
    "ย้ายไปอยู่ใต้มาตรการอื่น",
)
"""What can become of assignments."""

_BADGES: Final = {
    ChangeKind.ADDED: "done",
    ChangeKind.REMOVED: "late",
    ChangeKind.CHANGED: "soon",
    ChangeKind.MOVED: "wait",
}


def differing(seen: Preview, desk: Desk) -> list[Differing]:
    """Everything that differs from the plan that is there, in the new plan's order."""
    stay = due_dates_that_stay(seen, desk)
    title = seen.difference.title
    head = [Differing("แก้ไข", "soon", is_measure=True, number=0, text="", fields=(_field(title),))] if title else []
    return [
        *head,
        *map(_measure, seen.difference.measures),
        *(
            _step(change, stay.get(change.after.step.key, ()) if change.after else ())
            for change in seen.difference.steps
        ),
    ]


def _measure(change: MeasureChange) -> Differing:
    measure = change.after or change.before
    assert measure
    fields = tuple(map(_field, change.fields))
    return Differing(
        labels.CHANGES[change.kind], _BADGES[change.kind], is_measure=True, number=measure.number, text=measure.title,
        fields=fields,
    )  # fmt: skip


def _step(change: StepChange, stay: Sequence[date]) -> Differing:
    placed = change.after or change.before
    assert placed
    fields = list(map(_field, change.fields))
    if change.is_moved and change.before and change.after:
        old, new = (f"{side.measure.number}.{side.place}" for side in (change.before, change.after))
        fields.insert(0, ("ที่ในแผน", old, new))
    return Differing(
        labels.CHANGES[change.kind], _BADGES[change.kind], is_measure=False, number=placed.measure.number,
        text=placed.step.text, fields=tuple(fields), stay=", ".join(map(short_date, stay)),
    )  # fmt: skip


def _field(change: FieldChange) -> tuple[str, str, str]:
    name = labels.FIELDS[Field(change.field)]
    return (name, *difference_words(change))


def groups(done: Effect, desk: Desk) -> list[Group]:
    """What becomes of the assignments, one group for each thing that can; those without any are left out."""
    every = (
        Group(TITLES[0], tuple(_of(a, desk) for a in done.cancelled)),
        Group(TITLES[1], tuple(_of(a, desk) for a in done.staying)),
        Group(TITLES[2], tuple(_of(r.before, desk, due_on=r.due_on) for r in done.replanned)),
        Group(TITLES[3], tuple(_of(r.before, desk, due_on=r.due_on) for r in done.reopened)),
        Group(TITLES[4], tuple(_of(o.assignment, desk) for o in done.opening if o.is_due_now)),
        Group(TITLES[5], tuple(_of(o.assignment, desk) for o in done.opening if not o.is_due_now)),
        Group(TITLES[6], tuple(_never(done.never_opening, desk))),
        Group(TITLES[7], tuple(_of(a, desk) for a in done.rehomed)),
    )
    return [group for group in every if group.touched]


def _of(assignment: Assignment, desk: Desk, due_on: date | None = None) -> Touched:
    before = assignment.due_on if due_on else None
    return Touched(
        assignment.id, desk.division_name(assignment.division), assignment.period.label, before,
        due_on or assignment.due_on,
    )  # fmt: skip


def _never(ids: Sequence[str], desk: Desk) -> Iterator[Touched]:
    for assignment_id in ids:
        head, division, period = assignment_id.rsplit("-", 2)
        yield Touched(head, desk.division_name(division), period, None, None)
