"""What the administrator looks after, through the pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import pytest
from starlette.testclient import TestClient

from domain.ledger import Entry
from domain.outbox import Letter, LetterState
from tests.factories import at
from tests.services.live_office import vouch
from tests.storage.rows import sql
from tests.web.conftest import Pages, PagesSystem, token_of
from tests.web.recording_scheduler import DEPLOYMENT, RecordingScheduler
from web.view import labels as administration_words
from web.view.catalogue import ENGLISH

ADMIN, OFFICER = "the-admin", "the-chang-officer"
LOOKS = ("/admin", "/admin/schedule", "/admin/outbox", "/admin/outbox/lost", "/admin/ledger")
ACTS = (
    "/admin/schedule/2566/m1/pause",
    "/admin/schedule/2566/m1/resume",
    "/admin/schedule/2566/m1/run",
    "/admin/outbox/lost/resend",
    "/admin/outbox/all/resend",
    "/admin/ledger/verify",
)


@dataclass(frozen=True)
class ListeningSystem(PagesSystem):
    """The running system whose clockwork answers."""

    clockwork: RecordingScheduler = field(default_factory=RecordingScheduler)

    @property
    def scheduler(self) -> RecordingScheduler:
        return self.clockwork


@pytest.fixture
def listening(pages: Pages) -> Pages:
    """The pages of the office while the clockwork runs."""
    known = {one.name: getattr(pages.system, one.name) for one in fields(pages.system)}
    return Pages(ListeningSystem(**known), pages.office)


def clockwork_of(pages: Pages) -> RecordingScheduler:
    assert isinstance(pages.system, ListeningSystem)
    return pages.system.clockwork


def put_letter(pages: Pages, state: LetterState, key: str = "lost", text: str = "เรียน ผู้รับ") -> None:
    letter = Letter(
        id=key,
        person=OFFICER,
        address="wrong@office.example",
        message_id=f"<{key}@office.example>",
        subject=f"เรื่องของ {key}",
        text=text,
        html="",
        notices=(),
        created_at=at("2023-01-04 09:00"),
        next_try_at=at("2023-01-04 09:00"),
        state=state,
        attempts=3,
        remark="550 no such user",
    )
    with pages.office.desk() as desk:
        desk.uow.letters.add([letter])


def post(browser: TestClient, path: str, page: str = "/admin/ledger") -> int:
    return browser.post(path, data={"csrf": token_of(browser, page)}).status_code


@pytest.mark.parametrize("path", LOOKS)
def test_a_page_is_refused_to_an_officer(pages: Pages, path: str) -> None:
    put_letter(pages, LetterState.PARKED)
    assert pages.visitor(OFFICER).get(path).status_code == 403
    assert pages.visitor(ADMIN).get(path).status_code == 200


@pytest.mark.parametrize("path", LOOKS)
def test_a_page_asks_a_stranger_to_sign_in(pages: Pages, path: str) -> None:
    assert pages.visitor().get(path).headers["location"] == f"/sign-in?back={path}"


@pytest.mark.parametrize("path", ACTS)
def test_an_action_is_refused_to_an_officer_and_changes_nothing(listening: Pages, path: str) -> None:
    put_letter(listening, LetterState.PARKED)
    officer = listening.visitor(OFFICER)
    assert post(officer, path, "/inbox") == 403
    assert clockwork_of(listening).told == []
    assert len(listening.office.letters(LetterState.PARKED)) == 1


@pytest.mark.parametrize("path", ACTS)
def test_a_forged_form_is_refused_and_changes_nothing(listening: Pages, path: str) -> None:
    put_letter(listening, LetterState.PARKED)
    browser = listening.visitor(ADMIN)
    assert browser.post(path, data={"csrf": "0" * 32}).status_code == 403
    assert clockwork_of(listening).told == []
    assert len(listening.office.letters(LetterState.PARKED)) == 1


def test_health_is_told_in_words_with_what_to_do(pages: Pages) -> None:
    page = pages.visitor(ADMIN).get("/admin").text
    assert "พบสิ่งที่ต้องแก้ไข" in page
    assert "ระบบตั้งเวลาไม่ตอบที่ http://127.0.0.1:1/api กรุณาเริ่มระบบด้วยคำสั่ง `make up`" in page
    assert "ทุกตำแหน่งมีผู้ดำรงตำแหน่ง" in page


def test_health_is_told_in_english_too(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    browser.cookies.set("sucharit_language", "en")
    page = browser.get("/admin").text
    assert "every person has an address" in page
    assert "ทุกตำแหน่ง" not in page


def test_a_clockwork_that_nobody_works_for_is_told(listening: Pages) -> None:
    clockwork_of(listening).alive = 0
    assert "ไม่มีตัวทำงาน" in listening.visitor(ADMIN).get("/admin").text


def test_every_page_that_the_overview_leads_to_is_there(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    led_to = set(re.findall(r'href="(/admin[^"]*)"', browser.get("/admin").text))
    assert {"/admin/schedule", "/admin/outbox", "/admin/ledger", "/admin/outbox?state=parked"} <= led_to
    assert {path: browser.get(path).status_code for path in led_to} == dict.fromkeys(led_to, 200)


class TestSchedule:
    """The measures' flows."""

    def test_the_moments_stand_there_while_the_clockwork_is_down(self, pages: Pages) -> None:
        page = pages.visitor(ADMIN).get("/admin/schedule").text
        assert "มาตรการส่งเสริมความโปร่งใส" in page
        assert "๑๐ ม.ค. ๖๖ ๐๘.๓๐ น. – เตือนก่อนครบกำหนด ไตรมาสที่ ๑" in page
        assert "ตั้งเวลาแล้ว" not in page
        assert "หน้านี้จึงแสดงเฉพาะเวลาตามแผน" in page
        assert "/pause" not in page

    def test_beside_them_stands_what_the_clockwork_says(self, listening: Pages) -> None:
        page = listening.visitor(ADMIN).get("/admin/schedule").text
        assert page.count("๑๐ ม.ค. ๖๖ ๐๘.๓๐ น.") == page.count("ตั้งเวลาแล้ว") == 1
        assert "เสร็จแล้ว: เปิดงาน ๑ รายการ, แจ้งเตือน ๒ เรื่อง" in re.sub(r"\s+", " ", page)
        assert "opened" not in page
        assert 'href="http://127.0.0.1/r1"' in page
        assert "หน้านี้จึงแสดงเฉพาะเวลาตามแผน" not in page

    def test_a_run_that_found_nothing_to_do_says_so(self, listening: Pages) -> None:
        clockwork_of(listening).message = "0 opened, 0 rungs, 0 notices, 0 overdue"
        page = listening.visitor(ADMIN).get("/admin/schedule").text
        assert "เสร็จแล้ว: ไม่มีสิ่งที่ต้องทำ" in re.sub(r"\s+", " ", page)

    def test_another_message_of_a_run_is_kept_as_it_is(self, listening: Pages) -> None:
        clockwork_of(listening).message = "m1: no such step"
        assert (
            '<span class="small" lang="en">m1: no such step</span>'
            in listening.visitor(ADMIN).get("/admin/schedule").text
        )

    def test_a_plan_that_has_just_begun_is_being_scheduled(self, listening: Pages) -> None:
        clockwork_of(listening).name = "another"
        browser = listening.visitor(ADMIN)
        assert "ยังไม่อยู่ในระบบตั้งเวลา" in browser.get("/admin/schedule").text
        with listening.office.desk() as desk:
            desk.uow.ledger.note(Entry(listening.system.clock(), "plan.activated", ADMIN, "2566", {}))
        page = browser.get("/admin/schedule").text
        assert "กำลังตั้งเวลา" in page
        assert "ยังไม่อยู่ในระบบตั้งเวลา" not in page

    def test_a_measure_is_paused_and_resumed(self, listening: Pages) -> None:
        browser = listening.visitor(ADMIN)
        answer = browser.post("/admin/schedule/2566/m1/pause", data={"csrf": token_of(browser, "/admin/schedule")})
        page = browser.get(answer.headers["location"]).text
        assert "หยุดพักแล้ว" in page
        assert "/admin/schedule/2566/m1/pause" not in page
        assert post(browser, "/admin/schedule/2566/m1/resume") == 303
        assert clockwork_of(listening).told == [("pause", DEPLOYMENT), ("resume", DEPLOYMENT)]

    @pytest.mark.parametrize(("state", "done"), [("COMPLETED", "run"), ("PENDING", "queued")])
    def test_a_measure_is_run_at_once(self, listening: Pages, state: str, done: str) -> None:
        clockwork_of(listening).state = state
        browser = listening.visitor(ADMIN)
        answer = browser.post("/admin/schedule/2566/m1/run", data={"csrf": token_of(browser, "/admin/schedule")})
        assert answer.headers["location"] == f"/admin/schedule?done={done}&to=y2566-m1#y2566-m1"
        assert clockwork_of(listening).told == [("run", DEPLOYMENT)]

    def test_all_are_scheduled_again_when_somebody_asks(self, listening: Pages) -> None:
        browser = listening.visitor(ADMIN)
        answer = browser.post("/admin/schedule/apply", data={"csrf": token_of(browser, "/admin/schedule")})
        assert "ตั้งเวลาทุกมาตรการอีกครั้งแล้ว" in browser.get(answer.headers["location"]).text
        assert clockwork_of(listening).told == [("apply-schedules", "{'office': 'ban-mai'}")]
        assert listening.office.ledger()[-1].entry.kind == "schedule.applied"

    def test_a_measure_of_no_plan_in_force_is_not_found(self, listening: Pages) -> None:
        browser = listening.visitor(ADMIN)
        assert post(browser, "/admin/schedule/2566/m99/run") == 404
        assert post(browser, "/admin/schedule/2500/m1/run") == 404
        assert clockwork_of(listening).told == []

    def test_an_act_says_so_when_the_clockwork_is_down(self, pages: Pages) -> None:
        assert post(pages.visitor(ADMIN), "/admin/schedule/2566/m1/pause") == 503


class TestOutbox:
    """Letters, and those that could not be sent."""

    def test_each_state_lists_its_letters(self, pages: Pages) -> None:
        for state in LetterState:
            put_letter(pages, state, f"one-{state.value}")
        browser = pages.visitor(ADMIN)
        for state in LetterState:
            page = browser.get(f"/admin/outbox?state={state.value}").text
            assert [one for one in LetterState if f"เรื่องของ one-{one.value}" in page] == [state]

    def test_a_long_list_has_pages_of_thirty(self, pages: Pages) -> None:
        for number in range(31):
            put_letter(pages, LetterState.PARKED, f"number-{number}")
        browser = pages.visitor(ADMIN)
        page = browser.get("/admin/outbox?state=parked").text
        assert page.count('<a class="what"') == 30
        assert 'href="/admin/outbox?state=parked&amp;page=2"' in page
        assert browser.get("/admin/outbox?state=parked&page=2").text.count('<a class="what"') == 1

    def test_where_no_letter_leaves_the_machine_it_says_so(self, pages: Pages) -> None:
        put_letter(pages, LetterState.SENT)
        page = pages.visitor(ADMIN).get("/admin/outbox?state=sent").text
        assert "จดหมายไม่ออกนอกเครื่องนี้" in page
        assert "550 no such user" not in page

    def test_without_a_state_it_lists_what_is_not_sent(self, pages: Pages) -> None:
        put_letter(pages, LetterState.SENT, "gone")
        put_letter(pages, LetterState.PARKED)
        page = pages.visitor(ADMIN).get("/admin/outbox").text
        assert ("เรื่องของ lost" in page, "เรื่องของ gone" in page) == (True, False)
        assert "550 no such user" in page

    def test_a_letter_is_read_without_the_links_that_act_for_its_recipient(self, pages: Pages) -> None:
        put_letter(pages, LetterState.SENT, text="เรียน <ผู้รับ>\nhttps://ita.example/link/abc.DEF-1_2= ขอบคุณ")
        page = pages.visitor(ADMIN).get("/admin/outbox/lost").text
        assert "เรียน &lt;ผู้รับ&gt;" in page
        assert "https://ita.example/link/… ขอบคุณ" in page
        assert "abc.DEF" not in page

    def test_a_letter_that_is_not_there_is_not_found(self, pages: Pages) -> None:
        assert pages.visitor(ADMIN).get("/admin/outbox/nothing").status_code == 404

    @pytest.mark.parametrize("which", ["lost", "all"])
    def test_a_parked_letter_is_sent_again_to_the_address_of_now(self, pages: Pages, which: str) -> None:
        put_letter(pages, LetterState.PARKED)
        browser = pages.visitor(ADMIN)
        answer = browser.post(f"/admin/outbox/{which}/resend", data={"csrf": token_of(browser, "/admin/outbox")})
        assert "จะส่งใหม่ ๑ ฉบับ" in browser.get(answer.headers["location"]).text
        (letter,) = (one for one in pages.office.letters(LetterState.WAITING) if one.id == "lost")
        assert (letter.attempts, letter.address) == (0, "chang-officer@example.test")
        (line,) = pages.office.ledger("letter.sent_again")
        assert (line.entry.actor, line.entry.subject) == (ADMIN, "lost")

    def test_a_sent_letter_is_not_sent_again(self, pages: Pages) -> None:
        put_letter(pages, LetterState.SENT)
        assert post(pages.visitor(ADMIN), "/admin/outbox/lost/resend") == 404
        assert [one.id for one in pages.office.letters(LetterState.SENT)] == ["lost"]


class TestLedger:
    """The book of everything that happened."""

    def test_lines_are_told_in_thai_words_and_names(self, pages: Pages) -> None:
        page = pages.visitor(ADMIN).get("/admin/ledger").text
        assert "<td>มอบหมายงาน</td>" in page
        assert "<td>ผู้ดำรงตำแหน่งผู้ดูแลระบบ</td>" in page
        assert "<td>ระบบ</td>" in page

    def test_what_a_line_is_about_is_named(self, pages: Pages) -> None:
        page = pages.visitor(ADMIN).get("/admin/ledger").text
        assert re.search(r'<td title="2566-m1.1-chang-q1">มาตรการที่ ๑ กองช่าง [^<]+</td>', page)

    def test_only_the_newest_are_shown(self, pages: Pages) -> None:
        with pages.office.desk() as desk:
            for number in range(51):
                desk.uow.ledger.note(Entry(pages.system.clock(), "test.noted", ADMIN, f"line-{number}", {}))
        browser = pages.visitor(ADMIN)
        page = browser.get("/admin/ledger").text
        assert page.count("<tr><th") == 51
        assert "<td>line-50</td>" in page
        assert "<td>line-0</td>" not in page

    def test_the_lines_before_are_a_page_of_their_own(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        page = browser.get("/admin/ledger?upto=2").text
        assert (">๒</th>" in page, ">๓</th>" in page, "บรรทัดล่าสุด" in page) == (True, False, True)

    def test_a_sound_chain_is_said_to_be_sound(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        answer = browser.post("/admin/ledger/verify", data={"csrf": token_of(browser, "/admin/ledger")})
        assert "ต่อเนื่องครบถ้วน" in answer.text
        assert "สมุดบันทึกไม่ต่อเนื่อง" not in answer.text

    @pytest.mark.parametrize("change", ["actor = 'the-mayor'", "data = 'gone'"])
    def test_a_changed_line_is_named_in_thai(self, pages: Pages, change: str) -> None:
        browser = pages.visitor(ADMIN)
        sql(pages.office.store, f"UPDATE ledger SET {change} WHERE seq = 4")
        answer = browser.post("/admin/ledger/verify", data={"csrf": token_of(browser, "/admin/ledger")})
        assert "บรรทัดที่ ๔ ของสมุดบันทึก “ban-mai” ถูกแก้ไขหลังจากบันทึกแล้ว" in answer.text

    def test_a_cut_tail_is_named_in_thai(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        sql(pages.office.store, "DELETE FROM ledger WHERE seq > 4")
        answer = browser.post("/admin/ledger/verify", data={"csrf": token_of(browser, "/admin/ledger")})
        assert "บรรทัดที่ ๕ ของสมุดบันทึก “ban-mai” หายไป" in answer.text
        assert "ต่อเนื่องครบถ้วน" not in answer.text


class TestAudit:
    """What should have happened by now."""

    def test_a_morning_on_which_all_happened_is_clean(self, pages: Pages) -> None:
        pages.set_clock("2023-01-04 09:30")
        assert "ครบถ้วน ทุกอย่างที่ถึงเวลาเกิดขึ้นแล้ว" in pages.visitor(ADMIN).get("/admin/audit").text

    def test_what_nobody_was_told_is_named(self, pages: Pages) -> None:
        pages.set_clock("2023-01-20 10:00")
        page = pages.visitor(ADMIN).get("/admin/audit").text
        assert "2566-m1.1-chang-q1: ควรแจ้ง ผู้ดำรงตำแหน่ง" in page
        assert "ครบถ้วน ทุกอย่าง" not in page


@pytest.mark.parametrize(("person", "is_there"), [(ADMIN, True), (OFFICER, False)])
def test_only_the_administrator_is_led_to_these_pages(pages: Pages, person: str, *, is_there: bool) -> None:
    assert ('href="/admin"' in pages.visitor(person).get("/inbox").text) is is_there


@pytest.mark.parametrize("table", administration_words.TABLES)
def test_every_word_of_a_table_has_its_english(table: Mapping[object, str]) -> None:
    assert {thai for thai in table.values() if thai not in ENGLISH} == set()


def test_after_a_long_pause_the_administrator_vouches_for_the_clock_on_the_page(pages: Pages) -> None:
    vouch(pages.office.store, pages.office.key, at("2023-01-05 09:00"))
    pages.set_clock("2023-05-04 10:00")
    browser, button = pages.visitor(ADMIN), "นาฬิกาถูกต้อง ระบบปิดไปนานจริง"
    assert button in browser.get("/admin").text
    told = {"csrf": token_of(browser, "/admin")}
    assert browser.post("/admin/clock", data=told).headers["location"] == "/admin"
    assert button not in browser.get("/admin").text
    assert [line.entry.actor for line in pages.office.ledger("clock.confirmed")] == [ADMIN]
