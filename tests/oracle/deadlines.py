"""The day on which something is due, and why."""

from __future__ import annotations

from datetime import date

from tests.oracle.days import Calendar, days_late, days_that_a_rule_gives, letter_day
from tests.oracle.letters import officers, tell
from tests.oracle.world import Assignment, Ground, World

REPORTING = 5  # working days after a period's end: the plan's day
LEAST_TO_ACT = 5
CORRECTION = 3


def day_of_ground(calendar: Calendar, ground: Ground) -> date:
    """Give the day that a ground means on today's calendar."""
    if ground.kind == "plan":
        return calendar.after(ground.day, REPORTING)
    if ground.kind == "days":
        return calendar.after(ground.day, ground.count)
    return calendar.on_or_after(ground.day)


def latest_of(calendar: Calendar, grounds: list[Ground]) -> date:
    return max(day_of_ground(calendar, ground) for ground in grounds)


def given_now(world: World, count: int) -> Ground:
    """Give the ground of days that a rule gives now."""
    return Ground("days", letter_day(world.calendar, world.now), count)


def move_deadline(world: World, assignment: Assignment, *, is_settled: bool = False) -> bool:
    """Set the deadline to the latest of its grounds and tell whether it moved.

    A moved deadline is another lateness: nobody has been told of it, no acknowledgment is for it ("It ends with the
    deadline it was for") and its ladder starts now.

    Args:
        is_settled: Days late under the old deadline are booked and stay.
    """
    due = latest_of(world.calendar, assignment.grounds)
    if due == assignment.due:
        return False
    if is_settled:
        assignment.booked_earlier = max(assignment.booked_earlier, assignment.booked)
        assignment.booked = 0
    assignment.due = due
    assignment.ladder_from = world.now
    assignment.reminded = set()
    assignment.told_levels = set()
    assignment.told_persons = set()
    assignment.acknowledgments = []
    return True


def book_days_late(world: World, assignment: Assignment) -> None:
    """Book how late it is now under its deadline; what a pause or an earlier hand-in booked is not counted twice."""
    if assignment.measure not in world.paused:
        late = days_late(world.calendar, assignment.due, world.now)
        assignment.booked = max(assignment.booked, late)


def coming_back(world: World, assignment: Assignment, state: str, *, gives_days: bool) -> None:
    """Make it the division's again.

    "Withdrawn, returned, or out of "cannot do": the deadline is the latest of (a) the plan's day on today's calendar,
    (b) a later day that a person granted, (c) `correction` working days after the day it comes back; the ladder
    starts anew and what lies behind is silent. … Days late booked at an earlier hand-in stay."
    """
    assignment.state = state
    assignment.is_confirmed = False
    assignment.wait = None
    plan = Ground("plan", assignment.period_end)
    if plan not in assignment.grounds:
        assignment.grounds.append(plan)
    if gives_days:
        assignment.grounds.append(given_now(world, CORRECTION))
    move_deadline(world, assignment, is_settled=True)
    assignment.ladder_from = world.now


def calendar_changes(world: World, day: date, *, is_off: bool) -> None:
    """Enter a day off or take it back, and move what it moves."""
    if is_off == (day in world.calendar.off):
        return
    if is_off:
        world.calendar.off.add(day)
    else:
        world.calendar.off.discard(day)
    for assignment in world.assignments.values():
        if not world.is_standing_still(assignment):
            follow_the_calendar(world, assignment)


def follow_the_calendar(world: World, assignment: Assignment) -> None:
    """Move a deadline with the calendar and tell the division, if it must act.

    "A day off that is entered moves every deadline, planned, open, waiting, "cannot do" alike. A day off taken back
    never leaves fewer than `correction` days nor makes anything later."
    """
    if not (assignment.is_open or assignment.is_waiting):
        return
    if latest_of(world.calendar, assignment.grounds) < assignment.due:
        least = given_now(world, CORRECTION)
        is_sooner = day_of_ground(world.calendar, least) <= assignment.due
        assignment.grounds.append(least if is_sooner else Ground("date", assignment.due))
    if move_deadline(world, assignment) and assignment.is_open:
        tell(world, assignment, officers(world, assignment), "deadline_changed")


def days_set_by_persons(world: World, asked_for: date) -> date:
    """Give the day that a request for time is granted.

    "a granted day that has passed or comes sooner becomes `correction` days from the decision".
    """
    return max(asked_for, days_that_a_rule_gives(world.calendar, world.now, CORRECTION))


def is_late(world: World, assignment: Assignment) -> bool:
    """Tell whether a hand-in now would be late."""
    return days_late(world.calendar, assignment.due, world.now) > 0
