"""The draft of the real plan agrees with what a person read in it, in every field."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from domain.thai import arabic_digits
from plans.draft import Draft, Measure, Row
from plans.layout.assemble import assemble
from plans.read import read_plan
from plans.readers import tabbed
from tests.plans.factories import SEED

TRUTH: dict[str, Any] = json.loads((Path(__file__).parent / "expected-2566.json").read_text(encoding="utf-8"))
MEASURES = {measure["number"]: measure for measure in TRUTH["measures"]}
ROWS = [(number, index) for number, measure in MEASURES.items() for index in range(len(measure.get("rows", ())))]
CHECKED_ROW_FIELDS = {
    "line", "joined_with_line", "step_starts", "sub_steps", "recurrences", "sentence_over_the_page", "responsible",
    "period", "reporting", "publication_channels", "monitoring_duties_count", "doubts", "note",
}  # fmt: skip


@pytest.fixture(scope="module")
def draft() -> Draft:
    return read_plan(SEED)


def measure_of(draft: Draft, number: int) -> Measure:
    return next(measure for measure in draft.measures if measure.number == number)


def row_of(draft: Draft, number: int, index: int) -> tuple[dict[str, Any], Row]:
    return MEASURES[number]["rows"][index], measure_of(draft, number).rows[index]


def bare(text: str) -> str:
    """Texts are compared with the spaces ignored (draft-schema, conventions)."""
    return re.sub(r"\s+", "", text)


def parties(row: Row) -> list[dict[str, str]]:
    return [{"unit": party.unit} for party in row.responsible.parties]


def test_the_truth_has_no_row_field_that_is_not_compared() -> None:
    fields = {name for measure in TRUTH["measures"] for row in measure.get("rows", ()) for name in row}
    assert fields <= CHECKED_ROW_FIELDS


def test_the_office_is_read_as_printed(draft: Draft) -> None:
    office = draft.organization.model_dump(exclude={"source", "raw"})
    assert office == TRUTH["organization"]


@pytest.mark.parametrize("field", ["fiscal_year_be", "document_kind"])
def test_the_document_is_named(draft: Draft, field: str) -> None:
    assert getattr(draft, field) == TRUTH[field]


def test_the_columns_have_their_roles(draft: Draft) -> None:
    assert list(draft.column_roles or ()) == TRUTH["column_roles"]


def test_the_file_raises_its_doubts_and_no_other(draft: Draft) -> None:
    assert [doubt.kind.value for doubt in draft.doubts] == TRUTH["doubts"]


def test_the_measures_are_those_of_the_plan_in_order(draft: Draft) -> None:
    assert [measure.number for measure in draft.measures] == list(MEASURES)


@pytest.mark.parametrize("number", MEASURES)
def test_a_measure_has_its_title_and_indicators(draft: Draft, number: int) -> None:
    measure = measure_of(draft, number)
    assert bare(measure.title) == bare(MEASURES[number]["title"])
    assert list(measure.indicators) == MEASURES[number]["indicators"]


@pytest.mark.parametrize("number", [number for number, measure in MEASURES.items() if "rows" in measure])
def test_a_measure_has_as_many_rows_as_a_person_reads(draft: Draft, number: int) -> None:
    assert len(measure_of(draft, number).rows) == len(MEASURES[number]["rows"])


@pytest.mark.parametrize(("number", "index"), ROWS)
class TestRow:
    def test_stands_in_its_line(self, draft: Draft, number: int, index: int) -> None:
        truth, row = row_of(draft, number, index)
        assert row.source.line == truth["line"]

    def test_holds_the_cells_of_the_line_it_was_joined_with(self, draft: Draft, number: int, index: int) -> None:
        truth, row = row_of(draft, number, index)
        expected = {truth["line"], truth.get("joined_with_line", truth["line"])}
        assert {cell.source.line for cell in row.cells} == expected

    def test_has_its_steps_in_order(self, draft: Draft, number: int, index: int) -> None:
        truth, row = row_of(draft, number, index)
        assert len(row.steps) == len(truth["step_starts"])
        for step, start in zip(row.steps, truth["step_starts"], strict=True):
            assert bare(step.text).startswith(bare(start))

    def test_has_its_sub_steps_and_no_other(self, draft: Draft, number: int, index: int) -> None:
        truth, row = row_of(draft, number, index)
        counts = {
            start: len(s.sub_steps) for s, start in zip(row.steps, truth["step_starts"], strict=True) if s.sub_steps
        }
        assert counts == truth.get("sub_steps", {})

    def test_repeats_what_a_person_reads_as_repeated(self, draft: Draft, number: int, index: int) -> None:
        truth, row = row_of(draft, number, index)
        steps = zip(row.steps, truth["step_starts"], strict=True)
        assert {start: step.recurrence for step, start in steps if step.recurrence} == truth.get("recurrences", {})

    def test_joins_the_sentence_over_the_page(self, draft: Draft, number: int, index: int) -> None:
        truth, row = row_of(draft, number, index)
        sentence = bare(truth.get("sentence_over_the_page", "").replace("+", ""))
        assert sentence in "".join(bare(step.text) for step in row.steps)

    def test_names_who_must_act(self, draft: Draft, number: int, index: int) -> None:
        truth, row = row_of(draft, number, index)
        assert row.responsible.scope == truth["responsible"]["scope"]
        assert parties(row) == truth["responsible"]["parties"]

    def test_has_its_period(self, draft: Draft, number: int, index: int) -> None:
        truth, row = row_of(draft, number, index)
        period = row.period.model_dump(mode="json", include={"raw", "start", "end"})
        assert period == truth["period"]
        assert not row.period.start_inferred

    def test_is_reported_when_a_person_reads_it(self, draft: Draft, number: int, index: int) -> None:
        truth, row = row_of(draft, number, index)
        assert row.reporting.model_dump(mode="json", include={"cadence", "quarters_due"}) == truth["reporting"]

    def test_is_published_where_a_person_reads_it(self, draft: Draft, number: int, index: int) -> None:
        truth, row = row_of(draft, number, index)
        expected = truth.get("publication_channels", list(row.publication_channels))
        assert list(row.publication_channels) == expected

    def test_counts_the_tasks_in_the_monitoring_cell(self, draft: Draft, number: int, index: int) -> None:
        truth, row = row_of(draft, number, index)
        expected = truth.get("monitoring_duties_count", len(row.monitoring_duties))
        assert len(row.monitoring_duties) == expected

    def test_raises_its_doubts_and_no_other(self, draft: Draft, number: int, index: int) -> None:
        truth, row = row_of(draft, number, index)
        assert [doubt.kind.value for doubt in row.doubts] == truth["doubts"]


class TestMeasureWhoseValuesDoNotPair:
    truth = MEASURES[7]["rows_in_any_pairing"]

    def test_all_its_rows_stand_in_the_line(self, draft: Draft) -> None:
        assert {row.source.line for row in measure_of(draft, 7).rows} == {self.truth["line"]}

    def test_has_its_steps_in_order_over_the_rows(self, draft: Draft) -> None:
        steps = [step for row in measure_of(draft, 7).rows for step in row.steps]
        assert len(steps) == len(self.truth["step_starts"])
        for step, start in zip(steps, self.truth["step_starts"], strict=True):
            assert bare(step.text).startswith(bare(start))

    def test_has_the_sub_steps_and_recurrences(self, draft: Draft) -> None:
        steps = [step for row in measure_of(draft, 7).rows for step in row.steps]
        assert {step.text: len(step.sub_steps) for step in steps if step.sub_steps} == self.truth["sub_steps"]
        assert {step.text: step.recurrence for step in steps if step.recurrence} == self.truth["recurrences"]

    def test_every_row_is_for_all_divisions(self, draft: Draft) -> None:
        scopes = [(row.responsible.scope, parties(row)) for row in measure_of(draft, 7).rows]
        assert scopes == [(self.truth["responsible"]["scope"], [])] * 2

    def test_has_each_period_with_its_quarters(self, draft: Draft) -> None:
        rows = measure_of(draft, 7).rows
        assert [[str(row.period.start), str(row.period.end)] for row in rows] == self.truth["periods"]
        assert [list(row.reporting.quarters_due) for row in rows] == self.truth["quarters_due"]

    def test_asks_a_person_once(self, draft: Draft) -> None:
        kinds = [doubt.kind.value for row in measure_of(draft, 7).rows for doubt in row.doubts]
        assert kinds == self.truth["doubts"]


def test_every_cell_of_the_file_is_kept(draft: Draft) -> None:
    kept = {cell.raw for _, row in draft.rows() for cell in row.cells} | {item.text for item in draft.left_out}
    kept |= set(draft.column_headings)
    lines = SEED.read_text(encoding="utf-8").splitlines()
    assert not [cell for line in lines if "\t" in line for cell in line.split("\t") if cell and cell not in kept]


def test_no_two_doubts_share_an_id(draft: Draft) -> None:
    ids = [doubt.id for doubt in draft.all_doubts()]
    assert len(ids) == len(set(ids))


def test_reading_the_file_again_gives_the_same_draft(draft: Draft) -> None:
    assert read_plan(SEED) == draft


def summary(draft: Draft) -> list[tuple[object, ...]]:
    return [
        (
            measure.number,
            row.period.start,
            row.period.end,
            row.reporting.quarters_due,
            row.responsible.scope,
            *tuple(doubt.kind for doubt in row.doubts),
        )
        for measure, row in draft.rows()
    ]


@pytest.mark.parametrize(
    "damage",
    [
        arabic_digits,
        lambda text: re.sub("<[^>]*>", " ", text),
        lambda text: text.replace("</p> <p>", "<br>"),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace("ำ", "ํา"),
        lambda text: text.replace("า", "า\u200b"),
        lambda text: re.sub(r"\n\n+", "\n", text),
        lambda text: "\n".join(f"{line}\t" if "\t" in line else line for line in text.split("\n")),
    ],
    ids=[
        "digits",
        "no markup",
        "breaks",
        "hard spaces",
        "split sara am",
        "zero width",
        "no empty lines",
        "empty column",
    ],
)
def test_the_same_plan_typed_otherwise_reads_the_same(draft: Draft, damage: Callable[[str], str]) -> None:
    text = damage(SEED.read_text(encoding="utf-8"))
    assert summary(assemble(tabbed.read(text.encode(), SEED.name))) == summary(draft)
