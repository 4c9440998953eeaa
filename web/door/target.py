"""One assignment as a visitor came to it: from a list, or by the link of a letter, which opens that one alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Form, Request

from services.access.links import LinkForeignError, read_link
from services.access.sign_in import Session
from web.door.form import own_form
from web.door.visit import Visit, system_of, visit
from web.view.refusals import SignInNeededError


@dataclass(frozen=True, slots=True)
class Target:
    """One assignment as a visitor came to it: from the list, or by the link of a letter."""

    visit: Visit
    assignment_id: str
    path: str


def target(request: Request) -> Target:
    """The assignment that the address names; a link of a letter opens its own and nothing else, without a password.

    Raises:
        SignInNeededError: It was not opened by a link, and nobody has signed in.
        LinkForgedError, LinkOutdatedError, LinkForeignError: The link does not open it any more, or never did.
    """
    token = request.path_params.get("token")
    if token is None:
        assignment_id = str(request.path_params["assignment_id"])
        path = f"/assignments/{assignment_id}"
        try:
            return Target(visit(request), assignment_id, path)
        except SignInNeededError as error:
            if request.method == "GET":
                raise
            raise SignInNeededError(quote(path, safe="/"), has_ended=error.has_ended) from error
    system = system_of(request)
    now = system.clock()
    scope = read_link(system.secret, token, now)
    with system.reading(scope.office) as desk:
        account = desk.uow.accounts.get(scope.person)
        if desk.people.person(scope.person) is None or (account is not None and account.is_disabled):
            raise LinkForeignError
    mark = hashlib.sha256(f"csrf:{token}".encode()).hexdigest()
    session = Session(scope.office, scope.person, f"link:{mark[32:]}", now, now, now, "", mark[:32])
    return Target(Visit(system, session, now, is_link=True), scope.assignment_id, f"/link/{token}")


AtTarget = Annotated[Target, Depends(target)]


def own_form_at(request: Request, place: AtTarget, csrf: Annotated[str, Form()] = "") -> Target:
    """The assignment, if the form is ours.

    Raises:
        ForgedFormError: It is not.
    """
    own_form(request, place.visit, csrf)
    return place


PostingAt = Annotated[Target, Depends(own_form_at)]
