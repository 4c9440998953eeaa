"""One assignment: what is asked, what was reported, and every move of it but the report itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from domain.assignment import Assignment, StaleError
from domain.errors import BadInputError, NotFoundError, SucharitError
from domain.figures import EvidenceLine
from domain.ledger import LedgerLine
from domain.moves import Move
from domain.people import SUPERVISORS, Level
from domain.rights import STANDS_IN, Right
from domain.submission import CannotDoReason
from services.assignments import hand_in as work
from services.assignments import review
from services.assignments.drafts import FIELDS, DraftNewerError
from services.assignments.evidence import image_type
from services.assignments.pdf_preview import PDF, SIGN, first_page
from services.days import day_of, written
from services.desk import Desk
from services.overview import inbox
from services.overview.inbox import Sheet
from web.changes import move
from web.door.rights import check_over, moves_for
from web.door.target import AtTarget, PostingAt, Target
from web.door.visit import Visit
from web.pages.work.confirmation import confirmation
from web.view.failures import sentence_of, status_of
from web.view.labels import LEDGER, LEVELS
from web.view.refusals import LINK_MAILED
from web.view.render import language_of, render
from web.view.waiting import noted, waiting

router = APIRouter()


class UnknownDecisionError(BadInputError):
    """A decision that no button sends."""

    english = "No decision was chosen. Go back and press one of the buttons."
    thai = "ยังไม่ได้เลือกผลการพิจารณา โปรดย้อนกลับแล้วกดปุ่มที่ต้องการ"


Text = Annotated[str, Form()]  # how long it may be is said at its field, with all that was typed (services.record)
Short = Annotated[str, Form(max_length=200)]
Version = Annotated[int, Form()]

_NOTHING: Final[Mapping[str, str]] = {}


@router.get("/assignments/{assignment_id}")
@router.get("/link/{token}")
def show(
    request: Request,
    target: AtTarget,
    saved: str = "",
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The assignment, with the form if the visitor may report."""
    return sheet_page(request, target, saved=saved, done=done)


def sheet_page(
    request: Request,
    target: Target,
    *,
    status: int = 200,
    faults: Mapping[str, str] = _NOTHING,
    typed: Mapping[str, str] = _NOTHING,
    saved: str = "",
    done: str = "",
    newer: bool = False,
) -> Response:
    """The page of an assignment as it stands now, with what was typed and what is wrong with it.

    Args:
        newer: Another window saved another draft meanwhile: it is shown beside what was typed.
    """
    with target.visit.reading() as desk:
        sheet = inbox.sheet(desk, target.assignment_id, target.visit.now, target.visit.person)
        roles = check_over(target.visit, desk, Right.SEE_DIVISION, sheet.assignment.division)
        levels = _levels(desk, target.visit, sheet.assignment)
        may = {move.value for move in moves_for(target.visit, desk, sheet.assignment) if target.acts}
        waits = waiting(desk, sheet.assignment, target.visit.person, target.visit.now)
        acknowledged = noted(desk, sheet.assignment, sheet.history)
        person_name = desk.person_name(target.visit.person)
        names = {line.entry.actor: desk.person_name(line.entry.actor) for line in sheet.history}
        confirmed = confirmation(desk, target.visit, roles, sheet.assignment, done)
        reporter = desk.person_name(sheet.assignment.handed_in_by)
        is_stand_in = Level.OFFICER not in levels and has_officer(desk, target.visit, sheet.assignment)
    return render(
        request,
        "work/assignment.html",
        status=status,
        visit=target.visit,
        target=target,
        here=target.path,
        is_mailed=done == LINK_MAILED,
        sheet=sheet,
        may=may,
        waits=waits,
        acknowledged=acknowledged,
        level_names=LEVELS,
        reviews=bool(levels & set(SUPERVISORS)),
        is_stand_in=is_stand_in,
        reporter=reporter,
        returned=_last(sheet, Move.RETURN),
        turned_down=_turned_down(sheet),
        confirmed=confirmed,
        names=names,
        person_name=person_name,
        kinds=LEDGER,
        stands_in=STANDS_IN,
        roles=roles,
        faults=dict(faults),
        typed=_typed(sheet, typed),
        unsent=_unsent(status, typed),
        newer=newer,
        saved=saved,
        reasons=list(CannotDoReason),
        shown={line.sha256: _shown_as(target, line) for line in sheet.evidence if line.url is None},
    )


def _levels(desk: Desk, visit: Visit, assignment: Assignment) -> set[Level]:
    """What the visitor is for the division today, or stands in for."""
    return set(desk.people.answers_for(visit.person, assignment.division, _today(desk, visit)))


def _today(desk: Desk, visit: Visit) -> date:
    return desk.workdays.local_day(visit.now)


def has_officer(desk: Desk, visit: Visit, assignment: Assignment) -> bool:
    """Tell whether somebody reports for the division, so that its head need not."""
    day = _today(desk, visit)
    return any(desk.people.in_charge(post, day) for post in desk.people.posts_at(Level.OFFICER, assignment.division))


def _last(sheet: Sheet, *moves: Move) -> LedgerLine | None:
    """The last line of one of these moves: whose it was, and when."""
    kinds = {f"assignment.{move}" for move in moves}
    lines = [line for line in sheet.history if line.entry.kind in kinds]
    return max(lines, key=lambda line: line.seq, default=None)


def _turned_down(sheet: Sheet) -> LedgerLine | None:
    """The refusal of more time, as long as the division neither asked again nor reported."""
    about = (Move.REFUSE_EXTENSION, Move.ASK_EXTENSION, Move.GRANT_EXTENSION, Move.CHANGE_DEADLINE, Move.HAND_IN)
    last = _last(sheet, *about, Move.CANNOT_DO)
    return last if last is not None and last.entry.kind == f"assignment.{Move.REFUSE_EXTENSION}" else None


def _typed(sheet: Sheet, typed: Mapping[str, str]) -> dict[str, str]:
    """What the fields hold: what was typed, else the draft, else what was handed in before, else nothing."""
    before = sheet.assignment.submission
    fields = dict.fromkeys((*FIELDS, "until", "reason", "kind", "words", "last_day"), "")
    if before is not None:
        fields |= {
            "result": before.result,
            "problems": before.problems.text,
            "no_problems": "yes" if before.problems.is_none_confirmed else "",
            "suggestions": before.suggestions.text,
            "no_suggestions": "yes" if before.suggestions.is_none_confirmed else "",
            "effective_on": written(before.effective_on),
        }
    return fields | dict(sheet.draft.fields if sheet.draft else _NOTHING) | dict(typed)


def _unsent(status: int, typed: Mapping[str, str]) -> dict[str, str]:
    """What somebody typed while somebody else was faster: it is shown beside what is there now, and not lost."""
    is_late = status == status_of(StaleError(id=""))
    return {name: typed[name] for name in ("result", "problems", "suggestions") if is_late and typed.get(name)}


def act(
    request: Request,
    target: Target,
    make: Callable[..., Assignment],
    field: str,
    typed: Mapping[str, str] = _NOTHING,
    *,
    version: int,
    done: str,
) -> Response:
    """Make a move of the assignment as the visitor saw it; what is wrong comes back with everything that was typed."""

    def moved(desk: Desk) -> Assignment:
        return make(desk, target.assignment_id, by=target.visit.person, now=target.visit.now, version=version)

    try:
        move(target.visit, moved)
    except SucharitError as error:
        return refused(request, target, error, field, typed)
    return RedirectResponse(f"{target.path}?done={done}", status_code=303)


def refused(
    request: Request, target: Target, error: SucharitError, field: str, typed: Mapping[str, str] = _NOTHING
) -> Response:
    """The page with what is wrong at its field; what is not there has no page."""
    if isinstance(error, NotFoundError):
        raise error
    where = "effective_on" if isinstance(error, work.NotYetError) else field
    faults = {where: sentence_of(error, language_of(request))}
    newer = isinstance(error, DraftNewerError)
    return sheet_page(request, target, status=status_of(error), faults=faults, typed=typed, newer=newer)


@router.post("/assignments/{assignment_id}/withdraw")
@router.post("/link/{token}/withdraw")
def withdraw(request: Request, target: PostingAt, version: Version, stated: Short = "") -> Response:
    """Take the report back while nobody has reviewed it, or the statement that it cannot be done."""
    done = "unstated" if stated else "withdrawn"
    return act(request, target, work.withdraw, "result", version=version, done=done)


@router.post("/assignments/{assignment_id}/cannot-do")
@router.post("/link/{token}/cannot-do")
def cannot_do(request: Request, target: PostingAt, version: Version, kind: Short = "", reason: Text = "") -> Response:
    """State with one of the official reasons that it cannot be carried out."""
    typed = {"kind": kind, "reason": reason}
    if kind not in set(CannotDoReason):
        return sheet_page(request, target, status=422, faults={"kind": "โปรดเลือกเหตุผล"}, typed=typed)
    stated = partial(work.state_cannot_do, kind=CannotDoReason(kind), reason=reason)
    return act(request, target, stated, "kind", typed, version=version, done="cannot")


@router.post("/assignments/{assignment_id}/ask-extension")
@router.post("/link/{token}/ask-extension")
def ask_extension(
    request: Request, target: PostingAt, version: Version, until: Short = "", reason: Text = ""
) -> Response:
    """Ask the supervisor for a later deadline."""
    typed = {"until": until, "reason": reason}
    try:
        day = day_of(until)
    except BadInputError as error:
        faults = {"until": sentence_of(error, language_of(request))}
        return sheet_page(request, target, status=422, faults=faults, typed=typed)
    asked = partial(review.ask_extension, due_on=day, reason=reason)
    return act(request, target, asked, "until", typed, version=version, done="asked")


@router.post("/assignments/{assignment_id}/decide")
@router.post("/link/{token}/decide")
def decide(
    request: Request,
    target: PostingAt,
    version: Version,
    decision: Short = "",
    reason: Text = "",
    words: Text = "",
    last_day: Short = "",
) -> Response:
    """A supervisor's decision: accept, agree, return with a reason, grant or refuse more time, take note."""
    acts: dict[str, Callable[..., Assignment]] = {
        "accept": review.accept,
        "confirm": review.confirm,
        "return": partial(review.return_, reason=reason),
        "grant": partial(review.decide_extension, granted=True),
        "refuse": partial(review.decide_extension, granted=False, reason=reason),
    }
    if decision == "acknowledge":
        return _acknowledge(request, target, version, words, last_day)
    if decision not in acts:
        raise UnknownDecisionError
    typed = {"reason": reason}
    return act(request, target, acts[decision], "reason", typed, version=version, done=decision)


def _acknowledge(request: Request, target: Target, version: int, words: str, last_day: str) -> Response:
    """Take note of a lateness, with what is ordered and until when; both may be left out."""
    typed = {"words": words, "last_day": last_day}
    try:
        until = day_of(last_day) if last_day.strip() else None
    except BadInputError as error:
        faults = {"last_day": sentence_of(error, language_of(request))}
        return sheet_page(request, target, status=422, faults=faults, typed=typed)
    noted_by = partial(review.acknowledge, words=words, until=until)
    field = "last_day" if until else "words"
    return act(request, target, noted_by, field, typed, version=version, done="acknowledge")


_UNRUNNABLE: Final = {"content-security-policy": "default-src 'none'; sandbox"}
_HEAD: Final = 16


@router.get("/assignments/{assignment_id}/evidence/{sha256}")
@router.get("/link/{token}/evidence/{sha256}")
def evidence(sha256: str, target: AtTarget) -> Response:
    """A file handed in with an assignment, as an attachment that no browser runs."""
    line = _file_of(target, sha256)
    return FileResponse(
        target.visit.system.files.path(line.sha256),
        media_type="application/octet-stream",
        filename=line.name,
        headers=_UNRUNNABLE,
    )


@router.get("/assignments/{assignment_id}/evidence/{sha256}/image")
@router.get("/link/{token}/evidence/{sha256}/image")
def image(sha256: str, target: AtTarget) -> Response:
    """A photograph handed in with an assignment, or the first page of a PDF, to look at on the page.

    Only the four kinds that no browser runs are shown, told by their first bytes. A PDF is shown as a picture that
    we draw: a browser's viewer does not work under a sandbox, and without one a stranger's document would speak for
    our own address.
    """
    line = _file_of(target, sha256)
    path, kind, name = target.visit.system.files.path(line.sha256), _shown_as(target, line), line.name
    if kind is None:
        raise _no_evidence(sha256)
    if kind == PDF:
        path = first_page(path, target.visit.system.settings.folder / "previews")
        kind, name = "image/png", f"{line.name}.png"
    return FileResponse(
        path,
        media_type=kind,
        filename=name,
        content_disposition_type="inline",
        headers=_UNRUNNABLE | {"cache-control": "private, max-age=3600"},
    )


def _file_of(target: Target, sha256: str) -> EvidenceLine:
    with target.visit.reading() as desk:
        check_over(target.visit, desk, Right.SEE_DIVISION, desk.uow.assignments.get(target.assignment_id).division)
        lines = [
            line for line in desk.uow.evidence.of(target.assignment_id) if line.sha256 == sha256 and line.url is None
        ]
    if not lines or not target.visit.system.files.path(sha256).is_file():
        raise _no_evidence(sha256)
    return lines[0]


def _shown_as(target: Target, line: EvidenceLine) -> str | None:
    """Type of a file that the page shows, by its first bytes; None for any other, and where it is gone."""
    path = target.visit.system.files.path(line.sha256)
    if not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return PDF if head.startswith(SIGN) else image_type(head)


def _no_evidence(sha256: str) -> NotFoundError:
    return NotFoundError(what="evidence", what_thai="หลักฐาน", key=sha256[:12], remedy="", remedy_thai="")
