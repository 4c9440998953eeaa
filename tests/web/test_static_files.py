"""Files beside the pages: kept by browsers for as long as they are the same."""

from __future__ import annotations

import re

from tests.web.conftest import Pages


def test_a_page_names_its_files_by_their_content_and_they_are_kept_for_ever(pages: Pages) -> None:
    browser = pages.visitor()
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', browser.get("/sign-in").text)
    assert len(named) >= 4
    for address in named:
        answer = browser.get(address)
        assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True), address
        assert "?v=" in address


def test_a_file_asked_for_without_its_content_is_looked_at_again(pages: Pages) -> None:
    kept = pages.visitor().get("/static/sucharit.css").headers["cache-control"]
    assert "immutable" not in kept
