"""Examine an installation: each check says what it found and, where it is no good, what to do."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from importlib.resources import files
from tempfile import TemporaryFile
from typing import Final

import aiosmtplib

from domain.errors import SucharitError
from domain.office import Office
from services import clock
from services.wiring import System
from storage.store import Store

LEAST_FREE_MB: Final = 500
EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""This version was made later: a clock that shows less is wrong."""


@dataclass(frozen=True, slots=True)
class Check:
    """Result of one check."""

    what: str
    is_fine: bool
    said: str


def examine(running: System) -> Iterator[Check]:
    """Run every check; one that fails never stops the others."""
    checks: tuple[tuple[str, Callable[[System], str]], ...] = (
        ("settings", _settings),
        ("disk", _disk),
        ("database", _database),
        ("clock", _clock),
        ("Prefect", _prefect),
        ("mail", _mail),
        ("fonts", _fonts),
        ("people", _people),
    )
    for what, check in checks:
        try:
            yield Check(what, is_fine=True, said=check(running))
        except OSError as fault:
            said = f"{fault.strerror or fault} ({fault.filename}). Check the name, the rights and the disk."
            yield Check(what, is_fine=False, said=said)
        except (SucharitError, _FaultError) as fault:
            yield Check(what, is_fine=False, said=str(fault))


class _FaultError(Exception):
    """A check's finding, in words."""


def _settings(running: System) -> str:
    return f"everything is kept in {running.settings.folder}"


def _disk(running: System) -> str:
    folder = running.settings.folder
    folder.mkdir(parents=True, exist_ok=True)
    TemporaryFile(dir=folder).close()  # free space helps nobody who may not write
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < LEAST_FREE_MB:
        raise _FaultError(f"only {free_mb} MB are free in {folder}. Free some space: at least {LEAST_FREE_MB} MB.")
    return f"{free_mb:,} MB are free"


def _database(running: System) -> str:
    offices = _prepared(running).offices()
    return f"{len(offices)} offices: {', '.join(office.key for office in offices) or 'none yet'}"


def _prepared(running: System) -> Store:
    if not running.store.is_current():
        raise _FaultError("the tables are missing or of another version. `make up` brings them up to date.")
    return running.store


def _clock(running: System) -> str:
    """The ledger knows a time that has been: see services.clock."""
    now = running.clock()
    if now < EARLIEST:
        raise _FaultError(f"it shows {now:%Y-%m-%d %H:%M} UTC, which is past. Set it, best by network time (NTP).")
    for office in _after_database(running):
        with running.store.reader(office.key) as uow:
            clock.check(uow, now)
    return f"{now:%Y-%m-%d %H:%M} UTC, and it fits what the ledgers say"


def _after_database(running: System) -> list[Office]:
    """Offices, for checks that say nothing new where the database itself is at fault."""
    try:
        return _prepared(running).offices()
    except (SucharitError, OSError, _FaultError) as fault:
        raise _FaultError("not examined: first the database must be in order.") from fault


def _prefect(running: System) -> str:
    if not running.scheduler.is_up():
        raise _FaultError(f"nobody answers at {running.settings.prefect_url}. Start the service with `make up`.")
    found = running.scheduler.show()
    if not found:
        raise _FaultError("it runs, but nothing is scheduled. `sucharit schedule apply` brings the plan in.")
    return f"{len(found)} deployments at {running.settings.prefect_url}"


def _mail(running: System) -> str:
    settings = running.settings
    if not settings.smtp_host:
        _listens("127.0.0.1", settings.mailbox_port)
        return f"no SMTP server is set: mail goes to the local mailbox on port {settings.mailbox_port}"
    server = aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        timeout=settings.smtp_timeout_s,
        use_tls=settings.smtp_tls == "tls",
        start_tls=settings.smtp_tls == "starttls",
        username=settings.smtp_username or None,
        password=settings.password or None,
    )
    try:
        asyncio.run(_greet(server, parseaddr(settings.sender)[1]))
    except (aiosmtplib.SMTPException, OSError) as error:
        where = f"{settings.smtp_host}:{settings.smtp_port} ({settings.smtp_tls})"
        raise _FaultError(
            f"{where} does not take us: {error}. Check SUCHARIT_SMTP_HOST, _PORT, _TLS, _USERNAME, _PASSWORD and "
            "SUCHARIT_SENDER; letters wait meanwhile."
        ) from error
    return f"{settings.smtp_host}:{settings.smtp_port} takes mail from {settings.sender}"


async def _greet(server: aiosmtplib.SMTP, sender: str) -> None:
    async with server:
        await server.mail(sender)
        await server.rset()


def _listens(host: str, port: int) -> None:
    try:
        socket.create_connection((host, port), timeout=3).close()
    except OSError as error:
        raise _FaultError(f"nobody listens on {host}:{port}. Start the service with `make up`.") from error


def _fonts(_running: System) -> str:
    found = sorted(path.name for path in files("reports").joinpath("fonts").iterdir() if path.name.endswith(".ttf"))
    if not found:
        raise _FaultError("the fonts of the reports are missing. Install the package again.")
    return f"{len(found)} of our own for the pages of reports"


def _people(running: System) -> str:
    """Vacant posts and persons without an address do not stop anything, so they are named, not refused."""
    said = []
    for office in _after_database(running):
        with running.reading(office.key) as desk:
            day = desk.workdays.local_day(running.clock())
            vacant = [post.title for post in desk.people.posts if not desk.people.in_charge(post, day)]
            silent = [person.name for person in desk.people.persons if person.email is None]
        said += [f"{office.key}: {title} is vacant" for title in vacant]
        said += [f"{office.key}: {name} has no address, letters are printed" for name in silent]
    return "; ".join(said) or "every post is held, every person has an address"
