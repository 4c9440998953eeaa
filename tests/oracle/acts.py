"""What the division and its deciders do with an assignment."""

from __future__ import annotations

from datetime import date

from tests.oracle.deadlines import book_days_late, coming_back, days_set_by_persons, move_deadline
from tests.oracle.deciders import begin_to_wait, must_decide, tell_the_deciders
from tests.oracle.letters import nobody_is_written_to_about_what_they_just_did, reporters, tell, tell_a_decision
from tests.oracle.office import ABOVE_THE_OFFICER, Level, highest_level, once
from tests.oracle.world import Assignment, Decision, Ground, Refused, Wait, World


def must_be_the_division(world: World, assignment: Assignment, person: str) -> None:
    """Refuse whoever may not act for the division, as an administrator may; a closed year takes nothing from it."""
    helpers = world.office.administrators(world.today)
    if person not in (*reporters(world, assignment), *helpers) or world.is_closed:
        raise Refused("not the division's, or the year is closed")


def must_be_open(assignment: Assignment) -> None:
    if not assignment.is_open:
        raise Refused("nothing is asked of the division")


def hand_in(world: World, assignment: Assignment, person: str) -> None:
    """Hand in a result; a request for time lapses with it."""
    give_to_the_deciders(world, assignment, person, "handed_in")


def cannot_do(world: World, assignment: Assignment, person: str) -> None:
    """State that it cannot be done: ""Cannot do" stops the division's ladder at once"."""
    give_to_the_deciders(world, assignment, person, "cannot_do")


def give_to_the_deciders(world: World, assignment: Assignment, person: str, state: str) -> None:
    must_be_open(assignment)
    must_be_the_division(world, assignment, person)
    book_days_late(world, assignment)
    assignment.before = assignment.state
    assignment.state = state
    assignment.request = None
    assignment.wait = begin_to_wait(world, assignment, state, person)
    tell_the_deciders(world, assignment, assignment.wait)


def withdraw(world: World, assignment: Assignment, person: str) -> None:
    """Take back what waits; who heard that it waits hears that it does not.

    "Only the first withdrawal of a round gives (c) (else handing in and taking back is endless time). … It is again
    what it was before: sent back stays "sent back", with its reason."; of "cannot do": "the division may take it
    back until then".
    """
    wait = assignment.wait
    if wait is None or not assignment.is_waiting:
        raise Refused("nothing waits")
    must_be_the_division(world, assignment, person)
    coming_back(world, assignment, assignment.before, gives_days=assignment.withdrawals == 0)
    assignment.withdrawals += 1
    tell(world, assignment, nobody_is_written_to_about_what_they_just_did(wait.heard, person), "withdrawn")


def accept(world: World, assignment: Assignment, person: str) -> None:
    """Accept a result; this is possible after the year's closing too."""
    if assignment.state != "handed_in":
        raise Refused("no result waits")
    decide(world, assignment, assignment.wait, person)
    assignment.state = "accepted"


def confirm(world: World, assignment: Assignment, person: str) -> None:
    """Agree that it cannot be done."""
    if assignment.state != "cannot_do" or assignment.is_confirmed:
        raise Refused("no “cannot do” waits")
    decide(world, assignment, assignment.wait, person)
    assignment.is_confirmed = True


def decide(world: World, assignment: Assignment, wait: Wait | None, person: str) -> None:
    """Put down a decision that ends a wait and tell it."""
    wait = must_decide(world, assignment, wait, person)
    put_down(world, assignment, wait, person)
    assignment.wait, assignment.decided = None, wait
    kind = "accepted" if wait.kind == "handed_in" else "confirmed"
    tell_a_decision(world, assignment, wait, kind, person)


def put_down(world: World, assignment: Assignment, wait: Wait, person: str) -> None:
    """Put down who decided, and who else at or above the doer's level could have."""
    lowest = max(wait.doer_level, highest_level_now(world, assignment, wait.doer))
    levels = [level for level in ABOVE_THE_OFFICER if level >= lowest]
    seated = [each for level in levels for each in world.office.at(level, assignment.division, world.today)]
    if not any(world.office.at(level, assignment.division, world.today) for level in ABOVE_THE_OFFICER):
        seated = world.office.administrators(world.today)
    others = tuple(each for each in once(seated) if each not in (wait.doer, person))
    world.record.decisions.append(Decision(assignment.id, world.now, person, wait.doer, others))


def highest_level_now(world: World, assignment: Assignment, person: str) -> Level:
    found = highest_level(world.office, person, assignment.division, world.today)
    return Level.OFFICER if found is None else found


def return_(world: World, assignment: Assignment, person: str) -> None:
    """Send back a result or a "cannot do", a confirmed one too ("after it only the line may"); not in a closed year."""
    if world.is_closed or assignment.state not in {"handed_in", "cannot_do"}:
        raise Refused("nothing can be sent back")
    wait = must_decide(world, assignment, assignment.wait or assignment.decided, person)
    put_down(world, assignment, wait, person)
    coming_back(world, assignment, "returned", gives_days=True)
    assignment.withdrawals = 0
    tell_a_decision(world, assignment, wait, "returned", person)


def ask(world: World, assignment: Assignment, person: str, day: date) -> None:
    """Ask for time; a repeated request changes the day and does not begin the deciders' days anew."""
    must_be_open(assignment)
    must_be_the_division(world, assignment, person)
    if day <= assignment.due:
        raise Refused("no later day")
    if assignment.request is not None and assignment.request.doer == person:
        assignment.request.asked_for = day
        tell_the_deciders(world, assignment, assignment.request)
        return
    if assignment.request is not None:
        raise Refused("somebody else's request waits")
    assignment.request = begin_to_wait(world, assignment, "extension_asked", person)
    assignment.request.asked_for = day
    tell_the_deciders(world, assignment, assignment.request)


def grant(world: World, assignment: Assignment, person: str, day: date | None = None) -> None:
    """Grant a request: the day asked for, or another."""
    wait = must_decide(world, assignment, assignment.request, person)
    if wait.asked_for is None:
        raise Refused("no day was asked for")
    put_down(world, assignment, wait, person)
    assignment.grounds.append(Ground("date", days_set_by_persons(world, day or wait.asked_for)))
    assignment.request = None
    move_deadline(world, assignment, is_settled=True)
    tell_a_decision(world, assignment, wait, "extension_granted", person)


def refuse(world: World, assignment: Assignment, person: str) -> None:
    """Refuse a request: "a refusal gives no days"."""
    wait = must_decide(world, assignment, assignment.request, person)
    put_down(world, assignment, wait, person)
    assignment.request = None
    tell_a_decision(world, assignment, wait, "extension_refused", person)
