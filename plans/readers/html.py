"""Web pages, also those that Word saves: tables with spans, tags left open, text around the tables."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from lxml import etree
from lxml import html as lxml_html

from plans.draft import Source
from plans.errors import DamagedFileError, EmptyFileError
from plans.raw import RawDocument
from plans.readers.decoding import decoded
from plans.readers.grid import Span, add_outside, add_table, is_table_of_its_own
from plans.words.fragments import ListMarks, checkbox

_KIND: Final = {"kind": "a web page (.html)", "kind_thai": "หน้าเว็บ (.html)"}
_DECLARED: Final = re.compile(rb"""<meta[^>]*charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_HEAD_BYTES: Final = 4096
_THAI_NAMES: Final = frozenset({"tis-620", "windows-874", "iso-8859-11", "cp874", "x-windows-874"})
_HIDDEN: Final = frozenset({"head", "script", "style", "template", "noscript"})
_BLOCKS: Final = frozenset(
    {"p", "div", "li", "ol", "ul", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "caption",
     "section", "article", "header", "footer", "main", "blockquote", "pre", "center", "hr", "table"}
)  # fmt: skip
_ROWS: Final = frozenset({"thead", "tbody", "tfoot"})
_SOURCE_BREAK: Final = re.compile(r"(?<![ ])[ ]*[\r\n\t\f]\s*", re.ASCII)
_COUNT: Final = re.compile(r"\s*([0-9]{1,5})")
_GROUND: Final = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_NO_COLORS: Final = frozenset(
    {"", "white", "#fff", "#ffffff", "rgb(255,255,255)", "transparent", "none", "inherit", "initial", "unset", "auto"}
)
_DEEPEST: Final = 20
_NOWHERE: Final = Source(file="")
_TO_THE_END: Final = 65_534  # what a browser makes of rowspan="0", and its limit


def read(content: bytes, file: str) -> RawDocument:
    """Tables and paragraphs of a web page; a table inside a cell follows as one of its own, or as text.

    Raises:
        UndecodableFileError: The bytes are no Thai text.
        DamagedFileError: There is no markup to speak of.
        EmptyFileError: It has no text.
    """
    document = RawDocument(file)
    _add_parts(document, _root(_text_of_bytes(content, file), file), depth=0)
    if document.is_empty:
        raise EmptyFileError(file=file)
    return document


def _add_parts(document: RawDocument, element: Any, *, depth: int) -> None:
    for part in _parts(element):
        if isinstance(part, str):
            add_outside(document, part)
        else:
            _add_table(document, part, depth=depth)


def _text_of_bytes(content: bytes, file: str) -> str:
    """Text in the encoding that the page names, if it is a Thai one; else as any text file."""
    name = _DECLARED.search(content[:_HEAD_BYTES])
    is_thai = name is not None and name.group(1).decode("ascii", "replace").lower() in _THAI_NAMES
    if is_thai and not content.startswith(codecs.BOM_UTF8) and b"\x00" not in content:
        try:
            return content.decode("cp874")
        except UnicodeDecodeError:
            pass  # saved again in another encoding without changing the name
    return decoded(content, file, is_markup=True)


def _root(text: str, file: str) -> Any:
    """Root of the page; as bytes with a known encoding, so that no declaration in the text is believed."""
    if "<" not in text:
        raise DamagedFileError(file=file, **_KIND)
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml_html.document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise DamagedFileError(file=file, **_KIND) from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise DamagedFileError(file=file, **_KIND)  # the parser stops there and says nothing: the rest would be lost
    return root


def _parts(element: Any) -> Iterator[Any]:
    """Text and outermost tables below an element, in order; blocks and line breaks begin a new line."""
    pieces: list[str] = []
    marks = ListMarks()
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, child in walk:
        is_skipped = child is not element and child.tag in {"table", *_HIDDEN}
        if event == "start":
            if is_skipped:
                walk.skip_subtree()
            else:
                pieces += _opened(child, marks)
            continue
        if child.tag == "table" and child is not element:
            yield _joined(pieces)
            yield child
            pieces = []
        if child is not element:
            pieces += _closed(child, marks)
    yield _joined(pieces)


def _opened(element: Any, marks: ListMarks) -> list[str]:
    """What an element puts on the page where it begins."""
    attributes = dict(element.attrib) if element.tag in {"ol", "ul", "li", "input"} else {}
    if element.tag in {"ol", "ul"}:
        marks.open(element.tag, attributes)
    elif element.tag == "li":
        marks.item(attributes)
    elif element.tag == "input":
        return [marks.marked(checkbox(attributes))]
    return ["\n" * _breaks(element), marks.marked(_collapsed(element.text))]


def _closed(element: Any, marks: ListMarks) -> list[str]:
    """What follows where an element ends."""
    if element.tag in {"ol", "ul"}:
        marks.close()
    elif element.tag == "li":
        marks.end_item()
    return ["\n" * (element.tag in _BLOCKS), marks.marked(_collapsed(element.tail))]


def _breaks(element: Any) -> bool:
    return element.tag in _BLOCKS or element.tag == "br"


def _collapsed(text: str | None) -> str:
    """A line break in the source is a space on the page; runs of spaces stay, as they may be meant."""
    return _SOURCE_BREAK.sub(" ", text or "")


def _joined(pieces: Iterable[str]) -> str:
    """One text without empty lines; a line of the source that only indents is none."""
    lines = "".join(pieces).split("\n")
    return "\n".join(line for line in lines if line.strip())


def _add_table(document: RawDocument, table: Any, *, depth: int) -> None:
    """Add a table; what is inside its cells follows it, a table of its own as one, anything else as text."""
    if depth < _DEEPEST and _is_layout(table):
        for cell in _cells(table):
            _add_parts(document, cell, depth=depth + 1)
        return
    nested: list[tuple[Source, str]] = []
    number = len(document.tables)
    is_deepest = depth >= _DEEPEST
    rows = [
        _spans(row, Source(file=document.file, table=number, row=index), nested, all_as_text=is_deepest)
        for index, row in enumerate(_rows(table, nested, Source(file=document.file, table=number)))
    ]
    inner = [part for cell in _cells(table) for part in _parts(cell) if not isinstance(part, str)]
    add_table(document, rows)
    for source, text in nested:
        add_outside(document, text, source)
    for part in () if is_deepest else inner:
        if _is_table_of_its_own(part):
            _add_table(document, part, depth=depth + 1)


def _cells(table: Any) -> Iterator[Any]:
    for row in _rows(table, [], _NOWHERE):
        yield from (cell for cell in row if cell.tag in {"td", "th"})


def _is_layout(table: Any) -> bool:
    """One column that only holds the page together, with a table of its own inside."""
    widths = [sum(cell.tag in {"td", "th"} for cell in row) for row in _rows(table, [], _NOWHERE)]
    return max(widths, default=0) == 1 and any(map(_is_table_of_its_own, table.iterdescendants("table")))


def _is_table_of_its_own(table: Any) -> bool:
    """A table inside a cell that has rows and columns, not only a frame around a text."""
    widths = [sum(cell.tag in {"td", "th"} for cell in row) for row in _rows(table, [], _NOWHERE)]
    return is_table_of_its_own(len(widths), max(widths, default=0))


def _rows(table: Any, outside: list[tuple[Source, str]], source: Source) -> Iterator[Any]:
    """Rows of the table itself; what stands between them, such as its caption, is text outside."""
    stack = list(reversed(table))
    outside.append((source, _collapsed(table.text)))
    while stack:
        child = stack.pop()
        outside.append((source, _collapsed(child.tail)))
        if child.tag == "tr":
            yield child
        elif child.tag in _ROWS:
            outside.append((source, _collapsed(child.text)))
            stack.extend(reversed(child))
        else:
            outside.append((source, _all_text(child)))


def _spans(row: Any, source: Source, nested: list[tuple[Source, str]], *, all_as_text: bool) -> list[Span]:
    spans = []
    nested.append((source, _collapsed(row.text)))
    for cell in row:
        nested.append((source, _collapsed(cell.tail)))
        if cell.tag in {"td", "th"}:
            parts = list(_parts(cell))
            inner = [part for part in parts if not isinstance(part, str)]
            nested.extend((source, _all_text(part)) for part in inner if all_as_text or not _is_table_of_its_own(part))
            text = "\n".join(part for part in parts if isinstance(part, str) and part)
            rows = _count(cell, "rowspan") or _TO_THE_END
            spans.append(Span(text, max(_count(cell, "colspan"), 1), rows, is_shaded=_is_shaded(cell)))
        else:
            nested.append((source, _all_text(cell)))
    return spans


def _count(cell: Any, name: str) -> int:
    match = _COUNT.match(cell.get(name, "1"))
    return int(match.group(1)) if match else 1


def _is_shaded(cell: Any) -> bool:
    """Tell whether the ground of a cell is coloured, as a tick in a chart of months may be."""
    match = _GROUND.search(cell.get("style", ""))
    color = match.group(1) if match else cell.get("bgcolor", "")
    return re.sub(r"\s", "", color).lower() not in _NO_COLORS


def _all_text(element: Any) -> str:
    """Text of everything below, tables included, in order."""
    pieces: list[str] = []
    marks = ListMarks()
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, child in walk:
        if event == "start" and child.tag in _HIDDEN:
            walk.skip_subtree()
        elif event == "start":
            pieces += _opened(child, marks)
        elif child is not element:
            pieces += _closed(child, marks)
    return _joined(pieces)
