"""The processes that make up the service, for whoever starts and keeps them."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services.operations.processes import Finished, HttpReady, LineReady, ProcessSpec, Restart
from services.scheduler import (
    api_url,
    housekeeping_argv,
    run_limit,
    server_argv,
    server_environment,
    worker_argv,
)
from services.scheduler_key import made_key
from services.settings import Settings

PAGES_ENVIRONMENT: Final = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""Threads would each keep a heap of their own, and what one large page needed would never be given back."""


def children(settings: Settings) -> list[ProcessSpec]:
    """Processes of the service in the order in which they start."""
    clockwork_url = settings.prefect_database_url or None
    key = made_key(settings.folder)
    clockwork = server_environment(settings.folder / "prefect", settings.prefect_port, key, clockwork_url)
    ours = {"SUCHARIT_HOME": str(settings.folder)}
    limit = settings.worker_limit or run_limit(clockwork_url)
    return [
        _prepare(ours),
        _mailbox(settings),
        _prefect(settings, clockwork),
        _schedules({**clockwork, **ours}),
        _worker(limit, {**clockwork, **ours}),
        _pages(settings, {**ours, **PAGES_ENVIRONMENT}),
    ]


def _prepare(env: Mapping[str, str]) -> ProcessSpec:
    return ProcessSpec(
        name="prepare",
        argv=(sys.executable, "-m", "services.setup.prepare"),
        ready=Finished(),
        env=env,
        where="tables and demonstration",
        ready_within_s=110,
        restart=Restart.NEVER,
    )


def _mailbox(settings: Settings) -> ProcessSpec:
    folder, port = str(settings.folder / "mailbox"), str(settings.mailbox_port)
    shared = ("--shared",) if settings.home_group else ()
    return ProcessSpec(
        name="mailbox",
        argv=(sys.executable, "-m", "notifications.mailbox", "--dir", folder, "--port", port, *shared),
        ready=LineReady("mailbox ready"),
        where=folder,
        port=settings.mailbox_port,
        port_setting="SUCHARIT_MAILBOX_PORT",
    )


def _prefect(settings: Settings, env: Mapping[str, str]) -> ProcessSpec:
    return ProcessSpec(
        name="prefect",
        argv=server_argv(settings.prefect_port),
        ready=HttpReady(f"{api_url(settings.prefect_port)}/health"),
        env=env,
        where=f"http://127.0.0.1:{settings.prefect_port}",
        port=settings.prefect_port,
        port_setting="SUCHARIT_PREFECT_PORT",
        ready_within_s=100,
    )


def _schedules(env: Mapping[str, str]) -> ProcessSpec:
    return ProcessSpec(
        name="schedules",
        argv=housekeeping_argv(prefect_yaml()),
        ready=Finished(),
        env=env,
        where=f"{prefect_yaml().name} applied",
        restart=Restart.NEVER,
    )


def _worker(limit: int, env: Mapping[str, str]) -> ProcessSpec:
    return ProcessSpec(
        name="worker",
        argv=worker_argv(limit),
        ready=LineReady("ready: pool"),
        env=env,
        where=f"{limit} run{'s' if limit > 1 else ''} at a time, and one for mail",
    )


def _pages(settings: Settings, env: Mapping[str, str]) -> ProcessSpec:
    return ProcessSpec(
        name="pages",
        argv=(sys.executable, "-m", "web.server", "--host", settings.web_host, "--port", str(settings.web_port)),
        ready=HttpReady(f"http://{settings.web_host}:{settings.web_port}/sign-in"),
        env=env,
        where=settings.address,
        port=settings.web_port,
        port_setting="SUCHARIT_WEB_PORT",
    )


def prefect_yaml() -> Path:
    """The housekeeping deployments: at the root of a checkout, inside the package of a wheel."""
    # Found without importing the room of flows, which would import Prefect.
    spec = importlib.util.find_spec("flows")
    room = Path(spec.origin).parent if spec and spec.origin else Path.cwd()
    inside = room / "prefect.yaml"
    return inside if inside.is_file() else room.parent / "prefect.yaml"
