"""The interface as an application of its own, mounted below `/api` beside the pages."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Mount

from services.wiring import System
from web.api import (
    accounts,
    assignments,
    feeds,
    holidays,
    hooks,
    moves,
    office,
    overview,
    plans,
    publications,
    reports,
    schedule,
    settings,
    structure,
    tokens,
    upkeep,
)
from web.api.problems import add_problems
from web.api.schema import describe

_ROUTERS: Final = (
    office,
    structure,
    settings,
    assignments,
    moves,
    overview,
    plans,
    schedule,
    reports,
    publications,
    accounts,
    holidays,
    upkeep,
    tokens,
    feeds,
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


def mount_api(app: FastAPI, system: System) -> None:
    """Put the interface below `/api`, also where an address holds a line's end, so that it answers every one."""
    mount = Mount("/api", app=create_api(system), name="api")
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    app.router.routes.append(mount)


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
    api.router.routes.extend(_routes())
    add_problems(api)
    return api


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """The interface's routes, put together once for the process: they know no system, and FastAPI is slow at it."""
    first, all_of_it = APIRouter(prefix="/v1"), APIRouter()
    for part in _ROUTERS:
        first.include_router(part.router)
    first.include_router(moves.together)
    all_of_it.include_router(first)
    return tuple(all_of_it.routes)
