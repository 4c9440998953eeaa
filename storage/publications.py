"""Repository of what the office has made public."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Table, insert, select, update

from domain.publication import Publication, PublicKind
from storage.repository import Repository
from storage.work_tables import PublicationRow

_TABLE = cast("Table", PublicationRow.__table__)


class Publications(Repository):
    """Versions of public documents; none is ever removed, a withdrawn one is marked."""

    def all(self) -> list[Publication]:
        """Every version: the latest year first, then by kind, subject and version."""
        return self._select()

    def of(self, kind: PublicKind, subject: str) -> list[Publication]:
        """Versions of one document, oldest first."""
        return self._select(_TABLE.c.kind == kind.value, _TABLE.c.subject == subject)

    def add(self, made: Publication) -> None:
        """Store a version; the primary key refuses a second one of its number."""
        self._session.execute(
            insert(_TABLE).values(
                office_id=self._office_id,
                kind=made.kind.value,
                subject=made.subject,
                version=made.version,
                fiscal_year_be=made.fiscal_year_be,
                title=made.title,
                file_name=made.file_name,
                sha256=made.sha256,
                size_bytes=made.size_bytes,
                published_at=made.published_at,
                published_by=made.published_by,
                withdrawn_at=made.withdrawn_at,
                withdrawn_by=made.withdrawn_by,
            )
        )

    def put_copy(self, made: Publication, after: Publication) -> bool:
        """Name other bytes of a public version; False when it was withdrawn or got others meanwhile."""
        changed = self._session.scalar(
            update(_TABLE)
            .where(_TABLE.c.office_id == self._office_id, _TABLE.c.withdrawn_at.is_(None))
            .where(_TABLE.c.kind == made.kind.value, _TABLE.c.sha256 == made.sha256)
            .where(_TABLE.c.subject == made.subject, _TABLE.c.version == made.version)
            .values(sha256=after.sha256, size_bytes=after.size_bytes)
            .returning(_TABLE.c.version)
        )
        return changed is not None

    def withdraw(self, made: Publication, *, by: str, now: datetime) -> bool:
        """Mark a version as withdrawn; False when it was already, or never was there."""
        changed = self._session.scalar(
            update(_TABLE)
            .where(_TABLE.c.office_id == self._office_id, _TABLE.c.withdrawn_at.is_(None))
            .where(_TABLE.c.kind == made.kind.value)
            .where(_TABLE.c.subject == made.subject, _TABLE.c.version == made.version)
            .values(withdrawn_at=now, withdrawn_by=by)
            .returning(_TABLE.c.version)
        )
        return changed is not None

    def _select(self, *conditions: ColumnElement[bool]) -> list[Publication]:
        rows = self._session.execute(
            select(_TABLE)
            .where(_TABLE.c.office_id == self._office_id, *conditions)
            .order_by(_TABLE.c.fiscal_year_be.desc(), _TABLE.c.kind, _TABLE.c.subject, _TABLE.c.version)
        )
        return [_publication(row) for row in rows]


def _publication(row: Row[Any]) -> Publication:
    facts = row._asdict()  # documented by SQLAlchemy; the underscore keeps it apart from columns' names
    del facts["office_id"]
    return Publication(**facts | {"kind": PublicKind(row.kind)})
