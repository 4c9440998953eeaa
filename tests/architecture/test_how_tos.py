"""CONTRIBUTING names what must be looked at to add something: every file that speaks of an existing example."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.rooms import ROOMS, ROOT

TEXT: Final = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
_KINDS: Final = {".py", ".j2", ".html", ".yaml", ".txt"}
_SECTION: Final = re.compile(r"^## (Add [^\n]+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
HOW_TOS: Final = dict(_SECTION.findall(TEXT))


def candidates() -> list[Path]:
    """Files of the rooms, and the table of who may open a page; migrations stay as they were written."""
    found = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in _KINDS]
    own = [path for path in found if not {"migrations", "examples", "__pycache__"} & set(path.parts)]
    return [*own, ROOT / "tests" / "web" / "permissions.txt"]


@pytest.mark.parametrize("title", sorted(HOW_TOS))
def test_a_how_to_names_every_file_that_speaks_of_its_example(title: str) -> None:
    pattern = re.compile(re.findall(r"<!-- files: (.*?) -->", HOW_TOS[title])[0], re.MULTILINE)
    named = set(re.findall(r"^- `([^`]+)`", HOW_TOS[title], re.MULTILINE))
    speaking = {
        path.relative_to(ROOT).as_posix()
        for path in candidates()
        if pattern.search(path.relative_to(ROOT).as_posix()) or pattern.search(path.read_text("utf-8"))
    }
    assert named == speaking


def test_there_is_one_for_what_is_added_most_often() -> None:
    assert sorted(HOW_TOS) == [
        "Add a notice kind", "Add a page", "Add a plan format", "Add a report kind", "Add a state",
    ]  # fmt: skip
