"""Repository of letters: leased by one deliverer at a time, settled by the one that holds the lease."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    LargeBinary,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from domain.outbox import Letter, LetterState, Standstill
from storage.outbox_tables import LetterRow, NoticeRow, StandstillRow
from storage.repository import Repository
from storage.tables import PersonRow
from storage.types import UtcDateTime

LOCKED: Final = "lock:"
"""How the names of deliverers begin that hold a lock; leases of others end by the clock alone."""


@dataclass(frozen=True, slots=True)
class LetterCounts:
    """How many letters stand where."""

    waiting: int = 0
    sent: int = 0
    parked: int = 0
    to_print: int = 0
    replaced: int = 0


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A parked letter: its reader, the keys of the notices it tells, when it was parked."""

    person: str
    notices: tuple[str, ...]
    at: datetime | None


_LETTERS: Final = cast("Table", LetterRow.__table__)
_COUNTS = (
    select(_LETTERS.c.state, func.count()).where(_LETTERS.c.office_id == bindparam("office")).group_by(_LETTERS.c.state)
)
_SETTLE = (
    update(_LETTERS)
    .where(_LETTERS.c.office_id == bindparam("office"), _LETTERS.c.id == bindparam("letter"))
    .where(_LETTERS.c.lease_owner == bindparam("owner"))
    .values(
        state=bindparam("new_state"),
        remark=bindparam("new_remark"),
        lease_owner=None,
        lease_until=None,
        next_try_at=func.coalesce(bindparam("new_try", type_=UtcDateTime()), _LETTERS.c.next_try_at),
        settled_at=bindparam("new_settled", type_=UtcDateTime()),
        is_unsure=or_(_LETTERS.c.is_unsure, bindparam("unsure", type_=Boolean())),
        attempts=_LETTERS.c.attempts - bindparam("unspent"),
        first_tried_at=case(
            (and_(bindparam("unspent") == 1, _LETTERS.c.attempts <= 1), None), else_=_LETTERS.c.first_tried_at
        ),
        mail=func.coalesce(bindparam("new_mail", type_=LargeBinary()), _LETTERS.c.mail),
        # The mail as it was sent has these words: once is enough, and they are the most of it.
        html=case((bindparam("keeps") == 1, ""), else_=_LETTERS.c.html),
    )
    .returning(_LETTERS.c.id)
)


def _is_free(now: datetime) -> ColumnElement[bool]:
    """Nobody is at it: the lease of a deliverer with a lock ends with the lock, every other one by the clock."""
    is_over = and_(LetterRow.lease_until <= now, LetterRow.lease_owner.not_like(f"{LOCKED}%"))
    return or_(LetterRow.lease_owner.is_(None), is_over)


def _goes_as_it_is() -> ColumnElement[bool]:
    return or_(LetterRow.notices == "[]", LetterRow.is_unsure, LetterRow.lease_owner.is_not(None))


class Letters(Repository):
    """Letters of one office."""

    def add(self, letters: Sequence[Letter]) -> None:
        """Put letters into the outbox; one that was replaced and is written again as it was takes its old place."""
        if letters:
            self._session.execute(
                delete(LetterRow)
                .where(LetterRow.office_id == self._office_id, LetterRow.state == LetterState.REPLACED.value)
                .where(LetterRow.is_unsure.is_(False))
                .where(LetterRow.id.in_([letter.id for letter in letters]))
            )
            self._session.execute(insert(LetterRow), [self._row(letter) for letter in letters])

    def to_write_anew(self) -> list[Letter]:
        """Letters that tell of notices, wait, have certainly not left, and are nobody's: due or not."""
        rows = self._session.scalars(
            select(LetterRow)
            .where(LetterRow.office_id == self._office_id, LetterRow.state == LetterState.WAITING.value)
            # Leased by whomever and never settled, it may have left: then it goes as it is.
            .where(LetterRow.notices != "[]", LetterRow.is_unsure.is_(False), LetterRow.lease_owner.is_(None))
            .order_by(LetterRow.created_at, LetterRow.id)
            .with_for_update()
        )
        return [_letter(row) for row in rows]

    def persons_under_way(self) -> frozenset[str]:
        """Who has a letter that tells of notices and may be on its way: nothing later overtakes it."""
        rows = self._session.scalars(
            select(LetterRow.person)
            .where(LetterRow.office_id == self._office_id, LetterRow.state == LetterState.WAITING.value)
            .where(LetterRow.notices != "[]", or_(LetterRow.is_unsure.is_(True), LetterRow.lease_owner.is_not(None)))
        )
        return frozenset(rows)

    def replace(self, ids: Iterable[str], now: datetime, remark: str) -> None:
        """Say that letters never left and will not."""
        self._session.execute(
            update(LetterRow)
            .where(LetterRow.office_id == self._office_id, LetterRow.id.in_(sorted(ids)))
            .values(state=LetterState.REPLACED.value, settled_at=now, remark=remark, lease_owner=None, lease_until=None)
        )

    def holders(self) -> list[str]:
        """Names of the deliverers with a lock that hold letters."""
        rows = self._session.scalars(
            select(LetterRow.lease_owner)
            .where(LetterRow.office_id == self._office_id, LetterRow.state == LetterState.WAITING.value)
            .where(LetterRow.lease_owner.like(f"{LOCKED}%"))
            .distinct()
        )
        return sorted(name for name in rows if name)

    def take_over(self, holders: Collection[str], now: datetime) -> int:
        """Let go of what deliverers held that are gone; whether it left nobody knows, so it goes again as it is."""
        taken = self._session.scalars(
            update(LetterRow)
            .where(LetterRow.office_id == self._office_id, LetterRow.state == LetterState.WAITING.value)
            .where(LetterRow.lease_owner.in_(sorted(holders)))
            .values(lease_owner=None, lease_until=None, is_unsure=True, next_try_at=now)
            .returning(LetterRow.id)
        ).all()
        return len(taken)

    def is_any_due(self, now: datetime) -> bool:
        """Tell whether a letter waits to be sent at `now`."""
        due = select(LetterRow.id).where(
            LetterRow.office_id == self._office_id,
            LetterRow.state == LetterState.WAITING.value,
            LetterRow.next_try_at <= now,
        )
        return self._session.scalar(due.limit(1)) is not None

    def lease(
        self,
        owner: str,
        now: datetime,
        *,
        limit: int,
        for_: timedelta,
        only: str | None = None,
        only_links: bool = False,
        only_as_they_are: bool = False,
    ) -> list[Letter]:
        """Take up to `limit` letters that are due and nobody holds; they are `owner`'s until `now` + `for_`.

        Args:
            only: Id of the one letter wanted; any that is due, if not given.
            only_links: Whether only letters are taken that tell of no notice.
            only_as_they_are: Whether only letters are taken that would not be written anew.
        """
        named = [] if only is None else [LetterRow.id == only]
        due = (
            select(LetterRow.id)
            .where(
                LetterRow.office_id == self._office_id,
                LetterRow.state == LetterState.WAITING.value,
                LetterRow.next_try_at <= now,
                _is_free(now),
                *([LetterRow.notices == "[]"] if only_links else []),
                *([_goes_as_it_is()] if only_as_they_are else []),
                *named,
            )
            # What failed last goes behind what was never tried: a few bad addresses must not stand before all others.
            .order_by(
                case((LetterRow.attempts == 0, 0), else_=1), LetterRow.next_try_at, LetterRow.created_at, LetterRow.id
            )
            .limit(limit)
            .with_for_update(skip_locked=True)
            # As a plain subquery PostgreSQL may run it once a row, each time skipping what it has locked just before.
            .cte("due")
        )
        taken = self._session.scalars(
            update(LetterRow)
            .where(LetterRow.office_id == self._office_id, LetterRow.id.in_(select(due.c.id)))
            .values(
                # Leased and never settled, by a deliverer that knew no lock: it may have left.
                is_unsure=or_(LetterRow.is_unsure, LetterRow.lease_owner.is_not(None)),
                lease_owner=owner,
                lease_until=now + for_,
                attempts=LetterRow.attempts + 1,
                first_tried_at=func.coalesce(LetterRow.first_tried_at, literal(now, UtcDateTime())),
            )
            .returning(LetterRow)
            .execution_options(populate_existing=True)
        ).all()
        return sorted((_letter(row) for row in taken), key=_in_order)

    def settle(
        self,
        letter_id: str,
        owner: str,
        state: LetterState,
        *,
        now: datetime,
        remark: str,
        next_try_at: datetime | None,
        is_unsure: bool = False,
        is_spent: bool = True,
        mail: bytes | None = None,
    ) -> bool:
        """Record what became of a leased letter and give the lease back; False if it is no longer `owner`'s.

        Args:
            is_unsure: Whether it may have left without our knowing.
            is_spent: Whether the try counts; not where the fault was nothing of this letter's or its reader's.
            mail: The mail as it was sent.
        """
        settled = self._session.connection().scalar(
            _SETTLE,
            {
                "office": self._office_id,
                "letter": letter_id,
                "owner": owner,
                "new_state": state.value,
                "new_remark": remark,
                "new_try": next_try_at,
                "new_settled": None if next_try_at else now,
                "unsure": is_unsure,
                "unspent": 0 if is_spent else 1,
                "keeps": 0 if mail is None else 1,
                "new_mail": zlib.compress(mail) if mail is not None else None,
            },
        )
        return settled is not None

    def send_again(self, letter_id: str, now: datetime) -> bool:
        """Put a parked or printed letter that tells of no notice back into the queue; False if it is none.

        It goes to the address that the person has now: a wrong one may be why it was parked.
        """
        now_at = (
            select(PersonRow.email)
            .where(PersonRow.office_id == self._office_id, PersonRow.key == LetterRow.person)
            .scalar_subquery()
        )
        address = func.coalesce(now_at, LetterRow.address)
        again = self._session.scalar(
            update(LetterRow)
            .where(LetterRow.office_id == self._office_id, LetterRow.id == letter_id, address.is_not(None))
            .where(LetterRow.state.in_([LetterState.PARKED.value, LetterState.TO_PRINT.value]))
            .values(state=LetterState.WAITING.value, attempts=0, first_tried_at=None, next_try_at=now, settled_at=None)
            .values(address=address)
            .returning(LetterRow.id)
        )
        return again is not None

    def all(self, state: LetterState | None = None) -> list[Letter]:
        """Letters (in one state, if named), oldest first."""
        condition = [] if state is None else [LetterRow.state == state.value]
        rows = self._session.scalars(
            select(LetterRow)
            .where(LetterRow.office_id == self._office_id, *condition)
            .order_by(LetterRow.created_at, LetterRow.id)
        )
        return [_letter(row) for row in rows]

    def mail(self, letter_id: str) -> bytes | None:
        """A letter's mail, byte for byte as it was sent; None where it was not, or before mails were kept."""
        packed = self._session.scalar(
            select(LetterRow.mail).where(LetterRow.office_id == self._office_id, LetterRow.id == letter_id)
        )
        return zlib.decompress(packed) if packed is not None else None

    def waiting_since(self) -> datetime | None:
        """When arose what waits longest in a letter; None where none waits. A letter written anew is not younger."""
        rows = self._session.execute(
            select(LetterRow.created_at, LetterRow.notices).where(
                LetterRow.office_id == self._office_id, LetterRow.state == LetterState.WAITING.value
            )
        ).all()
        keys = sorted({key for _, notices in rows for key in json.loads(notices)})
        arose = [
            self._session.scalar(
                select(func.min(NoticeRow.created_at)).where(
                    NoticeRow.office_id == self._office_id, NoticeRow.key.in_(keys[start : start + 500])
                )
            )
            for start in range(0, len(keys), 500)
        ]
        return min((each for each in (*arose, *(row[0] for row in rows)) if each is not None), default=None)

    def given_up(self) -> list[GivenUp]:
        """What is known of the letters that were given up, without their words."""
        rows = self._session.execute(
            select(LetterRow.person, LetterRow.notices, LetterRow.settled_at).where(
                LetterRow.office_id == self._office_id, LetterRow.state == LetterState.PARKED.value
            )
        )
        return [GivenUp(person, tuple(json.loads(notices)), settled_at) for person, notices, settled_at in rows]

    def used_ids(self) -> frozenset[str]:
        """Ids of replaced letters that may have left all the same: what is written anew needs another Message-ID."""
        rows = self._session.scalars(
            select(LetterRow.id).where(
                LetterRow.office_id == self._office_id,
                LetterRow.state == LetterState.REPLACED.value,
                LetterRow.is_unsure.is_(True),
            )
        )
        return frozenset(rows)

    def standstill(self) -> Standstill | None:
        """Why nothing leaves at present, if that is so."""
        row = self._session.get(StandstillRow, self._office_id)
        return Standstill(row.since, row.tries, row.next_try_at, row.why) if row else None

    def stand_still(self, standstill: Standstill | None) -> None:
        """Note why nothing leaves, or that mail leaves again."""
        self._session.execute(delete(StandstillRow).where(StandstillRow.office_id == self._office_id))
        if standstill is not None:
            facts = {"since": standstill.since, "tries": standstill.tries, "next_try_at": standstill.next_try_at}
            self._session.execute(insert(StandstillRow).values(office_id=self._office_id, why=standstill.why, **facts))

    def counts(self) -> LetterCounts:
        """How many letters stand where."""
        rows = self._session.connection().execute(_COUNTS, {"office": self._office_id})
        return LetterCounts(**{row[0]: row[1] for row in rows})

    def _row(self, letter: Letter) -> dict[str, object]:
        return {
            "office_id": self._office_id,
            "id": letter.id,
            "person": letter.person,
            "address": letter.address,
            "message_id": letter.message_id,
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
            "notices": json.dumps(letter.notices),
            "state": letter.state.value,
            "created_at": letter.created_at,
            "attempts": letter.attempts,
            "first_tried_at": letter.first_tried_at,
            "next_try_at": letter.next_try_at,
            "settled_at": letter.settled_at,
            "remark": letter.remark,
            "is_unsure": letter.is_unsure,
        }


def _letter(row: LetterRow) -> Letter:
    return Letter(
        id=row.id,
        person=row.person,
        address=row.address,
        message_id=row.message_id,
        subject=row.subject,
        text=row.text,
        html=row.html,
        notices=tuple(json.loads(row.notices)),
        created_at=row.created_at,
        next_try_at=row.next_try_at,
        state=LetterState(row.state),
        attempts=row.attempts,
        first_tried_at=row.first_tried_at,
        settled_at=row.settled_at,
        remark=row.remark,
        is_unsure=row.is_unsure,
    )


def _in_order(letter: Letter) -> tuple[bool, datetime, datetime, str]:
    return letter.attempts > 1, letter.next_try_at, letter.created_at, letter.id
