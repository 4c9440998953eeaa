"""The one row about the installation itself, whatever offices are in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from storage.outbox_tables import LetterRow
from storage.tables import InstallationRow

_NUMBER: Final = 1
_LINK: Final = "/link/"


@dataclass(frozen=True, slots=True)
class Installation:
    """What the database knows: `fingerprint` recognises the secret, and nobody can make the secret of it."""

    id: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class LinkedLetter:
    """The newest letter of all offices that holds a link."""

    office: str
    written_at: datetime
    text: str


class Opens(Protocol):
    """Opens a connection to the database."""

    def __call__(self, *, reads_only: bool = False) -> AbstractContextManager[Connection]:
        """Open it for a block."""
        ...


class Installations:
    """Repository of the installation; each call is a transaction of its own."""

    def __init__(self, open_connection: Opens) -> None:
        """Work on connections from here."""
        self._open = open_connection

    def get(self) -> Installation | None:
        """What is known; None before the first start has settled it."""
        with self._open(reads_only=True) as connection:
            return _known(connection)

    def settle(self, fingerprint: Callable[[LinkedLetter | None], str]) -> Installation:
        """What is known from now on; where nothing was, what `fingerprint` makes of the newest letter with a link.

        Of several programs one does so, and the others wait for it.
        """
        with self._open() as connection:
            if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
                connection.exec_driver_sql("LOCK TABLE installation IN SHARE ROW EXCLUSIVE MODE")
            installation = _known(connection)
            if installation is None:
                installation = Installation(str(uuid4()), fingerprint(_newest(connection)))
                _add(connection, installation)
                connection.commit()
            return installation

    def renew(self, fingerprint: str) -> None:
        """Know another secret from now on."""
        with self._open() as connection:
            changed = connection.execute(update(InstallationRow).values(fingerprint=fingerprint))
            if not changed.rowcount:
                _add(connection, Installation(str(uuid4()), fingerprint))
            connection.commit()


def _add(connection: Connection, made: Installation) -> None:
    row = {"number": _NUMBER, "id": made.id, "fingerprint": made.fingerprint}
    connection.execute(insert(InstallationRow).values(row))


def _known(connection: Connection) -> Installation | None:
    row = connection.execute(select(InstallationRow.id, InstallationRow.fingerprint)).one_or_none()
    return None if row is None else Installation(row.id, row.fingerprint)


def _newest(connection: Connection) -> LinkedLetter | None:
    row = connection.execute(
        select(LetterRow.office_id, LetterRow.created_at, LetterRow.text)
        .where(LetterRow.text.contains(_LINK, autoescape=True))
        .order_by(LetterRow.created_at.desc(), LetterRow.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else LinkedLetter(row.office_id, row.created_at, row.text)
