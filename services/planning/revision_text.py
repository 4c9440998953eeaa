"""A revision and a roll-over in words: what differs, what happens to assignments, what is left to decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from domain.assignment import Assignment
from domain.fiscal import FiscalYear, Span
from domain.opening import PlanInForce, obligations
from domain.plan import Cadence, Party, Scope, Step
from domain.revision import ChangeKind, Difference, Field, FieldChange, MeasureChange, Placed, StepChange
from domain.thai import SHORT_MONTHS, be_year, thai_digits
from domain.workdays import Workdays
from services.calendar import workdays_of
from services.desk import Desk
from services.planning.apply_revision import Effect, Opening
from services.planning.plans import Preview, UpcomingWork
from services.planning.roll_over import RolledOver

_EXCERPT: Final = 70
_CONTEXT: Final = 20
_MARKS: Final = "ัิีึืฺุู็่้๊๋์ํ๎"
_SIGNS: Final = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "-", ChangeKind.CHANGED: "~", ChangeKind.MOVED: ">"}
_SCOPES: Final = {
    Scope.ALL_DIVISIONS: "ทุกสำนัก/กอง",
    Scope.ALL_UNITS: "ทุกส่วนราชการ",
    Scope.ALL_DIVISION_HEADS: "ผู้อำนวยการทุกกอง",
}
_CADENCES: Final = {
    Cadence.MONTHLY: "ทุกเดือน",
    Cadence.QUARTERLY: "ทุกไตรมาส",
    Cadence.SPECIFIED_QUARTERS: "ไตรมาสที่ระบุ",
    Cadence.SEMIANNUAL: "ทุก ๖ เดือน",
    Cadence.ANNUAL: "ปีละครั้ง",
    Cadence.ONCE: "ครั้งเดียว",
}


def preview_lines(seen: Preview, desk: Desk) -> Iterator[str]:
    """Difference and effect beside the revision that is there; one line for the first plan of its year."""
    year = seen.plan.fiscal_year_be
    if seen.base is None:
        yield f"There is no earlier plan of fiscal year {year}: everything is new."
        return
    force = "in force" if seen.base.in_force_on else "not in force"
    yield f"Beside revision {seen.base.revision} of fiscal year {year} ({force}):"
    yield from difference_lines(seen.difference, due_dates_that_stay(seen, desk))
    if seen.base.in_force_on:
        yield "Assignments, if it comes into force now:"
        yield from effect_lines(seen.effect, desk)


def due_dates_that_stay(seen: Preview, desk: Desk) -> dict[str, tuple[date, ...]]:
    """Due dates of the steps whose period changes and whose due dates do not, by the step's key."""
    if seen.base is None:
        return {}
    year = seen.plan.fiscal_year
    since = seen.base.in_force_on or year.start
    workdays = workdays_of(desk.office.settings, desk.uow.holidays.all(), year.start.year, year.end.year + 1)
    stay = {}
    for change in seen.difference.steps:
        if change.before and change.after and any(field.field is Field.PERIOD for field in change.fields):
            dates = [_due(placed, year, since, workdays, desk) for placed in (change.before, change.after)]
            if dates[0] == dates[1]:
                stay[change.after.step.key] = dates[1]
    return stay


def _due(placed: Placed, year: FiscalYear, since: date, workdays: Workdays, desk: Desk) -> tuple[date, ...]:
    alone = PlanInForce(0, year, (placed.measure.model_copy(update={"steps": (placed.step,)}),), since)
    return tuple(sorted({what.due_on for what in obligations(alone, workdays, desk.office.settings)}))


def difference_lines(difference: Difference, stay: Mapping[str, tuple[date, ...]] | None = None) -> Iterator[str]:
    """One line for each measure and step that differs, old beside new below it, and the counts.

    Args:
        stay: Due dates that stay although the period changes, by the step's key.
    """
    if difference.is_empty:
        yield "  Nothing of meaning differs."
        return
    if difference.title:
        yield "  ~ title of the plan:"
        yield from _field_lines((difference.title,))
    for measure in difference.measures:
        yield from _measure_lines(measure)
    for step in difference.steps:
        yield from _step_lines(step)
        if stay and step.after and (dates := stay.get(step.after.step.key)):
            yield f"      due dates stay: {', '.join(map(str, dates))}"
    counts = (f"{count} {kind.value}" for kind in ChangeKind if (count := difference.count(kind)))
    yield f"  Steps: {', '.join(counts) or 'none differ'}."


def _measure_lines(change: MeasureChange) -> Iterator[str]:
    measure = change.after or change.before
    assert measure
    number, stays = str(measure.number), ""
    if change.before and change.after and change.before.number != change.after.number:
        number = f"{change.before.number} → {change.after.number}"
        stays = f" (its id {measure.key} stays)" if change.before.key == change.after.key else ""
    yield f"  {_SIGNS[change.kind]} measure {number} {change.kind.value}: “{_short(measure.title)}”{stays}"
    yield from _field_lines(tuple(field for field in change.fields if field.field is not Field.NUMBER))


def _step_lines(change: StepChange) -> Iterator[str]:
    where = change.after or change.before
    assert where
    words = f"{change.kind.value}" + (" and moved" if change.is_moved and change.fields else "")
    yield f"  {_SIGNS[change.kind]} {where.step.key} {words}: “{_short(where.step.text)}”{_origin(where.step)}"
    if change.before is None:
        yield f"      {_whole(where.step)}"
    if change.is_moved and change.before and change.after:
        yield f"      place: {_place(change.before)} → {_place(change.after)}"
    yield from _field_lines(change.fields)


def _origin(step: Step) -> str:
    return f" (carried over from {step.carried_from})" if step.carried_from is not None else ""


def _whole(step: Step) -> str:
    who = (step.responsible.scope, *step.responsible.parties)
    reporting = (step.reporting.cadence, *step.reporting.quarters_due)
    return " · ".join((_words(who), _words(step.span), _words(reporting)))


def _place(placed: Placed) -> str:
    return f"measure {placed.measure.number}, {_ordinal(placed.place)} step"


def _ordinal(number: int) -> str:
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _field_lines(fields: tuple[FieldChange, ...]) -> Iterator[str]:
    for change in fields:
        before, after = difference_words(change)
        if len(before) + len(after) <= _EXCERPT:
            yield f"      {change.field.value}: {before} → {after}"
        else:
            yield f"      {change.field.value}: {before}"
            yield f"        → {after}"


def difference_words(change: FieldChange) -> tuple[str, str]:
    """Old and new value of a field as people read them; of long texts what is near the letters that differ."""
    return _apart(_words_of_difference(change.before, change.after))


def _words_of_difference(before: object, after: object) -> tuple[str, str]:
    """Both values; of lists of texts only the texts that differ."""
    if isinstance(before, tuple) and isinstance(after, tuple) and all(isinstance(t, str) for t in (*before, *after)):
        gone, come = tuple(t for t in before if t not in after), tuple(t for t in after if t not in before)
        return _words(gone if gone or come else before), _words(come if gone or come else after)
    return _words(before), _words(after)


def _apart(words: tuple[str, str]) -> tuple[str, str]:
    """Long texts from a little before to a little after the letters in which they differ."""
    before, after = words
    if min(len(before), len(after)) <= _EXCERPT:
        return words
    head = _shared_head(before, after)
    tail = _shared_head(before[head:][::-1], after[head:][::-1])
    start, lead = max(0, head - _CONTEXT), "…" if head > _CONTEXT else ""
    while start and before[start] in _MARKS:
        start -= 1
    stops = [len(text) - max(0, tail - _CONTEXT) for text in words]
    trail = "…" if tail > _CONTEXT else ""
    return f"{lead}{before[start : stops[0]]}{trail}", f"{lead}{after[start : stops[1]]}{trail}"


def _shared_head(text: str, other: str) -> int:
    pairs = zip(text, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(text), len(other)))


def _words(value: object) -> str:
    """A compared value as people read it."""
    if isinstance(value, Span):
        return f"{_day(value.start)} - {_day(value.end)}"
    if isinstance(value, Scope):
        return _SCOPES.get(value, "")
    if isinstance(value, Party):
        name = f"{value.unit}/{value.subunit}" if value.subunit else value.unit
        return name if value.role == "lead" else f"{name} (สนับสนุน)"
    if isinstance(value, tuple) and value and isinstance(value[0], Cadence):
        quarters = f" (ไตรมาสที่ {_words(value[1:])})" if value[1:] else ""
        return _CADENCES[value[0]] + quarters
    if isinstance(value, tuple):
        return ", ".join(words for part in value if (words := _words(part))) or "-"
    return str(value) if value not in (None, "") else "-"


def _day(day: date) -> str:
    """`๕ พ.ค. ๒๕๖๖`: a whole year, for a change of the year must be seen."""
    return thai_digits(f"{day.day} {SHORT_MONTHS[day.month - 1]} {be_year(day.year)}")


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _EXCERPT else f"{flat[:_EXCERPT].rstrip()}…"


def effect_lines(done: Effect, desk: Desk) -> Iterator[str]:
    """What becomes of the assignments, the reason above each list."""
    if done.is_empty:
        yield "  None is touched."
        return
    for title, lines in (
        ("cancelled, the division need not act any more", [_assignment(a, desk) for a in done.cancelled]),
        ("no longer asked for, but done: they stay", [f"{_assignment(a, desk)} {a.state}" for a in done.staying]),
        (
            "deadline moves",
            [
                f"{r.before.id} {desk.division_name(r.before.division)}: {r.before.due_on} → {r.due_on}"
                for r in done.replanned
            ],
        ),
        (
            "asked for again, they open at once",
            [f"{r.before.id} {desk.division_name(r.before.division)}, due {r.due_on}" for r in done.reopened],
        ),
        ("new", [_opening(opening, desk) for opening in done.opening]),
        ("planned before, will not open", list(_by_step(done.never_opening, desk))),
        ("now under another measure", [_assignment(a, desk) for a in done.rehomed]),
    ):
        if lines:
            yield f"  {title} ({len(lines)}):"
            yield from (f"    {line}" for line in lines)


def _by_step(ids: tuple[str, ...], desk: Desk) -> Iterator[str]:
    """Assignments that never were, a line for each step and division with its periods."""
    periods: dict[tuple[str, str], list[str]] = {}
    for assignment in ids:
        head, division, period = assignment.rsplit("-", 2)
        periods.setdefault((head, division), []).append(period)
    for (head, division), keys in periods.items():
        yield f"{head} {desk.division_name(division)}: {', '.join(keys)}"


def _assignment(assignment: Assignment, desk: Desk) -> str:
    return f"{assignment.id} {desk.division_name(assignment.division)}, due {assignment.due_on}"


def _opening(opening: Opening, desk: Desk) -> str:
    when = "opens at once" if opening.is_due_now else f"opens {opening.opens_on}"
    division = desk.division_name(opening.assignment.division)
    return f"{opening.assignment.id} {division}, {when}, due {opening.assignment.due_on}"


def rolled_lines(done: RolledOver, desk: Desk, *, carries: bool) -> Iterator[str]:
    """What was shifted, mapped, carried and left to decide."""
    shift = done.shift
    yield f"Every period is moved by whole years ({shift.steps} steps)."
    yield from (f"  {key} ends {after} instead of on the day of {before}" for key, before, after in shift.fitted)
    yield from shift.notes
    yield from (f"  {c.before} became {c.after} ({c.times} times)" for c in shift.changed)
    for place, before, after in shift.moved:
        yield f"  {place}: years moved:"
        yield from (f"    {line}" for line in (_apart((before, after))[0], f"→ {_apart((before, after))[1]}"))
    if shift.has_no_year:
        yield "No year stands in the title or in any text: there was none to move."
    if done.left_out:
        yield f"{len(done.left_out)} steps had been carried over themselves and are not repeated."
    if shift.asked:
        yield "Left as they are, to be decided:"
        for question in shift.asked:
            proposed = f" → {question.proposed}?" if question.proposed else "?"
            yield f"  {question.words}{proposed}  in {', '.join(question.places)}  ({question.why})"
    yield from _unfinished_lines(done, desk, carries=carries)


def _unfinished_lines(done: RolledOver, desk: Desk, *, carries: bool) -> Iterator[str]:
    left = done.leftover
    if not (left.unfinished or left.not_opened or left.handed_in or left.not_due):
        return
    yield f"Unfinished in the year before: {len(left.unfinished)}"
    for count, what in (
        (left.handed_in, "are handed in and wait to be accepted; they are not counted"),
        (left.not_due, "are open and not due yet; they are not counted"),
        (left.not_opened, "have not opened yet; roll over again when the year is over to see them"),
    ):
        if count:
            yield f"  ({count} more {what})"
    for unfinished in left.unfinished:
        a = unfinished.assignment
        there = f", already there as {left.twins[a.id]}" if a.id in left.twins else ""
        yield f"  {a.id} {desk.division_name(a.division)}, {a.state}: “{_short(unfinished.step.text)}”{there}"
    if left.twins:
        yield f"Already there: {len(left.twins)}; the new plan asks the same of the same division, none is added twice."
    if carries and done.carried:
        yield f"They are carried over as {len(done.carried)} steps, to be done in the first quarter:"
        yield from (f"  + {step.key}: “{_short(step.text)}” {_whole(step)}{_origin(step)}" for step in done.carried)


def early_lines(done: RolledOver) -> Iterator[str]:
    """What must be known first: that the year before is not over."""
    if done.leftover.ends_on is not None:
        yield f"The year before is not over: it ends on {done.leftover.ends_on}. What is not due yet is not counted."


def upcoming_lines(opens: UpcomingWork, desk: Desk) -> Iterator[str]:
    """What opens at once and what opens next, with its day and hour."""
    if opens.at_once:
        yield f"{_counted(opens.at_once)} open at once."
    if opens.opens_at is not None:
        when = f"{opens.opens_at.astimezone(desk.workdays.zone):%Y-%m-%d at %H:%M}"
        yield f"The {'next' if opens.at_once else 'first'} open on {when}: {_counted(opens.first)}."
    elif not opens.at_once:
        yield "Nothing is left to open in this year."


def _counted(assignments: tuple[Assignment, ...]) -> str:
    divisions = len({assignment.division for assignment in assignments})
    return f"{len(assignments)} assignments of {divisions} divisions"
