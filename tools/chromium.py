"""Where Chromium is on this machine. Its bare form comes first: without windows and menus it costs half as much."""

from __future__ import annotations

import shutil
from typing import Final

NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
MISSING: Final = "There is no Chromium. Debian: apt-get install chromium-headless-shell"


def chromium() -> str | None:
    """Path of the program; None where there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)
