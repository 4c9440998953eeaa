"""Runs a coroutine that also waits for the database in an event loop of its own, in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

import anyio

T = TypeVar("T")


async def apart(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Await a coroutine without holding up this loop; cancelled, it is cancelled there and waited for.

    Delivery waits for the mail server as a coroutine does, and for the database as a function does: in the worker's own
    loop, each wait of the second kind would stand before every other run.
    """
    begun: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[T]]] = Future()

    async def inside() -> T:
        task = asyncio.ensure_future(make())
        begun.set_result((asyncio.get_running_loop(), task))
        return await task

    running = asyncio.ensure_future(asyncio.to_thread(lambda: asyncio.run(inside())))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        # Shielded: whoever cancels does so again at each await, and a thread that is left alone would go on sending.
        with anyio.CancelScope(shield=True):
            either: list[asyncio.Future[Any]] = [running, asyncio.wrap_future(begun)]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if begun.done():
                loop, task = begun.result()
                with suppress(RuntimeError):  # the loop there has ended by itself
                    loop.call_soon_threadsafe(task.cancel)
                await asyncio.wait([running])
        raise
