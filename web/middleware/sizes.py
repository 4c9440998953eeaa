"""How large a request may be: refused while it comes in, not after it has filled a disk."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import SucharitError
from services.access.links import read_link
from services.access.tokens import token_of
from web.door.visit import system_of, visit_if_any
from web.view.failures import TOO_LARGE, TOO_MUCH, page_of

MOST_WITH_FILES: Final = 100_000_000
MOST_WITHOUT: Final = 2_000_000
STATUS: Final = 413
UNKNOWN: Final = 401
UNREADABLE: Final = 415
TOO_SLOW: Final = 408
PATIENCE_S: Final = 60.0
PATIENCE_WITH_FILES_S: Final = 900.0
_DIGITS: Final = 19
_CHARSET: Final = re.compile(r"charset\s*\*?=\s*\"?([^\s\";,]*)", re.IGNORECASE)
_UNKNOWN: Final = "ยังไม่ได้เข้าสู่ระบบหรือการเข้าใช้สิ้นสุดแล้ว จึงยังไม่ได้รับไฟล์ โปรดเข้าสู่ระบบแล้วส่งอีกครั้ง"
_UNREADABLE: Final = "อ่านแบบฟอร์มที่ส่งมาไม่ได้ เพราะไม่ได้ใช้รหัสอักขระ UTF-8 โปรดย้อนกลับแล้วลองใหม่"

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
        kind = headers.get("content-type", "")
        if not _is_readable(kind):
            await page_of(Request(scope), UNREADABLE, _UNREADABLE)(scope, receive, send)
            return
        header = headers.get("content-length", "")
        length = int(header) if header.isascii() and header.isdecimal() and len(header) < _DIGITS else None
        is_large = (length or 0) > MOST_WITHOUT or (length is None and (bool(header) or "transfer-encoding" in headers))
        has_files = is_large and kind.startswith("multipart/form-data")
        is_known = has_files and await run_in_threadpool(_is_known, Request(scope))
        most = MOST_WITH_FILES if is_known else MOST_WITHOUT
        if (length or 0) > most:
            too_large = not has_files or is_known or (length or 0) > MOST_WITH_FILES
            await _refuse(scope, receive, send, *_refusal(kind, too_large=too_large))
            return
        await self.app(scope, counted(receive, most, PATIENCE_WITH_FILES_S if is_known else PATIENCE_S), send)


def _refusal(kind: str, *, too_large: bool) -> tuple[int, str]:
    if not too_large:
        return UNKNOWN, _UNKNOWN
    return STATUS, TOO_MUCH if kind.startswith("application/x-www-form-urlencoded") else TOO_LARGE


def _is_readable(kind: str) -> bool:
    """Tell whether a form is in UTF-8: other encodings make half characters of whole ones."""
    return all(name.lower() in {"utf-8", "utf8"} for name in _CHARSET.findall(kind))


def _is_known(request: Request) -> bool:
    """Tell whether somebody of ours sends it: a stranger may not fill the memory and the disk with files."""
    system = system_of(request)
    now = system.clock()
    path = str(request.scope["path"])
    try:
        if path.startswith("/link/"):
            return bool(read_link(system.secret, path.split("/")[2], now))
        if path.startswith("/api/"):
            return bool(token_of(system.store, request.headers.get("authorization", "")[len("Bearer ") :].strip(), now))
        return visit_if_any(request) is not None
    except SucharitError:
        return False


def counted(receive: Receive, most: int, patience_s: float) -> Receive:
    """The same, until more than `most` bytes have come or the whole has taken too long.

    Who does not say a length may not send without end, and who sends a byte a minute holds no place for ever.
    """
    taken, is_over = 0, False
    until = asyncio.get_running_loop().time() + patience_s

    async def counting() -> Message:
        nonlocal taken, is_over
        if is_over:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise HTTPException(TOO_SLOW) from None
        taken += len(message.get("body", b""))
        is_over = not message.get("more_body", False)
        if taken > most:
            raise HTTPException(STATUS)
        return message

    return counting


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    answer = page_of(Request(scope), status, sentence)
    await send({"type": "http.response.start", "status": status, "headers": answer.raw_headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE_S):
            thrown_away, is_more = 0, True
            while is_more and thrown_away < _MOST_THROWN_AWAY:
                message = await receive()
                thrown_away += len(message.get("body", b""))
                is_more = message.get("more_body", False)
    await send({"type": "http.response.body", "body": b"", "more_body": False})
