"""The overview of supervisors and the sheet of a division's meeting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from domain.plan import Plan
from domain.thai import long_date, thai_digits
from services.assignments.hand_in import Result, hand_in
from services.settings import Settings
from storage.store import Store
from tests.factories import DIVISIONS, NONE_CONFIRMED, at, make_measure, make_plan, make_responsible, make_step
from tests.services.beginnings import begin_with
from tests.services.live_office import KEY, LiveOffice, found_office
from tests.web.conftest import Pages, PagesSystem

OFFICER, HEAD, STRANGER = "the-chang-officer", "the-chang-head", "the-khlang-head"
MOST = 8
"""Statements for a page, however much there is to show."""


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """Statements that reach the database within the block, without the beginnings of transactions."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(store._engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(store._engine, "before_cursor_execute", note)
    said[:] = [statement for statement in said if not statement.startswith("BEGIN")]


def plan_of(measures: int) -> Plan:
    """Measures with a step for every division each."""
    units = tuple(division.name for division in DIVISIONS)
    return make_plan(
        measures=tuple(
            make_measure(
                key=f"m{n}",
                number=n,
                title=f"มาตรการลำดับ {n}",
                indicators=(n % 10 + 1,),
                steps=(make_step(key=f"m{n}.1", responsible=make_responsible(units=units)),),
            )
            for n in range(1, measures + 1)
        )
    )


@pytest.fixture
def large(store: Store, tmp_path: Path) -> Pages:
    """Twelve measures, seven divisions, a quarter owed by all of them."""
    founded = LiveOffice(store, KEY)

    def make() -> None:
        found_office(store, plan=plan_of(12))
        for n in range(1, 13):
            founded.advance(at("2023-01-04 09:00"), f"m{n}")

    begin_with(store, "a quarter owed by seven divisions", make)
    return Pages(PagesSystem(Settings(home=tmp_path), of=founded, times=[at("2023-01-12 09:00")]), founded)


def report(pages: Pages, *assignments: str) -> None:
    done = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
    with pages.office.desk() as desk:
        for key in assignments:
            hand_in(desk, key, done, by=OFFICER, now=pages.system.clock())


def said(pages: Pages, person: str, path: str) -> str:
    answer = pages.visitor(person).get(path)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


@pytest.mark.parametrize("person", ["the-clerk", "the-mayor", "the-admin"])
def test_those_over_all_see_every_division(pages: Pages, person: str) -> None:
    page = said(pages, person, "/overview")
    assert all(division.name in page for division in DIVISIONS)


def test_a_head_sees_the_own_division_only(pages: Pages) -> None:
    page = said(pages, HEAD, "/overview")
    assert "กองช่าง" in page
    assert "กองคลัง" not in page


def test_an_officer_is_told_for_whom_it_is(pages: Pages) -> None:
    answer = pages.visitor(OFFICER).get("/overview")
    assert answer.status_code == 403
    assert "ผู้บังคับบัญชาและผู้ดูแลระบบ" in answer.text


def test_who_has_not_signed_in_comes_back_after_signing_in(pages: Pages) -> None:
    assert pages.visitor().get("/overview?quarter=1").headers["location"].endswith("back=/overview%3Fquarter%3D1")


def test_a_cell_says_in_words_what_its_colour_says(pages: Pages) -> None:
    pages.set_clock("2023-01-12 09:00")
    page = said(pages, HEAD, "/overview?quarter=1")
    assert "๐/๑ เกินกำหนด ๑" in page


def test_a_cell_leads_to_what_it_counts(large: Pages) -> None:
    browser = large.visitor("the-clerk")
    page = browser.get("/overview?quarter=1").text
    (link,) = {
        unescape(found) for found in re.findall(r'href="(/inbox\?[^"]+)"', page) if "chang" in found and "=m3" in found
    }
    listed = set(re.findall(r'href="/assignments/([^"]+)"', browser.get(link).text))
    assert listed == {"2566-m3.1-chang-q1"}


def test_every_cell_counts_what_its_list_holds(large: Pages) -> None:
    browser = large.visitor("the-clerk")
    page = browser.get("/overview").text
    cells = re.findall(r'<a class="cell [a-z]+" href="(/inbox[^"]+)"><b>[^<]*</b> <span>([^<]*)</span>', page)
    assert len(cells) == 84
    for link, words in cells[::12]:
        listed = set(re.findall(r'href="/assignments/([^"]+)"', browser.get(unescape(link)).text))
        assert words.endswith(thai_digits(len(listed)))


def test_a_quarter_of_a_measure_stands_beside_the_others(large: Pages) -> None:
    page = said(large, "the-clerk", "/overview")
    own = page.split("มาตรการแยกตามไตรมาส", 1)[1].split("ความคืบหน้าตามตัวชี้วัด", 1)[0]
    assert "มาตรการลำดับ 3 ๐/๗ เกินกำหนด ๗ ๐/๗ อยู่ระหว่างดำเนินการ ๐/๗ ยังไม่เริ่ม ๐/๗ ยังไม่เริ่ม" in own.replace("๓ ", "")


def test_the_years_items_of_the_assessment_are_named(pages: Pages) -> None:
    assert "แผนตรงกับข้อ O๔๒ และรายงานตรงกับข้อ O๔๓" in said(pages, HEAD, "/overview")


def test_the_late_and_what_comes_are_listed(large: Pages) -> None:
    page = said(large, "the-clerk", "/overview")
    assert "เกินกำหนด ๘๔ รายการ" in page
    assert "แสดง ๒๐ รายการแรก" in page
    assert "ครบกำหนดภายใน ๓๐ วัน ๐ รายการ" in page
    large.set_clock("2023-03-20 09:00")
    coming = said(large, "the-khlang-head", "/overview")
    assert "ครบกำหนดภายใน ๓๐ วัน ๑๒ รายการ" in coming
    assert "เริ่มงานใหม่ภายใน ๓๐ วันอีก ๑๒ รายการ" in coming


def test_all_of_the_late_are_a_link_away(large: Pages) -> None:
    browser = large.visitor("the-clerk")
    page = unescape(browser.get("/overview").text)
    assert page.count("/inbox?shelf=late&division=") == 1
    assert "๘๔" in browser.get("/inbox?shelf=late&division=").text


def test_the_bars_say_the_same_as_the_table(large: Pages) -> None:
    page = large.visitor("the-clerk").get("/overview?quarter=1").text
    (svg,) = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    late = [float(width) for width in re.findall(r'class="bar-late"[^>]*width="([\d.]+)"', svg)]
    assert late == [260.0] * 10
    assert len(re.findall(r"<tr><th scope=\"row\">", page.split('id="bars-table"')[1].split("</table>")[0])) == 10


@pytest.mark.parametrize("query", ["?quarter=9", "?year=xx", "?year=1", "?quarter=", "?year=๒๕๖๖", "?year=²"])
def test_an_odd_address_shows_the_usual_page(pages: Pages, query: str) -> None:
    assert pages.visitor(HEAD).get(f"/overview{query}").status_code == 200


def test_what_waits_for_a_decision_says_with_whom_it_lies_and_since_when(pages: Pages) -> None:
    assert "ไม่มีเรื่องที่รอการพิจารณา" in said(pages, HEAD, "/overview")
    report(pages, "2566-m1.1-chang-q1")
    page = said(pages, "the-clerk", "/overview")
    assert "รอการพิจารณา ๑ รายการ" in page
    since = long_date(pages.system.clock().date())
    assert f"รายงานผล รอการพิจารณาของ ผู้ดำรงตำแหน่งผู้อำนวยการกองช่าง ตั้งแต่วันที่ {since}" in page


def test_english_readers_get_it_in_english(pages: Pages) -> None:
    browser = pages.visitor(HEAD)
    browser.cookies.set("sucharit_language", "en")
    page = browser.get("/overview").text
    assert "Measures by division" in page
    assert "0/4" in page


@pytest.mark.parametrize(("path", "reads"), [("/overview", 5), ("/overview?quarter=1", 5), ("/meeting/chang", 2)])
def test_the_database_is_asked_a_few_times_however_much_there_is(large: Pages, path: str, reads: int) -> None:
    report(large, *(f"2566-m{n}.1-chang-q1" for n in range(1, 11)))
    browser = large.visitor("the-clerk")
    browser.get(path)
    with counted(large.office.store) as statements:
        assert browser.get(path).status_code == 200
    assert len(statements) <= MOST, "\n".join(statements)
    assert sum("FROM assignment" in statement for statement in statements) == reads


class TestTheMeeting:
    """One sheet for a division's monthly meeting."""

    def test_it_lists_the_late_and_what_is_due(self, pages: Pages) -> None:
        pages.set_clock("2023-03-01 09:00")
        page = said(pages, OFFICER, "/meeting/chang")
        assert "เกินกำหนด ๑ รายการ" in page
        assert "ครบกำหนดถึงวันที่ ๑๕ เมษายน ๒๕๖๖ ๑ รายการ" in page
        assert "บันทึกการประชุม" in page

    def test_it_is_not_for_another_division(self, pages: Pages) -> None:
        assert pages.visitor(STRANGER).get("/meeting/chang").status_code == 403

    def test_an_unknown_division_is_not_found(self, pages: Pages) -> None:
        assert pages.visitor("the-clerk").get("/meeting/nowhere").status_code == 404

    def test_it_asks_for_paper_without_menus(self, pages: Pages) -> None:
        browser = pages.visitor(HEAD)
        assert "/static/overview.css" in browser.get("/meeting/chang").text
        style = browser.get("/static/overview.css").text
        assert "size: A4" in style
