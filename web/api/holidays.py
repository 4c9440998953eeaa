"""Holidays: the office's exceptions from the official list, each with the deadlines that it moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from domain.workdays import HolidayOverride
from services.desk import Desk
from services.office import holidays
from services.office.holidays import Moved
from services.record import storable
from web.api.door import Administering, Reading
from web.api.values import Day, Flag, Line, Model
from web.changes import changing_alone, commit_and_replan
from web.door.visit import Visit

router = APIRouter(prefix="/holidays", tags=["holidays"])


class Holiday(Model):
    """A day that the office decides differently from the official list."""

    day: date
    is_holiday: bool
    name: str
    source: str


class NewHoliday(Model):
    """A day off, or a working day, of the office's own."""

    day: Day
    is_holiday: Flag
    name: Annotated[Line, Field(min_length=1, pattern=r"\S", examples=["วันหยุดประเพณีท้องถิ่น"])]
    source: Line = Field(default="", examples=["ประกาศจังหวัด ลงวันที่ ๑ มีนาคม ๒๕๗๐"])


class Moving(Model):
    """A deadline that the change moves."""

    assignment: str
    before: date
    after: date


class Changed(Model):
    """What a change of the calendar moves, or would move."""

    is_done: bool = Field(description="False for a preview.")
    moved: list[Moving]


Preview = Annotated[bool, Query(description="Only tell what would move; nothing is stored.")]


DayInPath = Annotated[Day, Path()]


@router.get("")
def own(visit: Reading) -> list[Holiday]:
    """The office's exceptions, by day."""
    with visit.reading() as desk:
        overrides = desk.uow.holidays.all()
    return [Holiday(day=o.day, is_holiday=o.is_holiday, name=o.name, source=o.source) for o in overrides]


@router.put("")
def put(visit: Administering, body: NewHoliday, *, preview: Preview = False) -> Changed:
    """Enter an exception, or replace that of the same day, and move the deadlines it touches."""
    own_day = HolidayOverride(body.day, body.is_holiday, storable(body.name), storable(body.source))
    return _change(
        visit, lambda desk: holidays.set_holiday(desk, own_day, by=visit.person, now=visit.now), is_done=not preview
    )


@router.delete("/{day}")
def drop(visit: Administering, day: DayInPath, *, preview: Preview = False) -> Changed:
    """Remove an exception and move the deadlines back."""
    return _change(
        visit, lambda desk: holidays.drop_holiday(desk, day, by=visit.person, now=visit.now), is_done=not preview
    )


def _change(visit: Visit, act: Callable[[Desk], list[Moved]], *, is_done: bool) -> Changed:
    with changing_alone(visit) as desk:
        moved = act(desk)
        if is_done:
            commit_and_replan(visit, desk)
    moving = [Moving(assignment=change.id, before=change.before, after=change.after) for change in moved]
    return Changed(is_done=is_done, moved=moving)
