"""What we use of libraries without their promise, by name: an upgrade that takes it away fails here, in words."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prefect.client.base import PrefectHttpxAsyncClient
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import DeploymentResponse
from prefect.workers.base import BaseJobConfiguration, BaseWorker, BaseWorkerResult

from flows.worker import InProcessWorker, _deployment
from tests.architecture.rooms import ROOT, SOURCES, name_of, parsed

RECORD = "docs/decisions/0026-the-worker-in-one-process.md"


@dataclass(frozen=True)
class Private:
    """A function of a library, the parameters we know of it, and the file of ours that calls or overrides it."""

    module: str
    name: str
    parameters: str
    file: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


WORKER, CLOCKWORK, SERVER = "flows/worker.py", "flows/clockwork.py", "flows/server.py"
BASE = "prefect.workers.base"
CALLED = (
    Private(BASE, "BaseWorker._submit_run", "self flow_run", WORKER),
    Private(BASE, "BaseWorker._release_limit_slot", "self flow_run_id", WORKER),
    Private("prefect.cli.deploy._config", "_load_deploy_configs_and_actions", "prefect_file console", CLOCKWORK),
    Private(
        "prefect.cli.deploy._core",
        "_run_single_deploy",
        "deploy_config actions options client prefect_file console is_interactive",
        CLOCKWORK,
    ),
    # Public by its name; but we put another in its place, and Prefect promises to nobody that it is what it calls.
    Private(
        "prefect.server.database.configurations",
        "AioSqliteConfiguration.begin_transaction",
        "self session with_for_update",
        SERVER,
    ),
)
READ = {
    (WORKER, "_submitting_flow_run_ids"),
    (WORKER, "_related_objects"),
    (CLOCKWORK, "_load_deploy_configs_and_actions"),
    (CLOCKWORK, "_run_single_deploy"),
    # SQLAlchemy documents it; the underscore keeps it apart from the names of columns.
    ("storage/publications.py", "_asdict"),
}
"""Private names of libraries that our code speaks, each with its file."""

OVERRIDDEN = {"job_configuration", "get_description", "run", "teardown", "_submit_run", "_release_limit_slot"}


class Plain(BaseWorker[BaseJobConfiguration, Any, BaseWorkerResult]):
    """Prefect's worker with nothing of ours."""

    type = "plain-of-the-tests"

    async def run(self, *_: Any, **__: Any) -> BaseWorkerResult:
        return BaseWorkerResult(status_code=0, identifier="")


def gone(what: str, file: str) -> str:
    return f"Prefect {version('prefect')} has no longer {what}. {file} uses it: {RECORD} says what for and what else."


@pytest.mark.parametrize("used", CALLED, ids=str)
def test_a_private_function_is_there_and_takes_what_we_give(used: Private) -> None:
    found: Any = import_module(used.module)
    for part in used.name.split("."):
        found = vars(found).get(part)
        assert found is not None, gone(str(used), used.file)
    assert " ".join(inspect.signature(found).parameters) == used.parameters, gone(f"{used} of this form", used.file)


def test_a_worker_lists_what_it_has_taken_and_not_begun() -> None:
    taken = vars(Plain("office")).get("_submitting_flow_run_ids")
    assert isinstance(taken, set), gone("BaseWorker._submitting_flow_run_ids, a set", WORKER)


def test_a_runs_deployment_lies_where_the_worker_looks_for_it() -> None:
    assert "_related_objects" in BaseJobConfiguration.__private_attributes__, gone("_related_objects", WORKER)
    configuration = BaseJobConfiguration()
    deployment = DeploymentResponse(name="deliver", flow_id=uuid4(), labels={})
    configuration.prepare_for_flow_run(FlowRun(flow_id=deployment.flow_id), deployment=deployment)
    assert configuration._related_objects.get("deployment") is deployment, gone("the run's deployment in there", WORKER)
    assert _deployment(configuration) is deployment


def test_the_worker_overrides_what_it_means_to_and_nothing_that_prefect_added() -> None:
    ours = {name for name in vars(InProcessWorker) if not name.startswith("__")}
    assert {name for name in ours if hasattr(BaseWorker, name)} - {"_abc_impl"} == OVERRIDDEN
    begun = set(_set_on_self(ROOT / WORKER, InProcessWorker.__name__))
    assert begun.isdisjoint(vars(Plain("office"))), f"Prefect's worker has attributes of these names, too: {WORKER}"


def test_prefects_client_raises_the_errors_that_the_worker_outlives() -> None:
    assert issubclass(PrefectHttpxAsyncClient, httpx.AsyncClient), gone("httpx as its HTTP client", WORKER)


def test_every_private_name_of_a_library_in_our_code_is_listed_here() -> None:
    assert set(_foreign_private_names()) == READ


def _set_on_self(path: Path, class_name: str) -> Iterator[str]:
    """Attributes that a class of ours gives itself when it is made."""
    (found,) = [node for node in parsed(path).body if isinstance(node, ast.ClassDef) and node.name == class_name]
    (init,) = [node for node in found.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"]
    for node in ast.walk(init):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def _foreign_private_names() -> Iterator[tuple[str, str]]:
    trees = {name_of(path): parsed(path) for path in SOURCES}
    defined = {name for tree in trees.values() for node in ast.walk(tree) for name in _defined(node)}
    for file, tree in trees.items():
        for node in ast.walk(tree):
            yield from ((file, name) for name in _spoken(node) if name not in defined)


def _defined(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Attribute(attr=name, ctx=ast.Store()) | ast.Name(id=name, ctx=ast.Store()):
            yield name


def _spoken(node: ast.AST) -> Iterator[str]:
    names: list[str] = []
    match node:
        case ast.Attribute(attr=name):
            names = [name]
        case ast.ImportFrom(names=aliases):
            names = [alias.name for alias in aliases]
    yield from (name for name in names if name.startswith("_") and not name.startswith("__"))
