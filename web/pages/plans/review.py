"""One document under review: every question beside its cell, every value as it was read, and how to put it right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from domain.errors import NotFoundError, SucharitError
from plans.review import Review, open_doubts, write_review
from services.planning import drafts as plan_drafts
from services.planning.drafts import DraftStaleError
from storage.drafts import StoredDraft
from web.door.administrator import Acting, Looking
from web.door.visit import Visit
from web.pages.plans import labels
from web.pages.plans.row import correction_in, numbers_in, row_page, typed_of
from web.pages.plans.sources import questions
from web.view.failures import sentence_of, status_of
from web.view.render import language_of, render

router = APIRouter(prefix="/admin/plans/drafts/{draft_id}")

_NOTHING: Final[Mapping[str, str]] = {}
_ANSWER: Final = re.compile(r"a(\d{1,4})")


async def _form(request: Request) -> FormData:
    return await request.form()


Fields = Annotated[FormData, Depends(_form)]


def text_of(form: FormData, name: str) -> str:
    """A field as it was typed; nothing where it is missing, or a file."""
    text = form.get(name, "")
    return text if isinstance(text, str) else ""


def texts_of(form: FormData, name: str) -> list[str]:
    """Every value of a field that may be ticked several times."""
    return [text for text in form.getlist(name) if isinstance(text, str)]


def version_in(form: FormData) -> int:
    """The version that the form was made from; none that ever was, where it is missing."""
    typed = text_of(form, "version")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0  # noqa: PLR2004 -- more digits are no version of ours


@router.get("")
def show(request: Request, visit: Looking, draft_id: str, done: Annotated[str, Query(max_length=20)] = "") -> Response:
    """The document's questions and values."""
    return _page(request, visit, draft_id, done=done)


def _page(
    request: Request,
    visit: Visit,
    draft_id: str,
    *,
    status: int = 200,
    faults: Mapping[str, str] = _NOTHING,
    typed: Mapping[str, str] = _NOTHING,
    done: str = "",
) -> Response:
    with visit.reading() as desk:
        stored = plan_drafts.draft_of(desk, draft_id)
        review = plan_drafts.review_in(desk, stored, visit.now)
        names = [division.name for division in desk.people.divisions]
    reading = plan_drafts.reading_in(stored)
    asked = questions(review, reading)
    return render(
        request,
        "plans/draft.html",
        status=status,
        visit=visit,
        stored=stored,
        here=f"/admin/plans/drafts/{stored.id}",
        review=review,
        left_out=reading.left_out if reading else (),
        open=[question for question in asked if question.doubt.answer is None or question.name in faults],
        answered=[question for question in asked if question.doubt.answer is not None and question.name not in faults],
        proposed=_proposed(review),
        unseen=sum(plan_drafts.must_be_looked_at(doubt) for doubt in open_doubts(review)),
        must_be_looked_at=plan_drafts.must_be_looked_at,
        divisions=names,
        responsible=plan_drafts.responsible_words,
        faults=faults,
        typed=typed,
        done=done,
        labels=labels,
    )


def _proposed(review: Review) -> dict[str, int]:
    """How many open questions of each kind have a proposal that may be taken unseen."""
    counts: dict[str, int] = {}
    for doubt in open_doubts(review):
        if plan_drafts.can_be_taken_unseen(doubt):
            counts[doubt.kind.value] = counts.get(doubt.kind.value, 0) + 1
    return counts


def as_read(visit: Visit, draft_id: str, version: int) -> tuple[StoredDraft, Review]:
    """A draft with its review, if it is still the version that a form was made from.

    Raises:
        NotFoundError: The office has no such draft.
        DraftStaleError: Somebody changed it since.
    """
    with visit.reading() as desk:
        stored = plan_drafts.draft_of(desk, draft_id)
        review = plan_drafts.review_in(desk, stored, visit.now)
    if stored.version != version:
        raise DraftStaleError
    return stored, review


def _save(visit: Visit, stored: StoredDraft, review: Review, changed: list[str]) -> None:
    if changed:
        with visit.changing() as desk:
            plan_drafts.save(desk, stored, review, changed, by=visit.person, now=visit.now)
            desk.uow.commit()


@router.post("/answers")
def answer(request: Request, visit: Acting, draft_id: str, form: Fields) -> Response:
    """Keep the answers that were given; questions without one stay open."""
    answers = {int(match[1]): _given(form, name) for name in form if (match := _ANSWER.fullmatch(name))}
    typed = {f"a{index}": text for index, text in answers.items() if text}
    try:
        stored, review = as_read(visit, draft_id, version_in(form))
        own_answers = {index: text for index, text in answers.items() if index < len(review.doubts)}
        after, changed, unfit = plan_drafts.answered(review, own_answers, text_of(form, "accept"))
        _save(visit, stored, after, [] if unfit else changed)
    except DraftStaleError as stale:
        faults = {"questions": sentence_of(stale, language_of(request))}
        return _page(request, visit, draft_id, status=409, faults=faults, typed=typed)
    if unfit:
        faults = {f"a{index}": "โปรดเลือกคำตอบข้อใดข้อหนึ่ง หรือพิมพ์ชื่อส่วนราชการให้ถูกต้อง" for index in unfit}
        return _page(request, visit, draft_id, status=422, faults=faults, typed=typed)
    return RedirectResponse(f"/admin/plans/drafts/{quote(draft_id)}?done=answered#questions", status_code=303)


def _given(form: FormData, name: str) -> str:
    """What was chosen or, where words may be typed instead, what was typed."""
    return (text_of(form, f"{name}-words") or text_of(form, name)).strip()[:400]


@router.get("/review.yaml")
def download(visit: Looking, draft_id: str) -> Response:
    """The review with its answers as a file, to be worked on elsewhere and given back."""
    with visit.reading() as desk:
        stored = plan_drafts.draft_of(desk, draft_id)
        review = plan_drafts.review_in(desk, stored, visit.now)
    return yaml_file(write_review(review), f"review-{stored.id}.yaml")


def yaml_file(text: str, name: str) -> Response:
    """A review file to keep."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="application/yaml; charset=utf-8", headers=headers)


@router.get("/document")
def document(visit: Looking, draft_id: str) -> Response:
    """The document itself, exactly as it came in; never shown by the browser."""
    with visit.reading() as desk:
        stored = plan_drafts.draft_of(desk, draft_id)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(stored.file_name)}"}
    content = visit.system.files.get(stored.sha256)
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.get("/head")
def head(request: Request, visit: Looking, draft_id: str, settles: int | None = None) -> Response:
    """The form for title and fiscal year, opened for the question that it settles."""
    return _head_page(request, visit, draft_id, settled=_of_question(settles))


def _of_question(settles: int | None) -> list[int]:
    return [] if settles is None else [settles]


def _head_page(
    request: Request,
    visit: Visit,
    draft_id: str,
    *,
    status: int = 200,
    faults: Mapping[str, str] = _NOTHING,
    typed: Mapping[str, str] = _NOTHING,
    settled: Sequence[int] = (),
) -> Response:
    with visit.reading() as desk:
        stored = plan_drafts.draft_of(desk, draft_id)
        review = plan_drafts.review_in(desk, stored, visit.now)
    values = {"title": review.title, "year": str(review.fiscal_year_be or "")}
    asked = [
        question
        for question in questions(review, plan_drafts.reading_in(stored))
        if question.row is None and question.is_correctable
    ]
    return render(
        request, "plans/head.html", status=status, visit=visit, stored=stored, review=review, asked=asked,
        here=f"/admin/plans/drafts/{stored.id}", faults=faults, typed=values | dict(typed), labels=labels,
        settled=[*settled, *(question.index for question in asked if question.is_corrected)],
    )  # fmt: skip


@router.post("/head")
def put_head_right(request: Request, visit: Acting, draft_id: str, form: Fields) -> Response:
    """Correct the title and the fiscal year."""
    typed = {"title": text_of(form, "title").strip()[:2000], "year": text_of(form, "year")[:20]}
    try:
        stored, review = as_read(visit, draft_id, version_in(form))
        year = numbers_in(typed["year"])
        faults = {} if typed["title"] else {"title": "โปรดกรอกชื่อแผน"}
        faults |= {} if len(year) == 1 else {"year": "โปรดกรอกปีงบประมาณ เช่น ๒๕๗๐"}
        if faults:
            return _head_page(request, visit, draft_id, status=422, faults=faults, typed=typed, settled=_ticked(form))
        settled = _settled(form, review)
        after = plan_drafts.headed(review, typed["title"], year[0], settled)
        _save(visit, stored, after, ["head", *(review.doubts[index].id for index in settled)])
    except NotFoundError:
        raise
    except SucharitError as error:
        field = "title" if isinstance(error, DraftStaleError) else "year"
        faults = {field: sentence_of(error, language_of(request))}
        return _head_page(
            request, visit, draft_id, status=_refusal(error), faults=faults, typed=typed, settled=_ticked(form)
        )
    return RedirectResponse(f"/admin/plans/drafts/{quote(draft_id)}?done=corrected", status_code=303)


@router.get("/rows/{row_id}")
def row(request: Request, visit: Looking, draft_id: str, row_id: str, settles: int | None = None) -> Response:
    """The form for every value of a row, beside what the document says, opened for the question that it settles."""
    return _row_page(request, visit, draft_id, row_id, settled=_of_question(settles))


def _row_page(
    request: Request,
    visit: Visit,
    draft_id: str,
    row_id: str,
    *,
    status: int = 200,
    faults: Mapping[str, str] = _NOTHING,
    typed: Mapping[str, str] = _NOTHING,
    settled: Sequence[int] = (),
) -> Response:
    with visit.reading() as desk:
        stored = plan_drafts.draft_of(desk, draft_id)
        review = plan_drafts.review_in(desk, stored, visit.now)
        names = [division.name for division in desk.people.divisions]
    return row_page(
        request, visit, stored, review, row_id, names, status=status, faults=faults, typed=typed, settled=settled
    )


@router.post("/rows/{row_id}")
def put_row_right(request: Request, visit: Acting, draft_id: str, row_id: str, form: Fields) -> Response:
    """Correct the values of a row, and say which questions that answers."""
    typed = typed_of(form)
    try:
        stored, review = as_read(visit, draft_id, version_in(form))
        right, faults = correction_in(typed, plan_drafts.row_of(review, row_id), language_of(request))
        if right is None:
            return _row_page(
                request, visit, draft_id, row_id, status=422, faults=faults, typed=typed, settled=_ticked(form)
            )
        settled = _settled(form, review)
        after = plan_drafts.corrected(review, row_id, replace(right, settled=tuple(settled)))
        _save(visit, stored, after, [row_id, *(review.doubts[index].id for index in settled)])
    except NotFoundError:
        raise
    except SucharitError as error:
        faults = {"title" if isinstance(error, DraftStaleError) else "start": sentence_of(error, language_of(request))}
        return _row_page(
            request, visit, draft_id, row_id, status=_refusal(error), faults=faults, typed=typed, settled=_ticked(form)
        )
    return RedirectResponse(f"/admin/plans/drafts/{quote(draft_id)}?done=corrected", status_code=303)


def _ticked(form: FormData) -> list[int]:
    return [number for text in texts_of(form, "settled") for number in numbers_in(text)]


def _settled(form: FormData, review: Review) -> list[int]:
    return sorted({index for index in _ticked(form) if index < len(review.doubts)})


def _refusal(error: SucharitError) -> int:
    status = status_of(error)
    return 422 if status == 400 else status  # noqa: PLR2004 -- the status of an error that has none of its own
