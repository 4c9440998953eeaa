"""Telling somebody: at once within the hours, else with the next working day's run, if it still holds then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tests.oracle.days import is_in_hours
from tests.oracle.office import (
    ABOVE_THE_OFFICER,
    LINE,
    Level,
    four_eyes_are_persons_not_posts,
    in_place_of,
    once,
    the_top,
)
from tests.oracle.world import Assignment, Notice, Pending, Wait, World

TO_DO = frozenset({"opened", "reminder", "overdue", "returned", "deadline_changed", "ordered"})
LATE_KINDS = {
    Level.OFFICER: "overdue",
    Level.HEAD: "escalation_head",
    Level.CLERK: "escalation_clerk",
    Level.MAYOR: "escalation_mayor",
    Level.ADMINISTRATOR: "escalation_clerk",
}
LADDER = frozenset({"reminder", *LATE_KINDS.values()})
TO_DECIDE = frozenset({"handed_in", "cannot_do", "extension_asked", "decide_reminder", "decide_above"})
SAYS_THE_DAY = frozenset({"opened", "returned", "deadline_changed"})


def officers(world: World, assignment: Assignment) -> list[str]:
    """Give who must do it today: the officers, or who stands in for them."""
    return in_place_of(world.office, Level.OFFICER, assignment.division, world.today)[1]


def reporters(world: World, assignment: Assignment) -> list[str]:
    """Give who may act for the division: its officers and its head, or who stands in for either."""
    heads = in_place_of(world.office, Level.HEAD, assignment.division, world.today)[1]
    return once([*officers(world, assignment), *heads])


def deciders(world: World, assignment: Assignment, wait: Wait) -> tuple[Level, list[str]]:
    """Give with whom something lies today."""
    return four_eyes_are_persons_not_posts(
        world.office, assignment.division, world.today, doer=wait.doer, doer_level=wait.doer_level
    )


def post_of(world: World, assignment: Assignment, person: str) -> Level | None:
    """Give the highest post of the line in which somebody sits today."""
    mine = [level for level in LINE if person in world.office.at(level, assignment.division, world.today)]
    return mine[-1] if mine else None


def what_the_reader_may(world: World, assignment: Assignment, person: str) -> frozenset[str]:
    """Give what a reader can do about an assignment as things are: "do", "decide", "order"."""
    may = set()
    if assignment.is_open and person in reporters(world, assignment):
        may.add("do")
    if any(person in deciders(world, assignment, wait)[1] for wait in assignment.waits):
        may.add("decide")
    if any(person in world.office.at(each, assignment.division, world.today) for each in ABOVE_THE_OFFICER):
        may.add("order")
    return frozenset(may)


def tell(
    world: World,
    assignment: Assignment,
    persons: Iterable[str],
    kind: str,
    *,
    wait: Wait | None = None,
    aimed: tuple[Level, ...] = (),
    post: Level | None = None,
    names: tuple[str, ...] = (),
) -> None:
    """Write one line to each of the persons; it leaves now or waits for the hours."""
    for person in once(persons):
        if kind == "deadline_changed" and is_about_to_hear_the_day(world, assignment, person):
            continue
        notice = Notice(world.today, person, kind, assignment.id, aimed=aimed, post=post, names=names)
        if is_in_hours(world.calendar, world.now):
            leave(world, notice, wait)
        else:
            world.pending.append(Pending(notice, wait))


def is_about_to_hear_the_day(world: World, assignment: Assignment, person: str) -> bool:
    """Tell whether a letter that has not left yet will say the deadline as it is then."""
    waiting = [each.notice for each in world.pending if each.notice.assignment == assignment.id]
    return any(each.person == person and each.kind in SAYS_THE_DAY for each in waiting)


def leave(world: World, notice: Notice, wait: Wait | None) -> None:
    """Put down that a letter left, with what its reader could do then."""
    assignment = world.assignments[notice.assignment]
    post = post_of(world, assignment, notice.person) if notice.post is None else notice.post
    notice = replace(
        notice,
        day=world.today,
        due=assignment.due,
        post=post,
        is_top=post is not None and post == the_top(world.office, assignment.division, world.today),
        state=assignment.state,
        may=what_the_reader_may(world, assignment, notice.person),
    )
    world.record.notices.append(notice)
    remember(assignment.heard, notice.person)
    if wait is not None:
        remember(wait.heard, notice.person)


def remember(heard: list[str], person: str) -> None:
    if person not in heard:
        heard.append(person)


def let_pending_leave(world: World) -> None:
    """Let every waiting letter leave that still holds.

    Hours: "What was undone before it left (handed in Saturday, taken back Sunday) is never written."
    """
    waiting, world.pending = world.pending, []
    for each in waiting:
        if still_holds(world, each):
            leave(world, each.notice, each.wait)


def still_holds(world: World, pending: Pending) -> bool:
    """Tell whether the line is as true and as much its reader's business as when it was written."""
    notice, assignment = pending.notice, world.assignments[pending.notice.assignment]
    if notice.kind in TO_DO:
        is_theirs = notice.kind in {"ordered", "returned"} or notice.person in officers(world, assignment)
        return assignment.is_open and is_theirs
    if notice.kind in TO_DECIDE:
        if pending.wait is None or not any(pending.wait is wait for wait in assignment.waits):
            return False
        return notice.person in deciders(world, assignment, pending.wait)[1]
    if notice.kind == "withdrawn":
        return assignment.is_open
    return True


def nobody_is_written_to_about_what_they_just_did(persons: Iterable[str], doer: str) -> list[str]:
    """Give the persons but the doer.

    Own act: "Nobody is written to about what they just did, but is reminded of what waits for them."
    """
    return [person for person in once(persons) if person != doer]


def tell_a_decision(world: World, assignment: Assignment, wait: Wait, kind: str, by: str) -> None:
    """Tell what was decided: "A decision goes to the officers and to who did or asked."""
    persons = [*officers(world, assignment), wait.doer]
    tell(world, assignment, nobody_is_written_to_about_what_they_just_did(persons, by), kind)
