"""Divisions, posts and persons of an office, through the pages."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.testclient import TestClient

from domain.people import Division, DivisionKind, Level, People, Person
from tests.factories import at
from tests.web.conftest import Pages, token_of

ADMIN, HEAD = "the-admin", "the-chang-head"
PAGE, PERSONS = "/admin/divisions", "/admin/persons"
CHANG = {"name": "กองช่าง", "kind": "division", "aliases": ""}


def people_of(pages: Pages) -> People:
    with pages.office.reading() as desk:
        return desk.people


def division(pages: Pages, key: str) -> Division | None:
    return people_of(pages).division(key)


def sent(browser: TestClient, path: str, **fields: str) -> tuple[int, str]:
    answer = browser.post(path, data={"csrf": token_of(browser, PAGE)} | fields)
    return answer.status_code, answer.text or answer.headers["location"]


class TestDivisions:
    """Added, named, put in order."""

    def test_a_division_is_added_as_the_last(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        assert sent(browser, PAGE, key="kaset", name=" กองเกษตร ", kind="division")[0] == 303
        assert people_of(pages).divisions[-1] == Division("kaset", "กองเกษตร", founded_on=date(2023, 1, 4))
        (line,) = pages.office.ledger("division.added")
        assert (line.entry.actor, line.entry.subject) == (ADMIN, "kaset")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"key": "chang"}, "key"),
            ({"key": "กองช่าง"}, "key"),
            ({"key": "a" * 41}, "key"),
            ({"key": "a/b"}, "key"),
            ({"name": "  "}, "name"),
            ({"name": "กองช่าง"}, "name"),
            ({"name": "กองสาธารณสุขฯ"}, "name"),
            ({"kind": "department"}, "kind"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(self, pages: Pages, wrong: dict[str, str], field: str) -> None:
        before = people_of(pages)
        told = {"key": "kaset", "name": "กองเกษตร", "kind": "division"} | wrong
        status, page = sent(pages.visitor(ADMIN), PAGE, **told)
        assert (status, f'id="{field}-fault"' in page) == (422, True)
        assert people_of(pages) == before

    def test_a_new_name_keeps_the_old_one_so_that_plans_still_mean_it(self, pages: Pages) -> None:
        told = {"name": "กองโยธา", "kind": "division", "aliases": "กช.\r\n\r\nฝ่ายช่าง"}
        assert sent(pages.visitor(ADMIN), f"{PAGE}/chang", **told)[0] == 303
        assert division(pages, "chang") == Division(
            "chang", "กองโยธา", DivisionKind.DIVISION, ("กช.", "ฝ่ายช่าง", "กองช่าง")
        )
        (line,) = pages.office.ledger("division.changed")
        assert line.entry.data["before"] == {"name": "กองช่าง", "kind": "division", "aliases": []}
        opened = pages.office.advance(at("2023-04-03 08:30"))
        assert (opened.opened, opened.faults) == (1, ())

    def test_an_other_name_of_another_division_is_refused(self, pages: Pages) -> None:
        status, page = sent(pages.visitor(ADMIN), f"{PAGE}/chang", **CHANG | {"aliases": "กองคลัง"})
        assert (status, "เป็นชื่อของกองคลังอยู่แล้ว" in page) == (422, True)
        assert ">กองคลัง</textarea>" in page

    def test_saving_what_is_so_writes_no_line(self, pages: Pages) -> None:
        sent(pages.visitor(ADMIN), f"{PAGE}/chang", **CHANG)
        assert pages.office.ledger("division.") == []

    def test_divisions_change_places(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        sent(browser, f"{PAGE}/khlang/move", way="up")
        sent(browser, f"{PAGE}/khlang/move", way="up")
        sent(browser, f"{PAGE}/chang/move", way="down")
        order = [one.key for one in people_of(pages).divisions]
        assert order[:4] == ["khlang", "palad", "sueksa", "chang"]
        assert len(pages.office.ledger("division.moved")) == 2

    @pytest.mark.parametrize("path", ["", "/move", "/posts"])
    def test_a_division_that_is_not_there_is_not_found(self, pages: Pages, path: str) -> None:
        told = {"name": "กอง", "kind": "division", "act": "add", "title": "x", "level": "head", "way": "up"}
        assert sent(pages.visitor(ADMIN), f"{PAGE}/nowhere{path}", **told)[0] == 404


class TestPosts:
    """Of a division, and of the whole office."""

    def test_a_post_is_added_and_can_be_filled(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        assert sent(browser, f"{PAGE}/chang/posts", act="add", title="นายช่างโยธา", level="officer")[0] == 303
        added = people_of(pages).posts[-1]
        assert (added.title, added.level, added.division) == ("นายช่างโยธา", Level.OFFICER, "chang")
        assert browser.get(f"/posts/{added.key}").status_code == 200
        assert pages.office.ledger("post.added")[0].entry.subject == added.key

    def test_two_posts_of_a_level_have_different_keys(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        for _ in range(2):
            sent(browser, f"{PAGE}/-/posts", act="add", title="ผู้ช่วยผู้ดูแลระบบ", level="administrator")
        keys = [post.key for post in people_of(pages).posts]
        assert len(keys) == len(set(keys))

    @pytest.mark.parametrize(
        ("where", "level", "title", "field"),
        [("chang", "mayor", "นายก", "level"), ("-", "officer", "ช่าง", "level"), ("chang", "head", " ", "title")],
    )
    def test_a_post_of_a_wrong_level_or_without_a_title_is_refused(
        self, pages: Pages, where: str, level: str, title: str, field: str
    ) -> None:
        before = people_of(pages)
        status, page = sent(pages.visitor(ADMIN), f"{PAGE}/{where}/posts", act="add", title=title, level=level)
        assert (status, f'id="{field}-fault"' in page) == (422, True)
        assert people_of(pages) == before

    def test_a_post_gets_another_title_and_keeps_its_holder(self, pages: Pages) -> None:
        before = people_of(pages).holdings
        sent(pages.visitor(ADMIN), f"{PAGE}/chang/posts", act="rename", post="chang-head", title="ผอ.กองช่าง")
        after = people_of(pages)
        assert [post.title for post in after.posts if post.key == "chang-head"] == ["ผอ.กองช่าง"]
        assert after.holdings == before
        assert pages.office.ledger("post.renamed")[0].entry.data["before"] == "ผู้อำนวยการกองช่าง"

    def test_a_post_that_nobody_ever_held_is_removed(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        sent(browser, f"{PAGE}/chang/posts", act="add", title="นายช่าง", level="officer")
        added = people_of(pages).posts[-1]
        assert "ลบตำแหน่ง</button>" in browser.get(f"{PAGE}/chang").text
        assert sent(browser, f"{PAGE}/chang/posts", act="remove", post=added.key)[0] == 303
        assert added not in people_of(pages).posts
        assert pages.office.ledger("post.removed")[0].entry.subject == added.key

    def test_a_post_that_somebody_holds_or_held_stays(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        assert "ลบตำแหน่ง</button>" not in browser.get(f"{PAGE}/chang").text
        status, page = sent(browser, f"{PAGE}/chang/posts", act="remove", post="chang-head")
        assert (status, "มีหรือเคยมีผู้ดำรงตำแหน่ง" in page) == (422, True)

    def test_a_post_of_another_division_is_not_touched_here(self, pages: Pages) -> None:
        before = people_of(pages)
        status, _ = sent(pages.visitor(ADMIN), f"{PAGE}/chang/posts", act="rename", post="clerk", title="อื่น")
        assert (status, people_of(pages)) == (422, before)


class TestPersons:
    """Who works here."""

    def test_somebody_is_added_without_their_name_in_the_ledger(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        assert sent(browser, PERSONS, key="somying", name="นางสมหญิง ใจดี", email="somying@office.example")[0] == 303
        assert people_of(pages).person("somying") == Person("somying", "นางสมหญิง ใจดี", "somying@office.example")
        (line,) = pages.office.ledger("person.added")
        assert "สมหญิง" not in str(line.entry.data)

    def test_an_empty_address_means_letters_on_paper(self, pages: Pages) -> None:
        sent(pages.visitor(ADMIN), f"{PERSONS}/the-clerk", name="ปลัดคนใหม่", email=" ")
        assert people_of(pages).person("the-clerk") == Person("the-clerk", "ปลัดคนใหม่", None)
        assert pages.office.ledger("person.changed")[0].entry.data == {"name": True, "email": True}

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"key": "สมหญิง"}, "key"),
            ({"name": ""}, "name"),
            ({"email": "saraban@office.go.th"}, "email"),
            ({"email": "not an address"}, "email"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(self, pages: Pages, wrong: dict[str, str], field: str) -> None:
        before = people_of(pages)
        told = {"key": "somying", "name": "นางสมหญิง", "email": "somying@office.example"} | wrong
        status, page = sent(pages.visitor(ADMIN), PERSONS, **told)
        assert (status, f'id="{field}-fault"' in page) == (422, True)
        assert people_of(pages) == before

    def test_a_wrong_address_of_somebody_known_is_shown_again(self, pages: Pages) -> None:
        status, page = sent(pages.visitor(ADMIN), f"{PERSONS}/the-clerk", name="ปลัด", email="ที่อยู่")
        assert (status, 'value="ที่อยู่"' in page) == (422, True)

    def test_a_person_who_is_not_there_is_not_found(self, pages: Pages) -> None:
        assert pages.visitor(ADMIN).get(f"{PERSONS}/nobody").status_code == 404


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/chang", f"{PAGE}/-", PERSONS, f"{PERSONS}/the-clerk"])
def test_the_structure_is_the_administrators(pages: Pages, path: str) -> None:
    assert pages.visitor(HEAD).get(path).status_code == 403
    assert pages.visitor(ADMIN).get(path).status_code == 200


def test_it_can_be_read_in_english(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    browser.cookies.set("sucharit_language", "en")
    assert "Add a division" in browser.get(PAGE).text
