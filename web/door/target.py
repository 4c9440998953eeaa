"""One assignment as a visitor came to it: from a list, or by the link of a letter, which opens that one alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Form, Request

from domain.errors import SucharitError
from services.access.links import LinkScope, outdated, scope_of
from services.access.open_link import OpenedLink, open_link
from services.access.sign_in import Session
from web.door.form import own_form
from web.door.visit import Visit, system_of, visit
from web.view.refusals import EndedLink, LinkEndedError, SignInNeededError


@dataclass(frozen=True, slots=True)
class Target:
    """One assignment as a visitor came to it: from the list, or by the link of a letter.

    Attributes:
        acts: Whether moves may be made of it here; a link shows longer than it acts.
        acts_until: Last day of a link's time to act; None where it was not opened by one.
        renews: Whether a fresh link may be mailed in place of the one that opened it.
    """

    visit: Visit
    assignment_id: str
    path: str
    acts: bool = True
    acts_until: date | None = None
    renews: bool = False


@dataclass(frozen=True, slots=True)
class ByLink:
    """A letter's link as it was opened, whether it is still good for anything or not."""

    visit: Visit
    scope: LinkScope
    path: str

    def opened(self) -> OpenedLink:
        """What it is good for.

        Raises:
            NotFoundError: There is no such assignment.
        """
        with self.visit.reading() as desk:
            return open_link(desk, self.visit.system.secret, self.scope, self.visit.now)

    def ended(self, cause: SucharitError, opened: OpenedLink) -> LinkEndedError:
        """The error whose page says why, and what to do."""
        work = f"/assignments/{quote(self.scope.assignment_id, safe='')}" if opened.step else ""
        csrf = self.visit.session.csrf
        return LinkEndedError(EndedLink(cause, self.path, csrf, renews=opened.renews, step=opened.step, work=work))


def by_link(request: Request) -> ByLink:
    """The letter's link that the address holds, in the name of its person; what it is good for is asked of it.

    Raises:
        LinkForgedError: It is not one of ours.
    """
    system, token = system_of(request), str(request.path_params["token"])
    now, scope = system.clock(), scope_of(system.secret, token)
    mark = hashlib.sha256(f"csrf:{token}".encode()).hexdigest()
    session = Session(scope.office, scope.person, f"link:{mark[32:]}", now, now, now, "", mark[:32])
    return ByLink(Visit(system, session, now, is_link=True), scope, f"/link/{token}")


def target(request: Request) -> Target:
    """The assignment that the address names; a link of a letter opens its own and nothing else, without a password.

    Raises:
        SignInNeededError: It was not opened by a link, and nobody has signed in.
        LinkForgedError, LinkEndedError: The link does not open it any more, or never did.
    """
    if "token" not in request.path_params:
        assignment_id = str(request.path_params["assignment_id"])
        path = f"/assignments/{assignment_id}"
        try:
            return Target(visit(request), assignment_id, path)
        except SignInNeededError as error:
            if request.method == "GET":
                raise
            raise SignInNeededError(quote(path, safe="/"), has_ended=error.has_ended) from error
    link = by_link(request)
    opened = link.opened()
    if opened.ended is not None:
        raise link.ended(opened.ended, opened)
    if request.method != "GET" and not opened.acts:
        raise link.ended(outdated(link.scope), opened)
    scope = link.scope
    return Target(link.visit, scope.assignment_id, link.path, opened.acts, scope.acts_until, opened.renews)


AtTarget = Annotated[Target, Depends(target)]


def own_form_at(request: Request, place: AtTarget, csrf: Annotated[str, Form()] = "") -> Target:
    """The assignment, if the form is ours.

    Raises:
        ForgedFormError: It is not.
    """
    own_form(request, place.visit, csrf)
    return place


PostingAt = Annotated[Target, Depends(own_form_at)]


def asking_by_link(
    request: Request, link: Annotated[ByLink, Depends(by_link)], csrf: Annotated[str, Form()] = ""
) -> ByLink:
    """The letter's link whose page was asked for a fresh one, if the form is ours; it may have ended.

    Raises:
        ForgedFormError: It is not.
    """
    own_form(request, link.visit, csrf)
    return link


AskingByLink = Annotated[ByLink, Depends(asking_by_link)]
