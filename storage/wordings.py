"""Repository of the office's own words in its letters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select

from storage.outbox_tables import MessageWordingRow
from storage.repository import Repository


@dataclass(frozen=True, slots=True)
class Wording:
    """What an office says in one message; parts that are not there are said in the standard words.

    Attributes:
        version: Grows with every change; 0 where nothing was ever stored.
    """

    message: str
    parts: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    changed_by: str = ""
    changed_at: datetime | None = None


class Wordings(Repository):
    """Own words by message. A reset one stays with its version and no parts."""

    def all(self) -> dict[str, Wording]:
        """Everything stored, by message."""
        rows = self._session.scalars(select(MessageWordingRow).where(MessageWordingRow.office_id == self._office_id))
        return {
            row.message: Wording(row.message, json.loads(row.parts), row.version, row.changed_by, row.changed_at)
            for row in rows
        }

    def put(self, wording: Wording) -> None:
        """Store a message's words instead of those before."""
        mine = (MessageWordingRow.office_id == self._office_id, MessageWordingRow.message == wording.message)
        self._session.execute(delete(MessageWordingRow).where(*mine))
        self._session.execute(
            insert(MessageWordingRow).values(
                office_id=self._office_id,
                message=wording.message,
                parts=json.dumps(dict(wording.parts), ensure_ascii=False, sort_keys=True),
                version=wording.version,
                changed_by=wording.changed_by,
                changed_at=wording.changed_at,
            )
        )
