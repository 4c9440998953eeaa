"""How the templates are written: lines that fit on a screen, and parts that say what they are."""

from __future__ import annotations

from typing import Final

from tests.architecture.rooms import ROOT, name_of

LONGEST_LINE: Final = 160
PAGES: Final = sorted((ROOT / "web" / "templates").rglob("*.html"))
LETTERS: Final = sorted((ROOT / "notifications" / "messages").rglob("*.j2"))


def test_no_line_of_a_template_is_longer_than_a_screen() -> None:
    long = {
        f"{name_of(path)}:{number}": len(line)
        for path in (*PAGES, *LETTERS)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST_LINE
    }
    assert len(PAGES) > 70
    assert len(LETTERS) > 40
    assert long == {}


def test_a_part_of_a_page_says_in_its_first_line_what_it_is() -> None:
    firsts = {name_of(path): path.read_text(encoding="utf-8").partition("\n")[0] for path in PAGES}
    parts = {name: line for name, line in firsts.items() if not line.startswith(('{% extends "', "<!doctype html>"))}
    assert len(parts) > 10
    assert [name for name, line in parts.items() if not (line.startswith("{# ") and line.endswith(". #}"))] == []
