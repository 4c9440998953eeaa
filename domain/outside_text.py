"""Text that other programs sent, as it may be stored, logged and shown: answers of servers, words of faults."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from domain.errors import SucharitError

LONGEST: Final = 300
"""Characters that are kept of one answer."""

_THAI_CHARSET: Final = "cp874"
"""TIS-620 with Microsoft's additions: what Thai servers and old Windows speak."""

_LOOSE_MARK: Final = re.compile(r"(?<![ก-๎])[ัิ-ฺ็-๎]")
"""A vowel or tone mark that stands on no Thai letter: then the bytes were no Thai (é of Latin-1 is such a mark)."""


def readable(answer: str | bytes, longest: int = LONGEST) -> str:
    """What was said, on one line that any database keeps and any page shows; stray bytes stand as hexadecimal digits.

    Args:
        answer: Bytes, or text decoded with `surrogateescape`, as mail libraries do it.
        longest: Characters at most; a longer one ends with `…`.
    """
    text = _decoded(answer if isinstance(answer, bytes) else _bytes_of(answer))
    shown = "".join(map(_shown, " ".join(text.split())))
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def words_of(fault: BaseException) -> str:
    """Why something failed: the sentence of a fault that has one, else the kind of the fault and its words."""
    if isinstance(fault, SucharitError):
        return readable(str(fault), 2 * LONGEST)
    return readable(f"{type(fault).__name__}: {fault}".removesuffix(": "))


def _bytes_of(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character that is no escaped byte
        return text.encode("utf-8", "surrogatepass")


def _decoded(answer: bytes) -> str:
    """UTF-8 if it is, also when it was cut or damaged somewhere; else Thai if it is; else what is ASCII in it."""
    text = answer.decode("utf-8", "surrogateescape")
    strays = sum("\udc80" <= char <= "\udcff" for char in text)
    if strays and strays > sum(not char.isascii() for char in text) - strays:
        thai = _as_thai(answer)
        if thai is not None:
            return thai
    return answer.decode("utf-8", "backslashreplace")


def _as_thai(answer: bytes) -> str | None:
    try:
        text = answer.decode(_THAI_CHARSET)
    except UnicodeDecodeError:
        return None
    return None if _LOOSE_MARK.search(text) else text


def _shown(char: str) -> str:
    if char.isprintable():
        return char
    if unicodedata.category(char) == "Cf":  # joins words or turns their direction; nothing to be seen
        return ""
    return char.encode("unicode_escape").decode()
