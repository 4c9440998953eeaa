"""Long lists of assignments, counted and cut by the database: nobody builds all of them for a page of thirty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Table, and_, case, func, or_, select

from domain.assignment import ACTIONABLE, Assignment, State
from domain.shelf import BY_STATE, Shelf, Today
from storage.assignments import assignment_of, columns_of_assignment
from storage.repository import Repository
from storage.tables import AssignmentRow

_A: Final = cast("Table", AssignmentRow.__table__).c
_ACTIONABLE: Final = [state.value for state in ACTIONABLE]


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

    def counts(self, wanted: Selection) -> dict[Shelf, int]:
        """How many of the selection lie on each shelf."""
        shelf = _shelf(wanted.today).label("shelf")
        found = self._session.connection().execute(
            select(shelf, func.count()).where(*self._selected(wanted)).group_by(shelf)
        )
        return {Shelf(name): count for name, count in found}

    def page(self, wanted: Selection, shelves: Iterable[Shelf], *, first: int, most: int) -> list[Assignment]:
        """Those on the shelves: the late, the returned, then the others; each by year, quarter, measure, deadline."""
        shelf = _shelf(wanted.today)
        chosen = shelf.in_([each.value for each in shelves])
        urgency = case((shelf == Shelf.LATE.value, 0), (shelf == Shelf.RETURNED.value, 1), else_=2)
        # Keys are `m1` … `m12`: the shorter ones come first.
        by_measure = (_A.fiscal_year_be, _A.quarter, func.length(_A.measure_key), _A.measure_key)
        return self._page([*self._selected(wanted), chosen], [urgency, *by_measure, _A.due_on, _A.id], first, most)

    def waiting(self, wanted: Selection, *, first: int, most: int) -> list[Assignment]:
        """What a supervisor must decide on, the longest waiting first."""
        since = func.coalesce(_A.handed_in_at, _A.opened_at)
        return self._page([*self._selected(wanted), _WAITS], [since, _A.id], first, most)

    def number_waiting(self, wanted: Selection) -> int:
        """How many a supervisor must decide on."""
        return self._session.scalar(select(func.count()).where(*self._selected(wanted), _WAITS)) or 0

    def _page(
        self, conditions: Sequence[ColumnElement[bool]], order: Sequence[Any], first: int, most: int
    ) -> list[Assignment]:
        # The inner query is answered from the index alone; only the page's own rows, with their texts, are fetched.
        ids = select(_A.id).where(*conditions).order_by(*order).limit(most).offset(first).scalar_subquery()
        statement = select(*columns_of_assignment).where(_A.office_id == self._office_id, _A.id.in_(ids))
        return [assignment_of(row) for row in self._session.connection().execute(statement.order_by(*order))]

    def _selected(self, wanted: Selection) -> list[ColumnElement[bool]]:
        found = [
            _A.office_id == self._office_id,
            _A.fiscal_year_be.in_(wanted.years),
            _A.division.in_(wanted.divisions),
        ]
        if wanted.quarter is not None:
            found.append(_A.quarter == wanted.quarter)
        if wanted.measure is not None:
            found.append(_A.measure_key == wanted.measure)
        return [*found, *map(_has, wanted.words)]


_WAITS: Final = or_(_A.state == State.HANDED_IN.value, and_(_A.extension.is_not(None), _A.state.in_(_ACTIONABLE)))


def _has(word: Word) -> ColumnElement[bool]:
    in_id = func.lower(_A.id).contains(word.text, autoescape=True)
    return or_(in_id, _A.step_key.in_(word.steps), _A.division.in_(word.divisions))


def _shelf(today: Today) -> ColumnElement[str]:
    """The shelf as `Today.shelf` tells it."""
    must_act = _A.state.in_(_ACTIONABLE)
    return case(
        (and_(must_act, _A.due_on <= today.late_until), Shelf.LATE.value),
        (_A.state == State.RETURNED.value, Shelf.RETURNED.value),
        (and_(must_act, _A.due_on <= today.soon_until), Shelf.SOON.value),
        *((_A.state == state.value, shelf.value) for state, shelf in BY_STATE.items()),
        else_=Shelf.OPEN.value,
    )
