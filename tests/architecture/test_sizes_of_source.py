"""No file and no function grows beyond what one reads at a sitting."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

from tests.architecture.rooms import ROOT, SOURCES, name_of, parsed

LINES_OF_A_FILE: Final = 400
LINES_OF_A_FUNCTION: Final = 60

BESIDE_THE_ROOMS: Final = ("bench", "tests", "tools")
OWN: Final = tuple(
    path
    for path in (*SOURCES, *(path for folder in BESIDE_THE_ROOMS for path in sorted((ROOT / folder).rglob("*.py"))))
    if "storage/migrations/" not in name_of(path)  # what ran once in somebody's database is never rewritten
)


def _too_long(path: Path) -> list[str]:
    functions = (node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    long = ((node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions)
    return [f"{name_of(path)} {name}: {lines} lines" for name, lines in long if lines > LINES_OF_A_FUNCTION]


def test_no_file_is_longer_than_one_reads() -> None:
    lines = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in OWN}
    assert {name: count for name, count in lines.items() if count > LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_one_sees() -> None:
    assert [line for path in OWN for line in _too_long(path)] == []
