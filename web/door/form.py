"""Forms that are ours: each carries the token of the session that was shown it."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, Form, Request

from web.door.visit import Visit, Visiting
from web.view.refusals import ForgedFormError


def from_here(request: Request) -> None:
    """Let a form pass that was not sent by another site's page: it could sign people in as somebody else.

    Raises:
        ForgedFormError: It was.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise ForgedFormError


def own_form(request: Request, visitor: Visiting, csrf: Annotated[str, Form()] = "") -> Visit:
    """The visit, if the form carries the session's own token and comes from our pages.

    Raises:
        ForgedFormError: It does not.
    """
    from_here(request)
    if not hmac.compare_digest(csrf.encode(), visitor.session.csrf.encode()):
        raise ForgedFormError
    return visitor


Posting = Annotated[Visit, Depends(own_form)]
