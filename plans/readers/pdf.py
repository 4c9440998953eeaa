"""PDF files with a text layer: tables by their ruling lines, rows cut by the page's end put together."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from plans.errors import DamagedFileError, PlanFileError, ProtectedFileError, ScannedFileError, TooLargeFileError
from plans.raw import RawDocument
from plans.readers.pdf_page import HALF_RULED, RULED, UNRULED, Page, read_page
from plans.readers.pdf_tags import read_tags
from plans.readers.stitching import document_of

_KIND: Final = {"kind": "a PDF file", "kind_thai": "ไฟล์ PDF"}
_MOST_PAGES: Final = 150
_MOST_SIGNS: Final = 500_000
_MOST_RULES: Final = 20_000
_MOST_BYTES: Final = 60_000_000  # unpacked, pictures not counted: the text of 150 pages is a tenth of it
_LEAST_COLUMNS: Final = 3
_END: Final = b"%%EOF"
_END_BYTES: Final = 2048
_STREAM: Final = re.compile(rb"stream\r?\n")
_PICTURE: Final = re.compile(rb"/Subtype\s*/Image|/DCTDecode|/JPXDecode|/JBIG2Decode|/CCITTFaxDecode")
_DICTIONARY_BYTES: Final = 2048
_MOST_UNPACKINGS: Final = 3


def read(content: bytes, file: str) -> RawDocument:
    """Tables and paragraphs of a PDF file; a page number is a paragraph before no table.

    Raises:
        ProtectedFileError: It opens with a password only.
        ScannedFileError: Its pages are pictures, without text.
        DamagedFileError: It is truncated or no PDF file.
        TooLargeFileError: More pages, signs or lines than any plan has.
    """
    _check(content, file)
    try:
        with pdfplumber.open(BytesIO(content)) as pdf:
            return _document(pdf, file)
    except (PlanFileError, MemoryError):
        raise
    except Exception as error:  # the parser raises whatever its damaged input leads to
        if isinstance(error.__cause__ or error.__context__ or error, (PDFPasswordIncorrect, PDFEncryptionError)):
            raise ProtectedFileError(file=file) from error
        if any(isinstance(part, (PDFPasswordIncorrect, PDFEncryptionError)) for part in error.args):
            raise ProtectedFileError(file=file) from error
        raise DamagedFileError(file=file, **_KIND) from error


def _check(content: bytes, file: str) -> None:
    """Refuse what is cut off and what would unpack to more than any plan holds, before the parser tries."""
    if b"%PDF-" not in content[:_END_BYTES] or _END not in content[-_END_BYTES:]:
        raise DamagedFileError(file=file, **_KIND)
    total = 0
    above = 0
    for start in _STREAM.finditer(content):
        head = content[max(above, start.start() - _DICTIONARY_BYTES) : start.start()].rpartition(b" obj")[2]
        above = start.end()
        if b"/FlateDecode" in head and not _PICTURE.search(head):
            total += _unpacked(memoryview(content)[start.end() :], _MOST_BYTES - total)
        if total >= _MOST_BYTES:
            size = f"{_MOST_BYTES // 1_000_000} MB"
            raise TooLargeFileError(file=file, most=size, most_thai=size)


def _unpacked(packed: bytes | memoryview, most: int) -> int:
    """Bytes that a stream unpacks to, at most `most`; what was packed again is unpacked again."""
    total = 0
    for _ in range(_MOST_UNPACKINGS):
        try:
            packed = zlib.decompressobj().decompress(packed, most - total)
        except zlib.error:
            break
        total += len(packed)
        if total >= most or not packed:
            break
    return total


def _document(pdf: Any, file: str) -> RawDocument:
    if not pdf.doc.is_extractable and not list(pdf.doc.catalog):
        raise ProtectedFileError(file=file)
    pages = _pages(pdf, file, RULED)
    if not any(page.tables or page.lines for page in pages):
        raise ScannedFileError(file=file)
    if not any(page.tables for page in pages):
        pages = _unruled(pdf, file) or pages
    return document_of(pages, file)


def _unruled(pdf: Any, file: str) -> list[Page] | None:
    """Pages with tables by how their text is aligned, if that gives columns enough."""
    for strategy in (HALF_RULED, UNRULED):
        pages = _pages(pdf, file, strategy)
        if any(len(table.edges) >= _LEAST_COLUMNS for page in pages for table in page.tables):
            return pages
    return None


def _pages(pdf: Any, file: str, strategy: Mapping[str, str]) -> list[Page]:
    if not pdf.pages:
        raise DamagedFileError(file=file, **_KIND)
    if len(pdf.pages) > _MOST_PAGES:
        raise TooLargeFileError(file=file, most=f"{_MOST_PAGES} pages", most_thai=f"{_MOST_PAGES} หน้า")
    tags = read_tags(pdf.doc.catalog)
    pages: list[Page] = []
    signs = 0
    for number, page in enumerate(pdf.pages):
        signs += len(page.chars)
        _check_page(page, signs, file)
        pages.append(read_page(page, number, tags, strategy))
        page.close()
    return pages


def _check_page(page: Any, signs: int, file: str) -> None:
    if signs > _MOST_SIGNS:
        raise TooLargeFileError(file=file, most=f"{_MOST_SIGNS} letters", most_thai=f"{_MOST_SIGNS} ตัวอักษร")
    if len(page.edges) > _MOST_RULES:
        raise TooLargeFileError(file=file, most=f"{_MOST_RULES} lines", most_thai=f"{_MOST_RULES} เส้น")
