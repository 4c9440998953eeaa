"""Letters that did not leave are written anew: a letter says what is so when it leaves, not when it first arose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.ledger import Entry
from domain.outbox import Letter
from services.desk import Desk
from services.record import CLOCK

_WRITTEN_ANEW = "เขียนใหม่ตามที่เป็นอยู่"
_NO_POINT = "ไม่มีเรื่องที่ต้องแจ้งแล้ว"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Letters whose notices wait again, by person; who has one that may be on its way gets nothing later before it."""

    letters: Mapping[str, tuple[Letter, ...]]
    under_way: frozenset[str]

    @property
    def ids(self) -> frozenset[str]:
        """Ids of the letters taken back."""
        return frozenset(letter.id for each in self.letters.values() for letter in each)

    def tried(self, letter: Letter) -> Letter:
        """A new letter with the tries of those it stands for: an address that takes nothing is not asked more often."""
        before = [old for old in self.letters.get(letter.person, ()) if old.address == letter.address]
        if not before:
            return letter
        most = max(before, key=lambda old: old.attempts)
        return replace(
            letter,
            attempts=most.attempts,
            first_tried_at=most.first_tried_at,
            next_try_at=max(letter.next_try_at, most.next_try_at) if most.attempts else letter.next_try_at,
            remark=most.remark or letter.remark,
        )


def take_back(desk: Desk, now: datetime) -> TakenBack:
    """Let the notices of every letter wait again that has certainly not left."""
    letters = desk.uow.letters.to_write_anew()
    desk.uow.notices.release(key for letter in letters for key in letter.notices)
    desk.uow.letters.replace((letter.id for letter in letters), now, _NO_POINT)
    by_person: dict[str, tuple[Letter, ...]] = {}
    for letter in letters:
        by_person[letter.person] = (*by_person.get(letter.person, ()), letter)
    return TakenBack(by_person, desk.uow.letters.persons_under_way())


def note_replaced(desk: Desk, taken_back: TakenBack, letters: Iterable[Letter], now: datetime) -> None:
    """Say in the ledger what became of letters that were not written again as they were."""
    written = {letter.id: letter for letter in letters}
    for old in (old for each in taken_back.letters.values() for old in each):
        if old.id in written:
            continue
        instead = sorted(new.id for new in written.values() if not set(old.notices).isdisjoint(new.notices))
        if instead:
            desk.uow.letters.replace([old.id], now, _WRITTEN_ANEW)
        desk.uow.ledger.note(Entry(now, "letter.replaced", CLOCK, old.id, {"to": old.person, "by": instead}))
