"""The schedules follow every move that makes something due at another instant, through whichever door it came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Final

import pytest

from domain.moves import REPLANS, Move
from domain.submission import CannotDoReason
from services.assignments import deadlines
from services.assignments.hand_in import hand_in, state_cannot_do, withdraw
from services.assignments.review import accept, acknowledge, ask_extension, decide_extension, return_
from services.desk import Desk
from services.record import replans
from services.schedule.schedule import MeasureKey, moments_of
from tests.factories import at
from tests.services.assignments.test_moves import CLERK, HEAD, ID, OFFICER, RESULT
from tests.services.live_office import OPENED_IN_TIME, LiveOffice

Act = Callable[[Desk], object]
LATE: Final = at("2023-01-16 09:00")
REMADE: Final = at("2023-01-17 05:00")
"""When the schedules are made anew by themselves (prefect.yaml)."""


def change_deadline(desk: Desk) -> object:
    found = desk.uow.assignments.get(ID)
    return deadlines.change(desk, [found], date(2023, 2, 1), reason="น้ำท่วม", by="the-admin", now=LATE)


HAND_IN: Final[Act] = partial(hand_in, assignment_id=ID, result=RESULT, by=OFFICER, now=LATE)
ASK: Final[Act] = partial(ask_extension, assignment_id=ID, due_on=date(2023, 2, 1), reason="x", by=OFFICER, now=LATE)
SCENES: Final[dict[Move, tuple[Act, ...]]] = {
    Move.HAND_IN: (HAND_IN,),
    Move.WITHDRAW: (HAND_IN, partial(withdraw, assignment_id=ID, by=OFFICER, now=LATE)),
    Move.RETURN: (HAND_IN, partial(return_, assignment_id=ID, reason="x", by=HEAD, now=LATE)),
    Move.ACCEPT: (HAND_IN, partial(accept, assignment_id=ID, by=HEAD, now=LATE)),
    Move.CANNOT_DO: (
        partial(state_cannot_do, assignment_id=ID, kind=CannotDoReason.NO_STAFF, reason="", by=OFFICER, now=LATE),
    ),
    Move.ASK_EXTENSION: (ASK,),
    Move.GRANT_EXTENSION: (ASK, partial(decide_extension, assignment_id=ID, granted=True, by=HEAD, now=LATE)),
    Move.REFUSE_EXTENSION: (
        ASK,
        partial(decide_extension, assignment_id=ID, granted=False, reason="x", by=HEAD, now=LATE),
    ),
    Move.CHANGE_DEADLINE: (change_deadline,),
    Move.ACKNOWLEDGE: (partial(acknowledge, assignment_id=ID, by=CLERK, now=LATE),),
}


@pytest.fixture
def live(office: Callable[..., LiveOffice]) -> LiveOffice:
    """An office whose first assignment is overdue, and its supervisors know."""
    found = office()
    found.mornings(*OPENED_IN_TIME, "2023-01-11", "2023-01-13")
    return found


def instants(live: LiveOffice) -> list[datetime]:
    with live.reading() as desk:
        return [moment.at for moment in moments_of(desk, MeasureKey(2566, live.key, "m1")) if moment.at > LATE]


@pytest.mark.parametrize("move", SCENES)
def test_a_move_that_moves_instants_has_the_schedules_follow(live: LiveOffice, move: Move) -> None:
    *first, last = SCENES[move]
    for act in first:
        with live.desk() as desk:
            act(desk)
    before = instants(live)
    with live.desk() as desk:
        last(desk)
        desk.uow.commit()
        follows = replans(desk)
    assert follows == (move in REPLANS)
    # A final state drops instants, at which nothing would happen: only new ones must be told, and only those that come
    # before the schedules are made anew, which they are every morning at five.
    new = set(instants(live)) - set(before)
    assert follows or all(instant > REMADE for instant in new)
