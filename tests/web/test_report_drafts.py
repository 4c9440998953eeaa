"""What is typed into a report is kept until it is handed in, and never counts as handed in."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from domain.assignment import State
from tests.web.conftest import Pages
from tests.web.test_letter_links import link
from tests.web.test_work_pages import ANSWERED, HEAD, OFFICER, STRANGER, first, form_of, hand_in

JSON = {"accept": "application/json"}


def test_what_is_typed_is_there_again_and_is_no_report(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    told = form_of(browser, path) | {"result": "พิมพ์ค้างไว้", "links": "https://a.example/1", "no_problems": "yes"}
    assert browser.post(f"{path}/draft", data=told).headers["location"] == f"{path}?saved=draft"
    page = browser.get(path).text
    assert "พิมพ์ค้างไว้" in page
    assert "ร่างที่บันทึกไว้" in page
    assert "https://a.example/1" in page
    assert pages.office.get(first(pages)).state is State.OPEN
    assert not pages.office.ledger("assignment.hand_in")


def test_a_script_is_told_in_a_sentence(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    answer = browser.post(f"{path}/draft", data=form_of(browser, path) | {"result": "ก"}, headers=JSON)
    assert answer.status_code == 200
    assert "บันทึกร่างแล้ว" in answer.json()["said"]


def window(browser: TestClient, path: str) -> dict[str, str]:
    """What the form of a window that opens now carries along."""
    (seen,) = re.findall(r'name="draft_seen" value="(\w*)"', browser.get(path).text)
    return form_of(browser, path) | {"draft_seen": seen}


def test_a_second_window_is_told_and_overwrites_nothing(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    one, other = window(browser, path), window(browser, path)
    saved = browser.post(f"{path}/draft", data=one | {"result": "หน้าต่างแรก"}, headers=JSON).json()
    told = browser.post(f"{path}/draft", data=other | {"result": "หน้าต่างที่สอง"}, headers=JSON)
    assert (told.status_code, "อีกหน้าต่าง" in told.json()["said"]) == (409, True)
    assert "หน้าต่างแรก" in browser.get(path).text
    again = browser.post(f"{path}/draft", data=one | {"result": "ต่อ", "draft_seen": saved["mark"]}, headers=JSON)
    assert again.status_code == 200


def test_a_page_follows_itself_though_it_never_heard_what_became_of_its_last_saving(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    one, other = window(browser, path) | {"draft_window": "one"}, window(browser, path) | {"draft_window": "other"}
    for turn, words in ((1, "ก"), (3, "กขค"), (2, "กข")):  # the second was overtaken by the third
        told = browser.post(f"{path}/draft", data=one | {"result": words, "draft_turn": turn}, headers=JSON)
        assert told.status_code == 200
    assert ">กขค</textarea>" in browser.get(path).text
    refused = browser.post(f"{path}/draft", data=other | {"result": "อื่น", "draft_turn": 9}, headers=JSON)
    assert refused.status_code == 409
    assert ">กขค</textarea>" in browser.get(path).text


def test_whoever_means_it_saves_over_the_other_window(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    other = window(browser, path)
    browser.post(f"{path}/draft", data=window(browser, path) | {"result": "หน้าต่างแรก"})
    refused = browser.post(f"{path}/draft", data=other | {"result": "หน้าต่างที่สอง"})
    assert (refused.status_code, "หน้าต่างที่สอง" in refused.text) == (409, True)
    assert "<dd>หน้าต่างแรก</dd>" in refused.text
    fresh = window(browser, path)["draft_seen"]
    assert f'name="draft_seen" value="{fresh}"' in refused.text
    browser.post(f"{path}/draft", data=other | {"result": "หน้าต่างที่สอง", "draft_seen": fresh})
    assert "หน้าต่างที่สอง" in browser.get(path).text


def test_a_draft_is_its_writers_alone(pages: Pages) -> None:
    officer, head, path = pages.visitor(OFFICER), pages.visitor(HEAD), f"/assignments/{first(pages)}"
    officer.post(f"{path}/draft", data=form_of(officer, path) | {"result": "ของเจ้าหน้าที่"})
    assert "ของเจ้าหน้าที่" not in head.get(path).text


def test_handing_in_ends_the_draft(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    browser.post(f"{path}/draft", data=form_of(browser, path) | {"result": "ร่างแรก"})
    hand_in(pages, browser)
    browser.post(f"{path}/withdraw", data=form_of(browser, path))
    page = browser.get(path).text
    assert "ร่างแรก" not in page
    assert "ร่างที่บันทึกไว้" not in page


def test_a_draft_from_before_a_colleagues_report_is_past(pages: Pages) -> None:
    officer, head, path = pages.visitor(OFFICER), pages.visitor(HEAD), f"/assignments/{first(pages)}"
    head.post(f"{path}/draft", data=form_of(head, path) | {"result": "ร่างเก่าของหัวหน้า"})
    pages.set_clock("2023-01-04 11:00")
    hand_in(pages, officer)
    officer.post(f"{path}/withdraw", data=form_of(officer, path))
    assert "ร่างเก่าของหัวหน้า" not in head.get(path).text


def test_a_draft_is_thrown_away_by_its_button_or_by_emptying_the_form(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    form = form_of(browser, path)
    for away in ({"path": f"{path}/draft/discard"}, {"path": f"{path}/draft"}):
        browser.post(f"{path}/draft", data=form | {"result": "ทิ้งได้"})
        assert browser.post(away["path"], data=form).status_code == 303
        assert "ทิ้งได้" not in browser.get(path).text


def test_nobody_keeps_a_draft_of_what_they_may_not_report(pages: Pages) -> None:
    stranger, path = pages.visitor(STRANGER), f"/assignments/{first(pages)}"
    form = {"csrf": stranger.get("/inbox").text.split('name="csrf" value="', 1)[1].split('"', 1)[0], "version": "1"}
    answer = stranger.post(f"{path}/draft", data=form | {"result": "ก"}, headers=JSON)
    assert answer.status_code == 403
    assert "ไม่มีสิทธิ" in answer.json()["said"]


def test_nothing_is_drafted_of_a_report_that_is_in(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    form = form_of(browser, path)
    hand_in(pages, browser)
    assert browser.post(f"{path}/draft", data=form | {"result": "ก"}, headers=JSON).status_code == 409


def test_a_letters_link_keeps_a_draft_too(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    browser.post(f"{path}/draft", data=form_of(browser, path) | ANSWERED | {"result": "จากลิงก์"})
    assert "จากลิงก์" in browser.get(path).text


def test_an_accepted_report_leaves_no_draft_of_anybody(pages: Pages) -> None:
    officer, head, path = pages.visitor(OFFICER), pages.visitor(HEAD), f"/assignments/{first(pages)}"
    head.post(f"{path}/draft", data=form_of(head, path) | {"result": "ร่าง"})
    hand_in(pages, officer)
    head.post(f"{path}/decide", data=form_of(head, path) | {"decision": "accept"})
    with pages.office.reading() as desk:
        assert desk.uow.report_drafts.get(first(pages), HEAD) is None


def test_of_two_who_edit_the_second_sees_both_texts(pages: Pages) -> None:
    one, other, path = pages.visitor(OFFICER), pages.visitor(HEAD), f"/assignments/{first(pages)}"
    seen = form_of(other, path)
    hand_in(pages, one)
    answer = other.post(f"{path}/hand-in", data=seen | ANSWERED | {"result": "อีกฉบับหนึ่ง"})
    assert answer.status_code == 409
    assert "อีกฉบับหนึ่ง" in answer.text
    assert ANSWERED["result"] in answer.text


def test_a_day_that_has_not_come_is_said_at_its_field_in_thai(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    told = form_of(browser, path) | ANSWERED | {"effective_on": "๑/๒/๒๕๖๖"}
    answer = browser.post(f"{path}/hand-in", data=told)
    assert answer.status_code == 422
    assert 'id="effective_on-fault"' in answer.text
    assert "วันที่ ๑ กุมภาพันธ์ ๒๕๖๖ ยังมาไม่ถึง" in answer.text
