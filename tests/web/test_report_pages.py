"""The page of reports: where each quarter stands, freezing by hand, the documents."""

from __future__ import annotations

import re
from html import unescape

import pytest

from services.assignments.hand_in import Result, hand_in
from services.assignments.review import accept
from tests.factories import NONE_CONFIRMED
from tests.web.browsers import browser_of
from tests.web.conftest import Pages, token_of

ID = "2566-m1.1-chang-q1"
CLERK = "the-clerk"


def card(pages: Pages, quarter: int) -> str:
    page = browser_of(pages, CLERK).get("/reports").text
    own = page.split(f'id="q2566-{quarter}"', 1)[1].split("</li>", 1)[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", own)))


def freeze(pages: Pages, person: str = CLERK, quarter: int = 1) -> str:
    browser = browser_of(pages, person)
    answer = browser.post(f"/reports/2566/{quarter}/freeze", data={"csrf": token_of(browser, "/account/password")})
    return answer.headers.get("location", str(answer.status_code))


def finish(pages: Pages) -> None:
    with pages.office.desk() as desk:
        now = pages.system.clock()
        hand_in(desk, ID, Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED), by="the-chang-officer", now=now)
        accept(desk, ID, by="the-chang-head", now=now)


def test_a_quarter_says_what_is_still_to_come(pages: Pages) -> None:
    assert "รอผลรายงาน" in card(pages, 1)
    assert "ยังไม่ได้ผล ๑ จาก ๑ รายการ" in card(pages, 1)
    assert "ยังไม่สิ้นสุดไตรมาส" in card(pages, 4)
    finish(pages)
    assert "ได้ผลครบทั้ง ๑ รายการ" in card(pages, 1)


def test_only_a_quarter_that_has_begun_is_offered_to_be_frozen(pages: Pages) -> None:
    page = browser_of(pages, CLERK).get("/reports").text
    assert re.findall(r'action="/reports/2566/(\d)/freeze"', page) == ["2", "1"]
    folded = page.split("ไตรมาสที่ยังไม่เริ่ม ๒ ไตรมาส", 1)[1]
    assert 'id="q2566-3"' in folded
    assert 'id="q2566-2"' not in folded


def test_freezing_makes_a_revision_with_its_document_and_hash(pages: Pages) -> None:
    assert freeze(pages) == "/reports?said=frozen#q2566-1"
    assert "ฉบับเบื้องต้น" in card(pages, 1)
    finish(pages)
    freeze(pages)
    browser = browser_of(pages, CLERK)
    page = browser.get("/reports").text
    assert page.index("/reports/2566/1/2") < page.index("/reports/2566/1/1")
    answer = browser.get("/reports/2566/1/2")
    assert answer.content.startswith(b"PK")
    assert "report-2566-q1-r2.docx" in answer.headers["content-disposition"]
    with pages.office.reading() as desk:
        assert {found.file_sha256 or "" for found in desk.uow.reports.headlines()} <= set(
            re.findall(r"[0-9a-f]{64}", page)
        )
    assert "ฉบับสมบูรณ์" in card(pages, 1)
    assert {line.entry.actor for line in pages.office.ledger("report.frozen")} == {CLERK}


def test_freezing_again_changes_nothing_and_says_so(pages: Pages) -> None:
    freeze(pages)
    assert freeze(pages) == "/reports?said=same#q2566-1"
    assert "ตัวเลขเหมือนฉบับล่าสุด" in browser_of(pages, CLERK).get("/reports?said=same").text
    assert len(pages.office.ledger("report.frozen")) == 1


@pytest.mark.parametrize(
    ("person", "status"), [("the-chang-head", 200), ("the-admin", 200), ("the-chang-officer", 403)]
)
def test_reports_are_for_supervisors_and_administrators(pages: Pages, person: str, status: int) -> None:
    assert browser_of(pages, person).get("/reports").status_code == status


def test_an_officer_can_neither_freeze_nor_read(pages: Pages) -> None:
    freeze(pages)
    assert freeze(pages, "the-chang-officer") == "403"
    assert browser_of(pages, "the-chang-officer").get("/reports/2566/1/1").status_code == 403


@pytest.mark.parametrize("path", ["/reports/2566/1/9", "/reports/2570/1/1"])
def test_a_report_that_is_not_there_is_not_found(pages: Pages, path: str) -> None:
    assert browser_of(pages, CLERK).get(path).status_code == 404


def test_a_year_without_a_plan_is_not_found(pages: Pages) -> None:
    browser = browser_of(pages, CLERK)
    answer = browser.post("/reports/2570/1/freeze", data={"csrf": token_of(browser, "/reports")})
    assert answer.status_code == 404
