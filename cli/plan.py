"""`sucharit plan …` and `sucharit rehearse`."""

from __future__ import annotations

import gc
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.base import (
    ByOption,
    OfficeOption,
    changing,
    follow,
    in_words,
    say,
    say_table,
    say_woken,
    the_office,
    warn,
)
from cli.reviewed import again, answers_in, review_in, reviewed, units_in
from cli.stored import imported_at, of_number, stored_plan, to_activate
from domain.errors import BadInputError
from domain.fiscal import FiscalYear
from domain.thai import arabic_digits
from services.days import day_of
from services.wiring import system

if TYPE_CHECKING:
    from plans.draft import Draft
    from plans.review import Review

app = typer.Typer(no_args_is_help=True, help="Read, review, import and activate plans.")

PlanFile = Annotated[Path, typer.Argument(help="The office's own document.", show_default=False)]
YearOption = Annotated[int | None, typer.Option("--fiscal-year", help="Buddhist-era year, e.g. 2570.")]
ReviewFile = Annotated[Path, typer.Argument(help="The review file with its answers.", show_default=False)]
UnitOption = Annotated[
    list[str] | None,
    typer.Option(
        "--unit", help='Which division a name in the plan means: "กองคลงั=khlang"; may be given again, is remembered.'
    ),
]
MoveOption = Annotated[
    bool, typer.Option("--move-year", help="Move every period of a document of another year into --fiscal-year.")
]
AnswerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--answer",
        help="What the office asks about the plan: other_authority=ours, other_year=as_printed; may be given again.",
    ),
]
ProposalsOption = Annotated[
    bool, typer.Option("--accept-proposals", help="Take the division proposed for every name that is asked about.")
]


@app.command()
def read(
    file: PlanFile,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="The draft as data; `plan schema` describes it.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Each value beside the cell it was read from.")] = False,
    review: Annotated[
        Path | None, typer.Option(help="Write the review file here, for the doubts to be answered.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="An earlier review of this plan, whose answers hold where nothing has changed.")
    ] = None,
    fiscal_year: YearOption = None,
    office: Annotated[
        str | None, typer.Option(help="Ask in the review file, too, what this office asks about a plan of another.")
    ] = None,
) -> None:
    """Read a plan document and show the draft with every doubt; nothing is stored."""
    from plans.guard import guarded_read_plan  # noqa: PLC0415 -- only this command needs it
    from plans.review import review_of, write_review  # noqa: PLC0415 -- only this command needs it
    from plans.review.carry import carry, in_lines  # noqa: PLC0415 -- commands load only what they need
    from services.rehearsal.rehearse import read_review_file  # noqa: PLC0415 -- only this command needs it

    with in_words():
        if review is not None and review.exists():
            raise BadInputError(
                problem=f"{review} is there already and may hold answers.", remedy="Name another file, or remove it."
            )
        if answers is not None and review is None:
            raise BadInputError(
                problem="The answers have no file to go to.", remedy="Name a new review file with --review."
            )
        if office is not None and review is None:
            raise BadInputError(
                problem="The office's questions have no file to go to.", remedy="Name a new review file with --review."
            )
        earlier = read_review_file(answers) if answers is not None else None
        if as_json and explain:
            raise BadInputError(problem="--json and --explain are two ways of showing.", remedy="Give one of them.")
        draft = guarded_read_plan(file, fiscal_year)
        carried = carry(earlier, review_of(draft)) if earlier is not None else None
        if review is not None:
            read = review_of(draft) if carried is None else carried.review
            write_review(read if office is None else _met(read, office), review)
        say(_shown(draft, as_json=as_json, explain=explain))
        if carried is not None:
            warn("\n".join(in_lines(carried, str(answers))))
        if review is not None:
            warn(f"Answer the questions in {review}, then: sucharit plan import {review}")


def _met(review: Review, office: str) -> Review:
    """The review with what the office asks about it."""
    from services.planning.meet_office import met  # noqa: PLC0415 -- only this command needs it

    with system().reading(the_office(office)) as desk:
        return met(review, desk, system().clock())


def _shown(draft: Draft, *, as_json: bool, explain: bool) -> str:
    if explain:
        from plans.explain import as_explanation  # noqa: PLC0415 -- only this command needs it

        return as_explanation(draft)
    from plans import show  # noqa: PLC0415 -- only this command needs it

    return show.as_json(draft) if as_json else show.as_text(draft)


@app.command()
def schema() -> None:
    """Print the JSON schema of a draft, as `plan read --json` gives it."""
    from plans.schema import as_schema  # noqa: PLC0415 -- only this command needs it

    say(as_schema())


@app.command("import")
def import_(
    file: ReviewFile,
    *,
    unit: UnitOption = None,
    accept_proposals: ProposalsOption = False,
    answer: AnswerOption = None,
    by: ByOption = "admin",
    office: OfficeOption = None,
    fiscal_year: YearOption = None,
    move_year: MoveOption = False,
) -> None:
    """Store a reviewed plan and show what it changes. Open doubts and unknown names are refused, each by name."""
    from services.planning.match_units import settle_units  # noqa: PLC0415 -- only this command needs it
    from services.planning.plans import import_plan, preview  # noqa: PLC0415 -- only this command needs it
    from services.planning.revision_text import preview_lines  # noqa: PLC0415 -- only this command needs it

    with in_words():
        review, units = review_in(file, fiscal_year, may_move=move_year), units_in(unit)
        now, key = system().clock(), the_office(office)
        command = again("import", file, fiscal_year, office) + (" --move-year" if move_year else "")
        with changing(key, now) as desk:
            plan = reviewed(review, fiscal_year, desk, now, answers_in(answer), command)
            desk = settle_units(  # noqa: PLW2901 -- the office as it is with the answers
                desk, plan, units, accepts_proposals=accept_proposals, command=command, by=by, now=now
            )
            seen = preview(desk, plan, now)
            done = import_plan(desk, plan, by=by, now=now)
            lines = list(preview_lines(seen, desk))
            desk.uow.commit()
        steps = sum(1 for _ in plan.steps())
        what = "Stored as" if done.is_new else "Already there as"
        say(f"{what} revision {done.stored.revision} of fiscal year {plan.fiscal_year_be}: "
            f"{len(plan.measures)} measures, {steps} steps.")  # fmt: skip
        if done.is_new and seen.base is not None:
            say("\n".join(lines))
        say(to_activate(done.stored, key))


@app.command()
def diff(
    file: ReviewFile,
    *,
    unit: UnitOption = None,
    accept_proposals: ProposalsOption = False,
    answer: AnswerOption = None,
    office: OfficeOption = None,
    fiscal_year: YearOption = None,
) -> None:
    """Show what a reviewed plan would change beside the plan of its year; nothing is stored."""
    from services.planning.match_units import settle_units  # noqa: PLC0415 -- only this command needs it
    from services.planning.plans import preview  # noqa: PLC0415 -- only this command needs it
    from services.planning.revision_text import preview_lines  # noqa: PLC0415 -- only this command needs it

    with in_words():
        review, units = review_in(file, fiscal_year, may_move=True), units_in(unit)
        now, command = system().clock(), again("diff", file, fiscal_year, office)
        with system().desk(the_office(office)) as desk:  # never committed: the answers hold for this look only
            plan = reviewed(review, fiscal_year, desk, now, answers_in(answer), command)
            settled = settle_units(
                desk, plan, units, accepts_proposals=accept_proposals, command=command, by="", now=now
            )
            say("\n".join(preview_lines(preview(settled, plan, now), settled)))


@app.command()
def activate(
    *,
    fiscal_year: Annotated[int, typer.Option(help="Buddhist-era year, e.g. 2570.")],
    revision: Annotated[int | None, typer.Option(help="Needed where several are not in force.")] = None,
    since: Annotated[str | None, typer.Option(help="Day from which it is in force; today, if not given.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Also where quarters of the year are over.")] = False,
    by: ByOption = "admin",
    office: OfficeOption = None,
) -> None:
    """Put a stored plan into force: its measures are scheduled, and what opens first is told."""
    from services.planning.plans import put_into_force  # noqa: PLC0415 -- only this command needs it
    from services.planning.revision_text import effect_lines, upcoming_lines  # noqa: PLC0415 -- only this command needs it

    with in_words():
        key, now, year = the_office(office), system().clock(), FiscalYear(fiscal_year)
        on = day_of(since) if since else None
        with changing(key, now) as desk:
            wanted = stored_plan(desk, year, revision)
            first_day = next((p.in_force_on for p in desk.plans if p.plan.fiscal_year_be == year.be), None)
            done = put_into_force(desk, wanted, by=by, now=now, on=on, accepts_past=yes)
            lines = [] if done.effect.is_empty else list(effect_lines(done.effect, desk))
            lines += upcoming_lines(done.upcoming, done.desk)
            desk.uow.commit()
        stored = done.stored
        if stored is not wanted:
            say(f"Revision {wanted.revision} never was in force and a later one is: it is stored again as "
                f"revision {stored.revision}, with the same content.")  # fmt: skip
        if since and first_day:
            say(f"--since {on} is ignored: a plan of the year has been in force since {first_day}, and deadlines must "
                "not move because a wording does.")  # fmt: skip
        say(f"Revision {stored.revision} of fiscal year {fiscal_year} is in force.")
        say("\n".join(lines))
        say_woken(follow(desk), "Its measures are being scheduled: sucharit schedule show")


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="The review file to write.", show_default=False)],
    *,
    fiscal_year: Annotated[int, typer.Option(help="Buddhist-era year, e.g. 2570.")],
    revision: Annotated[int | None, typer.Option(help="The one in force, else the newest, if not given.")] = None,
    office: OfficeOption = None,
) -> None:
    """Write a stored plan as a review file without doubts, to be edited and imported again."""
    from plans.review import write_review  # noqa: PLC0415 -- only this command needs it
    from services.planning.export_plan import as_review  # noqa: PLC0415 -- only this command needs it
    from services.planning.plans import base_of  # noqa: PLC0415 -- only this command needs it

    with in_words():
        if out.exists():
            raise BadInputError(problem=f"{out} is there already.", remedy="Name another file, or remove it.")
        year = FiscalYear(fiscal_year)
        with system().reading(the_office(office)) as desk:
            revisions = desk.uow.plans.of_year(year.be)
            usual = base_of(revisions)
            stored = of_number(revisions, revision or (usual.revision if usual else 1), year)
            write_review(as_review(stored.plan, desk.office), out)
        say(f"Revision {stored.revision} of fiscal year {fiscal_year} is in {out}.")
        carried = sum(step.carried_from is not None for _, step in stored.plan.steps())
        if carried:
            warn(f"{carried} steps were carried over from an earlier year; the file does not say so of them.")


@app.command("list")
def list_(*, office: OfficeOption = None) -> None:
    """List the stored plans; of each year the revision that holds says since when."""
    with in_words(), system().reading(the_office(office)) as desk:
        holds = {(p.plan.fiscal_year_be, p.revision) for p in desk.plans}
        rows = [
            (
                p.plan.fiscal_year_be,
                p.revision,
                p.in_force_on if (p.plan.fiscal_year_be, p.revision) in holds else "replaced" if p.in_force_on else "-",
                imported_at(p, desk),
                p.imported_by,
                len(p.plan.measures),
                sum(1 for _ in p.plan.steps()),
                p.plan.content_hash[:12],
            )
            for p in desk.uow.plans.all()
        ]
        head = ("year", "revision", "in force since", "imported at", "by", "measures", "steps", "sha256")
        say_table(head, rows)


@app.command("roll-over")
def roll_over_(
    *,
    from_: Annotated[int, typer.Option("--from", help="Year of the plan in force.")],
    to: Annotated[int, typer.Option("--to", help="Year it is carried into.")],
    carry: Annotated[
        bool, typer.Option("--carry", help="Make steps of what is not finished, for the first quarter.")
    ] = False,
    shift_years: Annotated[bool, typer.Option("--shift-years", help="Move the years in the texts as well.")] = False,
    item: Annotated[
        list[str] | None, typer.Option("--item", help="What an O-item becomes: O42=O34; may be given again.")
    ] = None,
    by: ByOption = "admin",
    office: OfficeOption = None,
) -> None:
    """Carry a plan into another fiscal year; the copy is not in force until it is activated."""
    from services.planning.revision_text import early_lines, rolled_lines  # noqa: PLC0415 -- only this command needs it
    from services.planning.roll_over import roll_over  # noqa: PLC0415 -- only this command needs it

    with in_words():
        now, source, target, items = system().clock(), FiscalYear(from_), FiscalYear(to), _items(item)
        key = the_office(office)
        with changing(key, now) as desk:
            done = roll_over(desk, source, target, carries=carry, shifts_years=shift_years, items=items, by=by, now=now)
            lines = list(rolled_lines(done, desk, carries=carry))
            desk.uow.commit()
        what = "Stored as" if done.imported.is_new else "Already there as"
        for line in early_lines(done):
            say(line)
        say(f"{what} revision {done.imported.stored.revision} of fiscal year {to}.")
        say("\n".join(lines))
        if done.leftover.to_carry and not carry:
            say(f"To take them into the new plan: sucharit plan roll-over --from {from_} --to {to} --carry")
        say(to_activate(done.imported.stored, key))


def _items(texts: list[str] | None) -> dict[int, int]:
    """O-item of the old year to that of the new one."""
    items = {}
    for text in texts or []:
        match = re.fullmatch(r"[Oo]?(\d{1,2})=[Oo]?(\d{1,2})", arabic_digits("".join(text.split())))
        if match is None:
            raise BadInputError(problem=f"“{text}” names no two O-items.", remedy="Write it like --item O42=O34.")
        items[int(match[1])] = int(match[2])
    return items


def rehearse(
    file: Annotated[Path, typer.Argument(help="A plan document or a review file.")],
    *,
    fiscal_year: YearOption = None,
    silent: Annotated[list[str] | None, typer.Option(help="A division that never acts; may be given again.")] = None,
    undecided: Annotated[
        list[str] | None, typer.Option(help="A division whose results nobody decides; may be given again.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="New folder for mails, reports and lists.")] = None,
    office: Annotated[str | None, typer.Option(help="Use this office's people and settings.")] = None,
) -> None:
    """Play a whole fiscal year on a simulated clock: every mail, every report, who is told of what is late."""
    from services.office.usual_office import usual_office, usual_people  # noqa: PLC0415 -- only this command needs it
    from services.rehearsal.rehearsal_text import as_text  # noqa: PLC0415 -- only this command needs it
    from services.rehearsal.rehearse import plan_on_trial  # noqa: PLC0415 -- only this command needs it
    from services.rehearsal.rehearse import rehearse as play  # noqa: PLC0415 -- only this command needs it

    # Half a million short-lived values and nothing to free: the collector would look through them a hundred times.
    gc.set_threshold(100_000, 50, 50)
    with in_words():
        trial = plan_on_trial(file, FiscalYear(fiscal_year) if fiscal_year is not None else None)
        if office is None:
            of, people, holidays = usual_office(), usual_people(), []
        else:
            with system().reading(office) as desk:
                of, people, holidays = desk.office, desk.people, desk.uow.holidays.all()
        done = play(trial.plan, of, people, holidays, silent=silent or [], undecided=undecided or [], out=out)
        say(as_text(done, trial.open_doubts, is_usual=office is None))
        if out is not None:
            say(f"Mails, reports and lists are in {out}")
