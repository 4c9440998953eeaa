"""The web application: pages for divisions, supervisors, administrators and the public."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Final

from anyio import to_thread
from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute

from services.wiring import System
from web.api.app import mount_api
from web.middleware.headers import SafeHeaders
from web.middleware.limits import RULES, Limits, Rule
from web.middleware.nul_bytes import OddAddresses
from web.middleware.sizes import Sizes
from web.pages.account import account, calendars, sign_in, single_sign_on, tokens
from web.pages.admin import (
    accounts,
    deadlines,
    divisions,
    founding,
    health,
    holidays,
    ladder,
    ledger,
    office,
    outbox,
    people,
    posts,
    schedule,
    webhooks,
    wording,
)
from web.pages.overview import overview, reports
from web.pages.plans import pages as plans
from web.pages.public import about, interface, published
from web.pages.publishing import publications
from web.pages.work import assignment, fresh_link, hand_in, inbox, measure_report, review
from web.view.failures import add_failures
from web.view.render import ROOT

_PAGES = (
    sign_in,
    single_sign_on,
    inbox,
    measure_report,
    assignment,
    hand_in,
    fresh_link,
    review,
    overview,
    posts,
    accounts,
    account,
    holidays,
    health,
    outbox,
    ledger,
    about,
    schedule,
    deadlines,
    tokens,
    interface,
    ladder,
    plans,
    wording,
    reports,
    publications,
    published,
    office,
    webhooks,
    divisions,
    people,
    founding,
    calendars,
)


THREADS: Final = 6
"""Requests worked on at once. More only fight over the interpreter: with forty the inbox is read a quarter less often
(`make bench-web`). Fewer would wait behind plans that are being read."""


LAST_ERRANDS_S: Final = 2.0
"""For how long an orderly end waits for what the clockwork has not been told yet."""


LAST_LETTERS_S: Final = 5.0
"""How long the end of the process waits for letters that leave at once. What is not done then, the outbox sends."""


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = THREADS
    yield
    await to_thread.run_sync(app.state.system.waker.close, LAST_ERRANDS_S)
    await to_thread.run_sync(app.state.system.send_at_once.finish, LAST_LETTERS_S)


def create_app(system: System, limits: tuple[Rule, ...] = RULES) -> FastAPI:
    """The application over a running system; the same for the server and for tests."""
    app = FastAPI(title="Sucharit", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.system = system
    app.state.providers = {}
    app.mount("/static", StaticFiles(directory=ROOT / "static"), name="static")
    app.router.routes.extend(_routes())
    mount_api(app, system)
    add_failures(app)
    app.add_middleware(OddAddresses)
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=5)
    app.add_middleware(Sizes)
    app.add_middleware(Limits, rules=limits)
    app.add_middleware(SafeHeaders)
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """The routes of all pages, put together once for the process: they know no system, and FastAPI is slow at it."""
    pages = APIRouter()
    for page in _PAGES:
        pages.include_router(page.router)
    return tuple(pages.routes)
