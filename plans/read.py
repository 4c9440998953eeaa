"""The door of this room: a file in, a draft out."""

from __future__ import annotations

from pathlib import Path

from domain.fiscal import FiscalYear
from plans.draft import Draft
from plans.layout.assemble import assemble
from plans.readers import read_raw


def read_plan(path: Path, *, fiscal_year_be: int | None = None) -> Draft:
    """Draft of the plan in a file: every value with its source, every doubt beside.

    Args:
        path: The office's own document.
        fiscal_year_be: Buddhist-era fiscal year, for a file that does not print it or prints it wrong.

    Raises:
        PlanFileError: The file cannot be read as a plan; the subclass says why.
        UnknownFiscalYearError: The fiscal year given cannot be one.
    """
    if fiscal_year_be is not None:
        FiscalYear(fiscal_year_be)
    return assemble(read_raw(path), fiscal_year_be)
