"""The work of a division and its review, through the pages."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from starlette.testclient import TestClient

from domain.assignment import State
from tests.web.conftest import Pages, token_of

OFFICER, HEAD, STRANGER = "the-chang-officer", "the-chang-head", "the-khlang-officer"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
ANSWERED = {"result": "ประชุมแล้ว", "no_problems": "yes", "suggestions": "เพิ่มคน"}


def first(pages: Pages) -> str:
    (found, *_) = pages.office.assignments()
    return found.id


def form_of(browser: TestClient, path: str) -> dict[str, str]:
    page = browser.get(path).text
    (version,) = set(re.findall(r'name="version" value="(\d+)"', page))
    return {"csrf": token_of(browser, path), "version": version}


def hand_in(pages: Pages, browser: TestClient, **fields: str) -> int:
    path = f"/assignments/{first(pages)}"
    return browser.post(f"{path}/hand-in", data=form_of(browser, path) | ANSWERED | fields).status_code


def test_the_inbox_shows_what_the_division_owes(pages: Pages) -> None:
    page = pages.visitor(OFFICER).get("/inbox").text
    assert f"/assignments/{first(pages)}" in page
    assert "ครบกำหนด" in page


def test_what_is_handed_in_leaves_the_list_of_what_is_to_do(pages: Pages) -> None:
    browser = pages.visitor(OFFICER)
    before = browser.get("/inbox").text
    assert "ต้องดำเนินการ ๒" in before
    assert not any("ไตรมาส" in card for card in re.findall(r'<div class="meta">(.*?)</div>', before, re.DOTALL))
    hand_in(pages, browser)
    after = browser.get("/inbox").text
    assert "ต้องดำเนินการ ๑" in after
    assert first(pages) not in after
    assert first(pages) in browser.get("/inbox?shelf=waiting").text


def test_another_division_does_not_see_it(pages: Pages) -> None:
    assert f"/assignments/{first(pages)}" not in pages.visitor(STRANGER).get("/inbox").text


def test_a_report_with_evidence_is_handed_in_and_waits_for_the_head(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    files = {"files": ("ภาพ.png", BytesIO(PNG), "image/png")}
    assert browser.post(f"{path}/hand-in", data=form_of(browser, path) | ANSWERED, files=files).status_code == 303
    stored = pages.office.get(first(pages))
    assert (stored.state, stored.submission.result if stored.submission else "") == (State.HANDED_IN, "ประชุมแล้ว")
    assert f"{first(pages)}@" in pages.visitor(HEAD).get("/review").text


def test_an_unanswered_heading_comes_back_with_everything_typed(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    answer = browser.post(f"{path}/hand-in", data=form_of(browser, path) | {"result": "ทำแล้วครบถ้วน"})
    assert answer.status_code == 422
    assert "ทำแล้วครบถ้วน" in answer.text
    assert 'id="problems-fault"' in answer.text
    assert pages.office.get(first(pages)).state is State.OPEN


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.jpg", b"MZ\x90\x00"),
        ("empty.pdf", b""),
        ("drawing.svg", b"<svg><script>alert(1)</script></svg>"),
        ("run.exe", b"MZ"),
        ("notes.txt", b"\x7fELF"),
        ("zip.docx", b"PK\x03\x04 not a package"),
    ],
)
def test_what_is_no_evidence_is_refused_and_nothing_is_kept(pages: Pages, name: str, content: bytes) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    files = {"files": (name, BytesIO(content), "image/jpeg")}
    answer = browser.post(f"{path}/hand-in", data=form_of(browser, path) | ANSWERED, files=files)
    assert answer.status_code == 422
    assert 'id="files-fault"' in answer.text
    assert pages.office.get(first(pages)).state is State.OPEN


def test_of_two_who_edit_the_second_is_told_and_nothing_is_overwritten(pages: Pages) -> None:
    one, other, path = pages.visitor(OFFICER), pages.visitor(HEAD), f"/assignments/{first(pages)}"
    seen = form_of(other, path)
    hand_in(pages, one)
    answer = other.post(f"{path}/hand-in", data=seen | ANSWERED | {"result": "อีกฉบับ"})
    assert answer.status_code == 409
    submission = pages.office.get(first(pages)).submission
    assert submission is not None
    assert submission.result == "ประชุมแล้ว"


def test_the_head_returns_with_a_reason_and_accepts_the_correction(pages: Pages) -> None:
    officer, head, path = pages.visitor(OFFICER), pages.visitor(HEAD), f"/assignments/{first(pages)}"
    hand_in(pages, officer)
    without = head.post(f"{path}/decide", data=form_of(head, path) | {"decision": "return"})
    assert without.status_code == 422
    told = form_of(head, path) | {"decision": "return", "reason": "โปรดแนบภาพ"}
    assert head.post(f"{path}/decide", data=told).status_code == 303
    assert "โปรดแนบภาพ" in officer.get(path).text
    hand_in(pages, officer, result="แนบภาพแล้ว")
    assert head.post(f"{path}/decide", data=form_of(head, path) | {"decision": "accept"}).status_code == 303
    assert pages.office.get(first(pages)).state is State.ACCEPTED


def test_several_are_accepted_at_once(pages: Pages) -> None:
    hand_in(pages, pages.visitor(OFFICER))
    head = pages.visitor(HEAD)
    chosen = f"{first(pages)}@{pages.office.get(first(pages)).version}"
    told = {"csrf": token_of(head, "/review"), "chosen": [chosen, "2566-m9.9-none-q1@1"]}
    assert head.post("/review/accept", data=told).headers["location"] == "/review?accepted=1&failed=1"


def test_what_was_handed_in_can_be_taken_back_until_it_is_reviewed(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    hand_in(pages, browser)
    assert browser.post(f"{path}/withdraw", data=form_of(browser, path)).status_code == 303
    assert "ประชุมแล้ว" in browser.get(path).text
    assert pages.office.get(first(pages)).state is State.OPEN


def test_more_time_is_asked_for_and_granted(pages: Pages) -> None:
    officer, head, path = pages.visitor(OFFICER), pages.visitor(HEAD), f"/assignments/{first(pages)}"
    wrong = form_of(officer, path) | {"until": "เร็ว ๆ นี้", "reason": "รอเอกสาร"}
    assert officer.post(f"{path}/ask-extension", data=wrong).status_code == 422
    asked = form_of(officer, path) | {"until": "๓๑/๑/๒๕๖๖", "reason": "รอเอกสาร"}
    assert officer.post(f"{path}/ask-extension", data=asked).status_code == 303
    assert head.post(f"{path}/decide", data=form_of(head, path) | {"decision": "grant"}).status_code == 303
    assert pages.office.get(first(pages)).due_on.isoformat() == "2023-01-31"


def test_more_time_is_refused_with_a_reason_that_the_division_sees(pages: Pages) -> None:
    officer, head, path = pages.visitor(OFFICER), pages.visitor(HEAD), f"/assignments/{first(pages)}"
    asked = form_of(officer, path) | {"until": "31/1/2566", "reason": "รอเอกสาร"}
    officer.post(f"{path}/ask-extension", data=asked)
    refused = form_of(head, path) | {"decision": "refuse"}
    answer = head.post(f"{path}/decide", data=refused)
    assert (answer.status_code, 'id="reason-fault"' in answer.text) == (422, True)
    assert head.post(f"{path}/decide", data=refused | {"reason": "งานเร่งด่วน"}).status_code == 303
    page = officer.get(path).text
    assert ("ไม่อนุมัติการขยายเวลา" in page, "งานเร่งด่วน" in page) == (True, True)
    officer.post(f"{path}/ask-extension", data=form_of(officer, path) | {"until": "31/1/2566", "reason": "อีกครั้ง"})
    assert "ไม่อนุมัติการขยายเวลา</h2>" not in officer.get(path).text


def test_a_head_sees_why_something_cannot_be_done_and_sends_it_back(pages: Pages) -> None:
    officer, head, path = pages.visitor(OFFICER), pages.visitor(HEAD), f"/assignments/{first(pages)}"
    told = form_of(officer, path) | {"kind": "no_budget", "reason": "ไม่ได้ตั้งงบ"}
    officer.post(f"{path}/cannot-do", data=told)
    assert f'href="{path}#reason"' in head.get("/review").text
    page = head.get(path).text
    assert ("ไม่ได้ตั้งงบ" in page, "ส่งกลับพร้อมเหตุผล" in page) == (True, True)
    sent = form_of(head, path) | {"decision": "return", "reason": "ใช้งบเหลือจ่าย"}
    assert head.post(f"{path}/decide", data=sent).status_code == 303
    assert pages.office.get(first(pages)).state is State.RETURNED


def test_cannot_do_needs_one_of_the_official_reasons(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    assert browser.post(f"{path}/cannot-do", data=form_of(browser, path)).status_code == 422
    told = form_of(browser, path) | {"kind": "no_budget", "reason": "ไม่ได้ตั้งงบ"}
    assert browser.post(f"{path}/cannot-do", data=told).status_code == 303
    assert pages.office.get(first(pages)).state is State.CANNOT_DO_STATED


def test_an_officer_of_another_division_cannot_report(pages: Pages) -> None:
    stranger, path = pages.visitor(STRANGER), f"/assignments/{first(pages)}"
    told = {"csrf": token_of(stranger, "/inbox"), "version": "1", **ANSWERED}
    assert stranger.post(f"{path}/hand-in", data=told).status_code == 403
    assert pages.office.get(first(pages)).state is State.OPEN


def test_evidence_comes_as_an_attachment_that_cannot_run(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    files = {"files": ("ภาพ.png", BytesIO(PNG), "image/png")}
    browser.post(f"{path}/hand-in", data=form_of(browser, path) | ANSWERED, files=files)
    (address,) = re.findall(r'href="(/assignments/[^"]+/evidence/\w+)"', browser.get(path).text)
    answer = browser.get(address)
    assert answer.content == PNG
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_handing_in_is_confirmed_with_whom_it_waits_for_and_what_is_missing(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    where = browser.post(f"{path}/hand-in", data=form_of(browser, path) | ANSWERED).headers["location"]
    with pages.office.reading() as desk:
        head = desk.person_name(HEAD)
    page = browser.get(where).text
    assert f"ส่งรายงานแล้ว รอ {head} ตรวจ" in page
    assert "รายงานนี้ไม่มีหลักฐานแนบ" in page
    assert "ส่งรายงานแล้ว รอ" not in browser.get(path).text
    assert "ส่งรายงานแล้ว" not in browser.get(f"{path}?done=<script>").text


def test_asking_for_more_time_is_confirmed_with_the_day_that_was_asked_for(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    asked = form_of(browser, path) | {"until": "31/7/2566", "reason": "รอเอกสาร"}
    page = browser.post(f"{path}/ask-extension", data=asked, follow_redirects=True).text
    assert "ส่งคำขอขยายเวลาแล้ว" in page
    assert "หากเลือกวันหยุด ระบบใช้วันทำการถัดไป" in page


def test_an_old_address_confirms_nothing_that_is_no_longer_so(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    assert "ส่งรายงานแล้ว" not in browser.get(f"{path}?done=sent").text


def test_a_head_sees_who_reported_and_decides_without_the_officers_buttons(pages: Pages) -> None:
    hand_in(pages, pages.visitor(OFFICER))
    head, path = pages.visitor(HEAD), f"/assignments/{first(pages)}"
    with pages.office.reading() as desk:
        officer = desk.person_name(OFFICER)
    page = head.get(path).text
    assert f"รายงานโดย {officer} ๔ ม.ค. ๖๖" in page
    assert "ไม่มีหลักฐานแนบ" in page
    assert f"{path}/withdraw" not in page
    assert 'href="/review">←' in page


def test_after_a_decision_the_head_is_led_on_and_the_officers_form_is_folded(pages: Pages) -> None:
    hand_in(pages, pages.visitor(OFFICER))
    head, path = pages.visitor(HEAD), f"/assignments/{first(pages)}"
    told = form_of(head, path) | {"decision": "return", "reason": "โปรดแนบภาพ"}
    page = head.get(head.post(f"{path}/decide", data=told).headers["location"]).text
    assert "แก้ไขแล้ว ครบกำหนดส่งอีกครั้ง" in page
    assert "ไม่มีงานรอตรวจ" in page
    assert "<summary>รายงานแทนกอง</summary>" in page
    assert ANSWERED["result"] in page


def test_a_returned_report_says_who_returned_it_when_and_until_when(pages: Pages) -> None:
    officer, head, path = pages.visitor(OFFICER), pages.visitor(HEAD), f"/assignments/{first(pages)}"
    hand_in(pages, officer)
    head.post(f"{path}/decide", data=form_of(head, path) | {"decision": "return", "reason": "โปรดแนบภาพ"})
    with pages.office.reading() as desk:
        name = desk.person_name(HEAD)
    page = officer.get(path).text
    assert f"ส่งกลับโดย {name} ๔ ม.ค. ๖๖" in page
    assert "โปรดแก้ไขและส่งอีกครั้งภายในวันที่" in page
    assert "รายงานแทนกอง" not in page


def test_a_session_that_has_ended_leads_back_to_the_same_assignment(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    form = form_of(browser, path)
    browser.cookies.clear()
    where = browser.post(f"{path}/hand-in", data=form | ANSWERED).headers["location"]
    assert where == f"/sign-in?back={path}&ended=1"
    assert "ท่านออกจากระบบแล้ว โปรดเข้าสู่ระบบอีกครั้ง" in browser.get(where).text


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/review?division=chang", "/review%3Fdivision%3Dchang"),
        ("https://evil.example/review", "/"),
        ("http://testserver/review/accept", "/"),
        ("", "/"),
    ],
)
def test_any_other_form_leads_back_to_its_own_page(pages: Pages, referer: str, back: str) -> None:
    answer = pages.visitor().post("/review/accept", headers={"referer": referer})
    assert answer.headers["location"] == f"/sign-in?back={back}&ended=1"


def test_a_refused_report_stays_as_a_draft(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    browser.post(f"{path}/hand-in", data=form_of(browser, path) | {"result": "พิมพ์แล้วออกไป"})
    page = browser.get(path).text
    assert "พิมพ์แล้วออกไป" in page
    assert "ร่างที่บันทึกไว้" in page
