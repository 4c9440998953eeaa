"""Tell the administrators that a step of the plan names a division that the office does not have, once a name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from domain.notice import NoticeIntent, NoticeKind
from domain.opening import PlanInForce
from domain.people import Level
from domain.plan import Step
from services.desk import Desk


def names_unknown(
    desk: Desk, plan: PlanInForce, measure_key: str, step: Step, units: Iterable[str], now: datetime
) -> Iterator[NoticeIntent]:
    """The notices of the names of a step that nobody knows, to every administrator of the day of `now`."""
    day = desk.workdays.local_day(now)
    administrators = desk.people.addressees(Level.ADMINISTRATOR, None, day)
    for unit in units:
        mark = hashlib.sha256(unit.encode()).hexdigest()[:16]  # a name may be longer than a key
        for administrator in administrators:
            person = administrator.person.key
            yield NoticeIntent(
                key=f"{plan.year.be}/{step.key}/unknown/{mark}/{person}",
                kind=NoticeKind.NAME_UNKNOWN,
                assignment=f"{plan.year.be}/{measure_key}/{step.key}",
                division="",
                level=Level.ADMINISTRATOR,
                reason=unit,
                person=person,
                aimed=Level.ADMINISTRATOR,
            )
