"""Where the dots of a drawn timeline lie: in proportion to the calendar, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

WIDTH: Final = 640
MARGIN: Final = 24
RADIUS: Final = 13
LANE: Final = 2 * RADIUS + 4
TOP: Final = 34
"""Above the dots stands the name of the deadline."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One numbered dot."""

    number: int
    x: float
    y: float
    tone: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A drawing: dots, the line of the deadline, stripes of days off (left edge and width)."""

    width: int
    height: float
    axis: float
    dots: tuple[Dot, ...]
    deadline: float
    stripes: tuple[tuple[float, float], ...]


def timeline(days: Sequence[tuple[date, str]], deadline: date, days_off: Sequence[date]) -> Timeline:
    """Draw days (each with the tone of its dot) around a deadline; they must be in order of time."""
    first, last = min(days[0][0], deadline), max(days[-1][0], deadline)
    per_day = (WIDTH - 2 * MARGIN) / max((last - first).days, 1)

    def place(day: date) -> float:
        return round(MARGIN + (day - first).days * per_day, 1)

    ends: list[float] = []  # of each lane: where its last dot is
    dots = []
    for number, (day, tone) in enumerate(days, start=1):
        x = place(day)
        lane = next((n for n, end in enumerate(ends) if x - end >= 2 * RADIUS + 2), len(ends))
        ends[lane : lane + 1] = [x]
        dots.append(Dot(number, x, TOP + RADIUS + lane * LANE, tone))
    axis = TOP + len(ends) * LANE + 4
    stripes = tuple((round(place(day) - per_day / 2, 1), round(per_day, 1)) for day in days_off)
    return Timeline(WIDTH, axis + 26, axis, tuple(dots), place(deadline), stripes)
