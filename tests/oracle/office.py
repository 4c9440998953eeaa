"""Who sits where on a day, who stands in for whom and who decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from tests.oracle.case import Holding, Post


class Level(IntEnum):
    """The line of a division from below; the administrator stands beside it."""

    OFFICER = 0
    HEAD = 1
    CLERK = 2
    MAYOR = 3
    ADMINISTRATOR = 4


LINE: tuple[Level, ...] = (Level.OFFICER, Level.HEAD, Level.CLERK, Level.MAYOR)
ABOVE_THE_OFFICER: tuple[Level, ...] = LINE[1:]


@dataclass
class Office:
    posts: list[Post]
    holdings: list[Holding]

    def level_of(self, post: str) -> Level:
        return next(Level[each.level.upper()] for each in self.posts if each.key == post)

    def division_of(self, post: str) -> str | None:
        return next(each.division for each in self.posts if each.key == post)

    def posts_at(self, level: Level, division: str) -> list[str]:
        """Give the posts of a level in a division's line; the clerk's and the mayor's belong to every line."""
        mine = [each for each in self.posts if Level[each.level.upper()] == level]
        return [each.key for each in mine if each.division in (None, division)]

    def present(self, post: str, day: date) -> list[Holding]:
        """Give all holdings of a post on a day, of those who are away too."""
        mine = [each for each in self.holdings if each.post == post and each.starts <= day]
        return [each for each in mine if each.ends is None or day <= each.ends]

    def seated(self, post: str, day: date) -> list[str]:
        """Give who has the post on a day: who acts in it, where somebody does, else who holds it."""
        there = self.present(post, day)
        acting = [each.person for each in there if each.acting]
        return once(acting or [each.person for each in there])

    def at(self, level: Level, division: str, day: date) -> list[str]:
        """Give who sits at a level of a division's line, standing in for nobody."""
        return once(person for post in self.posts_at(level, division) for person in self.seated(post, day))

    def administrators(self, day: date) -> list[str]:
        return self.at(Level.ADMINISTRATOR, "", day)


def once(persons: Iterable[str]) -> list[str]:
    """Give everybody once, in the order in which they come."""
    found: list[str] = []
    for person in persons:
        if person not in found:
            found.append(person)
    return found


def in_place_of(office: Office, level: Level, division: str, day: date) -> tuple[Level, list[str]]:
    """Give the level that a word to `level` reaches and who sits there; nobody, where all above are vacant too.

    Where there is no head, clerk or mayor at all the administrator hears in their place, as "the administrator decides
    in their place".

    "Vacant = no holder and nobody acting on that day, or no such post; who is away without an acting person is not
    vacant. The right follows every level the notice passed through (officer and head vacant: the clerk reports, the
    mayor reviews)."
    """
    for each in LINE[level:]:
        persons = office.at(each, division, day)
        if persons:
            return each, persons
    if the_top(office, division, day) is None:
        return Level.ADMINISTRATOR, office.administrators(day)
    return level, []


def the_top(office: Office, division: str, day: date) -> Level | None:
    """Give the level of the top: "Above a vacant mayor the highest filled post is the top."""
    for level in reversed(ABOVE_THE_OFFICER):
        if office.at(level, division, day):
            return level
    return None


def highest_level(office: Office, person: str, division: str, day: date) -> Level | None:
    """Give the highest level at which somebody holds or acts in a division's line, or None."""
    found = None
    for level in LINE:
        for post in office.posts_at(level, division):
            if any(each.person == person for each in office.present(post, day)):
                found = level
    return found


def four_eyes_are_persons_not_posts(
    office: Office, division: str, day: date, *, doer: str, doer_level: Level
) -> tuple[Level, list[str]]:
    """Give the level that decides and its persons.

    "Who handed in, asked or stated does not decide it, in whatever post or acting: it goes to the lowest level at or
    above the doer's own highest level that has another person, never below. Where the line has nobody else, the doer
    decides … With no head, clerk or mayor at all the administrator decides in their place."

    Args:
        doer_level: The doer's highest level when it was done; a higher one of today counts as well.
    """
    now = highest_level(office, doer, division, day)
    lowest = max(doer_level, Level.HEAD, now or Level.OFFICER)
    for level in ABOVE_THE_OFFICER:
        others = [person for person in office.at(level, division, day) if person != doer]
        if level >= lowest and others:
            return level, others
    administrators = [person for person in office.administrators(day) if person != doer]
    if administrators and (the_top(office, division, day) is None or now is None):
        return Level.ADMINISTRATOR, administrators
    return lowest, [doer]


def next_above(
    office: Office, division: str, day: date, level: Level, but: list[str]
) -> tuple[Level, list[str]] | None:
    """Give the next filled level above one with somebody who is not of `but`, or None."""
    for each in ABOVE_THE_OFFICER:
        others = [person for person in office.at(each, division, day) if person not in but]
        if each > level and others:
            return each, others
    return None
