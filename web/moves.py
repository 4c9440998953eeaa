"""One move of a person through the door: stored first, then the clockwork is told, for which nobody waits."""

from __future__ import annotations

from collections.abc import Callable

from domain.assignment import Assignment
from services.desk import Desk
from services.schedule.schedule import MeasureKey
from web.door import Visit


def move(visit: Visit, act: Callable[[Desk], Assignment], *, replans: bool = False) -> Assignment:
    """Make a move and commit it; mails and schedules follow even if the clockwork does not answer now."""
    with visit.changing() as desk:
        after = act(desk)
        desk.uow.commit()
        version = desk.uow.ledger.head()[0]
    visit.system.waker.measure(MeasureKey(after.fiscal_year_be, visit.office, after.measure_key))
    if replans:
        visit.system.waker.schedules(visit.office, version)
    return after
