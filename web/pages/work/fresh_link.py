"""A fresh link in place of one that does not act any more, or went to an address that has changed: by mail, at once."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from services.access.links import LinkLeftError, LinkOverError
from services.access.mail_link import NoFreshLinkError, mail_link
from web.changes import changing_alone
from web.door.target import AskingByLink
from web.view.refusals import LINK_MAILED

router = APIRouter()


@router.post("/link/{token}/fresh")
def ask_fresh(token: str, link: AskingByLink) -> Response:
    """Mail a fresh link to the address that the person has now; the answer names none, for anybody may read it.

    Whoever has asked too often is told the same: what was mailed before still works.
    """
    visit, system = link.visit, link.visit.system
    try:
        with changing_alone(visit) as desk:
            made = system.link(visit.office)
            letter = mail_link(desk, system.secret, link.scope, visit.now, domain=system.mail_domain, link=made)
            if letter is not None:
                # The lease on the letter is committed with it: the outbox must not send it a second time meanwhile.
                with system.send_at_once.after(desk.uow, letter.id):
                    desk.uow.commit()
    except (LinkLeftError, LinkOverError, NoFreshLinkError) as error:
        raise link.ended(error, link.opened()) from error
    return RedirectResponse(f"/link/{token}?done={LINK_MAILED}", status_code=303)
