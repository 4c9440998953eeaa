"""Every fault of a mail server, met by three letters at the head of the queue with 20 healthy ones behind them.

`make bench-faults` prints for each fault how many healthy letters left in the first delivery and within one back-off
after it, and, once the server is well, what was lost or came twice. Waits are a sixtieth of the real ones, and the
clock goes sixty times as fast. It ends with code 1 where healthy letters did not leave within one back-off (where a
fault of the account is said for some recipients alone, within the first back-offs); where a fault of the server or the
account stops all by right, where a letter was spent or parked by it, or did not leave after it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bench.bounds import judged
from bench.fault_list import FAULTS, Fault, Others
from domain.outbox import Letter, LetterState
from notifications.email import EmailChannel, Patience
from notifications.policy import FIRST_WAITS
from services.outbox.deliver import MailSender, deliver
from storage.store import Store
from tests.factories import at
from tests.notifications.odd_server import OddServer
from tests.notifications.servers import make_settings
from tests.storage.rows import KEY, add_office, make_letter

BAD, HEALTHY = 3, 20
PACE = 60
"""Seconds of the delivery's clock in one of ours."""
START = at("2023-04-11 08:30")
BACK_OFFS = {Others.GO: FIRST_WAITS[:1], Others.WAIT: FIRST_WAITS[:1], Others.TURNS: FIRST_WAITS[:3]}
AT_ONCE = 4
MOST_DELIVERIES = 40
STEP = timedelta(minutes=15)


class Clock:
    """Goes `PACE` times as fast, and can be put on."""

    def __init__(self) -> None:
        self._began, self._put_on = time.monotonic(), timedelta()

    def __call__(self) -> datetime:
        """Now."""
        return START + self._put_on + timedelta(seconds=(time.monotonic() - self._began) * PACE)

    def put_on(self, by: timedelta) -> None:
        """As if so much time had passed."""
        self._put_on += by


class Taken(list[str]):
    """Recipients of the letters that a server took; knows when it took the last healthy one."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.minutes = 0.0
        self._clock = clock

    def append(self, to: str) -> None:
        """Note one."""
        if "@well" in to:
            self.minutes = (self._clock() - START) / timedelta(minutes=1)
        super().append(to)


@dataclass(frozen=True)
class Outcome:
    """What became of the letters.

    Attributes:
        first: Healthy letters that left in the first delivery.
        soon: Healthy letters that had left one back-off after it; three, where all take turns.
        minutes: Of the delivery's clock, until the last healthy letter had left, by then.
        spent: Letters whose try was counted by then, other than those that met the fault.
        lost: Letters that neither left, nor wait, nor were given up by right, when the server was well again.
    """

    fault: Fault
    first: int
    soon: int
    minutes: float
    spent: int
    parked: int
    left: int
    lost: int
    doubled: int

    @property
    def faults(self) -> list[str]:
        """Where it broke its bounds."""
        others = self.fault.others
        bounds = (
            (others is Others.WAIT or self.soon == HEALTHY, f"{self.soon} of {HEALTHY} healthy letters left in time"),
            (others is Others.GO or not self.spent, f"{self.spent} letters spent a try"),
            (self.parked == (BAD if self.fault.is_for_good else 0), f"{self.parked} letters were given up"),
            (self.left + self.parked == BAD + HEALTHY, f"{self.left} letters left once the server was well"),
            (not self.lost, f"{self.lost} letters were lost"),
            (not self.doubled, f"{self.doubled} letters came twice"),
        )
        return [fault for is_kept, fault in bounds if not is_kept]


def measure(fault: Fault, store: Store) -> Outcome:
    """Deliver under the fault, twice or more; then heal the server and deliver until nothing waits."""
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.letters.add([_letter(number) for number in range(BAD + HEALTHY)])
        uow.commit()
    clock, server = Clock(), fault.server()
    server.taken = taken = Taken(clock)
    with server.serving() as port:
        sender = _sender(port, clock, fault)

        def go() -> None:
            asyncio.run(deliver(store, KEY, sender(is_healed=False)))

        go()
        first = _healthy(server)
        for wait in BACK_OFFS[fault.others]:
            clock.put_on(wait)
            go()
        soon, letters, minutes = _healthy(server), _letters(store), taken.minutes
        spent = sum(letter.attempts > 0 for letter in letters if letter.state is LetterState.WAITING)
        parked = sum(letter.state is LetterState.PARKED for letter in letters)
        server.answers, server.late_s = {}, {}
        for _ in range(MOST_DELIVERIES):
            clock.put_on(STEP)
            if not any(letter.state is LetterState.WAITING for letter in _letters(store)):
                break
            asyncio.run(deliver(store, KEY, sender(is_healed=True)))
    states = Counter(letter.state for letter in _letters(store))
    came = Counter(server.taken)
    lost = sum(letter.state is LetterState.SENT and letter.address not in came for letter in _letters(store))
    sent, parked = states[LetterState.SENT], states[LetterState.PARKED]
    return Outcome(fault, first, soon, minutes, spent, parked, sent, lost, came.total() - len(came))


def _letter(number: int) -> Letter:
    """The first ones stand at the head of the queue."""
    domain = f"bad{number}.example" if number < BAD else f"well{number}.example"
    since = START - timedelta(minutes=60 - number)
    return make_letter(
        id=f"letter-{number}", person=f"p{number}", address=f"p{number}@{domain}", created_at=since, next_try_at=since
    )


def _sender(port: int, clock: Clock, fault: Fault) -> Callable[..., MailSender]:
    usual = Patience()
    patience = Patience(usual.again_s / PACE, usual.start_s / PACE, usual.taken_s / PACE)

    def sender(*, is_healed: bool) -> MailSender:
        facts = {} if is_healed else dict(fault.settings)
        settings = make_settings(port, timeout_s=30 / PACE, patience=patience, **facts)
        return MailSender(EmailChannel(settings), settings.sender, "office.example", clock)

    return sender


def _letters(store: Store) -> list[Letter]:
    with store.reader(KEY) as uow:
        return uow.letters.all()


def _healthy(server: OddServer) -> int:
    return len({to for to in server.taken if "@well" in to})


def main() -> None:
    """Measure all of them, a few at a time: most of it is waiting."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    print(f"{os.cpu_count()} cores, load before: {load}. {BAD} letters meet the fault, {HEALTHY} stand behind them.\n")
    figures = f"{'first':>6}{'soon':>6}{'min':>6}{'spent':>6}{'given up':>9}{'left':>6}{'lost':>6}{'doubled':>8}"
    print(f"{'fault':64}{'others':>7}{figures}")
    with tempfile.TemporaryDirectory(prefix="faults-") as scratch, ThreadPoolExecutor(AT_ONCE) as pool:
        folder = Path(scratch)
        empty = folder / "empty.db"
        migrated = Store(f"sqlite:///{empty}")
        migrated.migrate()
        migrated.close()

        def one(numbered: tuple[int, Fault]) -> Outcome:
            home = folder / str(numbered[0])
            home.mkdir()
            store = Store(f"sqlite:///{shutil.copy(empty, home / 'sucharit.db')}")
            try:
                return measure(numbered[1], store)
            finally:
                store.close()

        outcomes = []
        for outcome in pool.map(one, enumerate(fault for fault in FAULTS if wanted in fault.name)):
            outcomes.append(outcome)
            _print(outcome)
    sys.exit(_judged(outcomes))


def _print(outcome: Outcome) -> None:
    name = outcome.fault.name if len(outcome.fault.name) <= 62 else f"{outcome.fault.name[:61]}…"
    figures = f"{outcome.first:>6}{outcome.soon:>6}{outcome.minutes:>6.1f}{outcome.spent:>6}{outcome.parked:>9}"
    print(
        f"{name:64}{outcome.fault.others:>7}{figures}{outcome.left:>6}{outcome.lost:>6}{outcome.doubled:>8}", flush=True
    )


def _judged(outcomes: list[Outcome]) -> int:
    """Say whether the bounds were kept; the exit code."""
    broken = [f"{outcome.fault.name}: {fault}" for outcome in outcomes for fault in outcome.faults]
    bounds = f"{HEALTHY} of {HEALTHY} within one back-off, or all of them once the server is well; none lost or doubled"
    return judged(bounds, broken, about=f"{len(outcomes)} faults. ")


if __name__ == "__main__":
    main()
