"""How large a request may be: refused while it comes in, not after it has filled a disk."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.failures import TOO_LARGE, page_of

MOST_WITH_FILES: Final = 100_000_000
MOST_WITHOUT: Final = 2_000_000
STATUS: Final = 413

# A browser shows an answer only if it may first send what it has begun to send, so that much is read and thrown away.
_MOST_THROWN_AWAY: Final = 400_000_000
_PATIENCE_S: Final = 30


class Sizes:
    """Counts what comes in, and refuses what says or proves to be too much."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as long as it stays small enough."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        has_files = headers.get("content-type", "").startswith("multipart/form-data")
        most = MOST_WITH_FILES if has_files else MOST_WITHOUT
        said = headers.get("content-length", "0")
        if said.isascii() and said.isdecimal() and int(said) > most:
            await _refuse(scope, receive, send)
            return
        await self.app(scope, _counted(receive, most), send)


def _counted(receive: Receive, most: int) -> Receive:
    """The same, until more than `most` bytes have come: who does not say a length may not send without end."""
    taken = 0

    async def counting() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(STATUS)
        return message

    return counting


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    answer = page_of(Request(scope), STATUS, TOO_LARGE)
    await send({"type": "http.response.start", "status": STATUS, "headers": answer.raw_headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE_S):
            thrown_away, is_more = 0, True
            while is_more and thrown_away < _MOST_THROWN_AWAY:
                message = await receive()
                thrown_away += len(message.get("body", b""))
                is_more = message.get("more_body", False)
    await send({"type": "http.response.body", "body": b"", "more_body": False})
