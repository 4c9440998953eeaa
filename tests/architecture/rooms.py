"""The packages of the project and their modules, for tests that look at source text."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
ROOMS: Final = ("cli", "domain", "flows", "notifications", "plans", "reports", "services", "storage", "tasks", "web")
SOURCES: Final = tuple(sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")))


def name_of(path: Path) -> str:
    """Path from the project's root, with forward slashes: `services/wiring.py`."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """Syntax tree of a module, not to be changed: the next test gets the same."""
    return ast.parse(path.read_text("utf-8"), name_of(path))
