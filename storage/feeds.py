"""Repository of calendar feeds: which edition of a feed's address works."""

from __future__ import annotations

from sqlalchemy import select

from storage.access_tables import FeedRow
from storage.engine import insert_or_ignore
from storage.repository import Repository

FIRST = 1


class Feeds(Repository):
    """Calendar feeds of one office, by kind (`division`, `person`) and key."""

    def edition(self, kind: str, subject: str) -> int:
        """Number of the address that works; FIRST until it was renewed."""
        number = self._session.scalar(
            select(FeedRow.edition).where(
                FeedRow.office_id == self._office_id, FeedRow.kind == kind, FeedRow.subject == subject
            )
        )
        return number or FIRST

    def renew(self, kind: str, subject: str) -> int:
        """Let the present address work no more; the number of the next one."""
        first = {"office_id": self._office_id, "kind": kind, "subject": subject, "edition": FIRST}
        self._session.execute(insert_or_ignore(self._session, FeedRow).values(first))
        row = self._session.scalars(
            select(FeedRow)
            .where(FeedRow.office_id == self._office_id, FeedRow.kind == kind, FeedRow.subject == subject)
            .with_for_update()
        ).one()
        row.edition += 1
        self._session.flush()
        return row.edition
