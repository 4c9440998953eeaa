"""Signing in by a provider of OpenID Connect, where the installation has one."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.errors import NotFoundError, SucharitError
from services.access import sign_in as door
from services.access.single_sign_on import LASTS, Provider, begin, finish
from services.wiring import System
from web.door.visit import system_of
from web.pages.account.sign_in import here, site_of, welcomed
from web.view.failures import page_of, sentence_of, status_of
from web.view.render import language_of

router = APIRouter()

_COOKIE: Final = "sucharit_elsewhere"
_PATH: Final = "/sign-in/oidc"


@router.get(_PATH)
def start(request: Request, back: str = "/") -> Response:
    """Send the browser to the provider: a plain address, for a form may not lead to another site."""
    system = system_of(request)
    begun = begin(
        _provider(system),
        system.secret,
        here=_return_address(request),
        back=here(back),
        now=system.clock(),
        descriptions=request.app.state.providers,
    )
    answer = RedirectResponse(begun.url, status_code=303)
    is_https = _return_address(request).startswith("https:")
    answer.set_cookie(
        _COOKIE,
        begun.cookie,
        max_age=int(LASTS.total_seconds()),
        path=_PATH,
        httponly=True,
        samesite="lax",
        secure=is_https,
    )
    return answer


@router.get(f"{_PATH}/back")
def come_back(request: Request) -> Response:
    """Judge what the provider says; each answer is good once in the browser that asked."""
    system = system_of(request)
    try:
        vouched = finish(
            _provider(system),
            system.secret,
            here=_return_address(request),
            cookie=request.cookies.get(_COOKIE, ""),
            answer=dict(request.query_params),
            now=system.clock(),
            descriptions=request.app.state.providers,
        )
        agent = request.headers.get("user-agent", "")
        signed_in = door.let_in(system.store, vouched.email, now=system.clock(), agent=agent)
        answer = welcomed(request, signed_in.token, vouched.back)
    except SucharitError as error:
        answer = page_of(request, status_of(error), sentence_of(error, language_of(request)))
    answer.delete_cookie(_COOKIE, path=_PATH)
    return answer


def _return_address(request: Request) -> str:
    return f"{site_of(request)}{_PATH}/back"


def _provider(system: System) -> Provider:
    provider = system.provider
    if provider is None:
        remedy, thai = "Sign in by password or e-mail link.", "โปรดเข้าใช้ด้วยรหัสผ่านหรือลิงก์ทางอีเมล"
        raise NotFoundError(what="provider", what_thai="ผู้ให้บริการยืนยันตัวตน", key="-", remedy=remedy, remedy_thai=thai)
    return provider
