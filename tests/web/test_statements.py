"""A page asks the database for the same few things, however much an office has to do."""

from __future__ import annotations

import pytest

from domain.assignment import State
from tests.factories import make_assignment, make_submission
from tests.web.conftest import Pages
from tests.web.statements import statements

HEAD = "the-chang-head"
MOST = 8


@pytest.fixture
def database_url(each_database_url: str) -> str:
    """Both: what is counted is what each is asked."""
    return each_database_url


def add_rows(pages: Pages, count: int) -> None:
    states = (State.OPEN, State.HANDED_IN, State.RETURNED, State.ACCEPTED)
    rows = [
        make_assignment(
            id=f"2566-m1.1-chang-x{n}", state=states[n % 4], step_key=f"m1.{n + 2}",
            submission=make_submission() if n % 4 in (1, 3) else None,
        )
        for n in range(count)
    ]  # fmt: skip
    with pages.office.desk() as desk:
        desk.uow.assignments.add(rows)


@pytest.mark.parametrize("path", ["/inbox", "/inbox?shelf=done&words=m1&page=2", "/review", "/overview", "one"])
def test_a_page_needs_few_statements_and_no_more_for_more_rows(pages: Pages, path: str) -> None:
    browser = pages.visitor(HEAD)
    add_rows(pages, 4)
    address = f"/assignments/{pages.office.assignments()[0].id}" if path == "one" else path
    assert browser.get(address).status_code == 200
    with statements(pages.office.store) as few:
        assert browser.get(address).status_code == 200
    with pages.office.desk() as desk:
        desk.uow.assignments.add([make_assignment(id=f"2566-m1.1-chang-y{n}", step_key=f"m2.{n}") for n in range(120)])
    with statements(pages.office.store) as many:
        assert browser.get(address).status_code == 200
    assert 0 < len(many) <= MOST
    assert len(few) == len(many)
