"""What the rest asks of the clockwork: a protocol, its views and errors, and the environment it runs in."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol
from uuid import UUID

from domain.errors import SucharitError
from services.scheduler_key import KEY_VARIABLE

POOL: Final = "office"
MEASURE_QUEUE: Final = "default"
"""Prefect's name for the queue that every pool begins with; whatever names no other is in it."""
MAIL_QUEUE: Final = "mail"
"""The queue of the pool that only the delivery is in: decision record 0029."""
MAIL_RUNS: Final = 1
"""Deliveries at a time, of all workers on all machines together."""
MEASURE_FLOW: Final = "run-measure"
TIMEZONE: Final = "Asia/Bangkok"
LOCAL_NAMES: Final = ("127.0.0.1", "localhost")

# Measured with flows.server and flows.worker, 20 schedules due at one instant and 30 triggered runs, no refusal in any
# trial: on SQLite 131 to 143 runs a minute at limit 1 and 175 at limit 4, on PostgreSQL 163 at limit 4. Where a second
# slot gains so little, one leaves the single writer of both databases to whoever works in the pages.
SQLITE_RUNS: Final = 1
POSTGRES_RUNS: Final = 4
HORIZON: Final = "P400D"
"""How far ahead Prefect plans runs: more than a fiscal year."""


class SchedulerDownError(SucharitError):
    """Nobody answers where the clockwork should be."""

    english = "The clockwork does not answer at {url}. Start it with `make up`."
    thai = "ระบบตั้งเวลาไม่ตอบที่ {url} กรุณาเริ่มระบบด้วยคำสั่ง `make up`"


class SchedulerRefusedError(SucharitError):
    """The clockwork answered, but would not do it."""

    english = "The clockwork refused {what} ({status}): {reason}. See the log of the clockwork under the logs folder."
    thai = "ระบบตั้งเวลาไม่ยอมทำ {what} ({status}): {reason} กรุณาดูบันทึกของระบบตั้งเวลาในโฟลเดอร์ logs"


class SchedulerClosedError(SchedulerRefusedError):
    """The clockwork does not take our authentication string, or was given none."""

    english = (
        "Prefect at {url} does not take the authentication string of this process. It stands in the file prefect.auth "
        "of the service's folder (SUCHARIT_HOME), which only the user that runs the service can read: "
        "run the command as that user and with that folder."
    )
    thai = (
        "Prefect ที่ {url} ไม่รับรหัสของโพรเซสนี้ รหัสอยู่ในไฟล์ prefect.auth ในโฟลเดอร์ข้อมูลของระบบ (SUCHARIT_HOME) "
        "ซึ่งอ่านได้เฉพาะผู้ใช้ที่เปิดระบบ โปรดใช้คำสั่งด้วยผู้ใช้และโฟลเดอร์เดียวกัน"
    )


class NotScheduledError(SucharitError):
    """A name that has no deployment."""

    english = "Nothing named “{name}” is scheduled. Apply the plan's schedules first, or check the name."
    thai = "ไม่พบรายการชื่อ “{name}” ในระบบตั้งเวลา กรุณานำกำหนดการของแผนเข้าระบบก่อน หรือตรวจสอบชื่อ"


@dataclass(frozen=True, slots=True)
class MeasureSchedule:
    """One measure's wanted deployment.

    Attributes:
        name: Deployment name, unique among measures of all offices; no `/` or `%`.
        moments: Aware instants in any zone and order; past ones are allowed and never run.
    """

    name: str
    moments: tuple[datetime, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    description: str = ""
    flow_name: str = MEASURE_FLOW


@dataclass(frozen=True, slots=True)
class RunView:
    """One run as the clockwork tells it; times are aware UTC."""

    id: str
    name: str
    state_type: str
    state_name: str
    message: str
    expected_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    url: str

    FINAL: ClassVar[frozenset[str]] = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})

    @property
    def is_final(self) -> bool:
        """Nothing will happen to this run any more."""
        return self.state_type in self.FINAL


@dataclass(frozen=True, slots=True)
class DeploymentView:
    """One deployment: its next runs soonest first, its last runs latest first."""

    name: str
    paused: bool
    next_runs: tuple[datetime, ...]
    last_runs: tuple[RunView, ...]


class Scheduler(Protocol):
    """The clockwork as the command line and the pages see it.

    Every method but `is_up` raises `SchedulerDownError` when nobody answers and `SchedulerRefusedError` when the
    answer is an error; those that take a deployment's name raise `NotScheduledError` when there is none.
    """

    def show(self, prefix: str = "") -> list[DeploymentView]:
        """Return the deployments whose name begins with `prefix`, by name."""
        ...

    def pause(self, name: str) -> None:
        """Stop scheduling; runs created ahead of time are removed."""
        ...

    def resume(self, name: str) -> None:
        """Schedule again; the next runs appear within seconds."""
        ...

    def run_now(self, name: str) -> UUID:
        """Queue a run of its own, even of a paused deployment."""
        ...

    def trigger(
        self, name: str, key: str, parameters: Mapping[str, Any] | None = None, when: datetime | None = None
    ) -> UUID:
        """Queue a run at `when` (aware; now when None); the same name and key always give the same run."""
        ...

    def wait(self, run_id: UUID, timeout_s: float) -> RunView:
        """Return the run when it is final, or as it is after `timeout_s`."""
        ...

    def is_up(self) -> bool:
        """Tell whether the clockwork answers."""
        ...

    def workers(self) -> int:
        """Count the workers that are alive; without one everything waits."""
        ...


def is_sqlite(database_url: str | None) -> bool:
    """Tell whether the clockwork keeps its state in the file of the embedded default."""
    return database_url is None or database_url.startswith("sqlite")


def run_limit(database_url: str | None) -> int:
    """Return how many runs one worker may do at a time on this database."""
    return SQLITE_RUNS if is_sqlite(database_url) else POSTGRES_RUNS


def api_url(port: int) -> str:
    """Return where the clockwork of this machine answers."""
    return f"http://127.0.0.1:{port}/api"


def origins(port: int) -> tuple[str, ...]:
    """Return the addresses that the clockwork's own pages have in a browser; what another page sends is refused."""
    return tuple(f"http://{name}:{port}" for name in LOCAL_NAMES)


def server_environment(home: Path, port: int, key: str, database_url: str | None = None) -> dict[str, str]:
    """Return what the clockwork's server and workers need in their environment, on top of the machine's own.

    Args:
        home: Folder that the clockwork may write in; nothing is written outside it.
        port: Port on loopback.
        key: Authentication string that the server asks for and its clients send.
        database_url: SQLAlchemy address with an async driver (`postgresql+asyncpg://…`); None for SQLite in `home`.
    """
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api_url(port),
        # On another port than 4200 the pages would still call 4200 and show an empty clockwork.
        "PREFECT_SERVER_UI_API_URL": api_url(port),
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_API_AUTH_STRING": key,
        KEY_VARIABLE: key,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": ",".join(origins(port)),
        # A missing server is an error to be told, never a second hidden one.
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
        # Two senders: the server's own and the client library's. An office's machine reports to nobody.
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # Comma-separated set; only events are cleaned by default, and runs would pile up for ever.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs,orphans",
        # Moments of a plan lie months apart: with the usual 100 days the next one would often not be in sight.
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME": HORIZON,
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_SERVER_LEVEL": "WARNING",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        # Refused writes are answered with 503 and left out of the log unless this is on: see flows.server.
        "PREFECT_API_LOG_RETRYABLE_ERRORS": "true",
        **_database(home, database_url),
    }


def _database(home: Path, database_url: str | None) -> dict[str, str]:
    if database_url is not None and not is_sqlite(database_url):
        return {"PREFECT_SERVER_DATABASE_CONNECTION_URL": database_url}
    return {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": database_url or f"sqlite+aiosqlite:///{home / 'clockwork.db'}",
        # Runs wait their turn on SQLite; called late after 15 s, each would cost a write at the worst moment.
        "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "900",
    }


def server_argv(port: int) -> tuple[str, ...]:
    """Return the command that runs the clockwork's server on loopback."""
    return (sys.executable, "-m", "flows.server", "--port", str(port))


def worker_argv(limit: int, pool: str = POOL) -> tuple[str, ...]:
    """Return the command that runs a worker."""
    return (sys.executable, "-m", "flows.worker", "--pool", pool, "--limit", str(limit))


def housekeeping_argv(prefect_yaml: Path) -> tuple[str, ...]:
    """Return the command that applies the deployments of `prefect_yaml` and ends."""
    return (sys.executable, "-m", "flows.clockwork", str(prefect_yaml))
