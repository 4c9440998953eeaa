"""Whoever comes into a post, or back to it, is told once of what is theirs now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from domain.assignment import ACTIONABLE, WAITING, Assignment
from domain.line import Line, line_of
from domain.moves import Move, apply
from domain.notice import NoticeIntent, NoticeKind
from domain.people import Level, Post
from services.desk import Desk
from services.record import CLOCK, note


def hand_over(desk: Desk, now: datetime) -> int:
    """Tell who came into a post since this was last looked at; return how many notices that makes.

    The first look of an office only remembers who is where.
    """
    day = desk.workdays.local_day(now)
    seats = {post.key: [person.key for person, _ in desk.people.in_charge(post, day)] for post in desk.people.posts}
    before = desk.uow.offices.seats()
    if before == seats:
        return 0
    desk.uow.offices.seated(seats)
    if before is None:
        return 0
    came = [
        (post, person)
        for post in desk.people.posts
        for person in seats[post.key]
        if person not in before.get(post.key, ())
    ]
    return _tell(desk, came, now) if came else 0


def _tell(desk: Desk, came: list[tuple[Post, str]], now: datetime) -> int:
    day = desk.workdays.local_day(now)
    running = [
        assignment
        for stored in desk.plans
        for assignment in desk.uow.assignments.in_states(stored.plan.fiscal_year_be, ACTIONABLE | WAITING)
    ]
    notices: list[NoticeIntent] = []
    for assignment in running:
        line = line_of(desk.people, assignment.division, day)
        to = dict(_newcomers(assignment, line, came))
        if to:
            notices += _noted(desk, assignment, line, to, now)
    return desk.uow.notices.add(notices, now)


def _newcomers(assignment: Assignment, line: Line, came: list[tuple[Post, str]]) -> Iterator[tuple[str, Level]]:
    for post, person in came:
        if post.division in (None, assignment.division) and lies_there(assignment, line, post.level, person):
            yield person, post.level


def lies_there(assignment: Assignment, line: Line, level: Level, person: str) -> bool:
    """Tell whether an assignment is something to do or decide at a level, or late and said to it before.

    To the top a lateness is said with the summary only.
    """
    seats = (line.deciders(wait.by, wait.level) for wait in assignment.waits)
    if any(seat.level is level and person in seat.persons for seat in seats):
        return True
    if assignment.state not in ACTIONABLE or level is Level.ADMINISTRATOR:
        return False
    does = line.reached(Level.OFFICER).level is level
    return does or (level in assignment.told.levels and level is not line.top)


def _noted(desk: Desk, before: Assignment, line: Line, to: dict[str, Level], now: datetime) -> Iterator[NoticeIntent]:
    """The notices to newcomers; who is at a level that had heard of the lateness counts as told of it."""
    said = {person for level in before.told.levels for person in line.reached(level).persons}
    heard = [person for person in to if person in said]
    after = apply(before, Move.ESCALATE)
    if heard:
        persons = tuple(dict.fromkeys((*before.told.persons, *heard)))
        after = replace(after, told=replace(before.told, persons=persons))
    desk.uow.assignments.save(after, expected=before.version)
    note(desk, after, Move.ESCALATE, by=CLOCK, now=now, facts={"handed_over_to": sorted(to)})
    for person, level in to.items():
        yield NoticeIntent(
            key=f"{after.id}/{after.version}/handover/{person}",
            kind=NoticeKind.HANDOVER,
            assignment=after.id,
            division=after.division,
            level=level,
            person=person,
            aimed=level,
        )
