"""The pages in a real browser: the application behind a real server on loopback, Debian's Chromium in front."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.webkit import WebKit, webkit
from tests.web.conftest import Pages, pages
from tools.chromium import MISSING, chromium

AXE: Final = Path(__file__).parent / "vendor" / "axe.min.js"
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESK: Final[ViewportSize] = {"width": 1280, "height": 900}


__all__ = ["pages"]  # the fixture of the pages' own tests


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough for what a browser shows."""
    return sqlite_url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the machine; without it these tests fail, they are never left out."""
    program = chromium()
    assert program, MISSING
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(autouse=True)
def _closed_windows(request: pytest.FixtureRequest) -> Iterator[None]:
    """Close what a test opened: a page left open works on beside all later ones."""
    browser = request.getfixturevalue("browser") if "browser" in request.fixturenames else None
    before = list(browser.contexts) if browser else []
    yield
    for context in browser.contexts if browser else ():
        if context not in before:
            context.close()


@pytest.fixture(scope="session")
def safari() -> Iterator[WebKit]:
    """The engine of Safari, once for all tests."""
    with webkit() as found:
        yield found


@pytest.fixture
def site(pages: Pages) -> Iterator[str]:
    with pages.served() as address:
        yield address


_QUIET = """() => {
  const quiet = new CSSStyleSheet();
  quiet.replaceSync('* { transition: none !important }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, quiet];
  document.activeElement.blur();
}"""
"""Else a colour is measured on its way to another, and the link to the content, in focus, lies on the brand."""

_FAULTS = """async only => {
  const quick = {preload: false, resultTypes: ['violations']};
  const found = await axe.run({...quick, rules: {'target-size': {enabled: true}}, ...only});
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .flatMap(one => one.nodes.map(node => one.id + ': ' + node.html.slice(0, 160) + ' | '
      + (node.any[0] || node.all[0] || node.none[0] || {message: ''}).message.slice(0, 160)));
}"""

_COLOURS: Final = {"runOnly": ["color-contrast", "link-in-text-block"]}
"""The rules that a dark page can break where the light one keeps them: our styles change colours only."""


def what_keeps_out(page: Page) -> list[str]:
    """What would keep somebody out of the open page, on a phone and at a desk, light and dark: axe's serious faults.

    The browser's debugger brings axe in, which the policy of the pages does not bind.
    """
    page.evaluate(_axe())
    page.evaluate(_QUIET)
    faults = []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for scheme, only in (("light", {}), ("dark", _COLOURS)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of the two
            faults += [f"{size['width']} {scheme} {fault}" for fault in page.evaluate(_FAULTS, only)]
        if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            faults.append(f"{size['width']} the page scrolls sideways")
    return faults


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")
