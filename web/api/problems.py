"""From error to problem details (RFC 9457), in the language that the caller prefers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import Field
from starlette.exceptions import HTTPException

from domain.errors import SucharitError
from services.access.tokens import TokenNarrowError, TokenUnknownError
from web.api.door import TokenMissingError
from web.api.values import Model
from web.view.failures import sentence_of, status_of

MEDIA_TYPE: Final = "application/problem+json"

_STATUS: Final = {TokenMissingError: 401, TokenUnknownError: 401, TokenNarrowError: 403}
_WORD: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UNREADABLE: Final = {
    "en": "The request cannot be used. `errors` names each place.",
    "th": "คำขอนี้ใช้ไม่ได้ `errors` ระบุตำแหน่งที่ต้องแก้ไข",
}
_HTTP: Final[Mapping[int, Mapping[str, str]]] = {
    404: {"en": "There is nothing at this address.", "th": "ไม่พบสิ่งที่ขอ ณ ที่อยู่นี้"},
    405: {"en": "This address does not take this method; `Allow` names those it takes.", "th": "ที่อยู่นี้ไม่รับวิธีเรียกนี้"},
    500: {
        "en": "Something went wrong here, not with your request. Try again later and tell the administrator.",
        "th": "เกิดข้อผิดพลาดในระบบ ไม่ใช่ที่คำขอ โปรดลองใหม่ภายหลังและแจ้งผู้ดูแลระบบ",
    },
}


class Fault(Model):
    """One place of a request that cannot be used."""

    where: str = Field(description="Place in the request, e.g. `body.version`.", examples=["body.version"])
    what: str = Field(description="What is wrong there, in English.")


class Problem(Model):
    """What went wrong and what to do about it (RFC 9457)."""

    type: str = Field(description="Stable name of the kind of problem.", examples=["urn:sucharit:move-refused"])
    title: str = Field(description="The status in words.", examples=["Conflict"])
    status: int = Field(description="HTTP status.", examples=[409])
    detail: str = Field(description="A sentence in Thai or English, by `Accept-Language`; Thai if none is named.")
    errors: list[Fault] = Field(default=[], description="Every place of the request that cannot be used.")


def language_of(request: Request) -> str:
    """`en` where the caller prefers English to Thai, otherwise `th`."""
    weights = {"en": 0.0, "th": 0.0}
    for part in request.headers.get("accept-language", "").split(","):
        name, _, quality = part.partition(";")
        key = name.strip().lower()[:2]
        if key in weights:
            weights[key] = max(weights[key], _weight(quality))
    return "en" if weights["en"] > weights["th"] else "th"


def _weight(quality: str) -> float:
    name, _, value = quality.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def problem(
    status: int, kind: str, detail: str, *, errors: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """The answer that tells a problem."""
    body = Problem(
        type=f"urn:sucharit:{kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=list(errors),
    )
    return JSONResponse(
        body.model_dump(mode="json"), status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def _kind(error: SucharitError) -> str:
    return _WORD.sub("-", type(error).__name__.removesuffix("Error")).lower()


def _of_ours(request: Request, error: SucharitError) -> Response:
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 0) or status_of(error)
    headers = {"www-authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    return problem(status, _kind(error), sentence_of(error, language_of(request)), headers=headers)


def _of_http(request: Request, error: HTTPException) -> Response:
    language = language_of(request)
    detail = _HTTP.get(error.status_code, {"en": str(error.detail), "th": str(error.detail)})[language]
    kind = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    headers = {"allow": _allowed(request)} if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED else error.headers
    return problem(error.status_code, kind, detail, headers=headers)


def _allowed(request: Request) -> str:
    """Every method of the address by the document; the framework names those of the first route only."""
    own = str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))
    paths = request.app.openapi()["paths"]
    allowed = {method.upper() for path, methods in paths.items() for method in methods if _is_at(own, path)}
    return ", ".join(sorted(allowed))


def _is_at(path: str, template: str) -> bool:
    return re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path) is not None


def _of_request(request: Request, error: RequestValidationError) -> Response:
    faults = [_fault(dict(fault)) for fault in error.errors()]
    return problem(422, "bad-request-document", _UNREADABLE[language_of(request)], errors=faults)


def _fault(fault: dict[str, Any]) -> Fault:
    where = ".".join(str(part) for part in fault["loc"])
    what = str(fault["msg"])
    if fault["type"] == "string_too_long" and isinstance(fault["input"], str):
        what = f"It has {len(fault['input']):,} characters, {fault['ctx']['max_length']:,} are possible."
    return Fault(where=where.encode("utf-8", "replace").decode(), what=what)


def add_problems(api: FastAPI) -> None:
    """Answer every error of the interface as a problem."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, SucharitError)
        return _of_ours(request, error)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return _of_http(request, error)

    async def form(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _of_request(request, error)

    async def unforeseen(request: Request, _error: Exception) -> Response:
        return problem(500, "internal", _HTTP[500][language_of(request)])

    api.add_exception_handler(SucharitError, ours)
    api.add_exception_handler(HTTPException, http)
    api.add_exception_handler(RequestValidationError, form)
    api.add_exception_handler(Exception, unforeseen)
