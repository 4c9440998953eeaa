"""The English catalogue: every key once, every key said somewhere, every word that Python says in it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from web.view.catalogue import ENGLISH, FOLDER
from web.view.render import ROOT

_THAI = re.compile("[ก-๎]")
_ROOMS = ("web", "cli", "services", "domain", "plans", "reports", "notifications")
_PYTHON = [path for path in sorted(ROOT.rglob("*.py")) if "api" not in path.parent.name]  # programs get both languages


def texts(node: ast.AST) -> Iterator[ast.Constant]:
    """Texts below a node."""
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one


def unsaid(tree: ast.Module) -> set[int]:
    """Texts that no template says: docstrings, and those that stand beside their English in the same place."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            found.update(id(one) for one in texts(node) if one is node.value)
        is_beside = (isinstance(node, ast.Assign) and any("thai" in ast.unparse(t) for t in node.targets)) or (
            isinstance(node, ast.keyword) and (node.arg or "").endswith("thai")
        )
        if is_beside or isinstance(node, ast.JoinedStr):
            found.update(id(one) for one in texts(node))
    return found


def test_every_key_stands_once() -> None:
    keys = [
        key for file in sorted(FOLDER.glob("*.json")) for key, _ in json.loads(file.read_text(), object_pairs_hook=list)
    ]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_every_key_is_said_somewhere() -> None:
    constants = {
        one.value
        for room in _ROOMS
        for path in (ROOT.parent / room).rglob("*.py")
        for one in texts(ast.parse(path.read_text(encoding="utf-8")))
    }
    templates = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    assert [key for key in ENGLISH if key not in constants and key not in templates] == []


@pytest.mark.parametrize("path", _PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_word_that_python_says_has_its_english(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out = unsaid(tree)
    said = {str(one.value) for one in texts(tree) if id(one) not in left_out}
    assert {text for text in said if _THAI.search(text) and text not in ENGLISH} == set()


def test_no_english_is_left_in_thai() -> None:
    assert {thai for thai, english in ENGLISH.items() if _THAI.search(english) and english == thai} == set()
