"""One letter to who comes into a post in the middle of work."""

from __future__ import annotations

from tests.oracle.letters import deciders, remember, what_the_reader_may
from tests.oracle.office import Level, in_place_of, the_top
from tests.oracle.world import Assignment, Notice, World, seats_today


def hand_over(world: World) -> None:
    """Write one letter to everybody who came into a post since the last working day.

    "Whoever comes into a post *or back to it* (new, acting begins, acting ends) with something open or waiting there
    gets one letter before or with the next rung."
    """
    seats = seats_today(world)
    desks: dict[str, list[Assignment]] = {}
    for post, persons in seats.items():
        for person in persons:
            if person not in world.seats[post]:
                desks.setdefault(person, []).extend(what_lies_there(world, post, person))
    world.seats = seats
    for person, desk in desks.items():
        if desk:
            tell_what_lies_there(world, person, desk)


def what_lies_there(world: World, post: str, person: str) -> list[Assignment]:
    """Give what the post must do or decide, and what is late and was said to it; the summary says that to the top."""
    level, division = world.office.level_of(post), world.office.division_of(post)
    if world.is_closed or world.is_out_of_force:
        return []
    mine = [each for each in world.assignments.values() if division in (None, each.division)]
    return [each for each in mine if lies_there(world, each, level, person)]


def lies_there(world: World, assignment: Assignment, level: Level, person: str) -> bool:
    if any(
        deciders(world, assignment, wait)[0] == level and is_decider(world, assignment, person)
        for wait in assignment.waits
    ):
        return True
    if not assignment.is_open or level == Level.ADMINISTRATOR:
        return False
    doing, _ = in_place_of(world.office, Level.OFFICER, assignment.division, world.today)
    is_top = level == the_top(world.office, assignment.division, world.today)
    return doing == level or (level in assignment.told_levels and not is_top)


def is_decider(world: World, assignment: Assignment, person: str) -> bool:
    return any(person in deciders(world, assignment, wait)[1] for wait in assignment.waits)


def tell_what_lies_there(world: World, person: str, desk: list[Assignment]) -> None:
    """Put down one letter of everything on a desk; its reader counts as told of a lateness said there before."""
    may = frozenset(right for each in desk for right in what_the_reader_may(world, each, person))
    world.record.notices.append(Notice(world.today, person, "handover", may=may))
    for assignment in desk:
        remember(assignment.heard, person)
        for wait in assignment.waits:
            remember(wait.heard, person)
        if was_said_to_the_post(world, assignment, person):
            assignment.told_persons.add(person)


def was_said_to_the_post(world: World, assignment: Assignment, person: str) -> bool:
    """Tell whether a lateness was said to the post before; what was not yet is said by its rung all the same."""
    seated = [in_place_of(world.office, level, assignment.division, world.today)[1] for level in assignment.told_levels]
    return any(person in persons for persons in seated)
