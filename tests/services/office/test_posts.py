"""Whose posts a supervisor may fill: their own, and the line below."""

from __future__ import annotations

from datetime import date

import pytest

from domain.people import Holding
from services.office.posts import may_fill, posts_below
from tests.factories import make_people

DAY = date(2023, 4, 11)


def keys(person: str, **facts: object) -> set[str]:
    people = make_people(**facts)  # type: ignore[arg-type]
    return {post.key for post in may_fill(people, person, DAY)}


def test_a_head_fills_the_own_post_only() -> None:
    assert keys("the-chang-head") == {"chang-head"}


def test_the_clerk_fills_the_heads_of_all_divisions_but_not_the_mayor() -> None:
    found = keys("the-clerk")
    assert {"clerk", "chang-head", "khlang-head"} <= found
    assert not found & {"mayor", "admin", "chang-officer"}


def test_the_mayor_fills_the_clerks_post_too() -> None:
    assert {"mayor", "clerk", "chang-head"} <= keys("the-mayor")


@pytest.mark.parametrize("person", ["the-chang-officer", "the-admin", "nobody"])
def test_who_leads_nobody_fills_nothing_by_rank(person: str) -> None:
    assert keys(person) == set()


def test_who_acts_fills_the_line_below_and_not_the_post_itself() -> None:
    acting = Holding("clerk", "the-chang-head", date(2023, 4, 1), is_acting=True)
    found = keys("the-chang-head", also=[acting])
    assert "khlang-head" in found
    assert "clerk" not in found


def test_who_is_displaced_by_an_acting_holder_has_no_line_that_day() -> None:
    people = make_people(acting={"chang-head": "the-clerk"})
    assert posts_below(people, "the-chang-head", DAY) == []
