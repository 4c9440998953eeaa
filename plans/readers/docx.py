"""Word files: the tables of the document, walked in its own XML so that merged cells keep their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from plans.draft import Source
from plans.errors import DamagedFileError, EmptyFileError
from plans.raw import Paragraph, RawDocument
from plans.readers.grid import Span, add_outside, add_table, is_table_of_its_own, without_slivers
from plans.readers.packed import Package, local_name, local_value, opened
from plans.readers.word_lists import BULLET, WordLists, read_lists

_KIND: Final = {"kind": "a Word document (.docx)", "kind_thai": "เอกสาร Word (.docx)"}
_BLOCKS: Final = frozenset({"p", "tbl"})
_HIDDEN: Final = frozenset({"del", "moveFrom", "Fallback"})  # struck out, moved away, printed twice for old programs
_SIGNS: Final = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
_COUNT: Final = re.compile("[0-9]{1,4}")
_WIDTH: Final = re.compile("[0-9]{1,6}")
_HEXADECIMAL: Final = re.compile("[0-9A-Fa-f]{1,4}")
_CODES: Final = re.compile("[\x20-\xff\uf020-\uf0ff]")  # letters, and where Word moves them out of their way
_TABLE: Final = frozenset({"tbl"})
_ROW: Final = frozenset({"tr"})
_CELL: Final = frozenset({"tc"})
_NUMBER: Final = "{sucharit}number"  # attribute for the number that Word prints before a paragraph
_SLIVER: Final = 113  # twentieths of a point: 0.2 cm, too narrow for a letter
_WHITE: Final = frozenset({"", "AUTO", "FFFFFF"})
_PLAIN: Final = frozenset({"", "nil", "clear", "solid"})
_TRUE: Final = frozenset({"1", "true", "on"})
_TICKED: Final = "☑"
_UNTICKED: Final = "☐"
_WINGDINGS: Final = {
    0xFC: "✓", 0xFE: "✓", 0xFB: "✗", 0xFD: "☒", 0xA8: _UNTICKED, 0x6F: _UNTICKED, 0x71: _UNTICKED, 0x72: _UNTICKED,
    0xDF: "←", 0xE0: "→", 0xE8: "→", 0xEF: "←", 0xF0: "→", 0xF3: "↔", 0x6C: "●", 0x6E: "■", 0xA7: "▪", 0x9F: "•",
    0x20: " ",
}  # fmt: skip
_SYMBOLS: Final = {
    "Wingdings": _WINGDINGS,
    "Wingdings 2": {0x50: "✓", 0x52: _TICKED, 0x4F: "✗", 0x51: "☒", 0x53: "☒", 0x54: "☒", 0xA3: _UNTICKED, 0x20: " "},
    "Symbol": {0xAC: "←", 0xAE: "→", 0xAB: "↔", 0xB7: "•", 0x2D: "-", 0x20: " "},
}
_PAGE_FIELD: Final = re.compile(r"^\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)
_PAGE_WORDS: Final = re.compile(r"[\W\d_]*(?:(?:หน้าที่|หน้า|แผ่นที่|จาก|ของ|page|of)[\W\d_]*)*", re.IGNORECASE)


def read(content: bytes, file: str) -> RawDocument:
    """Tables and paragraphs of a Word file, with the numbers and boxes that Word draws itself.

    A table inside a cell is a table of its own if it is large enough to be one, else text outside the tables. Header
    and footer of the first section come first, notes last.

    Raises:
        ProtectedFileError: The file has a password.
        DamagedFileError: It is truncated or no Word file.
        TooLargeFileError: Unpacked it is larger than any plan.
        EmptyFileError: It has no text.
    """
    document = RawDocument(file)
    with opened(content, file, _KIND) as package:
        main = package.main()
        root = package.root(main)
        if local_name(root) != "document":
            raise DamagedFileError(file=file, **_KIND)
        _draw_boxes(root)
        _write_numbers(root, read_lists(package, main))
        for block in _nearest(root, _BLOCKS):
            _add_block(document, block)
        _add_margins(document, package, main, root)
        _add_notes(document, package, main)
    if document.is_empty:
        raise EmptyFileError(file=file)
    return document


def _draw_boxes(root: Any) -> None:
    """Give each check box of a content control the sign of its state, whatever font drew it."""
    for box in root.iter("{*}checkbox"):
        control = box.getparent().getparent()
        signs = list(control.iter("{*}t", "{*}sym"))
        states = [local_value(child, "val") for child in box if local_name(child) == "checked"]
        for index, sign in enumerate(signs):
            sign.tag = sign.tag.replace("}sym", "}t")
            sign.text = "" if index else _TICKED if set(states) & _TRUE else _UNTICKED


def _write_numbers(root: Any, lists: WordLists) -> None:
    """Write beside each paragraph the number that Word prints before it; they count in the order of the file."""
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk if lists.lists else ():
        name = local_name(element)
        if name in _HIDDEN:
            walk.skip_subtree()
        elif name == "p" and (number := lists.number(element)):
            element.set(_NUMBER, number)


def _add_block(document: RawDocument, block: Any) -> None:
    """Add a paragraph or a table; tables in the text boxes of a paragraph follow it."""
    if local_name(block) == "tbl":
        _add_table(document, block)
        return
    tables = [table for table in _nearest(block, _TABLE) if _holds_table(table)]
    for table in tables:
        table.getparent().remove(table)
    add_outside(document, _text(block))
    for table in tables:
        _add_table(document, table)


def _add_margins(document: RawDocument, package: Package, main: str, root: Any) -> None:
    """Put header and footer of the first section before all; what stands on the pages as well is not said twice."""
    on_pages = {"".join(paragraph.text.split()) for paragraph in document.paragraphs}
    lines = []
    for part in _margin_parts(package, main, next(root.iter("{*}sectPr"), None)):
        margin = package.root(part)
        _drop_page_numbers(margin)
        lines += [line.strip() for block in _nearest(margin, _BLOCKS) for line in _text(block).split("\n")]
    new = dict.fromkeys(line for line in lines if line and "".join(line.split()) not in on_pages)
    place = Source(file=document.file)
    document.paragraphs[:0] = [Paragraph(line, place, is_before_tables=True) for line in new]


def _margin_parts(package: Package, main: str, section: Any) -> Iterator[str]:
    """Names of the parts of a section's headers, then of its footers."""
    for name in ("header", "footer") if section is not None else ():
        parts = package.related(main, name)
        for reference in section.iterfind(f"{{*}}{name}Reference"):
            part = parts.get(local_value(reference, "id"), "")
            if package.has(part):
                yield part


def _drop_page_numbers(root: Any) -> None:
    """Empty the fields that count pages, and the paragraphs in which only words such as `หน้า` stand beside them."""
    for text in _page_numbers(root):
        text.text = ""
        paragraph = next(text.iterancestors("{*}p"), None)
        if paragraph is not None and _PAGE_WORDS.fullmatch(_text(paragraph)):
            for left in paragraph.iter("{*}t"):
                left.text = ""


def _page_numbers(root: Any) -> list[Any]:
    """Texts that a field of page numbers yields."""
    numbers = [
        text
        for field in root.iter("{*}fldSimple")
        if _PAGE_FIELD.search(local_value(field, "instr"))
        for text in field.iter("{*}t")
    ]
    codes: list[str] = []
    for element in root.iter("{*}fldChar", "{*}instrText", "{*}t"):
        kind = local_value(element, "fldCharType")
        if kind == "begin":
            codes.append("")
        elif kind == "end":
            codes = codes[:-1]
        elif local_name(element) == "instrText" and codes:
            codes[-1] += element.text or ""
        elif local_name(element) == "t" and any(map(_PAGE_FIELD.search, codes)):
            numbers.append(element)
    return numbers


def _add_notes(document: RawDocument, package: Package, main: str) -> None:
    for kind in ("footnotes", "endnotes"):
        for part in package.related(main, kind).values():
            for note in package.root(part) if package.has(part) else ():
                if local_value(note, "type") in {"", "normal"}:  # the others are lines between text and notes
                    for block in _nearest(note, _BLOCKS):
                        add_outside(document, _text(block), Source(file=document.file))


def _nearest(element: Any, names: frozenset[str]) -> Iterator[Any]:
    """Elements of these names below, in order, none inside another; content controls are looked through."""
    stack = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif local_name(child) in names:
            yield child
        elif local_name(child) not in _HIDDEN:
            stack.append(iter(child))


def _add_table(document: RawDocument, table: Any) -> None:
    """Add a table, and those in its cells; one that only arranges them on the page is no table itself."""
    blocks = [block for row in _nearest(table, _ROW) for block in _blocks(row)]
    if not _is_own(table) and any(local_name(block) == "tbl" and _holds_table(block) for block in blocks):
        for block in blocks:
            _add_inner(document, block, None)
        return
    number = len(document.tables)
    rows = list(_nearest(table, _ROW))
    add_table(document, without_slivers([_spans(row) for row in rows], _widths(table), _SLIVER))
    for index, row in enumerate(rows):
        for block in _blocks(row):
            if local_name(block) == "tbl":
                _add_inner(document, block, Source(file=document.file, table=number, row=index))


def _add_inner(document: RawDocument, block: Any, source: Source | None) -> None:
    if local_name(block) == "p" or _holds_table(block):
        _add_block(document, block)
    else:
        add_outside(document, _text(block), source)


def _blocks(row: Any) -> Iterator[Any]:
    """Paragraphs and tables in the cells of a row."""
    for cell in _nearest(row, _CELL):
        yield from _nearest(cell, _BLOCKS)


def _is_own(table: Any) -> bool:
    rows = [sum(1 for _ in _nearest(row, _CELL)) for row in _nearest(table, _ROW)]
    return is_table_of_its_own(len(rows), max(rows, default=0))


def _holds_table(table: Any) -> bool:
    """Tell whether it is a table to read, or there is one in its cells."""
    return any(map(_is_own, table.iter("{*}tbl")))


def _widths(table: Any) -> list[int]:
    """Widths of the columns of the grid, in twentieths of a point; none if one is not said."""
    grid = next((child for child in table if local_name(child) == "tblGrid"), ())
    widths = [local_value(column, "w") for column in grid if local_name(column) == "gridCol"]
    return [int(width) for width in widths] if all(map(_WIDTH.fullmatch, widths)) else []


def _spans(row: Any) -> list[Span]:
    before = _count(row, "trPr", "gridBefore", least=0)
    spans = [Span("", columns=before)] if before else []
    for cell in _nearest(row, _CELL):
        columns = _count(cell, "tcPr", "gridSpan", least=1)
        spans.append(Span(_cell_text(cell), columns, continues=_continues(cell), is_shaded=_is_shaded(cell)))
    return spans


def _cell_text(cell: Any) -> str:
    """Text of a cell; a number with nothing behind it counts only where it is alone, as in a column of numbers."""
    paragraphs = [block for block in _nearest(cell, _BLOCKS) if local_name(block) == "p"]
    texts = [_text(paragraph) for paragraph in paragraphs]
    bare = [text == paragraph.get(_NUMBER, "") for text, paragraph in zip(texts, paragraphs, strict=True)]
    if all(bare):
        return "\n".join(text.strip() for text in texts if text != BULLET).strip("\n")
    return "\n".join(text for text, is_bare in zip(texts, bare, strict=True) if not (is_bare and text)).strip("\n")


def _is_shaded(cell: Any) -> bool:
    shading = _property(cell, "tcPr", "shd")
    if shading is None:
        return False
    pattern = local_value(shading, "val")
    colour = local_value(shading, "color" if pattern == "solid" else "fill")
    return colour.upper() not in _WHITE or pattern not in _PLAIN


def _property(element: Any, group: str, name: str) -> Any:
    """The property in its group of a row or cell, or None."""
    groups = [child for child in element if local_name(child) == group]
    return next((child for child in groups[0] if local_name(child) == name), None) if groups else None


def _count(element: Any, group: str, name: str, *, least: int) -> int:
    setting = _property(element, group, name)
    value = local_value(setting, "val") if setting is not None else ""
    return max(int(value), least) if _COUNT.fullmatch(value) else least


def _continues(cell: Any) -> bool:
    merge = _property(cell, "tcPr", "vMerge")
    return merge is not None and local_value(merge, "val") != "restart"


def _text(element: Any) -> str:
    """Text of a paragraph, or of all in a table; those inside it (text boxes) are lines of their own."""
    if not len(element):
        return _sign(element, local_name(element))
    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, child in walk:
        name = local_name(child)
        if event == "start" and name in _HIDDEN:
            walk.skip_subtree()
        elif event == "start":
            pieces.append(_sign(child, name))
        elif name in {"p", "txbxContent"} and child is not element:
            pieces.append("\n")
    return "".join(pieces).strip("\n")


def _sign(element: Any, name: str) -> str:
    """What one element of a paragraph prints."""
    if name == "t":
        return _in_font(element.text or "", element.getparent())
    if name == "p":
        return str(element.get(_NUMBER, ""))
    if name == "sym":
        code = local_value(element, "char")
        font = _SYMBOLS.get(local_value(element, "font"), {})
        return font.get(int(code, 16) & 0xFF, "•") if _HEXADECIMAL.fullmatch(code) else ""
    if name == "checkBox":  # of a form; the state of one never touched is its default
        states = {local_name(child): local_value(child, "val") or "1" for child in element}
        return _TICKED if states.get("checked", states.get("default", "0")) in _TRUE else _UNTICKED
    return "" if _is_tab_stop(element) else _SIGNS.get(name, "")


def _in_font(text: str, run: Any) -> str:
    """Letters in a font of signs as the signs that they draw."""
    properties = (child for child in run if local_name(child) == "rPr")
    fonts = [local_value(font, "ascii") for child in properties for font in child.iterfind("{*}rFonts")]
    signs = _SYMBOLS.get(fonts[0], {}) if fonts else {}
    return _CODES.sub(lambda code: signs.get(ord(code.group()) & 0xFF, code.group()), text) if signs else text


def _is_tab_stop(element: Any) -> bool:
    """The settings of a paragraph name its tab stops like the tabs of its text."""
    return local_name(element) == "tab" and local_name(element.getparent()) == "tabs"
