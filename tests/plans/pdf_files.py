"""Writes small PDF files: Thai text anywhere on a page, tables with and without lines, broken ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from plans.words.text import MARKS

WIDTH, HEIGHT = 842, 595
LETTER = 0.5  # width of every letter in its size; marks have none
SIZE = 12
LEFT, COLUMN = 40, 150


@dataclass
class Sheet:
    """A landscape page; places count from its top left, in points."""

    signs: list[tuple[float, float, str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str) -> Sheet:
        self.signs.append((x, y, text))
        return self

    def box(self, x: float, y: float, width: float, height: float) -> Sheet:
        self.lines.append(f"{x} {HEIGHT - y - height} {width} {height} re S")
        return self

    def table(
        self, y: float, rows: Sequence[Sequence[str]], *, heights: Sequence[float] = (), is_ruled: bool = True
    ) -> Sheet:
        """Cells of fixed width, the text in the first line of each; without heights every row has 30 points."""
        for index, row in enumerate(rows):
            height = heights[index] if heights else 30
            for column, text in enumerate(row):
                x = LEFT + column * COLUMN
                self.text(x + 4, y + 18, text)
                if is_ruled:
                    self.box(x, y, COLUMN, height)
            y += height
        return self

    def content(self, codes: dict[str, int]) -> bytes:
        shown = [
            f"BT /F {SIZE} Tf {x} {HEIGHT - y} Td <{''.join(f'{codes[sign]:02x}' for sign in text)}> Tj ET"
            for x, y, text in self.signs
        ]
        return "\n".join([*self.lines, *shown]).encode()


def pdf_of(*sheets: Sheet, catalog: str = "") -> bytes:
    """A file with these pages; its one font has a code for each sign that they use."""
    used = sorted({sign for sheet in sheets for _, _, text in sheet.signs for sign in text})
    codes = {sign: code for code, sign in enumerate(used, 1)}
    pages = [f"{5 + 2 * index} 0 R" for index in range(len(sheets))]
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode(),
        f"<</Type/Pages/Kids[{' '.join(pages)}]/Count {len(pages)}>>".encode(),
        _font(codes),
        stream(_to_unicode(codes)),
    ]
    for index, sheet in enumerate(sheets):
        resources = "/Resources<</Font<</F 3 0 R>>>>"
        page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]{resources}/Contents {6 + 2 * index} 0 R>>"
        objects += [page.encode(), stream(sheet.content(codes))]
    return _file(objects)


def bare_pdf(pages: int = 1, content: bytes = b"", trailer: str = "") -> bytes:
    """A file with pages without text; `content` is the stream of all of them."""
    kids = " ".join(f"{4 + index} 0 R" for index in range(pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R>>"
    tree = f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode()
    return _file([b"<</Type/Catalog/Pages 2 0 R>>", tree, content or stream(b""), *[page] * pages], trailer)


def stream(content: bytes, entries: str = "") -> bytes:
    return f"<</Length {len(content)}{entries}>>\nstream\n".encode() + content + b"\nendstream"


def _font(codes: dict[str, int]) -> bytes:
    widths = " ".join("0" if sign in MARKS else str(round(LETTER * 1000)) for sign in codes)
    font = f"<</Type/Font/Subtype/TrueType/BaseFont/Test/FirstChar 1/LastChar {len(codes)}/Widths[{widths}]"
    return f"{font}/ToUnicode 4 0 R>>".encode()


def _to_unicode(codes: dict[str, int]) -> bytes:
    pairs = "\n".join(f"<{code:02x}> <{ord(sign):04x}>" for sign, code in codes.items())
    head = "begincmap\n1 begincodespacerange <00> <ff> endcodespacerange"
    return f"{head}\n{len(codes)} beginbfchar\n{pairs}\nendbfchar\nendcmap".encode()


def _file(objects: Sequence[bytes], trailer: str = "") -> bytes:
    content = b"%PDF-1.5\n"
    places = []
    for number, entry in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n".encode() + entry + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{len(content)}\n%%EOF\n"
    return content + end.encode()
