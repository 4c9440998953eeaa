"""The official calendar: Thai public and government holidays, and the office's exceptions from them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final

from domain.office import OfficeSettings
from domain.workdays import HolidayOverride, Workdays

NOT_OURS: Final = frozenset({"วันแรงงานแห่งชาติ", "วันเด็กแห่งชาติ"})
"""Days the library counts as public on which government offices work (research, documents 7)."""

_SUBSTITUTE: Final = "ชดเชย"


@lru_cache(maxsize=8)
def official_holidays(first: int, last: int) -> dict[date, str]:
    """Days off of government offices in the Gregorian years `first` to `last`, by day, with their Thai names.

    Cabinet days are included as the library knows them; later ones are entered as the office's own exceptions.
    """
    from holidays import country_holidays  # noqa: PLC0415 -- 0.2 s that most commands need not pay

    official = country_holidays("TH", categories=("public", "government"), language="th", years=range(first, last + 1))
    return {day: name for day in sorted(official) if (name := _official_name(official.get_list(day)))}


def _official_name(names: list[str]) -> str:
    return ", ".join(name for name in names if not any(other in name for other in NOT_OURS))


def workdays_of(settings: OfficeSettings, overrides: Iterable[HolidayOverride], first: int, last: int) -> Workdays:
    """Calendar of an office for the Gregorian years `first` to `last`; around them a year more is known."""
    return _workdays(settings, tuple(overrides), first, last)


@lru_cache(maxsize=64)
def _workdays(settings: OfficeSettings, overrides: tuple[HolidayOverride, ...], first: int, last: int) -> Workdays:
    # The same calendar remembers the days it has counted before.
    return Workdays.build(
        official_holidays(first - 1, last + 1),
        overrides,
        zone=settings.zone,
        notify_at=settings.notify_at,
        close_at=settings.close_at,
    )
