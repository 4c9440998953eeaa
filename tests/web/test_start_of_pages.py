"""What the process of the pages holds in memory, and how it looks for garbage."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAYS = """
import gc, json, sys
import web.server
web.server.spare_what_stays()
print(json.dumps({"modules": sorted(sys.modules), "spared": gc.get_freeze_count(), "left": len(gc.get_objects())}))
"""


@pytest.fixture(scope="module")
def started() -> Any:
    """A fresh process that has imported what serves the pages."""
    told = subprocess.run([sys.executable, "-c", SAYS], cwd=ROOT, capture_output=True, check=True, timeout=60)
    return json.loads(told.stdout)


@pytest.mark.parametrize(
    "name", ["authlib", "joserfc", "httpx", "httpx2", "rich", "plans.read", "prefect", "alembic", "docx"]
)
def test_what_few_requests_need_is_not_loaded_at_the_start(started: Any, name: str) -> None:
    assert name not in started["modules"]


def test_garbage_is_not_looked_for_among_what_stays(started: Any) -> None:
    assert started["spared"] > 100 * started["left"]
