"""Quarters named in a text: `ไตรมาสที่ ๒`, `ไตรมาส ๒ - ๔`, `ไตรมาส ๒,๔`."""

from __future__ import annotations

import re
from typing import Final

from plans.words.text import plain

_JOINT: Final = r"\s*(?:-|ถึง|,|/|&|และ|\s)\s*(?:(?:ไตรมาส)?\s*(?:ที่)?\s*)"
QUARTERS: Final = re.compile(rf"ไตรมาส\s*(?:ที่)?\s*([1-4](?![\d.])(?:{_JOINT}[1-4](?![\d.])(?!\s*ครั้ง))*)")
"""Quarters named one after the other, in plain text."""
_PIECE: Final = re.compile(r"\s*(-|ถึง)?\D*?([1-4])")


def named_quarters(text: str) -> tuple[int, ...]:
    """Quarters that the text names, in order, each once; a hyphen or `ถึง` fills the gap between two."""
    quarters: set[int] = set()
    for match in QUARTERS.finditer(plain(text)):
        last = 0
        for joint, digit in _PIECE.findall(match.group(1)):
            number = int(digit)
            quarters.update(range(last, number + 1) if joint and last else [number])
            last = number
    return tuple(sorted(quarters))
