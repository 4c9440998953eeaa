"""Pieces of WordprocessingML that the template is built from: paragraphs, cells, tables, styles, sections.

Lengths are in twentieths of a point (`cm` converts), font sizes in points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES: Final = f'xmlns:w="{W}" xmlns:r="{R}"'
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def cm(length: float) -> int:
    """Twentieths of a point in a length in centimetres."""
    return round(length / 2.54 * 1440)


def run(text: str) -> str:
    """Text in the paragraph's own style; a line end stays one."""
    pieces = (f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in text.split("\n"))
    return f"<w:r>{'<w:br/>'.join(pieces)}</w:r>"


def paragraph(style: str, text: str = "", *, inner: str = "", section: str = "") -> str:
    """Build a paragraph of `text`, then `inner` runs; `section` ends a section here."""
    content = (run(text) if text else "") + inner
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{section}</w:pPr>{content}</w:p>'


def field(instruction: str) -> str:
    """Build a field that Word computes, such as the page number."""
    return f'<w:fldSimple w:instr="{instruction}"><w:r><w:t>๑</w:t></w:r></w:fldSimple>'


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its paragraphs, how many columns it spans, whether a dotted line runs under it."""

    content: str
    span: int = 1
    is_dotted: bool = False
    align: str = "top"


def _cell(cell: Cell, width: int) -> str:
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    dots = '<w:tcBorders><w:bottom w:val="dotted" w:sz="6" w:space="0" w:color="auto"/></w:tcBorders>'
    align = f'<w:vAlign w:val="{cell.align}"/>' if cell.align != "top" else ""
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{dots if cell.is_dotted else ""}{align}'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{cell.content}</w:tc>"


def row(cells: Sequence[Cell], widths: Sequence[int], *, is_header: bool = False, is_whole: bool = False) -> str:
    """Build a row; a header row repeats on every page, a whole one does not break over pages."""
    flags = ("<w:cantSplit/>" if is_whole else "") + ("<w:tblHeader/>" if is_header else "")
    built, column = [], 0
    for cell in cells:
        built.append(_cell(cell, sum(widths[column : column + cell.span])))
        column += cell.span
    return f"<w:tr>{f'<w:trPr>{flags}</w:trPr>' if flags else ''}{''.join(built)}</w:tr>"


def table(rows: Sequence[str], widths: Sequence[int], *, style: str, caption: str, margin: int) -> str:
    """Build a table of fixed column widths with `margin` at both sides in every cell."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    sides = "".join(f'<w:{side} w:w="{margin}" w:type="dxa"/>' for side in ("left", "right"))
    properties = (
        f'<w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{sides}</w:tblCellMar>'
        f'<w:tblLook w:val="0020" w:firstRow="1"/><w:tblCaption w:val="{escape(caption)}"/>'
    )
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style; bold and size are set for Thai and for Latin letters alike."""

    key: str
    name: str
    size: float
    is_bold: bool = False
    align: str = "left"
    paragraph: str = ""
    """Further paragraph properties that stand before the spacing."""
    spacing: str = ""
    indent: str = ""


def style_xml(style: Style) -> str:
    """Definition of a paragraph style."""
    half_points = round(style.size * 2)
    bold = "<w:b/><w:bCs/>" if style.is_bold else ""
    spacing = f"<w:spacing {style.spacing}/>" if style.spacing else ""
    indent = f"<w:ind {style.indent}/>" if style.indent else ""
    is_default = ' w:default="1"' if style.key == "Normal" else ""
    based_on = "" if is_default else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph"{is_default} w:styleId="{style.key}"><w:name w:val="{style.name}"/>{based_on}'
        f'<w:qFormat/><w:pPr>{style.paragraph}{spacing}{indent}<w:jc w:val="{style.align}"/></w:pPr>'
        f'<w:rPr>{bold}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr></w:style>'
    )


@dataclass(frozen=True, slots=True)
class Page:
    """An A4 page; margins are top, right, bottom, left."""

    width: int
    height: int
    margins: tuple[int, int, int, int]
    header: int
    footer: int


def section(page: Page, *, references: str = "") -> str:
    """Build a section that begins on a new page, numbered in Thai digits."""
    orient = ' w:orient="landscape"' if page.width > page.height else ""
    sides = zip(("top", "right", "bottom", "left"), page.margins, strict=True)
    margins = " ".join(f'w:{side}="{length}"' for side, length in sides)
    return (
        f'<w:sectPr>{references}<w:type w:val="nextPage"/><w:pgSz w:w="{page.width}" w:h="{page.height}"{orient}/>'
        f'<w:pgMar {margins} w:header="{page.header}" w:footer="{page.footer}" w:gutter="0"/>'
        '<w:pgNumType w:fmt="thaiNumbers"/></w:sectPr>'
    )
