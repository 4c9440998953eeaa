"""An office in a database, with the doors a test needs: a desk that commits, one run of a measure, one delivery."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from domain.assignment import Assignment
from domain.ledger import LedgerLine
from domain.office import Office
from domain.outbox import Letter, LetterState
from domain.people import People
from domain.plan import Plan
from domain.workdays import HolidayOverride
from notifications.email import EmailChannel
from services.assignments.advance import Advanced, advance
from services.desk import Desk
from services.office import offices
from services.operations.audit import Audit, audit
from services.outbox.compose import Composed, compose
from services.outbox.deliver import MailSender
from services.planning.plans import activate, import_plan
from storage.store import Store
from storage.tables import OfficeRow
from tests.factories import at, make_office, make_people, make_plan
from tests.notifications.servers import make_settings

FOUNDED = at("2022-09-15 09:00")
"""Before the year begins: the plan is in force from its first day."""

OPENED_IN_TIME = ("2022-10-03", "2022-12-27", "2023-01-04")
"""Mornings of the first quarter of 2566: its opening, the first reminder, the opening of the second quarter.

Its report is due on Tuesday 10 January 2023: 30 December to 3 January are days off, then 4, 5, 6, 9, 10 January. Seven
working days before are 9, 6, 5, 4 January, 29, 28, 27 December.
"""

KEY = "ban-mai"
ADMIN = "the-admin"
DOMAIN = "office.example"


@dataclass(frozen=True)
class LiveOffice:
    """One office of a store."""

    store: Store
    key: str

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """A desk whose changes are committed at the end of the block, unless it raises."""
        with self.store.unit_of_work(self.key) as uow:
            yield Desk.open(uow)
            uow.commit()

    @contextmanager
    def reading(self) -> Iterator[Desk]:
        with self.store.reader(self.key) as uow:
            yield Desk.open(uow)

    def advance(self, now: datetime, measure: str = "m1") -> Advanced:
        with self.desk() as desk:
            return advance(desk, 2566, measure, now)

    def mornings(self, *days: str, measure: str = "m1") -> None:
        """Run a measure at the notice hour of each day."""
        for day in days:
            self.advance(at(f"{day} 08:30"), measure)

    def compose(self, now: datetime, *, leaves: bool = True, refused: Collection[str] = ()) -> Composed:
        """Put into letters what waits; they leave at once, or stay where they are.

        Args:
            refused: Persons whose letters are given up, as if their address were refused for good.
        """
        with self.desk() as desk:
            composed = compose(desk, now, domain=DOMAIN, link=lambda *_: None)
            for letter in desk.uow.letters.lease("test", now, limit=1000, for_=timedelta(minutes=1)) if leaves else ():
                state = LetterState.PARKED if letter.person in refused else LetterState.SENT
                desk.uow.letters.settle(letter.id, "test", state, now=now, remark="250 queued", next_try_at=None)
            return composed

    def audit(self, now: datetime) -> Audit:
        with self.reading() as desk:
            return audit(desk, now)

    def get(self, assignment: str) -> Assignment:
        with self.store.reader(self.key) as uow:
            return uow.assignments.get(assignment)

    def assignments(self) -> list[Assignment]:
        with self.store.reader(self.key) as uow:
            return uow.assignments.all()

    def letters(self, state: LetterState | None = None) -> list[Letter]:
        with self.store.reader(self.key) as uow:
            return uow.letters.all(state)

    def ledger(self, kind: str = "") -> list[LedgerLine]:
        """Lines whose kind begins with `kind`."""
        with self.store.reader(self.key) as uow:
            return [line for line in uow.ledger.lines() if line.entry.kind.startswith(kind)]


def found_office(
    store: Store,
    *,
    key: str = KEY,
    office: Office | None = None,
    people: People | None = None,
    plan: Plan | None = None,
    holidays: Iterable[HolidayOverride] = (),
    at: datetime = FOUNDED,
    vouched_until: datetime | None = None,
) -> LiveOffice:
    """Create the office and put its plan into force.

    Args:
        vouched_until: Until when the clock is known to be right; two years, if a test is not about that.
    """
    with store.unit_of_work(key) as uow:
        offices.create(uow, office or make_office(key=key), people or make_people(), by=ADMIN, now=at)
        for override in holidays:
            uow.holidays.put(override)
        desk = Desk.open(uow)
        activate(desk, import_plan(desk, plan or make_plan(), by=ADMIN, now=at).stored, by=ADMIN, now=at)
        uow.commit()
    vouch(store, key, vouched_until or at + timedelta(days=730))
    return LiveOffice(store, key)


def vouch(store: Store, key: str, until: datetime) -> None:
    """As if the clockwork had run every day until then."""
    with store._engine.begin() as connection:
        connection.execute(update(OfficeRow).where(OfficeRow.office_id == key).values(vouched_at=until))


def make_mail_sender(
    port: int, clock: Callable[[], datetime], *, owner: str = "worker", timeout_s: float = 5
) -> MailSender:
    """A mail_sender whose letters go over real SMTP to `port` on loopback."""
    channel = EmailChannel(make_settings(port, timeout_s=timeout_s))
    return MailSender(channel, "เทศบาล <ita@office.example>", DOMAIN, clock, owner=owner)
