"""`sucharit clock mend`: bring an office back whose ledger ran ahead of the clock."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cli.base import OfficeOption, in_words, say, say_table, the_office
from services.clock import in_utc
from services.wiring import system

app = typer.Typer(no_args_is_help=True, help="The clock that the ledger goes by.")


@app.callback()
def _group() -> None:
    """Keep `mend` a command of its own beside those to come."""


@app.command()
def mend(
    *,
    by: Annotated[str, typer.Option("--by", envvar="SUCHARIT_BY", help="Key of the administrator who says so.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this it is only shown.")] = False,
    office: OfficeOption = None,
) -> None:
    """Go on from what the clock shows now, where the ledger ran ahead; a line of the ledger says so for ever."""
    from services.operations.mend_clock import mend as mend_  # noqa: PLC0415 -- only this command needs it

    with in_words():
        key = the_office(office)
        with system().desk(key) as desk:
            done = mend_(desk, system().clock(), by=by)
            if yes:
                desk.uow.commit()
        say(f"The ledger of “{key}” reaches to {in_utc(done.since)}; the clock shows {in_utc(done.until)}.")
        counts = {**asdict(done.brought), "acknowledgments": len(done.lapsed)}
        for what, count in counts.items():
            if count:
                say(f"  {what:<16} {count} {'brought back' if yes else 'would be brought back'}")
        if done.left:
            say("These lines are of a time that has not come. They stay: look at each, and correct what it did.")
            say_table(
                ("line", "at (UTC)", "what", "who", "about"),
                [
                    (line.seq, f"{line.entry.at:%Y-%m-%d %H:%M}", line.entry.kind, line.entry.actor, line.entry.subject)
                    for line in done.left
                ],
            )
        if yes:
            say(
                "Mended. A line of the ledger says from when to when and who did it; `sucharit ledger verify` shows it."
            )
        else:
            say("Nothing was changed. Is the clock right now? Then repeat with --yes.")
