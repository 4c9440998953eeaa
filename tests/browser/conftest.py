"""The pages in a real browser: the application behind a real server on loopback, Debian's Chromium in front."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from bench.live import free_port
from tests.web.conftest import Pages, pages
from web.app import create_app

AXE: Final = Path(__file__).parent / "vendor" / "axe.min.js"
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESK: Final[ViewportSize] = {"width": 1280, "height": 900}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these last: while the browser is open this thread has a running event loop, and others want their own."""
    items.sort(key=lambda item: Path(__file__).parent in item.path.parents)


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


@contextmanager
def served(pages: Pages, port: int = 0) -> Iterator[str]:
    """The pages on a port of loopback, a free one where none is named."""
    port = port or free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(pages.system), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def site(pages: Pages) -> Iterator[str]:
    with served(pages) as address:
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
