"""Cells with HTML fragments, also broken ones, as paragraphs of plain text; lists with the marks a person sees."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.thai import thai_digits
from plans.words.months import MONTH
from plans.words.text import clean

_BREAK: Final = re.compile(
    r"</?(?P<tag>p|div|br|li|ol|ul|table|tbody|thead|tr|td|th|h[1-6])(?P<attributes>\s[^<>]*)?/?>|[\r\n\v\f]+",
    re.IGNORECASE,
)
_INLINE: Final = re.compile(
    r"</?(?:b|i|u|s|a|em|strong|span|font|sub|sup|small|mark|label)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_INPUT: Final = re.compile(r"<input(?P<attributes>\s[^<>]*)/?>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""", re.IGNORECASE)
_STYLE: Final = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)", re.IGNORECASE)
_COUNT: Final = re.compile(r"\s*(-?[0-9]{1,4})\s*")
_TYPES: Final = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman", "1": "decimal"}
_BULLETS: Final = frozenset({"disc", "circle", "square"})
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_ROMAN: Final = (
    (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST_ROMAN: Final = 400
_LIST_MARK: Final = re.compile(
    r"[•●▪·*○◦❖➢✓☐☑]|"
    rf"[-–—](?!\s*[0-9๐-๙]|\s*{MONTH})|"
    r"\(?[0-9๐-๙]{1,2}(?:\s?\.(?![0-9๐-๙])|\))|"
    r"\(?[0-9๐-๙]{1,2}(?:\.[0-9๐-๙]{1,2})+[.)\s]|"
    r"\(?[ก-ฮ][.)](?!\s?[ก-ฮ]{1,3}\s?\.)"
)


def begins_item(text: str) -> bool:
    """Tell whether a line begins with a number, a dash or another mark of a list."""
    return _LIST_MARK.match(text) is not None


def checkbox(attributes: Mapping[str, str]) -> str:
    """What a person sees of a box to tick; nothing of other fields."""
    if attributes.get("type", "").lower() not in {"checkbox", "radio"}:
        return ""
    return "☑" if "checked" in attributes else "☐"


@dataclass(slots=True)
class _List:
    """A list that is open; `is_marked` of its last item, which shows a mark of its own or one of the list."""

    style: str
    next: int = 1
    is_marked: bool = False


@dataclass(slots=True)
class ListMarks:
    """Marks of list items as a page shows them: numbers, or dashes for bullets and for lists inside an item.

    A page counts an inner list from 1 again; as dashes its items stay below the item they belong to. An item that
    prints its own mark gets no second one.
    """

    _lists: list[_List] = field(default_factory=list)
    _mark: str | None = None

    def open(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A list begins: `ol` or `ul`."""
        style = _style(attributes) or ("decimal" if tag == "ol" else "disc")
        self._lists.append(_List(style, _count(attributes, "start") or 1))
        self._mark = None

    def close(self) -> None:
        """The innermost list ends."""
        self._mark = None
        if self._lists:
            self._lists.pop()

    def item(self, attributes: Mapping[str, str]) -> None:
        """An item begins; one outside any list is shown with a bullet."""
        if not self._lists:
            self._lists.append(_List("disc"))
        current = self._lists[-1]
        number = _count(attributes, "value")
        number = current.next if number is None else number
        is_inner = any(outer.is_marked for outer in self._lists[:-1])
        current.next, current.is_marked = number + 1, False
        self._mark = _mark(_style(attributes) or current.style, number, is_inner=is_inner)

    def end_item(self) -> None:
        """The item ends; the mark of one without text is not shown."""
        self._mark = None

    def marked(self, text: str) -> str:
        """`text`, with the mark before it if it is the first of its item."""
        if self._mark is None or not text.strip():
            return text
        has_own = begins_item(text.lstrip())
        mark, self._mark = self._mark, None
        self._lists[-1].is_marked = has_own or bool(mark)
        return text if has_own or not mark else mark + text.lstrip()


def _style(attributes: Mapping[str, str]) -> str | None:
    match = _STYLE.search(attributes.get("style", ""))
    return match.group(1).lower() if match else _TYPES.get(attributes.get("type", ""))


def _count(attributes: Mapping[str, str], name: str) -> int | None:
    match = _COUNT.fullmatch(attributes.get(name, ""))
    return int(match.group(1)) if match else None


def _mark(style: str, number: int, *, is_inner: bool) -> str:
    if style == "none":
        return ""
    return "- " if is_inner or style in _BULLETS else f"{_numeral(style, number)}. "


def _numeral(style: str, number: int) -> str:
    if style == "thai":
        return thai_digits(number)
    text = str(number)
    if style in {"lower-alpha", "upper-alpha", "lower-latin", "upper-latin"} and 0 < number <= len(_LETTERS):
        text = _LETTERS[number - 1]
    if style in {"lower-roman", "upper-roman"} and 0 < number < _MOST_ROMAN:
        text = _roman(number)
    return text.upper() if style.startswith("upper") else text


def _roman(number: int) -> str:
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text


def paragraphs(raw: str) -> list[str]:
    """Texts of the blocks of a cell, cleaned, empty ones left out; items of lists with their marks.

    Only known tags count as markup, so that `a < b` stays text; tags need not be closed
    (seed, line 11: `<ol>` without an end).
    """
    marks = ListMarks()
    texts = (marks.marked(_text(piece)) for piece in _pieces(raw, marks))
    return [text for text in texts if text]


def _pieces(raw: str, marks: ListMarks) -> Iterator[str]:
    """Stretches between blocks, the lists around them told to `marks`."""
    start = 0
    for match in _BREAK.finditer(raw):
        yield raw[start : match.start()]
        start = match.end()
        _tell(marks, match)
    yield raw[start:]


def _tell(marks: ListMarks, match: re.Match[str]) -> None:
    tag = (match["tag"] or "").lower()
    is_end = match.group().startswith("</")
    if tag in {"ol", "ul"} and is_end:
        marks.close()
    elif tag in {"ol", "ul"}:
        marks.open(tag, _attributes(match["attributes"]))
    elif tag == "li" and is_end:
        marks.end_item()
    elif tag == "li":
        marks.item(_attributes(match["attributes"]))


def _attributes(text: str | None) -> dict[str, str]:
    return {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(text or "")}


def _text(piece: str) -> str:
    ticked = _INPUT.sub(lambda match: checkbox(_attributes(match["attributes"])), piece)
    return clean(html.unescape(_INLINE.sub("", ticked)))
