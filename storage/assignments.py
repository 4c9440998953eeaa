"""Repository of assignments: compare-and-set on the version, nothing overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, cast

from pydantic import TypeAdapter
from sqlalchemy import Select, Table, bindparam, literal, select, tuple_, update

from domain.assignment import ACTIONABLE, WAITING, Assignment, Period, StaleError, State
from domain.errors import NotFoundError
from domain.fiscal import Span
from domain.grounds import Ground
from domain.ladder import Ladder
from domain.submission import CannotDoReason, ExtensionRequest, Submission
from domain.waiting import NOTHING_TOLD, Acknowledgment, Told, Wait
from storage.engine import insert_or_ignore
from storage.repository import Repository
from storage.work_tables import AssignmentRow

_SUBMISSION = TypeAdapter(Submission)
_EXTENSION = TypeAdapter(ExtensionRequest)
_GROUNDS = TypeAdapter(tuple[Ground, ...])
_WAIT = TypeAdapter(Wait)
_TOLD = TypeAdapter(Told)
_ACKNOWLEDGMENTS = TypeAdapter(tuple[Acknowledgment, ...])
_TABLE = cast("Table", AssignmentRow.__table__)
columns_of_assignment: Final = tuple(column for column in _TABLE.columns if column.key != "office_id")

# The hot statements are built once: building one costs more than running it on SQLite.
_SELECT = (
    select(*columns_of_assignment)
    .where(_TABLE.c.office_id == bindparam("office"))
    .order_by(_TABLE.c.due_on, _TABLE.c.id)
)
_OF_YEAR = _SELECT.where(_TABLE.c.fiscal_year_be == bindparam("year"))
_OF_MEASURE = _OF_YEAR.where(_TABLE.c.measure_key == bindparam("measure"))
_BY_ID = _SELECT.where(_TABLE.c.id == bindparam("wanted"))
_RUNNING = _OF_MEASURE.where(_TABLE.c.state.in_([state.value for state in ACTIONABLE | WAITING])).with_for_update()
_IN_STATES = _OF_YEAR.where(_TABLE.c.state.in_(bindparam("states", expanding=True)))
_OF_QUARTER = _OF_YEAR.where(_TABLE.c.quarter == bindparam("quarter"))
_AMONG = _SELECT.where(_TABLE.c.id.in_(bindparam("ids", expanding=True)))
_IDS_OF_MEASURE = select(_TABLE.c.id).where(
    _TABLE.c.office_id == bindparam("office"),
    _TABLE.c.fiscal_year_be == bindparam("year"),
    _TABLE.c.measure_key == bindparam("measure"),
)
_SAVE = (
    update(_TABLE)
    .where(_TABLE.c.office_id == bindparam("office"), _TABLE.c.id == bindparam("wanted"))
    .where(_TABLE.c.version == bindparam("expected"))
    .values({column.key: bindparam(f"new_{column.key}") for column in columns_of_assignment})
)
_SAVE_ONE = _SAVE.returning(_TABLE.c.id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which assignments a page lists; None and an empty tuple of states mean any."""

    divisions: tuple[str, ...]
    fiscal_year_be: int | None = None
    quarter: int | None = None
    measure_key: str | None = None
    states: tuple[State, ...] = ()
    due_by: date | None = None


class Assignments(Repository):
    """Assignments of one office."""

    def get(self, assignment_id: str) -> Assignment:
        """One assignment.

        Raises:
            NotFoundError: The office has none of this id.
        """
        assignments = self._run(_BY_ID, wanted=assignment_id)
        if not assignments:
            raise NotFoundError(
                what="assignment",
                what_thai="งาน",
                key=assignment_id,
                remedy="`sucharit assignments` lists those that are open.",
                remedy_thai="โปรดเปิดจากรายการงานของกอง",
            )
        return assignments[0]

    def all(self, fiscal_year_be: int | None = None) -> list[Assignment]:
        """Assignments (of one fiscal year, if named) by deadline, then id."""
        return self._run(_SELECT) if fiscal_year_be is None else self._run(_OF_YEAR, year=fiscal_year_be)

    def in_states(self, fiscal_year_be: int, states: Iterable[State]) -> list[Assignment]:
        """Assignments of a fiscal year that stand in one of the states."""
        return self._run(_IN_STATES, year=fiscal_year_be, states=[state.value for state in states])

    def of_measure(self, fiscal_year_be: int, measure_key: str) -> list[Assignment]:
        """Assignments of a measure, whatever their state."""
        return self._run(_OF_MEASURE, year=fiscal_year_be, measure=measure_key)

    def running(self, fiscal_year_be: int, measure_key: str) -> list[Assignment]:
        """Those of a measure that somebody must act or decide on, held for this unit of work: the ladders' own."""
        return self._run(_RUNNING, year=fiscal_year_be, measure=measure_key)

    def ids_of_measure(self, fiscal_year_be: int, measure_key: str) -> set[str]:
        """Ids of everything of a measure that was ever opened."""
        wanted = {"office": self._office_id, "year": fiscal_year_be, "measure": measure_key}
        return set(self._session.scalars(_IDS_OF_MEASURE, wanted))

    def of_quarter(self, fiscal_year_be: int, quarter: int) -> list[Assignment]:
        """Assignments that are printed in the report of a quarter."""
        return self._run(_OF_QUARTER, year=fiscal_year_be, quarter=quarter)

    def many(self, ids: Iterable[str]) -> dict[str, Assignment]:
        """Those of the ids that exist, by id."""
        wanted = sorted(set(ids))
        chunks = [wanted[start : start + 500] for start in range(0, len(wanted), 500)]
        return {assignment.id: assignment for chunk in chunks for assignment in self._run(_AMONG, ids=chunk)}

    def page(self, wanted: Wanted, after: tuple[date, str] | None, limit: int) -> list[Assignment]:
        """At most `limit` of the wanted assignments by deadline and id, those that follow `after`."""
        query = _SELECT.where(_TABLE.c.division.in_(wanted.divisions)).limit(limit)
        for column in ("fiscal_year_be", "quarter", "measure_key"):
            value = getattr(wanted, column)
            query = query if value is None else query.where(_TABLE.c[column] == value)
        if wanted.states:
            query = query.where(_TABLE.c.state.in_([state.value for state in wanted.states]))
        if wanted.due_by is not None:
            query = query.where(_TABLE.c.due_on <= wanted.due_by)
        if after is not None:
            query = query.where(tuple_(_TABLE.c.due_on, _TABLE.c.id) > tuple_(literal(after[0]), literal(after[1])))
        return self._run(query)

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
        if self._session.scalar(_SAVE_ONE, self._change(moved, expected)) is None:
            raise StaleError(id=moved.id)

    def save_each(self, moved: Sequence[Assignment]) -> None:
        """Store assignments that each made exactly one move since they were read.

        Raises:
            StaleError: One of them was changed meanwhile; the whole unit of work must be given up.
        """
        if not moved:
            return
        changes = [self._change(a, a.version - 1) for a in moved]
        stored = self._session.connection().execute(_SAVE, changes)
        if stored.rowcount != len(moved):
            raise StaleError(id=", ".join(a.id for a in moved[:3]))

    def _change(self, moved: Assignment, expected: int) -> dict[str, object]:
        values = {f"new_{key}": value for key, value in self._row(moved).items() if key != "office_id"}
        return {**values, "office": self._office_id, "wanted": moved.id, "expected": expected}

    def _run(self, statement: Select[Any], **wanted: object) -> list[Assignment]:
        rows = self._session.execute(statement, {"office": self._office_id, **wanted})
        return [assignment_of(row) for row in rows]

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
            "visit": a.round,
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
            "grounds": _GROUNDS.dump_json(a.grounds).decode() if a.grounds else None,
            "withdrawals": a.withdrawals,
            "returned_reason": a.returned_reason,
            "waiting": None if a.waiting is None else _WAIT.dump_json(a.waiting).decode(),
            "ladder_from": a.ladder_from,
            "told": None if a.told == NOTHING_TOLD else _TOLD.dump_json(a.told).decode(),
            "acknowledgments": _ACKNOWLEDGMENTS.dump_json(a.acknowledgments).decode() if a.acknowledgments else None,
        }


@lru_cache(maxsize=256)
def _ladder_json(ladder: Ladder) -> str:
    return ladder.model_dump_json()


@lru_cache(maxsize=256)
def _grounds(document: str) -> tuple[Ground, ...]:
    return _GROUNDS.validate_json(document)


@lru_cache(maxsize=256)
def _ladder(document: str) -> Ladder:
    return Ladder.model_validate_json(document)


def assignment_of(row: Any) -> Assignment:
    """Domain value of a row with `columns_of_assignment`."""
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
        round=row.visit,
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
        grounds=_grounds(row.grounds) if row.grounds else (),
        withdrawals=row.withdrawals,
        returned_reason=row.returned_reason,
        waiting=None if row.waiting is None else _WAIT.validate_json(row.waiting),
        ladder_from=row.ladder_from,
        told=NOTHING_TOLD if row.told is None else _TOLD.validate_json(row.told),
        acknowledgments=() if row.acknowledgments is None else _ACKNOWLEDGMENTS.validate_json(row.acknowledgments),
    )
