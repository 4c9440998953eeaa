"""The deadline's ladder: who is told of what is due and late, from below, and the top once a week."""

from __future__ import annotations

from datetime import date, datetime

from tests.oracle.acknowledging import is_silenced
from tests.oracle.days import OPENS, Calendar, summary_day, week_of
from tests.oracle.letters import LATE_KINDS, deciders, tell
from tests.oracle.office import LINE, Level, in_place_of, the_top
from tests.oracle.world import Assignment, World

REMINDERS = (-7, -1, 0)
RUNGS = {1: (Level.OFFICER, Level.HEAD), 3: (Level.CLERK,)}
LAST_RUNG = 7

Reached = dict[str, tuple[Level, tuple[Level, ...]]]


def day_of_rung(calendar: Calendar, due: date, offset: int) -> date:
    """Give the day of a rung, in working days before or after the deadline."""
    return calendar.after(due, offset) if offset > 0 else calendar.before(due, -offset)


def is_passed(world: World, assignment: Assignment, offset: int) -> bool:
    """Tell whether a rung has come since the ladder started; "what lies behind is silent"."""
    day = day_of_rung(world.calendar, assignment.due, offset)
    return day <= world.today and datetime.combine(day, OPENS) > assignment.ladder_from


def is_summary_now(world: World) -> bool:
    """Tell whether this week's summary leaves with this run.

    The top's day: "if this week's summary could not leave on its day it leaves as soon as it can; what arises after
    it left waits for the next."
    """
    if week_of(world.today) in world.summary_weeks:
        return False
    day = summary_day(world.calendar, world.today)
    return day is not None and day <= world.today


def climb(world: World, assignment: Assignment) -> None:
    """Tell of one assignment what its ladder says this morning."""
    if not assignment.is_open or world.is_standing_still(assignment):
        return
    if world.today <= assignment.due:
        remind(world, assignment)
    elif is_week_of_all(world, assignment):
        tell_the_late(world, assignment, LINE, is_repetition=True)
    else:
        tell_the_late(world, assignment, from_below(world, assignment), is_repetition=False)


def remind(world: World, assignment: Assignment) -> None:
    """Remind the officers: "reminders 7 and 1 working days before and on the day to the officers"."""
    passed = {offset for offset in REMINDERS if is_passed(world, assignment, offset)}
    if not passed - assignment.reminded:
        return
    post, persons = in_place_of(world.office, Level.OFFICER, assignment.division, world.today)
    if is_kept_for_the_top(world, assignment, post):
        return
    tell(world, assignment, persons, "reminder", aimed=(Level.OFFICER,), post=post)
    assignment.reminded |= passed


def is_week_of_all(world: World, assignment: Assignment) -> bool:
    """Tell whether everybody on the ladder is told this morning.

    The top's day: "from the first summary day at or after +7 on, everybody on the ladder (officer, head, clerk,
    mayor) is told together once a week until it is done."
    """
    return is_summary_now(world) and day_of_rung(world.calendar, assignment.due, LAST_RUNG) <= world.today


def from_below(world: World, assignment: Assignment) -> tuple[Level, ...]:
    """Give the levels of all rungs up to the highest that has come, of those who have not had their word.

    "A run after downtime or silence tells, in one notice, every level of every rung passed over; a rung tells nobody
    a second time of one lateness".
    """
    passed = [offset for offset in RUNGS if is_passed(world, assignment, offset)]
    if not passed:
        return ()
    levels = [level for offset in RUNGS if offset <= max(passed) for level in RUNGS[offset]]
    return tuple(level for level in levels if level not in assignment.told_levels)


def is_kept_for_the_top(world: World, assignment: Assignment, post: Level) -> bool:
    """Tell whether a word waits for the summary.

    "The top is told of the ladder on no other day, also not of what comes up to it from vacant posts".
    """
    is_top = post == the_top(world.office, assignment.division, world.today)
    return is_top and not is_summary_now(world)


def tell_the_late(world: World, assignment: Assignment, levels: tuple[Level, ...], *, is_repetition: bool) -> None:
    """Tell those whom the levels reach, each once, by the highest post in which they are reached."""
    reached = those_reached(world, assignment, levels)
    names = with_whom_a_request_lies(world, assignment)
    for person, (post, aimed) in reached.items():
        assignment.told_levels.update(aimed)
        if is_repetition or person not in assignment.told_persons:
            kind, above = LATE_KINDS[post], names if post > Level.OFFICER else ()
            tell(world, assignment, [person], kind, aimed=aimed, post=post, names=above)
            assignment.told_persons.add(person)


def those_reached(world: World, assignment: Assignment, levels: tuple[Level, ...]) -> Reached:
    """Give who is reached by the levels: the highest post, and which levels are said to it."""
    reached: Reached = {}
    for level in levels:
        post, persons = in_place_of(world.office, level, assignment.division, world.today)
        if is_silenced(world, assignment, level) or is_kept_for_the_top(world, assignment, post):
            continue
        for person in persons:
            _, aimed = reached.get(person, (post, ()))
            reached[person] = (post, (*aimed, level))
    return reached


def with_whom_a_request_lies(world: World, assignment: Assignment) -> tuple[str, ...]:
    """Give the deciders of a waiting request.

    Deciders' ladder: "The deadline's own ladder goes on beside a request for time …, each letter above naming the
    request, since when and with whom it lies".
    """
    if assignment.request is None:
        return ()
    return tuple(deciders(world, assignment, assignment.request)[1])
