"""Telling the clockwork of a change has one place for each door; a copy that forgets it would forget it in silence."""

from __future__ import annotations

import re
from typing import Final

from tests.architecture.rooms import SOURCES, name_of

TELLS: Final = {
    "web/changes.py": "every change of a page and of a program",
    "web/app.py": "ends the thread with the process",
    "web/pages/admin/founding.py": "the demonstration is gone, and no desk of it is left",
    "cli/base.py": "every change of a command",
    "cli/work.py": "a move that leaves the schedules as they are",
    "cli/office.py": "the demonstration, which no desk changes",
}
_TELLING: Final = re.compile(r"\bwaker\.|\bwake_(?:measure|schedules)\(")


def test_only_these_tell_the_clockwork_of_a_change() -> None:
    doors = (path for path in SOURCES if name_of(path).startswith(("web/", "cli/")))
    found = {name_of(path) for path in doors if _TELLING.search(path.read_text("utf-8"))}
    assert found == set(TELLS)
