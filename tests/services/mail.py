"""Mail servers that listen in a thread of their own, so that a test's workers may be threads or processes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from notifications.mailbox import open_mailbox
from tests.notifications.servers import Server


@contextmanager
def mailbox(folder: Path) -> Iterator[int]:
    """The local mailbox on a free port; gives the port."""

    async def serve(ready: _Ready) -> None:
        async with open_mailbox(folder, 0) as port:
            await ready.hold(port)

    with _in_a_thread(serve) as port:
        yield port


@contextmanager
def serving(server: Server) -> Iterator[int]:
    """A server whose answers the test decides, on a free port; gives the port."""

    async def serve(ready: _Ready) -> None:
        await server._run(lambda running: ready.hold(running.port))

    with _in_a_thread(serve) as port:
        yield port


class _Ready:
    """Says the port once the server listens, and holds it until the test is over."""

    def __init__(self) -> None:
        self.listens = threading.Event()
        self.port = 0

    async def hold(self, port: int) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self.port = port
        self.listens.set()
        await self._over.wait()

    def release(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)


@contextmanager
def _in_a_thread(serve: Callable[[_Ready], Coroutine[Any, Any, None]]) -> Iterator[int]:
    ready = _Ready()
    thread = threading.Thread(target=lambda: asyncio.run(serve(ready)))
    thread.start()
    assert ready.listens.wait(10), "the mail server did not start"
    try:
        yield ready.port
    finally:
        ready.release()
        thread.join()
