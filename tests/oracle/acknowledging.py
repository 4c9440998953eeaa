"""Acknowledging a lateness: silence up to one's own level, with words for those below."""

from __future__ import annotations

from datetime import date

from tests.oracle.days import days_that_a_rule_gives
from tests.oracle.deadlines import is_late
from tests.oracle.letters import LADDER, nobody_is_written_to_about_what_they_just_did, tell
from tests.oracle.office import LINE, Level, highest_level, in_place_of
from tests.oracle.world import Acknowledgment, Assignment, Refused, World

LASTS = 5


def is_silenced(world: World, assignment: Assignment, level: Level) -> bool:
    """Tell whether an acknowledgment keeps a level silent today.

    "It silences the levels up to one's own but the officer through the end of its last day".
    """
    active = [each for each in assignment.acknowledgments if world.today <= each.until]
    return level != Level.OFFICER and any(level <= each.level for each in active)


def acknowledging(world: World, assignment: Assignment, person: str, through: date | None) -> None:
    """Acknowledge a lateness.

    "… through the end of its last day (5th working day, or an earlier day named in its words) … Those below get its
    words ("ordered", until when). It ends with the deadline it was for. Who acknowledges counts as told."
    """
    if not assignment.is_open or not is_late(world, assignment) or world.is_closed:
        raise Refused("nothing is late")
    level = the_level_of_an_acknowledgment(world, assignment, person)
    last = days_that_a_rule_gives(world.calendar, world.now, LASTS)
    if through is not None and through < world.today:
        raise Refused("the day named has passed")
    until = last if through is None else min(last, through)
    made = Acknowledgment(assignment.id, assignment.due, person, level, world.now, until)
    assignment.acknowledgments.append(made)
    world.record.acknowledgments.append(made)
    assignment.told_persons.add(person)
    below = [each for lower in LINE[:level] for each in in_place_of_below(world, assignment, lower)]
    tell(world, assignment, nobody_is_written_to_about_what_they_just_did(below, person), "ordered")


def in_place_of_below(world: World, assignment: Assignment, level: Level) -> list[str]:
    return in_place_of(world.office, level, assignment.division, world.today)[1]


def the_level_of_an_acknowledgment(world: World, assignment: Assignment, person: str) -> Level:
    """Give the level at which somebody acknowledges, or refuse.

    "… is the highest at which the person holds or acts in that division's line (a head acting for the clerk: clerk);
    in place of a vacant post counts as one's own level. The same level may renew once somebody above has been told
    since; where nobody is above, once that level itself has been told again."
    """
    level = highest_level(world.office, person, assignment.division, world.today)
    seated = [each for each in LINE if person in world.office.at(each, assignment.division, world.today)]
    if level is None or not seated or seated[-1] == Level.OFFICER:
        raise Refused("no level that can order, or somebody acts for them")
    earlier = [each for each in assignment.acknowledgments if each.level == level]
    if earlier and not was_told_since(world, assignment, earlier[-1]):
        raise Refused("nobody above has been told since")
    return level


def was_told_since(world: World, assignment: Assignment, earlier: Acknowledgment) -> bool:
    """Tell whether the ladder reached somebody above since, or, where nobody is above, the level itself."""
    above = [level for level in LINE if level > earlier.level]
    is_anybody_above = any(world.office.at(level, assignment.division, world.today) for level in above)
    told = [
        notice.post
        for notice in world.record.notices
        if notice.assignment == assignment.id
        and notice.kind in LADDER
        and notice.due == assignment.due
        # A ladder's letters leave at 08:30: one of the same day was there before the acknowledgment.
        and notice.day > earlier.at.date()
        and notice.post is not None
    ]
    if is_anybody_above:
        return any(post in above for post in told)
    return earlier.level in told
