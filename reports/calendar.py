"""Deadlines as a calendar that every calendar program can subscribe to (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

REFRESH: Final = timedelta(hours=6)
"""How often programs are asked to look again; many choose for themselves."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline: a whole day.

    Attributes:
        uid: The same for ever, wherever the deadline moves.
        moved: How often the deadline was moved; programs take the higher number for the newer one.
        url: Page of the assignment; empty where it has none yet.
    """

    uid: str
    day: date
    summary: str
    description: str
    moved: int = 0
    url: str = ""
    is_cancelled: bool = False


def as_ical(name: str, deadlines: Iterable[Deadline], now: datetime) -> bytes:
    """The calendar as it is sent. The same deadlines at the same instant give the same bytes."""
    from icalendar import Calendar, Event  # noqa: PLC0415 -- only whoever subscribes needs it in memory

    calendar = Calendar()
    calendar.add("prodid", "-//Sucharit//Deadlines//TH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Bangkok")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for deadline in deadlines:
        event = Event()
        event.add("uid", deadline.uid)
        event.add("dtstamp", now)
        event.add("dtstart", deadline.day)
        event.add("dtend", deadline.day + timedelta(days=1))
        event.add("summary", deadline.summary)
        event.add("description", deadline.description)
        event.add("sequence", deadline.moved)
        event.add("transp", "TRANSPARENT")  # a deadline does not fill a day
        if deadline.url:
            event.add("url", deadline.url)
        if deadline.is_cancelled:
            event.add("status", "CANCELLED")
        calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
