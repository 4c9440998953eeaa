"""Tell the clockwork that something changed. The change is committed by then: nothing is lost if nobody listens."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from services.schedule.schedule import MeasureKey
from services.scheduler import NotScheduledError, Scheduler, SchedulerDownError, SchedulerRefusedError

SCHEDULER_ERRORS = (SchedulerDownError, NotScheduledError, SchedulerRefusedError)
"""What it means that the clockwork was not reached: the next moment, or the sweep, makes up for it."""


def tell_measure(scheduler: Scheduler, key: MeasureKey, now: datetime) -> None:
    """Run a measure's flow at once; many calls within a minute become two runs, one now and one at its end.

    The first run may have begun before a later change was committed, so a second one follows for all later ones:
    its key is the minute's number, the version of what it covers.

    Raises:
        SchedulerDownError, SchedulerRefusedError, NotScheduledError: The clockwork does not do it.
    """
    minute = int(now.timestamp()) // 60
    run = scheduler.trigger(key.deployment, f"{key}:{minute}")
    if scheduler.wait(run, 0).started_at is not None:
        next_minute = datetime.fromtimestamp((minute + 1) * 60, tz=now.tzinfo) + timedelta(milliseconds=1)
        scheduler.trigger(key.deployment, f"{key}:{minute}:later", when=next_minute)


def wake_measure(scheduler: Scheduler, key: MeasureKey, now: datetime) -> str | None:
    """As `tell_measure`, for somebody who waits; None, or the sentence that says why nobody was reached."""
    try:
        tell_measure(scheduler, key, now)
    except SCHEDULER_ERRORS as error:
        return str(error)
    return None


def apply_schedules(scheduler: Scheduler, office: str, now: datetime) -> UUID:
    """Have the office's schedules made equal to the plan's moments because somebody asked for it; the run's id.

    Raises:
        SchedulerDownError, SchedulerRefusedError, NotScheduledError: The clockwork does not do it.
    """
    return scheduler.trigger("apply-schedules", f"apply-{office}-{now.isoformat()}", {"office": office})


def tell_schedules(scheduler: Scheduler, office: str, version: int) -> None:
    """Have the office's schedules applied after a change of plan, deadline, holiday or ladder, then look what is due.

    A change may have made something due at an instant that has passed already, for which no run will come.

    Args:
        version: Number of the office's last ledger line: one run for one change.

    Raises:
        SchedulerDownError, SchedulerRefusedError, NotScheduledError: The clockwork does not do it.
    """
    scheduler.trigger("apply-schedules", f"apply-{office}-{version}", {"office": office})
    scheduler.trigger("sweep", f"sweep-{office}-{version}", {"office": office})


def wake_schedules(scheduler: Scheduler, office: str, version: int) -> str | None:
    """As `tell_schedules`, for somebody who waits; None, or the sentence that says why nobody was reached."""
    try:
        tell_schedules(scheduler, office, version)
    except SCHEDULER_ERRORS as error:
        return str(error)
    return None
