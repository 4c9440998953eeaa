from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.rooms import SOURCES, name_of, parsed


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_every_module_says_in_one_line_what_it_is_for(path: Path) -> None:
    text = ast.get_docstring(parsed(path)) or ""
    assert text.partition("\n")[0].endswith(".")
