"""One report for all that a division owes of a measure."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from domain.assignment import State
from tests.factories import make_assignment, make_period
from tests.web.conftest import Pages, token_of
from tests.web.test_work_pages import ANSWERED, OFFICER, STRANGER, hand_in

PATH = "/inbox/measure?division=chang&measure=m1&year=2566"


@pytest.fixture
def several(pages: Pages) -> Pages:
    """กองช่าง owes the first quarter and the second of one measure."""
    with pages.office.desk() as desk:
        other = make_assignment(id="2566-m2.1-chang-q2", measure_key="m2", step_key="m2.1")
        desk.uow.assignments.add([make_assignment(), other])
    return pages


def states(pages: Pages) -> dict[str, State]:
    return {a.id: a.state for a in pages.office.assignments()}


def form(browser: TestClient) -> dict[str, object]:
    chosen = re.findall(r'name="chosen" value="([^"]+)" checked', browser.get(PATH).text)
    return {"csrf": token_of(browser, PATH), "division": "chang", "measure": "m1", "year": "2566", "chosen": chosen}


def test_everything_ticked_gets_the_one_result(several: Pages) -> None:
    browser = several.visitor(OFFICER)
    answer = browser.post("/inbox/measure", data=form(browser) | ANSWERED)
    assert answer.headers["location"] == "/inbox?sent=2"
    found = states(several)
    assert found.pop("2566-m2.1-chang-q2") is State.OPEN
    assert set(found.values()) == {State.HANDED_IN}


def test_what_is_not_ticked_stays(several: Pages) -> None:
    browser = several.visitor(OFFICER)
    given = form(browser)
    browser.post("/inbox/measure", data=given | ANSWERED | {"chosen": given["chosen"][:1]})  # type: ignore[index]
    assert sorted(states(several).values()) == [State.HANDED_IN, State.OPEN, State.OPEN]


def test_if_one_was_changed_meanwhile_none_is_handed_in(several: Pages) -> None:
    browser = several.visitor(OFFICER)
    given = form(browser)
    hand_in(several, browser)
    answer = browser.post("/inbox/measure", data=given | ANSWERED | {"result": "พิมพ์ไว้แล้ว"})
    assert answer.status_code == 409
    assert "พิมพ์ไว้แล้ว" in answer.text
    assert sorted(states(several).values()) == [State.HANDED_IN, State.OPEN, State.OPEN]


def test_nothing_ticked_and_nothing_answered_are_said_at_their_fields(several: Pages) -> None:
    browser = several.visitor(OFFICER)
    given = form(browser)
    assert "โปรดเลือกอย่างน้อยหนึ่งรายการ" in browser.post("/inbox/measure", data=given | ANSWERED | {"chosen": []}).text
    assert 'id="problems-fault"' in browser.post("/inbox/measure", data=given | {"result": "ก"}).text


def test_only_what_the_page_lists_is_handed_in_with_it(several: Pages) -> None:
    browser = several.visitor(OFFICER)
    given = form(browser) | ANSWERED | {"chosen": ["2566-m2.1-chang-q2@1"]}
    assert browser.post("/inbox/measure", data=given).status_code == 409
    assert State.HANDED_IN not in states(several).values()


def test_another_division_cannot(several: Pages) -> None:
    stranger = several.visitor(STRANGER)
    assert stranger.get(PATH).status_code == 403
    told = {
        "csrf": token_of(stranger, "/inbox"),
        "division": "chang",
        "measure": "m1",
        "chosen": ["2566-m1.1-chang-q2@1"],
    }
    assert stranger.post("/inbox/measure", data=told | ANSWERED).status_code == 403


def test_the_inbox_offers_it_where_several_are_owed(several: Pages) -> None:
    with several.office.desk() as desk:
        twin = make_assignment(id="2566-m1.2-chang-q2", step_key="m1.2", period=make_period())
        desk.uow.assignments.add([twin])
    assert "/inbox/measure?division=chang&amp;measure=m1&amp;year=2566" in several.visitor(OFFICER).get("/inbox").text
