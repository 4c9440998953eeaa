"""The ladder of notices: filled in without script, drawn over the calendar, saved once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from domain.ladder import DEFAULT_LADDER, Ladder, Rung
from domain.people import Level
from tests.factories import at
from tests.web.conftest import Pages, token_of
from web.view.catalogue import ENGLISH

ADMIN, HEAD = "the-admin", "the-chang-head"
PAGE = "/admin/ladder"
FIRST = {
    "when": ["before", "on", "after"],
    "days": ["๓", "", "2"],
    "to": ["0:officer", "1:officer", "2:head", "2:clerk"],
    "repeat": "",
    "lasts": "๔",
}


def ladder_of(pages: Pages) -> Ladder:
    with pages.office.reading() as desk:
        return desk.office.settings.ladder


def typed(browser: TestClient, act: str, **changed: Any) -> dict[str, Any]:
    page = browser.get(PAGE).text
    seen = page.split('name="seen" value="', 1)[1].split('"', 1)[0]
    return {"csrf": token_of(browser, PAGE), "seen": seen, "act": act} | FIRST | changed


def test_the_ladder_in_force_stands_there_with_its_example(pages: Pages) -> None:
    page = pages.visitor(ADMIN).get(PAGE).text
    assert page.count("<legend>ขั้นที่") == len(DEFAULT_LADDER.rungs)
    assert "งานของสำนักปลัด ครบกำหนด ๑๐ เมษายน ๒๕๖๖" in page
    assert "<svg" in page
    rows = re.findall(r'<th scope="row">.*?</tr>', page)
    assert len(rows) == len(DEFAULT_LADDER.rungs) + 2
    assert "๒๙ มี.ค. ๖๖" in rows[0]
    assert "ผู้ดำรงตำแหน่งเจ้าหน้าที่สำนักปลัด" in rows[0]
    assert "ผู้ดำรงตำแหน่งปลัดเทศบาล" in rows[4]
    assert "แจ้งซ้ำ" in rows[6]


def test_a_rung_falls_on_a_working_day_of_the_real_calendar(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    four = {
        "when": ["before", "on", "after", "after"],
        "days": ["3", "", "3", "7"],
        "to": ["0:officer", "1:officer", "2:head", "3:mayor"],
    }
    answer = browser.post(PAGE, data=typed(browser, "look", sample="11/4/2566", division="chang", **four))
    assert "นี่คือตัวอย่าง ยังไม่ได้บันทึก" in answer.text
    rows = re.findall(r'<th scope="row">.*?</tr>', answer.text)
    assert "๑๙ เม.ย. ๖๖" in rows[2]  # over สงกรานต์ and its substitute
    assert "ผู้ดำรงตำแหน่งผู้อำนวยการกองช่าง" in rows[2]


def test_the_last_rung_falls_on_the_first_working_day_of_a_week(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    page = browser.post(PAGE, data=typed(browser, "look", days=["3", "", "3"], sample="11/4/2566")).text
    assert "ในวันทำการแรกของสัปดาห์" in page
    rows = re.findall(r'<th scope="row">.*?</tr>', page)
    assert "๒๔ เม.ย. ๖๖" in rows[2]  # a Monday; the third working day after is Wednesday the 19th


@pytest.mark.parametrize(("ticked", "stored"), [("yes", 5), ("", None)])
def test_a_tick_says_whether_it_is_repeated_every_week(pages: Pages, ticked: str, stored: int | None) -> None:
    browser = pages.visitor(ADMIN)
    browser.post(PAGE, data=typed(browser, "save", repeat=ticked))
    assert ladder_of(pages).repeat_every == stored
    page = browser.get(PAGE).text
    assert ('name="repeat" value="yes" checked' in page, "แจ้งซ้ำทุกสัปดาห์" in page) == (bool(ticked), True)


def test_adding_and_removing_a_rung_stores_nothing_and_keeps_what_was_typed(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    more = browser.post(PAGE, data=typed(browser, "add")).text
    assert more.count("<legend>ขั้นที่") == 4
    assert 'name="days" value="๓"' in more
    less = browser.post(PAGE, data=typed(browser, "remove:0")).text
    assert less.count("<legend>ขั้นที่") == 2
    assert 'value="1:clerk" checked' in less
    assert ladder_of(pages) == DEFAULT_LADDER


def test_what_was_typed_is_saved_in_order_of_time_with_before_and_after(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    told = typed(
        browser, "save", when=["after", "before", "on"], days=["2", "3", ""], to=["0:head", "1:officer", "2:officer"]
    )
    answer = browser.post(PAGE, data=told)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?saved=yes")
    saved = ladder_of(pages)
    assert saved.rungs == (
        Rung(offset=-3, to=(Level.OFFICER,)),
        Rung(offset=0, to=(Level.OFFICER,)),
        Rung(offset=2, to=(Level.HEAD,)),
    )
    assert (saved.repeat_every, saved.acknowledgment_lasts) == (None, 4)
    (line,) = pages.office.ledger("ladder.changed")
    assert line.entry.actor == ADMIN
    assert line.entry.data["before"] == DEFAULT_LADDER.model_dump(mode="json")
    assert line.entry.data["after"] == saved.model_dump(mode="json")


def test_open_assignments_keep_the_ladder_they_were_opened_with(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    assert "งานที่เปิดอยู่แล้ว ๒ รายการยังใช้ลำดับเดิม" in browser.get(PAGE).text
    browser.post(PAGE, data=typed(browser, "save"))
    pages.office.advance(at("2023-04-03 08:30"))
    ladders = {one.period.key: one.ladder for one in pages.office.assignments()}
    assert ladders == {"q1": DEFAULT_LADDER, "q2": DEFAULT_LADDER, "q3": ladder_of(pages)}


def test_saving_what_is_in_force_writes_no_line(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    browser.post(PAGE, data=typed(browser, "save"))
    browser.post(PAGE, data=typed(browser, "save"))
    assert len(pages.office.ledger("ladder.changed")) == 1


def test_nobody_overwrites_what_another_saved_meanwhile(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    mine = typed(browser, "save")
    browser.post(PAGE, data=typed(browser, "save", lasts="9"))
    answer = browser.post(PAGE, data=mine)
    assert answer.status_code == 409
    assert 'name="days" value="๓"' in answer.text
    assert ladder_of(pages).acknowledgment_lasts == 9


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"days": ["", "", "2"]}, "days-0"),
        ({"days": ["61", "", "2"]}, "days-0"),
        ({"days": ["-3", "", "2"]}, "days-0"),
        ({"days": ["๓.๕", "", "2"]}, "days-0"),
        ({"when": ["later", "on", "after"]}, "days-0"),
        ({"when": ["on", "on", "after"]}, "days-1"),
        ({"to": ["0:officer", "1:officer", "2:nobody"]}, "to-2"),
        ({"when": [], "days": [], "to": []}, "add"),
        ({"lasts": ""}, "lasts"),
        ({"sample": "เมื่อวาน", "act": "look"}, "sample"),
        ({"sample": "1/1/2400", "act": "look"}, "sample"),
    ],
)
def test_what_is_wrong_stands_at_its_field(pages: Pages, wrong: dict[str, Any], field: str) -> None:
    browser = pages.visitor(ADMIN)
    answer = browser.post(PAGE, data=typed(browser, "save") | wrong)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert f'href="#{field}"' in answer.text
    assert ladder_of(pages) == DEFAULT_LADDER


def test_every_fault_has_its_english(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    browser.cookies.set("sucharit_language", "en")
    page = browser.post(PAGE, data=typed(browser, "save", days=["", "", ""], to=[], lasts="")).text
    shown = re.findall(r'class="fault"[^>]*>([^<]*)<', page)
    assert len(shown) == 6
    assert set(shown) <= set(ENGLISH.values())


def test_it_is_the_administrators(pages: Pages) -> None:
    head = pages.visitor(HEAD)
    assert head.get(PAGE).status_code == 403
    told = {"csrf": token_of(head, "/account"), "act": "save"} | FIRST
    assert head.post(PAGE, data=told).status_code == 403
    assert ladder_of(pages) == DEFAULT_LADDER
