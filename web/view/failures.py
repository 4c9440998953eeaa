"""From error to page: one table gives each its status."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from domain.assignment import IncompleteError, StaleError
from domain.errors import BadInputError, NotFoundError, SucharitError
from domain.moves import AcknowledgedAlreadyError, MoveRefusedError
from domain.rights import NotAllowedError, NotForYouError, OwnMatterError
from plans.errors import IncompletePlanError
from services.access.installation import BadSecretError, OtherSecretError, SecretMissingError, SecretUnprovenError
from services.access.links import (
    LinkElsewhereError,
    LinkForgedError,
    LinkLeftError,
    LinkOutdatedError,
    LinkOverError,
)
from services.access.mail_link import NoFreshLinkError
from services.access.passwords import CrowdedError
from services.access.sign_in import (
    AccountDisabledError,
    LinkExpiredError,
    LinkUnknownError,
    LinkUsedError,
    NoAccountError,
    SignInLockedError,
    SignInRefusedError,
)
from services.access.single_sign_on import (
    AddressUnverifiedError,
    CancelledError,
    ProviderAnswerError,
    ProviderDownError,
    StateError,
)
from services.assignments.drafts import DraftNewerError
from services.assignments.pdf_preview import NoPreviewError
from services.one_at_a_time import BusyError
from services.planning.drafts import DraftStaleError
from services.record import TooLongError, plain_lines
from services.rehearsal.rehearse_apart import RehearsalFailedError
from services.reporting.public_copy import NotCleanableError
from services.scheduler import SchedulerDownError, SchedulerRefusedError
from storage.errors import AlreadyThereError, DatabaseDownError, DiskFullError
from web.view.refusals import LINK_MAILED, EndedLink, ForgedFormError, LinkEndedError, SignInNeededError
from web.view.render import Words, language_of, render
from web.view.safe_headers import FIXED

STATUS: Final[Mapping[type[SucharitError], int]] = {
    NotFoundError: 404,
    NoPreviewError: 404,
    NotAllowedError: 403,
    NotForYouError: 403,
    OwnMatterError: 403,
    ForgedFormError: 403,
    SignInRefusedError: 401,
    SignInLockedError: 429,
    AccountDisabledError: 403,
    NoAccountError: 403,
    AddressUnverifiedError: 403,
    CancelledError: 400,
    StateError: 403,
    ProviderAnswerError: 502,
    ProviderDownError: 503,
    LinkUnknownError: 404,
    LinkForgedError: 404,
    LinkLeftError: 403,
    LinkElsewhereError: 403,
    LinkExpiredError: 410,
    LinkUsedError: 410,
    LinkOutdatedError: 410,
    LinkOverError: 410,
    LinkEndedError: 410,
    NoFreshLinkError: 409,
    StaleError: 409,
    DraftStaleError: 409,
    DraftNewerError: 409,
    MoveRefusedError: 409,
    AcknowledgedAlreadyError: 409,
    IncompleteError: 422,
    BadInputError: 422,
    NotCleanableError: 422,
    IncompletePlanError: 422,
    DatabaseDownError: 503,
    BadSecretError: 503,
    OtherSecretError: 503,
    SecretMissingError: 503,
    SecretUnprovenError: 503,
    BusyError: 503,
    CrowdedError: 503,
    DiskFullError: 507,
    AlreadyThereError: 409,
    RehearsalFailedError: 500,
    SchedulerDownError: 503,
    SchedulerRefusedError: 502,
}
TOO_LARGE: Final = "ไฟล์ที่ส่งมารวมกันใหญ่เกิน ๑๐๐ MB ยังไม่ได้บันทึกสิ่งใด โปรดส่งไฟล์ละไม่เกิน ๕๐ MB หรือแบ่งส่ง"
_TITLES: Final = {
    403: "ไม่มีสิทธิ",
    404: "ไม่พบหน้านี้",
    405: "ทำรายการนี้ไม่ได้",
    409: "ข้อมูลเปลี่ยนไปแล้ว",
    410: "ลิงก์หมดอายุ",
    413: "ไฟล์ใหญ่เกินไป",
    422: "มีข้อมูลที่ต้องแก้ไข",
    429: "โปรดรอสักครู่",
    500: "ระบบขัดข้อง",
    502: "ระบบปลายทางไม่ตอบ",
    503: "ระบบยังไม่พร้อม",
}

_DATABASE_DOWN: Final = "ขณะนี้ใช้ฐานข้อมูลไม่ได้ ไม่มีข้อมูลใดเปลี่ยนแปลง โปรดลองใหม่ในอีกสักครู่ หากยังพบอีกให้แจ้งผู้ดูแลระบบ"
_LOG: Final = logging.getLogger("sucharit.web")
_BACK: Final = "ยังไม่ได้บันทึกสิ่งใด โปรดย้อนกลับแล้วแก้ไข"
TOO_MUCH: Final = "ข้อความในแบบฟอร์มใหญ่เกินกว่าที่รับได้ ยังไม่ได้บันทึกสิ่งใด โปรดย้อนกลับแล้วตัดให้สั้นลง"
_SENTENCES: Final = {
    400: TOO_MUCH,
    408: "ส่งข้อมูลช้าเกินไป ยังไม่ได้บันทึกสิ่งใด โปรดตรวจสอบอินเทอร์เน็ตแล้วส่งอีกครั้ง",
    413: TOO_LARGE,
}


def status_of(error: SucharitError) -> int:
    """Status for an error, that of its nearest listed class; 400 where none is."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def sentence_of(error: SucharitError, language: str) -> str:
    """The error's sentence in the reader's language; where the database lies, only the log is told."""
    if isinstance(error, DatabaseDownError):
        _LOG.error("%s", error)
        return Words(language)(_DATABASE_DOWN)
    return error.in_thai() if language == "th" else str(error)


def page_of(request: Request, status: int, sentence: str, title: str = "") -> Response:
    """The page for a failure: what happened, what to do, and the way back; the title follows from the status."""
    title = title or _TITLES.get(status, "ทำรายการไม่สำเร็จ")
    return render(request, "layout/failure.html", status=status, title=title, sentence=sentence)


def _of_link(request: Request, link: EndedLink) -> Response:
    """The page of a letter's link that has ended: why, what it was, and how its person gets in all the same."""
    return render(
        request,
        "layout/link_ended.html",
        status=status_of(link.cause),
        link=link,
        sentence=sentence_of(link.cause, language_of(request)),
        is_mailed=request.query_params.get("done") == LINK_MAILED,
    )


def _of_form(error: RequestValidationError, language: str) -> str:
    """What a form lacks or has too much of; whoever typed too much must not be told that something is missing."""
    for fault in error.errors():
        most = fault.get("ctx", {}).get("max_length")
        if most is not None and isinstance(fault["input"], str):
            length = len(plain_lines(fault["input"]))
            too_long = TooLongError.of(length, most, what="One of the texts", what_thai="ข้อความช่องหนึ่ง")
            return f"{sentence_of(too_long, language)} {Words(language)(_BACK)}"
    return "แบบฟอร์มส่งมาไม่ครบ โปรดย้อนกลับแล้วลองใหม่"


def add_failures(app: FastAPI) -> None:
    """Give every error its page."""

    async def of_ours(request: Request, error: Exception) -> Response:
        if isinstance(error, SignInNeededError):
            ended = "&ended=1" if error.has_ended else ""
            return RedirectResponse(f"/sign-in?back={error.back}{ended}", status_code=303)
        if isinstance(error, LinkEndedError) and error.ended is not None:
            return _of_link(request, error.ended)
        assert isinstance(error, SucharitError)
        return page_of(request, status_of(error), sentence_of(error, language_of(request)))

    async def of_http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return page_of(request, status, _SENTENCES.get(status, "ไม่พบสิ่งที่ขอ โปรดตรวจสอบที่อยู่ หรือกลับไปหน้าแรก"))

    async def of_form(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return page_of(request, 422, _of_form(error, language_of(request)))

    async def of_fault(request: Request, _error: Exception) -> Response:
        answer = page_of(request, 500, "ระบบขัดข้อง ไม่มีสิ่งใดถูกบันทึกไว้ครึ่งเดียว โปรดลองใหม่ หากยังพบอีกให้แจ้งผู้ดูแลระบบ")
        answer.headers.update(FIXED)  # this page is made outside of what adds them to the others
        return answer

    app.add_exception_handler(SucharitError, of_ours)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(RequestValidationError, of_form)
    app.add_exception_handler(Exception, of_fault)
