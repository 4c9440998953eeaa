"""Send parked letters again, after what parked them has been put right: as things are now, to the address of now."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain.errors import NotFoundError
from domain.ledger import Entry
from domain.outbox import LetterState
from services.desk import Desk

ALL: Final = "all"
SENT_AGAIN: Final = "สั่งส่งใหม่แล้ว ระบบเขียนใหม่ตามที่เป็นอยู่"


def send_again(desk: Desk, which: str, *, by: str, now: datetime) -> int:
    """Let what one parked letter tells, or `all` of them, be written anew and sent; return how many.

    Mail that stands still is tried at once: somebody has mended it. A letter that tells of no notice goes as it is.

    Raises:
        NotFoundError: No letter of this id is parked.
    """
    parked = [letter for letter in desk.uow.letters.all(LetterState.PARKED) if which in (ALL, letter.id)]
    again = [letter for letter in parked if letter.notices or desk.uow.letters.send_again(letter.id, now)]
    anew = [letter for letter in again if letter.notices]
    desk.uow.notices.release(key for letter in anew for key in letter.notices)
    desk.uow.letters.replace((letter.id for letter in anew), now, SENT_AGAIN)
    desk.uow.letters.stand_still(None)
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
