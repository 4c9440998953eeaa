"""Where a year as the use cases play it differs from what a case expects, in plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from tests.oracle.case import Case
from tests.oracle.expected import decided_alone
from tests.oracle.letters import LADDER
from tests.oracle.world import World
from tests.rules.year import PLAYABLE, Played, name_of

Line = tuple[date, str, str]

OF_THE_LADDERS: Final = LADDER | {"decide_reminder", "decide_above"}
"""Kinds that the clock says."""


def lines(case: Case, played: Played) -> list[Line]:
    """What a case compares: from `since` on, of the persons of `about`; a hand-over is one letter."""
    wanted = (word for word in played.words if word.day >= case.since)
    found = [(word.day, word.person, word.kind, word.assignment) for word in wanted]
    if case.about is not None:
        found = [line for line in found if line[1] in case.about]
    handed = {line[:3] for line in found if line[2] == "handover"}
    return sorted([*(line[:3] for line in found if line[2] != "handover"), *handed])


def disagreements(case: Case, played: Played) -> list[str]:
    """Give the differences; nothing if they agree."""
    expect, found = case.expect, []
    told, wanted = lines(case, played), sorted(_ours(line) for line in expect.notices)
    if told != wanted:
        missing, more = Counter(wanted) - Counter(told), Counter(told) - Counter(wanted)
        found.append(f"notices: missing {_shown(missing)}, too many {_shown(more)}")
    for key, (state, due, late) in expect.states.items():
        own = played.states.get(key)
        if own != (state, due, late):
            found.append(f"state of {key}: {own}, expected {(state, due, late)}")
    if expect.refused is not None and len(played.refused) != expect.refused:
        found.append(f"refused: {played.refused}, expected {expect.refused}")
    found += [f"there is {key}" for key in expect.absent if key in played.states]
    if expect.own and sorted(played.own) != sorted(expect.own):
        found.append(f"decided alone: {sorted(played.own)}, expected {expect.own}")
    for day, person, kind, names in expect.names:
        texts = [w.text for w in played.words if (w.day, w.person, w.kind) == (day, person, kind)]
        if not any(all(name_of(name) in text for name in names) for text in texts):
            found.append(f"names of {day} {person} {kind}: {names} do not stand in {texts}")
    return found


def differences(world: World, played: Played) -> list[str]:
    """Where a random year differs from the oracle's: lines with their assignments, states, refusals, next words.

    `world` is the oracle's year, played with the same probes.
    """
    wanted = Counter((each.day, each.person, _our_kind(each.kind), each.assignment) for each in world.record.notices)
    handed = {(w.day, w.person, w.kind, "") for w in played.words if w.kind == "handover"}
    told = Counter((w.day, w.person, w.kind, w.assignment) for w in played.words if w.kind != "handover") + Counter(
        handed
    )
    found = [f"missing {line}" for line in (wanted - told).elements()]
    found += [f"too many {line}" for line in (told - wanted).elements()]
    states = {each.id: (each.state, each.due, each.days_late) for each in world.assignments.values()}
    found += [
        f"state of {key}: {played.states.get(key)}, the oracle says {states.get(key)}"
        for key in sorted(states.keys() | played.states.keys())
        if states.get(key) != played.states.get(key)
    ]
    if len(world.record.refused) != len(played.refused):
        found.append(f"refused: {played.refused}, the oracle {world.record.refused}")
    if sorted(decided_alone(world)) != sorted(played.own):
        found.append(f"decided alone: {sorted(played.own)}, the oracle says {decided_alone(world)}")
    return [*found, *_differences_of_the_next(world, played)]


def _differences_of_the_next(world: World, played: Played) -> Iterator[str]:
    for probe in world.record.probes:
        if any(kind not in OF_THE_LADDERS for _, _, kind in probe.next):
            continue  # a letter about what somebody did waits for the hours and comes first
        own = played.next.get((probe.day, probe.assignment))
        said = (own.on, sorted({person for person, _ in own.to})) if own else None
        wanted = (probe.next[0][0], sorted({person for _, person, _ in probe.next})) if probe.next else None
        if said != wanted:
            yield f"next of {probe.assignment} on {probe.day}: {said}, the oracle says {wanted}"


def _our_kind(kind: str) -> str:
    return "extension_decided" if kind in {"extension_granted", "extension_refused"} else kind


def _ours(line: Line) -> Line:
    day, person, kind = line
    return day, person, _our_kind(kind)


def _shown(counter: Counter[Line]) -> list[str]:
    return sorted(f"{day} {person} {kind}" for day, person, kind in counter.elements())


def _plain(event: list[Any]) -> list[Any]:
    """A day is granted as it was asked for: deciders have no other day to give."""
    return event[:4] if event[1] == "grant" else event


def of_this_time(case: Case) -> Case:
    """The case without pauses, closings and plans out of force, which are not built yet; divisions to come unnamed."""
    known = {division.key for division in case.divisions}
    measures = [
        measure.model_copy(
            update={
                "steps": [
                    step.model_copy(update={"units": [u for u in step.units if u in known]}) for step in measure.steps
                ]
            }
        )
        for measure in case.plan.measures
    ]
    plan = case.plan.model_copy(update={"measures": measures})
    return case.model_copy(
        update={"plan": plan, "events": [_plain(event) for event in case.events if event[1] in PLAYABLE]}
    )
