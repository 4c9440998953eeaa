"""The whole path under `kill -9`: a real service, due measures, hand-ins, a mail server that counts what arrives.

`make bench-kill` (RUNS of each kind, 20 if not given) delivers with SQLite and with PostgreSQL (Debian's package,
started here), by one worker and by two; in each run one process of the service is killed at a random instant, any of
them, the one that starts all others too. It ends with code 1 where a letter was lost, where more letters came twice
than processes were killed, where one came again with another Message-ID, or where one left later than `LATEST_S` after
the restart.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from operator import itemgetter
from pathlib import Path
from random import Random

from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.bounds import judged
from bench.burst import postgresql
from bench.kill_office import KillOffice, Told, found
from bench.kill_service import KillableService
from bench.live import surroundings
from flows.rest import RestScheduler
from services.schedule.waker import Waker
from services.scheduler_key import kept_key
from storage.store import Store
from tests.notifications.servers import Server
from tests.services.mail import serving

RUNS = 20
HAND_INS = 6
MOVING_S = 9.0
"""From the due instant, in which people hand in."""
KILLING_S = 15.0
"""From the second before the due instant, in which the kill falls: past the last hand-in, when nobody asks any more."""
ANSWER_S = 0.25
"""How long the server takes from having a letter to saying so: a kill in between makes a double."""
LATEST_S = 90.0
PATIENCE_S = 150.0
SWEPT_S = 60.0


@dataclass
class CountingServer(Server):
    """A mail server that notes what it has before it says so: the answer may find nobody."""

    copies: Counter[str] = field(default_factory=Counter)
    came_to: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    last_at: float = 0

    async def handle_DATA(self, _smtp: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as aiosmtpd calls it
        """Note the letter, then answer."""
        identity = str(message_from_bytes(envelope.original_content or b"")["Message-ID"])
        self.copies[identity] += 1
        self.came_to[identity].update(envelope.rcpt_tos)
        self.last_at = time.time()
        await asyncio.sleep(ANSWER_S)
        return "250 queued"


@dataclass(frozen=True)
class Run:
    """What one run gave.

    Attributes:
        killed: Name of the process.
        refused: Hand-ins that the database refused; whoever hands in tries again.
        late_s: From the restart, or from what was due last if that came later, to the last letter.
        is_late: Some letter had not left when patience ended.
    """

    killed: str
    letters: int
    lost: int
    doubled: int
    another: int
    refused: int
    late_s: float
    is_late: bool


@dataclass(frozen=True)
class Kind:
    """A database and a number of workers, and how its runs went."""

    name: str
    runs: tuple[Run, ...]

    @property
    def faults(self) -> list[str]:
        """Where it broke its bounds."""
        doubled, kills = sum(run.doubled for run in self.runs), len(self.runs)
        bounds = (
            (not any(run.lost for run in self.runs), "letters were lost"),
            (doubled <= kills, "more letters came twice than processes were killed"),
            (not any(run.another for run in self.runs), "a letter came again with another Message-ID"),
            (
                not any(run.is_late or run.late_s > LATEST_S for run in self.runs),
                f"a letter left later than {LATEST_S:g} s after the restart",
            ),
        )
        return [fault for is_kept, fault in bounds if not is_kept]


@dataclass(frozen=True)
class Bench:
    """What a run needs."""

    service: KillableService
    store: Store
    scheduler: RestScheduler
    waker: Waker
    server: CountingServer
    random: Random

    def run(self, number: int, victim: str) -> Run:
        """Have an office's measures come due and its people hand in, kill, and count what came of it."""
        office = found(self.store, f"kill-{number}")
        before = self.server.copies.copy()
        applied = self.scheduler.trigger("apply-schedules", f"kill-{number}", {"office": office.key})
        assert self.scheduler.wait(applied, 60).state_type == "COMPLETED"
        assert datetime.now(UTC) < office.due, "the schedules were applied too late: nothing came due under the kill"
        again_at = self._under_fire(office, victim)
        since = max(again_at, office.due.timestamp(), office.last_move.timestamp() if office.last_move else 0)
        is_late = not self._settled(office, since + PATIENCE_S)
        late_s = max(0.0, (time.time() if is_late else self.server.last_at) - since)
        if is_late:  # what the daily sweep would make up for is late, not lost
            self.scheduler.trigger("sweep", f"kill-{number}", {"office": office.key})
            self._settled(office, time.time() + SWEPT_S)
        told, came = self._told(office), self.server.copies - before
        unknown = sum(message_id not in office.message_ids() for message_id in came)
        doubled = came.total() - len(came)
        return Run(victim, len(came), told.missing, doubled, told.another + unknown, office.refused, late_s, is_late)

    def _under_fire(self, office: KillOffice, victim: str) -> float:
        """Hand in and kill; return when the killed process was started again."""
        due = office.due.timestamp()
        kill_at = due - 1 + self.random.uniform(0, KILLING_S)
        again_at = 0.0

        def move() -> None:
            office.hand_in_next(self.waker)

        def kill() -> None:
            nonlocal again_at
            again_at = self.service.kill(victim)

        moves = [(due + number * MOVING_S / HAND_INS, move) for number in range(HAND_INS)]
        for instant, what in sorted([*moves, (kill_at, kill)], key=itemgetter(0)):
            time.sleep(max(0.0, instant - time.time()))
            what()
        return again_at

    def _settled(self, office: KillOffice, until: float) -> bool:
        """Wait until all has been told and nothing waits; False where it has not by then."""
        while time.time() < until:
            told = self._told(office)
            if not told.missing and not told.waiting:
                time.sleep(2)  # a double, too, must have come
                return True
            time.sleep(1)
        return False

    def _told(self, office: KillOffice) -> Told:
        return office.told(dict(self.server.came_to))


@contextmanager
def _database(name: str, folder: Path) -> Iterator[dict[str, str]]:
    """Settings of a service that keeps its data there."""
    if name == "SQLite":
        yield {}
        return
    with postgresql(folder) as where:
        yield {
            "SUCHARIT_DATABASE_URL": f"postgresql://{where}/ledger",
            "SUCHARIT_PREFECT_DATABASE_URL": f"postgresql+asyncpg://{where}/prefect",
        }


def _in_turn(service: KillableService, wanted: str, random: Random) -> list[str]:
    names = [name for name in service.victims if wanted in name]
    return random.sample(names, len(names))


def _kind(name: str, home: Path, settings: dict[str, str], workers: int, wanted: str, runs: int, seed: int) -> Kind:
    server, random = CountingServer(), Random(seed)  # noqa: S311 -- draws instants, no secrets
    with serving(server) as port, ExitStack() as stack:
        mail = {
            "SUCHARIT_SMTP_HOST": "127.0.0.1",
            "SUCHARIT_SMTP_PORT": str(port),
            "SUCHARIT_SMTP_TLS": "none",
            "SUCHARIT_SENDER": "ita@office.example",
        }
        service = KillableService(home, surroundings(home, settings | mail), has_second_worker=workers > 1)
        stack.callback(service.end)
        service.start()
        url = settings.get("SUCHARIT_DATABASE_URL") or f"sqlite:///{home / 'sucharit.db'}"
        store = Store(url.replace("postgresql://", "postgresql+psycopg://", 1))
        stack.callback(store.close)
        scheduler = RestScheduler(
            f"http://127.0.0.1:{service.environment['SUCHARIT_PREFECT_PORT']}/api", kept_key(home)
        )
        waker = Waker(lambda: scheduler, lambda: datetime.now(UTC))
        stack.callback(waker.close, 5)
        bench, done, victims = Bench(service, store, scheduler, waker, server, random), [], list[str]()
        for number in range(runs):
            victims = victims or _in_turn(service, wanted, random)
            run = bench.run(number, victims.pop())
            done.append(run)
            _print(name, number + 1, run)
    return Kind(name, tuple(done))


def _print(name: str, number: int, run: Run) -> None:
    late = f">{PATIENCE_S:g}" if run.is_late else f"{run.late_s:.1f}"
    figures = f"{run.letters:>8}{run.lost:>6}{run.doubled:>9}{run.another:>9}{run.refused:>8}{late:>9}"
    sys.stdout.write(f"{name:24}{number:>4}  {run.killed:14}{figures}\n")
    sys.stdout.flush()


def _sum(kind: Kind) -> str:
    runs = kind.runs
    late = f">{PATIENCE_S:g}" if any(run.is_late for run in runs) else f"{max(run.late_s for run in runs):.1f}"
    counts = [sum(getattr(run, name) for run in runs) for name in ("letters", "lost", "doubled", "another", "refused")]
    figures = "{:>8}{:>6}{:>9}{:>9}{:>8}".format(*counts)
    return f"{kind.name:24}{len(runs):>4}  {'kills':14}{figures}{late:>9}"


def main() -> None:
    """Run all kinds, print each run and the sums."""
    parser = argparse.ArgumentParser(prog="python -m bench.kill", description=__doc__)
    parser.add_argument("--runs", type=int, default=int(os.environ.get("RUNS") or RUNS), help="of each kind")
    parser.add_argument("--seed", type=int, default=1, help="draws processes and instants")
    parser.add_argument("--only", default="", help="part of the name of the kinds that are run")
    parser.add_argument("--kill", default="", help="part of the name of the processes that are killed")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and the service with it
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    print(f"{os.cpu_count()} cores, load before: {load}. {options.runs} runs of each kind, one kill -9 in each.\n")
    heading = f"{'letters':>8}{'lost':>6}{'doubled':>9}{'other ID':>9}{'refused':>8}{'last (s)':>9}"
    print(f"{'':24}{'run':>4}  {'killed':14}{heading}", flush=True)
    kinds: list[Kind] = []
    with tempfile.TemporaryDirectory(prefix="kill-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        for workers in (1, 2):
            for database in ("SQLite", "PostgreSQL"):
                name = f"{database}, {workers} worker{'s' * (workers > 1)}"
                if options.only in name:
                    home, seed = folder / f"{database}-{workers}", options.seed + len(kinds)
                    with _database(database, folder / f"postgresql-{workers}") as settings:
                        kinds.append(_kind(name, home, settings, workers, options.kill, options.runs, seed))
    print("\n" + "\n".join(map(_sum, kinds)))
    sys.exit(_judged(kinds))


def _judged(kinds: list[Kind]) -> int:
    """Say whether the bounds were kept; the exit code."""
    broken = [f"{kind.name}: {fault}" for kind in kinds for fault in kind.faults]
    bounds = f"0 lost, at most one double a kill, 0 with another Message-ID, all gone within {LATEST_S:g} s"
    return judged(f"{bounds} of the restart", broken)


if __name__ == "__main__":
    main()
