"""The office's holidays: looked at before they move anything."""

from __future__ import annotations

import re
from datetime import date

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Pages, token_of

ADMIN, OFFICER = "the-admin", "the-chang-officer"
PAGE = "/admin/holidays"
OFF = {"change": "set", "day": "๙/๑/๒๕๖๖", "name": "วันหยุดพิเศษ", "kind": "off", "source": "มติ ครม."}


def due_on(pages: Pages) -> date:
    (found, *_) = pages.office.assignments()
    return found.due_on


def exceptions(pages: Pages) -> list[tuple[date, bool, str]]:
    with pages.office.reading() as desk:
        return [(one.day, one.is_holiday, one.name) for one in desk.uow.holidays.all()]


def previewed(browser: TestClient, told: dict[str, str]) -> dict[str, str]:
    """The fields of the second form, as a browser would send them."""
    answer = browser.post(f"{PAGE}/preview", data={"csrf": token_of(browser, PAGE)} | told)
    assert answer.status_code == 200, answer.text
    form = answer.text.split(f'action="{PAGE}"', 1)[1]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_an_officer_neither_sees_nor_changes_the_calendar(pages: Pages) -> None:
    browser = pages.visitor(OFFICER)
    assert browser.get(PAGE).status_code == 403
    token = token_of(browser, "/account")
    for told in (OFF, {"change": "remove", "day": "2023-01-09"}, {"change": "set"}):
        for path in (PAGE, f"{PAGE}/preview"):
            assert browser.post(path, data={"csrf": token} | told).status_code == 403
    assert exceptions(pages) == []


def test_the_page_shows_the_official_days_of_the_year(pages: Pages) -> None:
    page = pages.visitor(ADMIN).get(PAGE).text
    assert "ปีงบประมาณ ๒๕๖๖" in page
    assert "๑๓ เมษายน ๒๕๖๖" in page
    assert "๑๓ เมษายน ๒๕๖๕" not in page


def test_a_look_moves_nothing(pages: Pages) -> None:
    browser, lines = pages.visitor(ADMIN), len(pages.office.ledger())
    answer = browser.post(f"{PAGE}/preview", data={"csrf": token_of(browser, PAGE)} | OFF)
    assert "๑๑ ม.ค. ๖๖" in answer.text
    assert "๑๒ ม.ค. ๖๖" in answer.text
    assert (due_on(pages), exceptions(pages)) == (date(2023, 1, 11), [])
    assert len(pages.office.ledger()) == lines


def test_what_was_looked_at_is_done_and_undone(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    answer = browser.post(PAGE, data=previewed(browser, OFF))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?moved=1")
    assert due_on(pages) == date(2023, 1, 12)
    assert exceptions(pages) == [(date(2023, 1, 9), True, "วันหยุดพิเศษ")]
    (line,) = pages.office.ledger("holiday.set")
    assert (line.entry.actor, line.entry.data["source"]) == (ADMIN, "มติ ครม.")
    assert "วันหยุดพิเศษ" in browser.get(PAGE).text
    assert browser.post(PAGE, data=previewed(browser, {"change": "remove", "day": "2023-01-09"})).status_code == 303
    assert (due_on(pages), exceptions(pages)) == (date(2023, 1, 11), [])


def test_an_official_holiday_can_become_a_working_day(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    told = OFF | {"day": "13/4/2566", "kind": "working", "name": "เปิดทำการ"}
    assert browser.post(PAGE, data=previewed(browser, told)).status_code == 303
    with pages.office.reading() as desk:
        assert desk.workdays.is_workday(date(2023, 4, 13))


def test_what_would_move_something_else_by_now_is_shown_again(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    seen = previewed(browser, OFF)
    browser.post(PAGE, data=previewed(browser, OFF | {"day": "10/1/2566"}))
    answer = browser.post(PAGE, data=seen)
    assert answer.status_code == 409
    assert "๑๓ ม.ค. ๖๖" in answer.text
    assert [day for day, _, _ in exceptions(pages)] == [date(2023, 1, 10)]


def test_nothing_is_done_unseen(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    answer = browser.post(PAGE, data={"csrf": token_of(browser, PAGE)} | OFF)
    assert answer.status_code == 409
    assert exceptions(pages) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": "วันพืชมงคล"}, "day"),
        ({"day": "99999999999-1-1"}, "day"),
        ({"name": "  "}, "name"),
        ({"kind": ""}, "kind"),
        ({"change": "remove", "day": "2023-01-12"}, "day"),
    ],
)
def test_what_is_wrong_stands_at_its_field_with_what_was_typed(pages: Pages, wrong: dict[str, str], field: str) -> None:
    browser = pages.visitor(ADMIN)
    answer = browser.post(f"{PAGE}/preview", data={"csrf": token_of(browser, PAGE)} | OFF | wrong)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert "มติ ครม." in answer.text
    assert exceptions(pages) == []
