"""A burst through the real service: 20 measures due at one instant, 30 hand-ins within 10 s.

`make bench-burst` prints the embedded default (SQLite) beside PostgreSQL (Debian's package, started here). It ends with
code 1 where something was lost, doubled or refused, or where letters left later than `FIRST_LETTER_S` and `LETTERS_S`
allow.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from bench.bounds import judged
from bench.due_plan import due_plan
from bench.live import Live, free_port, live
from domain.figures import Answer
from domain.fiscal import FiscalYear
from domain.office import Office, OfficeKind, OfficeSettings
from domain.outbox import LetterState
from domain.workdays import HolidayOverride
from flows.rest import BasicKey, RestScheduler
from services.assignments.advance import advance
from services.assignments.hand_in import Result, hand_in
from services.desk import Desk
from services.office.offices import create
from services.office.usual_office import usual_people
from services.planning.plans import activate, import_plan
from services.schedule.schedule import MeasureKey
from services.schedule.wake import wake_measure
from services.scheduler_key import kept_key
from storage.store import Store

OFFICE = "burst"
HAND_IN_SECONDS = 10
PATIENCE_S = 240
FIRST_LETTER_S = 10.0
"""From due to the first letter: it leaves beside the measures that are still to come."""
LETTERS_S = 15.0
"""From due to a letter, of 99 in a hundred."""
PAGE = 200
FINAL = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


@dataclass(frozen=True)
class Load:
    """How much comes at once.

    Attributes:
        measures: Due at the same instant.
        hand_ins: Within `HAND_IN_SECONDS`.
        lead: How long before the instant the schedules are applied, which must be done by then.
    """

    measures: int
    hand_ins: int
    lead: timedelta


WHOLE = Load(measures=20, hand_ins=30, lead=timedelta(seconds=25))


@dataclass(frozen=True)
class Burst:
    """What one burst gave. Times are seconds after the due instant."""

    ready_s: float
    runs: dict[str, int]
    runs_per_minute: float
    deliveries: int
    first_letter_s: float
    letters: int
    told_p50_s: float
    told_p99_s: float
    notices: int
    lost: int
    doubled: int
    lock_errors: int

    @property
    def faults(self) -> list[str]:
        """Where it broke its bounds; none when all is well."""
        bounds = (
            (self.first_letter_s <= FIRST_LETTER_S, f"the first letter left later than {FIRST_LETTER_S:g} s after due"),
            (self.told_p99_s <= LETTERS_S, f"letters (p99) left later than {LETTERS_S:g} s after due"),
            (not self.lost, "notices were lost"),
            (not self.doubled, "notices or letters were doubled"),
            (not self.lock_errors, "a database was locked"),
            (set(self.runs) == {"COMPLETED"}, "a run did not complete"),
        )
        return [fault for is_kept, fault in bounds if not is_kept]


def run(service: Live, load: Load) -> Burst:
    """Give a running service the burst and wait until all of it is done."""
    url = service.environment.get("SUCHARIT_DATABASE_URL") or f"sqlite:///{service.home / 'sucharit.db'}"
    store = Store(url.replace("postgresql://", "postgresql+psycopg://", 1))
    api_url = f"http://127.0.0.1:{service.environment['SUCHARIT_PREFECT_PORT']}/api"
    key = kept_key(service.home)
    clockwork = RestScheduler(api_url, key)
    try:
        due = _office_with_work(store, load)
        run_id = clockwork.trigger("apply-schedules", "burst-apply", {"office": OFFICE})
        assert clockwork.wait(run_id, 60).state_type == "COMPLETED"
        assert datetime.now(UTC) < due, "the schedules were applied too late: nothing came at once"
        _sleep_until(due)
        _hand_in(store, clockwork, load.hand_ins)
        with httpx.Client(base_url=api_url, auth=BasicKey(key), timeout=30) as prefect:
            _settle(store, prefect, due, load.measures)
            return _measured(service, store, prefect, due)
    finally:
        store.close()


def _office_with_work(store: Store, load: Load) -> datetime:
    """Measures of which one step is open already, and one opens at the instant that is returned."""
    zone = _zone_at_noon(datetime.now(UTC))
    due = (datetime.now(zone) + load.lead).replace(microsecond=0)
    settings = OfficeSettings(notify_at=due.time(), time_zone=zone.key)
    year = FiscalYear.of(due.date())
    with store.unit_of_work(OFFICE) as uow:
        # A demonstration: doctor finds fault with a real office whose letters stay on the machine.
        office = Office(OFFICE, "burst", OfficeKind.SAO, settings=settings, is_demo=True)
        create(uow, office, usual_people(), by="admin", now=due)
        uow.holidays.put(HolidayOverride(due.date(), is_holiday=False, name="a working day"))
        desk = Desk.open(uow)
        stored = import_plan(desk, due_plan(year, due.date(), load.measures), by="admin", now=due).stored
        activate(desk, stored, by="admin", now=due, on=year.start)
        desk = Desk.open(uow)
        for number in range(1, load.measures + 1):
            advance(desk, year.be, f"m{number}", due - timedelta(seconds=1))
        # What opened a year of quarters ago is not part of the burst: only today's instant is.
        uow.notices.write()
        uow.notices.mark_composed(sorted(uow.notices.keys()), due)
        uow.commit()
    return due


def _zone_at_noon(now: datetime) -> ZoneInfo:
    """A zone in which it is noon or so, so that the burst never falls over midnight."""
    offset = 12 - now.hour
    return ZoneInfo(f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT")


def _sleep_until(due: datetime) -> None:
    time.sleep(max(0, (due - datetime.now(UTC)).total_seconds()))


def _hand_in(store: Store, clockwork: RestScheduler, hand_ins: int) -> None:
    """Divisions hand in, evenly over ten seconds, each waking its measure as the command line does."""
    result = Result("ดำเนินการแล้ว", Answer(is_none_confirmed=True), Answer(is_none_confirmed=True))
    with store.reader(OFFICE) as uow:
        waiting = [a for a in uow.assignments.all() if a.step_key.endswith(".1")]
    chosen = sorted(waiting, key=lambda a: (a.division, a.measure_key))[:hand_ins]
    start = time.monotonic()
    for number, assignment in enumerate(chosen):
        time.sleep(max(0, start + number * HAND_IN_SECONDS / hand_ins - time.monotonic()))
        now = datetime.now(UTC)
        with store.unit_of_work(OFFICE) as uow:
            hand_in(Desk.open(uow), assignment.id, result, by=f"{assignment.division}.officer", now=now)
            uow.commit()
        deaf = wake_measure(clockwork, MeasureKey(assignment.fiscal_year_be, OFFICE, assignment.measure_key), now)
        assert deaf is None, deaf


def _settle(store: Store, prefect: httpx.Client, due: datetime, measures: int) -> None:
    """Wait until every run that was due has ended and every notice has left."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        time.sleep(1)
        with store.reader(OFFICE) as uow:
            is_told = not uow.notices.is_any_waiting() and not uow.letters.counts().waiting
            opened = sum(a.step_key.endswith(".2") for a in uow.assignments.all())
        runs = _runs(prefect, due)
        soon = datetime.now(UTC) + timedelta(seconds=90)
        is_idle = not any(r.state_type not in FINAL and r.expected_at < soon for r in runs)
        if is_told and is_idle and opened == measures * len(usual_people().divisions[:-1]):
            return
    raise RuntimeError(f"not settled: {Counter(run.state_type for run in _runs(prefect, due))}")


@dataclass(frozen=True)
class Run:
    """A flow run as Prefect tells it."""

    name: str
    state_type: str
    expected_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


def _runs(prefect: httpx.Client, since: datetime) -> list[Run]:
    """Every run that was to begin since then, whatever became of it."""
    runs: list[Run] = []
    while True:
        body = {
            "flow_runs": {"expected_start_time": {"after_": since.isoformat()}},
            "sort": "ID_DESC",
            "limit": PAGE,
            "offset": len(runs),
        }
        page = prefect.post("/flow_runs/filter", json=body).raise_for_status().json()
        runs += [
            Run(
                r["name"],
                r["state_type"],
                _at(r["expected_start_time"]) or since,
                _at(r["start_time"]),
                _at(r["end_time"]),
            )
            for r in page
        ]
        if len(page) < PAGE:
            return runs


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _measured(service: Live, store: Store, prefect: httpx.Client, due: datetime) -> Burst:
    runs = [r for r in _runs(prefect, due - timedelta(seconds=1)) if r.state_type != "SCHEDULED"]
    ended = [r.ended_at for r in runs if r.ended_at]
    minutes = (max(ended) - due).total_seconds() / 60
    with store.reader(OFFICE) as uow:
        letters = uow.letters.all(LetterState.SENT)
        keys = uow.notices.keys()
    arrived = _arrivals(service.home / "mailbox" / "new")
    copies = Counter(key for letter in letters for key in letter.notices)
    burst_keys = {key for key in keys if ("/open/" in key and ".2-" in key) or "/hand_in/" in key}
    waits = sorted(
        arrived[letter.message_id][0] - due.timestamp()
        for letter in letters
        for key in letter.notices
        if "/open/" in key
    )
    return Burst(
        ready_s=service.ready_s,
        runs=dict(Counter(r.state_type for r in runs)),
        runs_per_minute=len(ended) / minutes,
        deliveries=sum(r.name == "deliver" for r in runs),
        first_letter_s=waits[0],
        letters=len({letter.id for letter in letters for key in letter.notices if "/open/" in key}),
        told_p50_s=waits[len(waits) // 2],
        told_p99_s=waits[int(len(waits) * 0.99)],
        notices=len(burst_keys),
        lost=len([key for key in burst_keys if not copies[key]]),
        doubled=sum(count - 1 for count in copies.values()) + sum(len(times) - 1 for times in arrived.values()),
        lock_errors=sum("database is locked" in service.log(name) for name in ("prefect", "worker")),
    )


def _arrivals(folder: Path) -> dict[str, list[float]]:
    """When each Message-ID arrived, as often as it did."""
    arrivals: dict[str, list[float]] = {}
    for path in folder.glob("*.eml"):
        head = path.read_text(errors="replace").partition("\n\n")[0]
        line = next(line for line in head.splitlines() if line.lower().startswith("message-id:"))
        arrivals.setdefault(line.partition(":")[2].strip(), []).append(path.stat().st_mtime)
    return arrivals


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A cluster of Debian's PostgreSQL on loopback with the databases `ledger` and `prefect`; its address."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not folders:
        raise SystemExit("PostgreSQL is missing. Install it (Debian: apt-get install postgresql) and run again.")
    binaries, port = folders[-1], free_port()
    as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if as_user:
        shutil.chown(folder, "postgres", "postgres")

    def quietly(*argv: object) -> None:
        subprocess.run([*as_user, *map(str, argv)], check=True, stdout=subprocess.DEVNULL, cwd="/")

    quietly(binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust")
    options = f"-h 127.0.0.1 -p {port} -k {folder}"
    control = (binaries / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log")
    quietly(*control, "-o", options, "start")
    try:
        for name in ("ledger", "prefect"):
            quietly(binaries / "createdb", "-h", "127.0.0.1", "-p", port, "-U", "postgres", name)
        yield f"postgres@127.0.0.1:{port}"
    finally:
        quietly(*control, "-m", "fast", "stop")


def main() -> None:
    """Print both, one beside the other."""
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    print(f"{os.cpu_count()} cores, load before: {load}. {WHOLE.measures} measures due at once, ", end="")
    print(f"{WHOLE.hand_ins} hand-ins within {HAND_IN_SECONDS} s.\n")
    with tempfile.TemporaryDirectory(prefix="burst-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        with live(folder / "sqlite") as service:
            embedded = run(service, WHOLE)
        with postgresql(folder / "postgresql") as where:
            settings = {
                "SUCHARIT_DATABASE_URL": f"postgresql://{where}/ledger",
                "SUCHARIT_PREFECT_DATABASE_URL": f"postgresql+asyncpg://{where}/prefect",
            }
            with live(folder / "grown", settings) as service:
                grown = run(service, WHOLE)
    _print(embedded, grown)
    sys.exit(_judged({"embedded (SQLite)": embedded, "PostgreSQL": grown}))


def _judged(bursts: dict[str, Burst]) -> int:
    """Say whether the bounds were kept; the exit code."""
    broken = [f"{where}: {fault}" for where, burst in bursts.items() for fault in burst.faults]
    bounds = f"first letter within {FIRST_LETTER_S:g} s, p99 of letters within {LETTERS_S:g} s"
    return judged(f"{bounds}; nothing lost, doubled or locked", broken)


def _print(embedded: Burst, grown: Burst) -> None:
    rows: list[tuple[str, Callable[[Burst], str]]] = [
        ("ready after (s)", lambda b: f"{b.ready_s:.1f}"),
        ("runs, by state", lambda b: ", ".join(f"{n} {state.lower()}" for state, n in b.runs.items())),
        ("runs per minute", lambda b: f"{b.runs_per_minute:.0f}"),
        ("deliveries among them", lambda b: str(b.deliveries)),
        ("letters", lambda b: str(b.letters)),
        ("due to first letter (s)", lambda b: f"{b.first_letter_s:.1f}"),
        ("due to mail, p50 (s)", lambda b: f"{b.told_p50_s:.1f}"),
        ("due to mail, p99 (s)", lambda b: f"{b.told_p99_s:.1f}"),
        ("notices", lambda b: str(b.notices)),
        ("lost", lambda b: str(b.lost)),
        ("doubled", lambda b: str(b.doubled)),
        ("logs with “database is locked”", lambda b: str(b.lock_errors)),
    ]
    print(f"{'':32}{'embedded (SQLite)':>22}{'PostgreSQL':>22}")
    for name, figure in rows:
        print(f"{name:32}{figure(embedded):>22}{figure(grown):>22}")


if __name__ == "__main__":
    main()
