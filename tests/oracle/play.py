"""Playing a case, day by day and instant by instant."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime, time, timedelta
from typing import Any

from tests.oracle import acts, ends
from tests.oracle.acknowledging import acknowledging
from tests.oracle.case import Case, Event, Holding, events_of
from tests.oracle.days import DAY, OPENS, week_of
from tests.oracle.deadlines import calendar_changes
from tests.oracle.deciders import deciders_ladder
from tests.oracle.hand_over import hand_over
from tests.oracle.ladder import climb, is_summary_now
from tests.oracle.letters import let_pending_leave
from tests.oracle.office import Level, in_place_of
from tests.oracle.openings import open_what_is_to_be_open
from tests.oracle.world import Assignment, Notice, Probe, Refused, World, begin

FORESIGHT = timedelta(days=200)

OF_AN_ASSIGNMENT: dict[str, Callable[..., None]] = {
    "hand_in": acts.hand_in,
    "cannot_do": acts.cannot_do,
    "withdraw": acts.withdraw,
    "accept": acts.accept,
    "confirm": acts.confirm,
    "return_": acts.return_,
    "refuse": acts.refuse,
    "cancel": ends.cancel,
}
WITH_A_DAY: dict[str, Callable[..., None]] = {
    "ask": acts.ask,
    "grant": acts.grant,
    "set_deadline": ends.set_deadline,
    "acknowledge": acknowledging,
}
OF_THE_OFFICE: dict[str, Callable[..., None]] = {
    "pause": ends.a_pause,
    "resume": ends.resume,
    "close_year": ends.close_year,
    "reopen_year": ends.reopen_year,
    "out_of_force": ends.out_of_force,
}


def play(case: Case, *, probe_on: frozenset[date] = frozenset()) -> World:
    """Give the office on the evening of the case's last day.

    Args:
        probe_on: Days on whose evening it is put down what would come next if nobody did anything.
    """
    world = begin(case)
    events = events_of(case)
    day = case.starts
    while day <= case.to:
        morning = datetime.combine(day, OPENS)
        today = [event for event in events if event.at.date() == day]
        play_events(world, [event for event in today if event.at < morning])
        if not is_down(case, day):
            run(world, morning)
        play_events(world, [event for event in today if event.at >= morning])
        if day in probe_on:
            probe(world, day)
        day += DAY
    return world


def is_down(case: Case, day: date) -> bool:
    return any(first <= day <= last for first, last in case.down)


def run(world: World, now: datetime) -> None:
    """Do what the clock does every working morning."""
    world.now = now
    if not world.calendar.is_working(now.date()):
        return
    hand_over(world)
    open_what_is_to_be_open(world)
    let_pending_leave(world)
    for assignment in world.assignments.values():
        climb(world, assignment)
        for wait in assignment.waits:
            deciders_ladder(world, assignment, wait)
    if is_summary_now(world):
        world.summary_weeks.add(week_of(world.today))


def play_events(world: World, events: list[Event]) -> None:
    for event in events:
        world.now = event.at
        try:
            happen(world, event)
        except Refused as refused:
            world.record.refused.append(f"{event.at} {event.what} {event.args}: {refused}")


def happen(world: World, event: Event) -> None:
    """Let one event happen.

    Raises:
        Refused: Who does it may not, or not now.
    """
    what, args = event.what, event.args
    if what in OF_AN_ASSIGNMENT:
        OF_AN_ASSIGNMENT[what](world, find(world, args[0]), *args[1:])
    elif what in WITH_A_DAY:
        WITH_A_DAY[what](world, find(world, args[0]), args[1], a_day(args[2] if len(args) > 2 else None))
    elif what in OF_THE_OFFICE:
        OF_THE_OFFICE[what](world, *args)
    elif what == "holiday":
        calendar_changes(world, date.fromisoformat(args[0]), is_off=args[1])
    elif what == "found":
        found(world, *args)
    elif what == "hold":
        hold(world, *args)
    elif what == "leave":
        leave_post(world, *args)
    else:
        raise NotImplementedError(what)


def find(world: World, key: str) -> Assignment:
    if key not in world.assignments:
        raise Refused("no such assignment")
    return world.assignments[key]


def a_day(text: Any) -> date | None:
    return None if text is None else date.fromisoformat(text)


def found(world: World, division: str, kind: str) -> None:
    """Found a division; what it is asked for opens at once."""
    world.divisions[division] = kind
    world.founded_on[division] = world.today
    open_what_is_to_be_open(world)


def hold(world: World, post: str, person: str, starts: str, ends_on: str | None, acting: bool) -> None:  # noqa: FBT001 -- the case's order
    world.office.holdings.append(Holding(post, person, date.fromisoformat(starts), a_day(ends_on), acting))


def leave_post(world: World, post: str, last_day: str) -> None:
    """Let everybody who has the post have it through a day and no longer."""
    last = date.fromisoformat(last_day)
    leaving = world.office.present(post, last)
    world.office.holdings = [each._replace(ends=last) if each in leaving else each for each in world.office.holdings]


def probe(world: World, day: date) -> None:
    """Put down the next notice of everything that waits for somebody."""
    world.now = datetime.combine(day, time.max)  # on a day of downtime without events it has stood still
    waiting = [each for each in world.assignments.values() if is_somebodys(world, each)]
    if not waiting:
        return
    coming = foresee(world, {each.id for each in waiting})
    for assignment in waiting:
        first = tuple((each.day, each.person, each.kind) for each in coming.get(assignment.id, []))
        world.record.probes.append(Probe(day, assignment.id, first))


def is_somebodys(world: World, assignment: Assignment) -> bool:
    """Tell whether an assignment waits for anybody: not where its clock is held or its line is, or will be, empty."""
    if world.is_standing_still(assignment):
        return False
    return assignment.is_waiting or (assignment.is_open and not is_ever_left(world, assignment))


def is_ever_left(world: World, assignment: Assignment) -> bool:
    """Tell whether on some foreseeable day nobody at all is in an assignment's line."""
    days = [world.today + ahead * DAY for ahead in range(FORESIGHT.days)]
    return any(not in_place_of(world.office, Level.OFFICER, assignment.division, day)[1] for day in days)


def foresee(world: World, keys: set[str]) -> dict[str, list[Notice]]:
    """Give the next notices of assignments if nobody did anything: play on, in a copy, until each has one."""
    ahead = deepcopy(world)
    seen = len(ahead.record.notices)
    coming: dict[str, list[Notice]] = {}
    day = world.today
    while len(coming) < len(keys) and day < world.today + FORESIGHT:
        day += DAY
        run(ahead, datetime.combine(day, OPENS))
        for notice in ahead.record.notices[seen:]:
            if notice.assignment in keys:
                of_it = coming.setdefault(notice.assignment, [])
                if not of_it or of_it[0].day == notice.day:
                    of_it.append(notice)
        seen = len(ahead.record.notices)
    return coming
