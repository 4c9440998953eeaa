"""What runs on made-up input found wrong or slow in the reader of plans (`make fuzz`), so that it stays mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from plans.layout.assemble import assemble
from plans.readers import comma, html
from plans.review import review_of
from plans.review.answers import answers_applied
from plans.words.letters import join_spaced_letters
from plans.words.responsible import read_responsible
from tests.plans.factories import make_draft, make_row
from tools.fuzz.seeds import FINDINGS
from tools.fuzz.slow import CALLS, MOST_SECONDS, seconds_of
from tools.fuzz.targets import TARGETS

SLOW = [
    ("read_responsible", "\n" * 20_000),
    ("read_responsible (support)", "\v" * 20_000),
    ("read_outcomes", "\n" * 20_000),
    ("a text file", "|" * 20_000 + "x"),
    ("a text file", "|---|" * 4_000 + "x"),
    ("column 0", "|---|" * 4_000),
    ("a web page's cell", " " * 20_000),
    ("split_label", " " * 20_000),
    ("read_title_page", "ปีงบประมาณ" + "\n" * 20_000),
    ("a text file", "ปีงบประมาณ" + "\n\u200b" * 5_000),
]
"""Calls with inputs that took them 1 to 10 seconds."""


@pytest.mark.parametrize("path", sorted(FINDINGS.iterdir()), ids=lambda path: path.stem)
def test_what_was_wrong_stays_mended(path: Path) -> None:
    TARGETS[path.name.split("-")[0]].check(path.read_bytes(), path.suffix)


@pytest.mark.parametrize(("call", "text"), SLOW, ids=[f"{call} {text[:6]!r}" for call, text in SLOW])
def test_what_was_slow_stays_quick(call: str, text: str) -> None:
    assert seconds_of(CALLS[call], text) < MOST_SECONDS


def test_the_label_of_a_line_above_a_table_is_not_lost() -> None:
    content = (FINDINGS / "text-the-label-above-a-table-is-lost.csv").read_bytes()
    left_out = [item.text for item in assemble(comma.read(content, "plan.csv")).left_out]
    assert "ตัวชี้วัด ITA: " in left_out


def test_letters_closed_up_give_sara_am_in_one_piece() -> None:
    joined, _ = join_spaced_letters("ทํ า ห ลั ก เ ก ณ ฑ์")
    assert joined == "ทำหลักเกณฑ์"


def test_an_answer_about_running_text_reaches_its_own_row() -> None:
    content = (FINDINGS / "html-rows-of-running-text-share-a-name.html").read_bytes()
    review = review_of(assemble(html.read(content, "plan.html")))
    about_second = next(doubt for doubt in review.doubts if doubt.row == review.measures[1].rows[0].row)
    about_second.answer = "all_divisions"
    scopes = [measure.rows[0].responsible.scope for measure in answers_applied(review).measures]
    assert scopes == ["missing", "all_divisions"]


class TestTwoMisspellings:
    def test_of_one_name_keep_both_but_the_first_as_printed(self) -> None:
        reading = read_responsible("กองคลงั, กองคล้ง")
        assert [party.unit for party in reading.parties] == ["กองคลัง", "กองคล้ง"]
        assert reading.unknown == ("กองคลงั", "กองคล้ง")

    def test_a_name_printed_rightly_as_well_is_not_taken_for_the_misspelt_one(self) -> None:
        reading = read_responsible("กองคลัง, กองคลงั")
        assert [party.unit for party in reading.parties] == ["กองคลัง", "กองคลงั"]
        assert reading.usual == ()

    def test_the_printed_names_come_back(self) -> None:
        review = review_of(make_draft(make_row(responsible="กองคลงั, กองคล้ง")))
        review.doubts[-1].answer = "keep"
        parties = answers_applied(review).measures[0].rows[0].responsible.parties
        assert [party.unit for party in parties] == ["กองคลงั", "กองคล้ง"]
