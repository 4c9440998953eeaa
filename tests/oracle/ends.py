"""What the administrator does: ends, pauses and days set by hand."""

from __future__ import annotations

from datetime import date, datetime

from tests.oracle.days import SHUTS, days_that_a_rule_gives, letter_day
from tests.oracle.deadlines import CORRECTION, LEAST_TO_ACT, book_days_late, given_now, move_deadline
from tests.oracle.letters import nobody_is_written_to_about_what_they_just_did, officers, tell
from tests.oracle.office import Level, in_place_of
from tests.oracle.openings import BUDDHIST_ERA, open_what_is_to_be_open
from tests.oracle.world import Assignment, Ground, Refused, World


def must_be_an_administrator(world: World, person: str) -> None:
    if person not in world.office.administrators(world.today):
        raise Refused("not an administrator")


def must_not_be_of_the_division(world: World, assignment: Assignment, person: str) -> None:
    """Refuse an administrator's own matter.

    Four eyes: "An administrator who is officer or head of the division does not move its deadline later nor cancel
    its work: that is asked for as by everybody."
    """
    own = [
        each
        for level in (Level.OFFICER, Level.HEAD)
        for each in world.office.at(level, assignment.division, world.today)
    ]
    if person in own:
        raise Refused("the division's own administrator")


def an_end(world: World, assignment: Assignment, state: str, kind: str, by: str) -> None:
    """End an assignment with one last line, at once also to the top.

    "Cancelled, out of force, closed: everybody who has been told of it gets one last line in the next letter, then
    nothing".
    """
    assignment.state = state
    assignment.request = None
    world.pending = [each for each in world.pending if each.notice.assignment != assignment.id]
    tell(world, assignment, nobody_is_written_to_about_what_they_just_did(assignment.heard, by), kind)


def cancel(world: World, assignment: Assignment, person: str) -> None:
    """Cancel: for the administrator, the clerk and the mayor, or who stands in for them."""
    above = [
        in_place_of(world.office, level, assignment.division, world.today)[1] for level in (Level.CLERK, Level.MAYOR)
    ]
    if not any(person in persons for persons in above):
        must_be_an_administrator(world, person)
    must_not_be_of_the_division(world, assignment, person)
    is_agreed = assignment.state == "cannot_do"
    if world.is_closed or not (assignment.is_open or assignment.is_waiting or is_agreed):
        raise Refused("it has ended")
    assignment.wait = None
    an_end(world, assignment, "cancelled", "cancelled", person)


def out_of_force(world: World, person: str) -> None:
    """End the plan: "Out of force: all cancelled with the reason"; what was accepted or confirmed stays done."""
    must_be_an_administrator(world, person)
    if world.is_closed or world.is_out_of_force:
        raise Refused("it has ended")
    world.is_out_of_force = True
    for assignment in world.assignments.values():
        if assignment.is_open or assignment.is_waiting:
            assignment.wait = None
            an_end(world, assignment, "cancelled", "cancelled", person)


def close_year(world: World, person: str) -> None:
    """Close the year.

    "Closing is possible from 1 October: open and returned become "not done" with the days late; what waits for review
    stays "handed in, not reviewed", unconfirmed "cannot do" stays so … and nobody is reminded".
    """
    must_be_an_administrator(world, person)
    if world.is_closed or world.is_out_of_force or world.today < date(world.case.year - BUDDHIST_ERA, 10, 1):
        raise Refused("not now")
    for assignment in world.assignments.values():
        if assignment.is_open:
            book_days_late(world, assignment)
            assignment.before = assignment.state
            an_end(world, assignment, "not_done", "closed", person)
        elif assignment.is_waiting:
            an_end(world, assignment, assignment.state, "closed", person)
    world.is_closed = True


def reopen_year(world: World, person: str) -> None:
    """Open a closed year again: "(the days of "Days that a rule gives")"."""
    must_be_an_administrator(world, person)
    if not world.is_closed:
        raise Refused("it is open")
    world.is_closed = False
    for assignment in world.assignments.values():
        if assignment.state == "not_done":
            assignment.state = assignment.before
            assignment.grounds.append(given_now(world, LEAST_TO_ACT))
            move_deadline(world, assignment, is_settled=True)
            tell(world, assignment, officers(world, assignment), "reopened")
        begin_waits_anew(world, assignment)
    open_what_is_to_be_open(world)


def begin_waits_anew(world: World, assignment: Assignment) -> None:
    """Let the deciders' days begin now."""
    for wait in assignment.waits:
        wait.began_on = letter_day(world.calendar, world.now)
        wait.rungs = set()


def a_pause(world: World, measure: str) -> None:
    """Hold a measure's clock: "its days late up to the pause are booked and stay"."""
    if measure in world.paused:
        raise Refused("it is paused")
    for assignment in world.assignments.values():
        if assignment.measure == measure and assignment.is_open:
            book_days_late(world, assignment)
    world.paused[measure] = world.now


def resume(world: World, measure: str) -> None:
    """Let a measure go on.

    "Resuming: everything the division must do has at least `least_to_act` from then, also what was late before; …
    the division is told the new day; a decider's days begin anew."
    """
    if measure not in world.paused:
        raise Refused("it is not paused")
    del world.paused[measure]
    for assignment in world.assignments.values():
        if assignment.measure == measure:
            resume_one(world, assignment)
    open_what_is_to_be_open(world)


def resume_one(world: World, assignment: Assignment) -> None:
    if assignment.is_open:
        assignment.grounds.append(given_now(world, LEAST_TO_ACT))
    is_live = assignment.is_open or assignment.is_waiting
    if is_live and move_deadline(world, assignment, is_settled=True) and assignment.is_open:
        tell(world, assignment, officers(world, assignment), "deadline_changed")
    begin_waits_anew(world, assignment)


def set_deadline(world: World, assignment: Assignment, person: str, day: date) -> None:
    """Set a deadline by hand.

    Days set by persons: "A deadline pulled forward leaves at least `correction` working days or is refused".
    """
    must_be_an_administrator(world, person)
    if not assignment.is_open or world.is_closed:
        raise Refused("nothing is asked of the division")
    day = world.calendar.on_or_after(day)
    if day > assignment.due:
        must_not_be_of_the_division(world, assignment, person)
    if day < min(assignment.due, days_that_a_rule_gives(world.calendar, world.now, CORRECTION)):
        raise Refused("too few days")
    if datetime.combine(day, SHUTS) <= world.now:
        raise Refused("it has passed")
    if assignment.request is not None and (assignment.request.asked_for or day) <= day:
        assignment.request = None  # what was asked for is answered by it
    assignment.grounds = [Ground("date", day)]
    if move_deadline(world, assignment, is_settled=True):
        others = nobody_is_written_to_about_what_they_just_did(officers(world, assignment), person)
        tell(world, assignment, others, "deadline_changed")
