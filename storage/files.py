"""Files under the SHA-256 of their bytes: evidence and reports."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from pathlib import Path

from storage.errors import DiskFullError


class FileStore:
    """Keeps bytes under their SHA-256. A file is there whole or not at all, whenever the process dies."""

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        """Keep files below `root`; `durable` files survive a power cut."""
        self._root = root
        self._durable = durable

    def path(self, sha256: str) -> Path:
        """Where the bytes lie, whether they are there or not."""
        return self._root / sha256[:2] / sha256

    def put(self, content: bytes, *, what: str = "The file", what_thai: str = "ไฟล์") -> str:
        """Store bytes and return their SHA-256; storing them again changes nothing.

        Raises:
            DiskFullError: They cannot be written; nothing is left behind.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        target = self.path(sha256)
        if not target.exists():
            try:
                self._write(target, content)
            except OSError as error:
                raise DiskFullError(
                    what=what, what_thai=what_thai, why=error.strerror or str(error), where=self._root
                ) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """Bytes of a stored file.

        Raises:
            FileNotFoundError: Nothing is stored under this hash.
        """
        return self.path(sha256).read_bytes()

    def _write(self, target: Path, content: bytes) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        part_file = target.parent / f".part-{secrets.token_hex(8)}"
        try:
            # Not tempfile's: with the rights that the process gives, for a home may be shared by a group.
            with part_file.open("xb") as part:
                part.write(content)
                part.flush()
                if self._durable:
                    os.fsync(part.fileno())
            part_file.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                part_file.unlink()
            raise
        if self._durable:
            _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
