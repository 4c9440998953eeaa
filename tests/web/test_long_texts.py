"""Long texts: counted as their writer counts them, and said to be too long without losing a word."""

from __future__ import annotations

import re
from html import unescape

import pytest

from domain.assignment import State
from tests.web.conftest import Pages
from tests.web.test_work_pages import ANSWERED, HEAD, OFFICER, first, form_of, hand_in

LONGEST = ("ทำแล้ว\n" * 3_000)[:19_999] + "จ"
"""As long as a report may be, in some three thousand lines; a browser sends each line's end as two characters."""
SENT = LONGEST.replace("\n", "\r\n")
TOO_LONG = SENT + "\r\nเกิน"
SENTENCE = "ยาว ๒๐,๐๐๕ ตัวอักษร ใส่ได้ไม่เกิน ๒๐,๐๐๐ ตัวอักษร โปรดตัดออกอย่างน้อย ๕ ตัวอักษร"
JSON = {"accept": "application/json"}


@pytest.fixture
def database_url(each_database_url: str) -> str:
    """Both: each has its own idea of how long a text may be."""
    return each_database_url


def _areas(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)]


def test_the_longest_report_is_handed_in_as_it_was_typed(pages: Pages) -> None:
    browser = pages.visitor(OFFICER)
    assert hand_in(pages, browser, result=SENT) == 303
    submission = pages.office.get(first(pages)).submission
    assert submission is not None
    assert submission.result == LONGEST


def test_signs_beyond_the_first_plane_count_once(pages: Pages) -> None:
    assert hand_in(pages, pages.visitor(OFFICER), result="😀" * 20_000) == 303


def test_the_longest_draft_is_kept_as_it_was_typed(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    saved = browser.post(f"{path}/draft", data=form_of(browser, path) | {"result": SENT}, headers=JSON)
    assert "ใส่ได้ไม่เกิน" not in saved.json()["said"]
    assert LONGEST in _areas(browser.get(path).text)


def test_a_report_that_is_too_long_comes_back_whole_with_both_lengths(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    answer = browser.post(f"{path}/hand-in", data=form_of(browser, path) | ANSWERED | {"result": TOO_LONG})
    assert answer.status_code == 422
    assert f"ผลการดำเนินการ{SENTENCE}" in answer.text
    assert 'id="result-fault"' in answer.text
    assert TOO_LONG.replace("\r\n", "\n") in [text.replace("\r\n", "\n") for text in _areas(answer.text)]
    assert TOO_LONG.replace("\r\n", "\n") in _areas(browser.get(path).text)
    assert pages.office.get(first(pages)).state is State.OPEN


def test_a_draft_that_is_too_long_is_kept_whole_and_said_to_be(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    saved = browser.post(f"{path}/draft", data=form_of(browser, path) | {"problems": TOO_LONG}, headers=JSON)
    assert saved.status_code == 200
    assert f"ปัญหา อุปสรรค{SENTENCE}" in saved.json()["said"]
    assert TOO_LONG.replace("\r\n", "\n") in _areas(browser.get(path).text)


@pytest.mark.parametrize(
    ("move", "told"),
    [
        ("ask-extension", {"until": "31/1/2566"}),
        ("cannot-do", {"kind": "other"}),
    ],
)
def test_a_reason_is_counted_in_the_same_way(pages: Pages, move: str, told: dict[str, str]) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    given = form_of(browser, path) | told
    refused = browser.post(f"{path}/{move}", data=given | {"reason": TOO_LONG})
    assert (refused.status_code, f"เหตุผล{SENTENCE}" in refused.text) == (422, True)
    assert TOO_LONG.replace("\r\n", "\n") in [text.replace("\r\n", "\n") for text in _areas(refused.text)]
    assert browser.post(f"{path}/{move}", data=given | {"reason": SENT}).status_code == 303


def test_a_supervisors_reason_is_counted_in_the_same_way(pages: Pages) -> None:
    hand_in(pages, pages.visitor(OFFICER))
    head, path = pages.visitor(HEAD), f"/assignments/{first(pages)}"
    given = form_of(head, path) | {"decision": "return"}
    assert f"เหตุผล{SENTENCE}" in head.post(f"{path}/decide", data=given | {"reason": TOO_LONG}).text
    assert head.post(f"{path}/decide", data=given | {"reason": SENT}).status_code == 303
    assert pages.office.get(first(pages)).reason == LONGEST


def test_no_browser_cuts_a_text_off_in_silence(pages: Pages) -> None:
    page = pages.visitor(OFFICER).get(f"/assignments/{first(pages)}").text
    assert not re.search(r"<textarea[^>]*maxlength", page)


def test_any_other_field_that_is_too_long_is_said_with_both_lengths(pages: Pages) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    told = form_of(browser, path) | {"until": "๑" * 201, "reason": "รอ"}
    answer = browser.post(f"{path}/ask-extension", data=told)
    assert answer.status_code == 422
    assert "ยาว ๒๐๑ ตัวอักษร ใส่ได้ไม่เกิน ๒๐๐ ตัวอักษร" in answer.text
    missing = browser.post(f"{path}/withdraw", data={"csrf": told["csrf"]})
    assert "แบบฟอร์มส่งมาไม่ครบ" in missing.text


@pytest.mark.parametrize("kind", ["urlencoded", "multipart"])
def test_more_than_a_form_can_carry_is_said_to_be_too_much(pages: Pages, kind: str) -> None:
    browser, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    told = form_of(browser, path) | ANSWERED | {"result": "ก" * 700_000}
    files = {"files": ("", b"", "application/octet-stream")} if kind == "multipart" else None
    answer = browser.post(f"{path}/hand-in", data=told, files=files)
    assert answer.status_code in {400, 413}
    assert "ใหญ่เกิน" in answer.text
    assert "โปรดย้อนกลับ" in answer.text
