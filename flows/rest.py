"""The clockwork over Prefect's REST API, without Prefect: command line and pages start in a moment and stay light."""

from __future__ import annotations

import base64
import time
from collections.abc import Generator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import httpx

from services.scheduler import (
    POOL,
    DeploymentView,
    NotScheduledError,
    RunView,
    SchedulerClosedError,
    SchedulerDownError,
    SchedulerRefusedError,
)

PAGE: Final = 200  # the most that the server gives at a time
NEXT_RUNS: Final = 3
LAST_RUNS: Final = 5
# SQLite may ask to come again, and a server that restarts may drop a connection; every request here may be repeated.
ATTEMPTS: Final = 3
LONGEST_ANSWER_S: Final = 10.0
_BEGUN: Final = ["PENDING", "RUNNING", "PAUSED", "CANCELLING", *sorted(RunView.FINAL)]


class BasicKey(httpx.Auth):
    """Prefect's authentication string with every request; it has no user's name, so httpx's own Basic does not fit."""

    def __init__(self, key: str) -> None:
        self._header = f"Basic {base64.b64encode(key.encode()).decode()}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Add the header."""
        request.headers["Authorization"] = self._header
        yield request


class RestScheduler:
    """`services.scheduler.Scheduler` against a Prefect server.

    Args:
        key: Authentication string of the server.
        patience_s: Longest wait for one question, repetitions included.
        rest_s: For how long nobody is asked after a question that stayed without an answer; the next ones fail at once.
    """

    def __init__(self, api_url: str, key: str = "", *, patience_s: float = 30, rest_s: float = 0) -> None:
        self._api_url = api_url.rstrip("/")
        self._patience_s = patience_s
        self._rest_s = rest_s
        self._resting_until_s = 0.0
        # trust_env off: a proxy of the machine has nothing to do with loopback. No connection is kept: the server may
        # drop an idle one at any moment (seen as "connection reset by peer"), and nothing is left to be closed.
        limits = httpx.Limits(max_keepalive_connections=0)
        timeout = min(LONGEST_ANSWER_S, patience_s)
        auth = BasicKey(key) if key else None
        self._http = httpx.Client(timeout=timeout, trust_env=False, limits=limits, auth=auth)

    def show(self, prefix: str = "") -> list[DeploymentView]:
        """Return the deployments whose name begins with `prefix`, by name."""
        return [self._view(deployment) for deployment in self._deployments(prefix)]

    def pause(self, name: str) -> None:
        """Stop scheduling; runs created ahead of time are removed."""
        self._ask("POST", f"/deployments/{self._find(name)}/pause_deployment", what=f"pause {name}")

    def resume(self, name: str) -> None:
        """Schedule again; the next runs appear within seconds."""
        self._ask("POST", f"/deployments/{self._find(name)}/resume_deployment", what=f"resume {name}")

    def run_now(self, name: str) -> UUID:
        """Queue a run of its own, even of a paused deployment."""
        return self.trigger(name, key=f"by-hand-{uuid4()}")

    def trigger(
        self, name: str, key: str, parameters: Mapping[str, Any] | None = None, when: datetime | None = None
    ) -> UUID:
        """Queue a run at `when` (aware; now when None); the same name and key always give the same run."""
        details = {"scheduled_time": when.isoformat()} if when is not None else {}
        body = {
            "state": {"type": "SCHEDULED", "state_details": details},
            # Prefect keeps keys by flow, and all measures share one flow: the name keeps them apart.
            "idempotency_key": f"{name}:{key}",
            "parameters": dict(parameters or {}),
        }
        made = self._ask("POST", f"/deployments/{self._find(name)}/create_flow_run", body, what=f"run {name}")
        return UUID(made["id"])

    def wait(self, run_id: UUID, timeout_s: float) -> RunView:
        """Return the run when it is final, or as it is after `timeout_s`."""
        end = time.monotonic() + timeout_s
        while True:
            run = self._run(self._ask("GET", f"/flow_runs/{run_id}", what=f"look up run {run_id}"))
            left = end - time.monotonic()
            if run.is_final or left <= 0:
                return run
            time.sleep(min(0.3, left))

    def is_up(self) -> bool:
        """Tell whether the clockwork answers."""
        try:
            return self._http.get(f"{self._api_url}/health").is_success
        except httpx.TransportError:
            return False

    def workers(self) -> int:
        """Count the workers that are alive; without one everything waits."""
        wanted = {"workers": {"status": {"any_": ["ONLINE"]}}, "limit": PAGE}
        try:
            return len(self._ask("POST", f"/work_pools/{POOL}/workers/filter", wanted, what="list workers"))
        except SchedulerRefusedError as refused:
            if refused.facts["status"] == httpx.codes.NOT_FOUND:  # the first worker makes the pool
                return 0
            raise

    def _deployments(self, prefix: str) -> list[dict[str, Any]]:
        deployments: list[dict[str, Any]] = []
        # The server's `like_` looks anywhere in the name; the beginning is checked here.
        wanted = {"deployments": {"name": {"like_": prefix}}} if prefix else {}
        while True:
            body = {**wanted, "limit": PAGE, "offset": len(deployments), "sort": "NAME_ASC"}
            page = self._ask("POST", "/deployments/filter", body, what="list deployments")
            deployments.extend(page)
            if len(page) < PAGE:
                return [deployment for deployment in deployments if deployment["name"].startswith(prefix)]

    def _find(self, name: str) -> str:
        wanted = {"deployments": {"name": {"any_": [name]}}, "limit": 1}
        deployments = self._ask("POST", "/deployments/filter", wanted, what=f"find {name}")
        if not deployments:
            raise NotScheduledError(name=name)
        return str(deployments[0]["id"])

    def _view(self, deployment: dict[str, Any]) -> DeploymentView:
        coming = self._runs(deployment["id"], ["SCHEDULED"], "EXPECTED_START_TIME_ASC", NEXT_RUNS)
        begun = self._runs(deployment["id"], _BEGUN, "EXPECTED_START_TIME_DESC", LAST_RUNS)
        return DeploymentView(
            name=deployment["name"],
            paused=deployment["paused"],
            next_runs=tuple(run.expected_at for run in coming if run.expected_at is not None),
            last_runs=tuple(begun),
        )

    def _runs(self, deployment_id: str, states: list[str], sort: str, limit: int) -> list[RunView]:
        body = {
            "deployments": {"id": {"any_": [deployment_id]}},
            "flow_runs": {"state": {"type": {"any_": states}}},
            "sort": sort,
            "limit": limit,
        }
        return [self._run(raw) for raw in self._ask("POST", "/flow_runs/filter", body, what="list runs")]

    def _run(self, raw: dict[str, Any]) -> RunView:
        state = raw["state"] or {}
        return RunView(
            id=raw["id"],
            name=raw["name"],
            state_type=raw["state_type"] or "",
            state_name=raw["state_name"] or "",
            message=state.get("message") or "",
            expected_at=_instant(raw["expected_start_time"]),
            started_at=_instant(raw["start_time"]),
            ended_at=_instant(raw["end_time"]),
            url=f"{self._api_url.removesuffix('/api')}/runs/flow-run/{raw['id']}",
        )

    def _ask(self, method: str, path: str, body: object = None, *, what: str) -> Any:
        until_s = time.monotonic() + self._patience_s
        if time.monotonic() < self._resting_until_s:
            raise SchedulerDownError(url=self._api_url)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self._http.request(method, self._api_url + path, json=body)
            except httpx.TransportError as fault:
                if attempt == ATTEMPTS or isinstance(fault, httpx.ConnectError) or time.monotonic() >= until_s:
                    self._resting_until_s = time.monotonic() + self._rest_s
                    raise SchedulerDownError(url=self._api_url) from fault
            else:
                is_busy = answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
                if not is_busy or attempt == ATTEMPTS or time.monotonic() >= until_s:
                    return self._content(answer, what)
            time.sleep(0.2 * attempt)
        raise AssertionError  # the last attempt returns or raises

    def _content(self, answer: httpx.Response, what: str) -> Any:
        if answer.is_success:
            return answer.json() if answer.content else None
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise SchedulerClosedError(url=self._api_url, what=what, status=401, reason="Unauthorized")
        raise SchedulerRefusedError(what=what, status=answer.status_code, reason=answer.text[:300])


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
