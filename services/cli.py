"""The command line: `sucharit …`."""

from __future__ import annotations

import gc

# A command lives for a second: looking for garbage while half a million objects come in costs it a tenth of that.
gc.set_threshold(100_000, 50, 50)

import sys  # noqa: E402
from io import TextIOWrapper  # noqa: E402

import typer  # noqa: E402

from services import (  # noqa: E402
    cli_office,
    cli_plan,
    cli_service,
    cli_up,
    cli_work,
)

app = typer.Typer(
    name="sucharit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # a wrong option is named in a plain line, not in a box that wraps
    help="Carries a local authority's integrity plan from its table to dated work, escalation and signed reports.",
)

app.command("up")(cli_up.up)
app.command()(cli_plan.rehearse)
app.command()(cli_work.assignments)
app.command()(cli_work.show)
app.command("hand-in")(cli_work.hand_in)
app.command()(cli_work.accept)
app.command("return")(cli_work.return_)
app.command()(cli_work.extend)
app.command("cannot-do")(cli_work.cannot_do)
app.command()(cli_work.ack)
app.command()(cli_work.withdraw)
app.command()(cli_service.outbox)
app.command()(cli_service.mailbox)
app.command("audit")(cli_service.audit_)
app.command()(cli_service.doctor)
app.add_typer(cli_plan.app, name="plan")
app.add_typer(cli_service.schedule_app, name="schedule")
app.add_typer(cli_service.report_app, name="report")
app.add_typer(cli_service.ledger_app, name="ledger")
app.add_typer(cli_office.office_app, name="office")
app.add_typer(cli_office.post_app, name="post")
app.add_typer(cli_office.holiday_app, name="holiday")
app.add_typer(cli_office.demo_app, name="demo")


def main() -> None:
    """Run the command line; what it prints is UTF-8, for a file it is printed into is read as that again."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    app()
