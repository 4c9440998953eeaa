"""What a tagged PDF says of its own paragraphs and table rows (Word tags what it exports)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pdfminer.pdftypes import PDFObjRef, resolve1
from pdfminer.psparser import PSLiteral

_PARAGRAPHS: Final = frozenset({"P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "LBody", "LI", "TD", "TH", "Caption"})
_MOST_ELEMENTS: Final = 200_000


@dataclass(slots=True)
class Tags:
    """Paragraph and table row of each marked piece; a piece is named by its page's object and its number."""

    paragraphs: dict[tuple[int, int], int] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)

    def paragraph(self, page: int, piece: int) -> int | None:
        """Number of the paragraph of a piece, the same on every page it goes on over."""
        return self.paragraphs.get((page, piece))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the tree: the page, paragraph and row that hold for what is below."""

    page: int | None = None
    paragraph: int | None = None
    row: int | None = None


def read_tags(catalog: Any) -> Tags:
    """Tags of a document; none where it is not tagged or its tree is broken."""
    tags = Tags()
    root = resolve1(catalog.get("StructTreeRoot"))
    if not isinstance(root, dict):
        return tags
    names = _names(root)
    stack = [(kid, _Place()) for kid in _kids(root)]
    seen: set[int] = set()
    count = 0
    while stack and count < _MOST_ELEMENTS:
        kid, place = stack.pop()
        count += 1
        if isinstance(kid, PDFObjRef):
            if kid.objid in seen:
                continue
            seen.add(kid.objid)
        element = resolve1(kid)
        if isinstance(element, int):
            _mark(tags, place, element)
        elif isinstance(element, dict):
            below = _below(element, place, names, count)
            if isinstance(element.get("MCID"), int):
                _mark(tags, below, element["MCID"])
            stack.extend((child, below) for child in _kids(element))
    return tags


def _kids(element: dict[str, Any]) -> Iterator[Any]:
    kids = resolve1(element.get("K"))
    yield from kids if isinstance(kids, list) else [kids]


def _names(root: dict[str, Any]) -> dict[str, str]:
    """Standard names of the names that the program made up (LibreOffice calls a paragraph by its style)."""
    table = resolve1(root.get("RoleMap"))
    pairs = table.items() if isinstance(table, dict) else ()
    return {made_up: str(name.name) for made_up, name in pairs if isinstance(name, PSLiteral)}


def _below(element: dict[str, Any], place: _Place, names: dict[str, str], number: int) -> _Place:
    kind = element.get("S")
    name = str(kind.name) if isinstance(kind, PSLiteral) else ""
    name = names.get(name, name)
    page = element.get("Pg")
    return _Place(
        page.objid if isinstance(page, PDFObjRef) else place.page,
        number if name in _PARAGRAPHS else place.paragraph,
        number if name == "TR" else place.row,
    )


def _mark(tags: Tags, place: _Place, piece: int) -> None:
    if place.page is None or place.paragraph is None:
        return
    tags.paragraphs[place.page, piece] = place.paragraph
    if place.row is not None:
        tags.rows[place.paragraph] = place.row
