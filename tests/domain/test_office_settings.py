from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from domain.ladder import DEFAULT_LADDER
from domain.office import OfficeSettings


def test_an_office_that_decides_nothing_has_the_usual_lengths() -> None:
    usual = OfficeSettings()
    assert (usual.report_due, usual.correction, usual.least_to_act, usual.report_frozen) == (5, 3, 5, 10)
    assert (usual.decide_reminder, usual.decide_above) == (2, 5)


def test_review_by_the_supervisor_is_on_unless_switched_off() -> None:
    assert OfficeSettings().is_reviewed


def test_every_division_does_not_mean_the_audit_unit_unless_decided() -> None:
    assert not OfficeSettings().audit_unit_is_meant


def test_the_usual_office_keeps_bangkok_hours_and_the_default_ladder() -> None:
    usual = OfficeSettings()
    assert (usual.zone, usual.notify_at, usual.close_at, usual.ladder) == (
        ZoneInfo("Asia/Bangkok"),
        time(8, 30),
        time(16, 30),
        DEFAULT_LADDER,
    )


LENGTHS = ["report_due", "correction", "least_to_act", "decide_reminder", "decide_above", "report_frozen"]


@pytest.mark.parametrize("length", ["correction", "least_to_act", "decide_reminder", "decide_above"])
def test_days_that_a_rule_gives_are_never_none(length: str) -> None:
    with pytest.raises(ValidationError, match=length):
        OfficeSettings.model_validate({length: 0})


@pytest.mark.parametrize("length", ["report_due", "report_frozen"])
def test_a_length_that_gives_nobody_days_may_be_none(length: str) -> None:
    assert getattr(OfficeSettings.model_validate({length: 0}), length) == 0


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("days", [-1, 61])
def test_a_length_outside_0_to_60_working_days_is_refused(length: str, days: int) -> None:
    with pytest.raises(ValidationError, match=length):
        OfficeSettings.model_validate({length: days})


def test_settings_read_back_from_their_document_are_the_same() -> None:
    decided = OfficeSettings(report_due=7, notify_at=time(9))
    assert OfficeSettings.model_validate_json(decided.model_dump_json()) == decided


@pytest.mark.parametrize("written", ["08:30", "08.30", "๐๘.๓๐", "08:30:00"])
def test_a_time_of_day_is_read_as_people_write_it(written: str) -> None:
    assert OfficeSettings.model_validate({"notify_at": written}).notify_at == time(8, 30)


@pytest.mark.parametrize("written", [8.3, 990, "08:30Z"])
def test_a_number_or_a_zone_is_no_time_of_day(written: object) -> None:
    with pytest.raises(ValidationError, match="08:30"):
        OfficeSettings.model_validate({"notify_at": written})
