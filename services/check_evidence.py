"""What may be kept as evidence: told by its content, whatever its name says."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO, Final

from domain.errors import BadInputError
from services.hand_in import Attachment

MAX_MB: Final = 50
_MOST_BYTES: Final = MAX_MB * 1_000_000
_MOST_UNPACKED: Final = 500_000_000
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_SIGNATURES: Final[tuple[tuple[bytes, frozenset[str]], ...]] = (
    (b"%PDF-", frozenset({".pdf"})),
    (b"\xff\xd8\xff", frozenset({".jpg", ".jpeg"})),
    (b"\x89PNG\r\n\x1a\n", frozenset({".png"})),
    (b"GIF87a", frozenset({".gif"})),
    (b"GIF89a", frozenset({".gif"})),
    (b"PK\x03\x04", frozenset({".docx", ".xlsx", ".pptx", ".zip", ".odt", ".ods"})),
    (_OLE, frozenset({".doc", ".xls", ".ppt"})),
    (b"RIFF", frozenset({".webp"})),
)
_BOXED: Final = frozenset({".heic", ".heif", ".mp4", ".mov", ".m4a"})
_TEXT: Final = frozenset({".txt", ".csv"})
KNOWN: Final = tuple(sorted({ending for _, endings in _SIGNATURES for ending in endings} | _BOXED | _TEXT))
"""Endings of names that are taken, in order."""


def checked(name: str, stream: BinaryIO) -> Attachment:
    """The file, if it is what its name says and neither empty nor too large.

    Raises:
        BadInputError: It cannot be evidence; the sentence says why.
    """
    content = stream.read(_MOST_BYTES + 1)
    ending = PurePath(name.replace("\\", "/")).suffix.lower()
    for english, thai in _faults(content, ending):
        raise BadInputError(
            problem=f"“{name}” {english}",
            problem_thai=f"ไฟล์ “{name}” {thai}",
            remedy=f"Nothing was handed in. Give one of: {', '.join(KNOWN)}, at most {MAX_MB} MB.",
            remedy_thai=f"ยังไม่ได้ส่งรายงาน โปรดแนบไฟล์ชนิด {', '.join(KNOWN)} ขนาดไม่เกิน {MAX_MB} MB",
        )
    return Attachment(name, content)


def _faults(content: bytes, ending: str) -> Iterator[tuple[str, str]]:
    if not content:
        yield "is empty.", "ว่างเปล่า"
    if len(content) > _MOST_BYTES:
        yield f"is larger than {MAX_MB} MB.", f"ใหญ่เกิน {MAX_MB} MB"
    if ending not in KNOWN:
        yield "is of a kind that is not taken.", "เป็นชนิดที่ระบบไม่รับ"
    if not _is_as_named(content, ending):
        yield "is not what its name says.", "มีเนื้อหาไม่ตรงกับนามสกุลไฟล์"
    if content.startswith(b"PK\x03\x04") and _unpacks_to_too_much(content):
        yield "unpacks to far more than it should.", "ขยายออกแล้วใหญ่ผิดปกติ"


def _is_as_named(content: bytes, ending: str) -> bool:
    if ending in _TEXT:
        return b"\0" not in content[:4096] and not content.startswith((b"MZ", b"\x7fELF", b"%PDF-", b"PK\x03\x04"))
    if ending in _BOXED:
        return content[4:8] == b"ftyp"
    return any(content.startswith(signature) and ending in endings for signature, endings in _SIGNATURES)


def _unpacks_to_too_much(content: bytes) -> bool:
    from io import BytesIO  # noqa: PLC0415 -- only packages need it

    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return sum(entry.file_size for entry in package.infolist()) > _MOST_UNPACKED
    except zipfile.BadZipFile:
        return True
