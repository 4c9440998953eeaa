"""Whoever switches a check off says why: in the line, or beside the setting."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from tests.architecture.rooms import ROOT, SOURCES, name_of

_BARE: Final = re.compile(r"# noqa(?!: [A-Z0-9, ]+ -- \S)")


def bare(path: Path) -> list[str]:
    lines = enumerate(path.read_text("utf-8").splitlines(), start=1)
    return [f"{name_of(path)}:{number}" for number, line in lines if _BARE.search(line)]


def test_a_check_switched_off_in_a_line_says_why() -> None:
    own = [path for folder in ("tests", "tools", "bench") for path in (ROOT / folder).rglob("*.py")]
    looked_at = [path for path in (*SOURCES, *own) if path != Path(__file__)]
    assert len(looked_at) > 500
    assert [place for path in looked_at for place in bare(path)] == []


def test_a_check_switched_off_for_files_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    section = text.split("[tool.ruff.lint.per-file-ignores]\n", 1)[1].split("\n\n", 1)[0]
    rules = [line for line in section.splitlines() if '"' in line and not line.endswith(" = [")]
    assert len(rules) > 8
    assert [line for line in rules if " # " not in line] == []
