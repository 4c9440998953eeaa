"""Who may make which move: officers report, supervisors decide, the administrator helps out.

Whoever is told because a post is vacant may do what its holder could (`People.answers_for`).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from domain.errors import SucharitError
from domain.moves import Move
from domain.people import SUPERVISORS, Level, People
from domain.thai import long_date

_OWN_WORK: Final = frozenset({Level.OFFICER, Level.HEAD, Level.ADMINISTRATOR})
_DECISION: Final = frozenset(SUPERVISORS)

MAY: Final = {
    Move.HAND_IN: _OWN_WORK,
    Move.WITHDRAW: _OWN_WORK,
    Move.CANNOT_DO: _OWN_WORK,
    Move.ASK_EXTENSION: _OWN_WORK,
    Move.ACCEPT: _DECISION,
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
    allowed = MAY.get(move, frozenset())
    if move not in moves_of(person, division, people, day):
        who = ", ".join(sorted(_holders(allowed, division, people, day)))
        raise NotAllowedError(
            person=person,
            move=move,
            move_thai=move.label,
            division=division,
            day=day,
            day_thai=long_date(day),
            who=who or "nobody yet",
            who_thai=who or "ยังไม่มีผู้ดำรงตำแหน่ง",
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
