"""`sucharit account …`: who may sign in to the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from cli.base import ByOption, OfficeOption, changing, in_words, say, say_table, the_office
from domain.thai import BANGKOK
from services.access.accounts import account_of, disable_account, link_to_set_password, make_account
from services.access.sign_in import sessions_of
from services.wiring import system

app = typer.Typer(no_args_is_help=True, help="Who may sign in to the pages; what they may do follows from their posts.")

PersonArgument = Annotated[str, typer.Argument(help="Key of the person; `sucharit office show` lists them.")]


@app.command("list")
def list_(*, office: OfficeOption = None) -> None:
    """List the accounts."""
    with in_words(), system().reading(the_office(office)) as desk:
        rows = [
            (
                account.person,
                desk.person_name(account.person),
                account.email,
                "set" if account.password_hash else "not set",
                "disabled" if account.is_disabled else "",
            )
            for account in desk.uow.accounts.all()
        ]
        say_table(("person", "name", "e-mail", "password", ""), rows)


@app.command()
def add(
    person: PersonArgument,
    *,
    email: Annotated[str | None, typer.Option(help="Address to sign in with; the person's own, if not given.")] = None,
    by: ByOption = "admin",
    office: OfficeOption = None,
) -> None:
    """Let a person sign in, or open a disabled account again."""
    with in_words():
        now = system().clock()
        with changing(the_office(office), now) as desk:
            made = make_account(desk, person, email, now, by)
            desk.uow.commit()
        say(f"{person} may sign in as {made.email}. Next: sucharit account link {person} --office {made.office}")


@app.command()
def disable(person: PersonArgument, *, by: ByOption = "admin", office: OfficeOption = None) -> None:
    """Sign a person out everywhere and let nobody in under their account."""
    with in_words():
        now = system().clock()
        with changing(the_office(office), now) as desk:
            disable_account(desk, person, now, by)
            desk.uow.commit()
        say(f"{person} cannot sign in any more. `sucharit account add {person}` opens the account again.")


@app.command()
def link(person: PersonArgument, *, by: ByOption = "admin", office: OfficeOption = None) -> None:
    """Print the path of a link that signs a person in once, to set a password; it works for a day."""
    with in_words():
        now = system().clock()
        with changing(the_office(office), now) as desk:
            token = link_to_set_password(desk, person, now, by)
            desk.uow.commit()
        say(f"/sign-in/link/{token}")


@app.command()
def sessions(
    person: Annotated[str | None, typer.Argument(help="Key of the person; everybody, if not given.")] = None,
    *,
    office: OfficeOption = None,
) -> None:
    """List who is signed in."""
    with in_words():
        key, now = the_office(office), system().clock()
        with system().reading(key) as desk:
            persons = (
                [account_of(desk.uow, person).person]
                if person
                else [account.person for account in desk.uow.accounts.all()]
            )
        signed_in = [session for each in persons for session in sessions_of(system().store, key, each, now=now)]
        say_table(
            ("person", "since", "seen", "until", "with"),
            [(s.person, *map(_local, (s.created_at, s.seen_at, s.expires_at)), s.agent) for s in signed_in],
        )


def _local(instant: datetime) -> str:
    return f"{instant.astimezone(BANGKOK):%Y-%m-%d %H:%M}"
