"""The oracle knows the rules from their page only, so it may use nothing of the project."""

from __future__ import annotations

import ast
from pathlib import Path

ALLOWED = {"__future__", "ast", "collections", "copy", "dataclasses", "datetime", "enum", "hypothesis", "pathlib"} | {
    "pydantic",
    "pytest",
    "typing",
}


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or ".")
    return found


def test_oracle_imports_nothing_of_the_project() -> None:
    for path in Path(__file__).parent.glob("*.py"):
        foreign = {name for name in imported(path) if not name.startswith("tests.oracle")}
        assert {name.split(".")[0] for name in foreign} <= ALLOWED, path.name
