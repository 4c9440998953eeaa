"""What every task shell shares: which failures are tried again, and how long a task may take."""

from __future__ import annotations

from typing import Any, Final

from prefect.client.schemas.objects import State

from domain.assignment import StaleError
from services.scheduler import SchedulerDownError, SchedulerRefusedError
from storage.errors import DatabaseDownError

PASSING: Final = (DatabaseDownError, StaleError, SchedulerDownError, SchedulerRefusedError)
"""Faults that a moment's wait may cure. Every other one would only hold the worker up three times more."""


async def _is_passing(_task: object, _run: object, state: State[Any]) -> bool:
    return isinstance(await state.aresult(raise_on_failure=False), PASSING)


WRITES: Final[dict[str, Any]] = {
    "retries": 3,
    "retry_delay_seconds": [1, 5, 20],
    "retry_condition_fn": _is_passing,
    "timeout_seconds": 300,
}
"""For tasks whose repetition is harmless."""

ONCE: Final[dict[str, Any]] = {"retries": 0, "timeout_seconds": 300}
"""For the audit: an alarm that is tried again until it is silent is no alarm."""
