"""Many small cases in one test: every one is tried, and the failure names each that does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from traceback import format_exception_only
from typing import TypeVar

Case = TypeVar("Case")


def check_each(cases: Iterable[Case], check: Callable[[Case], None], name: Callable[[Case], str] = str) -> None:
    """Try all cases; as many tests of their own would take longer to begin than to run.

    Args:
        check: Raises where a case does not hold; its `assert` may do so, as in any test.

    Raises:
        AssertionError: At least one does not hold, or there is none at all.
    """
    tried, faults = 0, []
    for case in cases:
        tried += 1
        try:
            check(case)
        except Exception as fault:  # noqa: BLE001 -- as pytest does it: the others are tried all the same
            faults.append(f"{name(case)}: {''.join(format_exception_only(fault))}")
    assert tried, "no case was tried"
    assert not faults, f"{len(faults)} of {tried} do not hold:\n" + "\n".join(faults)
