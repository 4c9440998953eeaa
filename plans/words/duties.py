"""Tasks written inside the monitoring cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from plans.words.channels import publication_channels
from plans.words.items import Mark, split_items
from plans.words.recurrence import recurrence_of

_LONGEST_PUBLICATION: Final = 120
_PUBLICATION: Final = re.compile(r"(?:และ)?(?:เผยแพร่|ประชาสัมพันธ์|ลง(?:ใน)?เว็บ)")
_REPORT_ITEM: Final = re.compile(r"(?:และ)?(?:ให้)?(?:มีการ)?(?:สรุป)?รายงาน")


def duties_of(monitoring: Sequence[str]) -> tuple[str, ...]:
    """Marked items of the cell (seed, line 12), unless one only says where to publish or when to report."""
    items = split_items(monitoring)
    return tuple(item.text for item in items if item.mark is not Mark.NONE and _is_duty(item.text))


def _is_duty(text: str) -> bool:
    if len(text) > _LONGEST_PUBLICATION:
        return True
    if _PUBLICATION.match(text) and publication_channels([text]):
        return False
    return not (_REPORT_ITEM.match(text) and recurrence_of(text))
