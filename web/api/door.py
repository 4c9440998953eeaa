"""Who calls: the person a token stands for, and whether the token was made for this."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

from fastapi import Depends, Request, Security
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from domain.errors import SucharitError
from domain.rights import Right
from services.access.sign_in import Session
from services.access.tokens import Scope, check_scope, token_of
from storage.tokens import Token
from web.door.rights import check
from web.door.visit import Visit, system_of


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
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Visit:
    """The visit of a token's person; `now` is read once.

    Raises:
        TokenMissingError: None was sent.
        TokenUnknownError: It opens nothing.
        TokenNarrowError: It was not made for this.
    """
    _check_query(request)
    if bearer is None:
        raise TokenMissingError
    system = system_of(request)
    now = system.clock()
    token = token_of(system.store, bearer.credentials, now)
    for scope in wanted.scopes:
        check_scope(token, Scope(scope))
    request.state.token = token
    session = Session(token.office, token.person, f"token:{token.id[:32]}", token.made_at, now, token.expires_at)
    return Visit(system, session, now)


def _check_query(request: Request) -> None:
    """Refuse what would not be obeyed: a filter with a typing error, and all but the last of several.

    Raises:
        RequestValidationError: There is one.
    """
    route = request.scope["route"]
    parameters = {field.alias: field for field in _parameters(route.dependant)}
    faults = [
        {"type": "extra_forbidden", "loc": ("query", name), "msg": "There is no such parameter", "input": ""}
        for name in request.query_params
        if name not in parameters
    ]
    faults += [
        {"type": "list_type", "loc": ("query", name), "msg": "This parameter may be given once", "input": ""}
        for name, field in parameters.items()
        if len(request.query_params.getlist(name)) > 1 and not _takes_several(field.field_info.annotation)
    ]
    if faults:
        raise RequestValidationError(faults)


def _parameters(dependant: Dependant) -> Iterator[Any]:
    """What an address reads of a query, itself or by what it depends on."""
    yield from dependant.query_params
    for further in dependant.dependencies:
        yield from _parameters(further)


def _takes_several(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(get_origin(part) is list for part in get_args(annotation))


def administrator(visit: Annotated[Visit, Security(caller)]) -> Visit:
    """The visit of an administrator's token.

    Raises:
        NotForYouError: The person does not hold the post today.
    """
    with visit.reading() as desk:
        check(visit, desk, Right.ADMINISTER)
    return visit


def token_in(request: Request) -> Token:
    """The token of this call, after `caller` has passed it."""
    token: Token = request.state.token
    return token


Reading = Annotated[Visit, Security(caller, scopes=[Scope.READ.value])]
Working = Annotated[Visit, Security(caller, scopes=[Scope.WORK.value])]
Reviewing = Annotated[Visit, Security(caller, scopes=[Scope.REVIEW.value])]
Administering = Annotated[Visit, Security(administrator, scopes=[Scope.ADMIN.value])]
