"""An administrator carries the seed's plan in, from the office's document to the flows that are scheduled."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from plans.examples import plan_2566
from services.rehearsal.rehearse_apart import mark_of
from storage.drafts import Trial
from tests.browser.conftest import DESK, PHONE, what_keeps_out
from tests.browser.test_journeys import opened, sign_in
from tests.web.carried_plans import ADMIN, ANSWERED, OPEN, PLAYED, carrier
from tests.web.conftest import Pages

MEASURES = 5


def upload(page: Page, site: str, file: Path) -> None:
    page.goto(f"{site}/admin")
    page.get_by_role("link", name="แผน", exact=True).click()
    page.get_by_label("เอกสารแผนของหน่วยงาน").set_input_files(file)
    page.get_by_role("button", name="อ่านเอกสาร").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ตรวจทานแผน")


def answer_questions(page: Page) -> None:
    """Some by hand, one by putting the text right, the others as proposed; of another authority it is on purpose."""
    first = page.locator("section.question").first
    expect(first.get_by_text("หน้าของเอกสารหายไปหรือไม่")).to_be_visible()
    page.get_by_label("ไม่ใช่ขั้นตอนของแผนที่ใช้งาน ตัดออก").check()
    page.locator("#a0 input").first.check()
    page.get_by_role("button", name="บันทึกคำตอบที่เลือก").first.click()
    expect(page.get_by_text("เหลือ ๘ ข้อ")).to_be_visible()
    page.locator("#a6").get_by_role("link", name="แก้ค่าเอง").click()
    steps = page.get_by_label("ขั้นตอน", exact=True)
    steps.fill(re.sub(r"กรลง\S+", "กรอกข้อมูลเพื่อเผยแพร่ผ่านทางเว็บไซต์เทศบาล", steps.input_value()))
    expect(page.get_by_label(re.compile("อาจอ่านผิดจากการสแกน"))).to_be_checked()
    page.get_by_role("button", name="บันทึกค่าที่แก้").click()
    expect(page.get_by_text("เหลือ ๗ ข้อ")).to_be_visible()
    page.get_by_role("button", name="ใช้ตามที่เสนอทุกข้อที่เหลือ").first.click()
    expect(page.get_by_text("เหลือ ๑ ข้อ")).to_be_visible()
    theirs = page.locator("section.question").first
    expect(theirs.get_by_text("หัวเอกสาร")).to_be_visible()
    expect(theirs.get_by_role("link", name="แก้ค่าเอง")).to_have_count(0)
    theirs.get_by_label(re.compile("ตั้งใจนำมาใช้เป็นแผนของหน่วยงานนี้")).check()
    page.get_by_role("button", name="บันทึกคำตอบที่เลือก").first.click()
    expect(page.get_by_text("ตอบครบทุกข้อแล้ว")).to_be_visible()


@pytest.mark.parametrize(("size", "javascript"), [(DESK, True), (PHONE, False)], ids=["desk", "phone without script"])
def test_a_plan_goes_from_the_offices_document_to_its_schedule(
    browser: Browser, pages: Pages, site: str, size: ViewportSize, *, javascript: bool
) -> None:
    pages.visitor(ADMIN)
    page = opened(browser, size, javascript=javascript)
    sign_in(page, site, ADMIN)
    upload(page, site, plan_2566().plan)
    answer_questions(page)
    page.get_by_role("button", name="ไปขั้นต่อไป").click()
    page.get_by_role("button", name="นำเข้าแผนนี้").click()
    expect(page.get_by_role("status")).to_contain_text("นำเข้าแผนแล้ว")
    page.get_by_role("button", name="ซ้อมทั้งปี").click()
    page.get_by_role("button", name="ซ้อมทั้งปี").click(timeout=60_000)
    expect(page.get_by_role("heading", name="ภาระของแต่ละคน")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("table", name="ตุลาคม ๒๕๖๕")).to_be_visible()
    page.get_by_role("link", name="← กลับไปที่แผน").click()
    page.get_by_role("button", name="เริ่มใช้แผนนี้").click()
    page.get_by_label("เข้าใจแล้ว ให้เปิดงานเหล่านี้").check()
    page.get_by_role("button", name="เริ่มใช้แผนนี้").click()
    expect(page.get_by_role("status").first).to_contain_text("เริ่มใช้แผนแล้ว")
    page.get_by_role("link", name="ดูกำหนดการของมาตรการ").click()
    expect(page.get_by_role("heading", name=re.compile("มาตรการที่ . .๒๕๖๖."))).to_have_count(MEASURES)
    with pages.office.reading() as desk:
        (held,) = desk.plans
    assert "กรอกข้อมูลเพื่อเผยแพร่ผ่านทางเว็บไซต์เทศบาล" in held.plan.model_dump_json()


def test_a_file_that_is_no_plan_is_said_at_its_field_and_focused(
    browser: Browser, pages: Pages, site: str, tmp_path: Path
) -> None:
    pages.visitor(ADMIN)
    page = opened(browser, PHONE)
    sign_in(page, site, ADMIN)
    page.goto(f"{site}/admin/plans")
    letter = tmp_path / "หนังสือ.txt"
    letter.write_text("เรียน นายกเทศมนตรี\n", encoding="utf-8")
    page.get_by_label("เอกสารแผนของหน่วยงาน").set_input_files(letter)
    page.get_by_role("button", name="อ่านเอกสาร").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("#document-fault")).to_contain_text("ไม่พบตารางมาตรการใน “หนังสือ.txt”")


def test_nothing_on_the_pages_of_a_plan_keeps_anybody_out(browser: Browser, pages: Pages, site: str) -> None:
    admin = carrier(pages)
    draft = admin.upload("แผน.txt", plan_2566().plan.read_bytes()).headers["location"]
    unknown = admin.draft(ANSWERED.replace('unit: "สำนักปลัด"'.encode(), 'unit: "กองคลงั"'.encode()))
    ready = admin.draft(ANSWERED + b"# ready")
    stored = admin.stored()
    with pages.office.desk() as desk:
        trial = Trial(
            2566, 2, mark_of(PLAYED.silent), PLAYED.model_dump_json(by_alias=True), pages.system.clock(), ADMIN
        )
        desk.uow.plan_trials.put(trial, most=1)
    page = opened(browser, PHONE)
    sign_in(page, site, ADMIN)
    faults = []
    for path in (
        "/admin/plans", draft, f"{draft}/rows/t2r2", f"{draft}/head", f"{admin.draft(OPEN)}", f"{unknown}/import",
        f"{ready}/import", stored, f"{stored}/activate", f"{stored}/rehearsal",
        "/admin/plans/roll-over?source=2566&target=2567",
    ):  # fmt: skip
        page.goto(f"{site}{path}")
        for details in page.locator("main details").all():
            details.evaluate("one => one.open = true")
        faults += [f"{path} {fault}" for fault in what_keeps_out(page)]
    assert faults == []
