"""Repositories of the outbox: notices that wait, and letters with their leases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from domain.notice import NoticeIntent, NoticeKind, deadline_version_of
from domain.outbox import Letter, LetterState
from domain.people import Level
from storage.engine import insert_or_ignore
from storage.outbox_tables import LetterRow, NoticeRow
from storage.repository import Repository
from storage.tables import PersonRow
from storage.types import UtcDateTime


class Notices(Repository):
    """Notices of one office. A key is stored once, for ever."""

    def __init__(self, session: Session, office_id: str) -> None:
        """Bind to one office, with nothing pending."""
        super().__init__(session, office_id)
        self._pending: list[dict[str, object]] = []

    def add(self, intents: Iterable[NoticeIntent], now: datetime) -> int:
        """Note notices for this unit of work; keys that are known already are left alone. Return how many came."""
        rows = [self._row(intent, now) for intent in intents]
        self._pending += rows
        return len(rows)

    def write(self) -> None:
        """Store the noted notices. Called by the unit of work."""
        if self._pending:
            self._session.connection().execute(insert_or_ignore(self._session, NoticeRow), self._pending)
            self._pending = []

    def waiting(self) -> list[NoticeIntent]:
        """Notices that are in no letter yet, oldest first, held for this unit of work: nobody else composes them."""
        rows = self._session.scalars(
            select(NoticeRow)
            .where(NoticeRow.office_id == self._office_id, NoticeRow.composed_at.is_(None))
            .order_by(NoticeRow.created_at, NoticeRow.key)
            .with_for_update()
        )
        return [_notice(row) for row in rows]

    def is_any_waiting(self) -> bool:
        """Tell whether a notice is in no letter yet."""
        waiting = select(NoticeRow.key).where(NoticeRow.office_id == self._office_id, NoticeRow.composed_at.is_(None))
        return self._session.scalar(waiting.limit(1)) is not None

    def waiting_since(self, since: datetime) -> list[NoticeIntent]:
        """Notices that were in no letter yet though they are older than `since`."""
        rows = self._session.scalars(
            select(NoticeRow)
            .where(
                NoticeRow.office_id == self._office_id, NoticeRow.composed_at.is_(None), NoticeRow.created_at <= since
            )
            .order_by(NoticeRow.created_at, NoticeRow.key)
        )
        return [_notice(row) for row in rows]

    def mark_composed(self, keys: Sequence[str], now: datetime, *, is_dropped: bool = False) -> None:
        """Say that notices are in letters now, or dropped because they have no point any more."""
        for start in range(0, len(keys), 500):
            self._session.execute(
                update(NoticeRow)
                .where(NoticeRow.office_id == self._office_id, NoticeRow.key.in_(keys[start : start + 500]))
                .values(composed_at=now, is_dropped=is_dropped)
            )

    def heard(self, assignment: str, *, since: datetime | None = None, kinds: Iterable[NoticeKind] = ()) -> list[str]:
        """Keys of the persons to whom a letter about an assignment went, in order, each once.

        Args:
            since: Only of notices that arose then or later.
            kinds: Only of these kinds; of any, if none is named.
        """
        wanted = [kind.value for kind in kinds]
        rows = self._session.scalars(
            select(NoticeRow.person)
            .where(NoticeRow.office_id == self._office_id, NoticeRow.assignment == assignment)
            .where(NoticeRow.composed_at.is_not(None), NoticeRow.is_dropped.is_(False), NoticeRow.person != "")
            .where(*([NoticeRow.created_at >= since] if since else []))
            .where(*([NoticeRow.kind.in_(wanted)] if wanted else []))
            .order_by(NoticeRow.created_at, NoticeRow.key)
        )
        return list(dict.fromkeys(rows))

    def named(self, keys: Iterable[str]) -> dict[str, NoticeIntent]:
        """Notices by their keys, those that are known."""
        wanted, found = sorted(set(keys)), {}
        for start in range(0, len(wanted), 500):
            rows = self._session.scalars(
                select(NoticeRow).where(
                    NoticeRow.office_id == self._office_id, NoticeRow.key.in_(wanted[start : start + 500])
                )
            )
            found.update({row.key: _notice(row) for row in rows})
        return found

    def keys(self) -> set[str]:
        """Keys of every notice ever stored; the audit compares them with what should be."""
        return set(self._session.scalars(select(NoticeRow.key).where(NoticeRow.office_id == self._office_id)))

    def _row(self, intent: NoticeIntent, now: datetime) -> dict[str, object]:
        return {
            "office_id": self._office_id,
            "key": intent.key,
            "kind": intent.kind.value,
            "assignment": intent.assignment,
            "division": intent.division,
            "level": intent.level.value,
            "rung_offset": intent.rung_offset,
            "by": intent.by,
            "reason": intent.reason,
            "person": intent.person,
            "aimed": intent.aimed.value if intent.aimed else None,
            "created_at": now,
            "composed_at": None,
            "is_dropped": False,
        }


def _notice(row: NoticeRow) -> NoticeIntent:
    return NoticeIntent(
        row.key,
        NoticeKind(row.kind),
        row.assignment,
        row.division,
        Level(row.level),
        row.rung_offset,
        row.by,
        row.reason,
        deadline_version_of(row.key),  # no column: the key has had it since the first row
        row.person,
        Level(row.aimed) if row.aimed else None,
        row.created_at,
    )


@dataclass(frozen=True, slots=True)
class LetterCounts:
    """How many letters stand where."""

    waiting: int = 0
    sent: int = 0
    parked: int = 0
    to_print: int = 0


_LETTERS = cast("Table", LetterRow.__table__)
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
    )
    .returning(_LETTERS.c.id)
)


class Letters(Repository):
    """Letters of one office: leased by one worker at a time, settled by the one that holds the lease."""

    def add(self, letters: Sequence[Letter]) -> None:
        """Put letters into the outbox."""
        if letters:
            self._session.execute(insert(LetterRow), [self._row(letter) for letter in letters])

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
    ) -> list[Letter]:
        """Take up to `limit` letters that are due and nobody holds; they are `owner`'s until `now` + `for_`.

        Args:
            only: Id of the one letter wanted; any that is due, if not given.
            only_links: Whether only letters are taken that tell of no notice.
        """
        named = [] if only is None else [LetterRow.id == only]
        due = (
            select(LetterRow.id)
            .where(
                LetterRow.office_id == self._office_id,
                LetterRow.state == LetterState.WAITING.value,
                LetterRow.next_try_at <= now,
                or_(LetterRow.lease_until.is_(None), LetterRow.lease_until <= now),
                *([LetterRow.notices == "[]"] if only_links else []),
                *named,
            )
            .order_by(LetterRow.created_at, LetterRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            # As a plain subquery PostgreSQL may run it once a row, each time skipping what it has locked just before.
            .cte("due")
        )
        taken = self._session.scalars(
            update(LetterRow)
            .where(LetterRow.office_id == self._office_id, LetterRow.id.in_(select(due.c.id)))
            .values(
                lease_owner=owner,
                lease_until=now + for_,
                attempts=LetterRow.attempts + 1,
                first_tried_at=func.coalesce(LetterRow.first_tried_at, literal(now, UtcDateTime())),
            )
            .returning(LetterRow)
            .execution_options(populate_existing=True)
        ).all()
        return sorted((_letter(row) for row in taken), key=lambda letter: (letter.created_at, letter.id))

    def settle(
        self,
        letter_id: str,
        owner: str,
        state: LetterState,
        *,
        now: datetime,
        remark: str,
        next_try_at: datetime | None,
    ) -> bool:
        """Record what became of a leased letter and give the lease back; False if it is no longer `owner`'s."""
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
            },
        )
        return settled is not None

    def send_again(self, letter_id: str, now: datetime) -> bool:
        """Put a parked or printed letter back into the queue, its tries counted anew; False if it is neither.

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
    )
