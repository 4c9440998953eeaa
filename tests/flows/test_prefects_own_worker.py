"""Prefect's own process worker runs our flows, too: the way out that decision record 0026 names."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from flows.entrypoints import OURS, RUN_MEASURE
from flows.rest import RestScheduler
from services.access.installation import settle
from services.scheduler import POOL
from services.settings import SECRET_FILE
from storage.store import Store
from tests.factories import at
from tests.flows.conftest import ROOT, PrefectServer, machine_environment
from tests.services.live_office import found_office

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(400)]

PROCESSES_S = 180
"""Each run is a start of Python, Prefect and all of ours: 4 s of CPU, five of them at once."""


@dataclass
class Home:
    """An installation of its own, whose runs Prefect's process worker carries out."""

    store: Store
    scheduler: RestScheduler
    log: Path

    def said(self) -> str:
        return self.log.read_text(errors="replace")


@pytest.fixture
def home(prefect_server: PrefectServer, migrated_file: Path, tmp_path: Path) -> Iterator[Home]:
    prefect_server.have_pool()
    folder, log = tmp_path / "home", tmp_path / "worker.log"
    folder.mkdir()
    (folder / "sucharit.db").write_bytes(migrated_file.read_bytes())
    store = Store(f"sqlite:///{folder / 'sucharit.db'}")
    settle(store, folder / SECRET_FILE)
    prefect = str(Path(sys.executable).parent / "prefect")
    port = str(urlsplit(prefect_server.api_url).port)
    with log.open("wb") as out:
        process = subprocess.Popen(
            # The command of the record, with more runs at once.
            (prefect, "worker", "start", "--pool", POOL, "--type", "process", "--limit", "5"),
            env=machine_environment()
            | prefect_server.environment
            | {"SUCHARIT_HOME": str(folder), "SUCHARIT_PREFECT_PORT": port},
            cwd=ROOT,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            yield Home(store, RestScheduler(prefect_server.api_url, prefect_server.key), log)
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # the worker and whatever run is its child
            process.wait(20)
            store.close()


def test_every_flow_of_ours_runs_in_a_process_of_its_own(prefect_server: PrefectServer, home: Home) -> None:
    housekeeping = {entrypoint.rpartition(".")[2].replace("_", "-"): entrypoint for entrypoint in OURS - {RUN_MEASURE}}
    for name, entrypoint in housekeeping.items():
        prefect_server.deploy(name, name, entrypoint=entrypoint)
    runs = {name: home.scheduler.run_now(name) for name in housekeeping}
    ended = {name: home.scheduler.wait(run_id, PROCESSES_S).state_type for name, run_id in runs.items()}
    assert ended == dict.fromkeys(runs, "COMPLETED"), home.said()
    # Only now: the audit would rightly miss four years of work, and apply-schedules take a measure of no office away.
    office = found_office(home.store)
    prefect_server.deploy("run-measure", "own-worker", entrypoint=RUN_MEASURE)
    asked = {"measure_key": f"2566/{office.key}/m1", "as_of": at("2022-10-03 09:00").isoformat()}
    run = home.scheduler.wait(home.scheduler.trigger("own-worker", "once", asked), PROCESSES_S)
    opened = len(office.assignments())
    assert (run.state_type, run.message.partition(" opened")[0]) == ("COMPLETED", str(opened)), home.said()
    assert opened
