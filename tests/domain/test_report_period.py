"""A report's period: one place names it for the ledger, addresses and files, whatever its kind."""

from __future__ import annotations

import pytest

from domain.errors import NotFoundError
from domain.report_period import FORMS, ReportKind, ReportPeriod, period_of_key, periods_of_year, quarterly
from tests.architecture.rooms import SOURCES, name_of


def test_names_that_were_given_out_stay() -> None:
    period = quarterly(2570, 1)
    assert (period.key, period.short, period.english, period.thai) == ("2570-q1", "Q1", "Quarter 1", "ไตรมาสที่ ๑")
    assert [one.span.start.month for one in periods_of_year(2570)] == [10, 1, 4, 7]


def test_a_key_names_its_period_again() -> None:
    for period in periods_of_year(2570):
        assert period_of_key(period.key) == period


@pytest.mark.parametrize("key", ["2570", "2570-q5", "2570-x1", "", "2570-q1-r1", "๒๕๗๐-q1"])
def test_what_names_no_period_is_not_found(key: str) -> None:
    with pytest.raises(NotFoundError):
        period_of_key(key)


def test_every_kind_has_a_form_and_a_mark_of_its_own() -> None:
    assert set(FORMS) == set(ReportKind)
    assert len({form.mark for form in FORMS.values()}) == len(FORMS)
    assert all(ReportPeriod(kind, 2570, number).key for kind, form in FORMS.items() for number in form.numbers)


def test_no_other_place_writes_a_period_key() -> None:
    by_hand = ("-q{", '"-q"', "Q{")
    written = [name_of(path) for path in SOURCES if any(text in path.read_text("utf-8") for text in by_hand)]
    assert written == ["services/reporting/publish.py"]  # a file's name says in which quarter it was handed in
