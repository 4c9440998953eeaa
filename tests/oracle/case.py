"""A case as its JSON file says it: an office, a plan, a script and what is expected of them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Division(NamedTuple):
    key: str
    kind: str


class Post(NamedTuple):
    key: str
    level: str
    division: str | None


class Holding(NamedTuple):
    """`ends` is the last day, itself included; None: without end."""

    post: str
    person: str
    starts: date
    ends: date | None
    acting: bool


class Event(NamedTuple):
    """What happens at an instant of the office's time."""

    at: datetime
    what: str
    args: tuple[Any, ...]


class Form(BaseModel):
    """A part of a case; an unknown key is a fault, not something to pass over."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Step(Form):
    key: str
    scope: str
    units: list[str]
    start: date
    end: date
    cadence: str
    quarters: list[int] = []


class Measure(Form):
    key: str
    steps: list[Step]


class Plan(Form):
    in_force: date
    measures: list[Measure]


class Expect(Form):
    notices: list[tuple[date, str, str]] = []
    states: dict[str, tuple[str, date, int]] = {}
    refused: int | None = None
    names: list[tuple[date, str, str, list[str]]] = []
    absent: list[str] = []
    own: list[str] = []
    figures: tuple[int, dict[str, int]] | None = None
    next: dict[str, tuple[date, str, str]] = {}


class Case(Form):
    """`days_off` stands in the place of the calendar of fiscal year 2566, for years that a generator makes."""

    why: str = ""
    year: int
    divisions: list[Division]
    posts: list[Post]
    holdings: list[Holding]
    plan: Plan
    starts: date = Field(alias="from")
    to: date
    since: date
    about: list[str] | None = None
    down: list[tuple[date, date]] = []
    days_off: list[date] | None = None
    events: list[list[Any]] = []
    expect: Expect = Expect()


def read_case(path: Path) -> Case:
    """Give the case that a file holds."""
    return Case.model_validate_json(path.read_text(encoding="utf-8"))


def events_of(case: Case) -> list[Event]:
    """Give the script in the order of time; of one instant, as it is written."""
    told = [Event(datetime.fromisoformat(at), what, tuple(args)) for at, what, *args in case.events]
    return sorted(told, key=lambda event: event.at)
