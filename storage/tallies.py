"""Counts of assignments made by the database, so that a page over ten thousand reads a few hundred rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Row, Table, bindparam, case, func, select

from domain.assignment import ACTIONABLE, Assignment, State
from storage.assignments import assignment_of, columns_of_assignment
from storage.repository import Repository
from storage.work_tables import AssignmentRow

_TABLE = cast("Table", AssignmentRow.__table__)
_BREAK: Final = "\n"
"""Between the divisions of a group; no key has a line break."""

_PASSED: Final = "passed"
_COMING: Final = "coming"
_ASKED = (
    _TABLE.c.office_id == bindparam("office"),
    _TABLE.c.division.in_(bindparam("divisions", expanding=True)),
)
_DUE = case((_TABLE.c.due_on <= bindparam("passed_on"), _PASSED), else_=_COMING)
_GROUPED = (
    _TABLE.c.fiscal_year_be,
    _TABLE.c.measure_key,
    _TABLE.c.step_key,
    _TABLE.c.period_key,
    _TABLE.c.quarter,
    _TABLE.c.state,
    _TABLE.c.due_on,
)
"""In the order of the index `ix_assignment_tally`, so that nothing has to be sorted."""
_GROUPS = (
    select(*_GROUPED, func.aggregate_strings(_TABLE.c.division, _BREAK))
    .where(*_ASKED, _TABLE.c.fiscal_year_be.in_(bindparam("years", expanding=True)))
    .group_by(*_GROUPED)
)

_RANKED = (
    select(
        _TABLE.c.id.label("ranked"),
        _DUE.label("due"),
        func.row_number().over(partition_by=_DUE, order_by=(_TABLE.c.due_on, _TABLE.c.id)).label("place"),
        func.count().over(partition_by=_DUE).label("total"),
    )
    .where(
        *_ASKED,
        _TABLE.c.state.in_([state.value for state in ACTIONABLE]),
        _TABLE.c.due_on <= bindparam("until"),
    )
    .subquery()
)
_MOST_URGENT = (
    select(*columns_of_assignment, _RANKED.c.due, _RANKED.c.total)
    .join(_RANKED, _RANKED.c.ranked == _TABLE.c.id)
    .where(_TABLE.c.office_id == bindparam("office"), _RANKED.c.place <= bindparam("most"))
    .order_by(_TABLE.c.due_on, _TABLE.c.id)
)


_STATES: Final = {state.value: state for state in State}


class Group(NamedTuple):  # a page reads a thousand, and a dataclass takes three times as long to make
    """Assignments of one step and period that stand alike, by the keys of their divisions."""

    fiscal_year_be: int
    measure_key: str
    step_key: str
    period_key: str
    quarter: int
    state: State
    due_on: date
    divisions: list[str]


@dataclass(frozen=True, slots=True)
class Urgent:
    """The first assignments that divisions must act on, by deadline, and how many there are in all."""

    first: tuple[Assignment, ...]
    total: int


class Tallies(Repository):
    """Assignments of one office, counted."""

    def groups(self, years: Iterable[int], divisions: Iterable[str]) -> list[Group]:
        """What is asked of the divisions in fiscal years, grouped."""
        wanted = {"office": self._office_id, "years": sorted(years), "divisions": sorted(divisions)}
        rows = self._session.connection().execute(_GROUPS, wanted).all()
        return [
            Group(year, measure, step, period, quarter, _STATES[state], due_on, divisions.split(_BREAK))
            for year, measure, step, period, quarter, state, due_on, divisions in rows
        ]

    def to_act_on(self, divisions: Iterable[str], *, passed_on: date, until: date, most: int) -> tuple[Urgent, Urgent]:
        """What divisions must act on, of every year: what has passed, and what is due after that up to a day."""
        wanted = {"office": self._office_id, "divisions": sorted(divisions), "most": most}
        rows = self._session.execute(_MOST_URGENT, {**wanted, "passed_on": passed_on, "until": until}).all()
        passed = [row for row in rows if row.due == _PASSED]
        coming = [row for row in rows if row.due == _COMING]
        return _urgent(passed), _urgent(coming)


def _urgent(rows: Sequence[Row[Any]]) -> Urgent:
    total = rows[0].total if rows else 0
    return Urgent(tuple(assignment_of(row) for row in rows), total)
