"""What the national assessment asks for in each fiscal year: indicators and the two O-items of this product.

Numbers and titles change from year to year, so they are data (`catalogue.json`), each with how sure it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Final, Literal

from pydantic import Field

from domain.thai import arabic_digits, thai_digits
from domain.values import Value

_ITEM: Final = re.compile(r"(?<![A-Za-z])([OoＯ]\s?)([0-9]{1,2}|[๐-๙]{1,2})(?![0-9๐-๙])")
_YEAR: Final = re.compile(r"(?<![0-9๐-๙])(25[0-9]{2}|๒๕[๐-๙]{2})(?![0-9๐-๙])")


class Certainty(StrEnum):
    """How sure an entry is; only a sure one changes a text without being asked."""

    SURE = "sure"
    """Found in public material, and nothing speaks against it."""
    LIKELY = "likely"
    """Known, but not found in writing."""
    DISPUTED = "disputed"
    """What was found disagrees."""


class Item(Value):
    """An O-item; an empty title is not known."""

    number: int
    title: str = ""


class Indicator(Value):
    """An indicator under the name it has from `since` to `until`, fiscal years, both included."""

    number: Annotated[int, Field(ge=1, le=10)]
    name: str
    instrument: Literal["IIT", "EIT", "OIT"]
    since: int | None = None
    until: int | None = None

    def is_of(self, fiscal_year_be: int) -> bool:
        """Tell whether the indicator has this name in a year."""
        return (self.since is None or self.since <= fiscal_year_be) and (
            self.until is None or fiscal_year_be <= self.until
        )


class YearOfItems(Value):
    """The two O-items of a fiscal year: the plan of measures and the report on them."""

    fiscal_year_be: int
    items_in_all: int
    measures: Item
    report: Item
    certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True)
class Renumbered:
    """An O-item in another year.

    Attributes:
        after: Its number there; None where the catalogue does not know it.
        is_sure: Whether it may be replaced without asking.
    """

    before: int
    after: int | None
    is_sure: bool
    why: str


class Catalogue(Value):
    """Everything known, by year."""

    indicators: tuple[Indicator, ...]
    years: tuple[YearOfItems, ...]

    def year(self, fiscal_year_be: int) -> YearOfItems | None:
        """Items of a fiscal year; None where nothing is known of it."""
        return next((items for items in self.years if items.fiscal_year_be == fiscal_year_be), None)

    def indicator(self, number: int, fiscal_year_be: int) -> Indicator | None:
        """An indicator as it is called in a fiscal year."""
        return next((i for i in self.indicators if i.number == number and i.is_of(fiscal_year_be)), None)

    def renamed(self, source: int, target: int) -> dict[str, str]:
        """Names of indicators that differ between two fiscal years, old to new."""
        pairs = ((i, self.indicator(i.number, target)) for i in self.indicators if i.is_of(source))
        return {old.name: new.name for old, new in pairs if new is not None and new.name != old.name}

    def renumbered(self, number: int, source: int, target: int) -> Renumbered:
        """An O-item of one fiscal year in another."""
        old, new = self.year(source), self.year(target)
        if old is None or new is None:
            unknown = source if old is None else target
            return Renumbered(number, None, is_sure=False, why=f"nothing is known of the items of {unknown}")
        pairs = {old.measures.number: new.measures.number, old.report.number: new.report.number}
        if number not in pairs:
            why = "only the items of the measures and of their report are known"
            return Renumbered(number, None, is_sure=False, why=why)
        unsure = [year for year in (old, new) if year.certainty is not Certainty.SURE]
        why = "; ".join(f"{year.fiscal_year_be} is {year.certainty}: {year.source}" for year in unsure)
        return Renumbered(number, pairs[number], is_sure=not unsure, why=why)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue that comes with the product."""
    return Catalogue.model_validate_json((files("domain") / "catalogue.json").read_text("utf-8"))


def items_in(text: str) -> Iterator[int]:
    """Numbers of the O-items a text names, in order."""
    return (int(arabic_digits(match[2])) for match in _ITEM.finditer(text))


def years_in(text: str) -> Iterator[int]:
    """Buddhist-era years a text names, in order."""
    return (int(arabic_digits(match[1])) for match in _YEAR.finditer(text))


def with_items(text: str, renumber: Callable[[int], int]) -> str:
    """`text` with the O-items renumbered, in the digits it is written in."""
    return _ITEM.sub(lambda match: match[1] + _as_written(match[2], renumber), text)


def with_years(text: str, by: int) -> str:
    """`text` with every Buddhist-era year moved, in the digits it is written in."""
    return _YEAR.sub(lambda match: _as_written(match[1], lambda year: year + by), text)


def _as_written(digits: str, change: Callable[[int], int]) -> str:
    number = change(int(arabic_digits(digits)))
    return str(number) if digits.isascii() else thai_digits(number)
