"""What a run of a measure's flow did, in the office's words: the flow itself tells it in English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from services.scheduler import RunView

SAID: Final = re.compile(
    r"(?P<opened>\d+) opened, (?P<rungs>\d+) rungs, (?P<notices>\d+) notices, (?P<overdue>\d+) overdue"
)
"""As `flows.run_measure` ends."""

COUNTS: Final[Mapping[str, str]] = {
    "opened": "เปิดงาน {n} รายการ",
    "rungs": "แจ้งตามลำดับ {n} ขั้น",
    "notices": "แจ้งเตือน {n} เรื่อง",
    "overdue": "เกินกำหนด {n} รายการ",
}


def counts_of(run: RunView) -> list[tuple[str, str]] | None:
    """Sentences with their number, none where there was nothing to do; None for any other message."""
    match = SAID.fullmatch(run.message)
    if match is None:
        return None
    numbers: dict[str, Any] = match.groupdict()
    return [(sentence, numbers[what]) for what, sentence in COUNTS.items() if int(numbers[what])]
