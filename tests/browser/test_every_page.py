"""Every page there is, on a phone and at a desk, light and dark, by axe and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from bench.live import on_loopback, served
from tests.browser.conftest import AXE, DESK, PHONE
from tests.web.every_page import Look, looks
from tests.web.permission_world import World
from web.door.visit import SESSION_COOKIE

MOST_TABS = 120
SPARE_TABS = 40
"""Stops that are no control: tables that scroll, the three parts of a date."""

_FAULTS = """async () => {
  const found = await axe.run({rules: {'target-size': {enabled: true}}});
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .flatMap(one => one.nodes.map(node => one.id + ': ' + node.html.slice(0, 160) + ' | '
      + (node.any[0] || node.all[0] || node.none[0] || {message: ''}).message.slice(0, 160)));
}"""

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
  document.addEventListener('focusin', event => {
    const one = event.target, style = getComputedStyle(one), group = one.type === 'radio' ? one.name : null;
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

    def context(self, browser: Browser, role: str, *, inspects: bool) -> BrowserContext:
        found = browser.new_context(viewport=PHONE, bypass_csp=inspects)
        if role in self.world.tokens:
            found.add_cookies([{"name": SESSION_COOKIE, "value": self.world.tokens[role], "url": self.address}])
        return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with ThreadPoolExecutor(1) as elsewhere:  # this thread has the browser's event loop, and the played year its own
        world = elsewhere.submit(World, tmp_path_factory.mktemp("pages")).result()
    with served(on_loopback(world.app)) as address:
        yield Site(world, address)
    world.system.store.close()


def is_page(page: Page, address: str) -> bool:
    """Open an address; False where it is a file to keep and no page."""
    answer = page.request.get(address)
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return False
    page.goto(address)
    return True


@pytest.mark.parametrize("look", looks(), ids=lambda look: look.name)
def test_nothing_on_any_page_keeps_anybody_out(browser: Browser, site: Site, look: Look) -> None:
    context = site.context(browser, look.role, inspects=True)
    page = context.new_page()
    found = []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        if not is_page(page, site.of(look)):
            break
        page.add_script_tag(path=str(AXE))
        page.add_style_tag(content="* { transition: none !important }")  # else a colour is measured on its way
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{size['width']} {scheme} {fault}" for fault in page.evaluate(_FAULTS)]
        if not page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            found.append(f"{size['width']} the page scrolls sideways")
    context.close()
    assert found == []


@pytest.mark.parametrize("look", looks(), ids=lambda look: look.name)
def test_every_link_and_field_is_reached_by_keyboard_and_seen(browser: Browser, site: Site, look: Look) -> None:
    context = site.context(browser, look.role, inspects=False)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    if is_page(page, site.of(look)):
        page.set_viewport_size(DESK)
        wanted = page.evaluate(_CONTROLS)
        for _ in range(min(wanted, MOST_TABS) + SPARE_TABS):
            page.keyboard.press("Tab")
        told = page.evaluate(_MISSED)
        missed = told["missed"] if wanted <= MOST_TABS else []
        assert (missed, told["unseen"]) == ([], [])
    context.close()
    assert [text for text in said if "status of 4" not in text] == []
