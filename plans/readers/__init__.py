"""One reader per file format; all yield the same raw document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from plans.errors import (
    DamagedFileError,
    EmptyFileError,
    MisnamedFileError,
    MissingFileError,
    OldOfficeFileError,
    ScannedFileError,
    UndecodableFileError,
    UnknownFormatError,
)
from plans.raw import RawDocument
from plans.readers import comma, doc, docx, html, pdf, tabbed, xlsx
from plans.readers.contents import PICTURES, kind_of_content

Reader = Callable[[bytes, str], RawDocument]

READERS: Final[Mapping[str, Reader]] = {
    ".csv": comma.read,
    ".doc": doc.read,
    ".docx": docx.read,
    ".htm": html.read,
    ".html": html.read,
    ".ods": doc.read,
    ".odt": doc.read,
    ".pdf": pdf.read,
    ".rtf": doc.read,
    ".tsv": tabbed.read,
    ".txt": tabbed.read,
    ".xls": doc.read,
    ".xlsm": xlsx.read,
    ".xlsx": xlsx.read,
}
"""Reader by the ending of the file's name; a new format is one module and one line here."""


def read_raw(path: Path) -> RawDocument:
    """Raw document of a file.

    Raises:
        PlanFileError: The file is missing, empty, of an unknown kind or damaged beyond reading.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MissingFileError(file=path.name, reason=error.strerror or type(error).__name__) from error
    if not content.strip():
        raise EmptyFileError(file=path.name)
    try:
        return _reader(path)(content, path.name)
    except OldOfficeFileError:
        raise
    except (DamagedFileError, UndecodableFileError, UnknownFormatError):
        _blame_name(path, content)
        raise


def _reader(path: Path) -> Reader:
    suffix = path.suffix.lower()
    if suffix in PICTURES:
        raise ScannedFileError(file=path.name)
    if suffix not in READERS:
        raise UnknownFormatError(file=path.name, known=" ".join(sorted(READERS)))
    return READERS[suffix]


def _blame_name(path: Path, content: bytes) -> None:
    """Say so where the content is of a known kind that the name does not promise."""
    kind = kind_of_content(content)
    if kind is None or path.suffix.lower() in kind.suffixes:
        return
    if kind.suffixes == PICTURES:
        raise ScannedFileError(file=path.name)
    raise MisnamedFileError(
        file=path.name, kind=kind.english, kind_thai=kind.thai, called=path.suffix or "-", better=kind.suffixes[0]
    )
