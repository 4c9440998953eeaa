"""A file with a secret: made once, whole or not at all, for the service's own user alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def made_once(file: Path, content: Callable[[], bytes]) -> bytes:
    """What the file holds; written now, by whichever of several programs comes first, where there is none.

    Written beside and linked into place: the name stands for a whole file, and never for a second one.

    Raises:
        OSError: The folder cannot be written, or the file not be read.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
        try:
            _write_private(part, content())
            file.hardlink_to(part)
        except FileExistsError:
            pass  # another program was quicker, and its secret is the one
        finally:
            part.unlink(missing_ok=True)
        _sync_folder(file.parent)
    return file.read_bytes()


def _write_private(file: Path, content: bytes) -> None:
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _sync_folder(folder: Path) -> None:
    # The name of a new file lives in its folder: a power cut must not leave others knowing a lost secret.
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
