"""Office files are zip archives of XML: opened without trusting what they say of themselves."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import IO, Any, Final

from lxml import etree

from plans.errors import DamagedFileError, OldOfficeFileError, ProtectedFileError, TooLargeFileError

MOST_BYTES: Final = 50_000_000
"""Most bytes of one part that is kept in memory; the text of a plan is a hundredth of it."""

_MOST_STREAMED: Final = 600_000_000  # unpacked in two or three seconds, and never kept
_MOST_NODES: Final = 2_000_000  # of about 120 bytes each once parsed; an attribute costs two
_MOST_ENTRIES: Final = 20_000
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 64  # longer than any mark that two pieces can cut in two
_LARGE: Final = 8_000_000  # a sheet of a thousand rows is a twentieth of it
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")  # encrypted files and those of before 2007
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_ENTRY: Final = b"PK\x01\x02"
_IS_ENCRYPTED: Final = 0x1
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # others unpack without a bound
_UNPACKING_ERRORS: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, LookupError, ValueError, NotImplementedError,
    etree.XMLSyntaxError,
)  # fmt: skip


def local_name(element: Any) -> str:
    """Name without its namespace, of which each format has two (the strict one is rare)."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def local_value(element: Any, name: str) -> str:
    """Attribute of this name in any namespace; empty if there is none."""
    return next((str(value) for key, value in element.items() if key.rpartition("}")[2] == name), "")


class Package:
    """The parts of an open file; made by `opened`.

    What is read is counted over all parts: a hundred of the largest size are no better than one that is too large.
    """

    def __init__(self, archive: zipfile.ZipFile, file: str) -> None:
        self.file = file
        self._archive = archive
        self._nodes = _MOST_NODES
        self._streamed = _MOST_STREAMED
        self._kept = MOST_BYTES
        self._names = {name.lower(): name for name in archive.namelist()}

    def has(self, name: str) -> bool:
        """Tell whether there is such a part; case does not count, as in Office."""
        return name.lower() in self._names

    def root(self, name: str) -> Any:
        """Root of a part; nothing outside the file is fetched and no entity is unfolded."""
        with self.stream(name) as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise self.too_large(MOST_BYTES)
        self._nodes -= content.count(b"<") + 2 * content.count(b"=")
        if self._nodes < 0:
            raise self.too_large(MOST_BYTES)
        root = etree.fromstring(content, parser())
        if root.getroottree().docinfo.doctype:  # no office program writes one: only entities need it
            raise zipfile.BadZipFile(name)
        return root

    def size(self, name: str) -> int:
        """Most bytes that a part can yield."""
        return self._archive.getinfo(self._names.get(name.lower(), name)).file_size

    def stream(self, name: str) -> IO[bytes]:
        """Bytes of a part; what the archive says of its size is the most that is unpacked."""
        part = self._archive.getinfo(self._names.get(name.lower(), name))
        if part.flag_bits & _IS_ENCRYPTED:
            raise ProtectedFileError(file=self.file)
        if part.compress_type not in _METHODS:
            raise NotImplementedError(name)
        self._streamed -= part.file_size
        if self._streamed < 0:
            raise self.too_large(_MOST_STREAMED)
        return self._archive.open(part)

    def chunks(self, name: str, *, values: Sequence[bytes], end: re.Pattern[bytes]) -> Iterator[bytes]:
        """A part in pieces; a large one without the rows below its last value, which only have formats.

        Args:
            name: Name of the part.
            values: What stands behind every value.
            end: What stands behind the last row.
        """
        keep = go_on = 0
        if self.size(name) > _LARGE:
            with self.stream(name) as stream:
                keep, go_on = _empty_end(_pieces(stream), values, end)
        self._kept -= keep + self.size(name) - go_on
        if self._kept < 0:
            raise self.too_large(MOST_BYTES)
        with self.stream(name) as stream:
            for start, chunk in _pieces(stream):
                yield chunk[: max(keep - start, 0)] + chunk[max(go_on - start, 0) :]

    def main(self) -> str:
        """Name of the part with the content; only the relation says which it is."""
        for target in self.related("", "officeDocument").values():
            return target
        raise KeyError("officeDocument")

    def related(self, part: str, kind: str) -> Mapping[str, str]:
        """Names of the parts that a part points to as this kind, by the relation's id; links out are left out."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if part and not self.has(relations):
            return {}
        return {
            relation.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:]
            for relation in self.root(relations)
            if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External"
        }

    def too_large(self, most: int) -> TooLargeFileError:
        """The error for a part of more than `most` bytes."""
        size = f"{most // 1_000_000} MB"
        return TooLargeFileError(file=self.file, most=size, most_thai=size)


def _pieces(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Pieces of a stream, each with its distance from the beginning."""
    start = 0
    while chunk := stream.read(_CHUNK):
        yield start, chunk
        start += len(chunk)


def _empty_end(
    pieces: Iterable[tuple[int, bytes]], values: Sequence[bytes], data_end: re.Pattern[bytes]
) -> tuple[int, int]:
    """Where the row of the last value ends and where the data end; zeros where that is not to be seen."""
    keep = go_on = 0
    is_open = False
    tail = b""
    for start, chunk in pieces:
        window = tail + chunk
        last = max(window.rfind(value) for value in values)
        is_open = is_open or last >= len(tail) - _OVERLAP
        end = window.find(b"row>", max(last, 0)) if is_open else -1
        if end >= 0:
            keep, is_open = start - len(tail) + end + len(b"row>"), False
        if match := data_end.search(window):
            go_on = start - len(tail) + match.start()
        tail = window[-_OVERLAP:]
    return (keep, go_on) if 0 < keep <= go_on else (0, 0)


def parser() -> Any:
    """A parser that fetches nothing and keeps the limits of the library on depth and length."""
    return etree.XMLParser(**PARSING)


PARSING: Final[Mapping[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


@contextmanager
def opened(content: bytes, file: str, kind: Mapping[str, str]) -> Iterator[Package]:
    """Open a file for reading its parts; what goes wrong while it is open means that the file is damaged.

    Args:
        content: The whole file.
        file: Its name, for the message.
        kind: `kind` and `kind_thai`, what it should have been.

    Raises:
        ProtectedFileError: The file has a password.
        OldOfficeFileError: It is of before 2007.
        DamagedFileError: It is truncated or something else.
        TooLargeFileError: Unpacked it is larger than any plan.
    """
    if content.startswith(_OLE):
        raise ProtectedFileError(file=file) if _ENCRYPTED in content else OldOfficeFileError(file=file, **kind)
    if content.count(_ENTRY) > _MOST_ENTRIES:  # each is an object before the first part is read
        raise TooLargeFileError(file=file, most=f"{_MOST_ENTRIES} parts", most_thai=f"{_MOST_ENTRIES} ส่วน")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            yield Package(archive, file)
    except _UNPACKING_ERRORS as error:
        raise DamagedFileError(file=file, **kind) from error
