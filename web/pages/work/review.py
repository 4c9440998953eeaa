"""ตรวจงาน: what waits for a supervisor, and what is late in their divisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.assignment import Assignment
from domain.errors import SucharitError
from domain.rights import Right
from services.assignments import review
from services.desk import Desk
from services.office.posts import is_vacant, own_posts, posts_below
from services.overview import inbox
from services.overview.inbox import Filter
from web.changes import move
from web.door.form import Posting
from web.door.rights import check
from web.door.visit import Visit, Visiting
from web.view.address import Address, number_of
from web.view.render import render
from web.view.waiting import waiting_of_cards

router = APIRouter()

Text = Annotated[str, Query(max_length=120)]
Number = Annotated[str, Query(max_length=6)]


@router.get("/review")
def queue(
    request: Request,
    visit: Visiting,
    division: Text = "",
    measure: Text = "",
    page: Number = "",
    late: Number = "",
    accepted: Number = "",
    confirmed: Number = "",
    failed: Number = "",
) -> Response:
    """The queue of a supervisor, narrowed by what the address says."""
    wanted = Filter(measure=measure or None, page=number_of(page) or 1)
    with visit.reading() as desk:
        roles = check(visit, desk, Right.REVIEW)
        divisions = [d for d in desk.people.divisions if d.key in roles.supervised]
        chosen = [d for d in divisions if d.key == division] or divisions
        queues = inbox.queue(desk, [d.key for d in chosen], visit.now, wanted, number_of(late) or 1)
        waits = waiting_of_cards(desk, queues.waiting.cards, visit.person, visit.now)
        day = desk.workdays.local_day(visit.now)
        posts = own_posts(desk.people, visit.person, day)
        vacant = [post for post in posts_below(desk.people, visit.person, day) if is_vacant(desk.people, post, day)]
        measures = _measures(desk)
    narrowed = {"division": division if len(chosen) == 1 < len(divisions) else "", "measure": measure}
    return render(
        request,
        "work/review.html",
        visit=visit,
        queues=queues,
        waits=waits,
        divisions=divisions,
        measures=measures,
        narrowed=narrowed,
        posts=posts,
        vacant=vacant,
        address=Address("/review", narrowed),
        accepted=number_of(accepted) or 0,
        confirmed=number_of(confirmed) or 0,
        failed=number_of(failed) or 0,
    )


def _measures(desk: Desk) -> dict[str, tuple[int, str]]:
    """Measures of the plans in force by key, with number and title; the latest plan's words."""
    return {measure.key: (measure.number, measure.title) for stored in desk.plans for measure in stored.plan.measures}


@router.post("/review/accept")
def accept_many(
    visit: Posting,
    chosen: Annotated[list[str] | None, Form()] = None,
    division: Annotated[str, Form(max_length=120)] = "",
    measure: Annotated[str, Form(max_length=120)] = "",
) -> Response:
    """Accept several at once, each at the version that was seen; what changed meanwhile is left and counted."""
    with visit.reading() as desk:
        check(visit, desk, Right.REVIEW)
    ticked = (chosen or [])[:200]
    accepted = sum(_is_done(visit, tick, review.accept) for tick in ticked)
    back = Address("/review", {"division": division, "measure": measure})
    return RedirectResponse(back(accepted=accepted, failed=len(ticked) - accepted), status_code=303)


@router.post("/review/confirm")
def confirm_one(
    visit: Posting,
    confirm: Annotated[str, Form(max_length=160)] = "",
    division: Annotated[str, Form(max_length=120)] = "",
    measure: Annotated[str, Form(max_length=120)] = "",
) -> Response:
    """Agree that one of them cannot be carried out, at the version that was seen."""
    with visit.reading() as desk:
        check(visit, desk, Right.REVIEW)
    confirmed = _is_done(visit, confirm, review.confirm)
    back = Address("/review", {"division": division, "measure": measure})
    return RedirectResponse(back(confirmed=int(confirmed), failed=int(not confirmed)), status_code=303)


def _is_done(visit: Visit, tick: str, decide: Callable[..., Assignment]) -> bool:
    """Decide on what was ticked, `id@version`; False where it has changed meanwhile or is not theirs."""
    assignment_id, _, version = tick.rpartition("@")
    try:
        move(visit, lambda desk: decide(desk, assignment_id, by=visit.person, now=visit.now, version=int(version)))
    except (SucharitError, ValueError):
        return False
    return True
