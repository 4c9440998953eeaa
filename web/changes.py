"""A change of a person through the door: stored first, then the clockwork is told, for which nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from domain.assignment import Assignment
from services.desk import Desk
from services.record import replans
from services.schedule.schedule import MeasureKey
from web.door import Visit


def move(visit: Visit, act: Callable[[Desk], Assignment]) -> Assignment:
    """Make a move and commit it; mails and schedules follow even if the clockwork does not answer now."""
    with visit.changing() as desk:
        after = act(desk)
        desk.uow.commit()
        if replans(desk):
            _follow(visit, desk)
    visit.system.waker.measure(MeasureKey(after.fiscal_year_be, visit.office, after.measure_key))
    return after


@contextmanager
def changing_alone(visit: Visit) -> Iterator[Desk]:
    """The office for a change of what is saved as a whole: of two at once, the second sees what the first did."""
    with visit.changing() as desk:
        desk.uow.offices.hold()
        yield Desk.open(desk.uow)


def commit_and_replan(visit: Visit, desk: Desk, *measures: MeasureKey) -> None:
    """Commit a change of plan, people, deadline, holiday or ladder, and have schedules and reminders follow it.

    Args:
        measures: Those whose flows are to look at once, before the schedules are worked out.
    """
    desk.uow.commit()
    for measure in measures:
        visit.system.waker.measure(measure)
    _follow(visit, desk)


def _follow(visit: Visit, desk: Desk) -> None:
    if desk.uow.ledger.newest:  # where nothing was written, nothing has changed
        visit.system.waker.schedules(visit.office, desk.uow.ledger.newest)
