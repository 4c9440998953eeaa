"""Browsers of people who may have signed in before."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.web.conftest import PASSWORD, Pages


def browser_of(pages: Pages, person: str) -> TestClient:
    """A browser in which a person has signed in, be it for the first time or again."""
    with pages.office.reading() as desk:
        account = desk.uow.accounts.get(person)
    if account is None:
        return pages.visitor(person)
    browser = pages.visitor()
    answer = browser.post("/sign-in", data={"email": account.email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return browser
