"""From an answered review to a stored plan: which divisions its names mean, what it would change, and in it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import SucharitError
from domain.fiscal import UnknownFiscalYearError
from domain.plan import Plan
from plans.errors import OpenDoubtsError
from plans.review import Review
from plans.review.to_plan import rows_lacking
from services.planning import drafts as plan_drafts
from services.planning.match_units import UnitQuestion, settle_units, unit_questions
from services.planning.plans import import_plan, preview
from web.changes import changing_alone
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.pages.plans import labels
from web.pages.plans.changes import differing, groups
from web.pages.plans.listing import NoYearError, year_of
from web.pages.plans.review import Fields, as_read, text_of, texts_of, version_in
from web.view.failures import sentence_of
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/plans/drafts/{draft_id}")

_NOTHING: Final[Mapping[str, str]] = {}


@router.get("/import")
def show(
    request: Request,
    visit: Looking,
    draft_id: str,
    year: Annotated[str, Query(max_length=20)] = "",
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The questions about divisions, or what storing the plan would change."""
    return _page(request, visit, draft_id, year=year, done=done)


def _page(
    request: Request,
    visit: Visit,
    draft_id: str,
    *,
    year: str = "",
    status: int = 200,
    faults: Mapping[str, str] = _NOTHING,
    typed: Mapping[str, list[str]] | None = None,
    done: str = "",
) -> Response:
    here = f"/admin/plans/drafts/{quote(draft_id)}"
    with visit.reading() as desk:
        stored = plan_drafts.draft_of(desk, draft_id)
        review = plan_drafts.review_in(desk, stored, visit.now)
        try:
            own = plan = plan_drafts.as_plan(review)
        except OpenDoubtsError:
            return _to_questions(draft_id)
        except SucharitError as error:
            return _incomplete(request, visit, here, review, error)
        try:
            plan = plan_drafts.as_plan(review, year_of(year))
        except (NoYearError, UnknownFiscalYearError) as error:
            status, faults = 422, {"year": sentence_of(error, language_of(request))}
        asked = unit_questions(plan, desk.people)
        seen = None if asked else preview(desk, plan, visit.now)
        return render(
            request,
            "plans/units.html" if asked else "plans/import.html",
            status=status,
            visit=visit,
            stored=stored,
            here=here,
            plan=plan,
            own_year=own.fiscal_year_be,
            asked=[(f"u{n}", question, _steps(plan, question)) for n, question in enumerate(asked)],
            divisions=desk.people.divisions,
            base=seen.base if seen else None,
            differing=differing(seen, desk) if seen else [],
            groups=groups(seen.effect, desk) if seen else [],
            faults=faults,
            typed={"year": year} if typed is None else {"year": year} | dict(typed),
            done=done,
            labels=labels,
        )


def _to_questions(draft_id: str) -> Response:
    return RedirectResponse(f"/admin/plans/drafts/{quote(draft_id)}#questions", status_code=303)


def _incomplete(request: Request, visit: Visit, here: str, review: Review, error: SucharitError) -> Response:
    """What is still missing, each row with the way to its form; where no row lacks anything, the error's sentence."""
    lacking = rows_lacking(review)
    measures = {row.row: measure.number for measure in review.measures for row in measure.rows}
    return render(
        request,
        "plans/incomplete.html",
        status=422,
        visit=visit,
        here=here,
        lacking=[(row, measures.get(row.row), names) for row, names in lacking],
        sentence="" if lacking else sentence_of(error, language_of(request)),
    )


def _steps(plan: Plan, question: UnitQuestion) -> list[str]:
    """Texts of the first steps that name the party, for telling which division is meant."""
    named = {step.key: step.text for _, step in plan.steps()}
    return [named[key] for key in question.steps[:3]]


@router.post("/units")
def name_units(request: Request, visit: Acting, draft_id: str, form: Fields) -> Response:
    """Say once which divisions the plan's names mean; the office remembers it."""
    year = text_of(form, "year")[:20]
    typed = {name: texts_of(form, name) for name in form if name.startswith("u")}
    takes = text_of(form, "accept") == "all"
    try:
        _, review = as_read(visit, draft_id, version_in(form))
        with changing_alone(visit) as desk:
            plan = plan_drafts.as_plan(review, year_of(year))
            asked = unit_questions(plan, desk.people)
            answers, faults = _answers(asked, typed, {d.key for d in desk.people.divisions}, takes=takes)
            if not faults:
                settle_units(desk, plan, answers, accepts_proposals=takes, command="", by=visit.person, now=visit.now)
                desk.uow.commit()
    except OpenDoubtsError:
        return _to_questions(draft_id)
    except plan_drafts.DraftStaleError as stale:
        faults = {"units": sentence_of(stale, language_of(request))}
        return _page(request, visit, draft_id, year=year, status=409, faults=faults, typed=typed)
    if faults:
        return _page(request, visit, draft_id, year=year, status=422, faults=faults, typed=typed)
    return RedirectResponse(
        f"/admin/plans/drafts/{quote(draft_id)}/import?done=named&year={quote(year)}", status_code=303
    )


def _answers(
    asked: list[UnitQuestion], typed: Mapping[str, list[str]], keys: set[str], *, takes: bool
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Divisions chosen for each name, and by field the names for which none is."""
    answers: dict[str, list[str]] = {}
    faults: dict[str, str] = {}
    for n, question in enumerate(asked):
        chosen = [key for key in typed.get(f"u{n}", []) if key in keys]
        if chosen:
            answers[question.match.name] = chosen
        elif not (takes and question.match.proposal):
            faults[f"u{n}"] = "โปรดเลือกส่วนราชการอย่างน้อยหนึ่งแห่ง"
    return answers, faults


@router.post("/import")
def store(
    request: Request,
    visit: Acting,
    draft_id: str,
    version: Annotated[int, Form()],
    year: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Store the plan as a revision that is not in force yet."""
    try:
        stored, review = as_read(visit, draft_id, version)
        plan = plan_drafts.as_plan(review, year_of(year))
        with visit.changing() as desk:
            if unit_questions(plan, desk.people):
                return _page(request, visit, draft_id, year=year, status=422)
            done = import_plan(desk, plan, by=visit.person, now=visit.now)
            revision = done.stored.revision
            plan_drafts.became(desk, stored, plan.fiscal_year_be, revision, by=visit.person, now=visit.now)
            desk.uow.commit()
    except OpenDoubtsError:
        return _to_questions(draft_id)
    except plan_drafts.DraftStaleError as stale:
        faults = {"year": sentence_of(stale, language_of(request))}
        return _page(request, visit, draft_id, year=year, status=409, faults=faults)
    outcome = "imported" if done.is_new else "same"
    return RedirectResponse(f"/admin/plans/{plan.fiscal_year_be}/{revision}?done={outcome}", status_code=303)
