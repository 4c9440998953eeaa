"""Who calls: the person a token stands for, and whether the token was made for this."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from domain.errors import SucharitError
from services.sign_in import Session
from services.tokens import Scope, check_scope, token_of
from storage.tokens import Token
from web.door import Visit, system_of
from web.pages.admin.people import check_administrator


class TokenMissingError(SucharitError):
    """A call without a token."""

    english = "Send a token: `Authorization: Bearer sct_…`. Everybody makes theirs on the page of their account."
    thai = "โปรดส่งโทเคนมาด้วย: `Authorization: Bearer sct_…` สร้างได้ที่หน้าบัญชีของฉัน"


_BEARER = HTTPBearer(
    auto_error=False,
    bearerFormat="sct_…",
    scheme_name="token",
    description="A token made on the page of one's account. It gives at most the rights of its person's posts.",
)


def caller(
    request: Request,
    wanted: SecurityScopes,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Visit:
    """The visit of a token's person; `now` is read once.

    Raises:
        TokenMissingError: None was sent.
        TokenUnknownError: It opens nothing.
        TokenNarrowError: It was not made for this.
    """
    _check_query(request)
    if given is None:
        raise TokenMissingError
    system = system_of(request)
    now = system.clock()
    token = token_of(system.store, given.credentials, now)
    for scope in wanted.scopes:
        check_scope(token, Scope(scope))
    request.state.token = token
    session = Session(token.office, token.person, f"token:{token.id[:32]}", token.made_at, now, token.expires_at)
    return Visit(system, session, now)


def _check_query(request: Request) -> None:
    """Refuse names that the address does not take: a filter with a typing error would not narrow anything.

    Raises:
        RequestValidationError: There is one.
    """
    route = request.scope["route"]
    known = {field.alias for field in route.dependant.query_params}  # dependencies of ours read none
    faults = [
        {"type": "extra_forbidden", "loc": ("query", name), "msg": "There is no such parameter", "input": ""}
        for name in request.query_params
        if name not in known
    ]
    if faults:
        raise RequestValidationError(faults)


def administrator(visit: Annotated[Visit, Security(caller)]) -> Visit:
    """The visit of an administrator's token.

    Raises:
        NotForYouError: The person does not hold the post today.
    """
    with visit.reading() as desk:
        check_administrator(visit, desk)
    return visit


def token_in(request: Request) -> Token:
    """The token of this call, after `caller` has passed it."""
    found: Token = request.state.token
    return found


Reading = Annotated[Visit, Security(caller, scopes=[Scope.READ.value])]
Working = Annotated[Visit, Security(caller, scopes=[Scope.WORK.value])]
Reviewing = Annotated[Visit, Security(caller, scopes=[Scope.REVIEW.value])]
Administering = Annotated[Visit, Security(administrator, scopes=[Scope.ADMIN.value])]
