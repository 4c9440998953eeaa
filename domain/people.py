"""Divisions, posts, and who holds or acts for a post on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class DivisionKind(StrEnum):
    """What kind of unit it is; it decides the line of command and who `ทุกสำนัก/กอง` means."""

    CLERKS_OFFICE = "clerks_office"
    """สำนักปลัด, led by a หัวหน้าสำนักปลัด."""
    DIVISION = "division"
    """กอง or สำนัก, led by a ผู้อำนวยการ."""
    AUDIT_UNIT = "audit_unit"
    """หน่วยตรวจสอบภายใน: no head of its own, reports straight to the clerk and the mayor."""


class Level(StrEnum):
    """Rank of a post in the line of command, lowest first."""

    OFFICER = "officer"
    HEAD = "head"
    CLERK = "clerk"
    MAYOR = "mayor"
    ADMINISTRATOR = "administrator"
    """ผู้ดูแลระบบ: stands outside the line of command; told when nobody else can be."""

    @property
    def rank(self) -> int:
        """Place in the line of command, 0 for officers."""
        return _ORDER.index(self)


SUPERVISORS = (Level.HEAD, Level.CLERK, Level.MAYOR)
_ORDER = (Level.OFFICER, *SUPERVISORS, Level.ADMINISTRATOR)
_OF_A_DIVISION = frozenset({Level.OFFICER, Level.HEAD})


@dataclass(frozen=True, slots=True)
class Division:
    """One division of the office. `key` is short and stable; `aliases` are other ways its name is written.

    Attributes:
        founded_on: Local date on which it was founded in the middle of a year: it is asked from the period on in
            which that day lies. None where it was there from the beginning.
    """

    key: str
    name: str
    kind: DivisionKind = DivisionKind.DIVISION
    aliases: tuple[str, ...] = ()
    founded_on: date | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A post that notices go to. `division` is None for the clerk, the mayor and the administrator."""

    key: str
    title: str
    level: Level
    division: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can hold posts. `email` is None where it was stated that there is none: notices are printed."""

    key: str
    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A person holds a post, or acts for it (รักษาราชการแทน), from `start_on` to `end_on`, both included."""

    post: str
    person: str
    start_on: date
    end_on: date | None = None
    is_acting: bool = False

    def covers(self, day: date) -> bool:
        """Tell whether the holding is in force on `day`."""
        return self.start_on <= day and (self.end_on is None or day <= self.end_on)


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person to be told, once, with every post that is the reason.

    Attributes:
        level: Rank at which the person was found; higher than asked for where posts below are vacant or missing.
        posts: Titles of the posts, the acting ones marked.
        stands_in_for: Titles of vacant posts below whose notice came up to this person.
    """

    person: Person
    level: Level
    posts: tuple[str, ...]
    stands_in_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Index:
    """Everybody by what they are looked up by; where a key stands twice, the first counts."""

    divisions: dict[str, Division]
    persons: dict[str, Person]
    posts: dict[tuple[Level, str | None], list[Post]]
    holdings: dict[str, list[Holding]]
    held_by: dict[str, list[str]]

    @classmethod
    def of(cls, people: People) -> _Index:
        divisions = {division.key: division for division in reversed(people.divisions)}
        index = cls(divisions, {person.key: person for person in reversed(people.persons)}, {}, {}, {})
        for post in people.posts:
            index.posts.setdefault((post.level, post.division), []).append(post)
        for holding in people.holdings:
            index.holdings.setdefault(holding.post, []).append(holding)
            index.held_by.setdefault(holding.person, []).append(holding.post)
        return index


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of one office: divisions, posts, persons, holdings."""

    divisions: tuple[Division, ...] = ()
    posts: tuple[Post, ...] = ()
    persons: tuple[Person, ...] = ()
    holdings: tuple[Holding, ...] = ()
    _addressees: dict[tuple[Level, str | None, date], list[Addressee]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    lines: dict[tuple[str, date], object] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Lines of command that were worked out already; theirs who made them (`domain.line`)."""
    _index: _Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort them by what they are looked up by: an office of hundreds is asked thousands of times for one page."""
        object.__setattr__(self, "_index", _Index.of(self))

    def division(self, key: str) -> Division | None:
        """Division with this key."""
        return self._index.divisions.get(key)

    def person(self, key: str) -> Person | None:
        """Person with this key."""
        return self._index.persons.get(key)

    def posts_at(self, level: Level, division: str | None) -> list[Post]:
        """Posts of a level: those of the division for officers and heads, the office's own otherwise."""
        own = division if level in _OF_A_DIVISION else None
        return list(self._index.posts.get((level, own), ()))

    def holdings_of(self, post: str) -> list[Holding]:
        """Every holding of a post, past and coming ones too."""
        return list(self._index.holdings.get(post, ()))

    def in_charge(self, post: Post, day: date) -> list[tuple[Person, bool]]:
        """Persons in charge of a post on `day` with whether they act; acting holders displace the holder."""
        current = [h for h in self._index.holdings.get(post.key, ()) if h.covers(day)]
        acting = [h for h in current if h.is_acting]
        holders = ((self.person(h.person), h.is_acting) for h in acting or current)
        return [(person, is_acting) for person, is_acting in holders if person is not None]

    def addressees(self, level: Level, division: str | None, day: date) -> list[Addressee]:
        """Who is told on `day` when a notice goes to `level` of `division`, each person once.

        A level without a filled post passes the notice to the next post up; above the mayor it comes down to
        the highest filled post, and where nobody is left it goes to the administrator. Empty only when the
        office has no administrator either.
        """
        addressees = self._addressees.get((level, division, day))
        if addressees is None:
            addressees = self._addressees[level, division, day] = self._look_up(level, division, day)
        return list(addressees)

    def _look_up(self, level: Level, division: str | None, day: date) -> list[Addressee]:
        vacant: list[str] = []
        for rank in self._upward_from(level):
            posts = self.posts_at(rank, division)
            filled = [(post, person, acting) for post in posts for person, acting in self.in_charge(post, day)]
            if filled:
                return _once_each(rank, filled, tuple(vacant))
            vacant.extend(post.title for post in posts)
        return []

    def answers_for(self, person: str, division: str | None, day: date) -> list[Level]:
        """Levels whose notices reach `person` on `day`, lowest first: their own, and those they stand in for.

        A person stands in for a level while it is vacant: nobody holds it or acts for it, or there is no such post.
        Whoever is told may do: this and `addressees` are one rule.
        """
        return [
            level for level in _ORDER if any(who.person.key == person for who in self.addressees(level, division, day))
        ]

    def levels_of(self, person: str, division: str | None, day: date) -> list[Level]:
        """Levels at which `person` holds, or acts for, a post of the division's line on `day`, lowest first."""
        held = {(post.level, post.division) for post in self.posts_of(person, day)}
        return [level for level in _ORDER if (level, division if level in _OF_A_DIVISION else None) in held]

    def posts_of(self, person: str, day: date) -> list[Post]:
        """Posts that `person` is in charge of on `day`, in the office's order."""
        held = set(self._index.held_by.get(person, ()))
        return [
            post
            for post in (self.posts if held else ())
            if post.key in held and any(p.key == person for p, _ in self.in_charge(post, day))
        ]

    def _upward_from(self, level: Level) -> Iterator[Level]:
        chain = [Level.OFFICER, *SUPERVISORS]
        if level is Level.ADMINISTRATOR:
            return iter([level])
        rank = chain.index(level)
        downward = [below for below in reversed(chain[:rank]) if below is not Level.OFFICER]
        return iter([*chain[rank:], *downward, Level.ADMINISTRATOR])


def _once_each(rank: Level, filled: Iterable[tuple[Post, Person, bool]], vacant: tuple[str, ...]) -> list[Addressee]:
    titles: dict[str, dict[str, None]] = {}  # a holding may be entered twice, the title is said once
    persons: dict[str, Person] = {}
    for post, person, acting in filled:
        persons[person.key] = person
        titles.setdefault(person.key, {})[f"รักษาราชการแทน{post.title}" if acting else post.title] = None
    return [Addressee(persons[key], rank, tuple(names), vacant) for key, names in titles.items()]
