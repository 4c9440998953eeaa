from __future__ import annotations

import ast
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.clock import readings
from tests.architecture.rooms import SOURCES, name_of, parsed
from tests.each import check_each

DOORS: Final = ("flows/*", "tasks/*", "web/*", "cli/*", "services/wiring.py")
ALLOWED: Final[dict[str, str]] = {
    "storage/migrations/versions/0012_who_is_told.py": "what waits begins to wait with it; Alembic gives no now",
}
"""Module to the reason why it reads the clock though it is no door. Keep it short."""


def is_door(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in DOORS)


def test_the_wall_clock_is_read_only_at_doors() -> None:
    def check(path: Path) -> None:
        found = [] if name_of(path) in ALLOWED else list(readings(parsed(path)))
        assert not found, f"{name_of(path)} reads the clock itself: take `now` as an argument"

    check_each([p for p in SOURCES if not is_door(name_of(p))], check, name_of)


def test_what_may_read_the_clock_still_does_and_says_why() -> None:
    readers = {name_of(path) for path in SOURCES if list(readings(parsed(path)))}
    assert ALLOWED.keys() <= readers
    assert all(ALLOWED.values())


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now()",
        "import datetime as dt\ndt.date.today()",
        "from datetime import datetime\nx = field(default_factory=datetime.now)",
        "from datetime import datetime as d, UTC\nd.now(UTC)",
        "from datetime import date\ndef f(day=date.today()): ...",
        "import time\ntime.time()",
        "from time import time as clock\nclock()",
        "from sqlalchemy import func\nfunc.now()",
        "import sqlalchemy as sa\nsa.func.now()",
        "import email.utils\nemail.utils.localtime()",
    ],
)
def test_every_way_to_read_the_clock_is_seen(source: str) -> None:
    assert [line for line, _ in readings(ast.parse(source))] == [2]


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.monotonic()",
        "def f(now):\n    return now.date()",
        "office.clock.now()",
        "from datetime import datetime\ndatetime.fromisoformat(text)",
    ],
)
def test_what_is_no_clock_is_let_pass(source: str) -> None:
    assert not list(readings(ast.parse(source)))
