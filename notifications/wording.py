"""Thai phrases that need a rule: countdowns, lists, digits inside free text, shortening without dictionaries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from domain.thai import thai_digits

ELLIPSIS: Final = "…"
_LATIN_RUN: Final = re.compile(r"[!-~]+")
_HAS_LETTER: Final = re.compile(r"[A-Za-z]")
_SPACE: Final = re.compile(r"\s+")
# A cut before one of these parts a vowel or tone mark from its consonant; a cut after one of the second set
# leaves a vowel without the consonant that it is read with.
_CLINGS: Final = frozenset("ะัาำิีึืฺุูๅๆ็่้๊๋์ํ๎ฯ")
_LEADS: Final = frozenset("เแโใไ")
_LEAST_SHARE: Final = 0.6
# Thai writes words without spaces; before these words a sentence can be cut without cutting a word.
_JOINT: Final = re.compile(r" |/|(?=และ|หรือ|รวมทั้ง|โดย|เพื่อ|ผ่าน)")


def plain(text: str) -> str:
    """One line of the office's own words: white space joined, digits Thai except inside addresses and codes.

    `www.thachang2.go.th` and `O12` are names, not numbers; they stay as they are.
    """
    one_line = _SPACE.sub(" ", text).strip()
    return _LATIN_RUN.sub(lambda run: run[0] if _HAS_LETTER.search(run[0]) else thai_digits(run[0]), one_line)


def shorten(text: str, limit: int) -> str:
    """`text` cut to at most `limit` characters with an ellipsis: at a space, a slash or before a joining word.

    Where none is near, the cut only respects what is read together, since Thai has no other word boundary.
    """
    if len(text) <= limit:
        return text
    joints = [joint.start() for joint in _JOINT.finditer(text, 0, limit - 1)]
    end = joints[-1] if joints and joints[-1] >= limit * _LEAST_SHARE else _between_letters(text, limit - 1)
    return text[:end].rstrip(" ,;:/-(“") + ELLIPSIS


def _between_letters(text: str, index: int) -> int:
    while index > 1 and (text[index] in _CLINGS or text[index - 1] in _LEADS):
        index -= 1
    return index


def listed(names: Sequence[str]) -> str:
    """`ก`, `ก และข`, `ก, ข และค`: the last name follows `และ` without a space, as official paper writes it."""
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} และ{names[-1]}"


def countdown(due_on: date, workdays_left: int, today: date) -> str:
    """`เหลือ ๗ วันทำการ`, `ครบกำหนดวันนี้`, `เลยกำหนด ๓ วันทำการ`; zero away from the day means a weekend between."""
    if workdays_left > 0:
        return f"เหลือ {thai_digits(workdays_left)} วันทำการ"
    if workdays_left < 0:
        return f"เลยกำหนด {thai_digits(-workdays_left)} วันทำการ"
    if due_on > today:
        return "เหลือไม่ถึง ๑ วันทำการ"
    return "ครบกำหนดวันนี้" if due_on == today else "เลยกำหนดไม่ถึง ๑ วันทำการ"


def rule_time(rung_offset: int | None) -> str:
    """When a rule fires, to follow `ระบบแจ้ง`; empty when a move of a person is the reason."""
    if rung_offset is None:
        return ""
    if rung_offset == 0:
        return "ในวันครบกำหนด"
    when = "ก่อนครบกำหนด" if rung_offset < 0 else "เมื่อเลยกำหนด"
    return f"{when} {thai_digits(abs(rung_offset))} วันทำการ"
