"""Who hears that a letter was given up: the administrator, and whoever is above a reader who cannot be reached."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.notice import INSTEAD_OF, NoticeIntent, NoticeKind
from domain.outbox import Letter
from domain.people import Level
from notifications.faults import Blame, DeliveryError
from services.desk import Desk
from services.outbox.remarks import unreached
from storage.unit_of_work import UnitOfWork

_CANNOT_WAIT: Final = frozenset(
    {
        NoticeKind.OPENED,
        NoticeKind.HANDOVER,
        NoticeKind.REMINDER,
        NoticeKind.RETURNED,
        NoticeKind.ORDERED,
        NoticeKind.DEADLINE_CHANGED,
        NoticeKind.EXTENSION_DECIDED,
        NoticeKind.HANDED_IN,
        NoticeKind.CANNOT_DO,
        NoticeKind.EXTENSION_ASKED,
    }
)
"""Kinds that ask their reader for something and that no rung above will repeat by itself."""


def tell_of_undelivered(uow: UnitOfWork, letter: Letter, error: DeliveryError, now: datetime) -> None:
    """Note the notices that follow from a letter that was given up; they leave with the next delivery, the same day.

    A letter that tells of no notice was asked for by its reader, who sees that none comes.
    """
    notices = [each for each in uow.notices.named(letter.notices).values() if each.kind is not NoticeKind.UNDELIVERED]
    if not notices:
        return
    desk = Desk.open(uow)
    uow.notices.add(_to_administrators(desk, letter, notices, error, now), now)
    if error.blame is Blame.RECIPIENT:
        uow.notices.add((each for notice in notices for each in _instead(desk, letter, notice, now)), now)
    uow.notices.write()


def _to_administrators(
    desk: Desk, letter: Letter, notices: Sequence[NoticeIntent], error: DeliveryError, now: datetime
) -> Iterator[NoticeIntent]:
    """Once a week for an address: the page has them all."""
    day, first = desk.workdays.local_day(now), notices[0]
    week = "{}-{}".format(*day.isocalendar()[:2])
    mark = hashlib.sha256((letter.address or "").encode()).hexdigest()[:16]
    for administrator in desk.people.addressees(Level.ADMINISTRATOR, None, day):
        person = administrator.person.key
        if person != letter.person:
            yield NoticeIntent(
                key=f"{first.assignment}/undelivered/{letter.person}/{mark}/{week}/{person}",
                kind=NoticeKind.UNDELIVERED,
                assignment=first.assignment,
                division=first.division,
                level=Level.ADMINISTRATOR,
                by=letter.person,
                reason=f"“{letter.subject}” {error.in_thai()}",
                person=person,
                aimed=Level.ADMINISTRATOR,
            )


def _instead(desk: Desk, letter: Letter, notice: NoticeIntent, now: datetime) -> Iterator[NoticeIntent]:
    """To the next filled level above, where nobody else at the reader's own level was told."""
    line = desk.rules.line(notice.division, desk.workdays.local_day(now))
    not_reached = unreached(desk).get(notice.assignment, frozenset())  # the letter's own reader is one of them
    others = [person for person in line.at(notice.level) if person not in {letter.person, *not_reached}]
    seat = line.above(notice.level, [letter.person])
    if notice.kind not in _CANNOT_WAIT or others or seat is None:
        return
    for person in seat.persons:
        yield replace(
            notice,
            key=f"{notice.key}{INSTEAD_OF}{letter.person}/{person}",
            person=person,
            level=seat.level,
            aimed=notice.aimed or notice.level,
            reason=f"{notice.reason} แจ้ง{desk.person_name(letter.person)}ทางอีเมลไม่สำเร็จ โปรดแจ้งผู้นั้นโดยทางอื่น".strip(),
        )
