"""Word's automatic numbers, which stand in no paragraph's text: counted as Word counts them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain.thai import thai_digits
from plans.readers.packed import Package, local_name, local_value

BULLET: Final = "- "
"""What stands for a bullet of whatever sign."""

_THAI_LETTERS: Final = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
_LATIN_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST: Final = 30_000  # Word itself counts no further
_MOST_TIMES: Final = 20
_LONGEST: Final = 200  # letters before a paragraph
_PLACE: Final = re.compile("%([1-9])")
_COUNT: Final = re.compile("[0-9]{1,5}")
_MOST_STYLES: Final = 20  # each may be based on another; a ring has no end
_SEPARATORS: Final = {"nothing": "", "tab": " ", "space": " "}


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level is numbered; `restarts_below` is the level above which a number makes it begin again."""

    start: int
    number_format: str
    text: str
    restarts_below: int
    is_decimal: bool
    separator: str
    style: str


@dataclass(frozen=True, slots=True)
class _List:
    """A list that paragraphs name; those of the same `series` go on counting from one another."""

    series: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class _Style:
    """A paragraph style: its own list and level, and the style that it is based on."""

    list_id: str
    level: int | None
    base: str


@dataclass(slots=True)
class WordLists:
    """Counts the numbered paragraphs of a document; ask for each paragraph once, in order."""

    lists: Mapping[str, _List] = field(default_factory=dict)
    styles: Mapping[str, _Style] = field(default_factory=dict)
    default_style: str = ""
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _restarted: set[tuple[str, int]] = field(default_factory=set)

    def number(self, paragraph: Any) -> str:
        """What Word prints before a paragraph, with the space behind it; empty if it is in no list."""
        list_id, index = self._place(paragraph)
        word_list = self.lists.get(list_id)
        if word_list is None or index not in word_list.levels:
            return ""
        counts = self._advance(list_id, word_list, index)
        level = word_list.levels[index]
        if level.number_format == "bullet":
            return BULLET
        text = _PLACE.sub(lambda match: _shown(word_list, counts, int(match.group(1)) - 1, level), level.text)
        return text[:_LONGEST] + level.separator if text.strip() else ""

    def _place(self, paragraph: Any) -> tuple[str, int]:
        properties = _child(paragraph, "pPr")
        own_id, own_level = _numbering(properties)
        if own_id:
            return own_id, own_level or 0
        name = _value_of(properties, "pStyle") or self.default_style
        levels = [own_level]
        for key, style in self._bases(name):
            levels.append(style.level)
            if style.list_id:
                levels.append(self._linked(style.list_id, {name, key}))
                return style.list_id, next(level for level in levels if level is not None)
        return "", 0

    def _linked(self, list_id: str, styles: Collection[str]) -> int:
        """The level that names one of these styles as its own, else the first."""
        levels = self.lists[list_id].levels if list_id in self.lists else {}
        return next((index for index, level in levels.items() if level.style in styles), 0)

    def _bases(self, name: str) -> Iterator[tuple[str, _Style]]:
        for _ in range(_MOST_STYLES):
            style = self.styles.get(name)
            if style is None:
                return
            yield name, style
            name = style.base

    def _advance(self, list_id: str, word_list: _List, index: int) -> dict[int, int]:
        """Count one more at a level; the levels below it begin again."""
        counts = self._counts.setdefault(word_list.series, {})
        if index in word_list.starts and (list_id, index) not in self._restarted:
            self._restarted.add((list_id, index))
            counts[index] = word_list.starts[index]
        else:
            for above in range(index):  # a level that was skipped counts as if its first paragraph stood there
                counts.setdefault(above, _start(word_list, above))
            counts[index] = min(counts.get(index, _start(word_list, index) - 1) + 1, _MOST)
        for below in [level for level in counts if level > index]:
            if below not in word_list.levels or index < word_list.levels[below].restarts_below:
                del counts[below]
        return counts


def read_lists(package: Package, main: str) -> WordLists:
    """The lists and styles of a Word file, nothing counted yet."""
    styles, default = _styles(_related_root(package, main, "styles"))
    root = _related_root(package, main, "numbering")
    return WordLists({} if root is None else _lists(root, styles), styles, default)


def _related_root(package: Package, main: str, kind: str) -> Any:
    names = [name for name in package.related(main, kind).values() if package.has(name)]
    return package.root(names[0]) if names else None


def _styles(root: Any) -> tuple[dict[str, _Style], str]:
    styles: dict[str, _Style] = {}
    default = ""
    for element in root.iterfind("{*}style") if root is not None else ():
        key = local_value(element, "styleId")
        styles[key] = _Style(*_numbering(_child(element, "pPr")), _value_of(element, "basedOn"))
        if local_value(element, "default") in {"1", "true"} and local_value(element, "type") == "paragraph":
            default = key
    return styles, default


def _lists(root: Any, styles: Mapping[str, _Style]) -> dict[str, _List]:
    models = {local_value(model, "abstractNumId"): model for model in root.iterfind("{*}abstractNum")}
    series = {local_value(item, "numId"): _value_of(item, "abstractNumId") for item in root.iterfind("{*}num")}
    lists = {}
    for item in root.iterfind("{*}num"):
        key = _linked(local_value(item, "numId"), series, models, styles)
        if key in models:
            overrides = {_count(element, "ilvl"): element for element in item.iterfind("{*}lvlOverride")}
            levels = {_count(level, "ilvl"): _level(level) for level in models[key].iterfind("{*}lvl")}
            own = {index: _child(element, "lvl") for index, element in overrides.items()}
            levels |= {index: _level(level) for index, level in own.items() if level is not None}
            starts = {index: _value_of(element, "startOverride") for index, element in overrides.items()}
            lists[local_value(item, "numId")] = _List(
                key, levels, {index: int(start) for index, start in starts.items() if _COUNT.fullmatch(start)}
            )
    return lists


def _linked(list_id: str, series: Mapping[str, str], models: Mapping[str, Any], styles: Mapping[str, _Style]) -> str:
    """The model of a list; one may only name a list style, whose own list has the levels."""
    key = series.get(list_id, "")
    link = _value_of(models.get(key), "numStyleLink")
    return series.get(styles[link].list_id, key) if link in styles else key


def _level(element: Any) -> _Level:
    index = _count(element, "ilvl")
    restart = _value_of(element, "lvlRestart")
    start = _value_of(element, "start")
    formats = [local_value(child, "val") for child in element.iter("{*}numFmt")]
    return _Level(
        start=int(start) if _COUNT.fullmatch(start) else 0,
        number_format=formats[0] if formats else "decimal",
        text=_value_of(element, "lvlText"),
        restarts_below=int(restart) if _COUNT.fullmatch(restart) else index,
        is_decimal=_child(element, "isLgl") is not None,
        separator=_SEPARATORS.get(_value_of(element, "suff"), " "),
        style=_value_of(element, "pStyle"),
    )


def _start(word_list: _List, index: int) -> int:
    return word_list.starts.get(index, word_list.levels[index].start if index in word_list.levels else 1)


def _shown(word_list: _List, counts: Mapping[int, int], index: int, level: _Level) -> str:
    """The number of a level in its own format; one that was not yet counted stands at its start."""
    number = counts.get(index, _start(word_list, index))
    own = word_list.levels.get(index, level)
    return formatted(number, "decimal" if level.is_decimal else own.number_format)


def formatted(number: int, number_format: str) -> str:
    """A number as Word prints it in a format; in one that is not known, as digits."""
    if number_format == "none":
        return ""
    if number_format in {"thaiNumbers", "thaiCounting"}:
        return thai_digits(number)
    if number_format == "thaiLetters":
        return _letters(number, _THAI_LETTERS)
    if number_format in {"lowerLetter", "upperLetter"}:
        letters = _letters(number, _LATIN_LETTERS)
        return letters.upper() if number_format == "upperLetter" else letters
    if number_format in {"lowerRoman", "upperRoman"}:
        return _roman(number).upper() if number_format == "upperRoman" else _roman(number)
    return f"{number:02d}" if number_format == "decimalZero" else str(number)


def _letters(number: int, alphabet: str) -> str:
    """After the last letter all begin again, doubled; beyond reason, digits."""
    times, index = divmod(number - 1, len(alphabet))
    return alphabet[index] * (times + 1) if 0 <= times < _MOST_TIMES else str(number)


def _roman(number: int) -> str:
    pieces = []
    for value, sign in _ROMAN:
        pieces.append(sign * (number // value))
        number %= value
    return "".join(pieces)


def _numbering(properties: Any) -> tuple[str, int | None]:
    """List and level that properties name; the list is empty if they name none, and that of no list is none."""
    numbering = _child(properties, "numPr")
    level = _value_of(numbering, "ilvl")
    return _value_of(numbering, "numId"), int(level) if _COUNT.fullmatch(level) else None


def _child(element: Any, name: str) -> Any:
    """The child of this name, not one further down (what a tracked change replaced stands there)."""
    return next((child for child in element if local_name(child) == name), None) if element is not None else None


def _value_of(element: Any, name: str) -> str:
    child = _child(element, name)
    return local_value(child, "val") if child is not None else ""


def _count(element: Any, name: str) -> int:
    value = local_value(element, name)
    return int(value) if _COUNT.fullmatch(value) else 0
