"""From the list to an accepted report, on a phone and at a desk, with a browser as people have it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from domain.assignment import State
from tests.browser.conftest import DESK, PHONE, what_keeps_out
from tests.web.conftest import PASSWORD, Pages

OFFICER, HEAD = "the-chang-officer", "the-chang-head"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def sign_in(page: Page, site: str, person: str) -> None:
    page.goto(f"{site}/sign-in")
    page.get_by_label("อีเมล").first.fill(f"{person}@office.example")
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()


def opened(browser: Browser, size: ViewportSize, *, javascript: bool = True) -> Page:
    """A page of a browser of its own."""
    context = browser.new_context(viewport=size, java_script_enabled=javascript)
    return context.new_page()


def first(pages: Pages) -> str:
    return pages.office.assignments()[0].id


def report(page: Page, file: Path | None = None) -> None:
    page.get_by_label("ผลการดำเนินการ").fill("ประชุมแล้ว")
    page.get_by_label("ไม่มีปัญหา/อุปสรรค").check()
    page.get_by_label("ไม่มีข้อเสนอแนะ").check()
    if file is not None:
        page.get_by_label("หลักฐาน").set_input_files(file)
    page.get_by_role("button", name="ส่งรายงาน").click()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_division_reports_from_a_phone_and_its_head_returns_and_accepts(
    browser: Browser, pages: Pages, site: str, tmp_path: Path, *, javascript: bool
) -> None:
    pages.visitor(OFFICER)
    pages.visitor(HEAD)
    photo = tmp_path / "ภาพกิจกรรม.png"
    photo.write_bytes(PNG)
    phone, desk = opened(browser, PHONE, javascript=javascript), opened(browser, DESK, javascript=javascript)
    sign_in(phone, site, OFFICER)
    phone.locator("a.what").first.click()
    report(phone, photo)
    expect(phone.get_by_text("ภาพกิจกรรม.png")).to_be_visible()
    sign_in(desk, site, HEAD)
    desk.goto(f"{site}/assignments/{first(pages)}")
    desk.get_by_label("เหตุผลที่ส่งกลับ").fill("โปรดระบุจำนวนผู้เข้าร่วม")
    desk.get_by_role("button", name="ส่งกลับแก้ไข").click()
    phone.reload()
    expect(phone.get_by_text("โปรดระบุจำนวนผู้เข้าร่วม").first).to_be_visible()
    report(phone)
    desk.goto(f"{site}/review")
    desk.get_by_role("checkbox").first.check()
    desk.get_by_role("button", name="เห็นชอบรายการที่เลือก").click()
    expect(desk.get_by_role("status")).to_contain_text("เห็นชอบแล้ว ๑ รายการ")
    assert pages.office.get(first(pages)).state is State.ACCEPTED


def test_what_is_missing_is_said_at_its_field(browser: Browser, pages: Pages, site: str) -> None:
    pages.visitor(OFFICER)
    phone = opened(browser, PHONE)
    sign_in(phone, site, OFFICER)
    phone.locator("a.what").first.click()
    phone.get_by_role("button", name="ส่งรายงาน").click()
    expect(phone.get_by_role("alert")).to_be_focused()
    expect(phone.locator("#result-fault")).to_be_visible()


def test_nothing_on_the_pages_keeps_anybody_out(browser: Browser, pages: Pages, site: str) -> None:
    pages.visitor(HEAD)
    page = opened(browser, PHONE)
    page.goto(f"{site}/sign-in")
    faults = what_keeps_out(page)
    sign_in(page, site, HEAD)
    for path in ("/inbox", "/review", f"/assignments/{first(pages)}", "/account/password", "/nowhere"):
        page.goto(f"{site}{path}")
        faults += [f"{path} {fault}" for fault in what_keeps_out(page)]
    assert faults == []
