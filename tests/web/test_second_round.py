"""After a return or a withdrawal the form holds every answer of the report before, and loses none on the way."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from starlette.testclient import TestClient

from domain.assignment import State
from tests.web.browsers import browser_of
from tests.web.conftest import Pages
from tests.web.test_work_pages import ANSWERED, HEAD, OFFICER, PNG, first, form_of, hand_in

DAY = {"effective_on": "๒/๑/๒๕๖๖"}


def _back(pages: Pages, officer: TestClient, how: str) -> None:
    path = f"/assignments/{first(pages)}"
    pages.set_clock("2023-01-04 10:30")
    if how == "withdraw":
        officer.post(f"{path}/withdraw", data=form_of(officer, path))
    else:
        head = pages.visitor(HEAD)
        head.post(f"{path}/decide", data=form_of(head, path) | {"decision": "return", "reason": "โปรดแนบภาพ"})


def _day(pages: Pages) -> date | None:
    submission = pages.office.get(first(pages)).submission
    return submission.effective_on if submission else None


@pytest.mark.parametrize("how", ["withdraw", "return"])
def test_the_day_of_the_work_is_in_the_form_again(pages: Pages, how: str) -> None:
    officer, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    assert hand_in(pages, officer, **DAY) == 303
    _back(pages, officer, how)
    pages.set_clock("2023-01-17 10:00")
    officer = browser_of(pages, OFFICER)
    page = officer.get(path).text
    (shown,) = re.findall(r'name="effective_on" type="text" value="([^"]*)"', page)
    assert shown == DAY["effective_on"]
    assert hand_in(pages, officer, effective_on=shown) == 303
    assert _day(pages) == date(2023, 1, 2)


def test_a_day_that_is_left_out_stays_that_of_before_and_the_form_says_so(pages: Pages) -> None:
    officer, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    assert "เว้นว่างได้ หากเป็นวันนี้" in officer.get(path).text
    hand_in(pages, officer, **DAY)
    _back(pages, officer, "withdraw")
    pages.set_clock("2023-01-17 10:00")
    officer = browser_of(pages, OFFICER)
    page = officer.get(path).text
    assert "หากเว้นว่าง ใช้วันที่รายงานไว้เดิม ๒ มกราคม ๒๕๖๖" in page
    assert "เว้นว่างได้ หากเป็นวันนี้" not in page
    assert hand_in(pages, officer, effective_on="") == 303
    assert _day(pages) == date(2023, 1, 2)


def test_one_report_for_a_measure_leaves_each_its_day_and_says_so(pages: Pages) -> None:
    officer = pages.visitor(OFFICER)
    address = "/inbox/measure?division=chang&measure=m1&year=2566"
    assert "วันที่รายงานไว้เดิม" not in officer.get(address).text
    hand_in(pages, officer, **DAY)
    _back(pages, officer, "return")
    pages.set_clock("2023-01-17 10:00")
    officer = browser_of(pages, OFFICER)
    page = officer.get(address).text
    assert "รายการที่เคยรายงานแล้ว ใช้วันที่รายงานไว้เดิม" in page
    chosen = re.findall(r'name="chosen" value="([^"]+)" checked', page)
    given = {"division": "chang", "measure": "m1", "year": "2566", "chosen": chosen}
    csrf = {"csrf": form_of(officer, f"/assignments/{first(pages)}")["csrf"]}
    assert officer.post("/inbox/measure", data=csrf | given | ANSWERED).status_code == 303
    assert _day(pages) == date(2023, 1, 2)


def _unticked(page: str) -> list[str]:
    boxes = re.findall(r'name="left" value="(\w+)"( checked)?', page)
    return [sha256 for sha256, checked in boxes if not checked]


def test_evidence_that_was_unticked_stays_so_in_a_refused_report_and_in_the_draft(pages: Pages) -> None:
    officer, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    files = {"files": ("ผิดไฟล์.png", BytesIO(PNG), "image/png")}
    officer.post(f"{path}/hand-in", data=form_of(officer, path) | ANSWERED, files=files)
    _back(pages, officer, "withdraw")
    (earlier,) = re.findall(r'name="earlier" value="(\w+)"', officer.get(path).text)
    without = form_of(officer, path) | ANSWERED | {"earlier": earlier}
    refused = officer.post(f"{path}/hand-in", data=without | {"result": " "})
    assert (refused.status_code, _unticked(refused.text)) == (422, [earlier])
    assert _unticked(officer.get(path).text) == [earlier]
    officer.post(f"{path}/draft", data=without | {"left": earlier})
    assert _unticked(officer.get(path).text) == []
    officer.post(f"{path}/draft", data=without)
    assert _unticked(officer.get(path).text) == [earlier]


def test_everything_that_was_answered_is_in_the_form_again(pages: Pages) -> None:
    officer, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    links = {"links": "https://a.example/1"}
    told = form_of(officer, path) | {"result": "ก", "problems": "ฝนตก", "no_suggestions": "yes"} | DAY | links
    assert officer.post(f"{path}/hand-in", data=told).status_code == 303
    _back(pages, officer, "return")
    assert pages.office.get(first(pages)).state is State.RETURNED
    page = unescape(officer.get(path).text)
    assert ">ก</textarea>" in page
    assert ">ฝนตก</textarea>" in page
    assert 'name="no_suggestions" value="yes" checked' in page
    assert 'name="no_problems" value="yes" checked' not in page
    assert len(re.findall(r'name="left" value="\w+" checked', page)) == 1
