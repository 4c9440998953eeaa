"""What a person sees of a draft."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.draft import Draft
from plans.read import read_plan
from plans.show import WIDTH, as_json, as_text, wrapped
from plans.words.text import FOLLOWERS
from tests.plans.factories import SEED, make_draft, make_row


@pytest.fixture(scope="module")
def draft() -> Draft:
    return read_plan(SEED)


def test_no_line_is_wider_than_a_terminal(draft: Draft) -> None:
    assert max(len(line) for line in as_text(draft).splitlines()) <= WIDTH


def test_every_measure_step_and_doubt_is_shown(draft: Draft) -> None:
    shown = "".join(as_text(draft).split())
    words = [measure.title for measure in draft.measures]
    words += [step.text for _, row in draft.rows() for step in row.steps]
    words += [text for doubt in draft.all_doubts() for text in (doubt.message, doubt.proposal or "")]
    assert not [word for word in words if "".join(word.split()) not in shown]


def test_the_counts_stand_at_the_end(draft: Draft) -> None:
    assert as_text(draft).splitlines()[-1].startswith("รวม ๕ มาตรการ ๗ แถว ๒๐ ขั้นตอน ๙ ข้อสงสัย")


def test_what_is_missing_is_said() -> None:
    text = as_text(make_draft(make_row(responsible="", period="เมื่อพร้อม", steps="", monitoring="")))
    assert text.count("(ไม่ได้ระบุ)") == 1
    assert "(อ่านไม่ได้: เมื่อพร้อม)" in text


def test_json_has_the_names_of_the_schema_and_readable_thai(draft: Draft) -> None:
    text = as_json(draft)
    assert "เทศบาลตำบล" in text
    loaded = json.loads(text)
    assert {"organization", "fiscal_year_be", "document_kind", "column_roles", "measures", "doubts", "left_out"} <= set(
        loaded
    )
    row = loaded["measures"][0]["rows"][0]
    assert {
        "steps",
        "responsible",
        "period",
        "reporting",
        "publication_channels",
        "monitoring_duties",
        "doubts",
    } <= set(row)
    assert Draft.model_validate(loaded) == draft


def test_json_is_the_same_every_time(draft: Draft) -> None:
    assert as_json(read_plan(SEED)) == as_json(draft)


@given(st.text(alphabet="กขเแ่้าำ ๆabc", max_size=120), st.integers(12, 40))
def test_wrapping_loses_nothing_and_stays_within_its_width(text: str, width: int) -> None:
    lines = list(wrapped(text, "  - ", width=width))
    assert all(len(line) <= width for line in lines)
    assert "".join("".join(lines).split())[1:] == "".join(text.split())


@pytest.mark.parametrize("width", range(12, 40))
def test_a_line_never_begins_with_the_sign_of_a_letter_before(width: int) -> None:
    lines = list(wrapped("ที่น้ำเก้าแก้วใกล้สิ่งกีดขวางไม่มีเว้นวรรค" * 3, width=width))
    assert not [line for line in lines if line[0] in FOLLOWERS or line[-1] in "เแโใไ"]


def test_a_repeated_sign_stays_with_its_word() -> None:
    assert list(wrapped("ต่าง ๆ ที่", width=6)) == ["ต่าง ๆ", "ที่"]
