"""Play a fiscal year on a simulated clock through the same use cases that run it for real.

Everything is decided by the plan, the calendar and the ids of the assignments: the same office and plan give the
same year, to the byte.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from domain.assignment import ACTIONABLE, WAITING, Assignment, State
from domain.figures import Answer
from domain.fiscal import QUARTERS, FiscalYear
from domain.people import Level
from domain.report_period import quarterly
from domain.submission import CannotDoReason
from notifications.channel import Delivery, Letter, Sent
from services.assignments.advance import advance
from services.assignments.hand_in import Attachment, Result, hand_in, keep, state_cannot_do
from services.assignments.review import accept, confirm, return_
from services.desk import Desk
from services.outbox.deliver import MailSender, deliver
from services.reporting.quarter_report import freeze, render, unrendered
from services.schedule.schedule import measure_keys, moments_of
from storage.files import FileStore
from storage.store import Store

REVIEWS_AT: Final = time(10)
HANDS_IN_AT: Final = time(14)
FREEZES_AT: Final = time(16)

_DAYS_BEFORE_DUE: Final = (6, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, -2)
"""Working days before the deadline at which divisions hand in; one in twelve is late."""

_ONE_IN_RETURNED: Final = 19
_ONE_IN_CANNOT_DO: Final = 37
_ONE_IN_PROBLEM: Final = 5


@dataclass(slots=True)
class SimulatedClock:
    """A clock that stands until it is set."""

    now: datetime

    def __call__(self) -> datetime:
        """Give the simulated time."""
        return self.now


class NowhereChannel:
    """Takes the letters of a played year: they are in its database, nobody is to find them in a mailbox."""

    async def send(self, letters: Sequence[Letter]) -> AsyncGenerator[Delivery, None]:
        """Say of each that it was played."""
        for letter in letters:
            yield Delivery(letter, Sent("played, not sent"))


@dataclass(frozen=True, slots=True)
class Idle:
    """Who does not do their part: keys of divisions that never act, and of those on whose results nobody decides."""

    silent: frozenset[str] = frozenset()
    undecided: frozenset[str] = frozenset()


@dataclass(slots=True)
class Play:
    """One year of one office.

    Attributes:
        until: Last simulated day; None for a few days after the last report is frozen.
        lacking: Levels of divisions with nobody in the whole line, and the administrator who did it, if there is one.
    """

    store: Store
    files: FileStore
    office: str
    year: FiscalYear
    mail_sender: MailSender
    clock: SimulatedClock
    idle: Idle = Idle()
    until: date | None = None
    faults: dict[str, None] = field(default_factory=dict)
    lacking: dict[tuple[Level, str], str | None] = field(default_factory=dict)
    _desk: Desk = field(init=False)
    _moments: dict[str, set[date]] = field(init=False, default_factory=dict)
    _next_hand_in: date = field(init=False, default=date.min)
    _waits_for_review: bool = field(init=False, default=False)
    _is_changed: bool = field(init=False, default=False)
    _has_moved: bool = field(init=False, default=False)

    async def run(self) -> None:
        """Play the year from the plan's first day in force to its last report."""
        with self.store.reader(self.office) as uow:
            self._desk = Desk.open(uow)
            self._plan_moments(self._desk)
        for day in self._workdays():
            await self._morning(day)
            self._reviews(day)
            self._hand_ins(day)
            if self._has_moved:
                await self._deliver()
            self._reports(day)

    def _workdays(self) -> Iterator[date]:
        workdays = self._desk.workdays
        settings = self._desk.office.settings
        last = self.until or workdays.add(self.year.end, settings.report_frozen + 3)
        day = workdays.on_or_after(self._desk.plan(self.year.be).in_force_on)
        while day <= last:
            yield day
            day = workdays.add(day, 1)

    def _set(self, day: date, time_of_day: time) -> datetime:
        self.clock.now = datetime.combine(day, time_of_day, self._desk.workdays.zone)
        return self.clock.now

    def _plan_moments(self, desk: Desk, only: Iterable[str] | None = None) -> None:
        wanted = set(only) if only is not None else None
        for key in measure_keys(desk):
            if key.fiscal_year_be == self.year.be and (wanted is None or key.measure in wanted):
                self._moments[key.measure] = {desk.workdays.local_day(m.at) for m in moments_of(desk, key)}

    async def _morning(self, day: date) -> None:
        now = self._set(day, self._desk.office.settings.notify_at)
        # A schedule holds the summaries of some weeks only; a year goes on.
        is_summary = day == self._desk.workdays.summary_day(day)
        due = [measure for measure, days in self._moments.items() if is_summary or day in days]
        if due:
            with self.store.unit_of_work(self.office) as uow:
                for measure in due:
                    done = advance(self._desk.at(uow), self.year.be, measure, now)
                    self.faults.update(dict.fromkeys(done.faults))
                    if done.opened:
                        self._next_hand_in = date.min
                uow.commit()
            self._desk = replace(self._desk, summary_left_on=day if is_summary else self._desk.summary_left_on)
            await self._deliver()

    async def _deliver(self) -> None:
        self._has_moved = False
        await deliver(self.store, self.office, self.mail_sender, self._desk)

    def _reviews(self, day: date) -> None:
        if not self._waits_for_review:
            return
        now = self._set(day, REVIEWS_AT)
        waiting = self._all(*WAITING)
        self._waits_for_review = False
        self._is_changed = self._has_moved = True
        with self.store.unit_of_work(self.office) as uow:
            desk = self._desk.at(uow)
            sent_back = [a for a in waiting if self._review(desk, a, now)]
            if sent_back:
                self._next_hand_in = date.min
            self._plan_moments(desk, {a.measure_key for a in waiting})
            uow.commit()

    def _review(self, desk: Desk, assignment: Assignment, now: datetime) -> bool:
        """Accept, or send back where chance says so; tell whether it was sent back."""
        by = self._decider(desk, assignment, now)
        if by is None or assignment.division in self.idle.undecided:
            return False
        if assignment.state is State.CANNOT_DO_STATED:
            confirm(desk, assignment.id, by=by, now=now)
            return False
        if assignment.round == 1 and chance(assignment.id, "returned", _ONE_IN_RETURNED):
            return_(desk, assignment.id, reason="โปรดแนบภาพถ่ายกิจกรรมและระบุวันที่ดำเนินการ", by=by, now=now)
            return True
        accept(desk, assignment.id, by=by, now=now)
        return False

    def _decider(self, desk: Desk, assignment: Assignment, now: datetime) -> str | None:
        """With whom it lies; where that is no supervisor, it is remembered."""
        self._somebody(desk, Level.HEAD, assignment.division, now)
        waits = assignment.waits
        line = desk.line(assignment.division, now)
        return next(iter(line.deciders(waits[0].by, waits[0].level).persons), None) if waits else None

    def _somebody(self, desk: Desk, level: Level, division: str, now: datetime) -> str | None:
        """Whoever is told of the level's work and so may do it; where that is no supervisor, it is remembered."""
        addressees = desk.people.addressees(level, division, desk.workdays.local_day(now))
        if not addressees or addressees[0].level is Level.ADMINISTRATOR:
            self.lacking.setdefault((level, division), addressees[0].person.key if addressees else None)
        return addressees[0].person.key if addressees else None

    def _hand_ins(self, day: date) -> None:
        if day < self._next_hand_in:
            return
        now = self._set(day, HANDS_IN_AT)
        planned = [(self._acts_on(a), a) for a in self._all(*ACTIONABLE) if a.division not in self.idle.silent]
        ready = [a for on, a in planned if on <= day]
        self._next_hand_in = min((on for on, _ in planned if on > day), default=date.max)
        self._waits_for_review = bool(ready)
        if not ready:
            return
        self._is_changed = self._has_moved = True
        evidence = {a.id: keep(self.files, [_evidence(a)]) for a in ready}
        with self.store.unit_of_work(self.office) as uow:
            desk = self._desk.at(uow)
            for assignment in ready:
                by = self._somebody(desk, Level.OFFICER, assignment.division, now)
                if by is None:
                    continue
                if assignment.round == 1 and chance(assignment.id, "cannot", _ONE_IN_CANNOT_DO):
                    state_cannot_do(desk, assignment.id, CannotDoReason.NO_BUDGET, reason="", by=by, now=now)
                else:
                    hand_in(desk, assignment.id, _result(assignment), evidence[assignment.id], by=by, now=now)
            self._plan_moments(desk, {assignment.measure_key for assignment in ready})
            uow.commit()

    def _all(self, *states: State) -> list[Assignment]:
        with self.store.reader(self.office) as uow:
            return uow.assignments.in_states(self.year.be, states)

    def _acts_on(self, assignment: Assignment) -> date:
        workdays = self._desk.workdays
        if assignment.state is State.RETURNED:
            return workdays.add(assignment.due_on, -1)
        before = _DAYS_BEFORE_DUE[draw(assignment.id, "day", len(_DAYS_BEFORE_DUE))]
        return workdays.add(assignment.due_on, -before)

    def _reports(self, day: date) -> None:
        """Freeze at the end of a day on which the last result of a quarter came in, or on which its time is up."""
        quarters = [q for q in QUARTERS if self.year.quarter(q).end < day <= self._corrected_by(q)]
        if not quarters or not (self._is_changed or day in map(self._freezes_on, quarters)):
            return
        self._is_changed = False
        unfinished = {a.period.quarter for a in self._all(*ACTIONABLE, *WAITING)}
        due = [q for q in quarters if q not in unfinished or day == self._freezes_on(q)]
        if not due:
            return
        now = self._set(day, FREEZES_AT)
        with self.store.unit_of_work(self.office) as uow:
            for quarter in due:
                freeze(self._desk.at(uow), quarterly(self.year.be, quarter), now)
            uow.commit()
        for report in unrendered(self.store, self.office):
            render(self.store, self.files, self.office, report, now)

    def _freezes_on(self, quarter: int) -> date:
        return self._desk.workdays.add(self.year.quarter(quarter).end, self._desk.office.settings.report_frozen)

    def _corrected_by(self, quarter: int) -> date:
        return self._freezes_on(quarter) + timedelta(days=31)


def draw(subject: str, about: str, sides: int) -> int:
    """A die with `sides` sides that always falls the same way for the same subject and question."""
    digest = hashlib.sha256(f"{about}:{subject}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % sides


def chance(subject: str, about: str, one_in: int) -> bool:
    """Tell whether the one case in `one_in` falls on this subject."""
    return draw(subject, about, one_in) == 0


_RESULTS: Final = (
    "ดำเนินการตามขั้นตอนครบถ้วน มีเจ้าหน้าที่ผู้รับผิดชอบติดตามและรายงานผู้บังคับบัญชาแล้ว",
    "ดำเนินการแล้ว และเผยแพร่ผ่านเว็บไซต์ของหน่วยงานกับกลุ่มไลน์",
    "จัดประชุมชี้แจงบุคลากรในการประชุมประจำเดือน และบันทึกรายงานการประชุมไว้เป็นหลักฐาน",
    "ประชาสัมพันธ์ให้ประชาชนทราบ ณ จุดบริการ และสรุปผลเสนอผู้บริหาร",
)
_PROBLEMS: Final = ("ประชาชนยังใช้ช่องทางออนไลน์น้อย", "เจ้าหน้าที่มีภารกิจหลายด้าน ทำให้รวบรวมข้อมูลล่าช้า")
_SUGGESTIONS: Final = ("ควรเพิ่มการประชาสัมพันธ์ผ่านเสียงตามสาย", "ควรมอบหมายผู้รับผิดชอบสำรองของแต่ละกอง")


def _result(assignment: Assignment) -> Result:
    has_problem = chance(assignment.id, "problem", _ONE_IN_PROBLEM)
    which = draw(assignment.id, "which", len(_PROBLEMS))
    return Result(
        result=_RESULTS[draw(assignment.id, "result", len(_RESULTS))],
        problems=Answer(text=_PROBLEMS[which]) if has_problem else Answer(is_none_confirmed=True),
        suggestions=Answer(text=_SUGGESTIONS[which]) if has_problem else Answer(is_none_confirmed=True),
    )


def _evidence(assignment: Assignment) -> Attachment:
    text = f"หลักฐานตัวอย่าง {assignment.division} {assignment.period.label} ครั้งที่ {assignment.round}\n"
    return Attachment(f"หลักฐาน-{assignment.id}.txt", text.encode())
