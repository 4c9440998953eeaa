"""The pages in a real browser: the application behind a real server on loopback, Debian's Chromium in front."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.webkit import WebKit, webkit
from tests.web.conftest import Pages, pages

AXE: Final = Path(__file__).parent / "vendor" / "axe.min.js"
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESK: Final[ViewportSize] = {"width": 1280, "height": 900}
LONGEST: Final = "test_every_page"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these last: while the browser is open this thread has a running event loop, and others want their own.

    The longest of them come first, so that processes that share the work end together.
    """
    here = Path(__file__).parent
    items.sort(key=lambda item: (here in item.path.parents, here in item.path.parents and item.path.stem != LONGEST))


__all__ = ["pages"]  # the fixture of the pages' own tests


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough for what a browser shows."""
    return sqlite_url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the machine; without it these tests fail, they are never left out."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program, "There is no Chromium. `make browser` installs it (Debian: apt-get install chromium)."
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def safari() -> Iterator[WebKit]:
    """The engine of Safari, once for all tests."""
    with webkit() as found:
        yield found


@pytest.fixture
def site(pages: Pages) -> Iterator[str]:
    with pages.served() as address:
        yield address


def serious_faults(page: Page) -> list[str]:
    """What axe finds on the page that would keep somebody out."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
