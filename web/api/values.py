"""What the models of the interface share: days, versions, keys, and how strict they are."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Final

from fastapi import Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from services.record import LONGEST, plain_lines

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Model(BaseModel):
    """A document of the interface; unknown fields are refused, so that a typing error is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_written(value: object) -> object:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a day is written like 2026-12-01")  # pydantic wants ValueError
    return value


Day = Annotated[
    date,
    BeforeValidator(_as_written),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-12-01"]}),
]
"""A local date, Gregorian: `2026-12-01`."""


def _plain(value: object) -> object:
    return plain_lines(value) if isinstance(value, str) else value


FIRST_YEAR: Final = 2500
LAST_YEAR: Final = 2700

Year = Annotated[
    int, Field(strict=True, ge=FIRST_YEAR, le=LAST_YEAR, description="Fiscal year, Buddhist era.", examples=[2570])
]
Quarter = Annotated[
    int, Field(strict=True, ge=1, le=4, description="Quarter of the fiscal year; the first begins in October.")
]
Seen = Annotated[
    int,
    Field(
        strict=True,
        ge=1,
        le=1_000_000_000,
        description="`version` of what was read; if it was changed since, nothing is done (409).",
    ),
]
Flag = Annotated[bool, Field(strict=True)]
Words = Annotated[str, Field(max_length=LONGEST), BeforeValidator(_plain)]
"""A text of a person; a line's end counts as one character, however it was sent."""

NonEmpty = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=r"\S"), BeforeValidator(_plain)]
"""The same, with something in it."""

Line = Annotated[str, Field(max_length=400)]

_PLAIN: Final = r"^[^\x00-\x1f\x7f/\\]+$"
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=_PLAIN)]
"""A key in a body."""

Key = Annotated[str, Path(min_length=1, max_length=120, pattern=_PLAIN)]
PathYear = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR, description="Fiscal year, Buddhist era.")]
PathQuarter = Annotated[int, Path(ge=1, le=4)]
Number = Annotated[int, Path(ge=1, le=100_000)]
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
AskedYear = Annotated[
    int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR, description="Fiscal year, Buddhist era; the latest, if not given.")
]
AskedQuarter = Annotated[int | None, Query(ge=1, le=4)]
Limit = Annotated[int, Query(ge=1, le=200)]
