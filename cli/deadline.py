"""`sucharit schedule deadline …`: another deadline for one assignment, or for all open ones of a step in a period."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.base import ByOption, changing, follow, in_words, say, say_table, say_woken
from cli.service import MeasureArgument
from domain.errors import BadInputError
from services.assignments import deadlines
from services.assignments.deadlines import ChangedDeadline, NextNotice
from services.days import day_of
from services.schedule.schedule import MeasureKey, check_in_force
from services.wiring import system


def deadline(
    measure: MeasureArgument,
    *,
    to: Annotated[str, typer.Option(help="The new day; a day off becomes the next working day.")],
    reason: Annotated[str, typer.Option(help="Why; it is told to the officers.")],
    assignment: Annotated[str, typer.Option("--one", help="Only this assignment.")] = "",
    step: Annotated[str, typer.Option(help="All that are open of this step, with --period.")] = "",
    period: Annotated[str, typer.Option(help="For instance q1, m10 or once.")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Only show what would move.")] = False,
    by: ByOption = "admin",
) -> None:
    """Set another deadline, earlier or later, and tell the officers why."""
    with in_words():
        key, day, now = MeasureKey.parse(measure), day_of(to), system().clock()
        with changing(key.office, now) as desk:
            assignments = deadlines.can_change(
                desk, check_in_force(desk, key), assignment_id=assignment, step=step, period=period
            )
            if not assignments:
                raise BadInputError(
                    problem="Nothing that is open was named.", remedy="Give --one ID, or --step and --period."
                )
            changed = deadlines.change(desk, assignments, day, reason=reason, by=by, now=now)
            if not preview:
                desk.uow.commit()
        _say(changed, preview=preview)
        if changed and not preview:
            say_woken(follow(desk, key), "The schedules are being applied again.")


def _say(changed: list[ChangedDeadline], *, preview: bool) -> None:
    rows = [
        (
            change.after.id,
            change.before.due_on,
            change.after.due_on,
            _next(change.next_after),
            ", ".join(change.recipients),
        )
        for change in changed
    ]
    say_table(("assignment", "was due", "due", "next notice", "told"), rows)
    say(f"{len(changed)} deadlines {'would change; nothing was changed' if preview else 'changed'}.")


def _next(notice: NextNotice | None) -> str:
    return f"{notice.on} to {', '.join(notice.to)}" if notice else ""
