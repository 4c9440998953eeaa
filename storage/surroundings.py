"""The office with its people and its own holidays, read together in one statement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import (
    Boolean,
    Integer,
    Table,
    Text,
    bindparam,
    literal_column,
    select,
    union_all,
)
from sqlalchemy import (
    cast as as_type,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement, Select

from domain.office import Office, OfficeKind, OfficeSettings
from domain.people import Division, DivisionKind, Holding, Level, People, Person, Post
from domain.workdays import HolidayOverride
from storage.errors import DamagedOfficeError
from storage.tables import DivisionRow, HoldingRow, HolidayOverrideRow, OfficeRow, PersonRow, PostRow

Fact = tuple[Any, ...]

_MOST_VALUES: Final = 8


def _part(name: str, table: type, *values: str, order: str = "position") -> Select[Any]:
    """Rows of one table in the shape that all of them share: kind, order, and eight texts."""
    columns = cast("Table", table.__table__).c  # type: ignore[attr-defined]
    filled: list[ColumnElement[Any]] = [_text(columns[value]) for value in values]
    filled += [as_type(None, Text)] * (_MOST_VALUES - len(values))
    return select(
        literal_column(f"'{name}'", Text).label("kind"),
        (columns[order] if order else as_type(0, Integer)).label("place"),
        *(column.label(f"v{n}") for n, column in enumerate(filled)),
    ).where(columns.office_id == bindparam("office"))


def _text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """A value as text on every database: a yes is written 1."""
    return as_type(as_type(column, Integer) if isinstance(column.type, Boolean) else column, Text)


_OF_OFFICE: Final = ("office_id", "name", "kind", "district", "province", "settings", "is_demo", "summary_left_on")

# One statement, built once: six would be six trips to the database for every page, measured in decision record 0025.
_EVERYTHING: Final = union_all(
    _part("office", OfficeRow, *_OF_OFFICE, order=""),
    _part("division", DivisionRow, "key", "name", "kind", "aliases", "founded_on"),
    _part("post", PostRow, "key", "title", "level", "division"),
    _part("person", PersonRow, "key", "name", "email"),
    _part("holding", HoldingRow, "post", "person", "start_on", "end_on", "is_acting"),
    _part("holiday", HolidayOverrideRow, "day", "name", "source", "is_holiday", order=""),
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every use case of an office begins with; `office` is None where it was never created."""

    office: Office | None
    people: People
    holidays: tuple[HolidayOverride, ...]
    summary_left_on: date | None = None


def surroundings(session: Session, office_id: str) -> Surroundings:
    """Read the office, everybody of it in the order they were saved, and its own holidays by day.

    Raises:
        DamagedOfficeError: A row holds what was never written by us.
    """
    rows = session.connection().execute(_EVERYTHING, {"office": office_id}).all()
    with undamaged(office_id):
        return _made(tuple(map(tuple, rows)))


@contextmanager
def undamaged(office_id: str) -> Iterator[None]:
    """Read what is stored of an office.

    Raises:
        DamagedOfficeError: It is not what we write; the reason is what the reader says, in one line.
    """
    try:
        yield
    except (ValueError, TypeError, KeyError) as error:
        why = " ".join(str(error).split())[:200] or type(error).__name__
        raise DamagedOfficeError(office=office_id, why=why) from error


@lru_cache(maxsize=64)
def _made(rows: tuple[Fact, ...]) -> Surroundings:
    """The same rows are the same office: what was looked up among its people is not looked up again."""
    by_kind: dict[str, list[Fact]] = {}
    for kind, *fact in sorted(rows, key=lambda row: int(row[1])):
        by_kind.setdefault(kind, []).append(tuple(fact))
    people = People(
        divisions=tuple(
            Division(key, name, DivisionKind(kind), tuple(json.loads(aliases)), _day(founded_on))
            for _, key, name, kind, aliases, founded_on, *_ in by_kind.get("division", ())
        ),
        posts=tuple(
            Post(key, title, Level(level), division) for _, key, title, level, division, *_ in by_kind.get("post", ())
        ),
        persons=tuple(Person(key, name, email) for _, key, name, email, *_ in by_kind.get("person", ())),
        holdings=tuple(map(_holding, by_kind.get("holding", ()))),
    )
    holidays = sorted(map(_holiday, by_kind.get("holiday", ())), key=lambda holiday: holiday.day)
    own = next(iter(by_kind.get("office", ())), None)
    left_on = _day(own[-1]) if own is not None else None
    return Surroundings(_office(own) if own is not None else None, people, tuple(holidays), left_on)


def _holding(fact: Fact) -> Holding:
    _, post, person, start_on, end_on, is_acting, *_ = fact
    return Holding(post, person, date.fromisoformat(start_on), _day(end_on), bool(int(is_acting)))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _holiday(fact: Fact) -> HolidayOverride:
    _, day, name, source, is_holiday, *_ = fact
    return HolidayOverride(date.fromisoformat(day), bool(int(is_holiday)), name, source)


def _office(fact: Fact) -> Office:
    _, key, name, kind, district, province, settings, is_demo, *_ = fact
    return Office(key, name, OfficeKind(kind), district, province, settings_of(settings), bool(int(is_demo)))


@lru_cache(maxsize=256)
def settings_of(document: str) -> OfficeSettings:
    """Settings as stored; reading the same ones again costs nothing."""
    return OfficeSettings.model_validate_json(document)
