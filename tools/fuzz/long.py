"""Pytest plugin: only property tests, each with FUZZ_EXAMPLES examples."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings


def pytest_configure() -> None:
    """Make every property test that sets no number of its own a long one."""
    examples = int(os.environ["FUZZ_EXAMPLES"])
    settings.register_profile("long", max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    settings.load_profile("long")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the tests that take no made-up values."""
    items[:] = [item for item in items if item.get_closest_marker("hypothesis")]
