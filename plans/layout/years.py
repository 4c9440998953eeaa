"""The fiscal year of a plan: printed on the title page, or told by the periods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.fiscal import EARLIEST, LATEST, FiscalYear
from plans import doubts
from plans.draft import Doubt, Source
from plans.words.periods import printed_years, read_period

_FEW: Final = 2


def fiscal_year(
    printed: Sequence[int], dated: Sequence[str], explicit: int | None, source: Source
) -> tuple[FiscalYear | None, list[Doubt]]:
    """Fiscal year that holds, and the doubt where it is not certain; None where nothing tells.

    Args:
        printed: Buddhist-era years of the title page.
        dated: Periods as printed, and month headings; those without a year do not count.
        explicit: The year that a person has given.
    """
    if explicit is not None:
        conflict = [be for be in printed if be != explicit]
        return FiscalYear(explicit), [doubts.fiscal_year_unclear(source, [explicit, *conflict])] if conflict else []
    dated = [text for text in dated if printed_years(text)]
    candidates = _by_fit(printed or _years_of(dated), dated)
    if len(printed) == 1:
        other = _contradicting(candidates[0], dated)
        if other is None:
            return FiscalYear(candidates[0]), []
        candidates = [other, *candidates]
    year = FiscalYear(candidates[0]) if candidates else None
    return year, [doubts.fiscal_year_unclear(source, candidates)]


def _by_fit(candidates: Sequence[int], dated: Sequence[str]) -> list[int]:
    """The years, the one that holds the most of the printed periods first."""
    return sorted(candidates, key=lambda be: -sum(_is_within(text, be) for text in dated))


def _is_within(text: str, be: int) -> bool:
    year = FiscalYear(be)
    reading = read_period(text, year)
    return reading is not None and reading.start in year.span and reading.end in year.span


def _contradicting(be: int, dated: Sequence[str]) -> int | None:
    """The year beside it that all dated periods lie in, while not all lie in this one."""
    if len(dated) < _FEW or 2 * sum(_is_within(text, be) for text in dated) > len(dated):
        return None
    near = (other for other in (be - 1, be + 1) if EARLIEST <= other <= LATEST)
    return next((other for other in near if all(_is_within(text, other) for text in dated)), None)


def _years_of(dated: Sequence[str]) -> list[int]:
    years = [year for text in dated for year in printed_years(text)[-1:]]
    return sorted(dict.fromkeys(years), key=lambda year: -years.count(year))
