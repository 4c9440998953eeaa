"""Work that waits for the database holds up no other run, and ends when its run is ended."""

from __future__ import annotations

import asyncio
import time

import pytest

from services.own_loop import apart


def test_work_that_blocks_its_thread_leaves_the_loop_free() -> None:
    async def block() -> str:
        time.sleep(0.5)  # noqa: ASYNC251 -- what a database that is locked does
        return "done"

    async def both() -> tuple[str, int]:
        turns, working = 0, asyncio.ensure_future(apart(block))
        while not working.done():
            turns += 1
            await asyncio.sleep(0.01)
        return working.result(), turns

    result, turns = asyncio.run(both())
    assert result == "done"
    assert turns > 5


def test_a_fault_of_the_work_is_raised_where_it_is_awaited() -> None:
    async def fail() -> None:
        raise ValueError("no such letter")

    with pytest.raises(ValueError, match="no such letter"):
        asyncio.run(apart(fail))


def test_work_that_is_cancelled_is_cancelled_inside_before_the_run_goes_on() -> None:
    seen: list[str] = []

    async def hang() -> None:
        seen.append("begun")
        try:
            await asyncio.sleep(600)
        finally:
            seen.append("broken off")

    async def run() -> None:
        async with asyncio.timeout(0.3):
            await apart(hang)

    with pytest.raises(TimeoutError):
        asyncio.run(run())
    assert seen == ["begun", "broken off"]
