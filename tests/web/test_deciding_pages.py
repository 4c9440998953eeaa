"""What waits for whom on the pages: results, statements and requests; agreeing, and taking note of a lateness."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.assignment import State
from domain.people import Level
from tests.web.browsers import browser_of
from tests.web.conftest import Pages, token_of
from tests.web.test_vacant_posts import vacate
from tests.web.test_work_pages import HEAD, OFFICER, first, form_of, hand_in
from web.view.catalogue import ENGLISH

CLERK, MAYOR = "the-clerk", "the-mayor"
CHANG_HEAD = "ผู้ดำรงตำแหน่งผู้อำนวยการกองช่าง"
THE_CLERK = "ผู้ดำรงตำแหน่งปลัดเทศบาล"
AGREE = "เห็นชอบว่าไม่สามารถดำเนินการได้"
ALONE = "พิจารณาเองเนื่องจากไม่มีผู้บังคับบัญชา"
LATE = "2023-01-12 09:00"


def path_of(pages: Pages) -> str:
    return f"/assignments/{first(pages)}"


def state(pages: Pages, person: str = OFFICER) -> None:
    """Somebody says that it cannot be done."""
    browser, path = browser_of(pages, person), path_of(pages)
    told = form_of(browser, path) | {"kind": "no_budget", "reason": "ไม่ได้ตั้งงบ"}
    assert browser.post(f"{path}/cannot-do", data=told).status_code == 303


def decide(pages: Pages, person: str, decision: str, **fields: str) -> int:
    browser, path = browser_of(pages, person), path_of(pages)
    told = {"csrf": token_of(browser, path), "version": str(pages.office.get(first(pages)).version)}
    return browser.post(f"{path}/decide", data=told | {"decision": decision} | fields).status_code


def late(pages: Pages) -> None:
    """The first report is late, and its officers and head were told."""
    pages.set_clock(LATE)
    pages.office.advance(pages.system.clock())


class TestAgreeing:
    """That something cannot be done is agreed to, or sent back, or taken back before."""

    def test_a_head_agrees_on_the_page_of_the_assignment(self, pages: Pages) -> None:
        state(pages)
        assert AGREE in browser_of(pages, HEAD).get(path_of(pages)).text
        assert decide(pages, HEAD, "confirm") == 303
        assert pages.office.get(first(pages)).state is State.CANNOT_DO

    def test_agreeing_is_confirmed_and_stands_in_the_history(self, pages: Pages) -> None:
        state(pages)
        decide(pages, HEAD, "confirm")
        page = browser_of(pages, HEAD).get(f"{path_of(pages)}?done=confirm").text
        assert "เห็นชอบแล้วว่าไม่สามารถดำเนินการได้" in page
        assert AGREE in page.split("<summary>ประวัติ", 1)[1]

    def test_a_head_agrees_in_the_queue(self, pages: Pages) -> None:
        state(pages)
        head, version = browser_of(pages, HEAD), pages.office.get(first(pages)).version
        assert AGREE in head.get("/review").text
        told = {"csrf": token_of(head, "/review"), "confirm": f"{first(pages)}@{version}"}
        answer = head.post("/review/confirm", data=told)
        assert answer.headers["location"] == "/review?confirmed=1&failed=0"
        assert "เห็นชอบแล้วว่าไม่สามารถดำเนินการได้ ๑ รายการ" in head.get(answer.headers["location"]).text

    def test_a_statement_is_not_ticked_together_with_reports(self, pages: Pages) -> None:
        state(pages)
        assert 'name="chosen"' not in browser_of(pages, HEAD).get("/review").text

    def test_what_has_changed_meanwhile_is_left_and_said(self, pages: Pages) -> None:
        state(pages)
        head = browser_of(pages, HEAD)
        told = {"csrf": token_of(head, "/review"), "confirm": f"{first(pages)}@1"}
        assert head.post("/review/confirm", data=told).headers["location"] == "/review?confirmed=0&failed=1"
        assert pages.office.get(first(pages)).state is State.CANNOT_DO_STATED

    def test_until_then_the_page_says_that_nobody_has_agreed(self, pages: Pages) -> None:
        state(pages)
        assert "ยังไม่ได้รับความเห็นชอบ" in browser_of(pages, OFFICER).get(path_of(pages)).text
        decide(pages, HEAD, "confirm")
        page = browser_of(pages, OFFICER).get(path_of(pages)).text
        assert ("ยังไม่ได้รับความเห็นชอบ" in page, "ผู้บังคับบัญชาเห็นชอบแล้ว" in page) == (False, True)

    def test_the_division_takes_its_statement_back(self, pages: Pages) -> None:
        state(pages)
        officer, path = browser_of(pages, OFFICER), path_of(pages)
        assert "ถอนการแจ้งว่าไม่สามารถดำเนินการได้" in officer.get(path).text
        answer = officer.post(f"{path}/withdraw", data=form_of(officer, path) | {"stated": "yes"})
        assert "ถอนการแจ้งแล้ว โปรดดำเนินการและส่งรายงานภายในวันที่" in officer.get(answer.headers["location"]).text
        assert pages.office.get(first(pages)).state is State.OPEN

    def test_once_agreed_the_division_cannot_take_it_back(self, pages: Pages) -> None:
        state(pages)
        decide(pages, HEAD, "confirm")
        assert f"{path_of(pages)}/withdraw" not in browser_of(pages, OFFICER).get(path_of(pages)).text

    def test_what_was_stated_before_there_was_a_step_of_agreeing_counts_as_agreed(self, pages: Pages) -> None:
        state(pages)
        with pages.office.desk() as desk:
            found = desk.uow.assignments.get(first(pages))
            before = replace(found, state=State.CANNOT_DO, waiting=None, version=found.version + 1)
            desk.uow.assignments.save(before, expected=found.version)
        page = browser_of(pages, HEAD).get(path_of(pages)).text
        assert "ก่อนมีขั้นเห็นชอบ" in page
        assert 'value="confirm"' not in page


class TestWaiting:
    """Pages say with whom something lies, and since when."""

    @pytest.mark.parametrize("page", ["one", "/inbox?shelf=waiting", "/review"])
    def test_a_report_says_with_whom_it_lies(self, pages: Pages, page: str) -> None:
        hand_in(pages, browser_of(pages, OFFICER))
        text = browser_of(pages, HEAD).get(path_of(pages) if page == "one" else page).text
        assert f"รายงานผล รอการพิจารณาของ {CHANG_HEAD} ตั้งแต่วันที่ ๔ มกราคม ๒๕๖๖" in text

    @pytest.mark.parametrize("page", ["one", "/inbox?shelf=waiting", "/review"])
    def test_a_statement_says_with_whom_it_lies(self, pages: Pages, page: str) -> None:
        state(pages)
        text = browser_of(pages, HEAD).get(path_of(pages) if page == "one" else page).text
        assert f"การแจ้งว่าไม่สามารถดำเนินการได้ รอการพิจารณาของ {CHANG_HEAD} ตั้งแต่วันที่" in text

    @pytest.mark.parametrize("page", ["one", "/inbox", "/review"])
    def test_a_request_for_time_says_with_whom_it_lies(self, pages: Pages, page: str) -> None:
        officer, path = browser_of(pages, OFFICER), path_of(pages)
        asked = form_of(officer, path) | {"until": "31/1/2566", "reason": "รอเอกสาร"}
        officer.post(f"{path}/ask-extension", data=asked)
        text = browser_of(pages, HEAD).get(path if page == "one" else page).text
        assert f"คำขอขยายเวลา รอการพิจารณาของ {CHANG_HEAD} ตั้งแต่วันที่" in text

    def test_after_the_closing_hour_it_waits_since_the_next_working_day(self, pages: Pages) -> None:
        pages.set_clock("2023-01-06 16:30")  # a Friday
        hand_in(pages, browser_of(pages, OFFICER))
        assert "ตั้งแต่วันที่ ๙ มกราคม ๒๕๖๖" in browser_of(pages, HEAD).get(path_of(pages)).text

    def test_whoever_hands_in_is_told_who_decides(self, pages: Pages) -> None:
        hand_in(pages, browser_of(pages, HEAD))
        assert f"ส่งรายงานแล้ว รอ {THE_CLERK} ตรวจ" in browser_of(pages, HEAD).get(f"{path_of(pages)}?done=sent").text

    def test_what_comes_next_is_said_of_the_decision(self, pages: Pages) -> None:
        hand_in(pages, browser_of(pages, OFFICER))
        page = browser_of(pages, HEAD).get(path_of(pages)).text
        assert f"๖ มกราคม ๒๕๖๖ ถึง {CHANG_HEAD} หากยังไม่มีผลการพิจารณา" in page


class TestOwnMatters:
    """Nobody is offered the decision of what they did themselves, as long as there is somebody else."""

    def test_a_head_who_handed_in_is_offered_no_decision(self, pages: Pages) -> None:
        hand_in(pages, browser_of(pages, HEAD))
        page = browser_of(pages, HEAD).get(path_of(pages)).text
        assert ('value="accept"' in page, f"{path_of(pages)}/withdraw" in page) == (False, True)
        assert 'value="accept"' in browser_of(pages, CLERK).get(path_of(pages)).text

    def test_in_the_queue_it_stands_without_a_tick(self, pages: Pages) -> None:
        hand_in(pages, browser_of(pages, HEAD))
        page = browser_of(pages, HEAD).get("/review").text
        assert ('name="chosen"' in page, f"รอการพิจารณาของ {THE_CLERK}" in page) == (False, True)
        assert 'name="chosen"' in browser_of(pages, CLERK).get("/review").text

    def test_deciding_it_all_the_same_is_refused_with_the_name_of_who_decides(self, pages: Pages) -> None:
        hand_in(pages, browser_of(pages, HEAD))
        head, path = browser_of(pages, HEAD), path_of(pages)
        answer = head.post(f"{path}/decide", data=form_of(head, path) | {"decision": "accept"})
        assert answer.status_code == 403
        assert THE_CLERK in answer.text.split('id="faults"', 1)[1].split("</div>", 1)[0]

    def test_a_head_who_stated_is_not_offered_to_agree(self, pages: Pages) -> None:
        state(pages, HEAD)
        assert 'value="confirm"' not in browser_of(pages, HEAD).get(path_of(pages)).text
        assert f"{first(pages)}@" not in browser_of(pages, HEAD).get("/review").text

    def test_a_head_who_asked_for_time_is_not_offered_to_grant_it(self, pages: Pages) -> None:
        head, path = browser_of(pages, HEAD), path_of(pages)
        head.post(f"{path}/ask-extension", data=form_of(head, path) | {"until": "31/1/2566", "reason": "รอเอกสาร"})
        assert 'value="grant"' not in head.get(path).text
        assert 'value="grant"' in browser_of(pages, CLERK).get(path).text

    def test_where_nobody_else_is_there_the_doer_decides_and_the_page_says_so(self, pages: Pages) -> None:
        vacate(pages.office, "chang-officer", "clerk", "mayor")
        hand_in(pages, browser_of(pages, HEAD))
        assert decide(pages, HEAD, "accept") == 303
        page = browser_of(pages, HEAD).get(path_of(pages)).text
        top, history = page.split("<summary>ประวัติ", 1)
        assert (ALONE in top, ALONE in history) == (True, True)


class TestAcknowledging:
    """A supervisor takes note of a lateness, with words and a last day if wanted."""

    def test_it_is_offered_to_supervisors_of_what_is_late(self, pages: Pages) -> None:
        assert 'value="acknowledge"' not in browser_of(pages, HEAD).get(path_of(pages)).text
        late(pages)
        assert 'value="acknowledge"' in browser_of(pages, HEAD).get(path_of(pages)).text
        assert 'value="acknowledge"' not in browser_of(pages, OFFICER).get(path_of(pages)).text

    def test_the_page_says_who_took_note_at_which_level_until_when_and_what_was_ordered(self, pages: Pages) -> None:
        late(pages)
        assert decide(pages, CLERK, "acknowledge", words="ให้เร่งจัดประชุม", last_day="๑๖/๑/๒๕๖๖") == 303
        page = browser_of(pages, OFFICER).get(path_of(pages)).text
        said = f"{THE_CLERK} (ปลัด) รับทราบเมื่อวันที่ ๑๒ มกราคม ๒๕๖๖ ให้ดำเนินการภายในวันที่ ๑๖ มกราคม ๒๕๖๖"
        assert said in page
        assert "ข้อสั่งการ: ให้เร่งจัดประชุม" in page

    def test_both_may_be_left_out(self, pages: Pages) -> None:
        late(pages)
        assert decide(pages, HEAD, "acknowledge") == 303
        (made,) = pages.office.get(first(pages)).acknowledgments
        assert (made.level, made.until.isoformat()) == (Level.HEAD, "2023-01-19")  # the fifth working day after

    @pytest.mark.parametrize("day", ["เร็ว ๆ นี้", "11/1/2566"])
    def test_a_day_that_is_none_or_has_passed_stands_at_its_field_with_the_words(self, pages: Pages, day: str) -> None:
        late(pages)
        head, path = browser_of(pages, HEAD), path_of(pages)
        told = form_of(head, path) | {"decision": "acknowledge", "words": "ให้เร่งจัดประชุม", "last_day": day}
        answer = head.post(f"{path}/decide", data=told)
        assert answer.status_code == 422
        assert 'id="last_day-fault"' in answer.text
        assert "ให้เร่งจัดประชุม</textarea>" in answer.text
        assert pages.office.get(first(pages)).acknowledgments == ()

    def test_a_second_time_is_refused_politely_until_somebody_above_was_told(self, pages: Pages) -> None:
        late(pages)
        decide(pages, HEAD, "acknowledge")
        head, path = browser_of(pages, HEAD), path_of(pages)
        answer = head.post(f"{path}/decide", data=form_of(head, path) | {"decision": "acknowledge"})
        assert answer.status_code == 409
        assert "ยังไม่ถึงกำหนดแจ้งผู้บังคับบัญชาชั้นถัดไป" in answer.text


def test_every_sentence_of_these_pages_has_its_english(pages: Pages) -> None:
    state(pages)
    head = browser_of(pages, HEAD)
    head.cookies.set("sucharit_language", "en")
    for page in (path_of(pages), "/review", "/inbox?shelf=waiting"):
        text = head.get(page).text
        assert f"waits for {CHANG_HEAD} to decide, since 4 January 2023" in text
        assert ENGLISH[AGREE] in text or page.startswith("/inbox")
