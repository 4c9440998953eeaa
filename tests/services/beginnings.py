"""What many tests begin with: made by the services once in a process, then copied row by row into each database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from storage.store import Store
from storage.tables import Base, OfficeRow

Rows = list[tuple[Table, list[dict[str, Any]]]]

_KEPT: dict[tuple[str, str], Rows] = {}


def begin_with(store: Store, name: str, make: Callable[[], object]) -> None:
    """Have in an empty database what `make` puts there; a name always stands for the same.

    A database that holds something already gets it from the services, as if nothing were kept: who founds a second
    office, or the same one twice, wants to see what they do.
    """
    key = (store._engine.dialect.name, name)
    with store._engine.connect() as connection:
        is_empty = connection.scalar(select(OfficeRow.office_id).limit(1)) is None
    if is_empty and key in _KEPT:
        with store._engine.begin() as connection:
            _put(connection, _KEPT[key])
        return
    with store._engine.connect() as connection:
        is_empty = is_empty and not _rows(connection)
    make()
    if is_empty:
        with store._engine.connect() as connection:
            _KEPT[key] = _rows(connection)


def carried_over(store: Store, to: Store) -> None:
    """Put every row of a database into an empty one, be it of another kind."""
    with store._engine.connect() as connection:
        rows = _rows(connection)
    with to._engine.begin() as connection:
        _put(connection, rows)


def _rows(connection: Connection) -> Rows:
    """Every row there is, owners before what they own."""
    found = (
        (table, [dict(row) for row in connection.execute(select(table)).mappings()])
        for table in Base.metadata.sorted_tables
    )
    return [(table, rows) for table, rows in found if rows]


def _put(connection: Connection, kept: Rows) -> None:
    for table, rows in kept:
        connection.execute(insert(table), rows)
