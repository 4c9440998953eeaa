"""What a look at a change shows: deadlines in words, and a mark of what was seen, so that nothing else is done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.desk import Desk
from services.office.holidays import Moved


@dataclass(frozen=True, slots=True)
class DeadlineChange:
    """A deadline that a change moves, in words."""

    id: str
    step: str
    division: str
    before: date
    after: date


def moving(desk: Desk, moved: Moved) -> DeadlineChange:
    """The deadline with its step and division."""
    assignment = desk.uow.assignments.get(moved.id)
    wording = desk.wording(assignment.fiscal_year_be, assignment.measure_key, assignment.step_key)
    step = wording[1].text if wording else moved.id
    return DeadlineChange(moved.id, step, desk.division_name(assignment.division), moved.before, moved.after)


def mark_of(lines: Iterable[object]) -> str:
    """What was seen, in any order."""
    return hashlib.sha256("\n".join(sorted(map(str, lines))).encode()).hexdigest()
