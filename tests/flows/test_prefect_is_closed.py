"""Who may speak to Prefect's API, and what the worker runs: nobody of this machine becomes the service by it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml
from websockets import Subprotocol
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.frames import CloseCode
from websockets.sync.client import connect

from flows.entrypoints import OURS, RUN_MEASURE
from flows.rest import BasicKey, RestScheduler
from services.scheduler import SchedulerClosedError, server_argv
from services.scheduler_key import kept_key, key_file, made_key
from tests.each import check_each
from tests.flows.conftest import ROOT, PrefectServer, Worker, machine_environment
from tests.waiting import wait_until

pytestmark = pytest.mark.prefect

NOBODY = 65534

# A first request brings all imports: another user may not be able to read the interpreter's own files.
AS_ANOTHER_USER = f"""
import json, os, sys
import httpx
api, key_file = sys.argv[1:]
client = httpx.Client(trust_env=False)
client.get(api + "/health")
if os.getuid() == 0:
    os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})
try:
    kept = open(key_file).read()
except PermissionError:
    kept = None
flow = client.post(api + "/flows/", json={{"name": "theirs"}})
runs = client.post(api + "/flow_runs/filter", json={{}}, auth=("", ""))
print(json.dumps([os.getuid(), kept, flow.status_code, runs.status_code, client.get(api + "/health").status_code]))
"""


@pytest.fixture
def as_root(prefect_server: PrefectServer) -> str:
    """Address of the server without `/api`."""
    return prefect_server.api_url.removesuffix("/api")


def test_another_user_of_the_machine_can_neither_read_the_string_nor_use_the_api(prefect_server: PrefectServer) -> None:
    file = key_file(prefect_server.home)
    answer = subprocess.run(
        [sys.executable, "-c", AS_ANOTHER_USER, prefect_server.api_url, str(file)],
        capture_output=True, text=True, check=True, cwd=ROOT, env=machine_environment(),
    )  # fmt: skip
    user, kept, flow, runs, health = json.loads(answer.stdout)
    assert (flow, runs, health) == (401, 401, 200)
    if os.getuid() == 0:
        assert (user, kept) == (NOBODY, None)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("path", ["/api/health", "/api/ready", "/", "/ui-settings"])
def test_health_readiness_and_the_shell_of_the_pages_stay_open(as_root: str, path: str) -> None:
    assert httpx.get(as_root + path, follow_redirects=True).status_code == 200


def test_every_other_address_of_the_api_asks_for_the_string(prefect_server: PrefectServer) -> None:
    document = httpx.get(f"{prefect_server.api_url}/openapi.json", auth=BasicKey(prefect_server.key)).json()
    asked = {path.removeprefix("/api") for path in document["paths"]} - {"/health", "/ready"}
    assert len(asked) > 100
    with httpx.Client(timeout=30) as nobody:
        open_ones = [path for path in sorted(asked) if nobody.get(prefect_server.api_url + path).status_code != 401]
    assert open_ones == []


@pytest.mark.parametrize("host", ["evil.example", "evil.example:4200", "127.0.0.1.evil.example", ""])
def test_a_foreign_host_is_refused_before_prefect_sees_it(prefect_server: PrefectServer, host: str) -> None:
    for path in ("/health", "/flows/filter"):
        answer = httpx.post(
            prefect_server.api_url + path, json={}, headers={"Host": host}, auth=BasicKey(prefect_server.key)
        )
        assert answer.status_code == 400, path


def test_a_page_of_another_address_is_refused_and_prefects_own_is_not(prefect_server: PrefectServer) -> None:
    own = prefect_server.api_url.removesuffix("/api")
    there = f"http://localhost:{own.rpartition(':')[2]}"
    wanted = {own: 200, there: 200, "https://evil.example": 403, "null": 403, "http://127.0.0.1:1": 403, "": 403}
    found = {origin: _asked_by(prefect_server, origin) for origin in wanted}
    assert found == wanted


def _asked_by(server: PrefectServer, origin: str) -> int:
    headers = {"Origin": origin}
    return httpx.post(f"{server.api_url}/flows/filter", json={}, headers=headers, auth=BasicKey(server.key)).status_code


@pytest.mark.parametrize(
    ("headers", "status"), [({"Origin": "https://evil.example"}, 403), ({"Host": "evil.example"}, 400)]
)
@pytest.mark.parametrize("path", ["/events/in", "/events/out", "/logs/out"])
def test_a_websocket_from_elsewhere_is_refused(
    prefect_server: PrefectServer, path: str, headers: dict[str, str], status: int
) -> None:
    host, port = prefect_server.api_url.removeprefix("http://").partition("/")[0].split(":")
    address = f"ws://{headers.get('Host', host)}:{port}/api{path}"
    line = socket.create_connection((host, int(port)))
    origin: Any = headers.get("Origin")
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(address, sock=line, origin=origin, subprotocols=[Subprotocol("prefect")]),
    ):
        pass
    assert refused.value.response.status_code == status


def test_a_websocket_without_the_string_hears_nothing(prefect_server: PrefectServer) -> None:
    address = prefect_server.api_url.replace("http", "ws", 1) + "/events/out"
    with connect(address, subprotocols=[Subprotocol("prefect")]) as line:
        line.send(json.dumps({"type": "auth", "token": "guessed"}))
        with pytest.raises(ConnectionClosedError) as closed:
            line.recv(timeout=10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == CloseCode.POLICY_VIOLATION


def test_our_own_programs_without_the_string_are_told_where_it_stands(prefect_server: PrefectServer) -> None:
    scheduler = RestScheduler(prefect_server.api_url, "wrong")
    assert scheduler.is_up()
    with pytest.raises(SchedulerClosedError, match=r"prefect\.auth"):
        scheduler.show()


def test_the_server_does_not_start_open() -> None:
    bare = {name: text for name, text in machine_environment().items() if not name.startswith("PREFECT_")}
    ended = subprocess.run(server_argv(1), capture_output=True, text=True, check=False, cwd=ROOT, env=bare)
    assert (ended.returncode, "prefect.auth" in ended.stderr) == (2, True)


def test_the_string_is_made_once_and_is_no_argument_of_anybody(tmp_path: Path) -> None:
    assert kept_key(tmp_path) == ""
    key = made_key(tmp_path)
    assert len(key) > 40
    assert (made_key(tmp_path), kept_key(tmp_path)) == (key, key)


def test_the_list_of_our_flows_is_that_of_the_deployments() -> None:
    deployed = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    assert {one["entrypoint"] for one in deployed} | {RUN_MEASURE} == OURS


MARK = "tests/flows/foreign_flow.py"


FOREIGN: Final[tuple[tuple[dict[str, Any], str], ...]] = (
    ({"entrypoint": "tests.flows.foreign_flow.mine"}, "none of ours"),
    ({"entrypoint": f"{ROOT / MARK}:mine"}, "none of ours"),
    ({"entrypoint": f"{MARK}:mine"}, "none of ours"),
    ({"entrypoint": "flows.deliver.deliver.__wrapped__"}, "none of ours"),
    ({"entrypoint": "flows.deliver.deliver "}, "none of ours"),
    ({"pull_steps": [{"prefect.deployments.steps.run_shell_script": {"script": "id"}}]}, "pull steps"),
    ({"job_variables": {"env": {"PYTHONPATH": "/tmp"}}}, "overrides the job"),
)


def test_a_run_that_is_not_ours_is_crashed_with_the_reason_and_nothing_is_imported(
    prefect_server: PrefectServer, worker: Callable[..., Worker], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOREIGN_FLOW_MARK", str(tmp_path / "imported"))
    worker()
    scheduler = RestScheduler(prefect_server.api_url, prefect_server.key)

    def check(number: int) -> None:
        how, why = FOREIGN[number]
        prefect_server.deploy("quick", f"foreign-{number}", **how)
        run = scheduler.wait(scheduler.run_now(f"foreign-{number}"), 20)
        assert (run.state_type, why in run.message) == ("CRASHED", True), run
        assert not (tmp_path / "imported").exists()

    check_each(range(len(FOREIGN)), check, lambda number: str(FOREIGN[number]))


def test_an_override_of_one_run_is_refused_too(prefect_server: PrefectServer, worker: Callable[..., Worker]) -> None:
    worker()
    deployment = prefect_server.deploy("quick", "foreign-run")
    body = {"state": {"type": "SCHEDULED"}, "job_variables": {"env": {"PYTHONPATH": "/tmp"}}}
    made = prefect_server.call("POST", f"/deployments/{deployment}/create_flow_run", body).json()
    assert wait_until(lambda: bool(prefect_server.runs("foreign-run", "CRASHED")), 20), made
    (run,) = prefect_server.runs("foreign-run", "CRASHED")
    assert "overrides the job" in run["state"]["message"]
