"""ลำดับการแจ้งเตือน: who is told on which working day before and after a deadline, with a drawn example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import BadInputError
from domain.ladder import Ladder, Rung
from domain.people import Level
from domain.thai import BE_OFFSET, arabic_digits
from services.days import day_of
from services.desk import Desk
from services.office import ladder as ladders
from web.changes import changing_alone, commit_and_replan
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.view import labels
from web.view.failures import sentence_of
from web.view.render import language_of, render
from web.view.timeline import timeline

router = APIRouter(prefix="/admin/ladder")

Short = Annotated[str, Form(max_length=60)]
Several = Annotated[list[str], Form(max_length=200)]

MOST_RUNGS: Final = 15
MOST_DAYS: Final = 60
EVERY_WEEK: Final = 5
"""What is stored where the last rung is repeated; it comes with every weekly summary, whatever the number."""
_SIGNS: Final[Mapping[str, int]] = {"before": -1, "on": 0, "after": 1}
_ENOUGH: Final = "โปรดระบุจำนวนวันทำการ ๑ ถึง ๖๐"
_NOTHING: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Line:
    """One rung as the form holds it, right or wrong."""

    when: str = "after"
    days: str = ""
    to: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Typed:
    """The form: rungs in the order of the page, and the deadline and division of the example."""

    lines: tuple[Line, ...]
    repeat: str
    lasts: str
    sample: str = ""
    division: str = ""
    act: str = ""
    seen: str = ""
    faults: dict[str, str] = field(default_factory=dict)


def _typed(
    when: Several = [],  # noqa: B006 -- FastAPI copies it
    days: Several = [],  # noqa: B006 -- FastAPI reads the default, nobody changes it
    to: Several = [],  # noqa: B006 -- FastAPI reads the default, nobody changes it
    repeat: Short = "",
    lasts: Short = "",
    sample: Short = "",
    division: Annotated[str, Form(max_length=120)] = "",
    act: Short = "",
    seen: Short = "",
) -> Typed:
    chosen = [choice.partition(":") for choice in to]
    lines = tuple(
        Line(direction, many, frozenset(level for row, _, level in chosen if row == str(number)))
        for number, (direction, many) in enumerate(zip(when, days, strict=False))
    )
    return Typed(lines[:MOST_RUNGS], repeat, lasts, sample, division, act, seen)


Filled = Annotated[Typed, Depends(_typed)]


def _from(ladder: Ladder) -> Typed:
    """The form of a ladder that is in force."""
    lines = tuple(Line(_when(rung.offset), str(abs(rung.offset) or ""), frozenset(rung.to)) for rung in ladder.rungs)
    return Typed(lines, "yes" if ladder.is_repeated else "", str(ladder.acknowledgment_lasts))


def _when(offset: int) -> str:
    if offset == 0:
        return "on"
    return "before" if offset < 0 else "after"


@router.get("")
def show(request: Request, visit: Looking, saved: Annotated[str, Query(max_length=5)] = "") -> Response:
    """The ladder in force, with its example."""
    with visit.reading() as desk:
        ladder = desk.office.settings.ladder
        return _page(request, visit, desk, _from(ladder), ladder, saved=saved)


@router.post("")
def fill_in(request: Request, visit: Acting, typed: Filled) -> Response:
    """Add or remove a rung, look at the example, or save; all but the last store nothing."""
    if typed.act == "save":
        return _save(request, visit, typed)
    with visit.reading() as desk:
        if typed.act == "add":
            return _page(request, visit, desk, replace(typed, lines=(*typed.lines, Line())[:MOST_RUNGS]), None)
        if typed.act.startswith("remove:"):
            gone = typed.act.removeprefix("remove:")
            lines = tuple(line for number, line in enumerate(typed.lines) if str(number) != gone)
            return _page(request, visit, desk, replace(typed, lines=lines), None)
        ladder, faults = _ladder(typed)
        return _page(request, visit, desk, typed, ladder, faults=faults)


def _save(request: Request, visit: Visit, typed: Typed) -> Response:
    ladder, faults = _ladder(typed)
    if ladder is None:
        with visit.reading() as desk:
            return _page(request, visit, desk, typed, None, faults=faults)
    is_saved = False
    with changing_alone(visit) as desk:
        if typed.seen == ladders.fingerprint(desk.office.settings.ladder):
            ladders.change_ladder(desk, ladder, by=visit.person, now=visit.now)
            commit_and_replan(visit, desk)
            is_saved = True
    if not is_saved:
        with visit.reading() as desk:
            return _page(request, visit, desk, typed, ladder, is_outdated=True)
    return RedirectResponse("/admin/ladder?saved=yes", status_code=303)


def _ladder(typed: Typed) -> tuple[Ladder | None, dict[str, str]]:
    """The ladder that the form describes, in order of time, or what is wrong with it, by field."""
    faults: dict[str, str] = {} if typed.lines else {"add": "โปรดเพิ่มอย่างน้อยหนึ่งขั้น"}
    offsets: dict[int, Rung] = {}
    for number, line in enumerate(typed.lines):
        offset, levels = _offset(line), [level for level in Level if level in line.to]
        if offset is None:
            faults[f"days-{number}"] = _ENOUGH
        elif offset in offsets:
            faults[f"days-{number}"] = "มีขั้นอื่นในวันเดียวกันแล้ว โปรดรวมเป็นขั้นเดียว"
        if not levels:
            faults[f"to-{number}"] = "โปรดเลือกผู้รับแจ้งอย่างน้อยหนึ่งกลุ่ม"
        if offset is not None and levels:
            offsets.setdefault(offset, Rung(offset=offset, to=tuple(levels)))
    lasts = _number(typed.lasts)
    if lasts is None:
        faults["lasts"] = _ENOUGH
    if faults or lasts is None:
        return None, faults
    rungs = tuple(offsets[offset] for offset in sorted(offsets))
    repeat_every = EVERY_WEEK if typed.repeat == "yes" else None
    return Ladder(rungs=rungs, repeat_every=repeat_every, acknowledgment_lasts=lasts), {}


def _offset(line: Line) -> int | None:
    sign = _SIGNS.get(line.when)
    if sign is None:
        return None
    days = 0 if sign == 0 else _number(line.days)
    return None if days is None else sign * days


def _number(text: str) -> int | None:
    """A count of working days, with Thai or other digits."""
    plain = arabic_digits(text.strip())
    number = int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= len(str(MOST_DAYS)) else 0
    return number if 1 <= number <= MOST_DAYS else None


def _page(
    request: Request,
    visit: Visit,
    desk: Desk,
    typed: Typed,
    ladder: Ladder | None,
    *,
    faults: Mapping[str, str] = _NOTHING,
    is_outdated: bool = False,
    saved: str = "",
) -> Response:
    """The form; the example is drawn of `ladder`, where there is one."""
    faults = dict(faults)
    due_on, fault = _sample(desk, visit, typed, language_of(request))
    if fault:
        faults["sample"] = fault
    divisions = desk.people.divisions
    division = typed.division if desk.people.division(typed.division) else divisions[0].key if divisions else ""
    drawn = ladders.example(desk, ladder, due_on, division) if ladder else None
    dots = [(firing.day, _tone(firing.offset)) for firing in drawn.firings] if drawn else []
    status = 409 if is_outdated else 422 if faults else 200
    return render(
        request, "admin/ladder.html", status=status, visit=visit, typed=typed, faults=faults, is_outdated=is_outdated,
        saved=saved, levels=list(Level), labels=labels, example=drawn,
        drawing=timeline(dots, drawn.due_on, drawn.days_off) if drawn else None,
        divisions=divisions, division=division, sample=typed.sample or _short(due_on),
        seen=ladders.fingerprint(desk.office.settings.ladder), on_old_ladder=ladders.open_with_old_ladder(desk),
        is_full=len(typed.lines) >= MOST_RUNGS,
    )  # fmt: skip


def _sample(desk: Desk, visit: Visit, typed: Typed, language: str) -> tuple[date, str]:
    """Deadline of the example: the typed one, else this quarter's."""
    usual = ladders.sample_deadline(desk, visit.now)
    if not typed.sample.strip():
        return usual, ""
    try:
        day = day_of(typed.sample)
    except BadInputError as error:
        return usual, sentence_of(error, language)
    if abs(day.year - usual.year) > 2:  # noqa: PLR2004 -- the official calendar knows no other years
        return usual, "โปรดเลือกวันที่ใกล้ปีปัจจุบัน ปฏิทินวันหยุดมีเฉพาะช่วงนั้น"
    return day, ""


def _short(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year + BE_OFFSET}"


def _tone(offset: int) -> str:
    if offset == 0:
        return "wait"
    return "soon" if offset < 0 else "late"
