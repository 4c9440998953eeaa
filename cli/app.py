"""The command line: `sucharit …`."""

from __future__ import annotations

import gc

# A command lives for a second: looking for garbage while half a million objects come in costs it a tenth of that.
gc.set_threshold(100_000, 50, 50)

import sys  # noqa: E402 -- after the line above
from io import TextIOWrapper  # noqa: E402 -- after the line above

import typer  # noqa: E402 -- after the line above

from cli import account, clock, deadline, office, plan, secret, service, up, work  # noqa: E402 -- after the line above
from services.setup.entry import enter  # noqa: E402 -- after the line above

app = typer.Typer(
    name="sucharit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # a wrong option is named in a plain line, not in a box that wraps
    help="Carries a local authority's integrity plan from its table to dated work, escalation and signed reports.",
)

app.command("up")(up.up)
app.command()(plan.rehearse)
app.command()(work.assignments)
app.command()(work.show)
app.command("hand-in")(work.hand_in)
app.command()(work.accept)
app.command()(work.confirm)
app.command("return")(work.return_)
app.command()(work.extend)
app.command("cannot-do")(work.cannot_do)
app.command()(work.ack)
app.command()(work.withdraw)
app.command()(service.outbox)
app.command()(service.mailbox)
app.command("audit")(service.audit_)
app.command()(service.doctor)
app.add_typer(plan.app, name="plan")
service.schedule_app.command()(deadline.deadline)
app.add_typer(service.schedule_app, name="schedule")
app.add_typer(service.report_app, name="report")
app.add_typer(service.ledger_app, name="ledger")
app.add_typer(office.office_app, name="office")
app.add_typer(office.post_app, name="post")
app.add_typer(account.app, name="account")
app.add_typer(clock.app, name="clock")
app.add_typer(office.holiday_app, name="holiday")
app.add_typer(office.demo_app, name="demo")
app.add_typer(secret.secret_app, name="secret")


def main() -> None:
    """Run the command line; what it prints is UTF-8, for a file it is printed into is read as that again."""
    enter()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    app()
