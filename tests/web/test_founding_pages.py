"""From the demonstration to an office of one's own, without the command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from services.office.usual_office import DEMO_KEY, usual_office, usual_people
from services.settings import Settings
from tests.factories import at
from tests.services.live_office import LiveOffice
from tests.web.conftest import Pages, PagesSystem, token_of
from web.app import create_app

ADMIN = "admin"
OWN = "/admin/own-office"
TOLD = {
    "name": "องค์การบริหารส่วนตำบลบ้านใหม่",
    "kind": "sao",
    "district": "เมือง",
    "province": "พะเยา",
    "key": "banmai",
    "administrator": "ผู้ประสานงาน",
    "email": "ita@banmai.example",
}


@pytest.fixture
def demo(office: Callable[..., LiveOffice], tmp_path: Path) -> Pages:
    """Nothing but a demonstration."""
    founded = office(office=usual_office(), people=usual_people(), key=DEMO_KEY)
    return Pages(PagesSystem(Settings(home=tmp_path), of=founded, times=[at("2023-01-04 10:00")]), founded)


def founding(browser: TestClient, **other: str) -> str:
    return browser.post(OWN, data={"csrf": token_of(browser, OWN)} | TOLD | other).text


def test_the_form_founds_an_office_whose_administrator_comes_in_by_the_link(demo: Pages) -> None:
    page = founding(demo.visitor(ADMIN))
    (link,) = set(re.findall(r"/sign-in/link/[\w-]+", page))
    newcomer = TestClient(create_app(demo.system), follow_redirects=False)
    newcomer.post(link)
    posts = newcomer.get("/admin/people").text
    assert "นายกองค์การบริหารส่วนตำบล" in posts
    assert "นายกเทศมนตรี" not in posts
    assert "ผู้ประสานงาน" in posts
    assert newcomer.get(OWN).status_code == 404
    assert [one.key for one in demo.office.store.offices()] == ["banmai", DEMO_KEY]


def test_only_one_office_is_founded_this_way(demo: Pages) -> None:
    browser = demo.visitor(ADMIN)
    token = token_of(browser, OWN)
    founding(browser)
    again = browser.post(OWN, data={"csrf": token} | TOLD | {"key": "second"})
    assert (again.status_code, "มีหน่วยงาน “องค์การบริหารส่วนตำบลบ้านใหม่” อยู่แล้ว" in again.text) == (422, True)
    assert len(demo.office.store.offices()) == 2


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", " "),
        ("kind", "kingdom"),
        ("key", "บ้านใหม่"),
        ("key", "../x"),
        ("key", DEMO_KEY),
        ("administrator", ""),
        ("email", "saraban@banmai.example"),
        ("email", "admin@office.example"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field_and_nothing_is_founded(demo: Pages, field: str, text: str) -> None:
    page = founding(demo.visitor(ADMIN), **{field: text})
    assert f'id="{field}-fault"' in page
    assert TOLD["province"] in page
    assert len(demo.office.store.offices()) == 1


def test_the_demonstration_is_removed_only_when_that_is_confirmed(demo: Pages) -> None:
    browser = demo.visitor(ADMIN)
    csrf = {"csrf": token_of(browser, OWN)}
    assert browser.post(f"{OWN}/remove-demo", data=csrf).status_code == 422
    assert len(demo.office.store.offices()) == 1
    answer = browser.post(f"{OWN}/remove-demo", data=csrf | {"sure": "yes"})
    assert answer.headers["location"] == "/sign-in"
    assert demo.office.store.offices() == []
    assert (demo.system.settings.folder / "no-demo").exists()
    assert browser.get("/inbox").status_code == 303


def test_an_office_of_ones_own_is_never_removed(office: Callable[..., LiveOffice], tmp_path: Path) -> None:
    own = replace(usual_office(), is_demo=False)
    founded = office(office=own, people=usual_people(), key=DEMO_KEY)
    pages = Pages(PagesSystem(Settings(home=tmp_path), of=founded, times=[at("2023-01-04 10:00")]), founded)
    browser = pages.visitor(ADMIN)
    answer = browser.post(f"{OWN}/remove-demo", data={"csrf": token_of(browser, "/account"), "sure": "yes"})
    assert answer.status_code == 404
    assert len(founded.store.offices()) == 1
