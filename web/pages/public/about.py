"""What every reader may know of the service: how it is made accessible, and what it keeps of people."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from web.door.visit import visit_if_any
from web.view.render import render

router = APIRouter(prefix="/about")


@router.get("/accessibility")
def accessibility(request: Request) -> Response:
    """The accessibility statement."""
    return render(request, "public/accessibility.html", visit=visit_if_any(request))


@router.get("/privacy")
def privacy(request: Request) -> Response:
    """What is kept of people, for what and how long."""
    return render(request, "public/privacy.html", visit=visit_if_any(request))
