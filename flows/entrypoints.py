"""The flows there are, by the module path that their deployments name; the worker loads and runs no other."""

from __future__ import annotations

from typing import Any, Final

from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import DeploymentResponse
from prefect.flows import Flow, load_flow_from_entrypoint

RUN_MEASURE: Final = "flows.run_measure.run_measure"

OURS: Final = frozenset(
    {
        RUN_MEASURE,
        "flows.apply_schedules.apply_schedules",
        "flows.audit.audit",
        "flows.deliver.deliver",
        "flows.quarter_report.quarter_report",
        "flows.sweep.sweep",
    }
)


class NotAsyncFlowError(TypeError):
    """A sync flow would block every other run of the worker."""

    def __init__(self, entrypoint: str) -> None:
        super().__init__(
            f"{entrypoint} is not async: flows of this worker are `async def`, blocking work is a thread's."
        )


class ForeignRunError(PermissionError):
    """A run that is not one of ours: whoever may write to Prefect must not thereby become this process."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Not run: {why}. This worker runs only what the project deploys, as it deploys it.")


def checked_entrypoint(flow_run: FlowRun, deployment: DeploymentResponse | None, ours: frozenset[str]) -> str:
    """Entrypoint of the run's deployment, compared as a whole and before anything is imported.

    Raises:
        ForeignRunError: It is none of `ours`, or the run would be made in another way than we deploy it.
    """
    if deployment is None:
        raise ForeignRunError("the run belongs to no deployment")
    if deployment.entrypoint not in ours:
        raise ForeignRunError(f"the entrypoint {deployment.entrypoint!r} is none of ours")
    if deployment.pull_steps:
        raise ForeignRunError("the deployment has pull steps")
    if deployment.job_variables or flow_run.job_variables:
        raise ForeignRunError("the deployment or the run overrides the job")
    return deployment.entrypoint


def load(entrypoint: str) -> Flow[..., Any]:
    """The flow at an entrypoint that was checked before.

    Raises:
        NotAsyncFlowError: It would block the worker.
        ImportError: Its module ends the interpreter.
        Exception: Whatever else importing it raises.
    """
    try:
        flow: Flow[..., Any] = load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False)
    except SystemExit as fault:  # a module that ends the interpreter while it is imported
        raise ImportError(f"{entrypoint} called sys.exit({fault.code}) when imported") from fault
    if not flow.isasync:
        raise NotAsyncFlowError(entrypoint)
    return flow
