"""ดูแลระบบ: health and outbox at a glance, and what should have happened against what is recorded."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services import clock
from services.operations.audit import audit
from services.operations.doctor import examine
from web.door.administrator import Acting, Looking
from web.pages.admin.outbox import stays
from web.view import labels
from web.view.render import render

router = APIRouter(prefix="/admin")


@router.get("")
def overview(request: Request, visit: Looking) -> Response:
    """Health and the outbox at a glance."""
    checks = list(examine(visit.system, visit.office))
    with visit.reading() as desk:
        counts, is_demo, is_local = desk.uow.letters.counts(), desk.office.is_demo, stays(visit, desk)
        is_asked = clock.is_asked(desk.uow, visit.now)
    return render(
        request, "admin/health.html", visit=visit, checks=checks, counts=counts, is_demo=is_demo, stays=is_local,
        labels=labels, is_asked=is_asked,
    )  # fmt: skip


@router.post("/clock")
def confirm_clock(visit: Acting) -> Response:
    """Take the administrator's word that the clock is right after a long pause."""
    with visit.system.desk(visit.office) as desk:  # `changing` would ask for the very word that is given here
        clock.confirm(desk.uow, visit.now, by=visit.person)
        desk.uow.commit()
    return RedirectResponse("/admin", status_code=303)


@router.get("/audit")
def compare(request: Request, visit: Looking) -> Response:
    """What should have happened by now, computed again from the plan, against what is recorded."""
    with visit.reading() as desk:
        result = audit(desk, visit.now)
    return render(request, "admin/audit.html", visit=visit, result=result)
