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
    address_mark,
    assignment_link,
    is_ours,
    read_link,
    scope_of,
)
from services.signed import _as_text, _signature, read_signed, signed
from tests.factories import at

SECRET: Final = bytes(range(32))
WRITTEN: Final = date(2023, 3, 1)
LAST: Final = date(2023, 4, 30)
NOW: Final = at("2023-04-10 08:30")
ADDRESS: Final = "head@office.example"
SCOPE: Final = LinkScope(
    "ban-mai", "2566-m1.1-chang-q2", "the-chang-head", acts_until=LAST, address_mark=address_mark(SECRET, ADDRESS)
)


def make_link(secret: bytes = SECRET, address: str | None = ADDRESS, written_on: date = WRITTEN) -> str:
    return assignment_link(secret, SCOPE.office, SCOPE.assignment_id, SCOPE.person, written_on, address)


def link_with_last_day(secret: bytes = SECRET) -> str:
    """As letters had it before links were bound to an address."""
    return signed(secret, "assignment/1", SCOPE.office, SCOPE.assignment_id, SCOPE.person, "2023-04-15")


def test_a_link_opens_the_assignment_it_was_made_for() -> None:
    assert read_link(SECRET, make_link(), NOW) == SCOPE


def test_the_same_letter_has_the_same_link() -> None:
    assert make_link() == make_link()


def test_a_letter_of_another_day_or_to_another_address_has_another_link() -> None:
    assert len({make_link(), make_link(address="head@else.example"), make_link(written_on=date(2023, 3, 2))}) == 3


@given(office=st.text(), assignment=st.text(), person=st.text(), day=st.dates(min_value=date(2023, 2, 9)))
def test_any_keys_come_back_from_a_link_that_an_address_can_hold(
    office: str, assignment: str, person: str, day: date
) -> None:
    token = assignment_link(SECRET, office, assignment, person, day, ADDRESS)
    scope = read_link(SECRET, token, NOW)
    assert (scope.office, scope.assignment_id, scope.person) == (office, assignment, person)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_a_link_acts_for_sixty_days_from_its_letter_to_the_end_of_the_last_in_bangkok() -> None:
    assert read_link(SECRET, make_link(), at("2023-04-30 23:59")) == SCOPE
    with pytest.raises(LinkOutdatedError, match="2023-04-30") as refused:
        read_link(SECRET, make_link(), at("2023-05-01 00:00"))
    assert "๓๐ เมษายน" in refused.value.in_thai()


def test_what_a_link_says_can_be_read_however_long_ago_it_was_written() -> None:
    assert scope_of(SECRET, make_link()) == SCOPE
    assert not SCOPE.acts(at("2033-04-30 09:00"))


def test_a_link_mailed_before_keeps_the_day_that_is_signed_in_it() -> None:
    assert read_link(SECRET, link_with_last_day(), at("2023-04-15 23:59")).is_of_first_form
    with pytest.raises(LinkOutdatedError, match="2023-04-15"):
        read_link(SECRET, link_with_last_day(), at("2023-04-16 00:00"))


def test_links_of_both_forms_are_ours() -> None:
    assert is_ours(SECRET, make_link())
    assert is_ours(SECRET, link_with_last_day())
    assert not is_ours(bytes(32), make_link())
    assert not is_ours(bytes(32), link_with_last_day())


def test_the_address_of_a_letter_is_not_in_its_link_and_cannot_be_tried_without_the_secret() -> None:
    fields = read_signed(SECRET, "assignment/2", make_link())
    assert fields is not None
    assert not [field for field in fields if "@" in field]
    assert fields[-1] == SCOPE.address_mark != address_mark(bytes(32), ADDRESS)


def test_an_address_has_one_mark_in_whatever_case_it_is_written() -> None:
    assert address_mark(SECRET, "Head@Office.Example ") == address_mark(SECRET, ADDRESS)
    assert address_mark(SECRET, "heads@office.example") != address_mark(SECRET, ADDRESS)


@pytest.mark.parametrize("none", [None, ""])
def test_a_printed_letters_link_is_bound_to_no_address(none: str | None) -> None:
    assert scope_of(SECRET, make_link(address=none)).address_mark == ""


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
