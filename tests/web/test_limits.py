"""How often one network address may try: by rule, by address, and whose word about addresses is believed."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from bench.live import free_port, served
from services.access.passwords import CrowdedError, room
from services.settings import Settings
from tests.factories import at
from tests.web.conftest import PASSWORD, Pages, token_of
from web.app import create_app
from web.middleware.limits import MOST_REMEMBERED, RULES, Rule, Window, address_of
from web.server import configuration

OFFICER = "the-chang-officer"
NOW = at("2023-01-04 10:00")
MOST = {rule.name: rule.most for rule in RULES}
FEW = (replace(RULES[0], most=3),)  # checking a password takes long, by intention


def rule(name: str) -> Rule:
    return next(one for one in RULES if one.name == name)


def visitor(pages: Pages, address: str = "192.0.2.1") -> TestClient:
    return TestClient(create_app(pages.system, FEW), client=(address, 1), follow_redirects=False)


def guess(browser: TestClient, number: int) -> int:
    told = {"email": f"guess-{number}@office.example", "password": "x" * 12}
    return browser.post("/sign-in", data=told).status_code


def test_guessing_passwords_over_many_accounts_ends_in_a_page_that_says_when_to_go_on(pages: Pages) -> None:
    browser = visitor(pages)
    assert {guess(browser, number) for number in range(3)} == {401}
    answer = browser.post("/sign-in", data={"email": "x@office.example", "password": "y" * 12})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "600")
    assert "โปรดรอ ๑๐ นาทีแล้วลองใหม่" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_window_slides(pages: Pages) -> None:
    browser = visitor(pages)
    for number in range(3):
        guess(browser, number)
    pages.set_clock("2023-01-04 10:09")
    assert guess(browser, 0) == 429
    pages.set_clock("2023-01-04 10:10")
    assert guess(browser, 0) == 401


def test_one_address_does_not_lock_out_another(pages: Pages) -> None:
    app = create_app(pages.system, FEW)
    guessing, other = (
        TestClient(app, client=(address, 1), follow_redirects=False) for address in ("1.1.1.1", "2.2.2.2")
    )
    for number in range(4):
        last = guess(guessing, number)
    assert (last, guess(other, 0)) == (429, 401)


def test_people_who_know_their_password_are_never_too_many(pages: Pages) -> None:
    pages.visitor(OFFICER)
    browser = visitor(pages)
    told = {"email": f"{OFFICER}@office.example", "password": PASSWORD}
    assert [browser.post("/sign-in", data=told).status_code for _ in range(4)] == [303] * 4


def test_letters_with_links_cannot_be_asked_for_without_end(pages: Pages) -> None:
    browser = pages.visitor()
    answers = [
        browser.post("/sign-in/link", data={"link_email": f"somebody-{number}@office.example"}).status_code
        for number in range(MOST["mail"] + 1)
    ]
    assert (set(answers[:-1]), answers[-1]) == ({200}, 429)


def test_links_cannot_be_guessed_without_end(pages: Pages) -> None:
    browser = pages.visitor()
    answers = [browser.get(f"/link/guess-{number}").status_code for number in range(MOST["link"] + 1)]
    assert (set(answers[:-1]), answers[-1]) == ({404}, 429)


def test_the_provider_is_not_asked_without_end(pages: Pages) -> None:
    browser = pages.visitor()
    answers = [browser.get("/sign-in/oidc").status_code for _ in range(MOST["provider"] + 1)]
    assert (set(answers[:-1]), answers[-1]) == ({404}, 429)


def test_uploads_have_an_end_and_other_work_goes_on(pages: Pages) -> None:
    browser = pages.visitor(OFFICER)
    for _ in range(MOST["upload"]):
        browser.post("/nowhere", files={"files": ("a.txt", b"a")})
    assert browser.post("/nowhere", files={"files": ("a.txt", b"a")}).status_code == 429
    assert browser.post("/sign-out", data={"csrf": token_of(browser, "/inbox")}).status_code == 303


@pytest.mark.parametrize(
    ("name", "method", "path", "headers"),
    [
        ("token", "GET", "/api/v1/plans", {"authorization": "Bearer x"}),
        ("public", "GET", "/public/ban-mai", {}),
        ("upload", "POST", "/assignments/a/hand-in", {"content-type": "multipart/form-data; boundary=x"}),
    ],
)
def test_a_rule_is_for_its_requests(name: str, method: str, path: str, headers: dict[str, str]) -> None:
    assert rule(name).fits(method, path, Headers(headers))
    assert not rule(name).fits(method, "/inbox", Headers({}))


def test_a_flood_of_addresses_pushes_out_the_longest_silent() -> None:
    window, once = Window(), replace(RULES[0], most=1)
    for number in range(MOST_REMEMBERED + 1):
        window.count(once, str(number), NOW)
    assert window.wait(once, "0", NOW) == timedelta(0)
    assert window.wait(once, "1", NOW) == once.within


@pytest.mark.parametrize(
    ("client", "address"),
    [
        (("192.0.2.7", 1), "192.0.2.7"),
        (("2001:db8:1:2:3::4", 1), "2001:db8:1:2::/64"),
        (None, "unknown"),
    ],
)
def test_an_address_is_that_of_a_household(client: object, address: str) -> None:
    assert address_of({"type": "http", "client": client}) == address


@pytest.mark.parametrize(("proxies", "last"), [("127.0.0.1", 404), ("10.0.0.0/8", 429)])
def test_only_our_own_proxy_may_say_whom_it_speaks_for(pages: Pages, proxies: str, last: int) -> None:
    system = replace(pages.system, settings=Settings(home=pages.system.settings.home, trusted_proxies=proxies))
    with served(configuration(system, "127.0.0.1", free_port())) as site, httpx2.Client(base_url=site) as browser:
        for number in range(MOST["link"] + 1):
            told = {"x-forwarded-for": f"192.0.2.{number}"}
            answer = browser.get("/link/guess", headers=told)
    assert answer.status_code == last


def test_tries_at_once_are_counted_before_they_are_answered() -> None:
    window, few = Window(), replace(RULES[0], most=2)
    window.count(few, "1.1.1.1", NOW)
    window.count(few, "1.1.1.1", NOW)
    assert window.wait(few, "1.1.1.1", NOW) == few.within
    window.give_back(few, "1.1.1.1", NOW)
    assert window.wait(few, "1.1.1.1", NOW) == timedelta(0)


def test_a_crowd_at_the_door_does_not_take_every_thread() -> None:
    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(room())
        with pytest.raises(CrowdedError), room(patience_s=0):
            raise AssertionError
    with room(patience_s=0):
        pass
