"""Years that nobody thought of keep every invariant."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, Phase, given, settings

from tests.oracle.case import Case
from tests.oracle.invariants import faults_of
from tests.oracle.play import play
from tests.oracle.random_years import cases

PROBES = frozenset(date.fromisoformat(day) for day in ("2023-01-16", "2023-04-22", "2023-07-11", "2023-10-30"))


@settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,  # the same years every time: a suite fails for a change, not by chance
    phases=[Phase.generate],  # making a year smaller takes minutes; the failure prints the case, to be cut by hand
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(cases())
def test_a_random_year_keeps_every_invariant(case: Case) -> None:
    faults = faults_of(play(case, probe_on=PROBES).record)
    assert not faults, f"{faults}\n{case.model_dump_json(by_alias=True)}"
