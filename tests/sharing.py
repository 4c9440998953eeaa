"""How processes share the tests: whole files, those with one server together, the longest last."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped] # it has none

HERE: Final = Path(__file__).parent
ALONE: Final = "test_the_year_runs"
PARTED: Final = "test_random_years_agree"
LONGEST: Final = (ALONE, "test_every_page")


def place(file: Path) -> tuple[int, bool]:
    """Where a file comes: Prefect's servers live to the end, and a browser's event loop is in the way of others."""
    folder = file.relative_to(HERE).parts[0]
    return ("flows", "browser").index(folder) + 1 if folder in {"flows", "browser"} else 0, file.stem not in LONGEST


class Sharing(LoadFileScheduling):  # type: ignore[misc] # xdist's schedulers are untyped
    """Each file to one process, but for one in parts.

    All that speak to one Prefect server go to the same, or each would start its own.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if PARTED in file:
            return nodeid
        is_shared = file.startswith("tests/flows/") and ALONE not in file
        return "tests/flows" if is_shared else file
