"""A letter's link opens its one assignment for its one person: how long it shows and acts, and when it is dead."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

from starlette.testclient import TestClient

from domain.assignment import State
from domain.figures import Answer
from domain.outbox import Letter
from domain.people import Holding, People
from services.access.accounts import disable_account
from services.access.links import assignment_link, scope_of
from services.assignments import review
from services.assignments.hand_in import Result, hand_in
from services.signed import signed
from tests.factories import at
from tests.web.conftest import Pages, token_of
from tests.web.test_work_pages import ANSWERED, OFFICER, STRANGER, first, form_of

HEAD: Final = "the-chang-head"
WRITTEN: Final = date(2023, 1, 4)
LAST: Final = "2023-03-05 23:59"
"""The end of the sixtieth day after it."""
AFTER: Final = "2023-03-06 09:00"
FRESH: Final = "ส่งลิงก์ใหม่ให้ฉันทางอีเมล"
MAILED: Final = "ส่งลิงก์ใหม่ไปยังอีเมลปัจจุบันของท่านแล้ว"
ENDED: Final = "ลิงก์นี้ใช้ไม่ได้แล้ว"
NONE: Final = Answer(is_none_confirmed=True)


def link(pages: Pages, person: str = OFFICER, written_on: date = WRITTEN) -> str:
    """Path of the link in a letter that is mailed to the address the person has."""
    with pages.office.reading() as desk:
        found = desk.people.person(person)
    email = found.email if found else f"{person}@example.test"
    return f"/link/{assignment_link(pages.system.secret, pages.office.key, first(pages), person, written_on, email)}"


def link_with_last_day(pages: Pages, last: str) -> str:
    """Path of a link as letters had it before links were bound to an address."""
    return f"/link/{signed(pages.system.secret, 'assignment/1', pages.office.key, first(pages), OFFICER, last)}"


def change(pages: Pages, changed: Callable[[People], People]) -> None:
    with pages.office.desk() as desk:
        desk.uow.people.save(changed(desk.people))


def move_to(pages: Pages, email: str | None, person: str = OFFICER) -> None:
    """Give a person another address."""

    def changed(people: People) -> People:
        return replace(people, persons=tuple(replace(p, email=email) if p.key == person else p for p in people.persons))

    change(pages, changed)


def leave_post(pages: Pages, *, for_: str = "") -> None:
    """The officer holds their post no more, but another one, if it is named."""

    def changed(people: People) -> People:
        left = [h for h in people.holdings if h.person != OFFICER]
        return replace(people, holdings=(*left, *([Holding(for_, OFFICER, date(2023, 1, 2))] if for_ else [])))

    change(pages, changed)


def accept(pages: Pages, when: str) -> None:
    with pages.office.desk() as desk:
        hand_in(desk, first(pages), Result("ประชุมแล้ว", NONE, NONE), by=OFFICER, now=at(when))
    with pages.office.desk() as desk:
        version = desk.uow.assignments.get(first(pages)).version
        review.accept(desk, first(pages), by=HEAD, now=at(when), version=version)


def fresh_letters(pages: Pages) -> list[Letter]:
    return [letter for letter in pages.office.letters() if letter.id.startswith("fresh-")]


def press(browser: TestClient, path: str) -> str:
    """Press the button of a link's page; the page that comes back."""
    (csrf,) = set(re.findall(r'name="csrf" value="(\w+)"', browser.get(path).text))
    answer = browser.post(f"{path}/fresh", data={"csrf": csrf})
    assert answer.status_code == 303
    return browser.get(answer.headers["location"]).text


def path_in(letter: Letter) -> str:
    (found,) = set(re.findall(r"/link/\S+", letter.text))
    return str(found)


def state_of_everything(pages: Pages) -> tuple[int, list[Letter]]:
    return len(pages.office.ledger()), pages.office.letters()


def test_it_shows_on_get_and_acts_on_post(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    told = form_of(browser, path) | ANSWERED
    assert pages.office.get(first(pages)).state is State.OPEN
    assert browser.post(f"{path}/hand-in", data=told).headers["location"] == f"{path}?done=sent"
    assert pages.office.get(first(pages)).state is State.HANDED_IN


def test_it_opens_nothing_else(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    browser.get(path)
    assert browser.get("/inbox").status_code == 303
    assert "/inbox" not in browser.get(path).text


def test_letters_hold_links_that_are_bound_to_the_address_they_go_to(pages: Pages) -> None:
    with pages.office.reading() as desk:
        person = desk.people.person(OFFICER)
    assert person is not None
    address = pages.system.link(pages.office.key)(first(pages), person, WRITTEN)
    assert address is not None
    assert address.endswith(link(pages))
    scope = scope_of(pages.system.secret, address.rpartition("/")[2])
    assert (scope.person, scope.acts_until, bool(scope.address_mark)) == (OFFICER, date(2023, 3, 5), True)


def test_it_acts_to_the_end_of_the_sixtieth_day_and_only_shows_after_it(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    pages.set_clock(LAST)
    told = form_of(browser, path) | ANSWERED
    assert FRESH not in browser.get(path).text
    pages.set_clock(AFTER)
    page = browser.get(path)
    assert page.status_code == 200
    assert "ครบกำหนด" in page.text
    assert FRESH in page.text
    assert re.findall(r'action="/link/[^/"]+/([^"]+)"', page.text) == ["fresh"]
    refused = browser.post(f"{path}/hand-in", data=told)
    assert refused.status_code == 410
    assert "๕ มีนาคม ๒๕๖๖" in refused.text
    assert FRESH in refused.text
    assert pages.office.get(first(pages)).state is State.OPEN


def test_it_shows_for_as_long_as_the_assignment_is_open(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    pages.set_clock("2024-08-01 09:00")
    assert browser.get(path).status_code == 200


def test_it_shows_for_thirty_days_after_the_last_move_and_then_says_what_it_was(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    accept(pages, "2023-01-05 10:00")
    pages.set_clock("2023-02-04 23:59")
    assert "ดำเนินการแล้วเสร็จ" in browser.get(path).text
    pages.set_clock("2023-02-05 00:00")
    over = browser.get(path)
    assert over.status_code == 410
    assert "สิ้นสุดแล้วเมื่อวันที่ ๕ มกราคม ๒๕๖๖" in over.text
    with pages.office.reading() as desk:
        a = desk.uow.assignments.get(first(pages))
        wording = desk.wording(a.fiscal_year_be, a.measure_key, a.step_key)
    assert wording is not None
    assert wording[1].text[:60] in over.text
    assert f'href="/assignments/{first(pages)}"' in over.text
    assert FRESH not in over.text


def test_it_is_dead_when_its_person_has_another_address_although_it_is_two_days_old(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    told = form_of(browser, path) | ANSWERED
    move_to(pages, "somchai.new@elsewhere.example")
    pages.set_clock("2023-01-06 09:00")
    page = browser.get(path)
    assert page.status_code == 403
    assert ENDED in page.text
    assert 'href="/sign-in"' in page.text
    assert browser.post(f"{path}/hand-in", data=told).status_code == 403
    assert pages.office.get(first(pages)).state is State.OPEN


def test_the_page_of_a_link_to_another_address_does_not_say_what_the_work_is(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    title = re.findall("<h1>(.*?)</h1>", browser.get(path).text)[0]
    move_to(pages, "somchai.new@elsewhere.example")
    assert title[:40] not in browser.get(path).text


def test_where_no_address_is_left_the_page_leads_to_the_administrator(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    csrf = token_of(browser, path)
    move_to(pages, None)
    page = browser.get(path)
    assert page.status_code == 403
    assert "ติดต่อผู้ดูแลระบบ" in page.text
    assert FRESH not in page.text
    assert browser.post(f"{path}/fresh", data={"csrf": csrf}).status_code == 403
    assert fresh_letters(pages) == []


def test_it_is_dead_as_soon_as_its_person_holds_no_post_for_the_work(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    told = form_of(browser, path) | ANSWERED
    leave_post(pages)
    page = browser.get(path)
    assert page.status_code == 403
    assert ENDED in page.text
    assert "ติดต่อผู้ดูแลระบบ" in page.text
    assert FRESH not in page.text
    assert browser.post(f"{path}/hand-in", data=told).status_code == 403
    assert browser.post(f"{path}/fresh", data={"csrf": told["csrf"]}).status_code == 403
    assert fresh_letters(pages) == []


def test_it_gives_no_right_that_the_person_never_had(pages: Pages) -> None:
    assert pages.visitor().get(link(pages, STRANGER)).status_code == 403


def test_whoever_is_in_the_line_in_another_post_sees_what_it_shows(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    assert "/hand-in" in browser.get(path).text
    leave_post(pages, for_="mayor")
    page = browser.get(path)
    assert page.status_code == 200
    assert "/hand-in" not in page.text


def test_it_is_dead_once_the_account_is_closed(pages: Pages) -> None:
    pages.visitor(OFFICER)
    browser, path = pages.visitor(), link(pages)
    csrf = token_of(browser, path)
    with pages.office.desk() as desk:
        disable_account(desk, OFFICER, pages.system.clock(), "the-admin")
    assert browser.get(path).status_code == 403
    assert FRESH not in browser.get(path).text
    assert browser.post(f"{path}/fresh", data={"csrf": csrf}).status_code == 403
    assert fresh_letters(pages) == []


def test_mangled_and_removed_are_told_apart(pages: Pages) -> None:
    browser = pages.visitor()
    assert browser.get(link(pages)[:-3]).status_code == 404
    assert browser.get(link(pages, "somebody-else")).status_code == 403


def test_a_link_mailed_before_keeps_the_day_that_is_signed_in_it(pages: Pages) -> None:
    browser, path = pages.visitor(), link_with_last_day(pages, "2023-01-20")
    move_to(pages, "somchai.new@elsewhere.example")
    pages.set_clock("2023-01-20 23:59")
    told = form_of(browser, path) | ANSWERED
    assert browser.post(f"{path}/draft", data=told).status_code == 303
    pages.set_clock("2023-01-21 00:00")
    page = browser.get(path)
    assert page.status_code == 410
    assert "๒๐ มกราคม ๒๕๖๖" in page.text
    assert MAILED in press(browser, path)
    assert [letter.address for letter in fresh_letters(pages)] == ["somchai.new@elsewhere.example"]


def test_a_link_mailed_before_shows_to_its_day_what_is_long_over(pages: Pages) -> None:
    browser, path = pages.visitor(), link_with_last_day(pages, "2023-03-20")
    accept(pages, "2023-01-05 10:00")
    pages.set_clock("2023-03-20 09:00")
    assert browser.get(path).status_code == 200
    pages.set_clock("2023-03-21 09:00")
    assert browser.get(path).status_code == 410


def test_a_link_mailed_before_is_dead_with_the_post_too(pages: Pages) -> None:
    leave_post(pages)
    assert pages.visitor().get(link_with_last_day(pages, "2023-03-20")).status_code == 403


def test_opening_a_link_changes_nothing_however_it_stands(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    before = state_of_everything(pages)
    for when in ("2023-01-05 09:00", AFTER):
        pages.set_clock(when)
        assert browser.get(path).status_code == 200
    assert browser.get(f"{path}/fresh").status_code == 405
    assert state_of_everything(pages) == before
    move_to(pages, "somchai.new@elsewhere.example")
    assert browser.get(path).status_code == 403
    assert browser.get(f"{path}?done=fresh").status_code == 403
    assert state_of_everything(pages) == before
