"""What the office decides: its settings and its ladder of notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, model_validator

from domain.ladder import Ladder, Rung
from domain.office import OfficeKind, OfficeSettings
from domain.people import Level
from services.office import ladder as ladders
from services.office import office_settings, structure
from services.record import storable
from web.api.door import Administering, Reading
from web.api.holidays import Moving
from web.api.values import Flag, Line, Model, Name
from web.changes import changing_alone, commit_and_replan

router = APIRouter(prefix="/office", tags=["settings"])

Days = Annotated[int, Field(strict=True, ge=0, le=60, description="Working days.")]
GivenDays = Annotated[int, Field(strict=True, ge=1, le=60, description="Working days, one at least.")]
Kept = Annotated[int, Field(strict=True, ge=1, le=60)]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["08:30"])]
Preview = Annotated[bool, Query(description="Only tell what would move; nothing is stored.")]


class Settings(Model):
    """Name, place and what the office decides; lengths are in working days, times are local."""

    name: Annotated[Line, Field(min_length=1, pattern=r"\S")]
    kind: OfficeKind
    district: Line
    province: Line
    report_due: Days
    correction: GivenDays
    least_to_act: GivenDays
    decide_reminder: Kept | None = Field(
        default=None,
        description="Working days after which who must decide is reminded. Not given: as it is.",
        examples=[2],
    )
    decide_above: Kept | None = Field(
        default=None,
        description="Working days after which the level above is told as well. Not given: as it is.",
        examples=[5],
    )
    report_frozen: Days
    is_reviewed: Flag
    audit_unit_is_meant: Flag
    prepared_by: Name
    notify_at: Clock
    close_at: Clock


class Shift(Model):
    """A deadline of the plan that moves, for so many steps."""

    before: date
    after: date
    steps: int


class ChangedSettings(Model):
    """What the settings move, or would move."""

    is_done: bool
    moved: list[Moving]
    coming: list[Shift]


class RungView(Model):
    """When a notice goes out, counted from the deadline in working days, and to whom."""

    offset: Annotated[int, Field(strict=True, ge=-60, le=60)]
    to: Annotated[list[Level], Field(min_length=1, max_length=5)]


class LadderView(Model):
    """The ladder of notices, in order of time."""

    rungs: Annotated[list[RungView], Field(min_length=1, max_length=30)]
    repeat_every: Annotated[int, Field(strict=True, ge=1, le=60)] | None = Field(
        description="Null: the last rung is said once. Any number: it is repeated with every weekly summary."
    )
    acknowledgment_lasts: Annotated[int, Field(strict=True, ge=1, le=60)]

    @model_validator(mode="after")
    def _is_in_order(self) -> LadderView:
        offsets = [rung.offset for rung in self.rungs]
        if offsets != sorted(set(offsets)):
            raise ValueError("the rungs must be in order of time, each offset once")
        return self


@router.get("/settings")
def settings(visit: Administering) -> Settings:
    """The settings."""
    with visit.reading() as desk:
        office = desk.office
    own = office.settings
    return Settings(
        name=office.name,
        kind=office.kind,
        district=office.district,
        province=office.province,
        report_due=own.report_due,
        correction=own.correction,
        least_to_act=own.least_to_act,
        decide_reminder=own.decide_reminder,
        decide_above=own.decide_above,
        report_frozen=own.report_frozen,
        is_reviewed=own.is_reviewed,
        audit_unit_is_meant=own.audit_unit_is_meant,
        prepared_by=own.prepared_by,
        notify_at=f"{own.notify_at:%H:%M}",
        close_at=f"{own.close_at:%H:%M}",
    )


@router.put("/settings")
def change_settings(visit: Administering, body: Settings, *, preview: Preview = False) -> ChangedSettings:
    """Change the settings and move the deadlines they touch."""
    decided = body.model_dump(exclude={"name", "kind", "district", "province"}, exclude_none=True)
    with changing_alone(visit) as desk:
        structure.division_of(desk.people, body.prepared_by)
        wanted = replace(
            desk.office,
            name=storable(body.name),
            kind=body.kind,
            district=storable(body.district),
            province=storable(body.province),
            settings=OfficeSettings(**{**desk.office.settings.model_dump(), **decided}),
        )
        done = office_settings.change_office(desk, wanted, by=visit.person, now=visit.now)
        is_done = done is not None and not preview
        if is_done:
            commit_and_replan(visit, desk)
    return ChangedSettings(
        is_done=is_done,
        moved=[Moving(assignment=m.id, before=m.before, after=m.after) for m in done.moved] if done else [],
        coming=[Shift(before=was, after=now, steps=n) for was, now, n in done.coming] if done else [],
    )


@router.get("/ladder")
def ladder(visit: Reading) -> LadderView:
    """The ladder that assignments get when they open."""
    with visit.reading() as desk:
        own = desk.office.settings.ladder
    return LadderView(
        rungs=[RungView(offset=rung.offset, to=list(rung.to)) for rung in own.rungs],
        repeat_every=own.repeat_every,
        acknowledgment_lasts=own.acknowledgment_lasts,
    )


@router.put("/ladder")
def change_ladder(visit: Administering, body: LadderView) -> LadderView:
    """Give the office another ladder; what is open keeps its own."""
    wanted = Ladder(
        rungs=tuple(Rung(offset=rung.offset, to=tuple(dict.fromkeys(rung.to))) for rung in body.rungs),
        repeat_every=body.repeat_every,
        acknowledgment_lasts=body.acknowledgment_lasts,
    )
    with changing_alone(visit) as desk:
        is_done = ladders.change_ladder(desk, wanted, by=visit.person, now=visit.now)
        if is_done:
            commit_and_replan(visit, desk)
    return ladder(visit)
