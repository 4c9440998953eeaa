"""What everybody may read without signing in."""

from __future__ import annotations

import pytest

from tests.web.conftest import Pages


@pytest.mark.parametrize("page", ["accessibility", "privacy"])
def test_everybody_reads_it_and_every_page_leads_there(pages: Pages, page: str) -> None:
    browser = pages.visitor()
    assert f'href="/about/{page}"' in browser.get("/sign-in").text
    assert browser.get(f"/about/{page}").status_code == 200


def test_the_cookies_are_those_that_the_page_names(pages: Pages) -> None:
    browser = pages.visitor("the-chang-officer")
    browser.post("/language", data={"language": "en", "back": "/"})
    assert set(browser.cookies) == {"sucharit_session", "sucharit_language"}
