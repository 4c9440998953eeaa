"""A wrong clock on the pages: nothing is taken, nobody is kept out, and the administrator is told what to do."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from domain.assignment import State
from domain.ledger import Entry
from services.operations.mend_clock import mend
from tests.factories import at
from tests.services.live_office import vouch
from tests.web.conftest import PASSWORD, Pages, token_of

ADMIN, OFFICER = "the-admin", "the-chang-officer"
KNOWN, NOW, AHEAD = "2023-01-04 09:30", "2023-01-04 10:00", "2024-02-08 10:00"
ANSWERED = {"result": "ทำแล้ว", "no_problems": "yes", "no_suggestions": "yes"}


@pytest.fixture
def known(pages: Pages) -> Pages:
    """The pages of an office whose clockwork was seen half an hour ago."""
    vouch(pages.office.store, pages.office.key, at(KNOWN))
    return pages


def hand_in(pages: Pages, browser: TestClient) -> int:
    path = f"/assignments/{pages.office.assignments()[0].id}"
    page = browser.get(path).text
    version = page.split('name="version" value="', 1)[1].split('"', 1)[0]
    told = {"csrf": token_of(browser, path), "version": version, **ANSWERED}
    return browser.post(f"{path}/hand-in", data=told).status_code


def ran_ahead(pages: Pages) -> None:
    """What a version took that did not look ahead."""
    moved = pages.office.assignments()[0].id
    with pages.office.desk() as desk:
        desk.uow.ledger.note(Entry(at(AHEAD), "assignment.hand_in", OFFICER, moved, {}))


def signed_in(pages: Pages, person: str) -> TestClient:
    """In by the form of the page, as people are."""
    email = f"{person}@office.example"
    browser = pages.visitor()
    told = {"email": email, "password": PASSWORD, "csrf": ""}
    assert browser.post("/sign-in", data=told).status_code == 303
    return browser


def test_a_report_at_a_clock_of_next_year_is_not_taken(known: Pages) -> None:
    known.visitor(OFFICER)
    known.set_clock(AHEAD)
    assert hand_in(known, signed_in(known, OFFICER)) == 400
    assert {one.state for one in known.office.assignments()} == {State.OPEN}
    known.set_clock(NOW)
    assert hand_in(known, signed_in(known, OFFICER)) == 303


def test_the_administrator_comes_in_after_a_long_pause_and_gives_his_word(known: Pages) -> None:
    known.visitor(ADMIN)
    known.set_clock(AHEAD)
    browser = signed_in(known, ADMIN)
    assert browser.post("/admin/clock", data={"csrf": token_of(browser, "/admin")}).status_code == 303
    assert hand_in(known, known.visitor(OFFICER)) == 303


def test_the_administrator_is_shown_both_instants_before_he_gives_his_word(known: Pages) -> None:
    vouch(known.office.store, known.office.key, at("2026-11-02 09:30"))
    known.set_clock("2027-01-04 10:00")
    page = known.visitor(ADMIN).get("/admin").text
    assert "นาฬิกาแสดง 2027-01-04 03:00 UTC" in page
    assert "2026-11-02 02:30 UTC" in page
    assert 'action="/admin/clock"' in page


def test_the_administrator_is_told_the_command_where_the_ledger_ran_ahead(known: Pages) -> None:
    vouch(known.office.store, known.office.key, at("2027-01-04 09:30"))
    known.set_clock("2027-01-04 10:00")
    browser = known.visitor(ADMIN)
    with known.office.desk() as desk:
        desk.uow.ledger.note(Entry(at("2028-01-04 10:00"), "holiday.set", ADMIN, "x", {}))
    page = browser.get("/admin").text
    assert "sucharit clock mend --office ban-mai" in page
    assert 'action="/admin/clock"' not in page


def test_where_the_ledger_ran_ahead_people_come_in_and_read(known: Pages) -> None:
    known.visitor(ADMIN)
    officer = known.visitor(OFFICER)
    ran_ahead(known)
    assert signed_in(known, ADMIN).get("/inbox").status_code == 200
    assert hand_in(known, officer) == 400
    with known.office.desk() as desk:
        mend(desk, at(NOW), by=ADMIN)
    assert hand_in(known, officer) == 303


def test_a_mend_is_seen_on_the_page_of_the_ledger_and_in_the_history_for_ever(known: Pages) -> None:
    ran_ahead(known)
    with known.office.desk() as desk:
        mend(desk, at(NOW), by=ADMIN)
    browser = known.visitor(ADMIN)
    said = "ปรับจาก ๘ ก.พ. ๖๗ ๑๐.๐๐ น. กลับเป็น ๔ ม.ค. ๖๖ ๑๐.๐๐ น."
    assert said in browser.get("/admin/ledger").text
    verified = browser.post("/admin/ledger/verify", data={"csrf": token_of(browser, "/admin/ledger")}).text
    assert verified.count(said) == 2
    assert "ต่อเนื่องครบถ้วน" in verified
    history = browser.get(f"/assignments/{known.office.assignments()[0].id}").text
    assert "มีรายการของงานนี้ที่เวลาล้ำหน้า" in history
