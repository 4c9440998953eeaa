"""What a page says after a move of an assignment: that it was made, whom it waits for now, and what comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.assignment import ACTIONABLE, Assignment, State
from domain.people import Level
from domain.rights import Roles
from services.desk import Desk
from services.office.posts import told_names
from services.overview import inbox
from services.overview.inbox import Filter, Page
from web.door.visit import Visit
from web.view.waiting import Waiting, waiting, waiting_of_cards


class Kind(StrEnum):
    """What was done: the word behind `?done=` in the page's address; a report without a review counts at once."""

    SENT = "sent"
    COUNTED = "counted"
    WITHDRAWN = "withdrawn"
    UNSTATED = "unstated"
    CANNOT = "cannot"
    ASKED = "asked"
    ACCEPT = "accept"
    CONFIRM = "confirm"
    RETURN = "return"
    GRANT = "grant"
    REFUSE = "refuse"
    ACKNOWLEDGE = "acknowledge"


_ANY: Final = frozenset(State)
_SAID: Final[Mapping[Kind, tuple[Collection[State], str]]] = {
    Kind.SENT: ({State.HANDED_IN}, "ส่งรายงานแล้ว รอ {who} ตรวจ"),
    Kind.COUNTED: ({State.ACCEPTED}, "ส่งรายงานแล้ว นับว่าดำเนินการแล้วเสร็จ"),
    Kind.WITHDRAWN: (ACTIONABLE, "ดึงรายงานกลับมาแล้ว แก้ไขแล้วโปรดส่งอีกครั้ง"),
    Kind.UNSTATED: (ACTIONABLE, "ถอนการแจ้งแล้ว โปรดดำเนินการและส่งรายงานภายในวันที่ {day}"),
    Kind.CANNOT: ({State.CANNOT_DO_STATED}, "แจ้งแล้วว่าไม่สามารถดำเนินการได้ รอ {who} พิจารณา"),
    Kind.ASKED: (ACTIONABLE, "ส่งคำขอขยายเวลาแล้ว รอ {who} พิจารณา"),
    Kind.ACCEPT: ({State.ACCEPTED}, "เห็นชอบแล้ว"),
    Kind.CONFIRM: ({State.CANNOT_DO}, "เห็นชอบแล้วว่าไม่สามารถดำเนินการได้"),
    Kind.RETURN: ({State.RETURNED}, "ส่งกลับให้{division}แก้ไขแล้ว ครบกำหนดส่งอีกครั้ง {day}"),
    Kind.GRANT: (_ANY, "อนุมัติแล้ว กำหนดใหม่คือ {day}"),
    Kind.REFUSE: (_ANY, "แจ้งผลว่าไม่อนุมัติการขยายเวลาแล้ว"),
    Kind.ACKNOWLEDGE: (_ANY, "รับทราบแล้ว"),
}
"""The states to which each may have led, and the sentence."""

_DECISIONS: Final = frozenset({Kind.ACCEPT, Kind.CONFIRM, Kind.RETURN, Kind.GRANT, Kind.REFUSE, Kind.ACKNOWLEDGE})


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
    states, sentence = _SAID[kind]
    if assignment.state not in states:
        return None
    who = _who(desk, visit, assignment)
    if kind not in _DECISIONS or visit.is_link:
        return Confirmation(kind, sentence, who)
    left = inbox.queue(desk, roles.supervised, visit.now, Filter()).waiting
    waits = waiting_of_cards(desk, left.cards, visit.person, visit.now)
    following = next((key for key in _in_order(left, waits) if key != assignment.id), "")
    return Confirmation(kind, sentence, who, left.total, following)


def _who(desk: Desk, visit: Visit, assignment: Assignment) -> str:
    """With whom it lies now; whoever supervises the division where nothing is waited for."""
    names = [each.who for each in waiting(desk, assignment, visit.person, visit.now)]
    heads = told_names(desk.people, (Level.HEAD,), assignment.division, desk.workdays.local_day(visit.now))
    return ", ".join(names or heads) or "ผู้บังคับบัญชา"


def _in_order(left: Page, waits: Mapping[str, tuple[Waiting, ...]]) -> Iterator[str]:
    """Ids of a page of the queue that lie with the reader; what was stored before waits were has none."""
    for card in left.cards:
        found = waits.get(card.id, ())
        if not found or any(each.is_theirs for each in found):
            yield card.id
