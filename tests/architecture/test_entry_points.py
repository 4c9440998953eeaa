"""Every program of ours closes what it writes to other users first, or is a child that inherits that."""

from __future__ import annotations

import ast
from typing import Final

import pytest

import services.prepare
import services.setup.prepare
from tests.architecture.rooms import ROOT, SOURCES, name_of, parsed

INHERITS: Final = {
    "services/prepare.py": "another name of services.setup.prepare, whose main() it runs",
    "plans/guard.py": "started by plans.apart in a folder that is its own and gone afterwards",
    "services/assignments/pdf_preview.py": "as plans.guard",
    "services/reporting/public_copy.py": "as plans.guard",
    "services/rehearsal/rehearse_apart.py": "as plans.guard",
    "reports/build_template.py": "makes what is part of the program, in a checkout",
    "reports/fonts/build.py": "as reports.build_template",
}
FIRST: Final = {"enter", "os.umask"}


def programs() -> dict[str, ast.Module]:
    """Modules that are run: by `python -m`, or by the script of the package."""
    found = {name_of(path): parsed(path) for path in SOURCES if '__name__ == "__main__"' in path.read_text("utf-8")}
    return {**found, "cli/app.py": parsed(ROOT / "cli/app.py")}


def calls(function: ast.FunctionDef) -> list[str]:
    return [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("name", sorted(set(programs()) - set(INHERITS)))
def test_a_program_sets_the_rights_of_what_it_writes(name: str) -> None:
    (main,) = (node for node in programs()[name].body if isinstance(node, ast.FunctionDef) and node.name == "main")
    assert FIRST & set(calls(main)), f"{name}: the first line of main() is enter()"


def test_those_that_inherit_it_are_programs() -> None:
    assert set(INHERITS) <= set(programs())


def test_the_name_of_the_preparation_before_the_wings_goes_on() -> None:
    assert services.prepare.main is services.setup.prepare.main
