"""The queue of a supervisor: filters, order, and the posts that nobody fills."""

from __future__ import annotations

import re
from datetime import timedelta

from domain.assignment import State
from tests.factories import at, make_assignment, make_submission
from tests.web.conftest import Pages, token_of
from tests.web.test_work_pages import ANSWERED, OFFICER, hand_in

CLERK = "the-clerk"


def add_waiting(pages: Pages, count: int) -> None:
    since = at("2023-01-02 09:00")
    rows = [
        make_assignment(
            id=f"2566-m2.1-chang-{n:02}",
            measure_key="m2",
            step_key=f"m2.{n}",
            state=State.HANDED_IN,
            submission=make_submission(),
            handed_in_at=since + timedelta(hours=count - n),
        )
        for n in range(count)
    ]
    with pages.office.desk() as desk:
        desk.uow.assignments.add(rows)


def listed(page: str) -> list[str]:
    return re.findall(r'name="chosen" value="([^@]+)@', page)


def test_what_has_waited_longest_stands_first_and_the_rest_is_on_the_next_page(pages: Pages) -> None:
    add_waiting(pages, 35)
    browser = pages.visitor(CLERK)
    one, two = (listed(browser.get(f"/review?page={n}").text) for n in (1, 2))
    assert (len(one), len(two)) == (30, 5)
    assert [*one, *two] == sorted([*one, *two], reverse=True)


def test_the_queue_is_narrowed_by_division_and_measure_and_the_links_keep_it(pages: Pages) -> None:
    add_waiting(pages, 35)
    browser = pages.visitor(CLERK)
    assert listed(browser.get("/review?division=khlang").text) == []
    assert listed(browser.get("/review?measure=m1").text) == []
    page = browser.get("/review?division=chang&measure=m2").text
    assert len(listed(page)) == 30
    assert "/review?division=chang&amp;measure=m2&amp;page=2" in page


def test_a_card_says_who_reported_what_with_how_much_evidence(pages: Pages) -> None:
    hand_in(pages, pages.visitor(OFFICER), links="https://a.example/1")
    with pages.office.reading() as desk:
        name = desk.person_name(OFFICER)
    page = pages.visitor(CLERK).get("/review").text
    assert f"รายงานโดย {name}" in page
    assert "หลักฐาน ๑ รายการ" in page
    assert ANSWERED["result"] in page


def test_accepting_comes_back_to_the_same_filter(pages: Pages) -> None:
    add_waiting(pages, 1)
    browser = pages.visitor(CLERK)
    told = {
        "csrf": token_of(browser, "/review"),
        "chosen": "2566-m2.1-chang-00@1",
        "division": "chang",
        "measure": "m2",
    }
    where = browser.post("/review/accept", data=told).headers["location"]
    assert where == "/review?division=chang&measure=m2&accepted=1&failed=0"
    assert "เห็นชอบแล้ว ๑ รายการ" in browser.get(where).text


def test_a_vacant_post_of_the_line_can_be_filled_from_here(pages: Pages) -> None:
    with pages.office.desk() as desk:
        holdings = tuple(h for h in desk.people.holdings if h.post != "khlang-head")
        desk.uow.people.save(type(desk.people)(desk.people.divisions, desk.people.posts, desk.people.persons, holdings))
    browser = pages.visitor(CLERK)
    assert 'href="/posts/khlang-head"' in browser.get("/review").text
    told = {"who": "the-sueksa-head", "first": "04/01/2566", "kind": "acting"}
    answer = browser.post("/posts/khlang-head/holder", data=told | {"csrf": token_of(browser, "/posts/khlang-head")})
    assert answer.status_code == 303
    assert 'href="/posts/khlang-head"' not in browser.get("/review").text


def test_a_supervisor_names_no_holder_for_good(pages: Pages) -> None:
    browser = pages.visitor(CLERK)
    told = {"who": "the-sueksa-head", "first": "04/01/2566", "kind": "holder"}
    form = told | {"csrf": token_of(browser, "/posts/khlang-head")}
    assert browser.post("/posts/khlang-head/holder", data=form).status_code == 422
