"""Who is in charge of each post, on the administrator's page and on that of the one who holds it."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Pages, token_of

ADMIN, OFFICER, HEAD, CLERK = "the-admin", "the-chang-officer", "the-chang-head", "the-clerk"
POST = "/posts/chang-head"
ACTS = {"kind": "acting", "who": CLERK, "first": "๕/๑/๒๕๖๖", "last": "๖/๑/๒๕๖๖"}


def in_charge(pages: Pages, day: int, post: str = "chang-head") -> list[tuple[str, bool]]:
    with pages.office.reading() as desk:
        (found,) = [one for one in desk.people.posts if one.key == post]
        return [(person.key, acts) for person, acts in desk.people.in_charge(found, date(2023, 1, day))]


def send(browser: TestClient, path: str, told: dict[str, str], token_from: str = "/account") -> int:
    return browser.post(path, data={"csrf": token_of(browser, token_from)} | told).status_code


@pytest.mark.parametrize("path", ["/admin/people", POST])
def test_an_officer_does_not_see_who_is_in_charge(pages: Pages, path: str) -> None:
    assert pages.visitor(OFFICER).get(path).status_code == 403


@pytest.mark.parametrize("action", ["holder", "end"])
def test_an_officer_names_nobody_and_ends_nothing(pages: Pages, action: str) -> None:
    told = ACTS | {"person": HEAD, "start": "2022-10-01", "until": "2023-01-10"}
    assert send(pages.visitor(OFFICER), f"{POST}/{action}", told) == 403
    assert in_charge(pages, 5) == in_charge(pages, 11) == [(HEAD, False)]
    assert pages.office.ledger("post.") == []


def test_the_administrator_sees_every_post_and_what_is_vacant(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    assert "ไม่มีตำแหน่งว่าง" in browser.get("/admin/people").text
    told = {"person": HEAD, "start": "2022-10-01", "until": "3/1/2566"}
    assert send(browser, f"{POST}/end", told) == 303
    page = browser.get("/admin/people").text
    assert "ว่าง ๑ ตำแหน่ง" in page
    assert "ผู้ดำรงตำแหน่งปลัดเทศบาล" in page


def test_somebody_acts_from_a_day_to_a_day_and_the_ledger_says_who_named_them(pages: Pages) -> None:
    assert send(pages.visitor(ADMIN), f"{POST}/holder", ACTS) == 303
    assert [in_charge(pages, day) for day in (4, 5, 6, 7)] == [
        [(HEAD, False)],
        [(CLERK, True)],
        [(CLERK, True)],
        [(HEAD, False)],
    ]
    (line,) = pages.office.ledger("post.held")
    assert (line.entry.actor, line.entry.subject, line.entry.data["acting"]) == (ADMIN, "chang-head", True)


def test_it_is_confirmed_on_the_page_of_the_post(pages: Pages) -> None:
    browser = pages.visitor(HEAD)
    answer = browser.post(f"{POST}/holder", data={"csrf": token_of(browser, POST)} | ACTS)
    assert "กำหนดผู้รับผิดชอบแล้ว" in browser.get(answer.headers["location"]).text
    assert 'class="said"' not in browser.get(f"{POST}?done=anything").text


def test_a_new_holder_ends_the_one_before(pages: Pages) -> None:
    told = {"kind": "holder", "who": CLERK, "first": "10/1/2566", "last": ""}
    assert send(pages.visitor(ADMIN), f"{POST}/holder", told) == 303
    assert (in_charge(pages, 9), in_charge(pages, 10)) == ([(HEAD, False)], [(CLERK, False)])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"who": ""}, "who"),
        ({"who": "nobody"}, "who"),
        ({"first": "พรุ่งนี้"}, "first"),
        ({"first": "99999999999-1-1"}, "first"),
        ({"last": "32/1/2566"}, "last"),
        ({"last": "4/1/2566"}, "last"),
        ({"kind": "king"}, "kind"),
    ],
)
def test_what_is_wrong_stands_at_its_field_with_what_was_typed(pages: Pages, wrong: dict[str, str], field: str) -> None:
    browser = pages.visitor(ADMIN)
    answer = browser.post(f"{POST}/holder", data={"csrf": token_of(browser, POST)} | ACTS | wrong)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    assert (wrong | {"first": wrong.get("first", ACTS["first"])})["first"] in answer.text
    assert pages.office.ledger("post.") == []


def test_a_last_day_that_is_none_stands_at_its_holding(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    told = {"csrf": token_of(browser, POST), "person": HEAD, "start": "2022-10-01"}
    for until in ("เร็ว ๆ นี้", "1/9/2565"):
        answer = browser.post(f"{POST}/end", data=told | {"until": until})
        assert answer.status_code == 422
        assert f'id="until-{HEAD}-2022-10-01-fault"' in answer.text
        assert f'value="{until}"' in answer.text
    assert in_charge(pages, 5) == [(HEAD, False)]


def test_what_has_not_begun_can_be_taken_back(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    send(browser, f"{POST}/holder", ACTS)
    assert send(browser, f"{POST}/end", {"person": CLERK, "start": "2023-01-05", "until": "2023-01-04"}) == 303
    assert in_charge(pages, 5) == [(HEAD, False)]
    assert [line.entry.kind for line in pages.office.ledger("post.")] == ["post.held", "post.ended"]


def test_the_last_administrator_stays(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    told = {"person": ADMIN, "start": "2022-10-01", "until": "10/1/2566"}
    assert send(browser, "/posts/admin/end", told) == 422
    assert in_charge(pages, 20, "admin") == [(ADMIN, False)]


def test_a_new_administrator_for_a_while_does_not_leave_the_office_without_one(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    told = ACTS | {"kind": "holder"}
    assert send(browser, "/posts/admin/holder", told) == 422
    assert send(browser, "/posts/admin/holder", ACTS) == 303
    assert [in_charge(pages, day, "admin")[0][0] for day in (4, 5, 7)] == [ADMIN, CLERK, ADMIN]


class TestAHead:
    """Whoever holds a supervisor's post names who acts for it, and for no other."""

    def test_names_who_acts_for_the_own_post(self, pages: Pages) -> None:
        browser = pages.visitor(HEAD)
        assert POST in browser.get("/account").text
        assert send(browser, f"{POST}/holder", ACTS, POST) == 303
        assert in_charge(pages, 5) == [(CLERK, True)]

    def test_ends_what_another_does_for_it(self, pages: Pages) -> None:
        browser = pages.visitor(HEAD)
        send(browser, f"{POST}/holder", ACTS | {"first": "4/1/2566"})  # the head is displaced, and still holds the post
        told = {"person": CLERK, "start": "2023-01-04", "until": "5/1/2566"}
        assert send(browser, f"{POST}/end", told) == 303
        assert (in_charge(pages, 5), in_charge(pages, 6)) == ([(CLERK, True)], [(HEAD, False)])

    def test_hands_the_post_itself_to_nobody(self, pages: Pages) -> None:
        browser = pages.visitor(HEAD)
        assert send(browser, f"{POST}/holder", ACTS | {"kind": "holder"}) == 422
        told = {"person": HEAD, "start": "2022-10-01", "until": "10/1/2566"}
        assert send(browser, f"{POST}/end", told) == 403
        assert pages.office.ledger("post.") == []

    @pytest.mark.parametrize("post", ["clerk", "khlang-head", "chang-officer", "admin", "nothing"])
    def test_has_no_say_about_another(self, pages: Pages, post: str) -> None:
        browser = pages.visitor(HEAD)
        assert browser.get(f"/posts/{post}").status_code == 403
        assert send(browser, f"/posts/{post}/holder", ACTS) == 403

    def test_who_only_acts_passes_it_on_to_nobody(self, pages: Pages) -> None:
        send(pages.visitor(HEAD), f"{POST}/holder", ACTS | {"who": "the-khlang-head"})
        pages.set_clock("2023-01-05 09:00")
        assert pages.visitor("the-khlang-head").get(POST).status_code == 403


def test_a_post_that_is_not_there_is_not_found(pages: Pages) -> None:
    assert pages.visitor(ADMIN).get("/posts/nothing").status_code == 404


def test_the_pages_speak_english_too(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    browser.cookies.set("sucharit_language", "en")
    assert "Posts and who acts for them" in browser.get("/admin/people").text
    assert "Name who is in charge" in browser.get(POST).text
