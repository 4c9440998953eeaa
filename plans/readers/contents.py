"""What a file's bytes say it is, whatever its name: for saying that the name is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

PICTURES: Final = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".heic")
"""Endings of the names of pictures, from scanners and telephones."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file with the endings its name may have, the usual one first."""

    suffixes: tuple[str, ...]
    english: str
    thai: str


_PICTURE: Final = Kind(PICTURES, "a picture", "รูปภาพ")
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_PACKED: Final = (
    (b"opendocument.text", Kind((".odt",), "an OpenDocument text", "เอกสาร OpenDocument")),
    (b"opendocument.spreadsheet", Kind((".ods",), "an OpenDocument spreadsheet", "แผ่นงาน OpenDocument")),
    (b"word/document", Kind((".docx",), "a Word document", "เอกสาร Word")),
    (b"xl/workbook", Kind((".xlsx", ".xlsm"), "an Excel workbook", "ไฟล์ Excel")),
)
_COMPOUND: Final = (
    ("WordDocument".encode("utf-16-le"), Kind((".doc",), "an old Word document", "เอกสาร Word รุ่นเก่า")),
    ("Workbook".encode("utf-16-le"), Kind((".xls",), "an old Excel workbook", "ไฟล์ Excel รุ่นเก่า")),
)
_HEADS: Final = (
    (re.compile(rb"%PDF-"), Kind((".pdf",), "a PDF file", "ไฟล์ PDF")),
    (re.compile(rb"\{\\rtf"), Kind((".rtf",), "an RTF document", "เอกสาร RTF")),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)", re.IGNORECASE),
        Kind((".html", ".htm"), "a web page", "หน้าเว็บ"),
    ),
    (re.compile(rb"\xff\xd8\xff|\x89PNG\r\n|II\*\x00|MM\x00\*|GIF8|BM.{4}\x00{4}|RIFF.{4}WEBP", re.DOTALL), _PICTURE),
)


def kind_of_content(content: bytes) -> Kind | None:
    """The kind of file that begins and is packed like this; None where its bytes do not tell."""
    packed = _PACKED if content.startswith(_ZIP) else _COMPOUND if content.startswith(_OLE) else ()
    packed_kind = next((kind for mark, kind in packed if mark in content), None)
    return packed_kind or next((kind for head, kind in _HEADS if head.match(content)), None)
