"""Tasks of a measure: advance it, show it, bring its letters on the way."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final

from prefect import task

from services.assignments.advance import Advanced, advance
from services.clock import check
from services.overview.rows import Row, rows_of_measure
from services.schedule.schedule import MeasureKey
from services.wiring import system
from tasks.shell import WRITES

NOTHING_TO_TELL: Final = "nothing to tell"


@task(name="advance-measure", task_run_name="advance {measure_key}", **WRITES)
async def advance_measure(measure_key: str, as_of: datetime | None) -> Advanced:
    """Do everything of a measure that should have happened by `as_of` (now, if not given) and has not."""
    return await asyncio.to_thread(_advance, MeasureKey.parse(measure_key), as_of or system().clock())


def _advance(key: MeasureKey, now: datetime) -> Advanced:
    with system().desk(key.office) as desk:
        check(desk.uow, now)  # at a wrong clock a whole year would open and escalate, and letters cannot be called back
        done = advance(desk, key.fiscal_year_be, key.measure, now)
        # States, ledger lines and notices together: a rung without its notice would never be told of again.
        desk.uow.commit()
    return done


@task(name="show-measure", task_run_name="show {measure_key}", **WRITES)
async def measure_rows(measure_key: str) -> list[Row]:
    """Read the assignments of a measure for people to look at."""
    return await asyncio.to_thread(_rows, MeasureKey.parse(measure_key))


def _rows(key: MeasureKey) -> list[Row]:
    with system().reading(key.office) as desk:
        return rows_of_measure(desk, key, system().clock())


@task(name="ask-for-delivery", **WRITES)
async def ask_for_delivery(measure_key: str | None = None) -> str:
    """Ask for one delivery at the end of the present window, however many measures ask within it.

    It runs in a slot of its own, beside the measures that are still to come. Where the measure's office (no office, if
    none is given) has nothing to tell, none is asked for.
    """
    return await asyncio.to_thread(_ask_for_delivery, measure_key and MeasureKey.parse(measure_key).office)


def _ask_for_delivery(office: str | None) -> str:
    now, store = system().clock(), system().store
    # What waits, not what this run wrote: a hand-in's notices were written by the page that woke the measure.
    waiting = {*store.offices_with_mail(now), *store.offices_to_tell(now)}
    if not waiting or (office and office not in waiting):
        return NOTHING_TO_TELL
    settle = system().settings.settle_s
    window = int(now.timestamp()) // settle + 1
    window_ends = datetime.fromtimestamp(window * settle, tz=now.tzinfo)
    # The window's number is the key: the measures of one moment are told in one letter per person.
    return str(
        system().scheduler.trigger(
            "deliver", f"deliver-{settle}-{window}", when=window_ends + timedelta(milliseconds=1)
        )
    )
