"""The report of a division: typed, kept as a draft, handed in for one assignment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final, TypeVar

from fastapi import APIRouter, Depends, Form, Header, Request, UploadFile
from fastapi.responses import JSONResponse, RedirectResponse, Response

from domain.errors import BadInputError, SucharitError
from domain.figures import Answer, EvidenceLine
from domain.rights import Right
from services.assignments import drafts
from services.assignments import hand_in as work
from services.assignments.evidence import checked, checked_link
from services.assignments.hand_in import Attachment
from services.days import day_of
from services.record import TooLongError, words_of
from storage.files import FileStore
from web.door.rights import check_over
from web.door.target import PostingAt, Target
from web.pages.work.assignment import Short, Text, Version, act, refused, sheet_page
from web.view.failures import sentence_of, status_of
from web.view.render import Words, language_of

router = APIRouter()

MOST_LINKS: Final = 20
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a report as they came, and the files with them."""

    fields: Mapping[str, str]
    files: tuple[UploadFile, ...]
    are_files_held: bool = False
    """Our script still has the files that were chosen; a browser alone forgets them when the page comes again."""

    def too_long(self, language: str) -> dict[str, str]:
        """What is longer than it may be, by field."""
        faults: dict[str, str] = {}
        for heading, (what, what_thai) in work.WHAT.items():
            try:
                words_of(self.fields[heading], what=what, what_thai=what_thai)
            except TooLongError as error:
                faults[heading] = sentence_of(error, language)
        return faults

    def faults(self) -> dict[str, str]:
        """What is not answered, by field."""
        faults = {} if self.fields["result"].strip() else {"result": "โปรดกรอกผลการดำเนินการ"}
        for heading in ("problems", "suggestions"):
            is_told, is_none = bool(self.fields[heading].strip()), bool(self.fields[f"no_{heading}"])
            if is_told == is_none:
                faults[heading] = (_BOTH if is_told else _MISSING)[heading]
        return faults

    def result(self) -> work.Result:
        """The report.

        Raises:
            BadInputError: The day is none.
        """
        day = self.fields["effective_on"].strip()
        return work.Result(
            result=self.fields["result"],
            problems=self._answer("problems"),
            suggestions=self._answer("suggestions"),
            effective_on=day_of(day) if day else None,
        )

    def _answer(self, heading: str) -> Answer:
        return Answer(text=self.fields[heading].strip(), is_none_confirmed=bool(self.fields[f"no_{heading}"]))

    def links(self) -> list[EvidenceLine]:
        """The addresses, each once.

        Raises:
            BadInputError: One is no address, or there are too many.
        """
        addresses = dict.fromkeys(line.strip() for line in self.fields["links"].splitlines() if line.strip())
        if len(addresses) > MOST_LINKS:
            raise BadInputError(
                problem=f"There are {len(addresses)} addresses.",
                problem_thai=f"มีลิงก์ {len(addresses)} รายการ",
                remedy=f"Give at most {MOST_LINKS}.",
                remedy_thai=f"ใส่ได้ไม่เกิน {MOST_LINKS} รายการ",
            )
        return [checked_link(line) for line in addresses]


# Each names its heading, for they stand together at the top of the page.
_MISSING: Final = {
    "problems": "โปรดกรอกปัญหา/อุปสรรค หรือทำเครื่องหมายว่าไม่มี",
    "suggestions": "โปรดกรอกข้อเสนอแนะ หรือทำเครื่องหมายว่าไม่มี",
}
_BOTH: Final = {
    "problems": "มีทั้งข้อความปัญหา/อุปสรรคและเครื่องหมายว่าไม่มี โปรดเลือกอย่างเดียว",
    "suggestions": "มีทั้งข้อความข้อเสนอแนะและเครื่องหมายว่าไม่มี โปรดเลือกอย่างเดียว",
}
_AGAIN: Final = "โปรดเลือกไฟล์อีกครั้ง เบราว์เซอร์ไม่เก็บไฟล์ที่เลือกไว้"


Marks = Annotated[list[str] | None, Form(max_length=200)]


def typed(
    result: Text = "",
    problems: Text = "",
    no_problems: Short = "",
    suggestions: Text = "",
    no_suggestions: Short = "",
    effective_on: Short = "",
    links: Text = "",
    earlier: Marks = None,
    left: Marks = None,
    files: list[UploadFile] | None = None,
    x_files_held: Annotated[str, Header(max_length=10)] = "",
) -> Typed:
    """The report's form; a browser sends an empty file where none is chosen.

    `earlier` are the files of an earlier round that the form showed, `left` those of them that still belong to it.
    """
    fields = {
        "result": result,
        "problems": problems,
        "no_problems": no_problems,
        "suggestions": suggestions,
        "no_suggestions": no_suggestions,
        "effective_on": effective_on,
        "links": links,
        "left_out": " ".join(sorted(set(earlier or ()) - set(left or ()))),
    }
    return Typed(fields, tuple(file for file in files or [] if file.filename), are_files_held=bool(x_files_held))


AsTyped = Annotated[Typed, Depends(typed)]


def seen_by(
    draft_seen: Annotated[str | None, Form(max_length=40)] = None,
    draft_window: Annotated[str, Form(max_length=20, pattern="^[a-z0-9]*$")] = "",
    draft_turn: Annotated[int, Form(ge=0, le=1_000_000)] = 0,
) -> drafts.Seen:
    """What the page knew of the draft when it saved."""
    return drafts.Seen(draft_seen, draft_window, draft_turn)


AsSeen = Annotated[drafts.Seen, Depends(seen_by)]


@dataclass(frozen=True, slots=True)
class Ready:
    """A report that can be handed in, its evidence kept already."""

    result: work.Result
    evidence: list[EvidenceLine]


def ready(files: FileStore, form: Typed, language: str) -> Ready | dict[str, str]:
    """The report with its evidence kept, or what is wrong by field; nothing is kept where something is wrong."""
    faults = form.faults() | form.too_long(language)
    result = _read(form.result, "effective_on", faults, language)
    links = _read(form.links, "links", faults, language)
    # All files are looked at before the first is kept.
    _read(lambda: sum(1 for _ in _attachments(form.files)), "files", faults, language)
    if faults or result is None or links is None:
        if form.files and not form.are_files_held:
            faults.setdefault("files", _AGAIN)
        return faults
    return Ready(result, [*work.keep(files, _attachments(form.files)), *links])


def _read(read: Callable[[], Found], field: str, faults: dict[str, str], language: str) -> Found | None:
    """What is read, or None with a sentence at its field."""
    try:
        return read()
    except BadInputError as error:
        faults[field] = sentence_of(error, language)
        return None


def _attachments(files: Iterable[UploadFile]) -> Iterator[Attachment]:
    """The files one after the other, each checked; only one is in memory at a time."""
    return (checked(file.filename or "file", file.file) for file in files)


@router.post("/assignments/{assignment_id}/hand-in")
@router.post("/link/{token}/hand-in")
def hand_in(request: Request, target: PostingAt, version: Version, form: AsTyped) -> Response:
    """Report the result with evidence; a heading is answered or confirmed as `ไม่มี`."""
    try:
        with target.visit.reading() as desk:
            work.check_can_hand_in(
                desk, target.assignment_id, by=target.visit.person, now=target.visit.now, version=version
            )
    except SucharitError as error:
        return refused(request, target, error, "result", form.fields)
    outcome = ready(target.visit.system.files, form, language_of(request))
    if not isinstance(outcome, Ready):
        _keep_refused(target, form)
        return sheet_page(request, target, status=422, faults=outcome, typed=form.fields)
    left_out = form.fields["left_out"].split()
    stored = partial(work.hand_in, result=outcome.result, evidence=outcome.evidence, left_out=left_out)
    return act(request, target, stored, "result", form.fields, version=version, done="sent")


def _keep_refused(target: Target, form: Typed) -> None:
    """What was typed stays as a draft, also where whoever typed it leaves the refused page at once."""
    with suppress(SucharitError), target.visit.changing() as desk:
        drafts.save(desk, target.assignment_id, form.fields, by=target.visit.person, now=target.visit.now)
        desk.uow.commit()


@router.post("/assignments/{assignment_id}/draft")
@router.post("/link/{token}/draft")
def save_draft(request: Request, target: PostingAt, form: AsTyped, seen: AsSeen) -> Response:
    """Keep what was typed so far; a script is told in a sentence, a browser without one sees the page again."""
    words, is_script = Words(language_of(request)), "application/json" in request.headers.get("accept", "")
    try:
        with target.visit.changing() as desk:
            draft = drafts.save(
                desk, target.assignment_id, form.fields, by=target.visit.person, now=target.visit.now, seen=seen
            )
            desk.uow.commit()
    except SucharitError as error:
        if not is_script:
            return refused(request, target, error, "result", form.fields)
        return JSONResponse({"said": sentence_of(error, words.language)}, status_code=status_of(error))
    if is_script:
        sentence = words("บันทึกร่างแล้ว {at}", at=words.moment(target.visit.now))
        sentence = " ".join([sentence, *form.too_long(words.language).values()])
        return JSONResponse({"said": sentence, "mark": draft.mark if draft else "none"})
    return RedirectResponse(f"{target.path}?saved=draft", status_code=303)


@router.post("/assignments/{assignment_id}/draft/discard")
@router.post("/link/{token}/draft/discard")
def discard_draft(target: PostingAt) -> Response:
    """Throw the draft away."""
    with target.visit.changing() as desk:
        check_over(target.visit, desk, Right.SEE_DIVISION, desk.uow.assignments.get(target.assignment_id).division)
        drafts.discard(desk, target.assignment_id, by=target.visit.person)
        desk.uow.commit()
    return RedirectResponse(target.path, status_code=303)
