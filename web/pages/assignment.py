"""One assignment: what is asked, the form to report, and every other move of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import FileResponse, RedirectResponse, Response

from domain.assignment import Assignment, CannotDoReason
from domain.errors import BadInputError, NotFoundError, SucharitError
from domain.figures import Answer
from domain.rights import MAY
from services import hand_in as work
from services import inbox, review
from services.check_evidence import checked
from services.days import day_of
from services.desk import Desk
from web.door import AtPlace, Place, PostingAt, Visit, check_sees
from web.failures import sentence_of, status_of
from web.moves import move
from web.render import language_of, render

router = APIRouter()


class UnknownDecisionError(BadInputError):
    """A decision that no button sends."""

    english = "No decision was chosen. Go back and press one of the buttons."
    thai = "ยังไม่ได้เลือกผลการพิจารณา โปรดย้อนกลับแล้วกดปุ่มที่ต้องการ"


Text = Annotated[str, Form(max_length=20_000)]
Short = Annotated[str, Form(max_length=200)]


@router.get("/assignments/{assignment_id}")
@router.get("/link/{token}")
def show(request: Request, at: AtPlace) -> Response:
    """The assignment, with the form if the visitor may report."""
    return _page(request, at)


def _page(
    request: Request,
    at: Place,
    *,
    status: int = 200,
    faults: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    with at.visit.reading() as desk:
        sheet = inbox.sheet(desk, at.assignment_id, at.visit.now)
        standing = check_sees(at.visit, desk, sheet.assignment.division)
        may = _moves(desk, at.visit, sheet.assignment)
        names = {line.entry.actor: desk.person_name(line.entry.actor) for line in sheet.history}
    return render(
        request,
        "assignment.html",
        status=status,
        visit=at.visit,
        here=at.path,
        sheet=sheet,
        may=may,
        names=names,
        standing=standing,
        faults=faults or {},
        typed=_typed(sheet.assignment, typed),
        reasons=list(CannotDoReason),
    )


def _moves(desk: Desk, visit: Visit, found: Assignment) -> set[str]:
    """Names of the moves that the visitor may make now."""
    day = desk.workdays.local_day(visit.now)
    levels = set(desk.people.levels_of(visit.person, found.division, day))
    return {str(kind.value) for kind in inbox.possible(found) if levels & MAY.get(kind, frozenset())}


def _typed(found: Assignment, typed: dict[str, str] | None) -> dict[str, str]:
    """What the fields hold: what was typed, else what was handed in before, else nothing."""
    before = found.submission
    fields = {
        "result": before.result if before else "",
        "problems": before.problems.text if before else "",
        "no_problems": "yes" if before and before.problems.is_none_confirmed else "",
        "suggestions": before.suggestions.text if before else "",
        "no_suggestions": "yes" if before and before.suggestions.is_none_confirmed else "",
        "effective_on": "",
        "until": "",
        "reason": "",
        "kind": "",
    }
    return fields | (typed or {})


def _act(
    request: Request,
    at: Place,
    act: Callable[[Desk], Assignment],
    typed: dict[str, str],
    field: str,
    *,
    replans: bool = False,
) -> Response:
    """Make a move; what is wrong comes back with everything that was typed."""
    try:
        move(at.visit, act, replans=replans)
    except NotFoundError:
        raise
    except SucharitError as error:
        faults = {field: sentence_of(error, language_of(request))}
        return _page(request, at, status=status_of(error), faults=faults, typed=typed)
    return RedirectResponse(at.path, status_code=303)


@router.post("/assignments/{assignment_id}/hand-in")
@router.post("/link/{token}/hand-in")
def hand_in(
    request: Request,
    at: PostingAt,
    version: Annotated[int, Form()],
    result: Text = "",
    problems: Text = "",
    no_problems: Short = "",
    suggestions: Text = "",
    no_suggestions: Short = "",
    effective_on: Short = "",
    files: list[UploadFile] | None = None,
) -> Response:
    """Report the result with evidence; a heading is answered or confirmed as `ไม่มี`."""
    typed = {
        "result": result,
        "problems": problems,
        "no_problems": no_problems,
        "suggestions": suggestions,
        "no_suggestions": no_suggestions,
        "effective_on": effective_on,
    }
    faults = _unanswered(typed)
    if faults:
        return _page(request, at, status=422, faults=faults, typed=typed)
    try:
        told = work.Result(
            result=result,
            problems=Answer(text=problems.strip(), is_none_confirmed=bool(no_problems)),
            suggestions=Answer(text=suggestions.strip(), is_none_confirmed=bool(no_suggestions)),
            effective_on=day_of(effective_on) if effective_on.strip() else None,
        )
        with at.visit.reading() as desk:
            desk.uow.assignments.get(at.assignment_id)  # nothing is kept for an assignment that is not there
        kept = work.keep(at.visit.system.files, [checked(one.filename or "file", one.file) for one in _given(files)])
    except BadInputError as error:
        faults = {"files": sentence_of(error, language_of(request))}
        return _page(request, at, status=422, faults=faults, typed=typed)
    return _act(
        request,
        at,
        lambda desk: work.hand_in(
            desk, at.assignment_id, told, kept, by=at.visit.person, at=at.visit.now, version=version
        ),
        typed,
        "result",
    )


def _given(files: list[UploadFile] | None) -> list[UploadFile]:
    """The files really chosen: a browser sends an empty one where none is."""
    return [one for one in files or [] if one.filename]


_MISSING: Final = "โปรดกรอก หรือทำเครื่องหมายว่าไม่มี"
_BOTH: Final = "กรอกข้อความไว้และทำเครื่องหมายว่าไม่มีด้วย โปรดเลือกอย่างเดียว"


def _unanswered(typed: dict[str, str]) -> dict[str, str]:
    faults = {} if typed["result"].strip() else {"result": "โปรดกรอกผลการดำเนินการ"}
    for heading in ("problems", "suggestions"):
        is_told, is_none = bool(typed[heading].strip()), bool(typed[f"no_{heading}"])
        if is_told == is_none:
            faults[heading] = _BOTH if is_told else _MISSING
    return faults


@router.post("/assignments/{assignment_id}/withdraw")
@router.post("/link/{token}/withdraw")
def withdraw(request: Request, at: PostingAt, version: Annotated[int, Form()]) -> Response:
    """Take the report back while nobody has reviewed it."""
    return _act(
        request,
        at,
        lambda desk: work.withdraw(desk, at.assignment_id, by=at.visit.person, at=at.visit.now, version=version),
        {},
        "result",
    )


@router.post("/assignments/{assignment_id}/cannot-do")
@router.post("/link/{token}/cannot-do")
def cannot_do(
    request: Request,
    at: PostingAt,
    version: Annotated[int, Form()],
    kind: Short = "",
    reason: Text = "",
) -> Response:
    """State with one of the official reasons that it cannot be carried out."""
    typed = {"kind": kind, "reason": reason}
    if kind not in set(CannotDoReason):
        return _page(request, at, status=422, faults={"kind": "โปรดเลือกเหตุผล"}, typed=typed)
    chosen = CannotDoReason(kind)
    return _act(
        request,
        at,
        lambda desk: work.state_cannot_do(
            desk, at.assignment_id, chosen, reason=reason, by=at.visit.person, at=at.visit.now, version=version
        ),
        typed,
        "kind",
    )


@router.post("/assignments/{assignment_id}/ask-extension")
@router.post("/link/{token}/ask-extension")
def ask_extension(
    request: Request,
    at: PostingAt,
    version: Annotated[int, Form()],
    until: Short = "",
    reason: Text = "",
) -> Response:
    """Ask the supervisor for a later deadline."""
    typed = {"until": until, "reason": reason}
    try:
        day = day_of(until)
    except BadInputError as error:
        faults = {"until": sentence_of(error, language_of(request))}
        return _page(request, at, status=422, faults=faults, typed=typed)
    return _act(
        request,
        at,
        lambda desk: review.ask_extension(
            desk, at.assignment_id, day, reason=reason, by=at.visit.person, at=at.visit.now, version=version
        ),
        typed,
        "until",
    )


@router.post("/assignments/{assignment_id}/decide")
@router.post("/link/{token}/decide")
def decide(
    request: Request,
    at: PostingAt,
    version: Annotated[int, Form()],
    decision: Short = "",
    reason: Text = "",
) -> Response:
    """A supervisor's decision: accept, return with a reason, grant or refuse more time, take note."""
    acts: dict[str, Callable[[Desk], Assignment]] = {
        "accept": lambda desk: review.accept(
            desk, at.assignment_id, by=at.visit.person, at=at.visit.now, version=version
        ),
        "return": lambda desk: review.return_(
            desk, at.assignment_id, reason=reason, by=at.visit.person, at=at.visit.now, version=version
        ),
        "grant": lambda desk: review.decide_extension(
            desk, at.assignment_id, granted=True, by=at.visit.person, at=at.visit.now, version=version
        ),
        "refuse": lambda desk: review.decide_extension(
            desk, at.assignment_id, granted=False, by=at.visit.person, at=at.visit.now, version=version
        ),
        "acknowledge": lambda desk: review.acknowledge(
            desk, at.assignment_id, by=at.visit.person, at=at.visit.now, version=version
        ),
    }
    if decision not in acts:
        raise UnknownDecisionError
    replans = decision in {"return", "grant"}
    return _act(request, at, acts[decision], {"reason": reason}, "reason", replans=replans)


@router.get("/assignments/{assignment_id}/evidence/{sha256}")
@router.get("/link/{token}/evidence/{sha256}")
def evidence(sha256: str, at: AtPlace) -> Response:
    """A file handed in with an assignment, as an attachment that no browser runs."""
    with at.visit.reading() as desk:
        check_sees(at.visit, desk, desk.uow.assignments.get(at.assignment_id).division)
        lines = [line for line in desk.uow.evidence.of(at.assignment_id) if line.sha256 == sha256]
    if not lines:
        raise NotFoundError(what="evidence", what_thai="หลักฐาน", key=sha256[:12], remedy="", remedy_thai="")
    return FileResponse(
        at.visit.system.files.path(sha256),
        media_type="application/octet-stream",
        filename=lines[0].name,
        headers={"content-security-policy": "default-src 'none'; sandbox"},
    )
