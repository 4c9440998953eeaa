"""The hand-worked cases of the rules, played through the use cases of a real year."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.case import events_of, read_case
from tests.rules.agreement import disagreements
from tests.rules.year import PLAYABLE, play

CASES = sorted((Path(__file__).parent.parent / "oracle" / "cases").glob("*.json"))
LATER = {case.stem for case in CASES if any(event.what not in PLAYABLE for event in events_of(read_case(case)))}
"""Cases with a pause or a closing, which are not built yet."""


@pytest.mark.parametrize("case", [case for case in CASES if case.stem not in LATER], ids=lambda case: case.stem)
def test_a_case_is_played_as_it_was_worked_out_by_hand(case: Path, tmp_path: Path) -> None:
    read = read_case(case)
    assert disagreements(read, play(read, tmp_path)) == []


def test_only_what_is_not_built_yet_is_left_out() -> None:
    assert {"36-paused", "39-year-closed"} == LATER
