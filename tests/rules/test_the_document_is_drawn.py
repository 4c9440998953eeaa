"""docs/escalation.md draws each rule from a case; what it shows is what the use cases do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rules.drawing import drawn

DOCUMENT = (Path(__file__).parents[2] / "docs" / "escalation.md").read_text(encoding="utf-8")
DRAWN = dict(re.findall(r"<!-- drawn: ([\w-]+) -->\n\n(\|.+?)(?:\n\n|\Z)", DOCUMENT, re.DOTALL))


@pytest.mark.parametrize("case", sorted(DRAWN))
def test_an_example_is_what_is_played(case: str) -> None:
    assert DRAWN[case].strip() == drawn(case)


def test_every_rule_has_its_example() -> None:
    rules = re.findall(r"^## (.+)$", DOCUMENT, re.MULTILINE)
    assert len(DRAWN) == len(re.findall("<!-- drawn: ", DOCUMENT)) >= len(rules)
