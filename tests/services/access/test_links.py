from __future__ import annotations

import json
from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.access.links import (
    LinkForgedError,
    LinkOutdatedError,
    LinkScope,
    assignment_link,
    read_link,
)
from services.signed import _as_text, _signature
from tests.factories import at

SECRET: Final = bytes(range(32))
LAST: Final = date(2023, 4, 30)
NOW: Final = at("2023-04-10 08:30")
SCOPE: Final = LinkScope("ban-mai", "2566-m1.1-chang-q2", "the-chang-head")


def make_link(secret: bytes = SECRET) -> str:
    return assignment_link(secret, SCOPE.office, SCOPE.assignment_id, SCOPE.person, LAST)


def test_a_link_opens_the_assignment_it_was_made_for() -> None:
    assert read_link(SECRET, make_link(), NOW) == SCOPE


def test_the_same_letter_has_the_same_link() -> None:
    assert make_link() == make_link()


@given(office=st.text(), assignment=st.text(), person=st.text(), day=st.dates(min_value=date(2023, 4, 11)))
def test_any_keys_come_back_from_a_link_that_an_address_can_hold(
    office: str, assignment: str, person: str, day: date
) -> None:
    token = assignment_link(SECRET, office, assignment, person, day)
    assert read_link(SECRET, token, NOW) == LinkScope(office, assignment, person)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_a_link_works_to_the_end_of_its_last_day_in_bangkok() -> None:
    assert read_link(SECRET, make_link(), at("2023-04-30 23:59")) == SCOPE
    with pytest.raises(LinkOutdatedError, match="2023-04-30") as refused:
        read_link(SECRET, make_link(), at("2023-05-01 00:00"))
    assert "๓๐ เมษายน" in refused.value.in_thai()


def test_no_letter_of_a_link_can_be_changed() -> None:
    token = make_link()
    for place, letter in enumerate(token):
        other = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        with pytest.raises(LinkForgedError):
            read_link(SECRET, other, NOW)


@pytest.mark.parametrize(
    "token", ["", ".", "a.b", "ก.ข", "\0", "...", make_link() + "=", make_link()[:-1], make_link() + "."]
)
def test_what_is_no_link_is_refused(token: str) -> None:
    with pytest.raises(LinkForgedError):
        read_link(SECRET, token, NOW)


def test_a_link_of_another_installation_is_refused() -> None:
    with pytest.raises(LinkForgedError):
        read_link(SECRET, make_link(bytes(32)), NOW)


def test_another_text_signed_with_the_same_secret_is_no_link() -> None:
    text = json.dumps(["something else/1", "ban-mai", "a", "p", "2023-04-30"]).encode()
    with pytest.raises(LinkForgedError):
        read_link(SECRET, f"{_as_text(text)}.{_as_text(_signature(SECRET, text))}", NOW)
