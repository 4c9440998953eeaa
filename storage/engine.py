"""The engine: SQLite in WAL mode for one office, PostgreSQL for many."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

BUSY_TIMEOUT_MS = 30_000


def open_engine(url: str, *, durable: bool = True) -> Engine:
    """Engine for a database URL.

    Args:
        durable: Whether a commit survives a power cut; only a rehearsal may say no.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})
    event.listen(engine, "connect", lambda connection, _record: _prepare(connection, durable=durable))
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, *, durable: bool) -> None:
    # The driver's own transaction handling starts one too late for reads; we begin ourselves (see _begin).
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
    # The machine keeps the file's pages in memory once for all; each connection's own copy is kept small (kB).
    cursor.execute("PRAGMA cache_size=-500")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that will write takes the lock at once: upgrading a read lock later can fail with
    # "database is locked" however long the timeout is.
    mode = "DEFERRED" if connection.get_execution_options().get("reads_only") else "IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN {mode}")


def reading(engine: Engine) -> Engine:
    """The engine for transactions that read: each sees one moment and waits for no writer."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reads_only=True)
    # By default every statement of a PostgreSQL transaction sees a moment of its own: a ledger that is written to
    # between its lines and its head would look broken.
    return engine.execution_options(isolation_level="REPEATABLE READ")


def insert_or_ignore(session: Session, table: type) -> PostgresInsert | SqliteInsert:
    """Insert that leaves rows alone whose key is already there; ask `.returning` which ones were new."""
    return _insert_or_ignore(session.get_bind().dialect.name, table)


@cache
def _insert_or_ignore(dialect: str, table: type) -> PostgresInsert | SqliteInsert:
    if dialect == "sqlite":
        return sqlite_insert(table).on_conflict_do_nothing()
    return postgres_insert(table).on_conflict_do_nothing()
