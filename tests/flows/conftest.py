"""A real Prefect server and real workers, for every test that needs the clockwork itself."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from bench.live import free_port
from flows.rest import BasicKey
from services.scheduler import api_url, server_argv, server_environment, worker_argv
from services.scheduler_key import made_key
from services.settings import Settings
from services.setup.prepare import prepare
from services.wiring import System
from tests.waiting import wait_until

# Read by Prefect when it is imported: nothing of a test is reported to anybody.
os.environ.setdefault("DO_NOT_TRACK", "1")

ROOT = Path(__file__).parents[2]
SAMPLES = "tests.flows.sample_flows"


@dataclass(frozen=True)
class PrefectServer:
    """A running server.

    Attributes:
        environment: What its clients need on top of this process's own environment.
        key: Its authentication string.
        process: The server itself.
    """

    api_url: str
    home: Path
    environment: dict[str, str]
    key: str
    process: subprocess.Popen[bytes]

    def have_pool(self) -> None:
        """Have the work pool, as the first worker or the first application of schedules makes it."""
        if not any(pool["name"] == "office" for pool in self.call("POST", "/work_pools/filter", {}).json()):
            self.call("POST", "/work_pools/", {"name": "office", "type": "in-process"})

    def deploy(self, flow: str, name: str, **more: object) -> str:
        """Create a deployment of a sample flow without a schedule and return its id; the pool must be there."""
        flow_id = self.call("POST", "/flows/", {"name": flow}).json()["id"]
        body = {
            "name": name,
            "flow_id": flow_id,
            "entrypoint": f"{SAMPLES}.{flow}",
            "work_pool_name": "office",
            "pull_steps": [],
            **more,
        }
        return str(self.call("POST", "/deployments/", body).json()["id"])

    def runs(self, name: str, *states: str) -> list[dict[str, Any]]:
        """Runs of a deployment in these states, soonest first."""
        wanted = {
            "deployments": {"name": {"any_": [name]}},
            "flow_runs": {"state": {"type": {"any_": list(states)}}},
            "sort": "EXPECTED_START_TIME_ASC",
        }
        found: list[dict[str, Any]] = self.call("POST", "/flow_runs/filter", wanted).json()
        return found

    def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        answer = httpx.request(method, self.api_url + path, json=body, auth=BasicKey(self.key), timeout=30)
        answer.raise_for_status()
        return answer


@dataclass
class Worker:
    """A running worker process; its lines are what it printed so far."""

    process: subprocess.Popen[str]
    lines: list[str]
    reader: Thread

    def said(self, text: str, within_s: float = 30) -> bool:
        return wait_until(lambda: any(text in line for line in self.lines), within_s)

    def kill(self) -> None:
        self.process.kill()
        self._gone()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self._gone()

    def _gone(self) -> int:
        code = self.process.wait(30)
        self.reader.join(10)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code


def sample_worker_argv(limit: int) -> tuple[str, ...]:
    """A worker as the service starts it, that runs the sample flows, too."""
    return tuple(word.replace("flows.worker", "tests.flows.sample_worker") for word in worker_argv(limit))


def machine_environment() -> dict[str, str]:
    """This process's environment without what would slow children down or bind them to another Prefect."""
    return {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONDONTWRITEBYTECODE" and not name.startswith("PREFECT_")
    }


def _answers(url: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"{url}/health", timeout=5).is_success
    return False


def _read(process: subprocess.Popen[str], lines: list[str]) -> None:
    for line in process.stdout or ():
        lines.append(line)  # noqa: PERF402 -- line by line, as they come


@pytest.fixture(scope="session")
def prefect_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prefect's tables, all empty, to be copied: making them costs 8 s of CPU, so all processes of the tests share one.

    The lock is held by whoever makes them; the file comes under its name when it is whole.
    """
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    file, beginning = folder / "prefect-tables.db", folder / "prefect-tables.beginning.db"
    with (folder / "prefect-tables.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not file.exists():
            settings = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{beginning}"}
            made = subprocess.run(
                [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"],
                env=machine_environment() | settings,
                capture_output=True,
                text=True,
                check=False,
            )
            assert made.returncode == 0, made.stderr
            beginning.rename(file)
    return file


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory, prefect_tables: Path) -> Iterator[PrefectServer]:
    """A server on SQLite, as `make up` starts it; shared by all tests, so use names of your own."""
    home = tmp_path_factory.mktemp("prefect")
    port = free_port()
    key = made_key(home)
    shutil.copy(prefect_tables, home / "clockwork.db")
    prepare(System(Settings(home=home / "office", demo=False)))  # workers stop where there is no secret
    environment = server_environment(home, port, key) | {"SUCHARIT_HOME": str(home / "office")}
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            server_argv(port), env=machine_environment() | environment, cwd=ROOT, stdout=log, stderr=log
        )
        try:
            up = wait_until(lambda: process.poll() is not None or _answers(api_url(port)), 90)
            assert up, (home / "server.log").read_text()
            assert process.poll() is None, (home / "server.log").read_text()
            yield PrefectServer(api_url(port), home, environment, key, process)
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture
def in_prefect(prefect_server: PrefectServer) -> Iterator[PrefectServer]:
    """Have Prefect's client in this process talk to the test server."""
    from prefect.settings import (  # noqa: PLC0415 -- costs 1.5 s
        PREFECT_API_AUTH_STRING,
        PREFECT_API_URL,
        PREFECT_HOME,
        temporary_settings,
    )

    settings = {
        PREFECT_API_URL: prefect_server.api_url,
        PREFECT_API_AUTH_STRING: prefect_server.key,
        PREFECT_HOME: prefect_server.home,
    }
    with temporary_settings(settings):
        yield prefect_server


@pytest.fixture
def worker(prefect_server: PrefectServer) -> Iterator[Callable[..., Worker]]:
    """Start a real worker process: `worker(limit=1, name="a")`, None for a name of its own; ended with the test."""
    started: list[Worker] = []

    def start(limit: int = 1, name: str | None = "tests", grace_s: float = 1) -> Worker:
        named = ("--name", name) if name else ()
        process = subprocess.Popen(
            (*sample_worker_argv(limit), *named, "--grace", str(grace_s)),
            env=machine_environment() | prefect_server.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines: list[str] = []
        reader = Thread(target=_read, args=(process, lines), daemon=True)
        reader.start()
        made = Worker(process, lines, reader)
        started.append(made)
        assert made.said(f"worker {name} ready" if name else " ready: pool"), lines
        return made

    yield start
    for made in started:
        if made.process.poll() is None:
            made.kill()
