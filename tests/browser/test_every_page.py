"""Every page there is, on a phone and at a desk, light and dark, by axe and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from bench.live import on_loopback, served
from tests.browser.conftest import DESK, what_keeps_out
from tests.web.every_page import LOOKERS, Look, looks
from tests.web.permission_world import World
from web.door.visit import SESSION_COOKIE

MOST_TABS = 120
SPARE_TABS = 40
"""Stops that are no control: tables that scroll, the three parts of a date."""

_CONTROLS = """() => {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')];
  const groups = new Set();
  window.wanted = all.filter(one => {
    if (one.disabled || one.tabIndex < 0 || one.type === 'hidden') return false;
    if (!one.checkVisibility({visibilityProperty: true})) return false;
    if (one.type !== 'radio') return true;
    const isNew = !groups.has(one.name);
    groups.add(one.name);
    return isNew;
  });
  window.reached = new Set();
  window.unseen = [];
  window.isRound = false;
  document.addEventListener('focusin', event => {
    const one = event.target, style = getComputedStyle(one), group = one.type === 'radio' ? one.name : null;
    window.isRound = window.reached.has(one);
    window.reached.add(one);
    if (group) all.filter(other => other.name === group).forEach(other => window.reached.add(other));
    const isOutlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    if (!isOutlined && style.boxShadow === 'none') window.unseen.push(one.outerHTML.slice(0, 120));
  });
  return window.wanted.length;
}"""

_MISSED = """() => ({
  missed: window.wanted.filter(one => !window.reached.has(one)).map(one => one.outerHTML.slice(0, 120)),
  unseen: window.unseen,
})"""


@dataclass(frozen=True)
class Site:
    """The pages of the office in the middle of its year, really served."""

    world: World
    address: str

    def of(self, look: Look) -> str:
        return self.address + self.world.filled(look.path, look.target, look.role)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with ThreadPoolExecutor(1) as elsewhere:  # this thread has the browser's event loop, and the played year its own
        world = elsewhere.submit(World, tmp_path_factory.mktemp("pages")).result()
    with served(on_loopback(world.app)) as address:
        yield Site(world, address)
    world.system.store.close()


@pytest.fixture(scope="module")
def seats(browser: Browser, site: Site) -> Iterator[dict[str, BrowserContext]]:
    """A signed-in browser for each role, which obeys the pages' policy and keeps their styles and fonts."""
    contexts = {role: browser.new_context(viewport=DESK) for role in LOOKERS}
    for role, context in contexts.items():
        if role in site.world.tokens:
            context.add_cookies([{"name": SESSION_COOKIE, "value": site.world.tokens[role], "url": site.address}])
    yield contexts
    for context in contexts.values():
        context.close()


def is_page(page: Page, address: str) -> bool:
    """Open an address; False where it is a file to keep and no page."""
    try:
        answer = page.goto(address)
    except Error as fault:
        if "Download is starting" in fault.message:
            return False
        raise
    assert answer is not None
    return answer.headers.get("content-type", "").startswith("text/html")


@pytest.mark.parametrize("look", looks(), ids=lambda look: look.name)
def test_every_page_keeps_nobody_out_by_keyboard_by_axe_and_without_errors(
    seats: dict[str, BrowserContext], site: Site, look: Look
) -> None:
    errors: list[str] = []
    with seats[look.role].new_page() as page:
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        if is_page(page, site.of(look)):
            assert out_of_reach(page) == ([], [])
            assert what_keeps_out(page) == []
            assert [text for text in errors if "status of 4" not in text] == []


def out_of_reach(page: Page) -> tuple[list[str], list[str]]:
    """The links and fields that the keyboard does not reach, and those that do not show that they are reached."""
    wanted = page.evaluate(_CONTROLS)
    for pressed in range(min(wanted, MOST_TABS) + SPARE_TABS):
        page.keyboard.press("Tab")
        if pressed >= wanted and page.evaluate("window.isRound"):
            break
    seen = page.evaluate(_MISSED)
    return seen["missed"] if wanted <= MOST_TABS else [], seen["unseen"]
