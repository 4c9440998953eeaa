"""`sucharit plan …` and `sucharit rehearse`."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import BadInputError, NotFoundError
from domain.fiscal import FiscalYear
from services.cli.base import (
    ByOption,
    OfficeOption,
    changing,
    in_words,
    parse_day,
    say,
    say_table,
    say_woken,
    the_office,
    warn,
)
from services.desk import Desk
from services.wake import wake_schedules
from services.wiring import system
from storage.offices import PlanRevision

app = typer.Typer(no_args_is_help=True, help="Read, review, import and activate plans.")

PlanFile = Annotated[Path, typer.Argument(help="The office's own document.", show_default=False)]
YearOption = Annotated[int | None, typer.Option("--fiscal-year", help="Buddhist-era year, e.g. 2570.")]


@app.command()
def read(
    file: PlanFile,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="The draft as data.")] = False,
    review: Annotated[
        Path | None, typer.Option(help="Write the review file here, for the doubts to be answered.")
    ] = None,
    fiscal_year: YearOption = None,
) -> None:
    """Read a plan document and show the draft with every doubt; nothing is stored."""
    from plans.read import read_plan  # noqa: PLC0415 -- commands load only what they need
    from plans.review import write_review  # noqa: PLC0415
    from plans.show import as_json as to_json  # noqa: PLC0415
    from plans.show import as_text  # noqa: PLC0415

    with in_words():
        if review is not None and review.exists():
            raise BadInputError(
                problem=f"{review} is there already and may hold answers.", remedy="Name another file, or remove it."
            )
        draft = read_plan(file, fiscal_year_be=fiscal_year)
        if review is not None:
            write_review(draft, review)
        say(to_json(draft) if as_json else as_text(draft))
        if review is not None:
            warn(f"Answer the questions in {review}, then: sucharit plan import {review}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The review file with its answers.")],
    *,
    by: ByOption = "admin",
    office: OfficeOption = None,
    fiscal_year: YearOption = None,
) -> None:
    """Store a reviewed plan. Open doubts are refused, each by name."""
    from plans.to_plan import to_plan  # noqa: PLC0415
    from services.plans import import_plan  # noqa: PLC0415
    from services.rehearse import read_review_file  # noqa: PLC0415

    with in_words():
        plan = to_plan(read_review_file(file))
        if fiscal_year is not None:
            plan = plan.rolled_to(FiscalYear(fiscal_year))
        at = system().clock()
        with changing(the_office(office), at) as desk:
            done = import_plan(desk, plan, by=by, at=at)
            desk.uow.commit()
        steps = sum(1 for _ in plan.steps())
        what = "Stored as" if done.is_new else "Already there as"
        say(f"{what} revision {done.stored.revision} of fiscal year {plan.fiscal_year_be}: "
            f"{len(plan.measures)} measures, {steps} steps.")  # fmt: skip
        say(f"Put it into force: sucharit plan activate --fiscal-year {plan.fiscal_year_be}")


@app.command()
def activate(
    *,
    fiscal_year: Annotated[int, typer.Option(help="Buddhist-era year, e.g. 2570.")],
    revision: Annotated[int | None, typer.Option(help="The newest, if not given.")] = None,
    since: Annotated[str | None, typer.Option(help="Day from which it is in force; today, if not given.")] = None,
    by: ByOption = "admin",
    office: OfficeOption = None,
) -> None:
    """Put a stored plan into force: its measures are scheduled."""
    from services.plans import activate as put_into_force  # noqa: PLC0415

    with in_words():
        key, at = the_office(office), system().clock()
        on = parse_day(since) if since else None
        with changing(key, at) as desk:
            stored = _stored(desk, FiscalYear(fiscal_year), revision)
            put_into_force(desk, stored, by=by, at=at, on=on)
            desk.uow.commit()
            version = desk.uow.ledger.head()[0]
        say(f"Revision {stored.revision} of fiscal year {fiscal_year} is in force.")
        say_woken(
            wake_schedules(system().scheduler, key, version),
            "Its measures are being scheduled: sucharit schedule show",
        )


def _stored(desk: Desk, year: FiscalYear, revision: int | None) -> PlanRevision:
    known = desk.uow.plans.of_year(year.be)
    if not known:
        raise NotFoundError(what="plan of fiscal year", key=year.be, remedy="`sucharit plan import FILE` stores one.")
    for stored in known:
        if stored.revision == (revision or known[-1].revision):
            return stored
    there = ", ".join(str(stored.revision) for stored in known)
    raise NotFoundError(
        what=f"revision of fiscal year {year.be} with number", key=revision, remedy=f"There is: {there}."
    )


@app.command("list")
def list_(*, office: OfficeOption = None) -> None:
    """List the stored plans."""
    with in_words(), system().reading(the_office(office)) as desk:
        rows = [
            (
                p.plan.fiscal_year_be,
                p.revision,
                p.in_force_on or "not in force",
                len(p.plan.measures),
                p.plan.content_hash[:12],
            )
            for p in desk.uow.plans.all()
        ]
        say_table(("year", "revision", "in force on", "measures", "sha256"), rows)


@app.command("roll-over")
def roll_over_(
    *,
    from_: Annotated[int, typer.Option("--from", help="Year of the plan in force.")],
    to: Annotated[int, typer.Option("--to", help="Year it is carried into.")],
    by: ByOption = "admin",
    office: OfficeOption = None,
) -> None:
    """Carry a plan into another fiscal year; the copy is not in force until it is activated."""
    from services.plans import roll_over  # noqa: PLC0415

    with in_words():
        at = system().clock()
        with changing(the_office(office), at) as desk:
            done = roll_over(desk, FiscalYear(from_), FiscalYear(to), by=by, at=at)
            desk.uow.commit()
        say(f"Stored as revision {done.stored.revision} of fiscal year {to}; every period is moved by whole years.")
        say(f"Put it into force: sucharit plan activate --fiscal-year {to}")


def rehearse(
    file: Annotated[Path, typer.Argument(help="A plan document or a review file.")],
    *,
    fiscal_year: YearOption = None,
    silent: Annotated[list[str] | None, typer.Option(help="A division that never acts; may be given again.")] = None,
    out: Annotated[Path | None, typer.Option(help="New folder for mails, reports and lists.")] = None,
    office: Annotated[str | None, typer.Option(help="Use this office's people and settings.")] = None,
) -> None:
    """Play a whole fiscal year on a simulated clock: every mail, every report, who is told of what is late."""
    from services.rehearsal_text import as_text  # noqa: PLC0415
    from services.rehearse import plan_on_trial  # noqa: PLC0415
    from services.rehearse import rehearse as play  # noqa: PLC0415
    from services.usual_office import usual_office, usual_people  # noqa: PLC0415

    # Half a million short-lived values and nothing to free: the collector would look through them a hundred times.
    gc.set_threshold(100_000, 50, 50)
    with in_words():
        trial = plan_on_trial(file, FiscalYear(fiscal_year) if fiscal_year is not None else None)
        if office is None:
            done = play(trial.plan, usual_office(), usual_people(), silent=silent or [], out=out)
        else:
            with system().reading(office) as desk:
                holidays = desk.uow.holidays.all()
            done = play(trial.plan, desk.office, desk.people, holidays, silent=silent or [], out=out)
        say(as_text(done, trial.open_doubts, is_usual=office is None))
        if out is not None:
            say(f"Mails, reports and lists are in {out}")
