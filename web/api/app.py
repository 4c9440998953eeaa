"""The interface as an application of its own, mounted below `/api` beside the pages."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, FastAPI

from services.wiring import System
from web.api import (
    accounts,
    assignments,
    holidays,
    hooks,
    moves,
    office,
    overview,
    plans,
    reports,
    schedule,
    tokens,
    upkeep,
)
from web.api.problems import add_problems
from web.api.schema import describe

_ROUTERS: Final = (
    office,
    assignments,
    moves,
    overview,
    plans,
    schedule,
    reports,
    accounts,
    holidays,
    upkeep,
    tokens,
    hooks,
)
_DESCRIPTION: Final = (
    "Everything the pages do, for programs. Every call carries a token of a person and has at most that person's "
    "rights. Days are local and Gregorian, instants are UTC, fiscal years are of the Buddhist era. A change names the "
    "`version` it saw; errors are problem details (RFC 9457) in Thai or English, by `Accept-Language`."
)


class Interface(FastAPI):
    """FastAPI with the document of `describe`."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return describe(self)


def create_api(system: System) -> FastAPI:
    """The interface over a running system."""
    api = Interface(
        title="สุจริต (Sucharit)",
        version="1",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
    )
    api.state.system = system
    first = APIRouter(prefix="/v1")
    for part in _ROUTERS:
        first.include_router(part.router)
    api.include_router(first)
    add_problems(api)
    return api
