from __future__ import annotations

from collections.abc import Callable

import pytest

from services.clock import ClockBehindError, check_not_behind
from tests.factories import at
from tests.services.live_office import LiveOffice


def test_times_said_to_be_utc_are_in_utc(office: Callable[..., LiveOffice]) -> None:
    live = office(at=at("2023-01-11 10:00"))
    with live.reading() as desk, pytest.raises(ClockBehindError) as refused:
        check_not_behind(desk.uow, at("2023-01-10 06:30"))
    assert "2023-01-09 23:30 UTC" in str(refused.value)
    assert "2023-01-11 03:00 UTC" in str(refused.value)
