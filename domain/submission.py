"""What a division says of its assignment: the result, that it cannot be done, that it needs more time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from domain.figures import Answer
from domain.waiting import Wait


class CannotDoReason(StrEnum):
    """The four reasons officials know from the NACC's reporting form (research, thai-domain 2)."""

    NO_BUDGET = "no_budget"
    POLICY_CHANGED = "policy_changed"
    NO_STAFF = "no_staff"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The reason as the form words it."""
        return _REASON_LABELS[self]


_REASON_LABELS: Final = {
    CannotDoReason.NO_BUDGET: "ไม่ได้รับงบประมาณ",
    CannotDoReason.POLICY_CHANGED: "นโยบายผู้บริหารเปลี่ยนแปลง",
    CannotDoReason.NO_STAFF: "บุคลากรไม่เพียงพอ",
    CannotDoReason.OTHER: "อื่น ๆ",
}


@dataclass(frozen=True, slots=True)
class Submission:
    """What a division reports. Problems and suggestions are text, or `ไม่มี` confirmed by a person.

    Attributes:
        effective_on: Local date to which the result belongs, which may be earlier than the day of handing in.
        evidence: SHA-256 of each file, in the order given.
    """

    result: str
    problems: Answer
    suggestions: Answer
    effective_on: date
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """A division asks for a later deadline; `wait` is None only in what was stored before waits were."""

    due_on: date
    reason: str
    by: str
    wait: Wait | None = None
