"""Tokens: one's own to look at and take back, everybody's for the administrator. They are made on a page only."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import Field

from services.access.tokens import Scope, TokenNarrowError, revoke_token
from storage.tokens import Token
from web.api.door import Administering, Reading, token_in
from web.api.values import Model, Sha256
from web.door.visit import Visit

router = APIRouter(tags=["tokens"])


class TokenView(Model):
    """A token without its secret."""

    id: str
    person: str
    name: str
    scopes: list[Scope]
    made_at: datetime
    expires_at: datetime
    seen_at: datetime | None = Field(description="When it was used last, to five minutes.")
    revoked_at: datetime | None


def _line(token: Token) -> TokenView:
    return TokenView(
        id=token.id,
        person=token.person,
        name=token.name,
        scopes=[Scope(scope) for scope in token.scopes],
        made_at=token.made_at,
        expires_at=token.expires_at,
        seen_at=token.seen_at,
        revoked_at=token.revoked_at,
    )


@router.get("/me/tokens")
def own(visit: Reading) -> list[TokenView]:
    """One's own tokens, the newest first."""
    with visit.reading() as desk:
        return [_line(token) for token in desk.uow.tokens.all(visit.person)]


@router.delete("/me/tokens/{token}", status_code=204)
def revoke_own(request: Request, visit: Reading, token: Sha256) -> Response:
    """Take one of one's own tokens back: this one, or with a token that may change something another one."""
    mine = token_in(request)
    if mine.id != token and not set(mine.scopes) - {Scope.READ.value}:
        raise TokenNarrowError(scope=Scope.WORK.value)
    return _revoke(visit, token, visit.person)


@router.get("/tokens")
def everybody(visit: Administering) -> list[TokenView]:
    """Tokens of everybody in the office, the newest first."""
    with visit.reading() as desk:
        return [_line(token) for token in desk.uow.tokens.all()]


@router.delete("/tokens/{token}", status_code=204)
def revoke(visit: Administering, token: Sha256) -> Response:
    """Take anybody's token back."""
    return _revoke(visit, token, None)


def _revoke(visit: Visit, token: str, person: str | None) -> Response:
    with visit.changing() as desk:
        revoke_token(desk, token, visit.now, visit.person, person=person)
        desk.uow.commit()
    return Response(status_code=204)
