"""What every task shell shares: retries and the step off the event loop."""

from __future__ import annotations

from typing import Any, Final

WRITES: Final[dict[str, Any]] = {"retries": 3, "retry_delay_seconds": [2, 10, 30], "timeout_seconds": 300}
"""For tasks whose repetition is harmless: a database that is busy or away for a moment is tried again."""

ONCE: Final[dict[str, Any]] = {"retries": 0, "timeout_seconds": 300}
"""For the audit: an alarm that is tried again until it is silent is no alarm."""
