"""`sucharit up`: the whole service in the foreground."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cli.base import in_words, say, warn
from domain.errors import SucharitError
from services.access.sign_in import first_administrator_link, wants_first_administrator
from services.operations.children import children
from services.operations.supervise import Supervisor, UpError
from services.private import make_home
from services.scheduler_key import key_file
from services.wiring import System, system

ATTEMPTS: Final = 5
"""How often a start asks the clockwork, which is busy in its first seconds."""


def up() -> None:
    """Run everything: Prefect's server, a worker, the local mailbox. Ctrl-C stops it."""
    with in_words():
        settings = system().settings
        say(f"Sucharit keeps everything in {settings.folder}\n")
        make_home(settings.folder, settings.home_group)
        supervisor = Supervisor(settings.folder, children(settings), say)
        try:
            code = supervisor.run(_when_ready)
        except UpError as error:
            warn(error.in_thai() if settings.language == "th" else str(error))
            raise SystemExit(error.exit_code) from error
        raise SystemExit(code)


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
    say(f"They ask whoever administers this machine for the line in {key_file(running.settings.folder)}")


def _schedule(running: System) -> None:
    for attempt in range(ATTEMPTS):
        try:
            run = running.scheduler.wait(running.scheduler.run_now("apply-schedules"), 60)
            running.scheduler.wait(running.scheduler.run_now("sweep"), 60)
        except SucharitError as error:
            warn(f"The measures could not be scheduled yet: {error}")
            time.sleep(attempt)
        else:
            outcome = run.message or run.state_name
            if run.state_type == "COMPLETED":
                say(f"Measures scheduled: {outcome}")
            else:
                warn(f"Not all measures could be scheduled: {outcome}")
            break
