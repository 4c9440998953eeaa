"""`sucharit up`: the whole service in the foreground."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from domain.errors import SucharitError
from services.cli.base import in_words, say, warn
from services.processes import Finished, HttpReady, LineReady, ProcessSpec, Restart
from services.scheduler import (
    api_url,
    housekeeping_argv,
    run_limit,
    server_argv,
    server_environment,
    worker_argv,
)
from services.settings import Settings
from services.sign_in import first_administrator_link, wants_first_administrator
from services.supervise import Supervisor, UpError
from services.wiring import System, system

ATTEMPTS: Final = 5
"""How often a start asks the clockwork, which is busy in its first seconds."""


def up() -> None:
    """Run everything: Prefect's server, a worker, the local mailbox. Ctrl-C stops it."""
    with in_words():
        settings = system().settings
        say(f"Sucharit keeps everything in {settings.folder}\n")
        supervisor = Supervisor(settings.folder, children(settings), say)
        try:
            code = supervisor.run(_when_ready)
        except UpError as error:
            warn(error.in_thai() if settings.language == "th" else str(error))
            raise SystemExit(error.exit_code) from error
        raise SystemExit(code)


PAGES_ENVIRONMENT: Final = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""Threads would each keep a heap of their own, and what one large page needed would never be given back."""


def children(settings: Settings) -> list[ProcessSpec]:
    """Processes of the service in the order in which they start."""
    clockwork_url = settings.prefect_database_url or None
    clockwork = server_environment(settings.folder / "prefect", settings.prefect_port, clockwork_url)
    ours = {"SUCHARIT_HOME": str(settings.folder)}
    limit = settings.worker_limit or run_limit(clockwork_url)
    mailbox, port = settings.folder / "mailbox", str(settings.mailbox_port)
    return [
        ProcessSpec(
            name="prepare",
            argv=(sys.executable, "-m", "services.prepare"),
            ready=Finished(),
            env=ours,
            where="tables and demonstration",
            ready_within_s=110,
            restart=Restart.NEVER,
        ),
        ProcessSpec(
            name="mailbox",
            argv=(sys.executable, "-m", "notifications.mailbox", "--dir", str(mailbox), "--port", port),
            ready=LineReady("mailbox ready"),
            where=str(mailbox),
            port=settings.mailbox_port,
            port_setting="SUCHARIT_MAILBOX_PORT",
        ),
        ProcessSpec(
            name="prefect",
            argv=server_argv(settings.prefect_port),
            ready=HttpReady(f"{api_url(settings.prefect_port)}/health"),
            env=clockwork,
            where=f"http://127.0.0.1:{settings.prefect_port}",
            port=settings.prefect_port,
            port_setting="SUCHARIT_PREFECT_PORT",
            ready_within_s=100,
        ),
        ProcessSpec(
            name="schedules",
            argv=housekeeping_argv(prefect_yaml()),
            ready=Finished(),
            env={**clockwork, **ours},
            where=f"{prefect_yaml().name} applied",
            restart=Restart.NEVER,
        ),
        ProcessSpec(
            name="worker",
            argv=worker_argv(limit),
            ready=LineReady("ready: pool"),
            env={**clockwork, **ours},
            where=f"{limit} run{'s' if limit > 1 else ''} at a time",
        ),
        ProcessSpec(
            name="pages",
            argv=(sys.executable, "-m", "web.server", "--host", settings.web_host, "--port", str(settings.web_port)),
            ready=HttpReady(f"http://{settings.web_host}:{settings.web_port}/sign-in"),
            env={**ours, **PAGES_ENVIRONMENT},
            where=settings.address,
            port=settings.web_port,
            port_setting="SUCHARIT_WEB_PORT",
        ),
    ]


@contextmanager
def _courtesy(what: str) -> Iterator[None]:
    """Do what a start does besides running the service; where it fails, that is said, and the service runs.

    Here and not deeper: whoever asks for the same thing by a command must see it refused.
    """
    try:
        yield
    except (SucharitError, OSError) as error:
        warn(f"{what}: {error}")


def _say_first_links(running: System) -> None:
    """How the first administrator of each office comes in: a link that works once, for a day."""
    for office in running.store.offices():
        with _courtesy(f"Office {office.key} has no link for its first administrator"):
            if wants_first_administrator(running.store, office.key):
                token = first_administrator_link(running.store, office.key, running.clock())
                say(f"The administrator of {office.key} signs in here, once, within a day:")
                say(f"  {running.settings.address}/sign-in/link/{token}")


def prefect_yaml() -> Path:
    """The housekeeping deployments: at the root of a checkout, inside the package of a wheel."""
    # Found without importing the room of flows, which would import Prefect.
    spec = importlib.util.find_spec("flows")
    room = Path(spec.origin).parent if spec and spec.origin else Path.cwd()
    inside = room / "prefect.yaml"
    return inside if inside.is_file() else room.parent / "prefect.yaml"


def _when_ready() -> None:
    """Bring the schedules in, make up for what was missed while the service was down, and say what to do next."""
    running = system()
    say("")
    _schedule(running)
    mail = running.settings.smtp_host or f"the local mailbox ({running.settings.folder / 'mailbox'})"
    say(f"Mail goes to {mail}")
    with _courtesy("The offices cannot be listed"):
        for office in running.store.offices():
            kind = " (a demonstration: `sucharit demo remove` takes it away)" if office.is_demo else ""
            say(f"Office {office.key}: {office.name}{kind}")
        _say_first_links(running)
    say(f"\nReady. The pages: {running.settings.address}\nIn another terminal:")
    for command, what in (
        ("sucharit assignments", "what the divisions have to do"),
        ("sucharit schedule show", "the next moments of every measure"),
        ("sucharit mailbox", "the mail that was sent"),
        ("sucharit report export out", "the quarterly reports as Word files"),
        ("sucharit doctor", "whether all is well"),
    ):
        say(f"  .venv/bin/{command:<32} {what}")
    say(f"Prefect's own pages: http://127.0.0.1:{running.settings.prefect_port}   Stop with Ctrl-C.")


def _schedule(running: System) -> None:
    for attempt in range(ATTEMPTS):
        try:
            run = running.scheduler.wait(running.scheduler.run_now("apply-schedules"), 60)
            running.scheduler.wait(running.scheduler.run_now("sweep"), 60)
        except SucharitError as error:
            warn(f"The measures could not be scheduled yet: {error}")
            time.sleep(attempt)
        else:
            said = run.message or run.state_name
            if run.state_type == "COMPLETED":
                say(f"Measures scheduled: {said}")
            else:
                warn(f"Not all measures could be scheduled: {said}")
            break
