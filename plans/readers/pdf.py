"""PDF files with a text layer: tables by their ruling lines, rows cut by the page's end put together."""

from __future__ import annotations

import re
import zlib
from typing import Final

from plans.errors import DamagedFileError, TooLargeFileError
from plans.raw import RawDocument

KIND: Final = {"kind": "a PDF file", "kind_thai": "ไฟล์ PDF"}
_MOST_BYTES: Final = 60_000_000  # unpacked, pictures not counted: the text of 150 pages is a tenth of it
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
    from plans.readers.pdf_pages import read_pages  # noqa: PLC0415 -- importing it takes as long as reading a plan

    return read_pages(content, file)


def _check(content: bytes, file: str) -> None:
    """Refuse what is cut off and what would unpack to more than any plan holds, before the parser tries."""
    if b"%PDF-" not in content[:_END_BYTES] or _END not in content[-_END_BYTES:]:
        raise DamagedFileError(file=file, **KIND)
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
