"""The line of command of one division on one day: who sits where, who stands in, and who decides.

Rights follow the person who is told, so both are asked here (docs/escalation.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, cast

from domain.people import SUPERVISORS, Level, People

LINE: Final = (Level.OFFICER, *SUPERVISORS)


@dataclass(frozen=True, slots=True)
class Seat:
    """A level with the keys of the persons who are there."""

    level: Level
    persons: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """The line of `division` on `day`, a local date."""

    people: People
    division: str
    day: date

    @cached_property
    def _seated(self) -> dict[Level, tuple[str, ...]]:
        return {level: tuple(dict.fromkeys(self._in_charge(level))) for level in (*LINE, Level.ADMINISTRATOR)}

    def _in_charge(self, level: Level) -> Iterable[str]:
        for post in self.people.posts_at(level, self.division):
            for person, _ in self.people.in_charge(post, self.day):
                yield person.key

    def at(self, level: Level) -> tuple[str, ...]:
        """Who holds, or acts for, a post of the level; empty where it is vacant. Nobody stands in here."""
        return self._seated[level]

    def reached(self, level: Level) -> Seat:
        """Whom a word to `level` reaches: that level or, where it is vacant, the next filled one above.

        Vacant is a post with no holder and nobody acting, or one that the office does not have; who is away without
        an acting person is not vacant. With no head, clerk or mayor at all it is the administrator in their place;
        where only the posts above are vacant it is nobody: the ladder ends below.
        """
        for each in LINE[level.rank :]:
            if self.at(each):
                return Seat(each, self.at(each))
        if self.top is None:
            return Seat(Level.ADMINISTRATOR, self.at(Level.ADMINISTRATOR))
        return Seat(level, ())

    @cached_property
    def top(self) -> Level | None:
        """The highest filled level; None where there is no supervisor at all."""
        return next((level for level in reversed(SUPERVISORS) if self.at(level)), None)

    def highest(self, person: str) -> Level | None:
        """Highest level at which somebody holds or acts for a post, also while another acts for them."""
        held = [
            level
            for level in LINE
            for post in self.people.posts_at(level, self.division)
            if self._has(person, post.key)
        ]
        return held[-1] if held else None

    def _has(self, person: str, post: str) -> bool:
        return any(each.person == person and each.covers(self.day) for each in self.people.holdings_of(post))

    def deciders(self, doer: str, doer_level: Level) -> Seat:
        """With whom lies what `doer` handed in, asked for or stated.

        Four eyes are persons, not posts: it goes to the lowest level at or above the doer's own highest that has
        another person, never below. Where the line has nobody else, the doer decides; with no head, clerk or mayor at
        all the administrator does.

        Args:
            doer_level: The doer's highest level when it was done; a higher one today counts as well.
        """
        own = self.highest(doer)
        lowest = max(doer_level, Level.HEAD, own or Level.OFFICER, key=_rank)
        for level in LINE[lowest.rank :]:
            if others := _but(self.at(level), [doer]):
                return Seat(level, others)
        administrators = _but(self.at(Level.ADMINISTRATOR), [doer])
        if administrators and (self.top is None or own is None):
            return Seat(Level.ADMINISTRATOR, administrators)
        return Seat(lowest, (doer,))

    def may_decide(self, person: str, doer: str, doer_level: Level) -> bool:
        """Tell whether it lies with `person`, or with somebody whom they are above."""
        seat = self.deciders(doer, doer_level)
        above = (each for level in LINE[seat.level.rank + 1 :] for each in self.at(level)) if seat.level in LINE else ()
        return person in seat.persons or (person != doer and person in above)

    def above(self, level: Level, but: Collection[str]) -> Seat | None:
        """The next filled level above one, with somebody who is not of `but`; None where there is none."""
        for each in LINE[level.rank + 1 :] if level in LINE else ():
            if others := _but(self.at(each), but):
                return Seat(each, others)
        return None


def line_of(people: People, division: str, day: date) -> Line:
    """The line of a division on a day; the same one is worked out once."""
    line = people.lines.get((division, day))
    if line is None:
        line = people.lines[division, day] = Line(people, division, day)
    return cast("Line", line)


def _rank(level: Level) -> int:
    return level.rank


def _but(persons: Iterable[str], others: Collection[str]) -> tuple[str, ...]:
    return tuple(person for person in persons if person not in others)
