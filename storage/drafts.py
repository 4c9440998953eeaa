"""Repositories of plans on their way in: drafts under review, and years that were rehearsed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update

from storage.plan_tables import PlanDraftRow, PlanTrialRow
from storage.repository import Repository


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A plan document with its review so far.

    Attributes:
        sha256: Of the document's bytes, which lie in the file store.
        reading: What was read, as JSON; None where an earlier review came in, which has no cells.
        review: The review with its answers, as JSON.
        became: Fiscal year and number of the revision it was stored as; None as long as it is not.
    """

    id: str
    file_name: str
    sha256: str
    reading: str | None
    review: str
    version: int
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    became: tuple[int, int] | None = None


class PlanDrafts(Repository):
    """The office's drafts."""

    def underway(self) -> list[StoredDraft]:
        """Drafts that are not stored as a plan yet, the one changed last first."""
        return self._found(PlanDraftRow.revision.is_(None))

    def of(self, fiscal_year_be: int, revision: int) -> list[StoredDraft]:
        """Drafts that a stored plan came from, the one changed last first."""
        return self._found(PlanDraftRow.fiscal_year_be == fiscal_year_be, PlanDraftRow.revision == revision)

    def _found(self, *conditions: ColumnElement[bool]) -> list[StoredDraft]:
        rows = self._session.scalars(
            select(PlanDraftRow)
            .where(PlanDraftRow.office_id == self._office_id, *conditions)
            .order_by(PlanDraftRow.changed_at.desc(), PlanDraftRow.id)
        )
        return [_draft(row) for row in rows]

    def get(self, draft_id: str) -> StoredDraft | None:
        """The draft of this id, if the office has it."""
        row = self._session.scalar(
            select(PlanDraftRow).where(PlanDraftRow.office_id == self._office_id, PlanDraftRow.id == draft_id)
        )
        return None if row is None else _draft(row)

    def add(self, draft: StoredDraft) -> None:
        """Store a new draft."""
        self._session.execute(
            insert(PlanDraftRow).values(
                office_id=self._office_id,
                id=draft.id,
                file_name=draft.file_name,
                sha256=draft.sha256,
                reading=draft.reading,
                made_at=draft.made_at,
                made_by=draft.made_by,
                **_changing(draft),
            )
        )

    def save(self, draft: StoredDraft, *, expected: int) -> bool:
        """Store a changed draft if it is still of the version `expected`; tell whether it was."""
        done = self._session.execute(
            update(PlanDraftRow)
            .where(PlanDraftRow.office_id == self._office_id, PlanDraftRow.id == draft.id)
            .where(PlanDraftRow.version == expected)
            .values(**_changing(draft))
            .returning(PlanDraftRow.id)
        )
        return done.scalar() is not None

    def remove(self, draft_id: str) -> None:
        """Forget a draft."""
        self._session.execute(
            delete(PlanDraftRow).where(PlanDraftRow.office_id == self._office_id, PlanDraftRow.id == draft_id)
        )


def _changing(draft: StoredDraft) -> dict[str, object]:
    year, revision = draft.became or (None, None)
    return {
        "review": draft.review,
        "version": draft.version,
        "changed_at": draft.changed_at,
        "changed_by": draft.changed_by,
        "fiscal_year_be": year,
        "revision": revision,
    }


def _draft(row: PlanDraftRow) -> StoredDraft:
    is_stored = row.fiscal_year_be is not None and row.revision is not None
    return StoredDraft(
        row.id,
        row.file_name,
        row.sha256,
        row.reading,
        row.review,
        row.version,
        row.made_at,
        row.made_by,
        row.changed_at,
        row.changed_by,
        (row.fiscal_year_be or 0, row.revision or 0) if is_stored else None,
    )


@dataclass(frozen=True, slots=True)
class Trial:
    """A rehearsed year; `silent` stands for the divisions that never acted, `result` is what came of it as JSON."""

    fiscal_year_be: int
    revision: int
    silent: str
    result: str
    made_at: datetime
    made_by: str


class PlanTrials(Repository):
    """Results of rehearsals, the newest of each plan and choice of silent divisions."""

    def of(self, fiscal_year_be: int, revision: int) -> list[Trial]:
        """Results of one revision, newest first."""
        rows = self._session.scalars(
            select(PlanTrialRow)
            .where(PlanTrialRow.office_id == self._office_id)
            .where(PlanTrialRow.fiscal_year_be == fiscal_year_be, PlanTrialRow.revision == revision)
            .order_by(PlanTrialRow.made_at.desc(), PlanTrialRow.silent)
        )
        return [
            Trial(row.fiscal_year_be, row.revision, row.silent, row.result, row.made_at, row.made_by) for row in rows
        ]

    def put(self, trial: Trial, *, most: int) -> None:
        """Store a result in place of the one of the same choice, and keep `most` of the revision."""
        others = [stored for stored in self.of(trial.fiscal_year_be, trial.revision) if stored.silent != trial.silent]
        for gone in [trial, *others[most - 1 :]]:
            self._session.execute(
                delete(PlanTrialRow)
                .where(PlanTrialRow.office_id == self._office_id, PlanTrialRow.silent == gone.silent)
                .where(PlanTrialRow.fiscal_year_be == gone.fiscal_year_be, PlanTrialRow.revision == gone.revision)
            )
        self._session.execute(
            insert(PlanTrialRow).values(
                office_id=self._office_id,
                fiscal_year_be=trial.fiscal_year_be,
                revision=trial.revision,
                silent=trial.silent,
                result=trial.result,
                made_at=trial.made_at,
                made_by=trial.made_by,
            )
        )
