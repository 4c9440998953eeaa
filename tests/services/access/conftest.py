from __future__ import annotations

import pytest

from storage.store import Store
from tests.services.access.signing_in import give_account
from tests.services.beginnings import begin_with
from tests.services.live_office import KEY, LiveOffice, found_office


@pytest.fixture
def live(store: Store) -> LiveOffice:
    """An office whose head of กองช่าง has an account and a password."""
    begin_with(store, "a head with a password", lambda: give_account(found_office(store)))
    return LiveOffice(store, KEY)
