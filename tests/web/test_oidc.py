"""Signing in elsewhere, against a provider that really runs: the whole round, and every way in which it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from services.access.accounts import disable_account
from services.access.sign_in import sessions_of
from services.access.single_sign_on import place_at
from services.settings import Settings
from tests.services.live_office import vouch
from tests.web.conftest import Pages
from tests.web.elsewhere import Elsewhere, asked, provider_on_loopback, with_provider

OFFICER = "the-chang-officer"
EMAIL = f"{OFFICER}@office.example"


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    with provider_on_loopback() as running:
        running.knows("chang", email=EMAIL, email_verified=True)
        yield running


@pytest.fixture
def there(pages: Pages, elsewhere: Elsewhere) -> Pages:
    pages.visitor(OFFICER)
    there = with_provider(pages, elsewhere)
    vouch(pages.office.store, pages.office.key, there.system.clock())  # the provider goes by the machine's clock
    return there


def round_trip(there: Pages, elsewhere: Elsewhere, sub: str) -> tuple[TestClient, str, int]:
    """The browser, the text of the last page and its status."""
    browser = there.visitor()
    answer = browser.get(elsewhere.agree(asked(browser), sub))
    return browser, answer.text, answer.status_code


def test_a_person_with_an_account_comes_in_and_is_led_to_the_page_asked_for(there: Pages, elsewhere: Elsewhere) -> None:
    assert "/sign-in/oidc?back=/overview" in there.visitor().get("/sign-in?back=/overview").text
    browser = there.visitor()
    answer = browser.get(elsewhere.agree(asked(browser), "chang"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    assert browser.get("/inbox").status_code == 200
    assert there.office.ledger("account.signed_in")[-1].entry.data == {"way": "oidc"}


def test_a_slow_provider_holds_few_threads_of_the_pages(there: Pages) -> None:
    provider = there.system.provider
    assert provider is not None
    browser = there.visitor()
    with ExitStack() as waiting:
        for _ in range(4):
            waiting.enter_context(place_at(provider))
        assert browser.get("/sign-in/oidc").status_code == 503
    assert browser.get("/sign-in/oidc").status_code == 303
    with ExitStack() as waiting:
        for _ in range(4):
            waiting.enter_context(place_at(provider))
        assert browser.get("/sign-in/oidc").status_code == 303  # what it says of itself is known by now


def test_the_session_is_one_like_any_other(there: Pages, elsewhere: Elsewhere) -> None:
    browser, _, _ = round_trip(there, elsewhere, "chang")
    found = sessions_of(there.office.store, there.office.key, OFFICER, now=there.system.clock())
    assert len(found) == 1
    token = browser.get("/account").text.split('name="csrf" value="', 1)[1].split('"', 1)[0]
    assert browser.post("/sign-out", data={"csrf": token}).status_code == 303
    assert browser.get("/inbox").status_code == 303


def test_an_address_that_nobody_has_here_makes_no_account(there: Pages, elsewhere: Elsewhere) -> None:
    elsewhere.knows("guest", email="guest@elsewhere.example", email_verified=True)
    browser, text, status = round_trip(there, elsewhere, "guest")
    assert status == 403
    assert "guest@elsewhere.example" in text
    assert browser.get("/inbox").status_code == 303


@pytest.mark.parametrize("claims", [{"email": EMAIL}, {"email": EMAIL, "email_verified": False}, {}])
def test_an_address_that_the_provider_has_not_verified_lets_nobody_in(
    there: Pages, elsewhere: Elsewhere, claims: dict[str, object]
) -> None:
    elsewhere.knows("impostor", **claims)
    _, text, status = round_trip(there, elsewhere, "impostor")
    assert (status, "ยังไม่ได้ยืนยันอีเมล" in text) == (403, True)


def test_a_closed_account_stays_closed(there: Pages, elsewhere: Elsewhere) -> None:
    with there.office.desk() as desk:
        disable_account(desk, OFFICER, there.system.clock(), "admin")
    _, text, status = round_trip(there, elsewhere, "chang")
    assert (status, "บัญชีนี้ถูกปิดใช้" in text) == (403, True)


def test_whoever_cancels_at_the_provider_is_told_how_else_to_come_in(there: Pages, elsewhere: Elsewhere) -> None:
    browser = there.visitor()
    answer = browser.get(elsewhere.refuse(asked(browser)))
    assert (answer.status_code, "ยังไม่เสร็จสิ้น" in answer.text) == (400, True)


def test_an_answer_is_good_once(there: Pages, elsewhere: Elsewhere) -> None:
    browser = there.visitor()
    address = asked(browser)
    kept = browser.cookies["sucharit_elsewhere"]
    back = elsewhere.agree(address, "chang")
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 403
    thief = there.visitor()
    thief.cookies.set("sucharit_elsewhere", kept)
    assert thief.get(back).status_code == 502  # the provider knows that the code is used


def test_an_answer_that_another_browser_asked_for_is_refused(there: Pages, elsewhere: Elsewhere) -> None:
    asking, foreign = there.visitor(), there.visitor()
    back = elsewhere.agree(asked(asking), "chang")
    asked(foreign)
    for browser in (there.visitor(), foreign):
        answer = browser.get(back)
        assert (answer.status_code, "ไม่ได้เริ่มจากเบราว์เซอร์นี้" in answer.text) == (403, True)


def test_a_code_is_worth_nothing_to_a_browser_that_did_not_ask(there: Pages, elsewhere: Elsewhere) -> None:
    """PKCE: a code that leaked is put into an answer that otherwise fits."""
    asking, thief = there.visitor(), there.visitor()
    code = elsewhere.agree(asked(asking), "chang").partition("code=")[2].partition("&")[0]
    state = asked(thief).partition("state=")[2].partition("&")[0]
    assert thief.get(f"/sign-in/oidc/back?code={code}&state={state}").status_code == 502


def test_ten_minutes_are_enough_and_eleven_too_many(there: Pages, elsewhere: Elsewhere) -> None:
    browser = there.visitor()
    back = elsewhere.agree(asked(browser), "chang")
    there.system.times.append(there.system.clock() + timedelta(minutes=11))
    assert browser.get(back).status_code == 403


@pytest.mark.parametrize(
    "claims",
    [{"iss": "https://other.example"}, {"aud": "another-client"}, {"nonce": "another"}, {"exp": 1_600_000_000}],
    ids=lambda claims: next(iter(claims)),
)
def test_a_token_for_somebody_else_or_another_time_is_refused(
    there: Pages, elsewhere: Elsewhere, claims: dict[str, object]
) -> None:
    elsewhere.knows("odd", email=EMAIL, email_verified=True, **claims)
    browser, _, status = round_trip(there, elsewhere, "odd")
    assert status == 502
    assert browser.get("/inbox").status_code == 303


def test_a_wrong_client_secret_is_not_confirmed(pages: Pages, elsewhere: Elsewhere) -> None:
    there = with_provider(pages, elsewhere, secret="guessed")
    assert round_trip(there, elsewhere, "chang")[2] == 502


def test_a_provider_that_is_down_is_named_and_the_other_ways_stay(there: Pages) -> None:
    settings = Settings(home=there.system.settings.home, oidc_issuer="http://127.0.0.1:1", oidc_client_id="x")
    down = Pages(replace(there.system, settings=settings), there.office)
    answer = down.visitor().get("/sign-in/oidc")
    assert (answer.status_code, "ไม่ตอบในขณะนี้" in answer.text) == (503, True)
    assert down.visitor().get("/sign-in").status_code == 200


def test_one_is_never_led_to_another_site(there: Pages, elsewhere: Elsewhere) -> None:
    browser = there.visitor()
    back = elsewhere.agree(asked(browser, "https://evil.example/"), "chang")
    assert browser.get(back).headers["location"] == "/"


def test_without_a_provider_there_is_no_button_and_no_page(pages: Pages) -> None:
    browser = pages.visitor()
    assert "oidc" not in browser.get("/sign-in").text
    assert browser.get("/sign-in/oidc").status_code == 404
    assert browser.get("/sign-in/oidc/back?code=x&state=y").status_code == 404
