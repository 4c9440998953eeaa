"""Databases of tests share what was put into words for one of them."""

from __future__ import annotations

from sqlalchemy import Engine

from storage.store import Store

_FIRST: dict[str, Engine] = {}


def sharing_statements(store: Store) -> Store:
    """Let all databases of one kind know the statements that were put into words for one of them.

    A third of the time of most tests with a database went into saying the same SQL anew for each: SQLAlchemy keeps it
    for an engine and its dialect. The place is private; where a new version has it elsewhere, this fails readably.
    """
    engine = store._engine
    first = _FIRST.setdefault(engine.dialect.name, engine)
    if first is engine:
        engine.connect().close()  # a dialect learns its server at its first connection
    assert hasattr(engine, "_compiled_cache"), "SQLAlchemy keeps its statements elsewhere now"
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return store
