"""The base of values that are stored or sent as documents."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable document part; unknown fields are refused, so that a typing error in a file is seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")
