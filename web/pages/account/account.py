"""บัญชีของฉัน: everybody's own account: where they are signed in, and the language of their pages."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from services.access import accounts
from services.access.sign_in import end_session_by_id, sessions_of
from services.office import posts
from web.door.form import Posting
from web.door.rights import roles_of
from web.door.visit import Visiting
from web.view.render import LANGUAGE_COOKIE, render

router = APIRouter()

Short = Annotated[str, Form(max_length=300)]

_YEAR_S: Final = 365 * 86400


@router.get("/account")
def own(request: Request, visit: Visiting, done: Annotated[str, Query(max_length=10)] = "") -> Response:
    """Where I am signed in, my password, my language, and the posts for which I may name who acts."""
    with visit.reading() as desk:
        roles_of(visit, desk)  # the menu asks for it
        own_posts = posts.own_posts(desk.people, visit.person, desk.workdays.local_day(visit.now))
        name, account = desk.person_name(visit.person), desk.uow.accounts.get(visit.person)
    sessions = sessions_of(visit.system.store, visit.office, visit.person, now=visit.now)
    return render(
        request,
        "account/account.html",
        visit=visit,
        name=name,
        email=account.email if account else "",
        sessions=sessions,
        posts=own_posts,
        done=done,
    )


@router.post("/account/end-session")
def end_own_session(visit: Posting, session: Short = "") -> Response:
    """Sign out of another browser of mine, e.g. on a lost telephone."""
    with visit.changing() as desk:
        end_session_by_id(desk, visit.person, session, visit.now, visit.person)
        desk.uow.commit()
    return RedirectResponse("/account", status_code=303)


@router.post("/account/language")
def choose_language(visit: Posting, language: Short = "") -> Response:
    """Thai or English: kept with the account, and used in this browser at once."""
    with visit.changing() as desk:
        accounts.set_language(desk.uow, visit.person, language)
        desk.uow.commit()
    answer = RedirectResponse("/account", status_code=303)
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_S, samesite="lax")
    return answer
