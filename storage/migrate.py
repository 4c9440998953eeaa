"""Alembic, run from code: no ini file, the connection is handed in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.tables import Base

_LOCK: Final = 2566_0001
"""Any number, as long as every version of this program uses the same."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's settings for our migrations."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@cache
def head() -> str | None:
    """Newest revision this version knows."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def current(connection: Connection) -> str | None:
    """Revision of the database; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the tables up to `to`, all or nothing; programs that do it at the same time wait for each other."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")  # SQLite has one writer anyway
    if current(connection) != head() or to != "head":
        command.upgrade(configuration(connection), to)
        connection.commit()


def downgrade(connection: Connection, to: str = "base") -> None:
    """Take the tables back to `to`."""
    command.downgrade(configuration(connection), to)
    connection.commit()


def differences(connection: Connection) -> list[object]:
    """What the tables in code have that the database lacks, and the other way round; empty when they agree."""
    return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))
