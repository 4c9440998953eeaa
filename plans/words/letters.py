"""Letter-spaced text, a damage of scanning: `เ ท ศ บ า ล` for `เทศบาล`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from plans.words.text import FOLLOWERS, MARKS, squeezed

_LEAST_LETTERS: Final = 3
_ONE_LETTER: Final = f"[ก-ฮะาำเ-ๆฯ๐-๙][{MARKS}]*"
_TORN: Final = f"[{FOLLOWERS}][ก-๎]*"
_FRAGMENT: Final = f"(?:{_TORN}|{_ONE_LETTER})"
_RUN: Final = re.compile(rf"(?<!\S){_FRAGMENT}(?: {_FRAGMENT}){{4,}}(?!\S)")
_LETTER: Final = re.compile("[ก-ฮ]")


@dataclass(frozen=True, slots=True)
class SpacedRun:
    """A stretch of torn letters and the same without the spaces between them."""

    printed: str
    joined: str


def join_spaced_letters(text: str) -> tuple[str, list[SpacedRun]]:
    """`text` with every letter-spaced stretch closed up, and the stretches in order.

    A stretch is five or more pieces in a row that are one letter with its signs, or begin with a sign that
    no word begins with. Whole short words between spaces (`และ ได้ เน้น ย้ำ ใน การ`, seed line 16) are none.
    Closing up does not cure misread letters, so it is a proposal, never a silent repair
    (research/documents.md, section 7).
    """
    runs: list[SpacedRun] = []

    def close(match: re.Match[str]) -> str:
        printed = match.group()
        if len(_LETTER.findall(printed)) < _LEAST_LETTERS:
            return printed
        runs.append(SpacedRun(printed, squeezed(printed)))
        return runs[-1].joined

    return _RUN.sub(close, text), runs
