"""Waiting for what another process does in its own time."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(holds: Callable[[], bool], within_s: float = 15) -> bool:
    """Ask until it holds; the answer of the last asking."""
    end = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > end:
            return holds()
        time.sleep(0.05)
    return True
