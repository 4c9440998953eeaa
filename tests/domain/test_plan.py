from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from domain.fiscal import FiscalYear, Span
from domain.plan import Plan, Reporting
from tests.factories import make_measure, make_plan, make_step


def test_the_same_plan_has_the_same_hash() -> None:
    assert make_plan().content_hash == make_plan().content_hash


def test_one_changed_letter_changes_the_hash() -> None:
    assert make_plan().content_hash != make_plan(title="มาตรการ").content_hash


def test_a_plan_read_back_from_its_document_has_the_same_hash() -> None:
    plan = make_plan()
    assert Plan.model_validate_json(plan.model_dump_json()).content_hash == plan.content_hash


def test_a_measure_is_found_by_its_key() -> None:
    plan = make_plan(measures=(make_measure(key="m1"), make_measure(key="m2", number=2)))
    assert plan.measure("m2") is plan.measures[1]


def test_an_unknown_measure_is_none() -> None:
    assert make_plan().measure("m9") is None


def test_steps_come_in_the_plans_order() -> None:
    one = make_measure(key="m1", steps=(make_step(key="m1.1"), make_step(key="m1.2")))
    two = make_measure(key="m2", steps=(make_step(key="m2.1"),))
    found = [(measure.key, step.key) for measure, step in make_plan(measures=(one, two)).steps()]
    assert found == [("m1", "m1.1"), ("m1", "m1.2"), ("m2", "m2.1")]


def test_a_plan_rolled_to_the_next_year_moves_every_period_by_a_year() -> None:
    plan = make_plan().rolled_to(FiscalYear(2567))
    assert plan.measures[0].steps[0].span == Span(date(2023, 10, 1), date(2024, 9, 30))


def test_a_rolled_plan_belongs_to_the_new_year() -> None:
    assert make_plan().rolled_to(FiscalYear(2567)).fiscal_year == FiscalYear(2567)


def test_a_step_that_ends_on_29_february_ends_on_the_28th_in_a_common_year() -> None:
    step = make_step(start=date(2024, 2, 1), end=date(2024, 2, 29))
    plan = make_plan(fiscal_year_be=2567, measures=(make_measure(steps=(step,)),))
    assert plan.rolled_to(FiscalYear(2568)).measures[0].steps[0].end == date(2025, 2, 28)


def test_keys_and_words_stay_when_a_plan_is_rolled() -> None:
    before, after = make_plan(), make_plan().rolled_to(FiscalYear(2570))
    assert [(m.key, s.key, s.text) for m, s in after.steps()] == [(m.key, s.key, s.text) for m, s in before.steps()]


def test_a_plan_rolled_within_its_own_year_is_itself() -> None:
    assert make_plan().rolled_to(FiscalYear(2566)) == make_plan()


def test_a_misspelt_field_of_a_plan_is_refused() -> None:
    with pytest.raises(ValidationError, match="quarter_due"):
        Reporting.model_validate({"cadence": "quarterly", "quarter_due": [1]})


@pytest.mark.parametrize("quarter", [0, 5])
def test_there_is_no_quarter_outside_one_to_four(quarter: int) -> None:
    with pytest.raises(ValidationError, match="quarters_due"):
        Reporting.model_validate({"cadence": "quarterly", "quarters_due": [quarter]})


@pytest.mark.parametrize(
    ("year", "to", "start", "end", "expected"),
    [
        (2566, 2567, date(2023, 2, 1), date(2023, 2, 28), (date(2024, 2, 1), date(2024, 2, 29))),
        (2567, 2568, date(2024, 2, 29), date(2024, 2, 29), (date(2025, 2, 28), date(2025, 2, 28))),
        (2566, 2567, date(2023, 2, 28), date(2023, 2, 28), (date(2024, 2, 28), date(2024, 2, 28))),
        (2566, 2567, date(2023, 2, 1), date(2023, 2, 27), (date(2024, 2, 1), date(2024, 2, 27))),
        (2566, 2570, date(2022, 10, 1), date(2022, 12, 31), (date(2026, 10, 1), date(2026, 12, 31))),
    ],
)
def test_an_end_of_a_month_stays_the_end_of_its_month(
    year: int, to: int, start: date, end: date, expected: tuple[date, date]
) -> None:
    step = make_step(start=start, end=end)
    plan = make_plan(fiscal_year_be=year, measures=(make_measure(steps=(step,)),)).rolled_to(FiscalYear(to))
    assert (plan.measures[0].steps[0].start, plan.measures[0].steps[0].end) == expected


def test_a_plan_without_carried_work_does_not_speak_of_it() -> None:
    assert "carried_from" not in make_plan().model_dump_json()


def test_carried_work_is_kept_in_the_document() -> None:
    plan = make_plan(measures=(make_measure(steps=(make_step(carried_from=2565),)),))
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


def test_keys_are_no_part_of_what_a_plan_says() -> None:
    plan = make_plan(measures=(make_measure(key="m9", steps=(make_step(key="m9.9"),)),))
    assert make_plan().has_content_of(plan)
    assert not make_plan().has_content_of(make_plan(title="มาตรการ"))
