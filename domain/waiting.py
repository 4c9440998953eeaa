"""What waits for somebody to decide, and what has been said of a lateness: the memory of the ladders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from domain.people import Level


@dataclass(frozen=True, slots=True)
class Wait:
    """A result, a “cannot do” or a request for time lies with somebody.

    Attributes:
        by: Key of the person who handed in, stated or asked: who does not decide it.
        level: Highest level of that person then.
        since: Working day (local) on which the decider's letter could leave; the days are counted from it.
        began_at: Aware instant at which it was done.
        rung: Working days of the deciders' rung that was said last; 0 before the first.
        said_on: Local date on which something of it was said last.
        decided_by: Key of the person who decided; empty while it waits.
    """

    by: str
    level: Level
    since: date
    began_at: datetime
    rung: int = 0
    said_on: date | None = None
    decided_by: str = ""

    @property
    def is_own(self) -> bool:
        """Tell whether it was decided by who had done it, because the line has nobody else."""
        return bool(self.decided_by) and self.decided_by == self.by


@dataclass(frozen=True, slots=True)
class Told:
    """What the ladder has said of one lateness: an assignment under one deadline.

    Attributes:
        levels: Those whose word was said, whoever got it in their place.
        persons: Keys of those who heard, or acknowledged.
        posts: Levels at which somebody heard, each with the last local date.
        summary_on: Local date of the last weekly summary in which it was said.
    """

    levels: tuple[Level, ...] = ()
    persons: tuple[str, ...] = ()
    posts: tuple[tuple[Level, date], ...] = ()
    summary_on: date | None = None

    def and_(self, aimed: tuple[Level, ...], post: Level | None, persons: tuple[str, ...], day: date) -> Told:
        """With a word more: the levels it was meant for, the level it reached, if it did, who heard, and when."""
        posts = {**dict(self.posts), **({post: day} if post else {})}
        return replace(
            self,
            levels=tuple(dict.fromkeys((*self.levels, *aimed))),
            persons=tuple(dict.fromkeys((*self.persons, *persons))),
            posts=tuple(sorted(posts.items(), key=lambda pair: pair[0].rank)),
        )


NOTHING_TOLD: Final = Told()
"""What has been said of a lateness before anybody was told."""


@dataclass(frozen=True, slots=True)
class Acknowledgment:
    """Somebody above took note of a lateness: levels up to theirs, but the officer, are not told for a while.

    Attributes:
        on: Local date on which it was made.
        until: Last local date on which it is silent.
    """

    person: str
    level: Level
    on: date
    until: date

    def silences(self, level: Level, day: date) -> bool:
        """Tell whether a level is not told on a day."""
        return level is not Level.OFFICER and level.rank <= self.level.rank and day <= self.until
