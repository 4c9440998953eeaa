"""A page without content behind the same session check: what the pages of the benchmark are compared with."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from services.wiring import System
from web.door import Visiting


def reference_app(system: System) -> FastAPI:
    """The application: one page."""
    app = FastAPI(openapi_url=None)
    app.state.system = system

    @app.get("/")
    def page(visit: Visiting) -> PlainTextResponse:
        return PlainTextResponse(visit.person)

    return app
