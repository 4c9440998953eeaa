"""Bytes of a text file as text, in the encodings in which Thai offices save."""

from __future__ import annotations

import codecs
import re
from typing import Final

from plans.errors import UndecodableFileError

_LEAST_THAI_SHARE: Final = 0.3
_THAI: Final = re.compile("[\u0e01-\u0e5b]")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f]")
_MOST_CONTROLS: Final = 0.01
_HIGH_BYTES: Final = b"\x00\x0e\x20"  # of Latin, of Thai, and of typographic marks in UTF-16
_LEAST_HIGH_SHARE: Final = 0.95
_MARKUP: Final = re.compile(r"<(?:style|script)\b.*?</(?:style|script)|<[^<>]*>|&#?\w+;", re.DOTALL | re.IGNORECASE)


def decoded(content: bytes, file: str, *, is_markup: bool = False) -> str:
    """Text of the bytes; markup does not count when a single-byte text must look like Thai.

    Raises:
        UndecodableFileError: The bytes are no Thai text.
    """
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        words = _MARKUP.sub("", text) if is_markup else text
        if not _is_binary(text) and (encoding != "cp874" or _is_mostly_thai(words)):
            return text
    raise UndecodableFileError(file=file)


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    for encoding, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        if _is_two_bytes_a_sign(content[place::2], content[1 - place :: 2]):
            return (encoding,)
    return ("utf-8-sig", "cp874")


def _is_two_bytes_a_sign(high: bytes, low: bytes) -> bool:
    """Whether these are the halves of UTF-16 without the mark at its beginning; a NUL is in no other Thai text."""
    if len(high) != len(low) or b"\x00" not in high:
        return False
    thai, others = (len(half) - len(half.translate(None, _HIGH_BYTES)) for half in (high, low))
    return thai >= _LEAST_HIGH_SHARE * len(high) and others < thai


def _is_binary(text: str) -> bool:
    """Word leaves a control sign here and there (soft hyphens, cell marks); a binary file is full of them."""
    return "\x00" in text or len(_CONTROL.findall(text)) > _MOST_CONTROLS * len(text)


def _is_mostly_thai(text: str) -> bool:
    """A single-byte encoding decodes almost any bytes, so the result must look like Thai."""
    letters = [char for char in text if not char.isspace()]
    return len(_THAI.findall(text)) >= _LEAST_THAI_SHARE * len(letters)
