"""Copies of one database of a PostgreSQL server; a server is its URL with `{}` where the database's name stands."""

from __future__ import annotations

from typing import Final

import psycopg

MIGRATED: Final = "template_sucharit"
"""Every table and no row."""


def tell(server: str, statement: str) -> None:
    """Have the server carry out one statement."""
    plain = server.format("postgres").replace("+psycopg", "", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement.encode())


def copy(server: str, name: str, of: str = MIGRATED) -> str:
    """URL of a new database with what another has, which nobody may be using."""
    tell(server, f"CREATE DATABASE {name} TEMPLATE {of} STRATEGY FILE_COPY")
    return server.format(name)


def drop(server: str, name: str) -> None:
    """Take a database away, whoever uses it."""
    tell(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
