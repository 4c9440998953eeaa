"""What is left of a cell when every word that a rule used is taken out of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from plans.words.text import squeezed

_GAP: Final = "\x00"
_EDGES: Final = " \t\n,;:.()[]/\\-–—•*\"“”'="
_LETTER: Final = re.compile("[ก-ฮa-z]", re.IGNORECASE)
_DIGIT: Final = re.compile("[0-9๐-๙]")
_NUMBERING: Final = re.compile(r"^\s*\(?[0-9๐-๙]{1,2}(?:\.[0-9๐-๙]{1,2})*(?:[.)](?![0-9๐-๙])|$)")
_MARKS: Final = re.compile(r"[^ก-๎a-zA-Z0-9๐-๙]+")


def without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with a gap where each of the spans was, so that what stood on both sides of it stays apart."""
    for start, end in spans:
        text = text[:start] + _GAP * (end - start) + text[end:]
    return text


def without_all(text: str, *patterns: re.Pattern[str]) -> str:
    """`text` with a gap for every match of the patterns, each looked for in what the ones before it left."""
    for pattern in patterns:
        text = without(text, [match.span() for match in pattern.finditer(text)])
    return text


def rests(text: str, filler: re.Pattern[str], *, least: int) -> Iterator[str]:
    """Stretches between the gaps with a number or `least` letters beside words that say nothing (`filler`).

    A stretch is quoted without the filler at its beginning; punctuation, numbering and bullets say nothing.
    """
    for piece in re.split(f"{_GAP}+", text):
        words = _NUMBERING.sub("", piece, count=1).strip(_EDGES)
        left = filler.sub("", _MARKS.sub("", squeezed(words)))
        if _DIGIT.search(left) or len(_LETTER.findall(left)) >= least:
            yield _begun(words, filler)


def _begun(words: str, filler: re.Pattern[str]) -> str:
    while (match := filler.match(words)) and match.end() < len(words):
        words = words[match.end() :].lstrip(_EDGES)
    return words


def in_one(pieces: Iterable[str]) -> str:
    """The stretches as one text to quote; nothing where there is none."""
    return " … ".join(pieces)
