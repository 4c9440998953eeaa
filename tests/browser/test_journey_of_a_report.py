"""From a phone to the overview: reported with evidence, returned by the link of a mail, corrected, accepted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from domain.assignment import State
from domain.people import Person
from notifications.mailbox import read_mailbox
from services.access.links import assignment_link
from services.outbox.deliver import deliver
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_journeys import OFFICER, PNG, first, opened, report, sign_in
from tests.services.live_office import make_mail_sender
from tests.services.mail import mailbox
from tests.web.conftest import PASSWORD, Pages

TO_HEAD = "chang-head@example.test"


@pytest.fixture
def post(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    folder = tmp_path / "mailbox"
    with mailbox(folder) as port:
        yield folder, port


def morning(pages: Pages, site: str, port: int, when: str) -> None:
    """What the clockwork does on a morning: the measure, then the mail, over real SMTP."""
    pages.set_clock(when)
    now = pages.system.clock()
    pages.office.advance(now)

    def link(assignment: str, person: Person, written_on: date) -> str:
        token = assignment_link(pages.system.secret, pages.office.key, assignment, person.key, written_on, person.email)
        return f"{site}/link/{token}"

    mail_sender = replace(make_mail_sender(port, lambda: now), link=link)
    with ThreadPoolExecutor(1) as thread:  # the browser's loop is running in this one
        thread.submit(lambda: asyncio.run(deliver(pages.office.store, pages.office.key, mail_sender))).result()


def link_for(folder: Path, to: str) -> str:
    """The link in the newest mail to an address."""
    newest = [mail for mail in read_mailbox(folder) if to in mail.to][-1]
    (found,) = set(re.findall(r"http\S+/link/\S+", newest.text))
    return str(found)


def hand_in_from_a_phone(phone: Page, photo: Path) -> None:
    phone.locator("a.what").first.click()
    report(phone, photo)
    expect(phone.get_by_role("heading", name="รายงานที่ส่งแล้ว")).to_be_visible()


def test_a_late_report_is_escalated_returned_corrected_accepted_and_counted(
    browser: Browser, pages: Pages, site: str, post: tuple[Path, int], tmp_path: Path
) -> None:
    folder, port = post
    pages.visitor(OFFICER)
    pages.visitor("the-mayor")
    photo = tmp_path / "ประชุม.png"
    photo.write_bytes(PNG)
    morning(pages, site, port, "2023-01-12 08:30")  # the deadline was 11 January: the head is told
    letter = link_for(folder, TO_HEAD)

    phone = opened(browser, PHONE)
    sign_in(phone, site, OFFICER)
    hand_in_from_a_phone(phone, photo)

    desk = opened(browser, DESK)
    desk.goto(letter)
    expect(desk.get_by_role("img", name="ประชุม.png")).to_be_visible()
    desk.get_by_label("เหตุผลที่ส่งกลับ").fill("โปรดระบุจำนวนผู้เข้าร่วม")
    desk.get_by_role("button", name="ส่งกลับแก้ไข").click()
    expect(desk.get_by_text("ส่งกลับแก้ไข").first).to_be_visible()
    assert pages.office.get(first(pages)).state is State.RETURNED

    phone.goto(f"{site}/inbox")
    expect(phone.get_by_role("heading", name=re.compile("ส่งกลับแก้ไข"))).to_be_visible()
    phone.locator("a.what").first.click()
    phone.get_by_label("ผลการดำเนินการ").fill("ประชุมแล้ว ผู้เข้าร่วม ๓๕ คน")
    phone.get_by_role("button", name="ส่งรายงาน").click()
    expect(phone.get_by_role("heading", name="รายงานที่ส่งแล้ว")).to_be_visible()

    desk.goto(letter)
    desk.get_by_role("button", name="เห็นชอบ").click()
    expect(desk.get_by_text("ดำเนินการแล้วเสร็จ").first).to_be_visible()
    assert pages.office.get(first(pages)).state is State.ACCEPTED

    mayor = opened(browser, DESK)
    sign_in(mayor, site, "the-mayor")
    mayor.goto(f"{site}/overview?quarter=1")
    expect(mayor.get_by_text("ดำเนินการแล้วเสร็จ").first).to_be_visible()
    expect(mayor.locator("main")).to_contain_text("๑")


def at_work(browser: Browser, pages: Pages, site: str) -> Page:
    """An officer's telephone with the first assignment open."""
    pages.visitor(OFFICER)
    phone = opened(browser, PHONE)
    sign_in(phone, site, OFFICER)
    phone.locator("a.what").first.click()
    return phone


def test_a_second_window_does_not_overwrite_what_is_typed_in_the_first(
    browser: Browser, pages: Pages, site: str
) -> None:
    phone = at_work(browser, pages, site)
    second = phone.context.new_page()
    second.goto(phone.url)
    saved = phone.locator("[data-draft-said]")
    for words in ("ครึ่งแรก", "ครึ่งแรกและครึ่งหลัง"):
        phone.get_by_label("ผลการดำเนินการ").fill(words)
        expect(saved).to_contain_text("บันทึกร่างแล้ว", timeout=15_000)
        saved.evaluate("one => one.replaceChildren()")
    second.get_by_label("ผลการดำเนินการ").fill("อย่างอื่น")
    expect(second.locator("[data-draft-said]")).to_contain_text("ร่างที่ใหม่กว่า", timeout=15_000)
    expect(second.get_by_label("ผลการดำเนินการ")).to_have_value("อย่างอื่น")
    phone.reload()
    expect(phone.get_by_label("ผลการดำเนินการ")).to_have_value("ครึ่งแรกและครึ่งหลัง")


def test_what_is_typed_is_kept_while_typing_and_files_can_be_taken_out_again(
    browser: Browser, pages: Pages, site: str, tmp_path: Path
) -> None:
    phone = at_work(browser, pages, site)
    phone.get_by_label("ผลการดำเนินการ").fill("พิมพ์ไปครึ่งหนึ่ง")
    expect(phone.locator("[data-draft-said]")).to_contain_text("บันทึกร่างแล้ว", timeout=15_000)
    for name in ("หนึ่ง.png", "สอง.png"):
        (tmp_path / name).write_bytes(PNG + name.encode())
        phone.get_by_label("หลักฐาน").set_input_files(tmp_path / name)
    phone.get_by_role("button", name="เอาออก หนึ่ง.png").click()
    expect(phone.locator("[data-chosen] li")).to_have_count(1)
    phone.reload()
    expect(phone.get_by_label("ผลการดำเนินการ")).to_have_value("พิมพ์ไปครึ่งหนึ่ง")
    expect(phone.get_by_text("ร่างที่บันทึกไว้")).to_be_visible()


def test_a_refused_file_leaves_everything_typed_and_the_other_files_in_place(
    browser: Browser, pages: Pages, site: str, tmp_path: Path
) -> None:
    phone = at_work(browser, pages, site)
    (tmp_path / "ดี.png").write_bytes(PNG)
    (tmp_path / "ร้าย.jpg").write_bytes(b"MZ program")
    phone.get_by_label("หลักฐาน").set_input_files([tmp_path / "ดี.png", tmp_path / "ร้าย.jpg"])
    report(phone)
    expect(phone.get_by_role("alert")).to_be_focused()
    expect(phone.locator("#files-fault")).to_contain_text("ร้าย.jpg")
    expect(phone.get_by_text("เอาไฟล์ ร้าย.jpg ออกให้แล้ว")).to_be_visible()
    expect(phone.locator("[data-chosen] li")).to_have_count(1)
    phone.get_by_role("button", name="ส่งรายงาน").click()
    expect(phone.get_by_role("link", name="ดี.png").last).to_be_visible()
    assert pages.office.get(first(pages)).state is State.HANDED_IN


def test_a_file_chosen_before_the_script_has_come_is_no_less_sent(
    browser: Browser, pages: Pages, site: str, tmp_path: Path
) -> None:
    pages.visitor(OFFICER)
    phone = opened(browser, PHONE)
    sign_in(phone, site, OFFICER)
    (tmp_path / "เร็ว.png").write_bytes(PNG)
    held: list[Route] = []
    phone.route(re.compile(r"/report\b[^/]*\.js"), lambda route: held.append(route))  # noqa: PLW0108 -- it is wrapped once more
    phone.goto(f"{site}/assignments/{first(pages)}", wait_until="commit")
    phone.get_by_label("หลักฐาน").set_input_files(tmp_path / "เร็ว.png")
    assert len(held) == 1
    held[0].continue_()
    expect(phone.get_by_role("button", name="เอาออก เร็ว.png")).to_be_visible()
    report(phone)
    expect(phone.get_by_role("link", name="เร็ว.png").last).to_be_visible()


def test_while_the_connection_is_lost_it_is_said_and_the_text_stays(browser: Browser, pages: Pages, site: str) -> None:
    phone = at_work(browser, pages, site)
    phone.context.set_offline(True)
    phone.get_by_label("ผลการดำเนินการ").fill("ไม่มีสัญญาณ")
    expect(phone.locator("[data-draft-said]")).to_contain_text("ยังบันทึกร่างไม่ได้", timeout=15_000)
    expect(phone.get_by_label("ผลการดำเนินการ")).to_have_value("ไม่มีสัญญาณ")


def test_a_report_outlives_a_session_that_has_ended(browser: Browser, pages: Pages, site: str) -> None:
    phone = at_work(browser, pages, site)
    phone.context.clear_cookies()
    phone.get_by_label("ผลการดำเนินการ").fill("พิมพ์ไว้นานแล้ว")
    expect(phone.locator("[data-draft-said]")).to_contain_text("ท่านออกจากระบบแล้ว", timeout=15_000)
    phone.get_by_label("ไม่มีปัญหา/อุปสรรค").check()
    phone.get_by_role("button", name="ส่งรายงาน").click()
    expect(phone.get_by_role("status")).to_contain_text("ท่านออกจากระบบแล้ว")
    phone.get_by_label("อีเมล").first.fill(f"{OFFICER}@office.example")
    phone.get_by_label("รหัสผ่าน").fill(PASSWORD)
    phone.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(phone.get_by_label("ผลการดำเนินการ")).to_have_value("พิมพ์ไว้นานแล้ว")
    expect(phone.get_by_label("ไม่มีปัญหา/อุปสรรค")).to_be_checked()
    phone.get_by_label("ไม่มีข้อเสนอแนะ").check()
    phone.get_by_role("button", name="ส่งรายงาน").click()
    expect(phone.get_by_role("heading", name="รายงานที่ส่งแล้ว")).to_be_visible()
    assert phone.evaluate("sessionStorage.length") == 0


def test_a_report_does_not_go_off_without_a_file_that_is_too_large(
    browser: Browser, pages: Pages, site: str, tmp_path: Path
) -> None:
    phone = at_work(browser, pages, site)
    large = tmp_path / "ใหญ่.png"
    with large.open("wb") as file:
        file.truncate(50_000_001)
    report(phone, large)
    expect(phone.locator("[data-too-large]")).to_contain_text("ใหญ่.png")
    expect(phone.get_by_role("button", name="เอาออก ใหญ่.png")).to_be_focused()
    assert pages.office.get(first(pages)).state is State.OPEN
    phone.get_by_role("button", name="เอาออก ใหญ่.png").click()
    phone.get_by_role("button", name="ส่งรายงาน").click()
    expect(phone.get_by_role("heading", name="รายงานที่ส่งแล้ว")).to_be_visible()
