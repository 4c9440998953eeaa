"""What the office has made public: one frozen document at an address of its own, and what a public plan may say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.values import Value

LICENCE: Final = "CC BY 4.0"
LICENCE_ADDRESS: Final = "https://creativecommons.org/licenses/by/4.0/"

CLEAN: Final = 1
"""By which rules what is published was cleaned of names, places and devices; the ledger's line of it says so."""


class PublicKind(StrEnum):
    """What can be made public."""

    PLAN = "plan"
    REPORT = "report"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Publication:
    """One version of a document. What it says never changes; a newer one has the next number and its own address.

    Attributes:
        subject: What it is a version of: `2566`, `2566-q1`, or an assignment with the beginning of a file's hash.
        title: What the public reads as its name.
        file_name: Name under which it is handed out.
        withdrawn_at: When it stopped being public; its address says so from then on.
    """

    kind: PublicKind
    subject: str
    version: int
    fiscal_year_be: int
    title: str
    file_name: str
    sha256: str
    size_bytes: int
    published_at: datetime
    published_by: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""

    @property
    def is_public(self) -> bool:
        """Tell whether it may be read by everybody."""
        return self.withdrawn_at is None

    @property
    def key(self) -> str:
        """Its name in the ledger: `report 2566-q1 v2`."""
        return f"{self.kind} {self.subject} v{self.version}"


class PublicStep(Value):
    """A step as the public reads it: nothing but these fields."""

    text: str
    sub_steps: tuple[str, ...] = ()
    divisions: str
    start: date
    end: date
    reported: str


class PublicMeasure(Value):
    """A measure as the public reads it."""

    number: int
    title: str
    indicators: tuple[int, ...] = ()
    steps: tuple[PublicStep, ...]


class PublicPlan(Value):
    """A plan as the public reads it: a frozen document without a person's name."""

    office: str
    fiscal_year_be: int
    title: str
    revision: int
    in_force_on: date
    licence: str = LICENCE
    licence_address: str = LICENCE_ADDRESS
    measures: tuple[PublicMeasure, ...]
