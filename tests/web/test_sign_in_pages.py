"""Coming in: passwords, links, forms that are ours, and pages that are for others."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from services.access.accounts import make_account
from services.access.sign_in import ask_link, first_administrator_link
from services.office.structure import add_person
from storage.errors import DatabaseDownError
from tests.web.conftest import PASSWORD, Pages, token_of
from web.app import create_app
from web.view.failures import sentence_of

OFFICER = "the-chang-officer"


def test_nobody_sees_a_page_without_signing_in(pages: Pages) -> None:
    answer = pages.visitor().get("/inbox?quarter=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?back=/inbox%3Fquarter%3D1")


def test_a_wrong_password_says_no_more_than_that(pages: Pages) -> None:
    pages.visitor(OFFICER)
    unknown, wrong = (
        pages.visitor().post("/sign-in", data={"email": email, "password": "x" * 12})
        for email in ("nobody@office.example", f"{OFFICER}@office.example")
    )
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.text.replace("nobody@", "") == wrong.text.replace(f"{OFFICER}@", "")


def test_one_is_led_back_to_the_page_asked_for_and_never_elsewhere(pages: Pages) -> None:
    pages.visitor(OFFICER)
    for back, led in (("/review", "/review"), ("//evil.example", "/"), ("https://evil.example", "/")):
        told = {"email": f"{OFFICER}@office.example", "password": PASSWORD, "back": back}
        assert pages.visitor().post("/sign-in", data=told).headers["location"] == led


def test_who_only_administers_begins_where_that_is_done(pages: Pages) -> None:
    administrator = pages.visitor("the-admin")
    assert administrator.get("/").headers["location"] == "/admin"
    assert 'href="/admin"' in administrator.get("/account/password").text
    assert pages.visitor(OFFICER).get("/").headers["location"] == "/inbox"


def test_a_new_password_ends_every_other_session_and_keeps_this_one(pages: Pages) -> None:
    here, elsewhere = pages.visitor(OFFICER), pages.visitor()
    told = {"email": f"{OFFICER}@office.example", "password": PASSWORD}
    assert elsewhere.post("/sign-in", data=told).status_code == 303
    new = {"csrf": token_of(here, "/inbox"), "new": "ตะเกียงสีน้ำเงินข้างบ่อ", "old": PASSWORD}
    assert f"{OFFICER}@office.example" in here.get("/account/password").text
    saved = here.post("/account/password", data=new)
    assert "บันทึกรหัสผ่านแล้ว" in here.get(saved.headers["location"]).text
    assert here.get("/inbox").status_code == 200
    assert elsewhere.get("/inbox").status_code == 303


def test_switching_the_language_opens_the_same_page_again(pages: Pages) -> None:
    browser = pages.visitor(OFFICER)
    assert 'name="back" value="/inbox?quarter=1"' in browser.get("/inbox?quarter=1").text
    weak = {"csrf": token_of(browser, "/inbox"), "new": "1234", "old": PASSWORD}
    page = f"{browser.base_url}/account/password"
    refused = browser.post("/account/password", data=weak, headers={"referer": page})
    assert refused.status_code == 422
    assert 'name="back" value="/account/password"' in refused.text


def test_signing_out_ends_the_session(pages: Pages) -> None:
    browser = pages.visitor(OFFICER)
    cookie = browser.cookies["sucharit_session"]
    assert browser.post("/sign-out", data={"csrf": token_of(browser, "/inbox")}).status_code == 303
    browser.cookies.set("sucharit_session", cookie)
    assert browser.get("/inbox").status_code == 303


def test_a_form_without_our_token_is_refused(pages: Pages) -> None:
    browser = pages.visitor(OFFICER)
    assert browser.post("/sign-out", data={"csrf": "0" * 32}).status_code == 403
    assert browser.get("/inbox").status_code == 200


def test_a_form_from_another_site_is_refused(pages: Pages) -> None:
    browser = pages.visitor(OFFICER)
    token = token_of(browser, "/inbox")
    answer = browser.post("/sign-out", data={"csrf": token}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_the_first_administrator_comes_in_by_a_link_that_works_once(pages: Pages) -> None:
    token = first_administrator_link(pages.office.store, pages.office.key, pages.system.clock())
    browser = pages.visitor()
    assert browser.get(f"/sign-in/link/{token}").status_code == 200
    assert browser.post(f"/sign-in/link/{token}").headers["location"] == "/account/password"
    assert browser.get("/inbox").status_code == 200
    assert pages.visitor().post(f"/sign-in/link/{token}").status_code == 410


def test_asking_for_a_link_sends_a_letter_only_to_those_with_an_account(pages: Pages) -> None:
    pages.visitor(OFFICER)
    browser = pages.visitor()
    answers = [
        browser.post("/sign-in/link", data={"link_email": email}).text
        for email in (f"{OFFICER}@office.example", "nobody@office.example")
    ]
    assert answers[0] == answers[1]
    letters = [letter for letter in pages.office.letters() if letter.id.startswith("link-")]
    assert [letter.address for letter in letters] == [f"{OFFICER}@office.example"]
    assert "/sign-in/link/" in letters[0].text


@pytest.mark.parametrize("typed", ["", " ", "somsri"])
def test_what_is_no_address_gets_no_promise_of_a_link(pages: Pages, typed: str) -> None:
    answer = pages.visitor().post("/sign-in/link", data={"link_email": typed})
    assert (answer.status_code, "โปรดกรอกอีเมล" in answer.text, "ส่งลิงก์ให้แล้ว" in answer.text) == (422, True, False)
    assert f'name="link_email" type="email" value="{typed}"' in answer.text


def test_ones_own_sessions_are_named_by_browser_and_device(pages: Pages) -> None:
    browser = pages.visitor()
    browser.headers["user-agent"] = "Mozilla/5.0 (Linux; Android 10; K) Chrome/120.0.0.0 Mobile Safari/537.36"
    pages.visitor(OFFICER)
    browser.post("/sign-in", data={"email": f"{OFFICER}@office.example", "password": PASSWORD})
    page = browser.get("/account").text
    assert "<strong>Chrome บน Android</strong>" in page
    assert "Mozilla" not in page


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_language_is_switched_and_stays(pages: Pages, language: str) -> None:
    browser = pages.visitor()
    browser.post("/language", data={"language": language, "back": "/sign-in"})
    assert f'<html lang="{language}">' in browser.get("/sign-in").text


def test_every_answer_forbids_foreign_content(pages: Pages) -> None:
    headers = pages.visitor().get("/sign-in").headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


def test_a_fault_of_ours_is_a_page_too(pages: Pages) -> None:
    app = create_app(pages.system)
    app.add_api_route("/broken", lambda: 1 // 0)
    answer = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert (answer.status_code, "ระบบขัดข้อง" in answer.text) == (500, True)
    assert "ZeroDivisionError" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_referer_that_is_no_address_leads_to_the_first_page(pages: Pages) -> None:
    told = {"email": "x@office.example", "password": "x" * 12}
    answer = pages.visitor().post("/sign-in", data=told, headers={"referer": "http://[x"})
    assert (answer.status_code, 'name="back" value="/"' in answer.text) == (401, True)


def test_half_a_character_is_shown_as_something(pages: Pages) -> None:
    told = {"email": "\ud800".encode("utf-8", "surrogatepass"), "password": "x"}
    assert pages.visitor().post("/sign-in", data=told).status_code == 401


def test_strangers_are_not_told_where_the_database_lies() -> None:
    error = DatabaseDownError(where="sqlite:///srv/a.db", why="locked", remedy="Look there.", remedy_thai="โปรดดู")
    assert not [language for language in ("th", "en") if "a.db" in sentence_of(error, language)]


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/link", "/sign-in/link/x"])
def test_another_sites_page_signs_nobody_in(pages: Pages, path: str) -> None:
    pages.visitor(OFFICER)
    told = {"email": f"{OFFICER}@office.example", "password": PASSWORD}
    answer = pages.visitor().post(path, data=told, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_name_is_no_markup_in_the_letter_with_a_link(pages: Pages) -> None:
    pages.visitor(OFFICER)
    with pages.office.desk() as desk:
        now = pages.system.clock()
        add_person(desk, "odd", "<b>ชื่อ</b>", "odd@office.example", by="the-admin", now=now)
    with pages.office.desk() as desk:
        make_account(desk, "odd", "odd@office.example", now, "the-admin")
    pages.visitor().post("/sign-in/link", data={"link_email": "odd@office.example"})
    (letter,) = [letter for letter in pages.office.letters() if letter.id.startswith("link-")]
    assert "เรียน &lt;b&gt;ชื่อ" in letter.html


def test_who_finds_an_open_session_cannot_take_the_account_over(pages: Pages) -> None:
    browser = pages.visitor(OFFICER)
    assert 'name="old"' in browser.get("/account/password").text
    told = {"csrf": token_of(browser, "/inbox"), "new": "ตะเกียงสีน้ำเงินข้างบ่อ", "old": "x" * 12}
    answer = browser.post("/account/password", data=told)
    assert (answer.status_code, 'id="old-fault"' in answer.text) == (422, True)


def test_who_came_by_a_link_needs_no_old_password_for_an_hour(pages: Pages) -> None:
    pages.visitor(OFFICER)
    browser = pages.visitor()
    token = ask_link(pages.office.store, f"{OFFICER}@office.example", now=pages.system.clock())
    assert browser.post(f"/sign-in/link/{token}").status_code == 303
    told = {"csrf": token_of(browser, "/inbox"), "new": "ตะเกียงสีน้ำเงินข้างบ่อ"}
    pages.set_clock("2023-01-04 11:01")
    assert browser.post("/account/password", data=told).status_code == 422
    pages.set_clock("2023-01-04 11:00")
    assert browser.post("/account/password", data=told).status_code == 303
