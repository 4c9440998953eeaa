"""A form that comes back: what is wrong with it, what was typed, and the status of its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Refused:
    """Faults and typed words by field; every page's form has one, which is empty until something is refused."""

    faults: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    status: int = 422


BLANK: Final = Refused(status=200)
