"""Word files: the tables of the document, walked in its own XML so that merged cells keep their place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from plans.draft import Source
from plans.errors import DamagedFileError, EmptyFileError
from plans.raw import RawDocument
from plans.readers.grid import Span, add_outside, add_table
from plans.readers.packed import local_name, local_value, opened

_KIND: Final = {"kind": "a Word document (.docx)", "kind_thai": "เอกสาร Word (.docx)"}
_BLOCKS: Final = frozenset({"p", "tbl"})
_HIDDEN: Final = frozenset({"del", "moveFrom", "Fallback"})  # struck out, moved away, printed twice for old programs
_SIGNS: Final = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
_COUNT: Final = re.compile("[0-9]{1,4}")


def read(content: bytes, file: str) -> RawDocument:
    """Tables and paragraphs of a Word file; a table inside a cell is text outside the tables.

    Raises:
        ProtectedFileError: The file has a password.
        DamagedFileError: It is truncated or no Word file.
        TooLargeFileError: Unpacked it is larger than any plan.
        EmptyFileError: It has no text.
    """
    document = RawDocument(file)
    with opened(content, file, _KIND) as package:
        root = package.root(package.main())
        if local_name(root) != "document":
            raise DamagedFileError(file=file, **_KIND)
        for block in _nearest(root, _BLOCKS):
            if local_name(block) == "tbl":
                _add_table(document, block)
            else:
                add_outside(document, _text(block))
    if document.is_empty:
        raise EmptyFileError(file=file)
    return document


def _nearest(element: Any, names: frozenset[str]) -> Iterator[Any]:
    """Elements of these names below, in order, none inside another; content controls are looked through."""
    stack = list(reversed(element))
    while stack:
        child = stack.pop()
        if local_name(child) in names:
            yield child
        elif local_name(child) not in _HIDDEN:
            stack.extend(reversed(child))


def _add_table(document: RawDocument, table: Any) -> None:
    nested: list[tuple[Source, str]] = []
    number = len(document.tables)
    rows = [
        _spans(row, Source(file=document.file, table=number, row=index), nested)
        for index, row in enumerate(_nearest(table, frozenset({"tr"})))
    ]
    add_table(document, rows)
    for source, text in nested:
        add_outside(document, text, source)


def _spans(row: Any, source: Source, nested: list[tuple[Source, str]]) -> list[Span]:
    before = _count(row, "trPr", "gridBefore", least=0)
    spans = [Span("", columns=before)] if before else []
    for cell in _nearest(row, frozenset({"tc"})):
        blocks = list(_nearest(cell, _BLOCKS))
        nested.extend((source, _text(block)) for block in blocks if local_name(block) == "tbl")
        text = "\n".join(_text(block) for block in blocks if local_name(block) == "p").strip("\n")
        spans.append(Span(text, _count(cell, "tcPr", "gridSpan", least=1), continues=_continues(cell)))
    return spans


def _property(element: Any, group: str, name: str) -> Any:
    """The property in its group of a row or cell, or None."""
    groups = [child for child in element if local_name(child) == group]
    return next((child for child in groups[0] if local_name(child) == name), None) if groups else None


def _count(element: Any, group: str, name: str, *, least: int) -> int:
    found = _property(element, group, name)
    value = local_value(found, "val") if found is not None else ""
    return max(int(value), least) if _COUNT.fullmatch(value) else least


def _continues(cell: Any) -> bool:
    merge = _property(cell, "tcPr", "vMerge")
    return merge is not None and local_value(merge, "val") != "restart"


def _text(element: Any) -> str:
    """Text of a paragraph, or of all in a table; those inside it (text boxes) are lines of their own."""
    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, child in walk:
        name = local_name(child)
        if event == "start" and name in _HIDDEN:
            walk.skip_subtree()
        elif event == "start" and name == "t":
            pieces.append(child.text or "")
        elif event == "start" and not _is_tab_stop(child):
            pieces.append(_SIGNS.get(name, ""))
        elif name in {"p", "txbxContent"} and child is not element:
            pieces.append("\n")
    return "".join(pieces).strip("\n")


def _is_tab_stop(element: Any) -> bool:
    """The settings of a paragraph name its tab stops like the tabs of its text."""
    return local_name(element) == "tab" and local_name(element.getparent()) == "tabs"
