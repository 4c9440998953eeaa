from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.rooms import SOURCES, name_of, parsed
from tests.each import check_each


def test_every_module_says_in_one_line_what_it_is_for() -> None:
    def check(path: Path) -> None:
        text = ast.get_docstring(parsed(path)) or ""
        assert text.partition("\n")[0].endswith(".")

    check_each(SOURCES, check, name_of)
