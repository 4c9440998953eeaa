"""The server under a burst: on SQLite writers take turns, and nobody is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.flows.conftest import PrefectServer


@pytest.mark.prefect
def test_many_writers_at_once_are_never_refused(prefect_server: PrefectServer) -> None:
    # Prefect as shipped refuses some of these at every try: a transaction that read first cannot write any more.
    def create(number: int) -> int:
        flow = httpx.post(f"{prefect_server.api_url}/flows/", json={"name": f"burst-{number % 5}"}, timeout=60)
        run = {"flow_id": flow.json().get("id"), "state": {"type": "PENDING"}}
        made = httpx.post(f"{prefect_server.api_url}/flow_runs/", json=run, timeout=60)
        state = {"state": {"type": "RUNNING"}}
        moved = httpx.post(f"{prefect_server.api_url}/flow_runs/{made.json()['id']}/set_state", json=state, timeout=60)
        return max(flow.status_code, made.status_code, moved.status_code)

    with ThreadPoolExecutor(12) as writers:
        assert max(writers.map(create, range(60))) == 201
    assert "database is locked" not in (prefect_server.home / "server.log").read_text()
