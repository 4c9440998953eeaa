"""Repository of assignments: compare-and-set on the version, nothing overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from domain.assignment import (
    ACTIONABLE,
    Assignment,
    CannotDoReason,
    ExtensionRequest,
    Period,
    StaleError,
    State,
    Submission,
)
from domain.errors import NotFoundError
from domain.fiscal import Span
from domain.ladder import Ladder
from storage.engine import insert_or_ignore
from storage.tables import AssignmentRow

_SUBMISSION = TypeAdapter(Submission)
_EXTENSION = TypeAdapter(ExtensionRequest)
_COLUMNS = [column for column in AssignmentRow.__table__.columns if column.key != "office_id"]


class Assignments:
    """Assignments of one office."""

    def __init__(self, session: Session, office_id: str) -> None:
        """Bind to one office."""
        self._session = session
        self._office_id = office_id

    def get(self, assignment_id: str) -> Assignment:
        """One assignment.

        Raises:
            NotFoundError: The office has none of this id.
        """
        found = self._select(AssignmentRow.id == assignment_id)
        if not found:
            raise NotFoundError(
                what="assignment", key=assignment_id, remedy="`sucharit assignments` lists those that are open."
            )
        return found[0]

    def all(self, fiscal_year_be: int | None = None) -> list[Assignment]:
        """Assignments (of one fiscal year, if named) by deadline, then id."""
        return self._select(*([] if fiscal_year_be is None else [AssignmentRow.fiscal_year_be == fiscal_year_be]))

    def of_measure(self, fiscal_year_be: int, measure_key: str) -> list[Assignment]:
        """Assignments of a measure, whatever their state."""
        return self._select(AssignmentRow.fiscal_year_be == fiscal_year_be, AssignmentRow.measure_key == measure_key)

    def to_act_on(self, fiscal_year_be: int, measure_key: str) -> list[Assignment]:
        """Those of a measure in which the division must act: the ones the ladder runs for."""
        return self._select(
            AssignmentRow.fiscal_year_be == fiscal_year_be,
            AssignmentRow.measure_key == measure_key,
            AssignmentRow.state.in_([state.value for state in ACTIONABLE]),
        )

    def ids_of_measure(self, fiscal_year_be: int, measure_key: str) -> set[str]:
        """Ids of everything of a measure that was ever opened."""
        return set(
            self._session.scalars(
                select(AssignmentRow.id).where(
                    AssignmentRow.office_id == self._office_id,
                    AssignmentRow.fiscal_year_be == fiscal_year_be,
                    AssignmentRow.measure_key == measure_key,
                )
            )
        )

    def of_quarter(self, fiscal_year_be: int, quarter: int) -> list[Assignment]:
        """Assignments that are printed in the report of a quarter."""
        return self._select(AssignmentRow.fiscal_year_be == fiscal_year_be, AssignmentRow.quarter == quarter)

    def many(self, ids: Iterable[str]) -> dict[str, Assignment]:
        """Those of the ids that exist, by id."""
        wanted = sorted(set(ids))
        chunks = [wanted[start : start + 500] for start in range(0, len(wanted), 500)]
        return {found.id: found for chunk in chunks for found in self._select(AssignmentRow.id.in_(chunk))}

    def add(self, opened: Sequence[Assignment]) -> list[Assignment]:
        """Store newly opened assignments; return those that nobody else opened meanwhile."""
        if not opened:
            return []
        statement = insert_or_ignore(self._session, AssignmentRow).returning(AssignmentRow.id)
        stored = set(self._session.scalars(statement, [self._row(a) for a in opened]))
        return [a for a in opened if a.id in stored]

    def save(self, moved: Assignment, *, expected: int) -> None:
        """Store a moved assignment if its stored version is still `expected`.

        Raises:
            StaleError: Somebody else was first.
        """
        stored = self._session.scalar(
            update(AssignmentRow)
            .where(AssignmentRow.office_id == self._office_id)
            .where(AssignmentRow.id == moved.id, AssignmentRow.version == expected)
            .values(**self._row(moved))
            .returning(AssignmentRow.id)
        )
        if stored is None:
            raise StaleError(id=moved.id)

    def _select(self, *conditions: ColumnElement[bool]) -> list[Assignment]:
        rows = self._session.execute(
            select(*_COLUMNS)
            .where(AssignmentRow.office_id == self._office_id, *conditions)
            .order_by(AssignmentRow.due_on, AssignmentRow.id)
        )
        return [_assignment(row) for row in rows]

    def _row(self, a: Assignment) -> dict[str, object]:
        return {
            "office_id": self._office_id,
            "id": a.id,
            "fiscal_year_be": a.fiscal_year_be,
            "measure_key": a.measure_key,
            "step_key": a.step_key,
            "division": a.division,
            "period_key": a.period.key,
            "period_label": a.period.label,
            "period_start": a.period.span.start,
            "period_end": a.period.span.end,
            "quarter": a.period.quarter,
            "due_on": a.due_on,
            "ladder": _ladder_json(a.ladder),
            "plan_revision": a.plan_revision,
            "state": a.state.value,
            "version": a.version,
            "deadline_version": a.deadline_version,
            "rung": a.rung,
            "visit": a.visit,
            "opened_at": a.opened_at,
            "handed_in_at": a.handed_in_at,
            "handed_in_by": a.handed_in_by,
            "late_workdays": a.late_workdays,
            "submission": None if a.submission is None else _SUBMISSION.dump_json(a.submission).decode(),
            "cannot_do": a.cannot_do,
            "reason": a.reason,
            "extension": None if a.extension is None else _EXTENSION.dump_json(a.extension).decode(),
            "acknowledged_until": a.acknowledged_until,
            "acknowledged_by": a.acknowledged_by,
        }


@lru_cache(maxsize=256)
def _ladder_json(ladder: Ladder) -> str:
    return ladder.model_dump_json()


@lru_cache(maxsize=256)
def _ladder(document: str) -> Ladder:
    return Ladder.model_validate_json(document)


def _assignment(row: Any) -> Assignment:
    return Assignment(
        id=row.id,
        fiscal_year_be=row.fiscal_year_be,
        measure_key=row.measure_key,
        step_key=row.step_key,
        division=row.division,
        period=Period(row.period_key, row.period_label, Span(row.period_start, row.period_end), row.quarter),
        due_on=row.due_on,
        ladder=_ladder(row.ladder),
        plan_revision=row.plan_revision,
        state=State(row.state),
        version=row.version,
        deadline_version=row.deadline_version,
        rung=row.rung,
        visit=row.visit,
        opened_at=row.opened_at,
        handed_in_at=row.handed_in_at,
        handed_in_by=row.handed_in_by,
        late_workdays=row.late_workdays,
        submission=None if row.submission is None else _SUBMISSION.validate_json(row.submission),
        cannot_do=None if row.cannot_do is None else CannotDoReason(row.cannot_do),
        reason=row.reason,
        extension=None if row.extension is None else _EXTENSION.validate_json(row.extension),
        acknowledged_until=row.acknowledged_until,
        acknowledged_by=row.acknowledged_by,
    )
