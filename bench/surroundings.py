"""What reading an office with its people costs in one statement, beside six plain ones in the same run.

`make bench-surroundings` prints it for SQLite and PostgreSQL, at the size of a small office and of a large one.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from bench.clock import postgres, sqlite
from domain.office import Office, OfficeKind
from domain.people import Division, Holding, Level, People, Person, Post
from domain.workdays import HolidayOverride
from storage.store import Store
from storage.surroundings import surroundings
from storage.tables import DivisionRow, HoldingRow, HolidayOverrideRow, OfficeRow, PersonRow, PostRow

OFFICE: Final = "bench"
SIZES: Final = ((7, 20), (40, 300))
"""Divisions and people: a tambon municipality, and the largest office that we know of."""
ROUNDS: Final = 600

_TABLES: Final[tuple[Table, ...]] = tuple(
    row.__table__  # type: ignore[misc]
    for row in (OfficeRow, DivisionRow, PostRow, PersonRow, HoldingRow, HolidayOverrideRow)
)
_PLAIN: Final = tuple(select(table).where(table.c.office_id == bindparam("office")) for table in _TABLES)


def main() -> int:
    """Print the costs."""
    print(f"{'database':<12}{'people':>8}{'one statement':>16}{'six statements':>16}{'times':>8}")
    for name, opened in (("SQLite", sqlite), ("PostgreSQL", postgres)):
        for divisions, persons in SIZES:
            with opened() as url:
                _measure(name, url, divisions, persons)
    return 0


def _measure(name: str, url: str, divisions: int, persons: int) -> None:
    store = Store(url, durable=False)
    store.migrate()
    with store.unit_of_work(OFFICE) as uow:
        uow.offices.add(Office(OFFICE, "เทศบาล", OfficeKind.TAMBON_MUNICIPALITY, "", ""))
        uow.people.save(_people(divisions, persons))
        for n in range(1, 6):
            uow.holidays.put(HolidayOverride(date(2026, n, 1), is_holiday=True, name="หยุด", source="ประกาศ"))
        uow.commit()
    with store.reader(OFFICE) as uow:
        session = uow.offices._session  # noqa: SLF001 -- the same connection
        single, six = _costs(lambda: surroundings(session, OFFICE), lambda: _six(session))
    print(f"{name:<12}{persons:>8}{single * 1e6:>13.0f} us{six * 1e6:>13.0f} us{six / single:>8.2f}")
    store.close()


def _six(session: Session) -> list[tuple[Any, ...]]:
    """The rows alone: no office is made of them, which the one statement is charged with."""
    return [tuple(row) for plain in _PLAIN for row in session.connection().execute(plain, {"office": OFFICE})]


def _people(divisions: int, persons: int) -> People:
    units = tuple(Division(f"d{n}", f"กอง {n}") for n in range(divisions))
    posts = tuple(Post(f"p{n}", f"ตำแหน่ง {n}", Level.OFFICER, f"d{n % divisions}") for n in range(persons))
    each = tuple(Person(f"u{n}", f"คน {n}", f"u{n}@example.test") for n in range(persons))
    return People(units, posts, each, tuple(Holding(f"p{n}", f"u{n}", date(2025, 10, 1)) for n in range(persons)))


def _costs(*acts: Callable[[], object]) -> list[float]:
    """Median seconds of one call of each, taken in turns: what else the machine does is in all of them."""
    times: list[list[float]] = [[] for _ in acts]
    for _ in range(ROUNDS):
        for act, taken in zip(acts, times, strict=True):
            begun = time.perf_counter()
            act()
            taken.append(time.perf_counter() - begun)
    return [statistics.median(taken) for taken in times]


if __name__ == "__main__":
    sys.exit(main())
