"""Thai text as people type and scanners read it: cleaned for reading, squeezed for comparing."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from domain.thai import arabic_digits

FOLLOWERS: Final = "ะาำๅัิีึืฺุู็่้๊๋์ํ๎"
"""Signs that stand after or on a consonant: none of them can begin a word."""
MARKS: Final = "ัิีึืฺุู็่้๊๋์ํ๎"
"""Signs that stand on a consonant and take no room of their own."""

_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_NIKHAHIT: Final = "\u0e4d"
_SPLIT_SARA_AM: Final = re.compile(f"{_NIKHAHIT}([่้๊๋]?)า")
_SPACES: Final = re.compile(r"\s+")


def clean(text: str) -> str:
    """`text` in NFC on one line, with sara am in one piece and single spaces.

    Not NFKC: it splits sara am (research/documents.md, section 7).
    """
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    if _NIKHAHIT in text:  # rare, and the pattern takes its time also where it finds nothing
        text = _SPLIT_SARA_AM.sub(r"\1ำ", text)
    return _SPACES.sub(" ", text.replace("เเ", "แ")).strip()


def squeezed(text: str) -> str:
    """`text` without any space, for comparing what scanners and typists space at will."""
    return clean(_SPACES.sub("", text))


def plain(text: str) -> str:
    """Cleaned `text` with Arabic digits and plain hyphens, what the readers of values look at."""
    return re.sub("[‐‑‒–—−]", "-", arabic_digits(clean(text)))


def overlap(left: str, right: str, least: int = 4) -> int:
    """Length of the longest end of `left` that begins `right`; 0 if it is below `least`.

    A page break prints the last word again (seed, lines 16 and 19: `…ความคิดเห็น` and `คิดเห็นบน…`).
    """
    longest = min(len(left), len(right))
    return next((n for n in range(longest, least - 1, -1) if left.endswith(right[:n])), 0)
