"""What is about complaints, of which the public reads numbers only."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

COMPLAINTS: Final = 5
"""Indicator of the measures about complaints of corruption."""

WORDS: Final = ("ร้องเรียน", "ร้องทุกข์", "แจ้งเบาะแส")
"""What a text says that is about complaints; most plans name no indicator beside a step."""

# Lines of a table's cell break words anywhere; some writers put marks of no width between syllables.
_BLANK: Final = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")


def speaks_of_complaints(*texts: str) -> bool:
    """Tell whether a text is about complaints by its words, however they are broken into lines."""
    return any(word in _BLANK.sub("", text) for text in texts for word in WORDS)


def is_about_complaints(indicators: Collection[int], *texts: str) -> bool:
    """Tell whether files of a measure or a step stay private: by its indicator, or by the words of its texts."""
    return COMPLAINTS in indicators or speaks_of_complaints(*texts)
