"""A NUL in an address is an address of nothing, whatever database lies behind."""

from __future__ import annotations

import pytest

from tests.web.conftest import Pages
from web.view.address import number_of

PATHS = [
    "/assignments/%00",
    "/inbox?measure=%00",
    "/meeting/%00",
    "/public/%00",
    "/public/ban-mai/plan/%00/1",
    f"/publishing/evidence/%00/{'a' * 64}",
]


@pytest.fixture
def database_url(each_database_url: str) -> str:
    """Both: PostgreSQL takes no NUL in a text, SQLite does."""
    return each_database_url


def test_it_is_not_found(pages: Pages) -> None:
    browser = pages.visitor("the-admin")
    assert [browser.get(path).status_code for path in PATHS] == [404] * len(PATHS)
    assert "ไม่พบหน้านี้" in browser.get(PATHS[0]).text


@pytest.mark.parametrize("path", ["/inbox?words=100%25", "/inbox?words=%E0%B8%81"])
def test_what_only_looks_like_it_is_let_through(pages: Pages, path: str) -> None:
    assert pages.visitor("the-admin").get(path).status_code == 200


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("9" * 5000, None), ("-1", None), ("๑", None), ("", None)])
def test_a_number_of_an_address_has_few_digits(text: str, number: int | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("digits", [5, 40, 5000])
@pytest.mark.parametrize("path", ["{}/1", "2566/{}", "2566/{}/rehearsal", "{}/1/activate"])
def test_a_plan_of_a_number_without_end_is_not_found(pages: Pages, path: str, digits: int) -> None:
    assert pages.visitor("the-admin").get("/admin/plans/" + path.format("9" * digits)).status_code == 404
