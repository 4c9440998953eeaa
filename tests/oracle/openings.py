"""What the plan asks of whom, and from when on."""

from __future__ import annotations

from datetime import date, timedelta

from tests.oracle.case import Step
from tests.oracle.deadlines import LEAST_TO_ACT, given_now, latest_of
from tests.oracle.letters import officers, tell
from tests.oracle.world import Assignment, Ground, World

BUDDHIST_ERA = 543
QUARTERS = (1, 2, 3, 4)


def quarter_of_year(year: int, quarter: int) -> tuple[date, date]:
    """Give the first and the last day of a quarter of a fiscal year of the Buddhist era, which begins in October."""
    gregorian = year - BUDDHIST_ERA
    first = date(gregorian - 1, 10, 1) if quarter == 1 else date(gregorian, 3 * quarter - 5, 1)
    after = date(gregorian, 3 * quarter - 2, 1)
    return first, after - timedelta(days=1)


def quarters_of(step: Step) -> list[int]:
    if step.cadence == "specified_quarters":
        return step.quarters
    if step.cadence == "quarterly":
        return list(QUARTERS)
    raise NotImplementedError(step.cadence)


def divisions_of(world: World, step: Step) -> list[str]:
    """Give the divisions that a step asks today: those named, or all there are; audit units only with `all_units`."""
    if step.scope == "listed":
        return [key for key in step.units if key in world.divisions]
    if step.scope == "all_units":
        return list(world.divisions)
    return [key for key, kind in world.divisions.items() if kind != "audit_unit"]


def a_new_division(world: World, division: str, period_end: date) -> bool:
    """Tell whether a division is asked for a period.

    "A new division is asked from the period in which it was founded on (its founding day is asked)".
    """
    return world.founded_on.get(division, period_end) <= period_end


def open_what_is_to_be_open(world: World) -> None:
    """Open every assignment whose day has come; a pause holds openings."""
    if world.is_closed or world.is_out_of_force or world.today < world.case.plan.in_force:
        return
    for measure, step in world.steps:
        for quarter in quarters_of(step):
            first, last = quarter_of_year(world.case.year, quarter)
            if step.end < first or last < step.start or world.today < max(first, step.start):
                continue
            for division in divisions_of(world, step):
                if measure not in world.paused and a_new_division(world, division, last):
                    open_one(world, measure, f"{step.key}/{division}/q{quarter}", division, quarter)


def open_one(world: World, measure: str, key: str, division: str, quarter: int) -> None:
    """Open an assignment, unless it was opened before, with the plan's day or the days of a rule, whichever is later.

    "Days that a rule gives … One function; also for an opening in time."
    """
    if key in world.assignments:
        return
    _, last = quarter_of_year(world.case.year, quarter)
    grounds = [Ground("plan", last), given_now(world, LEAST_TO_ACT)]
    assignment = Assignment(
        id=key,
        measure=measure,
        division=division,
        quarter=quarter,
        period_end=last,
        opened_at=world.now,
        grounds=grounds,
        due=latest_of(world.calendar, grounds),
        ladder_from=world.now,
    )
    world.assignments[key] = assignment
    tell(world, assignment, officers(world, assignment), "opened")
