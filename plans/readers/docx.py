"""Word files: the tables of the document, walked in its own XML so that merged cells keep their place."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from lxml import etree

from plans.draft import Source
from plans.errors import DamagedFileError, EmptyFileError, ProtectedFileError, TooLargeFileError
from plans.raw import RawDocument
from plans.readers.grid import Span, add_outside, add_table

_KIND: Final = {"kind": "a Word document (.docx)", "kind_thai": "เอกสาร Word (.docx)"}
_MOST_BYTES: Final = 50_000_000  # the text of a plan is a hundredth of it; pictures are never unpacked
_RELATIONS: Final = "_rels/.rels"
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")  # encrypted Word files and those of before 2007
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_IS_ENCRYPTED: Final = 0x1
_UNPACKING_ERRORS: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, KeyError, ValueError, NotImplementedError,
)  # fmt: skip
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
    for block in _nearest(_main_part(content, file), _BLOCKS):
        if _name(block) == "tbl":
            _add_table(document, block)
        else:
            add_outside(document, _text(block))
    if document.is_empty:
        raise EmptyFileError(file=file)
    return document


def _main_part(content: bytes, file: str) -> Any:
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise ProtectedFileError(file=file)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            root = _parsed(archive, _main_name(archive, file), file)
    except (*_UNPACKING_ERRORS, etree.XMLSyntaxError) as error:
        raise DamagedFileError(file=file, **_KIND) from error
    if _name(root) != "document":
        raise DamagedFileError(file=file, **_KIND)
    return root


def _main_name(archive: zipfile.ZipFile, file: str) -> str:
    """Name of the part with the text; most programs call it word/document.xml, but only the relation says."""
    for relation in _parsed(archive, _RELATIONS, file):
        if str(relation.get("Type", "")).endswith("/officeDocument"):
            return str(relation.get("Target", "")).lstrip("/")
    raise KeyError(_RELATIONS)


def _parsed(archive: zipfile.ZipFile, name: str, file: str) -> Any:
    """Root of a part; nothing outside the file is fetched and no entity is unfolded."""
    part = archive.getinfo(name)
    if part.flag_bits & _IS_ENCRYPTED:
        raise ProtectedFileError(file=file)
    with archive.open(part) as stream:
        content = stream.read(_MOST_BYTES + 1)  # what the archive says of its size may be a lie
    if len(content) > _MOST_BYTES:
        size = f"{_MOST_BYTES // 1_000_000} MB"
        raise TooLargeFileError(file=file, most=size, most_thai=size)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(content, parser)


def _name(element: Any) -> str:
    """Name without its namespace, of which Word has two (the strict one is rare)."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _nearest(element: Any, names: frozenset[str]) -> Iterator[Any]:
    """Elements of these names below, in order, none inside another; content controls are looked through."""
    stack = list(reversed(element))
    while stack:
        child = stack.pop()
        if _name(child) in names:
            yield child
        elif _name(child) not in _HIDDEN:
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
        nested.extend((source, _text(block)) for block in blocks if _name(block) == "tbl")
        text = "\n".join(_text(block) for block in blocks if _name(block) == "p").strip("\n")
        spans.append(Span(text, _count(cell, "tcPr", "gridSpan", least=1), continues=_continues(cell)))
    return spans


def _property(element: Any, group: str, name: str) -> Any:
    """The property in its group of a row or cell, or None."""
    groups = [child for child in element if _name(child) == group]
    return next((child for child in groups[0] if _name(child) == name), None) if groups else None


def _value(element: Any) -> str:
    return next((str(value) for key, value in element.items() if etree.QName(key).localname == "val"), "")


def _count(element: Any, group: str, name: str, *, least: int) -> int:
    found = _property(element, group, name)
    value = _value(found) if found is not None else ""
    return max(int(value), least) if _COUNT.fullmatch(value) else least


def _continues(cell: Any) -> bool:
    merge = _property(cell, "tcPr", "vMerge")
    return merge is not None and _value(merge) != "restart"


def _text(element: Any) -> str:
    """Text of a paragraph, or of all in a table; those inside it (text boxes) are lines of their own."""
    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, child in walk:
        name = _name(child)
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
    return _name(element) == "tab" and _name(element.getparent()) == "tabs"
