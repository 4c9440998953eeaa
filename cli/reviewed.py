"""What `sucharit plan import` and `plan diff` are given: a review file, and answers beside it."""

from __future__ import annotations

import shlex
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cli.base import warn
from domain.errors import BadInputError
from domain.fiscal import FiscalYear
from domain.plan import Plan
from services.desk import Desk

if TYPE_CHECKING:
    from plans.review import Review


def review_in(file: Path, fiscal_year: int | None, *, may_move: bool) -> Review:
    """The review in a file, answered and complete: what the document leaves open comes before what the office asks."""
    from plans.draft import OF_OFFICE  # noqa: PLC0415 -- only this command needs it
    from plans.review.to_plan import to_plan  # noqa: PLC0415 -- only this command needs it
    from services.rehearsal.rehearse import read_review_file  # noqa: PLC0415 -- only this command needs it

    review = read_review_file(file)
    own = [doubt for doubt in review.doubts if doubt.kind not in OF_OFFICE or doubt.answer is not None]
    be = to_plan(review.model_copy(update={"doubts": own})).fiscal_year_be
    if fiscal_year is not None and FiscalYear(fiscal_year).be != be and not may_move:
        raise BadInputError(
            problem=f"The document is of fiscal year {be}, and --fiscal-year says {fiscal_year}.",
            remedy="With --move-year its periods are moved by whole years; without --fiscal-year it keeps its own.",
        )
    return review


def reviewed(
    review: Review, fiscal_year: int | None, desk: Desk, now: datetime, answers: dict[str, str], command: str
) -> Plan:
    """The plan of the review, once the office has nothing left to ask, in the year that was said."""
    from plans.review.to_plan import to_plan  # noqa: PLC0415 -- only this command needs it
    from services.planning.meet_office import answered_at_once, met  # noqa: PLC0415 -- only this command needs it

    asked = met(review, desk, now, is_year_said=fiscal_year is not None)
    plan = to_plan(answered_at_once(asked, answers, command=command, option='--answer "{id}={choices}"'))
    if fiscal_year is None or fiscal_year == plan.fiscal_year_be:
        return plan
    moved = plan.rolled_to(FiscalYear(fiscal_year))
    warn(
        f"The document is of fiscal year {plan.fiscal_year_be}: every period is moved by whole years to {fiscal_year}; "
        "other years in its texts stay."
    )
    return moved


def answers_in(texts: list[str] | None) -> dict[str, str]:
    """Question of the office to its answer."""
    pairs = [text.partition("=") for text in texts or []]
    if bad := next(("".join(pair) for pair in pairs if not pair[2].strip()), None):
        raise BadInputError(problem=f"“{bad}” is no answer.", remedy="Write it like --answer other_authority=ours.")
    return {name.strip(): answer.strip() for name, _, answer in pairs}


def units_in(texts: list[str] | None) -> dict[str, list[str]]:
    """Name in the plan to the divisions it means."""
    answers: dict[str, list[str]] = {}
    for text in texts or []:
        name, sign, divisions = text.rpartition("=")
        named = [division.strip() for division in divisions.split(",") if division.strip()]
        if not (sign and name.strip() and named):
            raise BadInputError(problem=f"“{text}” names no division.", remedy='Write it like --unit "กองคลงั=khlang".')
        answers[name.strip()] = named
    return answers


def again(verb: str, file: Path, fiscal_year: int | None, office: str | None) -> str:
    """The command as it was typed, for the sentence that asks for more of it."""
    words = ["sucharit plan", verb, shlex.quote(str(file))]
    words += [] if fiscal_year is None else [f"--fiscal-year {fiscal_year}"]
    return " ".join(words + ([] if office is None else [f"--office {office}"]))
