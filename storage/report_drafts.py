"""What people have typed and not handed in yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from sqlalchemy import ColumnElement, Table, delete, select, update

from storage.engine import insert_or_ignore
from storage.repository import Repository
from storage.work_tables import ReportDraftRow

_T: Final = cast("Table", ReportDraftRow.__table__)
_WINDOW: Final = "window"
"""Stands among the stored fields, for it is of the draft and of nothing else; no field of the form has this name."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of a form as they were when it was saved.

    Attributes:
        window: Name that the page which saved it gave itself; empty where no script did.
        turn: How many times that page had saved.
    """

    fields: Mapping[str, str]
    saved_at: datetime
    window: str = ""
    turn: int = 0

    @property
    def mark(self) -> str:
        """Tells drafts that say different things apart."""
        return hashlib.sha256(_as_json(self.fields).encode()).hexdigest()[:16]


def _as_json(fields: Mapping[str, str]) -> str:
    return json.dumps(dict(fields), ensure_ascii=False, sort_keys=True)


class ReportDrafts(Repository):
    """Drafts of one office, one for each person and assignment."""

    def get(self, assignment: str, person: str) -> Draft | None:
        """The draft of a person, if there is one."""
        row = self._session.execute(select(_T.c.fields, _T.c.saved_at).where(*self._of(assignment, person))).first()
        if row is None:
            return None
        fields = json.loads(row.fields)
        window, _, turn = fields.pop(_WINDOW, "").partition(" ")
        return Draft(fields, row.saved_at, window, int(turn or 0))

    def put(self, assignment: str, person: str, draft: Draft) -> None:
        """Save a draft in place of the one before."""
        key = {"office_id": self._office_id, "assignment": assignment, "person": person}
        fields = {**draft.fields, **({_WINDOW: f"{draft.window} {draft.turn}"} if draft.window else {})}
        values = {"saved_at": draft.saved_at, "fields": _as_json(fields)}
        # Two savings of one form may come at once: the second must find the row of the first, and not collide with it.
        self._session.execute(insert_or_ignore(self._session, ReportDraftRow).values(**key, **values))
        self._session.execute(update(_T).where(*self._of(assignment, person)).values(**values))

    def drop(self, assignment: str, person: str | None = None) -> None:
        """Throw away the draft of a person, or everybody's."""
        conditions = self._of(assignment, person) if person else self._of(assignment)
        self._session.execute(delete(_T).where(*conditions))

    def _of(self, assignment: str, *person: str) -> list[ColumnElement[bool]]:
        conditions = [_T.c.office_id == self._office_id, _T.c.assignment == assignment]
        return [*conditions, *(_T.c.person == key for key in person)]
