"""The two ladders: whom the clock tells of a deadline, and of a decision that is waited for; now, and next.

One function says it (`due_now`); what comes next is the same function asked about the days to come (`next_telling`), so
that letters, pages, schedules, audit and rehearsal cannot disagree. The rules, with one drawn example each:
docs/escalation.md.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from domain.assignment import ACTIONABLE, Assignment
from domain.ladder import Rung
from domain.line import Line, line_of
from domain.moves import Move, apply
from domain.notice import NoticeIntent, NoticeKind, ladder_key
from domain.office import OfficeSettings
from domain.people import Level, People
from domain.waiting import Wait
from domain.workdays import ONE_DAY, Workdays

A_WEEK: Final = timedelta(days=7)
WEEKS_AHEAD: Final = 60
"""Summary days that are looked at for the next word; more than a year without one is no ladder."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing is to be done, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Telling:
    """What is said of one assignment at one instant: the assignment with it noted, and whom to tell."""

    assignment: Assignment
    notices: tuple[NoticeIntent, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the ladders of an office go by.

    Attributes:
        summary_left_on: Local date on which the last weekly summary left; None before the first.
    """

    people: People
    workdays: Workdays
    settings: OfficeSettings
    summary_left_on: date | None = None

    def line(self, division: str, day: date) -> Line:
        """The line of a division on a local day."""
        return line_of(self.people, division, day)

    def is_summary(self, day: date) -> bool:
        """Tell whether the week's summary leaves on `day`: its own or, if it could not leave then, the first after."""
        own = self.workdays.summary_day(day)
        if own is None or own > day or not self.workdays.is_workday(day):
            return False
        left = self.summary_left_on
        return left is None or left < own or left == day

    def summary_of(self, day: date) -> date | None:
        """The summary of the week of `day` as far as it has come: `day` itself, or the earlier one that has left."""
        if self.is_summary(day):
            return day
        own, left = self.workdays.summary_day(day), self.summary_left_on
        return left if own is not None and left is not None and own <= left < day else None


@dataclass(frozen=True, slots=True)
class NextTelling:
    """The next word if nobody does anything: its local date and whom it reaches, each person once.

    Attributes:
        to: Key of the person and the level at which they are reached.
        kinds: Why, in the order of `to`.
    """

    on: date
    to: tuple[tuple[str, Level], ...]
    kinds: tuple[NoticeKind, ...]


ESCALATION_KINDS: Final = {
    Level.OFFICER: NoticeKind.OVERDUE,
    Level.HEAD: NoticeKind.ESCALATION_HEAD,
    Level.CLERK: NoticeKind.ESCALATION_CLERK,
    Level.MAYOR: NoticeKind.ESCALATION_MAYOR,
    Level.ADMINISTRATOR: NoticeKind.ESCALATION_CLERK,
}


def due_now(assignment: Assignment, rules: Rules, now: datetime) -> Telling | None:
    """Say what both ladders ask for at `now`, an aware instant; None where nothing is new.

    A rung whose readers have all heard already, in place of a vacant post, is noted and tells nobody.

    People are told within the hours of working days. After a pause of any length everybody who was passed over is
    told once, from below.
    """
    if not rules.workdays.is_in_hours(now):
        return None
    saying = _Saying(assignment, rules, rules.workdays.local_day(now))
    saying.of_the_deadline()
    saying.of_what_waits()
    return saying.told() if saying.after != assignment else None


def next_telling(assignment: Assignment, rules: Rules, now: datetime) -> NextTelling | None:
    """The next word after `now` if nobody does anything; None while nothing is asked of anybody."""
    if assignment.state not in ACTIONABLE and not assignment.waits:
        return None
    first = _next_run(rules.workdays, now)
    for day in _days_ahead(assignment, rules, first):
        telling = due_now(assignment, _rules_on(day, rules, first), rules.workdays.notice_instant(day))
        if telling is not None and telling.notices:
            told = {(notice.person, notice.level): notice.kind for notice in telling.notices}
            return NextTelling(day, tuple(told), tuple(told.values()))
    return None


def _rules_on(day: date, rules: Rules, first: date) -> Rules:
    """The rules as they will be on a day to come, if every summary leaves on its own day from the run of `first` on."""
    own = rules.workdays.summary_day(day)
    if own is None or day == first:
        return rules
    if own >= first:
        return replace(rules, summary_left_on=own) if own < day else rules
    return replace(rules, summary_left_on=first) if rules.is_summary(first) else rules


def _next_run(workdays: Workdays, now: datetime) -> date:
    """Working day of the next regular run: the next notice hour."""
    day = workdays.local_day(now)
    return workdays.on_or_after(day if now < workdays.notice_instant(day) else day + ONE_DAY)


def _days_ahead(assignment: Assignment, rules: Rules, first: date) -> Iterator[date]:
    """Days from `first` on on which something could be said, in order, each once."""
    known = sorted({first, *(day for day in turning_days(assignment, rules.workdays, rules.settings) if day > first)})
    before: date | None = None
    for day in heapq.merge(known, islice(summary_days(rules.workdays, first + ONE_DAY), WEEKS_AHEAD)):
        if day != before:
            yield day
        before = day


def turning_days(assignment: Assignment, workdays: Workdays, settings: OfficeSettings) -> Iterator[date]:
    """Working days on which a ladder of the assignment reaches something new, past ones too; not the weekly ones."""
    if assignment.state in ACTIONABLE:
        for index in range(len(assignment.ladder.rungs)):
            yield assignment.ladder.day(index, assignment.due_on, workdays)
        for acknowledged in assignment.acknowledgments:
            yield workdays.add(acknowledged.until, 1)
    for wait in assignment.waits:
        yield workdays.add(wait.since, settings.decide_reminder)
        yield workdays.add(wait.since, settings.decide_above)


def summary_days(workdays: Workdays, since: date) -> Iterator[date]:
    """The weekly summary days from a local date on, without end."""
    while True:
        day = workdays.summary_day(since)
        if day is not None and day >= since:
            yield day
        since += A_WEEK - since.weekday() * ONE_DAY


class _Saying:
    """One assignment at one morning, and what is found to be said of it."""

    def __init__(self, assignment: Assignment, rules: Rules, day: date) -> None:
        self.after = assignment
        self.day = day
        self.workdays = rules.workdays
        self.settings = rules.settings
        self.line = rules.line(assignment.division, day)
        # A run may have broken off between two measures of one summary: who was missed is told at the next.
        self.summary = rules.summary_of(day)
        # What came back on the summary's own day, after it had left, waits for the next one.
        if self.summary is not None and not self._was_there(self.summary):
            self.summary = None
        self.is_summary = self.summary == day
        self.notices: list[NoticeIntent] = []

    def _was_there(self, day: date) -> bool:
        started = self.after.ladder_from
        return started is None or started < self.workdays.notice_instant(day)

    def told(self) -> Telling:
        """The assignment with everything noted, one version on."""
        moved = apply(self.after, Move.ESCALATE)
        return Telling(moved, tuple(self.notices))

    # The deadline's ladder

    def of_the_deadline(self) -> None:
        """Reminders before the deadline; after it the levels from below, then everybody once a week."""
        if self.after.state not in ACTIONABLE:
            return
        if self.day <= self.after.due_on:
            self._remind()
        elif self._is_week_of_all():
            self._tell_late(self._everybody(), is_weekly=True)
        else:
            self._tell_late(self._passed_over(), is_weekly=False)

    def _remind(self) -> None:
        rungs = self.after.ladder.rungs
        reached = [index for index, rung in enumerate(rungs) if not rung.is_escalation and self._has_come(index)]
        if not reached or reached[-1] <= self.after.rung:
            return
        index = reached[-1]
        seats = {self.line.reached(level): level for level in rungs[index].to}
        seats = {seat: level for seat, level in seats.items() if not self._waits_for_summary(seat.level)}
        if not seats:
            return
        for seat, level in seats.items():
            for person in seat.persons:
                self._note(NoticeKind.REMINDER, person, seat.level, level, f"r{index}", rungs[index].offset)
        self.after = replace(self.after, rung=index)

    def _has_come(self, index: int) -> bool:
        """Tell whether a rung has come since the ladder started; what lies behind is silent."""
        if index <= self.after.rung:
            return False
        day = self.after.ladder.day(index, self.after.due_on, self.workdays)
        return day <= self.day

    def _is_week_of_all(self) -> bool:
        ladder, told = self.after.ladder, self.after.told
        if self.summary is None or not ladder.rungs[-1].is_escalation:
            return False
        if told.summary_on is not None and (told.summary_on >= self.summary or not ladder.is_repeated):
            return False
        return ladder.day(len(ladder.rungs) - 1, self.after.due_on, self.workdays) <= self.summary

    def _everybody(self) -> list[Level]:
        return sorted({level for rung in self._escalations() for level in rung.to}, key=lambda level: level.rank)

    def _escalations(self) -> list[Rung]:
        return [rung for rung in self.after.ladder.rungs if rung.is_escalation]

    def _passed_over(self) -> list[Level]:
        """Levels of every rung up to the highest that has come, but the last, which is the summary's."""
        rungs = self.after.ladder.rungs
        come = [index for index, rung in enumerate(rungs[:-1]) if rung.is_escalation and self._has_come_late(index)]
        if not come:
            return []
        levels = (level for rung in rungs[: come[-1] + 1] if rung.is_escalation for level in rung.to)
        return [level for level in dict.fromkeys(levels) if level not in self.after.told.levels]

    def _has_come_late(self, index: int) -> bool:
        day = self.after.ladder.day(index, self.after.due_on, self.workdays)
        started = self.after.ladder_from
        return day <= self.day and (started is None or self.workdays.notice_instant(day) > started)

    def _tell_late(self, levels: Iterable[Level], *, is_weekly: bool) -> None:
        """Tell those whom the levels reach, each once, by the highest level at which they are reached."""
        reached: dict[str, tuple[Level, tuple[Level, ...]]] = {}
        for level in levels:
            seat = self.line.reached(level)
            if self.after.is_silenced(level, self.day) or (not is_weekly and self._waits_for_summary(seat.level)):
                continue
            for person in seat.persons:
                _, aimed = reached.get(person, (seat.level, ()))
                reached[person] = (seat.level, (*aimed, level))
        told, before = self.after.told, self.after.told.persons
        for person, (level, aimed) in reached.items():
            if is_weekly or person not in before:
                told = told.and_(aimed, level, (person,), self.day)
                self._note(
                    ESCALATION_KINDS[level], person, level, aimed[0], self._word(is_weekly), self._offset(is_weekly)
                )
            else:
                told = told.and_(aimed, None, (), self.day)
        if is_weekly:
            told = replace(told, summary_on=self.summary)
        if told != self.after.told:
            self.after = replace(self.after, told=told, rung=max(self.after.rung, self._reached()))

    def _word(self, is_weekly: bool) -> str:  # noqa: FBT001 -- of this module only
        return f"{'w' if is_weekly else 'e'}{self.day.isoformat()}"

    def _offset(self, is_weekly: bool) -> int:  # noqa: FBT001 -- of this module only
        if is_weekly:
            return self.workdays.between(self.after.due_on, self.day)
        return self.after.ladder.rungs[self._reached()].offset

    def _reached(self) -> int:
        return self.after.ladder.reached_by(self.after.due_on, self.workdays, self.day)

    def _waits_for_summary(self, level: Level) -> bool:
        """The top is told of the ladder on the summary day only, also of what comes up to it from vacant posts."""
        return level is self.line.top and not self.is_summary

    def _note(self, kind: NoticeKind, person: str, level: Level, aimed: Level, mark: str, offset: int) -> None:
        self.notices.append(
            NoticeIntent(
                key=ladder_key(self.after, mark, aimed, person),
                kind=kind,
                assignment=self.after.id,
                division=self.after.division,
                level=level,
                rung_offset=offset,
                deadline_version=self.after.deadline_version,
                person=person,
                aimed=aimed,
            )
        )

    # The deciders' ladder

    def of_what_waits(self) -> None:
        """A reminder, then the level above as well, then both in every summary; no acknowledgment silences it."""
        for wait in self.after.waits:
            waited = self.workdays.between(wait.since, self.day)
            is_above_due = wait.rung < self.settings.decide_above or self._missed_summary(wait)
            if waited >= self.settings.decide_above and is_above_due:
                self._decide(wait, self.settings.decide_above, tells_above=True)
            elif waited >= self.settings.decide_reminder and wait.rung < self.settings.decide_reminder:
                self._decide(wait, self.settings.decide_reminder, tells_above=False)

    def _missed_summary(self, wait: Wait) -> bool:
        """Tell whether a summary has come in which the wait belonged, and nothing was said of it."""
        if self.summary is None or wait.said_on is None or wait.said_on >= self.summary:
            return False
        return self.workdays.add(wait.since, self.settings.decide_above) <= self.summary

    def _decide(self, wait: Wait, rung: int, *, tells_above: bool) -> None:
        if wait.said_on == self.day:
            return
        seat = self.line.deciders(wait.by, wait.level)
        for person in seat.persons:
            self._note_wait(NoticeKind.DECIDE_REMINDER, person, seat.level, wait)
        above = self.line.above(seat.level, (*seat.persons, wait.by)) if tells_above else None
        is_late_summary = self.summary is not None and self._missed_summary(wait)
        if above is not None and (is_late_summary or not self._waits_for_summary(above.level)):
            for person in above.persons:
                self._note_wait(NoticeKind.DECIDE_ABOVE, person, above.level, wait)
        self._remember(wait, replace(wait, rung=rung, said_on=self.day))

    def _remember(self, before: Wait, wait: Wait) -> None:
        asked = self.after.extension
        if asked is not None and asked.wait == before:
            self.after = replace(self.after, extension=replace(asked, wait=wait))
        else:
            self.after = replace(self.after, waiting=wait)

    def _note_wait(self, kind: NoticeKind, person: str, level: Level, wait: Wait) -> None:
        is_request = self.after.extension is not None and self.after.extension.wait is wait
        about = "ask" if is_request else "decide"
        self.notices.append(
            NoticeIntent(
                key=f"{self.after.id}/{self.after.version + 1}/{about}/{kind.value}/{person}",
                kind=kind,
                assignment=self.after.id,
                division=self.after.division,
                level=level,
                by=wait.by,
                person=person,
                aimed=level,
            )
        )
