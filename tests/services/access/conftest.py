from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.services.access.signing_in import give_account
from tests.services.live_office import LiveOffice


@pytest.fixture
def live(office: Callable[..., LiveOffice]) -> LiveOffice:
    """An office whose head of กองช่าง has an account and a password."""
    founded = office()
    give_account(founded)
    return founded
