"""What an office decides: changed on a page or by its file, with the deadlines that move with it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from domain.ledger import Entry
from domain.office import Office
from domain.opening import obligations
from domain.people import People
from services.desk import Desk
from services.office import offices, posts
from services.office.holidays import Moved, move_deadlines
from services.office.office_file import OfficeFile, as_yaml

_WHY: Final = "แก้ไขการตั้งค่าของหน่วยงาน"


@dataclass(frozen=True, slots=True)
class ChangedOffice:
    """What a change of the office does to deadlines.

    Attributes:
        moved: Deadlines of what is open.
        coming: Deadlines of the plan, before and after, with how many steps have them, the earliest first; those of
            periods that are open already among them.
    """

    moved: tuple[Moved, ...]
    coming: tuple[tuple[date, date, int], ...]


def change_office(desk: Desk, office: Office, *, by: str, now: datetime) -> ChangedOffice | None:
    """Change name, place and settings; rolling the unit of work back makes it a preview. None where nothing changes.

    Open deadlines that are the plan's follow, except that none is pulled to a day that has passed or is passing.
    """
    before, after = _facts(desk.office), _facts(office)
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return None
    desk.uow.offices.save(office)
    facts = {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}
    desk.uow.ledger.note(Entry(now, "office.changed", by, office.key, facts))
    return _follow(desk, by=by, now=now)


def change_by_file(desk: Desk, file: OfficeFile, *, by: str, now: datetime) -> ChangedOffice:
    """Change the office to what its file says, people and all; rolling the unit of work back makes it a preview.

    Raises:
        LastAdministratorError: Nobody of the file could open the office's pages.
    """
    people = file.people()
    posts.check_administrator_stays(desk.people, people, desk.workdays.local_day(now))
    offices.change(desk.uow, file.office(), people, by=by, now=now)
    return _follow(desk, by=by, now=now)


def _follow(before: Desk, *, by: str, now: datetime) -> ChangedOffice:
    after = Desk.open(before.uow)
    tomorrow = after.workdays.add(after.workdays.local_day(now), 1)
    coming: dict[tuple[date, date], int] = {}
    for stored in after.plans:
        year = stored.plan.fiscal_year_be
        was, is_now = _planned_deadlines(before, year), _planned_deadlines(after, year)
        for key, due_on in was.items():
            if is_now[key] != due_on and is_now[key] >= tomorrow:
                coming[due_on, is_now[key]] = coming.get((due_on, is_now[key]), 0) + 1
    moved = move_deadlines(before, after, why=_WHY, by=by, now=now, never_before=tomorrow)
    return ChangedOffice(tuple(moved), tuple((was, will, count) for (was, will), count in sorted(coming.items())))


def _planned_deadlines(desk: Desk, fiscal_year_be: int) -> dict[tuple[str, str], date]:
    """Deadlines as the plan in force has them, by step and period."""
    due = obligations(desk.plan(fiscal_year_be), desk.workdays, desk.office.settings)
    return {(obligation.step.key, obligation.period.key): obligation.due_on for obligation in due}


def _facts(office: Office) -> Mapping[str, Any]:
    own = {"name": office.name, "kind": office.kind.value, "district": office.district, "province": office.province}
    return own | office.settings.model_dump(mode="json")


def difference(desk: Desk, office: Office, people: People) -> list[str]:
    """Lines of the office's file that would go (`-`) and come (`+`), with a little around them (blank)."""
    now = as_yaml(desk.office, desk.people).splitlines()
    then = as_yaml(replace(office, is_demo=desk.office.is_demo), people).splitlines()
    return [line for line in difflib.unified_diff(now, then, lineterm="", n=2) if not line.startswith(("---", "+++"))]
