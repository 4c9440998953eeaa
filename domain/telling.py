"""Who is told of what a person just did: those who must act on it, those who had heard of it, never the doer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from domain.assignment import Assignment
from domain.line import LINE, Line, Seat
from domain.moves import Move
from domain.notice import NoticeIntent, NoticeKind
from domain.people import Level
from domain.waiting import Wait

_KINDS: Final = {
    Move.OPEN: NoticeKind.OPENED,
    Move.HAND_IN: NoticeKind.HANDED_IN,
    Move.WITHDRAW: NoticeKind.WITHDRAWN,
    Move.RETURN: NoticeKind.RETURNED,
    Move.ACCEPT: NoticeKind.ACCEPTED,
    Move.CANNOT_DO: NoticeKind.CANNOT_DO,
    Move.CONFIRM: NoticeKind.CONFIRMED,
    Move.CANCEL: NoticeKind.CANCELLED,
    Move.ASK_EXTENSION: NoticeKind.EXTENSION_ASKED,
    Move.GRANT_EXTENSION: NoticeKind.EXTENSION_DECIDED,
    Move.REFUSE_EXTENSION: NoticeKind.EXTENSION_DECIDED,
    Move.CHANGE_DEADLINE: NoticeKind.DEADLINE_CHANGED,
    Move.ACKNOWLEDGE: NoticeKind.ORDERED,
}

WAS_HEARD: Final = frozenset({Move.WITHDRAW, Move.CANCEL})
"""Moves of which those are told who had been told before; the caller names them."""


def told_of(
    after: Assignment,
    move: Move,
    line: Line,
    *,
    by: str = "",
    reason: str = "",
    doer: str = "",
    heard: Iterable[str] = (),
) -> tuple[NoticeIntent, ...]:
    """Who is told of a move just made; empty for moves that concern nobody else.

    Nobody is written to about what they just did. The key holds the version, so that every move of a second round is
    told anew.

    Args:
        doer: Key of who had handed in, stated or asked what `by` decided.
        heard: Keys of those to whom a letter about it has left, for the moves of WAS_HEARD.
    """
    if move not in _KINDS:
        return ()
    return tuple(
        NoticeIntent(
            key=f"{after.id}/{move}/{after.version}/{person}",
            kind=_KINDS[move],
            assignment=after.id,
            division=after.division,
            level=seat.level,
            by=by,
            reason=reason,
            person=person,
            aimed=_AIMED.get(move, seat.level),
        )
        for person, seat in _recipients(after, move, line, doer, heard).items()
        if person != by
    )


_AIMED: Final[Mapping[Move, Level]] = {Move.OPEN: Level.OFFICER, Move.CHANGE_DEADLINE: Level.OFFICER}


def _recipients(after: Assignment, move: Move, line: Line, doer: str, heard: Iterable[str]) -> dict[str, Seat]:
    if move in WAS_HEARD:
        return {person: _own_seat(line, person) for person in heard}
    if move is Move.ACKNOWLEDGE:
        below = after.acknowledgments[-1].level.rank
        return _by_person(line.reached(level) for level in LINE[:below])
    wait = _waits(after, move)
    if wait is not None:
        return _by_person([line.deciders(wait.by, wait.level)])
    officers = _by_person([line.reached(Level.OFFICER)])
    return {**({doer: _own_seat(line, doer)} if doer and move in _DECISIONS else {}), **officers}


def _waits(after: Assignment, move: Move) -> Wait | None:
    """What waits for a decision since the move."""
    if move is Move.ASK_EXTENSION:
        return after.extension.wait if after.extension else None
    return after.waiting if move in (Move.HAND_IN, Move.CANNOT_DO) else None


_DECISIONS: Final = frozenset({Move.RETURN, Move.ACCEPT, Move.CONFIRM, Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION})


def _by_person(seats: Iterable[Seat]) -> dict[str, Seat]:
    return {person: seat for seat in seats for person in seat.persons}


def _own_seat(line: Line, person: str) -> Seat:
    return Seat(line.highest(person) or Level.OFFICER, (person,))
