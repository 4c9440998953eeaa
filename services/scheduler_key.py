"""The authentication string of Prefect's API: a file of its own in the service's folder, read by that user alone.

Whoever has it decides what our worker runs, so it is no right of an office's administrator but of the machine's.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from services.secret_file import made_once

KEY_FILE: Final = "prefect.auth"
KEY_VARIABLE: Final = "PREFECT_API_AUTH_STRING"
"""Where Prefect's own clients look for it; never a command line, which every user of the machine can read."""
_KEY_BYTES: Final = 32


def key_file(folder: Path) -> Path:
    """The file it stands in."""
    return folder / KEY_FILE


def made_key(folder: Path) -> str:
    """The string; made now where there is none.

    Raises:
        OSError: The folder cannot be written, or the file not be read.
    """
    return made_once(key_file(folder), lambda: secrets.token_urlsafe(_KEY_BYTES).encode()).decode().strip()


def kept_key(folder: Path) -> str:
    """The string; empty where there is none, or where it is not ours to read: Prefect then says that we may not."""
    with suppress(OSError, UnicodeDecodeError):
        return key_file(folder).read_text(encoding="ascii").strip()
    return ""
