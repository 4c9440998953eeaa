"""A small office whose measures come due while its people hand in, and which letters must have come of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.due_plan import due_plan
from domain.figures import Answer
from domain.fiscal import FiscalYear
from domain.office import Office, OfficeKind, OfficeSettings
from domain.people import Holding, Level, People, Person, Post
from domain.workdays import HolidayOverride
from services.assignments.advance import advance
from services.assignments.hand_in import Result, hand_in
from services.desk import Desk
from services.office.offices import create
from services.office.usual_office import DIVISIONS
from services.planning.plans import activate, import_plan
from services.schedule.schedule import MeasureKey
from services.schedule.waker import Waker
from storage.errors import DatabaseDownError
from storage.store import Store

MEASURES = 2
LEAD = timedelta(seconds=20)
"""How long before the instant an office is made: its schedules must have been applied by then."""
_SINCE = date(2015, 10, 1)
_DOMAIN = "letters.example"


@dataclass
class Told:
    """What became of an office's letters.

    Attributes:
        missing: Openings and acknowledged hand-ins of which no letter arrived.
        another: Letters that told somebody what another letter, with another Message-ID, had told them.
        waiting: Letters and notices that have not left.
    """

    missing: int
    another: int
    waiting: int


@dataclass
class KillOffice:
    """One office of a run.

    Attributes:
        due: When its measures open.
        handed_in: Assignments whose hand-in was acknowledged.
        last_move: When the last of them was.
        refused: How often the database refused one, which was then tried again.
    """

    store: Store
    key: str
    due: datetime
    handed_in: list[str] = field(default_factory=list)
    last_move: datetime | None = None
    refused: int = 0

    def hand_in_next(self, waker: Waker) -> None:
        """One division hands in; the clockwork is told as the pages tell it."""
        result = Result("ดำเนินการแล้ว", Answer(is_none_confirmed=True), Answer(is_none_confirmed=True))
        with self.store.reader(self.key) as uow:
            waiting = [a for a in uow.assignments.all() if a.step_key.endswith(".1") and a.id not in self.handed_in]
        if not waiting:
            return
        assignment = min(waiting, key=lambda a: (a.division, a.measure_key))
        try:
            with self.store.unit_of_work(self.key) as uow:
                now = datetime.now(UTC)
                hand_in(Desk.open(uow), assignment.id, result, by=f"{assignment.division}.officer", now=now)
                uow.commit()
        except DatabaseDownError:
            self.refused += 1
            self.hand_in_next(waker)
            return
        self.handed_in.append(assignment.id)
        self.last_move = datetime.now(UTC)
        waker.measure(MeasureKey(assignment.fiscal_year_be, self.key, assignment.measure_key))

    def told(self, arrived: Mapping[str, Collection[str]]) -> Told:
        """Compare what must have been told with what arrived.

        Args:
            arrived: Message-ID to the addresses at which it came.
        """
        with self.store.reader(self.key) as uow:
            letters, opened = uow.letters.all(), [a.id for a in uow.assignments.all() if a.step_key.endswith(".2")]
            left = uow.letters.counts().waiting + len(uow.notices.waiting_since(datetime.now(UTC)))
        by_notice: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for letter in letters:
            for notice in letter.notices if letter.message_id in arrived else ():
                by_notice[notice, letter.person].add(letter.message_id)
        told = {notice for notice, _ in by_notice}
        wanted = [*(f"{a}/open/" for a in opened), *(f"{a}/hand_in/" for a in self.handed_in)]
        unopened = MEASURES * len(DIVISIONS[:-1]) - len(opened)
        missing = unopened + sum(not any(notice.startswith(start) for notice in told) for start in wanted)
        return Told(missing, sum(len(ids) - 1 for ids in by_notice.values()), left + unopened)

    def message_ids(self) -> set[str]:
        """Of every letter that the outbox knows, sent or not."""
        with self.store.reader(self.key) as uow:
            return {letter.message_id for letter in uow.letters.all()}


def found(store: Store, key: str) -> KillOffice:
    """An office of which one step of each measure is open already, and one opens `LEAD` from now."""
    zone = _zone_at_noon(datetime.now(UTC))
    due = (datetime.now(zone) + LEAD).replace(microsecond=0)
    settings = OfficeSettings(notify_at=due.time(), time_zone=zone.key)
    year = FiscalYear.of(due.date())
    with store.unit_of_work(key) as uow:
        create(uow, Office(key, key, OfficeKind.SAO, settings=settings), _people(), by="admin", now=due)
        uow.holidays.put(HolidayOverride(due.date(), is_holiday=False, name="a working day"))
        desk = Desk.open(uow)
        stored = import_plan(desk, due_plan(year, due.date(), MEASURES), by="admin", now=due).stored
        activate(desk, stored, by="admin", now=due, on=year.start)
        desk = Desk.open(uow)
        for number in range(1, MEASURES + 1):
            advance(desk, year.be, f"m{number}", due - timedelta(seconds=1))
        # What opened before is not part of the run.
        uow.notices.write()
        uow.notices.mark_composed(sorted(uow.notices.keys()), due)
        uow.commit()
    return KillOffice(store, key, due)


def _zone_at_noon(now: datetime) -> ZoneInfo:
    """A zone in which it is noon or so, so that no run falls over midnight."""
    offset = 12 - now.hour
    return ZoneInfo(f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT")


def _people() -> People:
    """An officer and a head in each division, clerk, mayor and administrator."""
    divisions = DIVISIONS[:-1]
    posts = [
        *(Post(f"{d.key}.officer", f"เจ้าหน้าที่{d.name}", Level.OFFICER, d.key) for d in divisions),
        *(Post(f"{d.key}.head", f"หัวหน้า{d.name}", Level.HEAD, d.key) for d in divisions),
        Post("clerk", "ปลัด อบต.", Level.CLERK),
        Post("mayor", "นายก อบต.", Level.MAYOR),
        Post("admin", "ผู้ดูแลระบบ", Level.ADMINISTRATOR),
    ]
    persons = tuple(Person(post.key, post.title, f"{post.key}@{_DOMAIN}") for post in posts)
    return People(divisions, tuple(posts), persons, tuple(Holding(post.key, post.key, _SINCE) for post in posts))
