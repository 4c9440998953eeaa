"""Addresses that name nothing: a NUL, which one database keeps and another refuses, is in no key of ours."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from web.view.failures import page_of

_NOT_FOUND: Final = 404


class OddAddresses:
    """Answers them with the page of what is not found; the API, which checks each part itself, is left alone."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what can be an address of ours."""
        if scope["type"] == "http" and _is_odd(scope):
            answer = page_of(Request(scope), _NOT_FOUND, "ไม่พบสิ่งที่ขอ โปรดตรวจสอบที่อยู่ หรือกลับไปหน้าแรก")
            await answer(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _is_odd(scope: Scope) -> bool:
    path: str = scope["path"]
    return not path.startswith("/api/") and ("\0" in path or b"%00" in scope.get("query_string", b""))
