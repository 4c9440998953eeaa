"""What the browser is told about every answer: no foreign content, no framing, no inline script."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.view.safe_headers import FIXED

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_FOR_A_DAY: Final = "public, max-age=86400"


def _kept_for(scope: Scope) -> str:
    """How long browsers keep the answer: a page never, a file for ever where its address names its content."""
    if not scope.get("path", "").startswith("/static/"):
        return "no-store"
    return _FOR_EVER if scope.get("query_string", b"").startswith(b"v=") else _FOR_A_DAY


class SafeHeaders:
    """Adds the headers; pages are never kept by a cache, static files are, under an address of their content."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete its answer."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in FIXED.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", _kept_for(scope))
            await send(message)

        await self.app(scope, receive, complete)
