"""The office and the settings it decides for itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from domain.ladder import DEFAULT_LADDER, Ladder
from domain.thai import arabic_digits
from domain.values import Value

Days = Annotated[int, Field(ge=0, le=60)]
GivenDays = Annotated[int, Field(ge=1, le=60)]
"""Days that a rule gives: never none, or nobody could act in them."""


def _as_written(value: object) -> object:
    """A time as people write it, `08:30` or `๘.๓๐`; a bare number is refused, for YAML makes one of `8.30`."""
    if isinstance(value, str):
        return arabic_digits(value).replace(".", ":", 1) if ":" not in value else arabic_digits(value)
    if isinstance(value, int | float):
        raise ValueError('a time of day is written in quotes, like "08:30"')  # noqa: TRY004 -- pydantic wants ValueError
    return value


def _without_zone(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError('a time of day has no zone, write it like "08:30"')
    return value


TimeOfDay = Annotated[time, BeforeValidator(_as_written), AfterValidator(_without_zone)]
"""Local time of day."""


class OfficeKind(StrEnum):
    """Kind of local authority."""

    SAO = "sao"
    TAMBON_MUNICIPALITY = "tambon_municipality"
    TOWN_MUNICIPALITY = "town_municipality"
    CITY_MUNICIPALITY = "city_municipality"
    PROVINCIAL = "provincial"


class OfficeSettings(Value):
    """What an office decides; every length is in working days, every time local.

    Attributes:
        report_due: Days after the end of a period at which its assignments are due.
        correction: Days a division has for a returned assignment, at least.
        least_to_act: Days a division has at least when a plan comes into force after its periods began.
        decide_reminder: Days after which who must decide is reminded.
        decide_above: Days after which the level above is told as well.
        report_frozen: Days after a quarter at which its report is frozen though results are missing.
        is_reviewed: Whether a supervisor must accept what is handed in.
        audit_unit_is_meant: Whether `ทุกสำนัก/กอง` means หน่วยตรวจสอบภายใน too.
        prepared_by: Key of the division that writes the report's memo.
    """

    report_due: Days = 5
    correction: GivenDays = 3
    least_to_act: GivenDays = 5
    decide_reminder: GivenDays = 2
    decide_above: GivenDays = 5
    report_frozen: Days = 10
    is_reviewed: bool = True
    audit_unit_is_meant: bool = False
    prepared_by: str = "palad"
    ladder: Ladder = DEFAULT_LADDER
    time_zone: str = "Asia/Bangkok"
    notify_at: TimeOfDay = time(8, 30)
    close_at: TimeOfDay = time(16, 30)

    @property
    def zone(self) -> ZoneInfo:
        """Zone of every local date of the office."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Office:
    """One local authority; every row of every table belongs to one."""

    key: str
    name: str
    kind: OfficeKind
    district: str = ""
    province: str = ""
    settings: OfficeSettings = field(default_factory=OfficeSettings)
    is_demo: bool = False
