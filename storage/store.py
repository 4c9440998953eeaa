"""The door to the database: opens it, brings it up to date, hands out units of work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, make_url, select
from sqlalchemy.exc import DBAPIError

from domain.outbox import LetterState
from storage.accounts import Entrance
from storage.engine import open_engine, reading
from storage.hooks import offices_behind
from storage.installations import Installations
from storage.locks import Held, hold, is_gone
from storage.offices import LISTED, Listed
from storage.outbox_tables import LetterRow, NoticeRow
from storage.tables import Base, OfficeRow
from storage.tokens import Token, token_anywhere
from storage.unit_of_work import UnitOfWork, in_words
from storage.work_tables import PublicationRow


class Store:
    """One database, whoever's offices are in it."""

    def __init__(self, url: str, *, durable: bool = True) -> None:
        """Open the database at a SQLAlchemy URL; the folder of an SQLite file is made."""
        if (file := make_url(url).database) and url.startswith("sqlite") and file != ":memory:":
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        self._engine: Engine = open_engine(url, durable=durable)

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def migrate(self) -> None:
        """Bring the tables up to date; an up-to-date database is left alone.

        Raises:
            DatabaseDownError: The database cannot be reached.
        """
        from storage import migrate  # noqa: PLC0415 -- Alembic costs 60 ms that only a start need pay

        with self._connection() as connection:
            migrate.upgrade(connection)

    def make_tables(self) -> None:
        """Make the tables without migrations, for a database that lives as long as a rehearsal."""
        Base.metadata.create_all(self._engine, checkfirst=False)

    def is_current(self) -> bool:
        """Tell whether the tables are those this version expects."""
        from storage import migrate  # noqa: PLC0415 -- as above

        with self._connection() as connection:
            return migrate.current(connection) == migrate.head()

    def unit_of_work(self, office: str) -> UnitOfWork:
        """One transaction for one office."""
        return UnitOfWork(self._engine, office)

    def reader(self, office: str) -> UnitOfWork:
        """One reading transaction for one office: sees one moment, waits for nobody."""
        return UnitOfWork(self._engine, office, reads_only=True)

    def hold(self) -> Held:
        """Take a lock that ends with this process at the latest; for whoever holds letters while they leave.

        Raises:
            DatabaseDownError: The database cannot be reached.
        """
        try:
            return hold(self._engine)
        except DBAPIError as error:
            raise in_words(error, self._engine) from error

    def is_gone(self, name: str) -> bool:
        """Tell whether the holder of a lock has let go or ended.

        Raises:
            DatabaseDownError: The database cannot be reached.
        """
        try:
            return is_gone(self._engine, name)
        except DBAPIError as error:
            raise in_words(error, self._engine) from error

    @property
    def where(self) -> str:
        """Address of the database, without its password."""
        return self._engine.url.render_as_string()

    @property
    def installation(self) -> Installations:
        """What is known of the installation as a whole."""
        return Installations(self._connection)

    @property
    def entrance(self) -> Entrance:
        """What is known of somebody who has not said which office they are of."""
        return Entrance(self._connection)

    def token(self, token: str) -> Token | None:
        """Token with this id of a person who may sign in, whatever their office."""
        return token_anywhere(self._connection, token)

    def offices_to_tell(self, now: datetime) -> list[str]:
        """Keys of the offices with a webhook that is due at `now` and has not been told everything."""
        with self._connection(reads_only=True) as connection:
            return sorted(connection.scalars(offices_behind(now)))

    def offices(self) -> list[Listed]:
        """Every office by key, also one whose rows are damaged."""
        with self._connection(reads_only=True) as connection:
            return [Listed(*row) for row in connection.execute(LISTED)]

    def offices_in_public(self) -> list[tuple[str, str]]:
        """Keys and names of the offices that have something public, by name."""
        public = select(PublicationRow.office_id).where(PublicationRow.withdrawn_at.is_(None))
        with self._connection(reads_only=True) as connection:
            rows = connection.execute(
                select(OfficeRow.office_id, OfficeRow.name)
                .where(OfficeRow.office_id.in_(public))
                .order_by(OfficeRow.name, OfficeRow.office_id)
            )
            return [(key, name) for key, name in rows]

    def replace_office(self, office: str, source: Store) -> None:
        """Bring an office with everything it owns over from another database, in one transaction.

        What was here under its key before is removed. Both databases must have the tables of this version.
        """
        with self._connection() as target, source._connection(reads_only=True) as origin:
            owned = [table for table in Base.metadata.sorted_tables if "office_id" in table.c]
            for table in reversed(owned):
                target.execute(delete(table).where(table.c.office_id == office))
            for table in owned:
                stored = origin.execute(select(table).where(table.c.office_id == office)).mappings()
                rows = [dict(row) for row in stored]
                if rows:
                    target.execute(insert(table), rows)
            target.commit()

    def offices_with_mail(self, now: datetime) -> list[str]:
        """Keys of the offices that have notices to compose or letters due at `now`."""
        waiting = select(NoticeRow.office_id).where(NoticeRow.composed_at.is_(None))
        due = select(LetterRow.office_id).where(
            LetterRow.state == LetterState.WAITING.value, LetterRow.next_try_at <= now
        )
        with self._connection(reads_only=True) as connection:
            return sorted(connection.scalars(waiting.union(due)))

    @contextmanager
    def _connection(self, *, reads_only: bool = False) -> Iterator[Connection]:
        try:
            with (reading(self._engine) if reads_only else self._engine).connect() as connection:
                yield connection
        except DBAPIError as error:
            raise in_words(error, self._engine) from error
