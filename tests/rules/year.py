"""Plays a case of the oracle's format through the use cases that run a real year, on a real database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from domain.assignment import Assignment
from domain.errors import SucharitError
from domain.escalation import NextTelling, next_telling
from domain.figures import Answer
from domain.moves import Move, apply
from domain.notice import NoticeIntent
from domain.office import Office, OfficeKind, OfficeSettings
from domain.outbox import LetterState
from domain.people import Division, DivisionKind, Holding, Level, People, Person, Post
from domain.plan import Cadence, Measure, Party, Plan, Reporting, Responsible, Scope, Step
from domain.rights import check_not_own_division
from domain.submission import CannotDoReason
from domain.thai import BANGKOK
from domain.workdays import ONE_DAY, SATURDAY, HolidayOverride
from services.assignments import deadlines, hand_in, review
from services.assignments.advance import advance
from services.calendar import workdays_of
from services.desk import Desk
from services.office.holidays import set_holiday
from services.office.structure import add_division
from services.outbox.compose import compose
from services.planning.plans import activate, import_plan
from services.record import find, record
from storage.store import Store
from tests.oracle.case import Case, Event, events_of
from tests.oracle.days import DAYS_OFF_2566

OFFICE: Final = "office"
ADMINISTRATOR: Final = "clockwork"
OPENS: Final = time(8, 30)
SAYS_THE_DAY: Final = frozenset({"opened", "returned", "deadline_changed"})

_SCOPES: Final = {
    "listed": Scope.LISTED,
    "all_divisions": Scope.ALL_DIVISIONS,
    "all_units": Scope.ALL_UNITS,
}


@dataclass(frozen=True, slots=True)
class Word:
    """One line of a letter as it left: its day, its reader, why, of which assignment, and what stood in it."""

    day: date
    person: str
    kind: str
    assignment: str
    level: str
    text: str = ""


@dataclass
class Played:
    """What a played case shows."""

    words: list[Word] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    states: dict[str, tuple[str, date, int]] = field(default_factory=dict)
    next: dict[tuple[date, str], NextTelling | None] = field(default_factory=dict)


class Year:
    """A case while it is played."""

    def __init__(self, case: Case, store: Store) -> None:
        """Found the office and put its plan into force."""
        self.case, self.store, self.played = case, store, Played()
        self.now = _at(case.starts, time())
        with store.unit_of_work(OFFICE) as uow:
            uow.offices.add(Office(OFFICE, "เทศบาลทดสอบ", OfficeKind.TAMBON_MUNICIPALITY))
            uow.people.save(_people(case))
            for override in _calendar(case):
                uow.holidays.put(override)
            desk = Desk.open(uow)
            stored = import_plan(desk, _plan(case), by=ADMINISTRATOR, now=self.now).stored
            activate(desk, stored, by=ADMINISTRATOR, now=self.now, on=case.plan.in_force)
            uow.commit()

    def play(self, probe_on: Collection[date] = ()) -> Played:
        """Play every day of the case.

        Args:
            probe_on: Days on whose evening it is noted what would come next if nobody did anything.
        """
        events = events_of(self.case)
        day = self.case.starts
        while day <= self.case.to:
            today = [event for event in events if event.at.date() == day]
            for event in (event for event in today if event.at.time() < OPENS):
                self._event(event)
            if not any(first <= day <= last for first, last in self.case.down):
                self._morning(day)
            for event in (event for event in today if event.at.time() >= OPENS):
                self._event(event)
            if day in probe_on:
                self._probe(day)
            day += ONE_DAY
        with self.store.reader(OFFICE) as uow:
            self.played.own = {
                _from_id(line.entry.subject) for line in uow.ledger.lines() if line.entry.data.get("own")
            }
            for each in uow.assignments.all():
                self.played.states[_case_key(each)] = (_state(each), each.due_on, each.late_workdays)
        return self.played

    def _probe(self, day: date) -> None:
        with self.store.reader(OFFICE) as uow:
            desk = Desk.open(uow)
            for each in uow.assignments.all():
                self.played.next[day, _case_key(each)] = next_telling(each, desk.rules, _at(day, time(23, 59)))

    @contextmanager
    def _desk(self) -> Iterator[Desk]:
        with self.store.unit_of_work(OFFICE) as uow:
            yield Desk.open(uow)
            uow.commit()

    def _morning(self, day: date) -> None:
        self.now = _at(day, OPENS)
        with self._desk() as desk:
            for measure in self.case.plan.measures:
                advance(desk, self.case.year, measure.key, self.now)
            desk.uow.notices.write()
            self._letters(desk)

    def _letters(self, desk: Desk) -> None:
        """Letters leave in the hours; that the outbox waits for them is built with the letters' shape."""
        if not desk.workdays.is_in_hours(self.now):
            return
        if not compose(desk, self.now, domain="example.go.th", link=lambda *_: None).letters:
            return
        letters = desk.uow.letters
        for letter in letters.lease("post", self.now, limit=1000, for_=timedelta(minutes=1)):
            letters.settle(letter.id, "post", LetterState.SENT, now=self.now, remark="", next_try_at=None)
            self._read(letter.person, letter.text, desk.uow.notices.named(letter.notices).values())

    def _read(self, person: str, text: str, notices: Iterable[NoticeIntent]) -> None:
        day, says_the_day = self.now.date(), set[str]()
        for notice in sorted(notices, key=lambda each: each.arose_at or self.now):
            kind = notice.kind.value
            if kind == "deadline_changed" and notice.assignment in says_the_day:
                continue  # the letter has one day for an assignment, the present one
            if kind in SAYS_THE_DAY:
                says_the_day.add(notice.assignment)
            self.played.words.append(Word(day, person, kind, _from_id(notice.assignment), notice.level.value, text))

    def _event(self, event: Event) -> None:
        self.now = event.at.replace(tzinfo=BANGKOK)
        try:
            with self._desk() as desk:
                _HAPPENINGS[event.what](self, desk, *event.args)
        except SucharitError as refused:
            self.played.refused.append(f"{event.at} {event.what} {event.args}: {refused}")
        with self._desk() as desk:
            self._letters(desk)

    # What happens

    def hand_in(self, desk: Desk, key: str, by: str) -> None:
        none = Answer(is_none_confirmed=True)
        hand_in.hand_in(desk, self.id(key), hand_in.Result("ทำแล้ว", none, none), by=by, now=self.now)

    def cannot_do(self, desk: Desk, key: str, by: str) -> None:
        hand_in.state_cannot_do(desk, self.id(key), CannotDoReason.NO_STAFF, reason="", by=by, now=self.now)

    def withdraw(self, desk: Desk, key: str, by: str) -> None:
        hand_in.withdraw(desk, self.id(key), by=by, now=self.now)

    def accept(self, desk: Desk, key: str, by: str) -> None:
        review.accept(desk, self.id(key), by=by, now=self.now)

    def confirm(self, desk: Desk, key: str, by: str) -> None:
        review.confirm(desk, self.id(key), by=by, now=self.now)

    def return_(self, desk: Desk, key: str, by: str) -> None:
        review.return_(desk, self.id(key), reason="แก้ไข", by=by, now=self.now)

    def ask(self, desk: Desk, key: str, by: str, day: str) -> None:
        review.ask_extension(desk, self.id(key), date.fromisoformat(day), reason="เหตุ", by=by, now=self.now)

    def grant(self, desk: Desk, key: str, by: str, _day: str | None = None) -> None:
        review.decide_extension(desk, self.id(key), granted=True, by=by, now=self.now)

    def refuse(self, desk: Desk, key: str, by: str) -> None:
        review.decide_extension(desk, self.id(key), granted=False, reason="ไม่", by=by, now=self.now)

    def acknowledge(self, desk: Desk, key: str, by: str, until: str | None = None) -> None:
        day = date.fromisoformat(until) if until else None
        review.acknowledge(desk, self.id(key), by=by, now=self.now, until=day, words="ให้เร่งดำเนินการ")

    def set_deadline(self, desk: Desk, key: str, by: str, day: str) -> None:
        chosen = [desk.uow.assignments.get(self.id(key))]
        apply(chosen[0], Move.CHANGE_DEADLINE)  # also where it would stay: nothing is asked of the division
        deadlines.change(desk, chosen, date.fromisoformat(day), reason="เปลี่ยน", by=by, now=self.now)

    def cancel(self, desk: Desk, key: str, by: str) -> None:
        before = find(desk, self.id(key), Move.CANCEL, by=by, now=self.now, version=None)
        check_not_own_division(by, desk.line(before.division, self.now), desk.people)
        record(desk, before, apply(before, Move.CANCEL), Move.CANCEL, by=by, now=self.now)

    def holiday(self, desk: Desk, day: str, is_off: bool) -> None:  # noqa: FBT001 -- the case's order
        override = HolidayOverride(date.fromisoformat(day), is_off, "วันหยุด")
        is_weekend = override.day.weekday() >= SATURDAY
        if is_weekend or is_off is not desk.workdays.is_workday(override.day):
            return  # the cases know no weekend on which an office works
        set_holiday(desk, override, by=ADMINISTRATOR, now=self.now)

    def found(self, desk: Desk, key: str, kind: str) -> None:
        add_division(desk, key, f"กอง{key}", DivisionKind(kind), by=ADMINISTRATOR, now=self.now)
        for measure in self.case.plan.measures:
            advance(Desk.open(desk.uow), self.case.year, measure.key, self.now)

    def hold(self, desk: Desk, post: str, person: str, starts: str, ends: str | None, acting: bool) -> None:  # noqa: FBT001 -- the case's order
        held = Holding(post, person, date.fromisoformat(starts), date.fromisoformat(ends) if ends else None, acting)
        people = desk.people
        if any((each.post, each.person, each.start_on) == (post, person, held.start_on) for each in people.holdings):
            return
        persons = people.persons if people.person(person) else (*people.persons, _person(person))
        desk.uow.people.save(People(people.divisions, people.posts, persons, (*people.holdings, held)))

    def leave(self, desk: Desk, post: str, last_day: str) -> None:
        last = date.fromisoformat(last_day)
        holdings = tuple(
            Holding(each.post, each.person, each.start_on, last, each.is_acting)
            if each.post == post and each.covers(last)
            else each
            for each in desk.people.holdings
        )
        people = desk.people
        desk.uow.people.save(People(people.divisions, people.posts, people.persons, holdings))

    def id(self, key: str) -> str:
        step, division, quarter = key.split("/")
        return f"{self.case.year}-{step}-{division}-{quarter}"


_HAPPENINGS: Final[dict[str, Callable[..., None]]] = {
    name: getattr(Year, name)
    for name in (
        *("hand_in", "cannot_do", "withdraw", "accept", "confirm", "return_", "ask", "grant", "refuse"),
        *("acknowledge", "set_deadline", "cancel", "holiday", "found", "hold", "leave"),
    )
}
PLAYABLE: Final = frozenset(_HAPPENINGS)
"""Events that the use cases know; pauses, closings and plans out of force are not built yet."""


def play(case: Case, folder: Path, probe_on: Collection[date] = ()) -> Played:
    """Play a case to its end; `probe_on` as in `Year.play`."""
    store = Store(f"sqlite:///{folder / 'case.db'}", durable=False)
    try:
        store.make_tables()
        return Year(case, store).play(probe_on)
    finally:
        store.close()


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, BANGKOK)


def _state(assignment: Assignment) -> str:
    return {"cannot_do_stated": "cannot_do"}.get(assignment.state.value, assignment.state.value)


def _case_key(assignment: Assignment) -> str:
    return f"{assignment.step_key}/{assignment.division}/{assignment.period.key}"


def _from_id(assignment: str) -> str:
    _, step, division, period = assignment.split("-")
    return f"{step}/{division}/{period}"


def name_of(key: str) -> str:
    """A name that stands in no letter by chance."""
    return f"นาย{key}ทดสอบ"


def _person(key: str) -> Person:
    return Person(key, name_of(key), f"{key.replace('.', '_')}@example.go.th")


def _people(case: Case) -> People:
    persons = dict.fromkeys(holding.person for holding in case.holdings)
    return People(
        divisions=tuple(Division(each.key, f"กอง{each.key}", DivisionKind(each.kind)) for each in case.divisions),
        posts=tuple(Post(each.key, each.key, Level(each.level), each.division) for each in case.posts),
        persons=tuple(map(_person, persons)),
        holdings=tuple(Holding(*each) for each in case.holdings),
    )


def _calendar(case: Case) -> Iterator[HolidayOverride]:
    """Where the case's days off differ from the official list."""
    off = set(DAYS_OFF_2566 if case.days_off is None else case.days_off)
    first, last = case.year - 544, case.year - 542
    official = workdays_of(OfficeSettings(), (), first, last)
    day = date(first, 1, 1)
    while day.year <= last:
        if official.is_workday(day) is not (day.weekday() < SATURDAY and day not in off):
            yield HolidayOverride(day, day in off, "ตามกรณี")
        day += ONE_DAY


def _plan(case: Case) -> Plan:
    measures = tuple(
        Measure(
            key=measure.key,
            number=number,
            title=measure.key,
            steps=tuple(
                Step(
                    key=step.key,
                    text=step.key,
                    responsible=Responsible(
                        raw="ทุกกอง",
                        scope=_SCOPES[step.scope],
                        parties=tuple(Party(unit=f"กอง{unit}") for unit in step.units)
                        if step.scope == "listed"
                        else (),
                    ),
                    start=step.start,
                    end=step.end,
                    reporting=Reporting(cadence=Cadence(step.cadence), quarters_due=tuple(step.quarters)),
                )
                for step in measure.steps
            ),
        )
        for number, measure in enumerate(case.plan.measures, start=1)
    )
    return Plan(fiscal_year_be=case.year, title="แผนทดสอบ", measures=measures)
