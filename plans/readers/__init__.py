"""One reader per file format; all yield the same raw document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from plans.errors import EmptyFileError, MissingFileError, UnknownFormatError
from plans.raw import RawDocument
from plans.readers import comma, doc, docx, html, pdf, tabbed, xlsx

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
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnknownFormatError(file=path.name, known=" ".join(sorted(READERS)))
    return reader(content, path.name)
