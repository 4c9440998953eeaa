"""Prefect's own server: closed to strangers, and on SQLite its writers wait for their turn instead of failing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

import uvicorn
from prefect.server.api.server import create_app
from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.settings import get_current_settings
from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from services.scheduler import LOCAL_NAMES, origins
from services.setup.entry import enter

# A page left open holds a websocket; without a bound, the server would wait for it at every stop.
SHUTDOWN_S: Final = 5

OPEN: Final = (
    "Prefect's API would be open to every user of this machine: PREFECT_SERVER_API_AUTH_STRING is not set. "
    "`make up` sets it; by hand, take it from prefect.auth in the service's folder (README, “The parts alone”)."
)


class OwnOrigin:
    """Refuses what a page of another address sends, over HTTP and websockets; programs send no Origin and pass.

    Prefect allows every origin and has a setting only for what browsers may read of the answer, not for what it does.
    """

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self._app = app
        self._allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        app = self._app
        if scope["type"] in ("http", "websocket") and not self._is_ours(Headers(scope=scope)):
            app = PlainTextResponse("This page may not speak to Prefect here.", status_code=403)
        await app(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        return all(origin in self._allowed for origin in headers.getlist("origin"))


def guarded(app: ASGIApp, host: str, port: int) -> ASGIApp:
    """The application behind the two checks that Prefect lacks, done before it sees anything: Host and Origin.

    A page of a foreign name that is made to point at loopback (DNS rebinding) comes with that name as its Host.
    """
    return TrustedHostMiddleware(
        OwnOrigin(app, origins(port)), allowed_hosts=sorted({*LOCAL_NAMES, host}), www_redirect=False
    )


def take_turns_writing() -> None:
    """Begin every transaction of Prefect's server on SQLite as IMMEDIATE.

    Prefect begins them DEFERRED: a transaction that has read and then wants to write after somebody else wrote is
    refused at once with "database is locked", and no timeout helps. IMMEDIATE waits up to the 60 s that Prefect sets.
    Measured with 20 schedules due at one instant and 30 triggered runs: as shipped 24 to 96 refusals in each of four
    trials, runs unfinished at limit 4; so, none. Reads outside a transaction are not touched.

    There is no setting for it, so a method of Prefect's is replaced, for this process only. Were it no longer called,
    the refusals would be back without a word: `tests/flows/test_server.py` writes from many sides at once.
    """
    begin = AioSqliteConfiguration.begin_transaction

    def begin_immediate(
        self: AioSqliteConfiguration,
        session: Any,
        with_for_update: bool = False,  # noqa: ARG001, FBT001, FBT002 -- the signature is Prefect's
    ) -> AbstractAsyncContextManager[Any]:
        return begin(self, session, with_for_update=True)

    AioSqliteConfiguration.begin_transaction = begin_immediate  # type: ignore[assignment,method-assign]


def main() -> int:
    """Serve on loopback until told to stop; return the exit code."""
    parser = argparse.ArgumentParser(description="The clockwork's server.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=4200)
    options = parser.parse_args()
    enter()
    if not get_current_settings().server.api.auth_string:
        sys.stderr.write(f"{OPEN}\n")
        return 2
    take_turns_writing()
    uvicorn.run(
        guarded(create_app(final=True), options.host, options.port),
        host=options.host,
        port=options.port,
        log_level="warning",
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
