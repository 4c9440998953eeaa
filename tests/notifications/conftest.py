from __future__ import annotations

import pytest

from tests.notifications.servers import Server


@pytest.fixture
def server() -> Server:
    """A mail server of the test's own; `run` starts it on an ephemeral loopback port."""
    return Server()
