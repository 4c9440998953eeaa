"""Pictures of every page: `make screens` writes them to var/screens, on a phone and at a desk, light and dark.

The pages are those of the table of permissions, of an office in the middle of its year (`bench.midyear`).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, sync_playwright

from bench.live import on_loopback, served
from tests.web.every_page import Look, looks
from tests.web.permission_world import World
from tools.chromium import MISSING, chromium
from web.door.visit import SESSION_COOKIE

FOLDER: Final = Path("var/screens")
WIDTHS: Final = (390, 1280)
SCHEMES: Final[tuple[Literal["light"], Literal["dark"]]] = ("light", "dark")


def main(wanted: list[str]) -> int:
    """Take the pictures of all pages, or of those whose name holds one of the words."""
    program = chromium()
    if program is None:
        print(MISSING, file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    chosen = [look for look in looks() if not wanted or any(word in look.name for word in wanted)]
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        with served(on_loopback(world.app)) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            _rehearse(browser, world, site)
            for look in chosen:
                _take(browser, world, site, look)
            browser.close()
        world.system.store.close()
    print(f"{len(chosen)} pages in {FOLDER}")
    return 0


def _rehearse(browser: Browser, world: World, site: str) -> None:
    """Play the year, one division silent: the pictures show what comes of a real rehearsal."""
    context = browser.new_context()
    context.add_cookies([{"name": SESSION_COOKIE, "value": world.tokens["administrator"], "url": site}])
    page = context.new_page()
    page.goto(f"{site}/admin/plans/2566/1/rehearsal")
    page.get_by_role("button", name="ซ้อม").click(timeout=120_000)
    context.close()


def _take(browser: Browser, world: World, site: str, look: Look) -> None:
    address = site + world.filled(look.path, look.target, look.role)
    for width in WIDTHS:
        for scheme in SCHEMES:
            context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
            if look.role in world.tokens:
                context.add_cookies([{"name": SESSION_COOKIE, "value": world.tokens[look.role], "url": site}])
            page = context.new_page()
            if page.request.get(address).headers.get("content-type", "").startswith("text/html"):
                page.goto(address, wait_until="networkidle")
                page.screenshot(path=FOLDER / f"{look.name}-{width}-{scheme}.png", full_page=True)
            context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
