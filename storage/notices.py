"""Repository of notices: what somebody must be told, once for ever, and whether it is in a letter yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.notice import NoticeIntent, NoticeKind, deadline_version_of
from domain.people import Level
from storage.engine import insert_or_ignore
from storage.outbox_tables import NoticeRow
from storage.repository import Repository


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

    def release(self, keys: Iterable[str]) -> None:
        """Let notices wait again: the letter that told them never left. Those dropped before stay so."""
        wanted = sorted(set(keys))
        for start in range(0, len(wanted), 500):
            self._session.execute(
                update(NoticeRow)
                .where(NoticeRow.office_id == self._office_id, NoticeRow.key.in_(wanted[start : start + 500]))
                .where(NoticeRow.is_dropped.is_(False))
                .values(composed_at=None)
            )

    def heard(
        self,
        assignment: str,
        *,
        since: datetime | None = None,
        kinds: Iterable[NoticeKind] = (),
        but: Collection[str] = (),
    ) -> list[str]:
        """Keys of the persons to whom a letter about an assignment went, in order, each once.

        Args:
            since: Only of notices that arose then or later.
            kinds: Only of these kinds; of any, if none is named.
            but: Keys of notices that count for nothing: their letters were given up.
        """
        wanted = [kind.value for kind in kinds]
        rows = self._session.execute(
            select(NoticeRow.key, NoticeRow.person)
            .where(NoticeRow.office_id == self._office_id, NoticeRow.assignment == assignment)
            .where(NoticeRow.composed_at.is_not(None), NoticeRow.is_dropped.is_(False), NoticeRow.person != "")
            .where(*([NoticeRow.created_at >= since] if since else []))
            .where(*([NoticeRow.kind.in_(wanted)] if wanted else []))
            .order_by(NoticeRow.created_at, NoticeRow.key)
        )
        return list(dict.fromkeys(person for key, person in rows if key not in but))

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
