"""One move of a person through the door: stored first, then the clockwork is told."""

from __future__ import annotations

from collections.abc import Callable

from domain.assignment import Assignment
from services.desk import Desk
from services.schedule import MeasureKey
from services.wake import wake_measure, wake_schedules
from web.door import Visit


def move(visit: Visit, act: Callable[[Desk], Assignment], *, replans: bool = False) -> Assignment:
    """Make a move and commit it; mails and schedules follow even if the clockwork does not answer now."""
    with visit.changing() as desk:
        after = act(desk)
        desk.uow.commit()
        version = desk.uow.ledger.head()[0]
    scheduler = visit.system.scheduler
    key = MeasureKey(after.fiscal_year_be, visit.office, after.measure_key)
    deaf = wake_measure(scheduler, key, visit.system.clock())
    if replans and not deaf:
        wake_schedules(scheduler, visit.office, version)
    return after
