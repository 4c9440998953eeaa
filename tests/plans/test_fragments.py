"""Lists in cells read as a person sees them: numbers, dashes, no mark twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.draft import Source
from plans.readers.html import read
from plans.words.fragments import begins_item, paragraphs
from plans.words.steps import read_steps
from plans.words.text import clean
from tests.plans.formats import texts

LISTS = [
    ("<ol><li>ก<li>ข</ol>", ["1. ก", "2. ข"]),
    ("<ol start=3><li>ก</li><li value='7'>ข</li><li>ค</li></ol>", ["3. ก", "7. ข", "8. ค"]),
    ("<ol style='list-style-type: thai'><li>ก<li>ข</ol>", ["๑. ก", "๒. ข"]),
    ("<ol type=a><li>ก<li>ข</ol>", ["a. ก", "b. ข"]),
    ("<ol type=I><li>ก<li>ข<li>ค<li>ง</ol>", ["I. ก", "II. ข", "III. ค", "IV. ง"]),
    ("<ul><li>ก<li>ข</ul>ค", ["- ก", "- ข", "ค"]),
    ("<ol><li>ก<ol><li>ข<li>ค</ol><li>ง</ol>", ["1. ก", "- ข", "- ค", "2. ง"]),
    ("<ol><li>ก</li><ul><li>ข</li></ul><li>ค</li></ol>", ["1. ก", "- ข", "2. ค"]),
    ("<ol style='list-style-type: none'><li>๑. ก<li>๒. ข</ol>", ["๑. ก", "๒. ข"]),
    ("<ol><li>๑. ก<li>(2) ข<li>- ค</ol>", ["๑. ก", "(2) ข", "- ค"]),
    ("<ul><li>• ก<li>๑.๑ ข</ul>", ["• ก", "๑.๑ ข"]),
    ("<ol style='list-style-type: none'><li>๑. ก<ol><li>ข</ol></ol>", ["๑. ก", "- ข"]),
    ("<ul style='list-style-type: none'><li>ก<ol><li>ข<li>ค</ol></ul>", ["ก", "1. ข", "2. ค"]),
    ("<ol><li><p>ก</p><p>ข</p></li><li><b>ค</b></li></ol>", ["1. ก", "ข", "2. ค"]),
    ("<ol><li></li><li>ข</li></ol>", ["2. ข"]),
    ("<ol><li>ก.พ. - มี.ค.</ol>", ["1. ก.พ. - มี.ค."]),
    ("<ol><li>๓ ครั้ง</ol>", ["1. ๓ ครั้ง"]),
    ("<p>&nbsp;&nbsp;ก</p><br><br><br>ข", ["ก", "ข"]),
    ("<input type=checkbox checked> ก<br><input type='checkbox'> ข<input type=text value=x>", ["☑ ก", "☐ ข"]),
]


@pytest.mark.parametrize(("markup", "expected"), LISTS)
def test_a_fragment_in_a_cell_has_the_marks_a_person_sees(markup: str, expected: list[str]) -> None:
    assert paragraphs(markup) == expected


@pytest.mark.parametrize(("markup", "expected"), LISTS)
def test_a_page_has_the_marks_a_person_sees(markup: str, expected: list[str]) -> None:
    page = f"<table><tr><td>{markup}<td>x</table>"
    assert [clean(line) for line in texts(read(page.encode(), "a.html"))[1][0][0][0].split("\n")] == expected


def test_an_item_without_its_list_is_a_bullet() -> None:
    assert paragraphs("<li>ก</li><li>ข") == ["- ก", "- ข"]


def test_a_list_below_a_numbered_item_holds_its_sub_steps() -> None:
    steps = read_steps(paragraphs("<ol><li>ก<ul><li>ข<li>ค</ul><li>ง</ol>"), Source(file="plan"))
    assert [(step.number, step.text, [sub.text for sub in step.sub_steps]) for step in steps] == [
        (1, "ก", ["ข", "ค"]),
        (2, "ง", []),
    ]


@pytest.mark.parametrize("text", ["๑. ก", "1) ก", "(๒) ก", "๑.๑ ก", "- ก", "• ก", "ก. ข้อ", "(ข) ข้อ", "☐ ก"])
def test_a_mark_of_a_list_is_known(text: str) -> None:
    assert begins_item(text)


@pytest.mark.parametrize("text", ["๒๕๖๖", "๓.๕๐", "- ๔", "ก.พ. ๒๕๖๖", "- ก.ย. ๒๕๖๖", "ป.ป.ช.", "กองคลัง", "๒ ครั้ง", ""])
def test_what_only_looks_like_a_mark_is_none(text: str) -> None:
    assert not begins_item(text)


PIECES = st.sampled_from(
    ["<ol>", "</ol>", "<ul>", "<li>", "</li>", "<li value=9>", "<ol type=i start=399>", "ก", "๑. ", "<p>", "\n"]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_order_of_tags_loses_a_letter(markup: str) -> None:
    assert "".join(paragraphs(markup)).count("ก") == markup.count("ก")
