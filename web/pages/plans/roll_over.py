"""A plan of one fiscal year carried into another: what moves, what is left to decide, what is not finished."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.catalogue import Certainty, catalogue
from domain.errors import SucharitError
from domain.fiscal import FiscalYear
from domain.thai import arabic_digits
from services.planning.roll_over import RolledOver, roll_over
from web.changes import changing_alone
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.pages.plans import labels
from web.pages.plans.listing import NoYearError, year_of
from web.pages.plans.review import Fields, text_of
from web.view.failures import sentence_of
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/plans/roll-over")

_ITEM: Final = re.compile(r"item-([0-9]{1,2})")
_NUMBER: Final = re.compile(r"[OoＯ]?\s*([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form says: from which year into which, with unfinished work or not, years in texts moved or not.

    Attributes:
        typed: O-items as they were typed, by the number they had.
    """

    source: str = ""
    target: str = ""
    carries: bool = False
    shifts: bool = False
    typed: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Wanted:
        """From the fields of a form or of an address."""
        fields = dict(pairs)
        items = {int(match[1]): text[:20] for name, text in fields.items() if (match := _ITEM.fullmatch(name))}
        return cls(
            fields.get("source", "")[:20],
            fields.get("target", "")[:20],
            fields.get("carry") == "yes",
            fields.get("shift") == "yes",
            items,
        )

    def items(self) -> tuple[dict[int, int], dict[str, str]]:
        """O-items that were decided, and by field what is wrong with the others."""
        decided: dict[int, int] = {}
        faults: dict[str, str] = {}
        for before, text in self.typed.items():
            match = _NUMBER.fullmatch(arabic_digits(text.strip()))
            if match:
                decided[before] = int(match[1])
            elif text.strip():
                faults[f"item-{before}"] = "โปรดกรอกเลขข้อ เช่น O๓๔"
        return decided, faults


@router.get("")
def show(request: Request, visit: Looking) -> Response:
    """The form and, once it says from where to where, what would be carried; nothing is stored."""
    wanted = Wanted.of(request.query_params.items())
    if not (wanted.source and wanted.target):
        return _page(request, visit, wanted)
    source, target, faults = _years(wanted, language_of(request))
    items, unfit = wanted.items()
    done, names = None, {}
    if source and target and not faults:
        with visit.system.desk(visit.office) as desk:  # never committed: it is only a look
            done = roll_over(
                desk, source, target, carries=wanted.carries, shifts_years=wanted.shifts, items=items, by=visit.person,
                now=visit.now,
            )  # fmt: skip
            names = {d.key: d.name for d in desk.people.divisions}
    faults |= unfit
    return _page(request, visit, wanted, done=done, divisions=names, faults=faults, status=422 if faults else 200)


def _years(wanted: Wanted, language: str) -> tuple[FiscalYear | None, FiscalYear | None, dict[str, str]]:
    """Both years, or what is wrong with them by field."""
    years: dict[str, FiscalYear] = {}
    faults: dict[str, str] = {}
    for name, text in (("source", wanted.source), ("target", wanted.target)):
        try:
            year = year_of(text)
            if year is None:
                raise NoYearError(text="")
            years[name] = FiscalYear(year)
        except SucharitError as error:
            faults[name] = sentence_of(error, language)
    if not faults and years["target"] <= years["source"]:
        faults["target"] = "ปีใหม่ต้องอยู่หลังปีของแผนเดิม"
    return years.get("source"), years.get("target"), faults


def _page(
    request: Request,
    visit: Visit,
    wanted: Wanted,
    *,
    done: RolledOver | None = None,
    divisions: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    with visit.reading() as desk:
        years = sorted((stored.plan.fiscal_year_be for stored in desk.plans), reverse=True)
    indicators = catalogue().year(done.imported.stored.plan.fiscal_year_be) if done else None
    return render(
        request,
        "plans/roll_over.html",
        status=status,
        visit=visit,
        years=years,
        wanted=wanted,
        done=done,
        indicators=indicators,
        is_sure=indicators is not None and indicators.certainty is Certainty.SURE,
        items=_items(wanted, done),
        divisions=divisions or {},
        faults=faults or {},
        labels=labels,
    )


def _items(wanted: Wanted, done: RolledOver | None) -> dict[int, str]:
    """O-items that a person decides: what was typed, else what is proposed."""
    asked = done.shift.asked if done else ()
    proposed = {
        int(question.words[1:]): question.proposed or "" for question in asked if question.words.startswith("O")
    }
    return dict(sorted((proposed | dict(wanted.typed)).items()))


@router.post("")
def store(request: Request, visit: Acting, form: Fields) -> Response:
    """Store the plan for the new year, not yet in force."""
    wanted = Wanted.of((name, text_of(form, name)) for name in form)
    source, target, faults = _years(wanted, language_of(request))
    items, unfit = wanted.items()
    if faults or unfit or source is None or target is None:
        return _page(request, visit, wanted, faults=faults | unfit, status=422)
    with changing_alone(visit) as desk:
        done = roll_over(
            desk, source, target, carries=wanted.carries, shifts_years=wanted.shifts, items=items, by=visit.person,
            now=visit.now,
        )  # fmt: skip
        desk.uow.commit()
    query = urlencode({"done": "rolled" if done.imported.is_new else "same"})
    return RedirectResponse(f"/admin/plans/{target.be}/{done.imported.stored.revision}?{query}", status_code=303)
