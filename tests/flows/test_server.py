"""The server under a burst: on SQLite writers take turns, and nobody is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from flows.rest import BasicKey
from tests.flows.conftest import PrefectServer


def post(server: PrefectServer, path: str, body: object) -> httpx.Response:
    return httpx.post(server.api_url + path, json=body, auth=BasicKey(server.key), timeout=60)


@pytest.mark.prefect
def test_many_writers_at_once_are_never_refused(prefect_server: PrefectServer) -> None:
    # Prefect as shipped refuses some of these at every try: a transaction that read first cannot write any more.
    def create(number: int) -> int:
        flow = post(prefect_server, "/flows/", {"name": f"burst-{number % 5}"})
        run = {"flow_id": flow.json().get("id"), "state": {"type": "PENDING"}}
        made = post(prefect_server, "/flow_runs/", run)
        moved = post(prefect_server, f"/flow_runs/{made.json()['id']}/set_state", {"state": {"type": "RUNNING"}})
        return max(flow.status_code, made.status_code, moved.status_code)

    with ThreadPoolExecutor(12) as writers:
        assert max(writers.map(create, range(60))) == 201
    assert "database is locked" not in (prefect_server.home / "server.log").read_text()
