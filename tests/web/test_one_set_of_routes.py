"""The routes are put together once for the process; each application over them still answers for its own system."""

from __future__ import annotations

from pathlib import Path

from starlette.routing import Mount
from starlette.testclient import TestClient

from services.settings import Settings
from storage.store import Store
from tests.services.live_office import KEY, LiveOffice
from tests.web.conftest import Pages, PagesSystem
from web.app import create_app
from web.door.visit import SESSION_COOKIE


def test_two_applications_answer_each_for_its_own_system(pages: Pages, tmp_path: Path) -> None:
    here = pages.visitor("the-clerk")
    empty = tmp_path / "elsewhere" / "sucharit.db"
    store = Store(f"sqlite:///{empty}")
    store.migrate()
    other = PagesSystem(
        Settings(home=empty.parent, mailbox_port=1), of=LiveOffice(store, KEY), times=pages.system.times
    )
    there = TestClient(create_app(other), follow_redirects=False)
    there.cookies.set(SESSION_COOKIE, here.cookies[SESSION_COOKIE], domain="testserver.local")
    assert [here.get("/overview").status_code, there.get("/overview").status_code] == [200, 303]
    assert here.get("/overview").status_code == 200
    store.close()


def test_a_further_application_puts_no_route_together_anew(pages: Pages) -> None:
    first, second = create_app(pages.system), create_app(pages.system)
    pairs = [(a, b) for a, b in zip(first.routes, second.routes, strict=True) if not isinstance(a, Mount)]
    assert pairs
    assert all(a is b for a, b in pairs)
    one, other = (next(r for r in app.routes if isinstance(r, Mount) and r.name == "api") for app in (first, second))
    assert one is not other
    assert all(a in other.routes for a in one.routes if getattr(a, "path", "") != "/openapi.json")
