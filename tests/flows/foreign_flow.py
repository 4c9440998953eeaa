"""A module that leaves a mark when somebody imports it: the worker must not."""

from __future__ import annotations

import os
from pathlib import Path

from prefect import flow

if mark := os.environ.get("FOREIGN_FLOW_MARK"):
    Path(mark).touch()


@flow(name="mine")
async def mine() -> None:
    """Do nothing."""
