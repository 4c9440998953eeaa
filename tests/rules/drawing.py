"""The tables of docs/escalation.md: what a hand-worked case shows when the use cases of a real year play it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.oracle.case import read_case
from tests.rules.agreement import lines
from tests.rules.year import play

CASES: Final = Path(__file__).parent.parent / "oracle" / "cases"
_ROLES: Final = {
    "o": "officer", "h": "head", "c": "clerk", "m": "mayor", "n": "new officer", "ao": "officer", "ko": "new division",
    "kh": "other head",
}  # fmt: skip
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def drawn(case: str) -> str:
    """A table of days with who is told, and why, by the kinds of notices."""
    read = read_case(CASES / f"{case}.json")
    with TemporaryDirectory() as folder:
        played = play(read, Path(folder))
    days: defaultdict[date, list[str]] = defaultdict(list)
    for day, person, kind in lines(read, played):
        days[day].append(f"{_ROLES[person]} `{kind}`")
    rows = (f"| {_WEEKDAYS[day.weekday()]} {day} | {', '.join(told)} |" for day, told in days.items())
    return "\n".join(["| day | told |", "| --- | --- |", *rows])
