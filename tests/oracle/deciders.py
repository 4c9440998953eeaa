"""The ladder of those who must decide."""

from __future__ import annotations

from tests.oracle.days import letter_day
from tests.oracle.ladder import is_summary_now
from tests.oracle.letters import deciders, nobody_is_written_to_about_what_they_just_did, tell
from tests.oracle.office import LINE, Level, highest_level, next_above, the_top
from tests.oracle.world import Assignment, Refused, Wait, World

REMINDER = 2
ABOVE = 5


def begin_to_wait(world: World, assignment: Assignment, kind: str, doer: str) -> Wait:
    """Give a wait that begins now.

    "The wait begins on the working day on which the decider's letter can leave".
    """
    level = highest_level(world.office, doer, assignment.division, world.today)
    return Wait(kind, doer, level or Level.OFFICER, letter_day(world.calendar, world.now))


def tell_the_deciders(world: World, assignment: Assignment, wait: Wait) -> None:
    """Tell everybody with whom it lies, but its doer."""
    level, persons = deciders(world, assignment, wait)
    others = nobody_is_written_to_about_what_they_just_did(persons, wait.doer)
    tell(world, assignment, others, wait.kind, wait=wait, post=level)


def deciders_ladder(world: World, assignment: Assignment, wait: Wait) -> None:
    """Tell what the deciders' ladder says this morning of one wait.

    "reminder at 2, decider and next filled level above at 5, then both on every summary day. It counts working days,
    catches up after downtime as "From below" says … No acknowledgment silences it."
    """
    if world.is_standing_still(assignment):
        return
    waited = world.calendar.count(wait.began_on, world.today)
    if waited >= ABOVE and (ABOVE not in wait.rungs or is_summary_now(world)):
        wait.rungs |= {REMINDER, ABOVE}
        remind_the_deciders(world, assignment, wait)
        tell_above(world, assignment, wait)
    elif waited >= REMINDER and REMINDER not in wait.rungs:
        wait.rungs.add(REMINDER)
        remind_the_deciders(world, assignment, wait)


def remind_the_deciders(world: World, assignment: Assignment, wait: Wait) -> None:
    level, persons = deciders(world, assignment, wait)
    tell(world, assignment, persons, "decide_reminder", wait=wait, post=level)


def tell_above(world: World, assignment: Assignment, wait: Wait) -> None:
    """Tell the next filled level above the deciders; the top hears of it with the summary only."""
    level, persons = deciders(world, assignment, wait)
    found = next_above(world.office, assignment.division, world.today, level, [*persons, wait.doer])
    if found is None:
        return
    above, others = found
    is_top = above == the_top(world.office, assignment.division, world.today)
    if not is_top or is_summary_now(world):
        tell(world, assignment, others, "decide_above", wait=wait, post=above, names=tuple(persons))


def must_decide(world: World, assignment: Assignment, wait: Wait | None, person: str) -> Wait:
    """Give what waits, or refuse: it lies with its deciders, and whoever is above them may decide as well."""
    if wait is None:
        raise Refused("nothing waits")
    level, persons = deciders(world, assignment, wait)
    above = [each for post in LINE if post > level for each in world.office.at(post, assignment.division, world.today)]
    if person not in persons and (person not in above or person == wait.doer):
        raise Refused("it does not lie with this person")
    return wait
