"""Flows that the worker of the tests runs; an entrypoint is `tests.flows.sample_flows.<name>`."""

from __future__ import annotations

import asyncio
import sys

from prefect import flow, task


@task
async def halve(number: int) -> float:
    return number / 2


@flow(name="run-measure")
async def quick(measure_key: str = "", number: int = 4) -> float:
    """Carry one measure."""
    return await halve(number) + len(measure_key)


@flow(name="raising")
async def raising() -> None:
    raise ValueError("the plan has no such step")


@flow(name="leaving")
async def leaving() -> None:
    sys.exit(3)


@flow(name="slow")
async def slow() -> None:
    await asyncio.sleep(600)


@flow(name="brief")
async def brief() -> None:
    await asyncio.sleep(1)


@flow(name="sync")
def sync() -> None:
    """Refused: it would block every other run."""
