"""The English of every word on the pages, one file a group of pages; a test finds the ones that are missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "english"
ENGLISH: Final[dict[str, str]] = {
    thai: english
    for file in sorted(FOLDER.glob("*.json"))
    for thai, english in json.loads(file.read_text(encoding="utf-8")).items()
}
