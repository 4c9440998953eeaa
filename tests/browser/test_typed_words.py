"""Whatever was typed is there again, in whatever browser, however soon one leaves; and a button does what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from domain.assignment import State
from storage.report_drafts import Draft
from tests.browser.conftest import PHONE
from tests.browser.test_journeys import OFFICER, PNG, first, opened, report, sign_in
from tests.browser.webkit import WebKit
from tests.web.conftest import PASSWORD, Pages

WORDS: Final = "ประชุมแล้ว ผู้เข้าร่วม ๔๒ คน"
LONGEST: Final = ("ทำแล้ว\n" * 3_000)[:19_999] + "จ"
PASTE: Final = "(one, text) => { one.value = text; one.dispatchEvent(new Event('input', { bubbles: true })); }"
KEPT: Final = "Object.keys(sessionStorage).filter((key) => key.startsWith('report:')).length + localStorage.length"
SUBMITTER: Final = "delete SubmitEvent.prototype.submitter"
OLD: Final = f"""
    {SUBMITTER};
    delete window.DataTransfer;
    delete Element.prototype.replaceChildren;
    delete Request.prototype.keepalive;
    Object.defineProperty(window, "sessionStorage", {{ get() {{ throw new DOMException("no", "SecurityError"); }} }});
"""


def at_work(browser: Browser, pages: Pages, site: str, without: str = "") -> Page:
    """An officer's telephone with the first assignment open, its browser without some of what ours have."""
    pages.visitor(OFFICER)
    phone = opened(browser, PHONE)
    if without:
        phone.add_init_script(without)
    sign_in(phone, site, OFFICER)
    phone.goto(f"{site}/assignments/{first(pages)}")
    return phone


def draft(pages: Pages) -> Draft | None:
    with pages.office.reading() as desk:
        return desk.uow.report_drafts.get(first(pages), OFFICER)


def drafted(pages: Pages) -> str:
    found = draft(pages)
    return found.fields["result"] if found else ""


@pytest.mark.parametrize("without", ["", SUBMITTER, OLD], ids=["today's", "no submitter", "an old one"])
class TestButtons:
    """The two buttons of a report, in a browser that says which was pressed and in one that does not."""

    def test_save_draft_saves_a_draft_and_hands_nothing_in(
        self, browser: Browser, pages: Pages, site: str, tmp_path: Path, without: str
    ) -> None:
        phone = at_work(browser, pages, site, without)
        (tmp_path / "ภาพ.png").write_bytes(PNG)
        phone.get_by_label("ผลการดำเนินการ").fill(WORDS)
        phone.get_by_label("ไม่มีปัญหา/อุปสรรค").check()
        phone.get_by_label("ไม่มีข้อเสนอแนะ").check()
        phone.get_by_label("หลักฐาน").set_input_files(tmp_path / "ภาพ.png")
        phone.get_by_role("button", name="บันทึกร่าง").click()
        expect(phone.get_by_text("บันทึกร่างแล้ว ยังไม่ได้ส่งรายงาน")).to_be_visible()
        assert (pages.office.get(first(pages)).state, drafted(pages)) == (State.OPEN, WORDS)

    def test_the_other_button_hands_in_with_the_files(
        self, browser: Browser, pages: Pages, site: str, tmp_path: Path, without: str
    ) -> None:
        phone = at_work(browser, pages, site, without)
        (tmp_path / "ภาพ.png").write_bytes(PNG)
        report(phone, tmp_path / "ภาพ.png")
        expect(phone.get_by_role("heading", name="รายงานที่ส่งแล้ว")).to_be_visible()
        expect(phone.get_by_role("link", name="ภาพ.png").last).to_be_visible()

    def test_enter_presses_the_first_button(self, browser: Browser, pages: Pages, site: str, without: str) -> None:
        phone = at_work(browser, pages, site, without)
        phone.get_by_label("ผลการดำเนินการ").fill(WORDS)
        phone.get_by_label("ไม่มีปัญหา/อุปสรรค").check()
        phone.get_by_label("ไม่มีข้อเสนอแนะ").check()
        phone.get_by_label("วันที่ดำเนินการเสร็จ").press("Enter")
        expect(phone.get_by_role("heading", name="รายงานที่ส่งแล้ว")).to_be_visible()

    def test_whoever_leaves_at_once_finds_the_last_words_again(
        self, browser: Browser, pages: Pages, site: str, without: str
    ) -> None:
        phone = at_work(browser, pages, site, without)
        phone.get_by_label("ผลการดำเนินการ").fill(WORDS)
        phone.goto(f"{site}/inbox")
        for _ in range(200 if without == OLD else 0):  # it keeps nothing itself, and what it sent is still on its way
            if drafted(pages) == WORDS:
                break
            phone.wait_for_timeout(100)
        phone.goto(f"{site}/assignments/{first(pages)}")
        expect(phone.get_by_label("ผลการดำเนินการ")).to_have_value(WORDS)


def test_the_longest_report_is_handed_in_from_a_browser(browser: Browser, pages: Pages, site: str) -> None:
    phone = at_work(browser, pages, site)
    phone.get_by_label("ไม่มีปัญหา/อุปสรรค").check()
    phone.get_by_label("ไม่มีข้อเสนอแนะ").check()
    phone.get_by_label("ผลการดำเนินการ").evaluate(PASTE, LONGEST)
    phone.get_by_role("button", name="ส่งรายงาน").click()
    expect(phone.get_by_role("heading", name="รายงานที่ส่งแล้ว")).to_be_visible()
    submission = pages.office.get(first(pages)).submission
    assert submission is not None
    assert submission.result == LONGEST


def test_unbroken_typing_is_saved_too(browser: Browser, pages: Pages, site: str) -> None:
    phone = at_work(browser, pages, site)
    phone.clock.install(time=0)
    phone.clock.pause_at(3_600)
    for _ in range(9):
        phone.get_by_label("ผลการดำเนินการ").press("k")
        phone.clock.run_for(1_000)
    expect(phone.locator("[data-draft-said]")).to_contain_text("บันทึกร่างแล้ว")
    assert drafted(pages).startswith("kkkkkkk")


def test_the_report_of_a_whole_measure_is_there_again_too(browser: Browser, pages: Pages, site: str) -> None:
    phone = at_work(browser, pages, site)
    address = f"{site}/inbox/measure?division=chang&measure=m1&year=2566"
    phone.goto(address)
    phone.get_by_label("ผลการดำเนินการ").fill(WORDS)
    phone.goto(f"{site}/inbox")
    phone.goto(address)
    expect(phone.get_by_label("ผลการดำเนินการ")).to_have_value(WORDS)


def taken_without_an_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def test_the_button_is_no_other_window_where_a_saving_came_in_unanswered(
    browser: Browser, pages: Pages, site: str
) -> None:
    phone = at_work(browser, pages, site)
    phone.route("**/draft", taken_without_an_answer)
    phone.get_by_label("ผลการดำเนินการ").fill("ประชุม")
    expect(phone.locator("[data-draft-said]")).to_contain_text("ยังบันทึกร่างไม่ได้", timeout=15_000)
    phone.unroute("**/draft")
    assert drafted(pages) == "ประชุม"
    phone.get_by_label("ผลการดำเนินการ").fill(WORDS)
    phone.get_by_role("button", name="บันทึกร่าง").click()
    expect(phone.get_by_text("บันทึกร่างแล้ว ยังไม่ได้ส่งรายงาน")).to_be_visible()
    assert drafted(pages) == WORDS


def test_a_draft_that_is_thrown_away_does_not_come_back(browser: Browser, pages: Pages, site: str) -> None:
    phone = at_work(browser, pages, site)
    phone.get_by_label("ผลการดำเนินการ").fill(WORDS)
    phone.get_by_role("button", name="บันทึกร่าง").click()
    phone.get_by_label("ผลการดำเนินการ").fill("และอีก")
    phone.get_by_role("button", name="ทิ้งร่างนี้").click()
    expect(phone.get_by_label("ผลการดำเนินการ")).to_have_value("")
    assert (draft(pages), phone.evaluate(KEPT)) == (None, 0)


def test_whoever_signs_out_leaves_nothing_in_the_browser_and_the_draft_on_the_server(
    browser: Browser, pages: Pages, site: str
) -> None:
    phone = at_work(browser, pages, site)
    phone.get_by_label("ผลการดำเนินการ").fill(WORDS)
    assert phone.evaluate(KEPT) == 1
    phone.get_by_role("button", name="ออกจากระบบ").click()
    expect(phone.get_by_role("heading", name="เข้าสู่ระบบ")).to_be_visible()
    assert phone.evaluate(KEPT) == 0
    assert drafted(pages) == WORDS


class TestWebKit:
    """The same in the engine of every iPhone."""

    def at_work(self, safari: WebKit, pages: Pages, site: str) -> str:
        pages.visitor(OFFICER)
        safari.goto(f"{site}/sign-in")
        safari.type("input[name=email]", f"{OFFICER}@office.example")
        safari.type("input[name=password]", PASSWORD)
        safari.click("main form button")
        safari.find("a.what")
        address = f"{site}/assignments/{first(pages)}"
        safari.goto(address)
        return address

    def test_the_last_words_are_there_again_after_another_page(self, safari: WebKit, pages: Pages, site: str) -> None:
        address = self.at_work(safari, pages, site)
        safari.type("#result", WORDS)
        safari.goto(f"{site}/inbox")
        safari.goto(address)
        assert safari.value("#result") == WORDS

    def test_the_last_words_reach_the_server_when_the_window_is_closed(
        self, safari: WebKit, pages: Pages, site: str
    ) -> None:
        address = self.at_work(safari, pages, site)
        safari.type("#result", WORDS)
        safari.reopen()
        safari.wait_for(lambda: drafted(pages) == WORDS, "the draft")
        safari.goto(address)
        assert safari.value("#result") == WORDS

    def test_more_than_a_browser_carries_away_is_there_again_in_the_same_tab(
        self, safari: WebKit, pages: Pages, site: str
    ) -> None:
        address = self.at_work(safari, pages, site)
        text = "ก" * 25_000
        safari.run(f"({PASTE})(document.querySelector('#result'), arguments[0])", text)
        safari.goto(f"{site}/inbox")
        safari.goto(address)
        assert safari.value("#result") == text

    def test_save_draft_saves_a_draft(self, safari: WebKit, pages: Pages, site: str) -> None:
        self.at_work(safari, pages, site)
        safari.type("#result", WORDS)
        safari.click("button[formaction]")
        safari.find("main > .said")
        assert (pages.office.get(first(pages)).state, drafted(pages)) == (State.OPEN, WORDS)
