"""What waits for a decision, with whom it lies and since when; and who took note of a lateness, until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from domain.assignment import WAITING, Assignment, State
from domain.ledger import LedgerLine
from domain.moves import Move
from domain.people import Level
from domain.waiting import Wait
from services.desk import Desk
from services.overview.inbox import Card
from services.record import kind_of

REPORT: Final = "รายงานผล รอการพิจารณาของ {who} ตั้งแต่วันที่ {day}"
STATEMENT: Final = "การแจ้งว่าไม่สามารถดำเนินการได้ รอการพิจารณาของ {who} ตั้งแต่วันที่ {day}"
REQUEST: Final = "คำขอขยายเวลา รอการพิจารณาของ {who} ตั้งแต่วันที่ {day}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that lies with somebody.

    Attributes:
        sentence: What it is, with `{who}` and `{day}` to fill in.
        who: Names of those with whom it lies, in the order of the office.
        persons: Their keys.
        level: Their level.
        since: Local date from which the days are counted.
        is_statement: Whether the division says that it cannot be done.
        is_theirs: Whether the reader may decide it: it lies with them, or with somebody below them.
    """

    sentence: str
    who: str
    persons: tuple[str, ...]
    level: Level
    since: date
    is_statement: bool
    is_theirs: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """Somebody above took note of a lateness: who, at which level, when, until when, and what they ordered."""

    who: str
    level: Level
    on: date
    until: date
    words: str


def waiting(desk: Desk, assignment: Assignment, reader: str, now: datetime) -> tuple[Waiting, ...]:
    """What of an assignment lies with somebody now, the result or the statement first, then the request for time."""
    return tuple(_waiting(desk, assignment, wait, reader, now) for wait in assignment.waits)


def _waiting(desk: Desk, assignment: Assignment, wait: Wait, reader: str, now: datetime) -> Waiting:
    line = desk.line(assignment.division, now)
    seat = line.deciders(wait.by, wait.level)
    return Waiting(
        sentence=_sentence(assignment),
        who=", ".join(map(desk.person_name, seat.persons)),
        persons=seat.persons,
        level=seat.level,
        since=wait.since,
        is_statement=assignment.state is State.CANNOT_DO_STATED,
        is_theirs=line.may_decide(reader, wait.by, wait.level),
    )


def _sentence(assignment: Assignment) -> str:
    if assignment.state not in WAITING:
        return REQUEST
    return REPORT if assignment.state is State.HANDED_IN else STATEMENT


def waiting_of_cards(
    desk: Desk, cards: Iterable[Card], reader: str, now: datetime
) -> Mapping[str, tuple[Waiting, ...]]:
    """What waits of the cards of a list, by id; all of them are read at once."""
    found = desk.uow.assignments.many(card.id for card in cards)
    return {key: waiting(desk, assignment, reader, now) for key, assignment in found.items()}


def noted(desk: Desk, assignment: Assignment, history: Iterable[LedgerLine]) -> tuple[Noted, ...]:
    """Who took note of the lateness under the deadline in force, the earliest first, with what they ordered."""
    words = {
        (line.entry.actor, line.entry.data.get("until")): str(line.entry.data.get("words", ""))
        for line in history
        if line.entry.kind == kind_of(Move.ACKNOWLEDGE)
    }
    return tuple(
        Noted(
            who=desk.person_name(each.person),
            level=each.level,
            on=each.on,
            until=each.until,
            words=words.get((each.person, each.until.isoformat()), ""),
        )
        for each in assignment.acknowledgments
    )
