"""What a page says after a move of an assignment: that it was made, whom it waits for now, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from domain.assignment import Assignment, State
from domain.people import Level
from services.desk import Desk
from services.office.posts import told_names
from services.overview import inbox
from services.overview.inbox import Filter
from web.door import Standing, Visit

_SAID: Final = {
    "sent": (State.HANDED_IN, "ส่งรายงานแล้ว รอ {who} ตรวจ"),
    "counted": (State.ACCEPTED, "ส่งรายงานแล้ว นับว่าดำเนินการแล้วเสร็จ"),
    "withdrawn": (State.OPEN, "ดึงรายงานกลับมาแล้ว แก้ไขแล้วโปรดส่งอีกครั้ง"),
    "cannot": (State.CANNOT_DO, "แจ้ง{who}แล้วว่าไม่สามารถดำเนินการได้"),
    "asked": (None, "ส่งคำขอขยายเวลาแล้ว รอ {who} พิจารณา"),
    "accept": (State.ACCEPTED, "เห็นชอบแล้ว"),
    "return": (State.RETURNED, "ส่งกลับให้{division}แก้ไขแล้ว ครบกำหนดส่งอีกครั้ง {day}"),
    "grant": (None, "อนุมัติแล้ว กำหนดใหม่คือ {day}"),
    "refuse": (None, "แจ้งผลว่าไม่อนุมัติการขยายเวลาแล้ว"),
    "acknowledge": (None, "รับทราบแล้ว"),
}
"""By what the address says was done: the state it must have led to, and the sentence."""

_DECISIONS: Final = frozenset({"accept", "return", "grant", "refuse", "acknowledge"})


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A sentence, whom it names, and for a supervisor what still waits.

    Attributes:
        waiting: How many results still wait, None where the reader has not just decided.
        following: Id of the one that has waited longest, if any.
    """

    sentence: str
    who: str
    waiting: int | None = None
    following: str = ""


def confirmation(desk: Desk, visit: Visit, standing: Standing, found: Assignment, done: str) -> Confirmation | None:
    """What to confirm; None where nothing was done, or something else has happened since."""
    if done == "sent" and found.state is State.ACCEPTED:
        done = "counted"
    state, sentence = _SAID.get(done, (None, ""))
    if not sentence or state not in (None, found.state):
        return None
    heads = told_names(desk.people, (Level.HEAD,), found.division, desk.workdays.local_day(visit.now))
    who = ", ".join(heads) or "ผู้บังคับบัญชา"
    if done not in _DECISIONS or visit.is_link:
        return Confirmation(sentence, who)
    waiting = inbox.queue(desk, standing.supervised, visit.now, Filter()).waiting
    following = next((one.id for one in waiting.cards if one.id != found.id), "")
    return Confirmation(sentence, who, waiting.total, following)
