"""Locks that end with their holder, however it ends: of the database, or, beside an SQLite file, of the system.

A name is one holder's own and never comes again. A process's number or a machine's name would not do: containers repeat
both, and a letter of a holder that lives would be sent a second time.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from storage.letters import LOCKED

FOLDER = "deliverers"
"""Beside the SQLite file: a file for each holder, removed when it lets go."""


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that is held; its name stands in what it protects."""

    name: str
    let_go: Callable[[], None]


def hold(engine: Engine) -> Held:
    """Take a lock under a name of its own; it ends with `let_go`, or with this process."""
    name = f"{LOCKED}{uuid4().hex}"
    return _hold_file(_file(engine, name), name) if engine.dialect.name == "sqlite" else _hold_session(engine, name)


def is_gone(engine: Engine, name: str) -> bool:
    """Tell whether the holder of a name has let go or ended."""
    if engine.dialect.name == "sqlite":
        return _is_file_free(_file(engine, name))
    with engine.connect() as connection, connection.begin():  # the lock taken here ends with the transaction
        return bool(connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _key(name)}))


def _file(engine: Engine, name: str) -> Path:
    return Path(engine.url.database or "").absolute().parent / FOLDER / f"{name.removeprefix(LOCKED)}.lock"


def _hold_file(file: Path, name: str) -> Held:
    file.parent.mkdir(exist_ok=True)  # with the rights that this process gives: a home may be a group's
    handle = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o666)
    fcntl.flock(handle, fcntl.LOCK_EX)

    def let_go() -> None:
        file.unlink(missing_ok=True)  # while it is held: nobody can hold a file that has another's name
        os.close(handle)

    return Held(name, let_go)


def _is_file_free(file: Path) -> bool:
    try:
        handle = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        file.unlink(missing_ok=True)  # left behind by a holder that ended without letting go
        return True
    finally:
        os.close(handle)


def _hold_session(engine: Engine, name: str) -> Held:
    connection = engine.connect()
    # A connection of the lock's own, outside any transaction: the lock is the session's and ends with it.
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _key(name)})

    def let_go() -> None:
        with suppress(
            DBAPIError
        ):  # at once, where the server still hears us; the end of the session comes a moment later
            connection.execute(text("SELECT pg_advisory_unlock_all()"))
        connection.invalidate()  # closes the session, whatever became of it, instead of lending it to others
        connection.close()

    return Held(name, let_go)


def _key(name: str) -> int:
    """A name as PostgreSQL wants it: eight bytes with a sign."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
