"""Programs that call the interface of an office, each with the token of a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from services.access.accounts import make_account
from services.access.tokens import Scope, Wish, make_token
from tests.services.live_office import LiveOffice
from tests.web.conftest import Pages, PagesSystem, database_url, pages
from tests.web.reading import Client
from web.app import create_app

__all__ = ["database_url", "pages"]  # an office behind its pages, found by its name

ADMIN, OFFICER, HEAD = "the-admin", "the-chang-officer", "the-chang-head"
Program = Callable[..., TestClient]


def secret_for(
    office: LiveOffice, system: PagesSystem, person: str, *scopes: Scope, lasts: timedelta = timedelta(days=365)
) -> str:
    """A token of the person, who gets an account for it."""
    with office.desk() as desk:
        if desk.uow.accounts.get(person) is None:
            address = f"{person}@{office.key}.example".replace("_", "-")
            make_account(desk, person, address, system.clock(), person)
        wish = Wish("โปรแกรมทดสอบ", scopes or tuple(Scope), lasts)
        return make_token(desk, person, wish, system.clock(), person).secret


def calling(system: PagesSystem, secret: str, language: str = "en") -> TestClient:
    """A program that sends this token and reads this language."""
    client = Client(create_app(system), base_url="http://testserver/api/v1", raise_server_exceptions=False)
    client.headers |= {"authorization": f"Bearer {secret}", "accept-language": language}
    return client


@pytest.fixture
def program(pages: Pages) -> Program:
    """Makes a program with a token of a person; with every scope, unless some are named."""

    def make(person: str, *scopes: Scope) -> TestClient:
        return calling(pages.system, secret_for(pages.office, pages.system, person, *scopes))

    return make
