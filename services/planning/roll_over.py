"""Carry a plan into another fiscal year: its periods and words, and the work that its year leaves undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.catalogue import Catalogue, catalogue
from domain.errors import BadInputError
from domain.fiscal import FiscalYear
from domain.plan import Step
from services.desk import Desk
from services.planning.carry_unfinished import Leftover, leftover, with_carried, without_carried
from services.planning.plans import Imported, import_plan
from services.planning.shift_years import Shift, Words, shift_years


@dataclass(frozen=True, slots=True)
class RolledOver:
    """What was carried into the new year.

    Attributes:
        left_out: Steps that were themselves carried over from a year before and are not repeated.
        carried: Steps made of unfinished work.
    """

    imported: Imported
    shift: Shift
    leftover: Leftover
    left_out: tuple[Step, ...]
    carried: tuple[Step, ...]


def roll_over(
    desk: Desk,
    source: FiscalYear,
    target: FiscalYear,
    *,
    by: str,
    now: datetime,
    carries: bool = False,
    shifts_years: bool = False,
    items: Mapping[int, int] | None = None,
    indicators: Catalogue | None = None,
) -> RolledOver:
    """Store the plan in force as a plan of another fiscal year, not yet in force.

    Args:
        carries: Whether unfinished work becomes steps of the new plan.
        shifts_years: Whether the years in texts move with the plan; they are asked about otherwise.
        items: O-items of the source year to those of the target year, as a person says; they win.
        indicators: The catalogue; the product's own, if not given.

    Raises:
        NotFoundError: No plan of the source year is in force.
        BadInputError: It is carried into its own year, or an earlier one.
    """
    _check_years(source, target)
    own, left_out = without_carried(desk.document(source.be))
    words = Words(indicators or catalogue(), source.be, target.be, dict(items or {}), shifts_years)
    plan, shift = shift_years(own, words)
    left = leftover(desk, source, plan, words.text, now)
    plan, carried = with_carried(plan, left.to_carry, desk, target) if carries else (plan, ())
    return RolledOver(import_plan(desk, plan, by=by, now=now), shift, left, left_out, carried)


def _check_years(source: FiscalYear, target: FiscalYear) -> None:
    if source == target:
        raise BadInputError(
            problem=f"{source.be} is the plan's own year.",
            problem_thai=f"{source.be} เป็นปีของแผนเอง",
            remedy="Name another year with --to.",
            remedy_thai="โปรดระบุปีอื่น",
        )
    if target < source:
        raise BadInputError(
            problem=f"{target.be} comes before {source.be}.",
            problem_thai=f"ปี {target.be} อยู่ก่อนปี {source.be}",
            remedy="A plan is only carried forward.",
            remedy_thai="ยกแผนไปได้เฉพาะปีถัดไป",
        )
