"""Where a page's template is found: in the folder that is named like the page's own."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

from tests.architecture.rooms import ROOT, SOURCES, name_of, parsed

TEMPLATES: Final = ROOT / "web" / "templates"
_NEEDED: Final = re.compile(r"""(?:extends|import|include|from)\s+["']([\w/]+\.html)["']""")


def rendered() -> list[tuple[str, str]]:
    """Modules of `web/` with the templates that they name."""
    return [
        (name_of(path), node.value)
        for path in SOURCES
        if name_of(path).startswith("web/")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html")
    ]


def folder_of(module: str) -> str:
    """Folder of the templates of a module: `web/pages/work/inbox.py` has `work`, `web/view/…` what all pages share."""
    parts = Path(module).parts
    return parts[2] if parts[:2] == ("web", "pages") else "layout"


def test_a_template_lies_in_the_folder_of_the_page_that_renders_it() -> None:
    found = rendered()
    assert len(found) > 50
    assert [(module, name) for module, name in found if name.split("/")[0] != folder_of(module)] == []


def test_every_template_is_there_and_used() -> None:
    there = {path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    used = {name for _, name in rendered()} | {name for text in there.values() for name in _NEEDED.findall(text)}
    assert used == set(there)
