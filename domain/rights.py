"""Who may make which move, and who may see, publish and administer what: both tables, and their only place.

Officers report, supervisors decide, the administrator helps out. Whoever is told because a post is vacant may do what
its holder could (`People.answers_for`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from domain.assignment import Assignment
from domain.errors import SucharitError
from domain.line import Line
from domain.moves import Move
from domain.people import SUPERVISORS, Division, Level, People
from domain.thai import long_date
from domain.waiting import Wait

_OWN_WORK: Final = frozenset({Level.OFFICER, Level.HEAD, Level.ADMINISTRATOR})
_DECISION: Final = frozenset(SUPERVISORS)

MAY: Final = {
    Move.HAND_IN: _OWN_WORK,
    Move.WITHDRAW: _OWN_WORK,
    Move.CANNOT_DO: _OWN_WORK,
    Move.ASK_EXTENSION: _OWN_WORK,
    Move.ACCEPT: _DECISION,
    Move.CONFIRM: _DECISION,
    Move.RETURN: _DECISION,
    Move.GRANT_EXTENSION: _DECISION,
    Move.REFUSE_EXTENSION: _DECISION,
    Move.ACKNOWLEDGE: _DECISION,
    Move.CHANGE_DEADLINE: frozenset({Level.ADMINISTRATOR}),
    Move.CANCEL: frozenset({Level.ADMINISTRATOR, Level.CLERK, Level.MAYOR}),
}
"""Levels that may make a move; OPEN and ESCALATE are the clock's."""

STANDS_IN: Final = "ในฐานะผู้บังคับบัญชา (ตำแหน่งว่าง)"
"""How a record names who moved in place of a vacant post; รักษาราชการแทน needs an order."""


class NotAllowedError(SucharitError):
    """The person does not hold a post that may do this."""

    english = (
        "{person} may not {move} for {division} on {day}: that is for {who}. Ask one of them, or name an acting holder."
    )
    thai = "{person} ไม่มีสิทธิทำรายการ “{move}” ของ {division} ณ วันที่ {day} ผู้มีสิทธิคือ {who}"


def check(person: str, move: Move, division: str, people: People, day: date) -> None:
    """Let the move pass if `person` holds, acts for, or stands in for a fitting post of the division's line on `day`.

    Raises:
        NotAllowedError: Otherwise.
    """
    if move not in moves_of(person, division, people, day):
        raise not_allowed(person, move, division, people, day)


def not_allowed(person: str, move: Move, division: str, people: People, day: date) -> NotAllowedError:
    """The error of somebody who may not make a move; it names who may."""
    who = ", ".join(sorted(_holders(MAY.get(move, frozenset()), division, people, day)))
    return NotAllowedError(
        person=person,
        move=move,
        move_thai=move.label,
        division=division,
        day=day,
        day_thai=long_date(day),
        who=who or "nobody yet",
        who_thai=who or "ยังไม่มีผู้ดำรงตำแหน่ง",
    )


class OwnMatterError(SucharitError):
    """Four eyes: nobody decides what they did themselves, in whatever post, where another person can."""

    english = "{person} does not decide this: it is their own matter, or their division's. It lies with {who}."
    thai = "เรื่องนี้ท่านเป็นผู้ดำเนินการหรือเป็นของส่วนราชการของท่านเอง จึงพิจารณาเองไม่ได้ ผู้พิจารณาคือ {who}"


_DECIDES_RESULT: Final = frozenset({Move.ACCEPT, Move.RETURN, Move.CONFIRM})
_DECIDES_REQUEST: Final = frozenset({Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION})


def lies_with(person: str, move: Move, assignment: Assignment, line: Line) -> bool:
    """Tell whether the decision that a move makes lies with `person`: in a line of one person that is the doer."""
    wait = _decided(move, assignment)
    return wait is not None and person in line.deciders(wait.by, wait.level).persons


def check_four_eyes(person: str, move: Move, assignment: Assignment, line: Line, people: People) -> None:
    """Let a decision pass if it lies with `person`, or with somebody below them, and is not about their own act.

    Raises:
        OwnMatterError: Otherwise; it names with whom it lies.
    """
    wait = _decided(move, assignment)
    if wait is not None and not line.may_decide(person, wait.by, wait.level):
        raise _own_matter(person, line.deciders(wait.by, wait.level).persons, people)


def check_not_own_division(person: str, line: Line, people: People) -> None:
    """Let an administrator pass who is neither officer nor head of the division whose work is put off or cancelled.

    Raises:
        OwnMatterError: Otherwise: it is asked for as by everybody.
    """
    if person in (*line.at(Level.OFFICER), *line.at(Level.HEAD)):
        raise _own_matter(person, line.deciders(person, Level.OFFICER).persons, people)


def _decided(move: Move, assignment: Assignment) -> Wait | None:
    if move in _DECIDES_REQUEST:
        return assignment.extension.wait if assignment.extension else None
    return assignment.waiting if move in _DECIDES_RESULT else None


def _own_matter(person: str, deciders: Iterable[str], people: People) -> OwnMatterError:
    found = (people.person(key) for key in deciders if key != person)
    names = ", ".join(each.name for each in found if each is not None)
    own = people.person(person)
    return OwnMatterError(
        person=own.name if own else person,
        who=names or "nobody yet: name an acting holder of a post above",
        who_thai=names or "ยังไม่มี โปรดกำหนดผู้รักษาราชการแทนในตำแหน่งที่สูงกว่า",
    )


def moves_of(person: str, division: str, people: People, day: date) -> frozenset[Move]:
    """Moves that a person may make on a day, of an assignment whose state allows them."""
    levels = people.answers_for(person, division, day)
    return frozenset(move for move, allowed in MAY.items() if not allowed.isdisjoint(levels))


def in_place_of(person: str, move: Move, division: str, people: People, day: date) -> Level | None:
    """The lowest vacant level that gives a person the right to a move; None where a post of their own gives it."""
    allowed = MAY.get(move, frozenset())
    if not allowed.isdisjoint(people.levels_of(person, division, day)):
        return None
    return next((level for level in people.answers_for(person, division, day) if level in allowed), None)


def _holders(levels: frozenset[Level], division: str, people: People, day: date) -> set[str]:
    return {
        f"{who.person.name} ({who.person.key})" for level in levels for who in people.addressees(level, division, day)
    }


class Role(StrEnum):
    """What gives a right: a post for the whole office, or one in the line of a division."""

    ADMINISTRATOR = "administrator"
    OVER_ALL = "over all"  # clerk and mayor
    SUPERVISOR = "supervisor"  # of some division
    MEMBER = "member"  # officer or head of the division in question
    ITS_SUPERVISOR = "its supervisor"  # of the division in question


class Right(StrEnum):
    """What somebody may do beside the moves of an assignment."""

    ADMINISTER = "administer"
    OVERSEE = "oversee"  # the overview, the quarterly reports, the list of what is public
    REVIEW = "review"  # the queue of what waits for a decision
    SPEAK_FOR_OFFICE = "speak for the office"  # freeze its reports, publish its plan and reports
    SEE_DIVISION = "see a division"  # its assignments with their evidence, which may hold personal data
    REPORT_FOR_DIVISION = "report for a division"
    OVERSEE_DIVISION = "oversee a division"  # its figures, what it publishes, the address of its calendar


GIVES: Final[Mapping[Right, frozenset[Role]]] = {
    Right.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
    Right.OVERSEE: frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR}),
    Right.REVIEW: frozenset({Role.SUPERVISOR}),
    Right.SPEAK_FOR_OFFICE: frozenset({Role.ADMINISTRATOR, Role.OVER_ALL}),
    Right.SEE_DIVISION: frozenset({Role.ADMINISTRATOR, Role.MEMBER, Role.ITS_SUPERVISOR}),
    Right.REPORT_FOR_DIVISION: frozenset({Role.ADMINISTRATOR, Role.MEMBER}),
    Right.OVERSEE_DIVISION: frozenset({Role.ADMINISTRATOR, Role.ITS_SUPERVISOR}),
}
"""Roles of which one is enough."""

_WHO: Final[Mapping[Right, tuple[str, str]]] = {
    Right.ADMINISTER: ("administrators", "ผู้ดูแลระบบ"),
    Right.OVERSEE: ("supervisors and administrators", "ผู้บังคับบัญชาและผู้ดูแลระบบ"),
    Right.REVIEW: ("supervisors", "ผู้บังคับบัญชา"),
    Right.SPEAK_FOR_OFFICE: ("the clerk, the mayor and administrators", "ปลัด นายก และผู้ดูแลระบบ"),
    Right.SEE_DIVISION: ("those who work in or supervise {division}", "ผู้ที่อยู่ในหรือกำกับดูแล{division}"),
    Right.REPORT_FOR_DIVISION: ("those who work in the division", "ผู้ที่อยู่ในกองนี้"),
    Right.OVERSEE_DIVISION: ("supervisors of the division", "ผู้บังคับบัญชาของกองเจ้าของงาน"),
}


class NotForYouError(SucharitError):
    """A page for people with another post."""

    english = "This page is for {who}. If it should be yours, ask the administrator for the post."
    thai = "หน้านี้สำหรับ{who_thai} หากควรเป็นของท่าน โปรดแจ้งผู้ดูแลระบบให้กำหนดตำแหน่ง"


@dataclass(frozen=True, slots=True)
class Roles:
    """What a person is in the office on a day: keys of the divisions they belong to and of those they supervise."""

    divisions: tuple[str, ...]
    supervised: tuple[str, ...]
    is_administrator: bool
    is_over_all: bool

    @property
    def is_supervisor(self) -> bool:
        """Somebody's results come to them."""
        return bool(self.supervised)

    def has(self, right: Right, division: str | None = None) -> bool:
        """Tell whether one of the roles gives the right; `division` is a key, for rights over one."""
        held = {
            Role.ADMINISTRATOR: self.is_administrator,
            Role.OVER_ALL: self.is_over_all,
            Role.SUPERVISOR: self.is_supervisor,
            Role.MEMBER: division in self.divisions,
            Role.ITS_SUPERVISOR: division in self.supervised,
        }
        return any(held[role] for role in GIVES[right])


def roles_of(people: People, person: str, day: date) -> Roles:
    """What a person is on a day, by their own posts and by vacant ones whose notices come to them."""
    wide = {post.level for post in people.posts_of(person, day) if post.division is None}
    levels = {d.key: set(people.answers_for(person, d.key, day)) for d in people.divisions}
    return Roles(
        divisions=tuple(key for key, own_levels in levels.items() if own_levels & {Level.OFFICER, Level.HEAD}),
        supervised=tuple(key for key, own_levels in levels.items() if own_levels & set(SUPERVISORS)),
        is_administrator=Level.ADMINISTRATOR in wide,
        is_over_all=bool({Level.CLERK, Level.MAYOR} & wide),
    )


def check_right(roles: Roles, right: Right, division: Division | None = None) -> None:
    """Let pass whoever has the right.

    Raises:
        NotForYouError: None of the roles gives it; says to whom it belongs.
    """
    if not roles.has(right, division.key if division else None):
        who, thai = (text.format(division=division.name if division else "") for text in _WHO[right])
        raise NotForYouError(who=who, who_thai=thai)
