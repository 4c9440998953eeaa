"""PDF files with a text layer: tables by their ruling lines, rows cut by the page's end put together."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

from plans.errors import DamagedFileError, TooLargeFileError
from plans.raw import RawDocument
from plans.readers.pdf_kind import KIND

_MOST_BYTES: Final = 60_000_000  # unpacked, pictures not counted: the text of 150 pages is a tenth of it
_END: Final = b"%%EOF"
_END_BYTES: Final = 2048
_STREAM: Final = re.compile(rb"stream\r?\n")
_PACKED: Final = re.compile(rb"/Filter\s*\[?\s*/FlateDecode")
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
    """Refuse what is cut off and what would unpack to more than any plan holds, before the parser tries.

    The parser reads what is left of a damaged stream and says nothing, so a part of the plan would be lost.
    """
    if b"%PDF-" not in content[:_END_BYTES] or _END not in content[-_END_BYTES:]:
        raise DamagedFileError(file=file, **KIND)
    is_encrypted = b"/Encrypt" in content
    total = 0
    for start in _packed_streams(content):
        size, is_whole = _unpacked(memoryview(content)[start:], _MOST_BYTES - total)
        total += size
        if total >= _MOST_BYTES:
            most = f"{_MOST_BYTES // 1_000_000} MB"
            raise TooLargeFileError(file=file, most=most, most_thai=most)
        if not is_whole and not is_encrypted:
            raise DamagedFileError(file=file, **KIND)


def _packed_streams(content: bytes) -> Iterator[int]:
    """Where each packed stream begins, pictures left out."""
    above = 0
    for stream in _STREAM.finditer(content):
        head = content[max(above, stream.start() - _DICTIONARY_BYTES) : stream.start()].rpartition(b" obj")[2]
        above = stream.end()
        if _PACKED.search(head) and not _PICTURE.search(head):
            yield stream.end()


def _unpacked(packed: bytes | memoryview, most: int) -> tuple[int, bool]:
    """Bytes that a stream unpacks to, at most `most`, and whether it is whole; twice packed is unpacked twice."""
    total, is_whole = 0, False
    for _ in range(_MOST_UNPACKINGS):
        unpacking = zlib.decompressobj()
        try:
            packed = unpacking.decompress(packed, most - total)
        except zlib.error:
            break
        total += len(packed)
        if total >= most:
            break
        is_whole = is_whole or unpacking.eof
        if not unpacking.eof or not packed:
            break
    return total, is_whole
