"""Clients of the application in this process, and one that reads pages as people see them."""

from __future__ import annotations

import re
from concurrent.futures import Future
from functools import cache
from threading import Thread
from typing import Any, Final

import anyio
from anyio.from_thread import BlockingPortal
from httpx2 import Response
from starlette.testclient import TestClient

_AS_TYPED: Final = re.compile(r"(<(?:pre|textarea|script|code)\b.*?</(?:pre|textarea|script|code)>)", re.DOTALL)
_BLOCK: Final = (
    "html|head|body|main|nav|section|article|aside|div|p|ul|ol|li|dl|dt|dd|table|caption|thead|tbody|tfoot|tr|th|td|form"
    "|fieldset|legend|h[1-6]|details|summary|header|footer|figure|figcaption|option|optgroup|br|hr|svg|title|meta|link"
)
_AROUND_BLOCKS: Final = re.compile(rf"\s*(</?(?:{_BLOCK})\b[^>]*>)\s*")
_IN_TAG: Final = re.compile(r"<\w[^>]*>")


def as_shown(page: str) -> str:
    """A page with each run of white space as one space and none beside a block, as a browser shows it."""
    parts = _AS_TYPED.split(page)
    parts[::2] = [_AROUND_BLOCKS.sub(r"\1", re.sub(r"\s+", " ", part)) for part in parts[::2]]
    return "".join(parts)


@cache
def portal() -> BlockingPortal:
    """One event loop for all clients, in a thread that ends with the process: each call used to start its own."""
    ready: Future[BlockingPortal] = Future()

    async def serve() -> None:
        async with BlockingPortal() as made:
            ready.set_result(made)
            await made.sleep_until_stopped()

    Thread(target=anyio.run, args=(serve,), daemon=True).start()
    return ready.result()


class Client(TestClient):
    """Calls the application in this process, without its start and stop."""

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.portal = portal()


class Reader(Client):
    """A client whose pages are `as_shown`; files and data stay as they are."""

    def send(self, *args: Any, **how: Any) -> Response:
        answer = super().send(*args, **how)
        if answer.headers.get("content-type", "").startswith("text/html"):
            answer._content = as_shown(answer.text).encode(answer.encoding or "utf-8")
            del answer.__dict__["_text"]
        return answer
