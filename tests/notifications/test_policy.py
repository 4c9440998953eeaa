from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.faults import BadAddressError, CentralMailboxError
from notifications.policy import MOST_TRIES, check_address, next_try, wait_after

FIRST = datetime(2026, 5, 8, 9, 0, tzinfo=UTC)
UNTIL = FIRST + timedelta(days=3)


def tries() -> list[datetime]:
    at: datetime | None = FIRST
    made: list[datetime] = []
    while at is not None:
        made.append(at)
        at = next_try(len(made), at, UNTIL)
    return made


def test_the_first_waits_are_short_then_four_hours() -> None:
    made = tries()
    waits = [(later - earlier) / timedelta(minutes=1) for earlier, later in pairwise(made)]
    assert waits[:6] == [1, 5, 15, 60, 240, 240]


def test_a_mailbox_that_stays_full_is_tried_to_the_last_day_then_given_up() -> None:
    made = tries()
    assert timedelta(days=2, hours=20) < made[-1] - FIRST <= UNTIL - FIRST
    assert len(made) < MOST_TRIES


@given(st.integers(1, 100))
def test_waits_never_shrink(attempt: int) -> None:
    assert wait_after(attempt) <= wait_after(attempt + 1)


@given(st.integers(1, 100), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_a_next_try_lies_ahead_and_within_the_limit(attempt: int, age: timedelta) -> None:
    at = next_try(attempt, FIRST + age, UNTIL)
    assert at is None or FIRST + age < at <= UNTIL


@given(st.integers(MOST_TRIES, 10_000))
def test_tries_end_even_when_the_clock_stands_still(attempt: int) -> None:
    assert next_try(attempt, FIRST, UNTIL) is None


@pytest.mark.parametrize("text", ["a@b.go.th", "somsri.m+ita@mail.go.th", "user@localhost", "my.saraban@b.go.th"])
def test_ordinary_addresses_are_accepted(text: str) -> None:
    check_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@",
        "@b",
        "a b@c.th",
        "a@b..th",
        "a@-b.th",
        "ก@b.th",
        "a@b.th\n",
        "A <a@b.th>",
        "a.@b.th",
        "a" * 65 + "@b",
    ],
)
def test_what_is_no_address_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(BadAddressError) as caught:
        check_address(text)
    assert "name@office.go.th" in str(caught.value)
    assert "โปรดระบุ" in caught.value.in_thai()


@pytest.mark.parametrize("text", ["saraban@a.go.th", "SARABAN_06420101@dla.go.th", "saraban-x@a.go.th"])
def test_the_central_mailbox_for_official_letters_is_refused(text: str) -> None:
    with pytest.raises(CentralMailboxError) as caught:
        check_address(text)
    assert "หนังสือราชการ" in caught.value.in_thai()
