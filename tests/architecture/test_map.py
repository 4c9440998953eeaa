"""The map for strangers: its links lead somewhere, and the five things that are looked for first are where it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.rooms import ROOMS, ROOT, name_of

MAP: Final = ROOT / "docs" / "architecture.md"
PAGES: Final = (MAP, ROOT / "docs" / "glossary.md", ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md")
_LINK: Final = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
ANSWERS: Final = {
    "the text of a reminder": ("notifications/messages/reminder/text.j2", "ใกล้ครบกำหนด"),
    "the rung three working days after the deadline": ("domain/ladder.py", "Rung(offset=3, to=(Level.CLERK,))"),
    "the table of states and moves": ("domain/moves.py", "MOVES: Final"),
    "who may see a page": ("domain/rights.py", "GIVES: Final"),
    "the report's template": ("reports/templates/quarter.docx", None),
}
"""What a stranger looks for, the place, and words that must stand there."""


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = _LINK.findall(page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("question", ANSWERS)
def test_the_map_answers_what_is_looked_for_first(question: str) -> None:
    place, words = ANSWERS[question]
    row = next(line for line in MAP.read_text("utf-8").splitlines() if line.startswith(f"| {question} |"))
    assert f"](../{place})" in row
    assert words is None or words in (ROOT / place).read_text("utf-8")


def test_the_map_draws_every_room() -> None:
    text = MAP.read_text("utf-8")
    assert [room for room in ROOMS if f"{room}/" not in text] == []


def test_one_step_leads_from_the_readme_to_the_map() -> None:
    assert "(docs/architecture.md)" in (ROOT / "README.md").read_text("utf-8")
