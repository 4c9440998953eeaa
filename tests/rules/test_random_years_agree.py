"""Years that nobody thought of: the use cases and the oracle tell the same people the same things on the same days.

`YEARS=2000 pytest tests/rules/test_random_years_agree.py` plays more of them. Which they are depends on
what else is imported, so a failure prints its whole case: tests/oracle/cases takes it as it is.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.oracle.case import Case
from tests.oracle.invariants import faults_of
from tests.oracle.play import play as play_the_oracle
from tests.oracle.random_years import cases
from tests.rules.agreement import differences, of_this_time
from tests.rules.year import play

YEARS: Final = int(os.environ.get("YEARS", "100"))
PARTS: Final = 4
"""Each may be played by another process."""
PROBES: Final = frozenset({date(2022, 12, 20), date(2023, 1, 18), date(2023, 4, 12), date(2023, 7, 20)})


@pytest.mark.timeout(60 + 20 * YEARS)
@pytest.mark.parametrize("part", range(PARTS))
def test_nobody_is_told_otherwise_than_the_oracle_says(part: int) -> None:
    @seed(part)
    @settings(
        max_examples=YEARS // PARTS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(cases(most_divisions=3, most_measures=2))
    def agree(case: Case) -> None:
        now = of_this_time(case)
        world = play_the_oracle(now, probe_on=PROBES)
        with TemporaryDirectory() as folder:
            found = differences(world, play(now, Path(folder), PROBES))
        assert found + faults_of(world.record) == [], now.model_dump_json(by_alias=True)

    agree()
