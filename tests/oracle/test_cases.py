"""The hand-worked cases, each played by the oracle."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.case import read_case
from tests.oracle.expected import disagreements
from tests.oracle.play import play

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_oracle_says_what_was_worked_out_by_hand(path: Path) -> None:
    case = read_case(path)
    assert not disagreements(case, play(case))
