"""A PDF opened with pdfplumber, page by page; apart, because importing it takes as long as reading a plan."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from plans.errors import DamagedFileError, PlanFileError, ProtectedFileError, ScannedFileError, TooLargeFileError
from plans.layout.header import roles_of
from plans.raw import RawDocument, RawTable
from plans.readers.pdf_device import MOST_ON_A_PAGE, CrowdedPageError, Spellings, spelt_page
from plans.readers.pdf_kind import KIND
from plans.readers.pdf_page import FindCells, Page, read_page, ruled_cells
from plans.readers.pdf_tags import read_tags
from plans.readers.pdf_unruled import unruled_cells
from plans.readers.stitching import document_of

_MOST_PAGES: Final = 150
_MOST_SIGNS: Final = 500_000
_MOST_RULES: Final = 20_000


def read_pages(content: bytes, file: str) -> RawDocument:
    """Tables and paragraphs of all pages; raises what `pdf.read` does."""
    pages = _parsed(content, file, ruled_cells)
    if not any(page.tables or page.lines for page in pages):
        raise ScannedFileError(file=file)
    if not any(page.tables for page in pages):
        document = document_of(_parsed(content, file, unruled_cells), file)
        if any(map(_has_headings, document.tables)):
            return document
    return document_of(pages, file)


def _parsed(content: bytes, file: str, find_cells: FindCells) -> list[Page]:
    try:
        with pdfplumber.open(BytesIO(content)) as pdf:
            return _pages(pdf, file, find_cells)
    except (PlanFileError, MemoryError):
        raise
    except CrowdedPageError as error:
        most, most_thai = f"{MOST_ON_A_PAGE} signs and lines on a page", f"{MOST_ON_A_PAGE} ตัวอักษรและเส้นต่อหน้า"
        raise TooLargeFileError(file=file, most=most, most_thai=most_thai) from error
    except Exception as error:  # the parser raises whatever its damaged input leads to
        causes = list(_causes(error))
        if any(isinstance(cause, MemoryError) for cause in causes):
            raise MemoryError from error
        if any(isinstance(cause, (PDFPasswordIncorrect, PDFEncryptionError)) for cause in causes):
            raise ProtectedFileError(file=file) from error
        raise DamagedFileError(file=file, **KIND) from error


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it; pdfplumber wraps what the parser raised."""
    while error is not None:
        yield error
        yield from (part for part in error.args if isinstance(part, BaseException))
        error = error.__cause__ or error.__context__


def _has_headings(table: RawTable) -> bool:
    """Words in columns by chance are no table; one whose first row names columns of a plan is."""
    return bool(table.rows) and roles_of(table.rows[0]) is not None


def _pages(pdf: Any, file: str, find_cells: FindCells) -> list[Page]:
    if not pdf.pages:
        raise DamagedFileError(file=file, **KIND)
    if len(pdf.pages) > _MOST_PAGES:
        raise TooLargeFileError(file=file, most=f"{_MOST_PAGES} pages", most_thai=f"{_MOST_PAGES} หน้า")
    tags, spellings = read_tags(pdf.doc.catalog), Spellings()
    pages: list[Page] = []
    signs = 0
    for number, plain in enumerate(pdf.pages):
        page = spelt_page(plain, spellings)
        signs += len(page.chars)
        _check_page(page, signs, file)
        pages.append(read_page(page, number, tags, find_cells))
        page.close()
    return pages


def _check_page(page: Any, signs: int, file: str) -> None:
    if signs > _MOST_SIGNS:
        raise TooLargeFileError(file=file, most=f"{_MOST_SIGNS} letters", most_thai=f"{_MOST_SIGNS} ตัวอักษร")
    if len(page.edges) > _MOST_RULES:
        raise TooLargeFileError(file=file, most=f"{_MOST_RULES} lines", most_thai=f"{_MOST_RULES} เส้น")
