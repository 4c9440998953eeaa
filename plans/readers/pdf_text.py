"""Letters on a page as lines, and lines as paragraphs; marks of Thai letters put back in their order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Final

from plans.words.fragments import begins_item
from plans.words.text import FOLLOWERS, MARKS

_SAME_LINE: Final = 0.35  # of the letter's size: marks stand a little above or below the line of their letter
_NEAR: Final = 0.4
_SPACE: Final = 0.3
_NO_ROOM: Final = 0.1
_SAME_PLACE: Final = 0.25
_WIDE_GAPS: Final = 2.5
_LONGEST_WORD: Final = 4.0
_PARAGRAPH_PITCH: Final = 1.4
_ANY_PITCH: Final = float("inf")
_UNMAPPED: Final = re.compile(r"\(cid:\d+\)")
_UNKNOWN: Final = "\ufffd"

_OLD_FORMS: Final = str.maketrans(
    "\uf700\uf701\uf702\uf703\uf704\uf705\uf706\uf707\uf708\uf709\uf70a\uf70b\uf70c\uf70d"
    "\uf70e\uf70f\uf710\uf711\uf712\uf713\uf714\uf715\uf716\uf717\uf718\uf719\uf71a",
    "ฐิีึื่้๊๋์่้๊๋์ญัํ็่้๊๋์ฺุู",
)
"""Forms of Thai signs, shifted to fit tall or deep letters, under the private codes of older Windows fonts."""

_BULLETS: Final = str.maketrans("\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8\uf06f\uf0fe", "•▪➢✓❖☐☐☑")
"""Bullets of the fonts Symbol and Wingdings, under their private codes."""

_TONE_FIRST: Final = re.compile("([่้๊๋์])([ัิีึืฺุู็ํ])")
_SPLIT_SARA_AM: Final = re.compile("[ํำ]([่้๊๋]?)า|[ํำ]([่้๊๋])")
_TWICE: Final = re.compile(f"([{MARKS}])\\1+")

_TORN: Final = re.compile(r"[-–—]$")
_NAME: Final = re.compile("กอง|สำนัก|หน่วย|ฝ่าย|ศูนย์|ทุกกอง|ทุกสำนัก|ทุกส่วน|ทุกหน่วย|ผู้อำนวยการ|หัวหน้า")
_LEADERS: Final = "เแโใไ"
_LETTER: Final = re.compile("[ก-ฮ]")
_THAI_END: Final = re.compile("[ก-ฮะ-ฺเ-ๅ็-๎]$")
_THAI_START: Final = re.compile("[ก-ฺเ-๎]")
_LONE_END: Final = re.compile(rf"(?:^|\s)[{FOLLOWERS}]*[ก-ฮเ-ไ]?[{MARKS}]*$")
_LONE_START: Final = re.compile(rf"[ก-ฮเ-ไ{MARKS}][{MARKS}]*\s")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One sign as drawn; lengths in points, `base` is where it stands, counted downwards.

    `block` is the paragraph that the file itself names for it, where it is tagged.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    block: int | None = None

    @property
    def is_mark(self) -> bool:
        """It stands on the letter before it and takes no room."""
        has_no_room = self.text.endswith("ำ") and self.x1 - self.x0 < _NO_ROOM * self.size
        return has_no_room or all(sign in MARKS for sign in self.text)


@dataclass(frozen=True, slots=True)
class Line:
    """Signs on one line, left to right.

    `first_word` is the width up to the first space; `is_spaced` if the line wraps at a space, which Word draws.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    first_word: float
    first_block: int | None
    last_block: int | None
    is_spaced: bool = False


@dataclass(slots=True)
class _Cluster:
    """A letter with its marks."""

    base: Glyph
    marks: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.base.text + "".join(self.marks)


def readable(text: str) -> str:
    """A sign as the file codes it in standard codes; `\ufffd` for one that the file gives no code for."""
    return _UNMAPPED.sub(_UNKNOWN, text).translate(_OLD_FORMS).translate(_BULLETS)


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines from top to bottom of signs in the order in which they were drawn."""
    rows: list[list[Glyph]] = []
    above: list[Glyph] = []
    for glyph in glyphs:
        if not (above and glyph.is_mark and _is_near(glyph, above[-1])):
            above = _row_of(rows, glyph)
        above.append(glyph)
    lines = [line for row in rows if (line := _line(row))]
    return sorted(lines, key=lambda line: (line.base, line.x0))


def _row_of(rows: list[list[Glyph]], glyph: Glyph) -> list[Glyph]:
    for row in reversed(rows):
        if abs(row[0].base - glyph.base) <= _SAME_LINE * max(glyph.size, row[0].size):
            return row
    rows.append([])
    return rows[-1]


def _is_near(mark: Glyph, letter: Glyph) -> bool:
    room = _NEAR * mark.size
    return letter.x0 - room <= mark.x0 <= letter.x1 + room and abs(mark.base - letter.base) <= mark.size


def _line(row: Sequence[Glyph]) -> Line | None:
    clusters = _clusters(row)
    text = _in_order(_spaced(clusters))
    drawn = [cluster.base for cluster in clusters if cluster.base.text.strip()]
    if not drawn or not text.strip():
        return None
    blocks: list[int | None] = [glyph.block for glyph in row if glyph.block is not None] or [None]
    size = max(glyph.size for glyph in drawn)
    first = _first_word(clusters)
    base = median(glyph.base for glyph in drawn)
    end = max(glyph.x1 for glyph in drawn)
    is_spaced = not clusters[-1].base.text.strip()
    return Line(text.strip(), drawn[0].x0, end, base, size, first, blocks[0], blocks[-1], is_spaced)


def _clusters(row: Sequence[Glyph]) -> list[_Cluster]:
    """Letters from left to right, each with the marks drawn on it, in whatever order they were drawn."""
    clusters: list[_Cluster] = []
    strays: list[Glyph] = []
    for glyph in row:
        if not glyph.is_mark:
            if not _is_drawn_twice(glyph, clusters):
                clusters.append(_Cluster(glyph))
        elif clusters and _is_alone(glyph, clusters[-1].base):
            clusters.append(_Cluster(glyph))
        elif clusters and clusters[-1].base.text.strip() and _is_near(glyph, clusters[-1].base):
            clusters[-1].marks.append(glyph.text)
        else:
            strays.append(glyph)
    clusters.sort(key=lambda cluster: cluster.base.x0)
    for mark in strays:
        _attach(mark, clusters)
    return clusters


def _is_alone(mark: Glyph, before: Glyph) -> bool:
    """A mark behind a space, as a scanner tears words into letters."""
    return not before.text.strip() and mark.x0 > (before.x0 + before.x1) / 2


def _is_drawn_twice(glyph: Glyph, clusters: Sequence[_Cluster]) -> bool:
    """Some programs draw bold letters twice, a hair apart."""
    last = next((cluster.base for cluster in reversed(clusters[-2:]) if cluster.base.text == glyph.text), None)
    return last is not None and abs(last.x0 - glyph.x0) < min(_SAME_PLACE * glyph.size, (glyph.x1 - glyph.x0) / 2)


def _attach(mark: Glyph, clusters: list[_Cluster]) -> None:
    """Put a mark on the letter it stands on; without one, as when a line begins with it, it stands alone."""
    start = mark.x0 - _NO_ROOM * mark.size  # it stands at the right edge of its letter, where the next one begins
    letters = [cluster for cluster in clusters if cluster.base.x0 < start and _LETTER.match(cluster.base.text)]
    if letters:
        letters[-1].marks.append(mark.text)
    else:
        clusters.insert(0, _Cluster(mark))


def _spaced(clusters: Sequence[_Cluster]) -> str:
    """Text of a line; a wide gap is a space, and a space that takes no room is none."""
    widths = [right.base.x0 - left.base.x1 for left, right in pairwise(clusters)]
    usual = max(median(widths), 0.0) if widths else 0.0
    pieces: list[str] = []
    above: Glyph | None = None
    is_space_drawn = False
    for cluster in clusters:
        glyph = cluster.base
        if not glyph.text.strip():
            is_space_drawn = True
            continue
        gap = glyph.x0 - above.x1 if above else 0.0
        pieces += [_between(gap, usual, glyph, is_drawn=is_space_drawn), cluster.text]
        above, is_space_drawn = glyph, False
    return "".join(pieces)


def _between(gap: float, usual: float, glyph: Glyph, *, is_drawn: bool) -> str:
    """What stands between two letters.

    Word gives the ring of sara am the code of a space: `ด าเนิน` is drawn as `ดำเนิน`, without a gap.
    """
    if is_drawn and gap < _NO_ROOM * glyph.size and glyph.text[0] in FOLLOWERS:
        return "ํ" if glyph.text[0] == "า" else ""
    is_wide = gap > max(_SPACE * glyph.size, _WIDE_GAPS * usual)
    return " " if is_drawn or is_wide else ""


def _in_order(text: str) -> str:
    """Marks in the order of Thai spelling: vowel before tone, sara am in one piece, none twice."""
    text = _TWICE.sub(r"\1", _TONE_FIRST.sub(r"\2\1", text))
    return _SPLIT_SARA_AM.sub(lambda match: f"{match[1] or match[2] or ''}ำ", text)


def _first_word(clusters: Sequence[_Cluster]) -> float:
    glyphs = [cluster.base for cluster in clusters]
    start = next(index for index, glyph in enumerate(glyphs) if glyph.text.strip())
    end = next((index for index in range(start, len(glyphs)) if not glyphs[index].text.strip()), len(glyphs))
    return glyphs[end - 1].x1 - glyphs[start].x0


@dataclass(slots=True)
class Passage:
    """Lines of one cell, or of one stretch outside the tables, as paragraphs.

    `right` is where its lines wrap; `first` and `last` are kept to see whether it goes on over the page.
    """

    texts: list[str] = field(default_factory=list)
    right: float = 0.0
    first: Line | None = None
    last: Line | None = None

    @property
    def text(self) -> str:
        """Paragraphs, one a line."""
        return "\n".join(self.texts)

    def goes_on_in(self, below: Passage) -> bool:
        """Tell whether its last sentence goes on in the first of what stands on the next page."""
        return bool(self.last and below.first and _goes_on(self.last, below.first, self.right, _ANY_PITCH))

    def add(self, below: Passage) -> None:
        """Append what stands on the next page, joining a sentence that goes on."""
        if self.goes_on_in(below):
            self.texts[-1:] = [joined(self.texts[-1], below.texts[0], self.last), *below.texts[1:]]
        else:
            self.texts += below.texts
        self.first, self.last = self.first or below.first, below.last or self.last


def passage(lines: Sequence[Line], right: float, left: float | None = None) -> Passage:
    """Paragraphs of lines that were wrapped at `right`.

    A line goes on in the next one if its first word would not have fitted, unless that begins with a list mark;
    where the file names its paragraphs, it is believed. With `left`, the next line must begin there: titles in the
    middle of the page are lines of their own.
    """
    if not lines:
        return Passage(right=right)
    pitch = min((below.base - above.base for above, below in pairwise(lines)), default=0.0)
    texts = [lines[0].text]
    for above, line in pairwise(lines):
        is_apart = left is not None and (line.x0 > left + line.size / 2 or _is_centred(above, left, right))
        if not is_apart and _goes_on(above, line, right, pitch):
            texts[-1] = joined(texts[-1], line.text, above)
        else:
            texts.append(line.text)
    return Passage(texts, right, lines[0], lines[-1])


def _is_centred(line: Line, left: float, right: float) -> bool:
    room = line.x0 - left
    return room > line.size / 2 and abs(room - (right - line.x1)) < line.size


def _goes_on(above: Line, line: Line, right: float, pitch: float) -> bool:
    room = right - above.x1 - _SPACE * line.size
    longest = _LONGEST_WORD * line.size if _THAI_START.match(line.text) else line.first_word
    ended_early = room > min(line.first_word, longest)
    has_mark = begins_item(line.text)
    if above.last_block is not None and line.first_block is not None:
        return above.last_block == line.first_block and not (has_mark and ended_early)
    if above.text.count("(") > above.text.count(")"):
        return True  # `(ตัวชี้วัดที่` and below it `๓)`
    if above.text[-1] in _LEADERS or line.text[0] in FOLLOWERS:
        return True  # a word torn in a narrow cell: no word ends with `เ` or begins with a sign
    if has_mark or line.base - above.base > _PARAGRAPH_PITCH * max(pitch, line.size):
        return False
    return not ended_early or bool(_TORN.search(above.text))


def joined(above: str, below: str, last: Line | None = None) -> str:
    """A sentence over two lines; Thai wraps without spaces, but names of divisions and lone letters are words apart.

    `last` is the line at which `above` wraps.
    """
    is_half = above[-1] in _LEADERS and not _LONE_START.match(below)
    if is_half or above.endswith("/") or below[0] in FOLLOWERS or below[0] in ".,)/:;":
        return above + below
    is_torn = (last and last.is_spaced) or _LONE_END.search(above) or _LONE_START.match(below)
    is_one_word = _THAI_END.search(above) and _THAI_START.match(below) and not _NAME.match(below) and not is_torn
    return f"{above}{'' if is_one_word else ' '}{below}"
