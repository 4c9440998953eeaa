"""The office with its people and its own holidays, read together in one statement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import (
    Boolean,
    Date,
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
from storage.tables import DivisionRow, HoldingRow, HolidayOverrideRow, OfficeRow, PersonRow, PostRow

Fact = tuple[Any, ...]

_NO_TEXT: Final = as_type(None, Text)
_NO_DAY: Final = as_type(None, Date)
_NO_FLAG: Final = as_type(None, Boolean)


def _part(
    name: str, table: type, texts: Sequence[str], days: Sequence[str] = (), flag: str = "", order: str = "position"
) -> Select[Any]:
    """Rows of one table in the shape that all of them share: kind, order, six texts, two days, a flag."""
    columns = cast("Table", table.__table__).c  # type: ignore[attr-defined]
    filled: list[ColumnElement[Any]] = [as_type(columns[text], Text) for text in texts]
    filled += [_NO_TEXT] * (6 - len(texts))
    filled += [columns[day] for day in days] + [_NO_DAY] * (2 - len(days))
    place = columns[order] if order else as_type(0, Integer)
    kind = literal_column(f"'{name}'", Text)
    return select(
        kind.label("kind"),
        place.label("place"),
        *(column.label(f"v{n}") for n, column in enumerate(filled)),
        (columns[flag] if flag else _NO_FLAG).label("flag"),
    ).where(columns.office_id == bindparam("office"))


# One statement, built once: six would be six trips to the database for every page.
_EVERYTHING: Final = union_all(
    _part("office", OfficeRow, ("office_id", "name", "kind", "district", "province", "settings"), (), "is_demo", ""),
    _part("division", DivisionRow, ("key", "name", "kind", "aliases")),
    _part("post", PostRow, ("key", "title", "level", "division")),
    _part("person", PersonRow, ("key", "name", "email")),
    _part("holding", HoldingRow, ("post", "person"), ("start_on", "end_on"), "is_acting"),
    _part("holiday", HolidayOverrideRow, ("name", "source"), ("day",), "is_holiday", ""),
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every use case of an office begins with; `office` is None where it was never created."""

    office: Office | None
    people: People
    holidays: tuple[HolidayOverride, ...]


def surroundings(session: Session, office_id: str) -> Surroundings:
    """Read the office, everybody of it in the order they were saved, and its own holidays by day."""
    by_kind: dict[str, list[Fact]] = {}
    for kind, place, *values in session.connection().execute(_EVERYTHING, {"office": office_id}):
        by_kind.setdefault(kind, []).append((place, *values))
    people = {kind: tuple(sorted(by_kind.get(kind, ()), key=_place)) for kind in _PEOPLE}
    offices = by_kind.get("office", [])
    holidays = sorted((_holiday(fact) for fact in by_kind.get("holiday", ())), key=lambda found: found.day)
    return Surroundings(_office(offices[0]) if offices else None, _people(**people), tuple(holidays))


_PEOPLE: Final = ("division", "post", "person", "holding")


def _place(fact: Fact) -> int:
    return int(fact[0])


@lru_cache(maxsize=64)
def _people(
    division: tuple[Fact, ...], post: tuple[Fact, ...], person: tuple[Fact, ...], holding: tuple[Fact, ...]
) -> People:
    """The same rows are the same people: what was looked up among them once need not be looked up again."""
    return People(
        divisions=tuple(
            Division(key, name, DivisionKind(kind), tuple(json.loads(aliases)))
            for _, key, name, kind, aliases, *_ in division
        ),
        posts=tuple(Post(key, title, Level(level), place) for _, key, title, level, place, *_ in post),
        persons=tuple(Person(key, name, email) for _, key, name, email, *_ in person),
        holdings=tuple(Holding(*_holding(fact)) for fact in holding),
    )


def _holding(fact: Fact) -> tuple[str, str, date, date | None, bool]:
    _, post, person, *_, start_on, end_on, is_acting = fact
    return post, person, start_on, end_on, bool(is_acting)


def _holiday(fact: Fact) -> HolidayOverride:
    _, name, source, *_, day, _, is_holiday = fact
    return HolidayOverride(day, bool(is_holiday), name, source)


def _office(fact: Fact) -> Office:
    _, key, name, kind, district, province, settings, _, _, is_demo = fact
    return Office(key, name, OfficeKind(kind), district, province, settings_of(settings), bool(is_demo))


@lru_cache(maxsize=256)
def settings_of(document: str) -> OfficeSettings:
    """Settings as stored; reading the same ones again costs nothing."""
    return OfficeSettings.model_validate_json(document)
