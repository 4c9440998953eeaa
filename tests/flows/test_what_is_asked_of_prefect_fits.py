"""Prefect refuses a run whose parameters its flow does not take, and nobody is told of it but the log."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from services.scheduler import MEASURE_FLOW

ROOT: Final = Path(__file__).parents[2]
ROOMS: Final = ("services", "tasks", "flows", "web", "cli", "bench")
ASKING: Final = frozenset({"trigger", "run_now"})


def _flows() -> dict[str, Any]:
    """Every flow by the name of its deployment, those of the measures by that of their flow."""
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    entries = {str(one["name"]): str(one["entrypoint"]) for one in deployments}
    entries[MEASURE_FLOW] = "flows.run_measure.run_measure"
    return {
        name: getattr(import_module(entry.rpartition(".")[0]), entry.rpartition(".")[2])
        for name, entry in entries.items()
    }


@dataclass(frozen=True)
class Asked:
    """A call that asks for a run.

    Attributes:
        flow: The deployment it names; the flow of a measure, where the name is worked out.
        parameters: Names of those it gives; None where they cannot be read from the code.
    """

    where: str
    flow: str
    parameters: frozenset[str] | None


def _asked() -> Iterator[Asked]:
    housekeeping = set(_flows())
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            first = node.args[0]
            named = str(first.value) if isinstance(first, ast.Constant) else ""
            is_asking = isinstance(node.func, ast.Attribute) and node.func.attr in ASKING
            # Whatever carries a wish on to `trigger` begins with the deployment's name as well, a key behind it.
            if (named in housekeeping and (is_asking or len(node.args) > 1)) or is_asking:
                yield Asked(f"{path.relative_to(ROOT)}:{node.lineno}", named or MEASURE_FLOW, _parameters(node))


def _parameters(call: ast.Call) -> frozenset[str] | None:
    given = call.args[2:3] + [keyword.value for keyword in call.keywords if keyword.arg == "parameters"]
    if not given:
        return frozenset()
    if not isinstance(given[0], ast.Dict):
        return None
    return frozenset(key.value for key in given[0].keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


ALL: Final = list(_asked())


def test_every_kind_of_asking_is_looked_at() -> None:
    assert {"deliver", "sweep", "apply-schedules", MEASURE_FLOW} <= {asked.flow for asked in ALL}


@pytest.mark.parametrize("asked", ALL, ids=lambda asked: asked.where)
def test_a_run_is_asked_for_with_parameters_that_its_flow_has(asked: Asked) -> None:
    takes = inspect.signature(_flows()[asked.flow].fn).parameters
    if asked.parameters is not None:
        assert asked.parameters <= set(takes), f"{asked.flow} takes {sorted(takes)}"


@pytest.mark.parametrize("name", [name for name in _flows() if name != MEASURE_FLOW])
def test_a_housekeeping_run_needs_no_parameter(name: str) -> None:
    """It is scheduled without any, and `run_now` gives none."""
    needed = [p.name for p in inspect.signature(_flows()[name].fn).parameters.values() if p.default is p.empty]
    assert needed == []
