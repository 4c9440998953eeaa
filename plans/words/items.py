"""Lists typed by hand: numbered and dashed items of a cell, also several in one paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import Final

from domain.thai import arabic_digits
from plans.words.months import MONTH


class Mark(StrEnum):
    """What stands before an item."""

    NUMBER = "number"
    SUB_NUMBER = "sub number"  # ๓.๑
    DASH = "dash"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Item:
    """One item without its mark; `number` is the printed one, of ก ข ค their place.

    `style` is how numbers are written: `1.`, `1)`, `(1)`, `ก`, or `stage` for `ขั้นตอนที่ ๑`.
    """

    mark: Mark
    text: str
    number: int | None = None
    style: str = field(default="", compare=False)


_NUMBERED: Final = r"(?P<open>\(?)(?P<number>\d{1,2})(?P<close>\s?\.|\))(?!\d)\s*"
_STAGE: Final = r"(?:ขั้นตอน|ขั้น|กิจกรรม|ข้อ)ที่\s?(?P<stage>\d{1,2})(?!\d)\s*[:.)]?\s*"
_LETTERED: Final = r"\(?(?P<letter>[ก-ฮ])[.)]\s*"
_LETTERS: Final = "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
_PLAIN_LETTERS: Final = _LETTERS.translate({ord(sign): None for sign in "ฃฅฆ"})
_SUB_NUMBERED: Final = r"\(?(?P<parent>\d{1,2})\.(?P<sub>\d{1,2})(?:\s?\.(?!\d)|\)|(?![\d/.]))\s*"
_DASHED: Final = r"(?P<dash>[-–—•●▪·*])(?!\s*[-\d])\s*"
_HEAD: Final = re.compile(rf"\s*(?:{_SUB_NUMBERED}|{_NUMBERED}|{_STAGE}|{_LETTERED}|{_DASHED})")
_INLINE: Final = re.compile(rf"(?<=\s)(?:{_SUB_NUMBERED}|{_NUMBERED}|{_DASHED})(?=\S)")
_TIGHT_DASH: Final = re.compile(rf"(?<=\s)-(?=[ก-ฮเ-ไ\"“])(?!{MONTH})")
_LOOSE_DASH: Final = re.compile(rf"(?<=[^\d\s]\s)[-–](?=\s[ก-ฮเ-ไ])(?!\s{MONTH})")
_GOES_ON: Final = re.compile(r"\((?![\d๐-๙]{1,2}\)|[ก-ฮ]\))|(?:และ|หรือ|รวมทั้ง|ตลอดจน)(?![\s]*$)")
"""A paragraph that begins like the middle of a sentence is the rest of the one before."""
_LOOK_AHEAD: Final = 30
_BY_LETTER: Final = "ก"
_MONTH_NEXT: Final = re.compile(MONTH)


def split_items(paragraphs: Iterable[str], after: int = 0) -> list[Item]:
    """Items of a cell in order.

    A number within a paragraph begins an item only if it goes on from the one before or the next number follows;
    a dash only if a word follows at once, or the paragraph has several; `after` is the number before the first.
    So `ไตรมาส ๒ - ๔ -เผยแพร่` holds one dashed item (seed, line 11).
    """
    items: list[Item] = []
    last, letter = after, 0
    for paragraph in paragraphs:
        if items and _GOES_ON.match(paragraph):
            items[-1] = replace(items[-1], text=f"{items[-1].text} {paragraph}")
            continue
        for item in _items_of(paragraph, last, letter):
            if item.style == _BY_LETTER:
                letter = item.number or 0
            elif item.mark is Mark.NUMBER and item.number:
                last, letter = item.number, 0
            items.append(item)
    return items


def _items_of(paragraph: str, last: int, letter: int) -> Iterator[Item]:
    digits = arabic_digits(paragraph)
    starts = list(_starts(digits, last, letter))
    edges = [0, *(match.start() for match in starts), len(paragraph)]
    lead = paragraph[: edges[1]].strip()
    if lead:
        yield Item(Mark.NONE, lead)
    for match, end in zip(starts, edges[2:], strict=True):
        text = paragraph[match.end() : end].strip()
        if text:
            yield _item(match, text)
        elif paragraph[match.start() : end].strip():  # a mark with nothing behind it is text, not lost
            yield Item(Mark.NONE, paragraph[match.start() : end].strip())


def _starts(digits: str, last: int, letter: int) -> Iterator[re.Match[str]]:
    head = _HEAD.match(digits)
    if head and head["letter"] and _place(head["letter"]) != letter + 1:
        head = None  # `ก.พ.` or the end of a sentence: letters count only in their order
    dashed = bool(head and head["dash"]) or bool(_TIGHT_DASH.search(digits)) or len(_LOOSE_DASH.findall(digits)) > 1
    if head:
        yield head
        last = int(head["number"] or head["stage"] or last)
    for match in _INLINE.finditer(digits, head.end() if head else 0):
        if match["dash"]:
            if _begins_dashed(digits, match, is_list=dashed):
                yield match
        elif match["sub"]:
            if int(match["parent"]) == last:
                yield match
        elif int(match["number"]) == last + 1 or _goes_on(digits, match):
            last = int(match["number"])
            yield match


def _begins_dashed(digits: str, match: re.Match[str], *, is_list: bool) -> bool:
    if _MONTH_NEXT.match(digits, match.end()):
        return False
    return is_list or not match.group().endswith(" ")


def _goes_on(digits: str, match: re.Match[str]) -> bool:
    following = str(int(match["number"]) + 1)
    next_marks = islice(_INLINE.finditer(digits, match.end()), _LOOK_AHEAD)
    return any(other["number"] == following for other in next_marks)


def _item(match: re.Match[str], text: str) -> Item:
    if match["dash"]:
        return Item(Mark.DASH, text)
    if match["sub"]:
        return Item(Mark.SUB_NUMBER, text, int(match["sub"]), "1.1")
    groups = match.groupdict()
    if groups.get("letter"):
        return Item(Mark.NUMBER, text, _place(match["letter"]), _BY_LETTER)
    if groups.get("stage"):
        return Item(Mark.NUMBER, text, int(match["stage"]), "stage")
    return Item(Mark.NUMBER, text, int(match["number"]), f"{match['open']}1{match['close'].strip()}")


def _place(letter: str) -> int:
    """Place of a letter among those that lists are counted with, from 1; 0 for the ones they leave out."""
    return _PLAIN_LETTERS.find(letter) + 1
