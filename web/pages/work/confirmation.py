"""What a page says after a move of an assignment: that it was made, whom it waits for now, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.assignment import Assignment, State
from domain.people import Level
from domain.rights import Roles
from services.desk import Desk
from services.office.posts import told_names
from services.overview import inbox
from services.overview.inbox import Filter
from web.door.visit import Visit


class Kind(StrEnum):
    """What was done: the word behind `?done=` in the page's address; a report without a review counts at once."""

    SENT = "sent"
    COUNTED = "counted"
    WITHDRAWN = "withdrawn"
    CANNOT = "cannot"
    ASKED = "asked"
    ACCEPT = "accept"
    RETURN = "return"
    GRANT = "grant"
    REFUSE = "refuse"
    ACKNOWLEDGE = "acknowledge"


_SAID: Final = {
    Kind.SENT: (State.HANDED_IN, "ส่งรายงานแล้ว รอ {who} ตรวจ"),
    Kind.COUNTED: (State.ACCEPTED, "ส่งรายงานแล้ว นับว่าดำเนินการแล้วเสร็จ"),
    Kind.WITHDRAWN: (State.OPEN, "ดึงรายงานกลับมาแล้ว แก้ไขแล้วโปรดส่งอีกครั้ง"),
    Kind.CANNOT: (State.CANNOT_DO, "แจ้ง{who}แล้วว่าไม่สามารถดำเนินการได้"),
    Kind.ASKED: (None, "ส่งคำขอขยายเวลาแล้ว รอ {who} พิจารณา"),
    Kind.ACCEPT: (State.ACCEPTED, "เห็นชอบแล้ว"),
    Kind.RETURN: (State.RETURNED, "ส่งกลับให้{division}แก้ไขแล้ว ครบกำหนดส่งอีกครั้ง {day}"),
    Kind.GRANT: (None, "อนุมัติแล้ว กำหนดใหม่คือ {day}"),
    Kind.REFUSE: (None, "แจ้งผลว่าไม่อนุมัติการขยายเวลาแล้ว"),
    Kind.ACKNOWLEDGE: (None, "รับทราบแล้ว"),
}
"""The state that each must have led to, if any, and the sentence."""

_DECISIONS: Final = frozenset({Kind.ACCEPT, Kind.RETURN, Kind.GRANT, Kind.REFUSE, Kind.ACKNOWLEDGE})


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A sentence, whom it names, and for a supervisor what still waits.

    Attributes:
        kind: What was done; a page that says more about it decides by this, never by the sentence.
        waiting: How many results still wait, None where the reader has not just decided.
        following: Id of the one that has waited longest, if any.
    """

    kind: Kind
    sentence: str
    who: str
    waiting: int | None = None
    following: str = ""


def confirmation(desk: Desk, visit: Visit, roles: Roles, assignment: Assignment, done: str) -> Confirmation | None:
    """What to confirm; None where nothing was done, or something else has happened since."""
    if done not in set(Kind):
        return None
    kind = Kind(done)
    if kind is Kind.SENT and assignment.state is State.ACCEPTED:
        kind = Kind.COUNTED
    state, sentence = _SAID[kind]
    if state not in (None, assignment.state):
        return None
    heads = told_names(desk.people, (Level.HEAD,), assignment.division, desk.workdays.local_day(visit.now))
    who = ", ".join(heads) or "ผู้บังคับบัญชา"
    if kind not in _DECISIONS or visit.is_link:
        return Confirmation(kind, sentence, who)
    waiting = inbox.queue(desk, roles.supervised, visit.now, Filter()).waiting
    following = next((card.id for card in waiting.cards if card.id != assignment.id), "")
    return Confirmation(kind, sentence, who, waiting.total, following)
