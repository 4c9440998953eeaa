"""What a played case shows of what its `expect` names."""

from __future__ import annotations

from collections import Counter
from datetime import date

from tests.oracle.case import Case, Expect
from tests.oracle.play import foresee, play
from tests.oracle.world import Notice, World

Told = tuple[date, str, str]


def compared(case: Case, world: World) -> list[Notice]:
    """Give the notices that a case compares: from `since` on, about the persons of `about`."""
    late_enough = [notice for notice in world.record.notices if notice.day >= case.since]
    return [notice for notice in late_enough if case.about is None or notice.person in case.about]


def told(case: Case, world: World) -> list[Told]:
    """Give the compared notices, sorted."""
    return sorted((notice.day, notice.person, notice.kind) for notice in compared(case, world))


def states(world: World) -> dict[str, tuple[str, date, int]]:
    """Give state, deadline and booked days late of everything that was opened."""
    return {each.id: (each.state, each.due, each.days_late) for each in world.assignments.values()}


def figures(world: World, quarter: int) -> dict[str, int]:
    """Count a quarter's assignments by state."""
    return dict(Counter(each.state for each in world.assignments.values() if each.quarter == quarter))


def decided_alone(world: World) -> list[str]:
    """Give what was decided by who had done it."""
    return sorted({each.assignment for each in world.record.decisions if each.decider == each.doer})


def next_of(world: World) -> dict[str, Told]:
    """Give the next notice of everything that waits; of several on one day, the first that is written."""
    coming = foresee(world, set(world.assignments))
    return {key: (found[0].day, found[0].person, found[0].kind) for key, found in coming.items()}


def worked_out(case: Case) -> Case:
    """Give a case with what the oracle expects of it in the place of its `expect`, to hold another engine to it."""
    world = play(case)
    expect = Expect(
        notices=told(case, world), states=states(world), refused=len(world.record.refused), own=decided_alone(world)
    )
    return case.model_copy(update={"expect": expect})


def disagreements(case: Case, world: World) -> list[str]:
    """Give in plain words where a played case and its `expect` differ; nothing if they agree."""
    expect = case.expect
    found = []
    if told(case, world) != sorted(expect.notices):
        missing = Counter(expect.notices) - Counter(told(case, world))
        more = Counter(told(case, world)) - Counter(expect.notices)
        found.append(f"notices: missing {sorted(missing.elements())}, too many {sorted(more.elements())}")
    for key, state in expect.states.items():
        if states(world).get(key) != state:
            found.append(f"state of {key}: {states(world).get(key)}, expected {state}")
    if expect.refused is not None and len(world.record.refused) != expect.refused:
        found.append(f"refused: {world.record.refused}, expected {expect.refused}")
    return found + disagreements_of_the_rest(case, world)


def disagreements_of_the_rest(case: Case, world: World) -> list[str]:
    expect = case.expect
    found = [f"there is {key}" for key in expect.absent if key in world.assignments]
    for day, person, kind, names in expect.names:
        named = [
            each.names for each in world.record.notices if (each.day, each.person, each.kind) == (day, person, kind)
        ]
        if not any(set(names) <= set(each) for each in named):
            found.append(f"names of {day} {person} {kind}: {named}, expected {names}")
    if expect.own and decided_alone(world) != sorted(expect.own):
        found.append(f"decided alone: {decided_alone(world)}, expected {expect.own}")
    if expect.figures is not None and figures(world, expect.figures[0]) != expect.figures[1]:
        found.append(f"figures: {figures(world, expect.figures[0])}, expected {expect.figures[1]}")
    for key, notice in expect.next.items():
        if next_of(world).get(key) != notice:
            found.append(f"next of {key}: {next_of(world).get(key)}, expected {notice}")
    return found
