"""Work out what the link of a letter is good for now: whom it was mailed to, what they are, how the work stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from domain.assignment import FINAL, Assignment
from domain.errors import SucharitError
from domain.people import Person
from domain.rights import Right, roles_of
from domain.thai import BANGKOK, long_date
from services.access.links import LinkElsewhereError, LinkLeftError, LinkOverError, LinkScope, address_mark, outdated
from services.desk import Desk

SHOWS_FOR: Final = timedelta(days=30)
"""For so long a link shows its assignment after the last move that could be made of it."""


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What a link is good for.

    Attributes:
        ended: Why it opens nothing; None where it shows its assignment.
        acts: Whether its person may make moves by it, too.
        renews: Whether a fresh one may be mailed to its person's present address.
        step: What the work was, where its person may still know it; else empty.
    """

    ended: SucharitError | None = None
    acts: bool = False
    renews: bool = False
    step: str = ""


def open_link(desk: Desk, secret: bytes, scope: LinkScope, now: datetime) -> OpenedLink:
    """What a link is good for at `now`; nothing is changed by asking.

    Raises:
        NotFoundError: The office has no such assignment.
    """
    person = _reader(desk, scope)
    assignment = desk.uow.assignments.get(scope.assignment_id)
    if person is None or not _may_see(desk, person, assignment, now):
        return OpenedLink(LinkLeftError())
    over_on = _over_on(desk, assignment, now)
    renews = bool(person.email) and over_on is None
    if scope.address_mark not in {"", address_mark(secret, person.email)}:
        return OpenedLink(LinkElsewhereError() if renews else LinkLeftError(), renews=renews)
    step = step_of(desk, assignment)
    if over_on is not None and not (scope.is_of_first_form and scope.acts(now)):
        return OpenedLink(LinkOverError(day=over_on, day_thai=long_date(over_on)), step=step)
    if scope.is_of_first_form and not scope.acts(now):
        return OpenedLink(outdated(scope), renews=renews, step=step)
    return OpenedLink(acts=scope.acts(now), renews=renews, step=step)


def _reader(desk: Desk, scope: LinkScope) -> Person | None:
    """The person of a link, unless they are gone or their account is closed."""
    account = desk.uow.accounts.get(scope.person)
    return None if account is not None and account.is_disabled else desk.people.person(scope.person)


def _may_see(desk: Desk, person: Person, assignment: Assignment, now: datetime) -> bool:
    """Tell whether the person is in the line of the work today: every level of it may make some move of the table."""
    roles = roles_of(desk.people, person.key, desk.workdays.local_day(now))
    return roles.has(Right.SEE_DIVISION, assignment.division)


def _over_on(desk: Desk, assignment: Assignment, now: datetime) -> date | None:
    """The day on which an assignment came to its end, if links show it no more; None while anybody may do something.

    What cannot be done is not at its end: its line may send it back.
    """
    if assignment.state not in FINAL:
        return None
    moves = (line.entry for line in desk.uow.ledger.lines(assignment.id))
    ended_at = max((entry.at for entry in moves if entry.kind.startswith("assignment.")), default=now)
    ended_on, today = (instant.astimezone(BANGKOK).date() for instant in (ended_at, now))
    return ended_on if today - ended_on > SHOWS_FOR else None


def step_of(desk: Desk, assignment: Assignment) -> str:
    """What the plan asks, in its words; the key of a step that a later revision dropped."""
    wording = desk.wording(assignment.fiscal_year_be, assignment.measure_key, assignment.step_key)
    return wording[1].text if wording else assignment.step_key
