"""Excel workbooks: each sheet a table, its cells as a person sees them; nothing in the file is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from math import isfinite
from typing import Any, Final

from lxml import etree

from domain.thai import MONTHS, SHORT_MONTHS, be_year, thai_digits
from plans.draft import Source
from plans.errors import DamagedFileError, EmptyFileError
from plans.raw import Paragraph, RawDocument
from plans.readers.grid import MOST_CELLS, Merge, PlacedCell, check_room, placed_table, too_many_cells
from plans.readers.packed import PARSING, Package, local_name, local_value, opened

_KIND: Final = {"kind": "an Excel workbook (.xlsx)", "kind_thai": "สมุดงาน Excel (.xlsx)"}
_HIDDEN_SHEET: Final = "แผ่นงานที่ซ่อนไว้"
_MOST_LETTERS: Final = 20_000_000
_LONGEST_CODE: Final = 255  # Excel allows no longer one
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANGE: Final = re.compile(rf"{_REFERENCE.pattern}:{_REFERENCE.pattern}")
_ESCAPE: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_BREAK: Final = re.compile("\r\n?")
_Section = tuple[tuple[str, str], ...]
_TOKEN: Final = re.compile(
    r"""(?P<general>General)|(?P<half>AM/PM|A/P)|"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*](?P<pad>.)"""
    r"""|\[(?P<bracket>[^\]]*)\]|(?P<sign>.)""",
    re.IGNORECASE | re.DOTALL,
)
_KINDS: Final = {"quoted": "literal", "escaped": "literal"}
_PRINTED: Final = frozenset({"general", "literal"})
_ELAPSED: Final = re.compile("h+|m+|s+", re.IGNORECASE)
_HEXADECIMAL: Final = re.compile("[0-9A-Fa-f]{1,8}")
_DATE_SIGNS: Final = frozenset("dmyhsb")
_THAI_DIGITS: Final = 0x0D
_BUDDHIST: Final = 7  # calendar of a format code, [$-D07041E]: digits, calendar, language
_THAI: Final = 0x041E
_LAST_DAY: Final = 2_900_000  # in the year 9839; Excel goes on for another 160 years
_MINUTES: Final = 1440
_FALSE_LEAP_DAY: Final = 60  # Excel counts a 29 February 1900
_WIDE: Final = Context(prec=1000)  # for formats that print more digits than a number has
_EXACT: Final = 1e15
_THOUSANDS: Final = re.compile(r"(?<=\d)(?=(?:\d{3})+$)")
_BUILT_IN: Final = {
    "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%", "11": "0.00E+00", "12": "# ?/?",
    "13": "# ??/??", "14": "d/m/yyyy", "15": "d-mmm-yy", "16": "d-mmm", "17": "mmm-yy", "18": "h:mm", "19": "h:mm:ss",
    "20": "h:mm", "21": "h:mm:ss", "22": "d/m/yyyy h:mm", "37": "#,##0;(#,##0)", "38": "#,##0;(#,##0)",
    "39": "#,##0.00;(#,##0.00)", "40": "#,##0.00;(#,##0.00)", "45": "mm:ss", "46": "[h]:mm:ss", "47": "mm:ss",
    "49": "@", "59": "t0", "60": "t0.00", "61": "t#,##0", "62": "t#,##0.00", "67": "t0%", "68": "t0.00%",
    "71": "[$-D07041E]d/m/yyyy", "72": "[$-D07041E]d-mmm-yy", "73": "[$-D07041E]d-mmm", "74": "[$-D07041E]mmm-yy",
    "75": "th:mm", "76": "th:mm:ss", "77": "[$-D07041E]d/m/yyyy h:mm", "81": "d/m/bb",
}  # fmt: skip
_VALUES: Final = (b"/v>", b":v>", b"/t>", b":t>")
_DATA_END: Final = re.compile(rb"</(?:\w+:)?sheetData\s*>")
_WHITE: Final = frozenset({"FFFFFF", "FFFFFFFF", "00FFFFFF"})
_WHITE_INDEXES: Final = frozenset({"1", "9", "65"})
_AS_GOOD_AS_WHITE: Final = 0.98


@dataclass(slots=True)
class _Sheet:
    """What is filled, by row and column from 0, and the merged ranges as top, left, bottom, right."""

    rows: dict[int, dict[int, PlacedCell]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    cells: int = 0
    letters: int = 0

    def is_too_large(self, waiting: int) -> bool:
        """More than any plan, or so many tags waiting for the end of their row."""
        return max(self.cells, len(self.merges), waiting // 4) > MOST_CELLS or self.letters > _MOST_LETTERS


@dataclass(frozen=True, slots=True)
class _Book:
    """What the sheets share; a style is its format code and whether its ground is coloured."""

    strings: Sequence[str]
    styles: Sequence[tuple[str, bool]]
    is_1904: bool


def read(content: bytes, file: str) -> RawDocument:
    """One table per sheet, its cells where a person finds them: rows and columns count from 0 in the sheet.

    Values stand as Excel shows them, except that a date is always day/month/year. Of several empty rows or columns
    in a row, the first is kept; those around the filled ones are not.

    Raises:
        ProtectedFileError: The file opens with a password only.
        DamagedFileError: It is truncated or no workbook.
        TooLargeFileError: It is larger than any plan.
        EmptyFileError: No sheet has text.
    """
    document = RawDocument(file)
    with opened(content, file, _KIND) as package:
        main = package.main()
        root = package.root(main)
        if local_name(root) != "workbook":
            raise DamagedFileError(file=file, **_KIND)
        book = _book(package, main, root)
        parts = package.related(main, "worksheet")
        for sheet in root.iterfind("{*}sheets/{*}sheet"):
            part = parts.get(local_value(sheet, "id"), "")
            if part:  # a chart of its own has none
                _add_sheet(document, package, part, book, sheet)
    if document.is_empty:
        raise EmptyFileError(file=file)
    return document


def _book(package: Package, main: str, root: Any) -> _Book:
    strings = [name for name in package.related(main, "sharedStrings").values() if package.has(name)]
    styles = [name for name in package.related(main, "styles").values() if package.has(name)]
    properties = root.find("{*}workbookPr")
    return _Book(
        strings=[_string(item) for name in strings[:1] for item in package.root(name).iterfind("{*}si")],
        styles=[style for name in styles[:1] for style in _styles(package.root(name))],
        is_1904=properties is not None and properties.get("date1904") in {"1", "true"},
    )


def _string(item: Any) -> str:
    """Text of a shared or inline string with its formatted runs, without the reading aids of Asian text."""
    pieces = (text for child in item if local_name(child) in {"t", "r"} for text in child.iter("{*}t"))
    return _unescaped("".join(piece.text or "" for piece in pieces))


def _unescaped(text: str) -> str:
    """Excel writes signs that XML cannot hold as `_x000D_`."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), text)
    return _BREAK.sub("\n", text)


def _styles(root: Any) -> Iterator[tuple[str, bool]]:
    """Format code and shading of each style that a cell can name."""
    codes = {item.get("numFmtId"): item.get("formatCode", "") for item in root.iterfind("{*}numFmts/{*}numFmt")}
    fills = [_is_shading(fill) for fill in root.iterfind("{*}fills/{*}fill")]
    for style in root.iterfind("{*}cellXfs/{*}xf"):
        number, fill = style.get("numFmtId", "0"), style.get("fillId", "0")
        code = codes.get(number) or _BUILT_IN.get(number, "General")
        code = code if len(code) <= _LONGEST_CODE else "General"
        yield code, fill.isdecimal() and int(fill) < len(fills) and fills[int(fill)]


def _is_shading(fill: Any) -> bool:
    pattern = next((child for child in fill if local_name(child) == "patternFill"), None)
    if pattern is None:
        return any(local_name(child) == "gradientFill" for child in fill)
    kind = pattern.get("patternType", "none")
    colour = next((child for child in pattern if local_name(child) == "fgColor"), None)
    return kind != "none" and (kind != "solid" or (colour is not None and not _is_white(colour)))


def _is_white(colour: Any) -> bool:
    tint = _number(colour.get("tint")) or 0.0
    if colour.get("theme") is not None:
        return tint > _AS_GOOD_AS_WHITE or (colour.get("theme") == "0" and tint >= 0)
    return colour.get("rgb", "").upper() in _WHITE or colour.get("indexed") in _WHITE_INDEXES


def _add_sheet(document: RawDocument, package: Package, part: str, book: _Book, entry: Any) -> None:
    name = entry.get("name", "")
    for drawing in package.related(part, "drawing").values():
        if package.has(drawing):
            _add_text_boxes(document, package.root(drawing), Source(file=document.file, sheet=name))
    sheet = _sheet(package, part, book, sum(len(row) for table in document.tables for row in table.rows))
    table = placed_table(sheet.rows, sheet.merges, Source(file=document.file, sheet=name, table=len(document.tables)))
    if table.rows:
        check_room(document, len(table.rows) * len(table.rows[0]))
        table.left_out_reason = None if entry.get("state", "visible") == "visible" else _HIDDEN_SHEET
        document.tables.append(table)


def _add_text_boxes(document: RawDocument, drawing: Any, source: Source) -> None:
    for paragraph in drawing.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}p"):
        text = "".join(piece.text or "" for piece in paragraph.iterfind("{*}r/{*}t")).strip()
        document.paragraphs.extend([Paragraph(text, source, not document.tables)] if text else [])


def _sheet(package: Package, part: str, book: _Book, taken: int) -> _Sheet:
    """The filled cells of a sheet; `taken` is how many those before it have."""
    sheet = _Sheet(cells=taken)
    parser = etree.XMLPullParser(events=("end",), tag=("{*}row", "{*}mergeCell"), **PARSING)
    row, waiting = -1, 0
    for chunk in package.chunks(part, values=_VALUES, end=_DATA_END):
        parser.feed(chunk)
        waiting += chunk.count(b"<")
        for _, element in parser.read_events():
            waiting = 0
            if local_name(element) == "mergeCell":
                sheet.merges.extend(_merge(element.get("ref", "")))
            elif local_name(element.getparent()) == "sheetData":  # controls on the sheet name rows, too
                row = int(element.get("r", row + 2)) - 1
                _add_row(sheet, element, row, book)
            _forget(element)
        if sheet.is_too_large(waiting):
            raise too_many_cells(package.file)
    parser.close()
    return sheet


def _forget(element: Any) -> None:
    """Free what has been read, or a sheet of a hundred megabytes would stand in memory as a tree."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _add_row(sheet: _Sheet, element: Any, row: int, book: _Book) -> None:
    cells: dict[int, PlacedCell] = {}
    column = -1
    for cell in element:
        column = _column(cell.get("r"), column + 1)
        code, is_shaded = _style(cell.get("s"), book)
        text = _text(cell, code, book) if len(cell) else ""
        if is_shaded or text.strip():
            cells[column] = PlacedCell(text, is_shaded)
    if cells:
        sheet.rows[row] = cells
        sheet.cells += len(cells)
        sheet.letters += sum(len(cell.text) for cell in cells.values())


def _column(reference: str | None, following: int) -> int:
    match = _REFERENCE.fullmatch(reference or "")
    return _column_number(match.group(1)) if match else following


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _style(index: str | None, book: _Book) -> tuple[str, bool]:
    number = int(index) if index and index.isdecimal() else 0
    return book.styles[number] if number < len(book.styles) else ("General", False)


def _text(cell: Any, code: str, book: _Book) -> str:
    """What a person sees in the cell; a formula that was never worked out is empty."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find("{*}is")
        return _shown_text(_string(inline), code) if inline is not None else ""
    value = cell.findtext("{*}v") or ""
    if kind == "s":
        return _shown_text(book.strings[int(value)], code) if value else ""  # one that is not there: a damaged file
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(value, value)
    number = _number(value) if kind == "n" else None
    return _shown_text(_unescaped(value), code) if number is None else _shown_number(number, code, is_1904=book.is_1904)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if isfinite(number) else None


def _merge(reference: str) -> Iterator[Merge]:
    match = _RANGE.fullmatch(reference.replace("$", ""))
    if match:
        left, top, right, bottom = match.groups()
        yield int(top) - 1, _column_number(left), int(bottom) - 1, _column_number(right)


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    """The sections of a format code (positive, negative, zero, text), each as pairs of kind and text."""
    sections: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup or "", match.group(match.lastindex or 0)
        if kind == "bracket" and text.startswith("$"):
            sections[-1] += [("literal", text[1:].partition("-")[0]), ("locale", text.partition("-")[2])]
        elif (kind, text) == ("sign", ";"):
            sections.append([])
        else:
            sections[-1].append((_KINDS.get(kind, kind), text.lower() if kind == "sign" else text))
    return tuple(tuple(section) for section in sections)


def _signs(section: _Section) -> str:
    return "".join(text for kind, text in section if kind == "sign")


def _shown_text(text: str, code: str) -> str:
    """A text in the section for texts, with the words around it."""
    section = next((section for section in _sections(code) if "@" in _signs(section)), (("sign", "@"),))
    shown = (text if token == ("sign", "@") else token[1] for token in section if token[0] in {"sign", "literal"})
    return "".join(shown)


def _shown_number(number: float, code: str, *, is_1904: bool) -> str:
    sections = _sections(code)
    place = 1 if number < 0 else 2 if number == 0 else 0
    section = sections[place] if place < len(sections) else sections[0]
    signs, locale = set(_signs(section)), "".join(text for kind, text in section if kind == "locale")
    is_date = signs & _DATE_SIGNS or any(kind == "bracket" and _ELAPSED.fullmatch(text) for kind, text in section)
    if is_date and 0 <= number < _LAST_DAY:
        shown = _shown_date(number, section, locale, is_1904=is_1904)
    elif is_date or signs & {"@", "e", "/"} or abs(number) >= _EXACT or any(kind == "general" for kind, _ in section):
        shown = "".join(_general(number) if kind == "general" else text for kind, text in section if kind in _PRINTED)
        shown = shown if any(kind == "general" for kind, _ in section) else _general(number)
    else:
        shown = _in_slots(abs(number) if place == 1 and place < len(sections) else number, section)
    return thai_digits(shown) if "t" in signs or _locale(locale)[0] == _THAI_DIGITS else shown


def _general(number: float) -> str:
    return str(int(number)) if abs(number) < _EXACT and number == int(number) else f"{number:.10g}"


def _locale(text: str) -> tuple[int, int, bool]:
    """Digits, calendar and whether the language is Thai, from `D07041E` or `th-TH,D07`."""
    language, _, rest = text.partition(",")
    digits = rest or language
    if not _HEXADECIMAL.fullmatch(digits):
        return 0, 0, language.lower().startswith("th")
    value = int(digits, 16) << (16 if rest else 0)
    return value >> 24 & 0x7F, value >> 16 & 0x7F, value & 0xFFFF == _THAI or language.lower().startswith("th")


def _in_slots(number: float, section: _Section) -> str:
    """A number in a format of slots for digits, such as `#,##0.00` or `0"."`."""
    slots = "".join(text for kind, text in section if kind == "sign" and text in "0#?.,")
    bare = slots.rstrip(",")  # each comma behind the slots leaves out three digits
    whole, _, parts = bare.partition(".")
    scaled = Decimal(repr(number)).scaleb(2 * _signs(section).count("%") - 3 * (len(slots) - len(bare)))
    places = sum(sign in "0#?" for sign in parts)
    rounded = abs(scaled).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)
    integer, _, decimals = f"{rounded:f}".partition(".")
    decimals = decimals[: parts.count("0")] + decimals[parts.count("0") :].rstrip("0")
    slot_digits = _slot_digits(integer, whole)
    pieces = ["-"] if scaled < 0 and rounded else []
    for kind, text in section:
        if kind == "sign" and text == ".":
            pieces += [*slot_digits, f".{decimals}"]
        elif kind == "sign" and text in "0#?":
            pieces.append(next(slot_digits, ""))
        elif kind == "literal" or (kind == "sign" and text not in ",t"):
            pieces.append(text)
    return "".join(pieces)


def _slot_digits(integer: str, slots: str) -> Iterator[str]:
    """What stands in each slot before the point; the first takes all that is too long or grouped."""
    signs = slots.replace(",", "")
    least = len(signs) - signs.index("0") if "0" in signs else 0
    digits = integer.lstrip("0").zfill(least)
    surplus = max(len(digits) - len(signs), 0)
    if "," in slots:
        yield _THOUSANDS.sub(",", digits)
    else:
        yield from [""] * (len(signs) - len(digits))
        yield digits[: surplus + 1]
        yield from digits[surplus + 1 :]


def _shown_date(number: float, section: _Section, locale: str, *, is_1904: bool) -> str:
    """A date as day/month/year, or what of it the format shows; a time of day as hours:minutes."""
    signs = _signs(section)
    days, minutes = divmod(round(number * _MINUTES), _MINUTES)
    first = date(1904, 1, 1) if is_1904 else date(1899, 12, 31 if number < _FALSE_LEAP_DAY else 30)
    day = first + timedelta(days=days)
    has_year, has_time = bool(set(signs) & set("yb")), bool(set(signs) & set("hs"))
    _, calendar, is_thai = _locale(locale)
    is_buddhist = calendar == _BUDDHIST or "bb" in signs or ("b2" in signs and is_thai)
    year = be_year(day.year) if is_buddhist else day.year
    if any(kind == "bracket" and _ELAPSED.fullmatch(text) for kind, text in section):
        return f"{days * 24 + minutes // 60}:{minutes % 60:02d}"
    shown = _day(day, year, signs) if has_year or "d" in signs or not has_time else ""
    return " ".join(part for part in (shown, f"{minutes // 60}:{minutes % 60:02d}" if has_time else "") if part)


def _day(day: date, year: int, signs: str) -> str:
    has_year = "y" in signs or "b" in signs
    if "d" in signs and "m" in signs and not has_year:
        return f"{day.day} {SHORT_MONTHS[day.month - 1]}"
    if "d" in signs:
        return f"{day.day}/{day.month}/{year}"
    if "m" in signs:
        return f"{SHORT_MONTHS[day.month - 1]} {year}" if has_year else MONTHS[day.month - 1]
    return str(year)
