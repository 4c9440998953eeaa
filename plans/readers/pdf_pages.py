"""A PDF opened with pdfplumber, page by page; apart, because importing it takes as long as reading a plan."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from plans.errors import DamagedFileError, PlanFileError, ProtectedFileError, ScannedFileError, TooLargeFileError
from plans.raw import RawDocument
from plans.readers.pdf import KIND
from plans.readers.pdf_page import HALF_RULED, RULED, UNRULED, Page, read_page
from plans.readers.pdf_tags import read_tags
from plans.readers.stitching import document_of

_MOST_PAGES: Final = 150
_MOST_SIGNS: Final = 500_000
_MOST_RULES: Final = 20_000
_LEAST_COLUMNS: Final = 3


def read_pages(content: bytes, file: str) -> RawDocument:
    """Tables and paragraphs of all pages; raises what `pdf.read` does."""
    try:
        with pdfplumber.open(BytesIO(content)) as pdf:
            return _document(pdf, file)
    except (PlanFileError, MemoryError):
        raise
    except Exception as error:  # the parser raises whatever its damaged input leads to
        causes = (error, *error.args)  # pdfplumber wraps what the parser raised
        if any(isinstance(cause, (PDFPasswordIncorrect, PDFEncryptionError)) for cause in causes):
            raise ProtectedFileError(file=file) from error
        if any(isinstance(cause, MemoryError) for cause in causes):
            raise MemoryError from error
        raise DamagedFileError(file=file, **KIND) from error


def _document(pdf: Any, file: str) -> RawDocument:
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
        raise DamagedFileError(file=file, **KIND)
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
