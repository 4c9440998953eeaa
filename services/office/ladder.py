"""The office's ladder: what it would do over the real calendar, and its change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from domain.assignment import ACTIONABLE, Assignment, Period
from domain.escalation import due_now
from domain.fiscal import FiscalYear
from domain.ladder import Ladder
from domain.ledger import Entry
from domain.people import Level
from domain.workdays import Workdays
from services.calendar import workdays_of
from services.desk import Desk

REPEATS_DRAWN: Final = 2
LONGEST_DRAWN: Final = 30
"""Working days after the last rung on which a drawing ends, whatever is missing in it."""


@dataclass(frozen=True, slots=True)
class Firing:
    """One rung over the calendar: its day, and the names of those who hold, or act for, the posts then."""

    offset: int
    day: date
    levels: tuple[Level, ...]
    names: tuple[str, ...]
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class Example:
    """What a ladder does for one deadline of one division, if nobody does anything.

    Attributes:
        days_off: Days from the first firing to the last on which the office is closed.
    """

    due_on: date
    division: str
    firings: tuple[Firing, ...]
    days_off: tuple[date, ...]


def sample_deadline(desk: Desk, now: datetime) -> date:
    """Deadline of the quarter in which `now` lies."""
    today = desk.workdays.local_day(now)
    year = FiscalYear.of(today)
    end = year.quarter(year.quarter_of(today)).end
    return _calendar(desk, end).add(end, desk.office.settings.report_due)


def example(desk: Desk, ladder: Ladder, due_on: date, division: str) -> Example:
    """The days on which each rung would fall for a deadline (a day off moves to the next working day)."""
    workdays = _calendar(desk, due_on)
    day = workdays.on_or_after(due_on)
    firings = tuple(_firings(desk, ladder, day, division, workdays))
    days = [firing.day for firing in firings] or [day]  # nobody is there to be told
    first, last = min(*days, day), max(*days, day)
    between = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return Example(day, division, firings, tuple(each for each in between if not workdays.is_workday(each)))


def _firings(desk: Desk, ladder: Ladder, due_on: date, division: str, workdays: Workdays) -> Iterator[Firing]:
    """What the ladder says of one assignment that nobody touches, morning after morning, by the rules themselves."""
    opened_on = workdays.add(due_on, min(rung.offset for rung in ladder.rungs) - 1)
    silent = _silent(ladder, due_on, division, workdays.notice_instant(opened_on))
    rules = replace(desk.rules, workdays=workdays, summary_left_on=opened_on)
    summaries = 0
    day = opened_on
    while summaries <= (REPEATS_DRAWN if ladder.is_repeated else 0):
        telling = due_now(silent, rules, workdays.notice_instant(day))
        if telling is not None:
            is_repeat = summaries > 0
            summaries += telling.assignment.told.summary_on == day
            silent = telling.assignment
            levels = tuple(dict.fromkeys(notice.level for notice in telling.notices))
            names = tuple(dict.fromkeys(desk.person_name(notice.person) for notice in telling.notices))
            yield Firing(workdays.between(due_on, day), day, levels, names, is_repeat=is_repeat)
        if rules.is_summary(day):
            rules = replace(rules, summary_left_on=day)
        if day > workdays.add(due_on, max(rung.offset for rung in ladder.rungs) + LONGEST_DRAWN):
            return
        day = workdays.add(day, 1)


def _silent(ladder: Ladder, due_on: date, division: str, opened_at: datetime) -> Assignment:
    """An assignment of nobody's plan, to be drawn."""
    year = FiscalYear.of(due_on)
    period = Period("example", "", year.span, year.quarter_of(due_on))
    return Assignment("example", year.be, "", "", division, period, due_on, ladder, 1, opened_at=opened_at)


def _calendar(desk: Desk, around: date) -> Workdays:
    """The office's calendar around a day, also where no plan of its year is in force."""
    return workdays_of(desk.office.settings, desk.uow.holidays.all(), around.year - 1, around.year + 1)


def fingerprint(ladder: Ladder) -> str:
    """Fingerprint of a ladder: a form brings it back, so that nobody overwrites another's change."""
    return hashlib.sha256(ladder.model_dump_json().encode()).hexdigest()[:16]


def open_with_old_ladder(desk: Desk) -> int:
    """How many open assignments keep the ladder they were opened with."""
    return sum(len(desk.uow.assignments.in_states(plan.plan.fiscal_year_be, ACTIONABLE)) for plan in desk.plans)


def change_ladder(desk: Desk, ladder: Ladder, *, by: str, now: datetime) -> bool:
    """Give the office another ladder; False where it is the one it has. Open assignments keep their frozen copy."""
    settings = desk.office.settings
    if ladder == settings.ladder:
        return False
    changed = settings.model_copy(update={"ladder": ladder})
    desk.uow.offices.save(replace(desk.office, settings=changed))
    facts = {"before": settings.ladder.model_dump(mode="json"), "after": ladder.model_dump(mode="json")}
    desk.uow.ledger.note(Entry(now, "ladder.changed", by, desk.office.key, facts))
    return True
