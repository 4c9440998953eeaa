from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.notifications.receiver import Receiver, receiving
from tests.notifications.servers import Server


@pytest.fixture
def server() -> Server:
    """A mail server of the test's own; `run` starts it on an ephemeral loopback port."""
    return Server()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program that receives webhooks."""
    with receiving() as found:
        yield found
