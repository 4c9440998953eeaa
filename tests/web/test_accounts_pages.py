"""Who may sign in, on the administrator's pages, and everybody's own account."""

from __future__ import annotations

import re

import pytest

from services.access.accounts import make_account
from services.access.sign_in import sessions_of
from storage.errors import AlreadyThereError
from tests.web.conftest import PASSWORD, Pages, token_of

ADMIN, OFFICER, HEAD = "the-admin", "the-chang-officer", "the-chang-head"
PAGE = f"/admin/accounts/{OFFICER}"


def signed_in(pages: Pages, person: str) -> list[str]:
    found = sessions_of(pages.office.store, pages.office.key, person, now=pages.system.clock())
    return [session.id for session in found]


@pytest.mark.parametrize("path", ["/admin/accounts", PAGE, f"/admin/accounts/{HEAD}"])
def test_an_officer_sees_no_accounts(pages: Pages, path: str) -> None:
    assert pages.visitor(OFFICER).get(path).status_code == 403


@pytest.mark.parametrize("action", ["open", "close", "link", "end-session"])
def test_an_officer_changes_no_account(pages: Pages, action: str) -> None:
    browser = pages.visitor(OFFICER)
    pages.visitor(ADMIN)
    before = len(pages.office.ledger("account."))
    told = {"csrf": token_of(browser, "/account"), "email": "x@office.example", "session": signed_in(pages, ADMIN)[0]}
    for person in (HEAD, ADMIN):
        assert browser.post(f"/admin/accounts/{person}/{action}", data=told).status_code == 403
    assert len(pages.office.ledger("account.")) == before
    assert signed_in(pages, ADMIN)


def test_the_list_tells_who_has_an_account(pages: Pages) -> None:
    page = pages.visitor(ADMIN).get("/admin/accounts").text
    assert page.count("ตั้งรหัสผ่านแล้ว") == 1
    assert "ไม่มีบัญชี" in page
    assert "the-admin@office.example" in page


def test_an_account_is_made_and_a_link_sets_its_password(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    token = token_of(browser, PAGE)
    opened = browser.post(f"{PAGE}/open", data={"csrf": token, "email": "chang@office.example"})
    assert "ระบบยังไม่ได้แจ้งเจ้าของบัญชี" in browser.get(opened.headers["location"]).text
    assert "ยังไม่ตั้งรหัสผ่าน" in browser.get(PAGE).text
    shown = browser.post(f"{PAGE}/link", data={"csrf": token}).text
    (link,) = re.findall(r'value="http://127\.0\.0\.1:\d+(/sign-in/link/[^"]+)"', shown)
    assert link not in browser.get(PAGE).text
    assert pages.visitor().post(link).headers["location"] == "/account/password"
    kinds = [line.entry.kind for line in pages.office.ledger("account.") if line.entry.actor == ADMIN]
    assert kinds[-2:] == ["account.made", "account.link_made"]


@pytest.mark.parametrize("email", ["", "no address", "the-admin@office.example", "saraban@office.example"])
def test_an_address_that_cannot_be_used_stands_at_its_field(pages: Pages, email: str) -> None:
    browser = pages.visitor(ADMIN)
    answer = browser.post(f"{PAGE}/open", data={"csrf": token_of(browser, PAGE), "email": email})
    assert answer.status_code == 422
    assert 'id="email-fault"' in answer.text
    assert f'name="email" type="text" value="{email}"' in answer.text
    with pages.office.reading() as desk:
        assert desk.uow.accounts.get(OFFICER) is None


def test_a_closed_account_is_signed_out_and_can_be_opened_again(pages: Pages) -> None:
    officer, browser = pages.visitor(OFFICER), pages.visitor(ADMIN)
    token = token_of(browser, PAGE)
    assert browser.post(f"{PAGE}/close", data={"csrf": token}).status_code == 303
    assert officer.get("/inbox").status_code == 303
    told = {"email": f"{OFFICER}@office.example", "password": PASSWORD}
    assert pages.visitor().post("/sign-in", data=told).status_code == 403
    assert "ปิดใช้" in browser.get("/admin/accounts").text
    assert browser.post(f"{PAGE}/open", data={"csrf": token} | told).status_code == 303
    assert "ยังไม่ตั้งรหัสผ่าน" in browser.get(PAGE).text


def test_nobody_closes_their_own_account(pages: Pages) -> None:
    browser, own = pages.visitor(ADMIN), f"/admin/accounts/{ADMIN}"
    answer = browser.post(f"{own}/close", data={"csrf": token_of(browser, own)})
    assert answer.status_code == 422
    assert 'id="close-fault"' in answer.text
    assert browser.get(own).status_code == 200


def test_the_administrator_ends_a_session_and_the_ledger_knows(pages: Pages) -> None:
    officer, browser = pages.visitor(OFFICER), pages.visitor(ADMIN)
    (session,) = re.findall(r'name="session" value="([^"]+)"', browser.get(PAGE).text)
    told = {"csrf": token_of(browser, PAGE), "session": session}
    assert browser.post(f"{PAGE}/end-session", data=told).status_code == 303
    assert officer.get("/inbox").status_code == 303
    (line,) = pages.office.ledger("account.session_ended")
    assert (line.entry.actor, line.entry.subject) == (ADMIN, OFFICER)
    assert browser.post(f"{PAGE}/end-session", data=told).status_code == 404


@pytest.mark.parametrize("action", ["", "/open", "/close", "/link", "/end-session"])
def test_somebody_who_is_not_there_is_not_found(pages: Pages, action: str) -> None:
    browser, path = pages.visitor(ADMIN), "/admin/accounts/nobody"
    told = {"csrf": token_of(browser, "/account"), "email": "x@office.example", "session": "none"}
    answer = browser.post(f"{path}{action}", data=told) if action else browser.get(path)
    assert answer.status_code == 404


class TestMyAccount:
    """What everybody may do with the own account."""

    def test_it_shows_where_i_am_signed_in_and_ends_the_other_one(self, pages: Pages) -> None:
        lost = pages.visitor(OFFICER)
        told = {"email": f"{OFFICER}@office.example", "password": PASSWORD}
        browser = pages.visitor()
        browser.post("/sign-in", data=told)
        page = browser.get("/account").text
        assert "เบราว์เซอร์นี้" in page
        (session,) = re.findall(r'name="session" value="([^"]+)"', page)
        told = {"csrf": token_of(browser, "/account"), "session": session}
        assert browser.post("/account/end-session", data=told).status_code == 303
        assert lost.get("/account").status_code == 303
        assert browser.get("/account").status_code == 200

    def test_it_is_in_the_menu_with_what_else_is_mine(self, pages: Pages) -> None:
        page = pages.visitor(HEAD).get("/account").text
        assert 'href="/account" aria-current="page"' in page
        assert 'href="/review"' in page

    def test_it_ends_nobody_elses(self, pages: Pages) -> None:
        browser, _ = pages.visitor(OFFICER), pages.visitor(ADMIN)
        told = {"csrf": token_of(browser, "/account"), "session": signed_in(pages, ADMIN)[0]}
        assert browser.post("/account/end-session", data=told).status_code == 404
        assert len(signed_in(pages, ADMIN)) == 1

    def test_the_language_is_kept_with_the_account(self, pages: Pages) -> None:
        browser = pages.visitor(OFFICER)
        token = token_of(browser, "/account")
        assert browser.post("/account/language", data={"csrf": token, "language": "en"}).status_code == 303
        assert "My account" in browser.get("/account").text
        with pages.office.reading() as desk:
            account = desk.uow.accounts.get(OFFICER)
        assert account is not None
        assert account.language == "en"
        assert browser.post("/account/language", data={"csrf": token, "language": "la"}).status_code == 400

    def test_the_password_is_changed_from_there(self, pages: Pages) -> None:
        browser = pages.visitor(OFFICER)
        assert 'href="/account/password"' in browser.get("/account").text


def test_nobody_signs_in_with_the_address_of_somebody_else(pages: Pages) -> None:
    with pages.office.desk() as desk:
        mine, theirs = (desk.people.person(key) for key in ("the-chang-officer", "the-chang-head"))
        assert mine is not None
        assert theirs is not None
        with pytest.raises(AlreadyThereError, match=f"as that of {theirs.name}"):
            make_account(desk, mine.key, theirs.email, pages.system.clock(), "the-admin")
        assert make_account(desk, mine.key, mine.email, pages.system.clock(), "the-admin").person == mine.key
