"""What may be kept as evidence: told by its content, whatever its name says."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO, Final
from urllib.parse import urlsplit

from domain.errors import BadInputError
from domain.figures import EvidenceLine
from domain.thai import thai_digits
from services.assignments.hand_in import Attachment, bare_name

MAX_MB: Final = 50
_MOST_BYTES: Final = MAX_MB * 1_000_000
_LEAST_SUSPECT: Final = 200_000_000
_MOST_GROWTH: Final = 60
_LONGEST_URL: Final = 2000
_PACKED: Final = b"PK\x03\x04"
_LISTED: Final = b"PK\x01\x02"
_MOST_ENTRIES: Final = 20_000
_PARTS: Final = {
    ".docx": "[Content_Types].xml",
    ".xlsx": "[Content_Types].xml",
    ".pptx": "[Content_Types].xml",
    ".odt": "mimetype",
    ".ods": "mimetype",
}
_IMAGES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_SIGNATURES: Final[tuple[tuple[bytes, frozenset[str]], ...]] = (
    (b"%PDF-", frozenset({".pdf"})),
    (b"\xff\xd8\xff", frozenset({".jpg", ".jpeg"})),
    (b"\x89PNG\r\n\x1a\n", frozenset({".png"})),
    (b"GIF87a", frozenset({".gif"})),
    (b"GIF89a", frozenset({".gif"})),
    (_PACKED, frozenset({".docx", ".xlsx", ".pptx", ".zip", ".odt", ".ods"})),
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
    name = bare_name(name)
    stream.seek(0)
    content = stream.read(_MOST_BYTES + 1)
    ending = PurePath(name).suffix.lower()
    for english, thai in _faults(content, ending):
        raise BadInputError(
            problem=f"“{name}” {english}",
            problem_thai=f"ไฟล์ “{name}” {thai}",
            remedy=f"Nothing was handed in. Give a picture, PDF, Word, Excel or ZIP of at most {MAX_MB} MB.",
            remedy_thai=f"ยังไม่ได้ส่งรายงาน โปรดแนบภาพ PDF Word Excel หรือ ZIP ขนาดไม่เกิน {thai_digits(MAX_MB)} MB",
        )
    return Attachment(name, content)


def _faults(content: bytes, ending: str) -> Iterator[tuple[str, str]]:
    if not content:
        yield "is empty.", "ว่างเปล่า"
    if len(content) > _MOST_BYTES:
        yield f"is larger than {MAX_MB} MB.", f"ใหญ่เกิน {thai_digits(MAX_MB)} MB"
    if ending not in KNOWN:
        yield "is of a kind that is not taken.", "เป็นชนิดที่ระบบไม่รับ"
    if not _is_as_named(content, ending):
        yield "is not what its name says.", "มีเนื้อหาไม่ตรงกับนามสกุลไฟล์"
    if content.startswith(_PACKED):
        yield from _faults_of_package(content, ending)


def _is_as_named(content: bytes, ending: str) -> bool:
    if ending in _TEXT:
        return b"\0" not in content[:4096] and not content.startswith((b"MZ", b"\x7fELF", b"%PDF-", b"PK\x03\x04"))
    if ending in _BOXED:
        return content[4:8] == b"ftyp"
    if ending == ".webp":
        return image_type(content[:16]) == "image/webp"
    return any(content.startswith(signature) and ending in endings for signature, endings in _SIGNATURES)


def _faults_of_package(content: bytes, ending: str) -> Iterator[tuple[str, str]]:
    """Only the list of contents is read; nothing is unpacked. A list without end is not even read."""
    if content.count(_LISTED) > _MOST_ENTRIES:
        yield "holds far too many files.", "มีไฟล์ย่อยมากผิดปกติ"
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        yield "is damaged.", "เสียหาย เปิดไม่ได้"
        return
    if sum(entry.file_size for entry in entries) > max(_LEAST_SUSPECT, _MOST_GROWTH * len(content)):
        yield "unpacks to far more than it should.", "ขยายออกแล้วใหญ่ผิดปกติ"
    needed = _PARTS.get(ending)
    if needed and all(entry.filename != needed for entry in entries):
        yield "is not what its name says.", "มีเนื้อหาไม่ตรงกับนามสกุลไฟล์"


def checked_link(text: str) -> EvidenceLine:
    """An address as evidence: it must be one that a browser opens from anywhere.

    Raises:
        BadInputError: The text is no web address, holds a password, or is too long.
    """
    url = "".join(sign for sign in text if sign.isprintable()).strip()
    try:
        parts = urlsplit(url)
        is_fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.username or parts.password)
    except ValueError:
        is_fine = False
    if not is_fine or len(url) > _LONGEST_URL or any(sign.isspace() for sign in url):
        raise BadInputError(
            problem=f"“{url[:80]}” is not the address of a page.",
            problem_thai=f"“{url[:80]}” ไม่ใช่ที่อยู่เว็บ",
            remedy="Copy it whole from the browser: it begins with https://",
            remedy_thai="โปรดคัดลอกที่อยู่ทั้งหมดจากเบราว์เซอร์ ซึ่งขึ้นต้นด้วย https://",
        )
    return EvidenceLine(name=url, sha256=hashlib.sha256(url.encode()).hexdigest(), url=url)


def image_type(head: bytes) -> str | None:
    """Type of an image that every browser shows and none runs, by its first bytes; None for anything else."""
    if head.startswith(b"RIFF"):
        return "image/webp" if head[8:12] == b"WEBP" else None
    return next((kind for sign, kind in _IMAGES if head.startswith(sign)), None)
