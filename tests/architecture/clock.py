"""Finds where a module reads the wall clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

READINGS: Final = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "time.localtime",
        "time.gmtime",
        "time.ctime",
        "time.asctime",
        "time.strftime",
        "email.utils.localtime",
        "sqlalchemy.func.now",
        "sqlalchemy.func.current_timestamp",
        "sqlalchemy.func.current_date",
        "sqlalchemy.func.localtimestamp",
        "sqlalchemy.sql.func.now",
        "uuid.uuid1",
    }
)
"""What answers with the time of day. `time.monotonic` measures lengths and is no clock."""


def readings(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full name of every use, called or only named (`default_factory=datetime.now`)."""
    names = dict(_imported(module))
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute | ast.Name):
            full = _full_name(node, names)
            if full in READINGS:
                yield node.lineno, full


def _imported(module: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((name.asname or name.name, f"{node.module}.{name.name}") for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (
                (name.asname, name.name) if name.asname else (name.name.partition(".")[0],) * 2 for name in node.names
            )


def _full_name(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        head = _full_name(node.value, names)
        return f"{head}.{node.attr}" if head else ""
    return ""
