from __future__ import annotations

import pytest

from tests.each import check_each


def divides_twelve(number: int) -> None:
    assert 12 // number * number == 12, "not without rest"


def test_every_case_that_does_not_hold_is_named() -> None:
    with pytest.raises(AssertionError, match="3 of 5 do not hold") as failed:
        check_each([1, 5, 0, 7, 6], divides_twelve, lambda number: f"<{number}>")
    assert [f"<{number}>" in str(failed.value) for number in (1, 5, 0, 7, 6)] == [False, True, True, True, False]
    assert "not without rest" in str(failed.value)
    assert "ZeroDivisionError" in str(failed.value)


def test_cases_that_all_hold_pass() -> None:
    check_each([1, 2, 3], divides_twelve)


def test_a_table_without_a_case_is_a_fault() -> None:
    with pytest.raises(AssertionError, match="no case was tried"):
        check_each([], divides_twelve)
