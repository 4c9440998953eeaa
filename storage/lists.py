"""Long lists of assignments, counted and cut by the database: nobody builds all of them for a page of thirty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, case, func, or_, select

from domain.assignment import ACTIONABLE, WAITING, Assignment, State
from domain.bucket import BY_STATE, Bucket, Today
from storage.assignments import assignment_of, columns_of_assignment
from storage.repository import Repository
from storage.work_tables import AssignmentRow

_A: Final = cast("Table", AssignmentRow.__table__).c
_ACTIONABLE: Final = [state.value for state in ACTIONABLE]
_WAITING: Final = [state.value for state in WAITING]


@dataclass(frozen=True, slots=True)
class Word:
    """A word somebody looks for: in an id, or in the texts of these steps and the names of these divisions."""

    text: str
    steps: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which assignments a list is of; every word must be found."""

    years: tuple[int, ...]
    divisions: tuple[str, ...]
    today: Today
    quarter: int | None = None
    measure: str | None = None
    words: tuple[Word, ...] = ()


class Lists(Repository):
    """Lists of one office's assignments."""

    def counts(self, wanted: Selection) -> dict[Bucket, int]:
        """How many of the selection lie in each bucket."""
        rows = self._session.connection().execute(_counts(_shape(wanted)), self._values(wanted))
        return {Bucket(name): count for name, count in rows}

    def page(
        self, wanted: Selection, buckets: Iterable[Bucket], *, first: int, most: int, newest_first: bool = False
    ) -> list[Assignment]:
        """Those in the buckets: the late, the returned, then the others; each by year, quarter, measure, deadline.

        Args:
            newest_first: Let the latest year and quarter stand first, as of work that is done.
        """
        chosen = [bucket.value for bucket in buckets]
        return self._read(_page(_shape(wanted), newest_first), wanted, buckets=chosen, first=first, most=most)

    def waiting(self, wanted: Selection, *, first: int, most: int) -> list[Assignment]:
        """What a supervisor must decide on, the longest waiting first."""
        return self._read(_waiting(_shape(wanted)), wanted, first=first, most=most)

    def number_waiting(self, wanted: Selection) -> int:
        """How many a supervisor must decide on."""
        return self._session.connection().scalar(_number_waiting(_shape(wanted)), self._values(wanted)) or 0

    def _read(self, statement: Select[Any], wanted: Selection, **more: object) -> list[Assignment]:
        rows = self._session.connection().execute(statement, self._values(wanted) | more)
        return [assignment_of(row) for row in rows]

    def _values(self, wanted: Selection) -> dict[str, object]:
        values: dict[str, object] = {
            "office": self._office_id,
            "years": list(wanted.years),
            "divisions": list(wanted.divisions),
            "late_until": wanted.today.late_until,
            "soon_until": wanted.today.soon_until,
            "quarter": wanted.quarter,
            "measure": wanted.measure,
        }
        for n, word in enumerate(wanted.words):
            text = word.text.replace("/", "//").replace("%", "/%").replace("_", "/_")
            values |= {f"word{n}": f"%{text}%", f"steps{n}": list(word.steps), f"divisions{n}": list(word.divisions)}
        return values


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a selection narrows by: lists of one shape are one statement, which is built once."""

    by_quarter: bool
    by_measure: bool
    words: int


def _shape(wanted: Selection) -> _Shape:
    return _Shape(wanted.quarter is not None, wanted.measure is not None, len(wanted.words))


def _selected(shape: _Shape) -> list[ColumnElement[bool]]:
    conditions = [
        _A.office_id == bindparam("office"),
        _A.fiscal_year_be.in_(bindparam("years", expanding=True)),
        _A.division.in_(bindparam("divisions", expanding=True)),
    ]
    if shape.by_quarter:
        conditions.append(_A.quarter == bindparam("quarter"))
    if shape.by_measure:
        conditions.append(_A.measure_key == bindparam("measure"))
    return [*conditions, *map(_has, range(shape.words))]


def _has(n: int) -> ColumnElement[bool]:
    return or_(
        func.lower(_A.id).like(bindparam(f"word{n}"), escape="/"),
        _A.step_key.in_(bindparam(f"steps{n}", expanding=True)),
        _A.division.in_(bindparam(f"divisions{n}", expanding=True)),
    )


def _bucket() -> ColumnElement[str]:
    """The bucket as `Today.bucket` tells it."""
    must_act = _A.state.in_(_ACTIONABLE)
    return case(
        (and_(must_act, _A.due_on <= bindparam("late_until")), Bucket.LATE.value),
        (_A.state == State.RETURNED.value, Bucket.RETURNED.value),
        (and_(must_act, _A.due_on <= bindparam("soon_until")), Bucket.SOON.value),
        *((_A.state == state.value, bucket.value) for state, bucket in BY_STATE.items()),
        else_=Bucket.OPEN.value,
    )


# What is done is most of a year: said apart, the index passes over it without looking at a row.
_WAITS: Final = and_(
    _A.state.in_([*_WAITING, *_ACTIONABLE]),
    or_(_A.state.in_(_WAITING), _A.extension.is_not(None)),
)


@cache
def _counts(shape: _Shape) -> Select[Any]:
    inner = select(_bucket().label("bucket")).where(*_selected(shape)).subquery()
    return select(inner.c.bucket, func.count()).group_by(inner.c.bucket)


@cache
def _page(shape: _Shape, newest_first: bool) -> Select[Any]:  # noqa: FBT001 -- part of the key of the cache
    bucket = _bucket()
    urgency = case((bucket == Bucket.LATE.value, 0), (bucket == Bucket.RETURNED.value, 1), else_=2)
    # Keys are `m1` … `m12`: the shorter ones come first.
    by_time = (_A.fiscal_year_be.desc(), _A.quarter.desc()) if newest_first else (_A.fiscal_year_be, _A.quarter)
    by_measure = (*by_time, func.length(_A.measure_key), _A.measure_key)
    chosen = bucket.in_(bindparam("buckets", expanding=True))
    return _cut([*_selected(shape), chosen], [urgency, *by_measure, _A.due_on, _A.id])


@cache
def _waiting(shape: _Shape) -> Select[Any]:
    return _cut([*_selected(shape), _WAITS], [func.coalesce(_A.handed_in_at, _A.opened_at), _A.id])


@cache
def _number_waiting(shape: _Shape) -> Select[Any]:
    return select(func.count()).where(*_selected(shape), _WAITS)


def _cut(conditions: list[ColumnElement[bool]], order: list[Any]) -> Select[Any]:
    # The inner query is answered from an index alone; only the page's own rows, with their texts, are fetched.
    inner = select(_A.id).where(*conditions).order_by(*order).limit(bindparam("most")).offset(bindparam("first"))
    statement = select(*columns_of_assignment).where(
        _A.office_id == bindparam("office"), _A.id.in_(inner.scalar_subquery())
    )
    return statement.order_by(*order)
