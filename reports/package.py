"""Packs the parts of a document into one file whose bytes depend on the parts only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Final

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip entry can bear: the hour of writing must not change a document's hash."""
_UNIX: Final = 3
_PLAIN_FILE: Final = 0o600 << 16


def pack(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Zip file of the named parts, in the order given."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, content)
    return target.getvalue()


def repack(document: bytes) -> bytes:
    """Return the same parts in the same order, without the times of writing."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return pack([(entry.filename, archive.read(entry)) for entry in archive.infolist()])
