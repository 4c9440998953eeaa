"""Send parked letters again, after what parked them has been put right."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain.errors import NotFoundError
from domain.ledger import Entry
from domain.outbox import LetterState
from services.desk import Desk

ALL: Final = "all"


def send_again(desk: Desk, which: str, *, by: str, now: datetime) -> int:
    """Put one parked letter, or `all`, back into the queue; return how many.

    Raises:
        NotFoundError: No letter of this id is parked.
    """
    parked = [letter for letter in desk.uow.letters.all(LetterState.PARKED) if which in (ALL, letter.id)]
    again = [letter for letter in parked if desk.uow.letters.send_again(letter.id, now)]
    if not again:
        raise NotFoundError(
            what="parked letter",
            what_thai="จดหมายที่พักไว้",
            key=which,
            remedy="`sucharit outbox --state parked` lists them.",
            remedy_thai="อาจมีผู้สั่งส่งใหม่แล้ว โปรดดูรายการจดหมายที่พักไว้อีกครั้ง",
        )
    for letter in again:
        facts = {"to": letter.person, "message_id": letter.message_id}
        desk.uow.ledger.note(Entry(now, "letter.sent_again", by, letter.id, facts))
    return len(again)
