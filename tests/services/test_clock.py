from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.ledger import Entry
from services.clock import ClockAheadError, ClockBehindError, check, check_not_behind, confirm, is_asked
from services.record import CLOCK
from tests.factories import at
from tests.services.live_office import LiveOffice


def test_times_said_to_be_utc_are_in_utc(office: Callable[..., LiveOffice]) -> None:
    live = office(at=at("2023-01-11 10:00"))
    with live.reading() as desk, pytest.raises(ClockBehindError) as refused:
        check_not_behind(desk.uow, at("2023-01-10 06:30"))
    assert "2023-01-09 23:30 UTC" in str(refused.value)
    assert "2023-01-11 03:00 UTC" in str(refused.value)


def test_nobody_vouches_for_the_clock_by_signing_in(office: Callable[..., LiveOffice]) -> None:
    begun, late = at("2023-01-11 10:00"), at("2023-06-01 10:00")
    live = office(at=begun, vouched_until=begun)
    with live.desk() as desk:
        desk.uow.ledger.note(Entry(at("2023-01-11 10:01"), "clock.seen", CLOCK, live.key, {}))
        desk.uow.ledger.note(Entry(late, "account.entered", "the-admin", "the-admin", {}))
        desk.uow.commit()
    with live.reading() as desk:
        assert is_asked(desk.uow, late)
        with pytest.raises(ClockAheadError):
            check(desk.uow, late)
    with live.desk() as desk:
        confirm(desk.uow, late, by="the-admin")
        desk.uow.commit()
    with live.reading() as desk:
        check(desk.uow, late)
        assert not is_asked(desk.uow, late)
