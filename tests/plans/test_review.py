"""The review file: written for a person, read back with clear errors."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plans.draft import Draft
from plans.errors import CutReviewError, OfficeNotReviewError, PlanNotReviewError, ReviewError, TooLargeFileError
from plans.read import read_plan
from plans.review import CORRECTED, open_doubts, read_review, review_of, write_review
from services.planning.uploads import review_in
from services.rehearsal.rehearse import read_review_file
from tests.plans.factories import SEED, make_draft, make_row

CELL = st.text(alphabet=st.characters(exclude_characters="\t\n\r\x00", codec="utf-8"), max_size=30)


@pytest.fixture(scope="module")
def draft() -> Draft:
    return read_plan(SEED)


@pytest.fixture(scope="module")
def text(draft: Draft) -> str:
    return write_review(draft)


def test_what_is_written_is_read_back(draft: Draft, text: str) -> None:
    assert read_review(text) == review_of(draft)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n"
    for before, name in pairwise("abcdefghijk")
)


@pytest.mark.parametrize(("bad", "line"), [(BOMB, 2), ("x: " + "[" * 900 + "]" * 900, 1)], ids=["aliases", "depth"])
def test_what_makes_gigabytes_of_a_few_lines_is_refused_before_it_is_built(bad: str, line: int) -> None:
    with pytest.raises(ReviewError, match=f"Line {line} of the review .* no aliases"):
        read_review(bad)


def test_a_review_too_large_for_one_is_not_read(text: str) -> None:
    with pytest.raises(TooLargeFileError, match="1 MB"):
        review_in("review.yaml", (text + "# ก\n" * 250_000).encode())


@given(CELL, CELL, CELL)
def test_any_text_survives_the_file(steps: str, responsible: str, monitoring: str) -> None:
    padding = "ก" * 9000  # so that control signs are few, as in a real file
    draft = make_draft(make_row(steps=f"{padding}{steps}", responsible=responsible, monitoring=monitoring))
    assert read_review(write_review(draft)) == review_of(draft)


def test_it_is_also_written_to_a_path(draft: Draft, text: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.review.yaml"
    assert write_review(draft, path) == text
    assert path.read_text(encoding="utf-8") == text


def test_the_head_says_how_to_answer(text: str) -> None:
    head = text.split("title:", maxsplit=1)[0]
    assert all(word in head for word in ("accept", "corrected", "answer:", "choices:"))


def test_every_doubt_is_open_at_first(draft: Draft, text: str) -> None:
    assert [doubt.id for doubt in open_doubts(read_review(text))] == [doubt.id for doubt in draft.all_doubts()]


def test_an_answer_closes_its_doubt_and_survives_writing(text: str) -> None:
    review = read_review(text.replace("answer:\n", "answer: not_in_plan\n", 1))
    assert "plan.measures_missing" not in {doubt.id for doubt in open_doubts(review)}
    assert read_review(write_review(review)) == review


def test_a_year_is_an_answer_though_yaml_reads_a_number() -> None:
    text = write_review(make_draft(make_row(), title="แผน"))
    review = read_review(text.replace("answer:\n", "answer: 2566\n", 1))
    assert review.doubts[0].answer == "2566"


def test_a_value_can_be_corrected_by_hand(text: str) -> None:
    review = read_review(text.replace("start: 2023-03-01", "start: 2023-04-01"))
    assert str(review.measures[0].rows[0].period.start) == "2023-04-01"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp874"])
def test_a_review_is_read_in_every_encoding(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "review.yaml"
    plain = text.translate({ord("→"): "-"})
    path.write_bytes(plain.encode(encoding))
    assert read_review_file(path) == read_review(plain)


@pytest.mark.parametrize("scope", ["scope: missing\n          ", ""])
def test_parties_may_be_plain_names_and_need_no_scope(scope: str) -> None:
    text = write_review(make_draft(make_row(responsible="")))
    old = "scope: missing\n          parties: []"
    assert old in text
    who = read_review(text.replace(old, f"{scope}parties: [สำนักปลัด, กองคลัง/งานพัสดุ]")).measures[0].rows[0].responsible
    assert who.scope == "listed"
    assert [(party.unit, party.subunit) for party in who.parties] == [("สำนักปลัด", None), ("กองคลัง", "งานพัสดุ")]


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


class TestRefused:
    @pytest.mark.parametrize(
        ("old", "new", "field"),
        [
            ("answer:\n", "answer: maybe\n", "doubts.1.answer"),
            ("scope: all_divisions", "scope: everybody", "measures.1.rows.1.responsible.scope"),
            ("start: 2023-03-01", "start: soon", "measures.1.rows.1.period.start"),
            ("cadence: specified_quarters", "cadence: often", "measures.1.rows.1.reporting.cadence"),
            ("quarters_due: [2, 3, 4]", "quarters_due: [2, 5]", "measures.1.rows.1.reporting.quarters_due.2"),
            ("start: 2023-03-01", "start: 2023-12-01", "measures.1.rows.1.period.end"),
            ("number: 3", "numbre: 3", "measures.1"),
            ("doubts_raised: 9", "doubts_raised: 10", "doubts"),
        ],
    )
    def test_the_line_and_the_field_are_named(self, text: str, old: str, new: str, field: str) -> None:
        broken = text.replace(old, new, 1)
        with pytest.raises(ReviewError) as caught:
            read_review(broken)
        assert str(caught.value.facts["field"]).startswith(field)
        assert f"Line {caught.value.facts['line']} " in str(caught.value)
        assert "โปรด" in caught.value.in_thai()

    def test_the_line_is_the_one_to_mend(self, text: str) -> None:
        broken = text.replace("start: 2023-03-01", "start: soon", 1)
        with pytest.raises(ReviewError) as caught:
            read_review(broken)
        assert caught.value.facts["line"] == line_of(broken, "start: soon")

    @pytest.mark.parametrize("text", ["", "- a", "a: [", "title: x", "\t", "null", "a: \x00"])
    def test_what_is_no_review(self, text: str) -> None:
        with pytest.raises(ReviewError):
            read_review(text)

    def test_several_wrong_answers_are_all_named_with_their_lines(self, text: str) -> None:
        broken = text.replace("answer:\n", "answer: maybe\n", 1).replace("answer:\n", "answer: perhaps\n", 1)
        with pytest.raises(ReviewError) as caught:
            read_review(broken)
        for word in ("maybe", "perhaps"):
            assert f"Line {line_of(broken, f'answer: {word}')} " in str(caught.value)
            assert word in caught.value.in_thai()

    @pytest.mark.parametrize("answer", ["Not_In_Plan", "ACCEPT", "Corrected"])
    def test_capitals_in_an_answer_change_nothing(self, text: str, answer: str) -> None:
        assert read_review(text.replace("answer:\n", f"answer: {answer}\n", 1)).doubts[0].answer == answer.lower()

    @pytest.mark.parametrize(
        ("start", "end", "words"),
        [
            ("2566-03-01", "2566-09-30", "write the christian year: 2023-03-01"),
            ("2025-03-01", "2025-09-30", "no day in the plan's fiscal year 2566"),
            ("2023-05-01", "2023-04-30", "ends before it starts"),
        ],
    )
    def test_days_that_cannot_be_meant(self, start: str, end: str, words: str) -> None:
        text = write_review(make_draft(make_row()))
        broken = text.replace("start: 2022-10-01", f"start: {start}").replace("end: 2023-09-30", f"end: {end}")
        with pytest.raises(ReviewError) as caught:
            read_review(broken)
        assert words in str(caught.value).lower()
        assert "โปรด" in caught.value.in_thai()

    @pytest.mark.parametrize("row", [{"responsible": ""}, {"period": ""}, {"period": "เมื่อพร้อม"}, {"monitoring": ""}])
    def test_corrected_where_nothing_was_corrected(self, row: dict[str, str]) -> None:
        text = write_review(make_draft(make_row(**row)))
        with pytest.raises(ReviewError, match="still missing"):
            read_review(text.replace("answer:\n", "answer: corrected\n"))

    def test_an_answer_names_those_allowed(self, text: str) -> None:
        with pytest.raises(ReviewError, match="not_in_plan, accept, corrected"):
            read_review(text.replace("answer:\n", "answer: maybe\n", 1))

    def test_accepting_where_nothing_is_proposed(self) -> None:
        text = write_review(make_draft(make_row(period="ต.ค. - ก.ย."), title="แผน"))
        with pytest.raises(ReviewError, match="no proposal"):
            read_review(text.replace("answer:\n", "answer: accept\n", 1))

    @pytest.mark.parametrize("answer", ["everybody", "accept", "หมู่บ้าน"])
    def test_an_answer_that_names_nobody_responsible(self, answer: str) -> None:
        text = write_review(make_draft(make_row(responsible="")))
        with pytest.raises(ReviewError, match="Use one of: all_divisions"):
            read_review(text.replace("answer:\n", f"answer: {answer}\n"))

    def test_a_choice_for_a_row_that_was_deleted(self, text: str) -> None:
        review = read_review(text)
        review.measures[0].rows.pop()
        doubt = next(doubt for doubt in review.doubts if doubt.row == "t0r2")
        doubt.answer = "leave_out"
        with pytest.raises(ReviewError, match="t0r2"):
            read_review(write_review(review))
        doubt.answer = CORRECTED
        assert read_review(write_review(review)) == review

    @given(st.data())
    def test_a_file_that_breaks_off_says_so(self, text: str, data: st.DataObject) -> None:
        first, last = text.index("doubts_raised:"), text.rindex("# ====")
        with pytest.raises(CutReviewError, match="--answers"):
            read_review(text[: data.draw(st.integers(first + 30, last))])

    def test_an_older_file_without_a_last_line_is_whole(self, text: str) -> None:
        body = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        assert read_review(body) == read_review(text)

    def test_the_file_of_an_office(self) -> None:
        with pytest.raises(OfficeNotReviewError, match="divisions, posts"):
            read_review("name: เทศบาล\ndivisions: []\nposts: []\n")

    @pytest.mark.parametrize("name", ["plan.docx", "plan.xlsx", "plan.pdf", "plan.txt"])
    def test_the_document_of_the_plan(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        path.write_text("แผน", encoding="utf-8")
        with pytest.raises(PlanNotReviewError, match="sucharit plan read"):
            read_review_file(path)

    def test_the_document_of_the_plan_under_the_name_of_a_review(self, tmp_path: Path) -> None:
        path = tmp_path / "review.yaml"
        path.write_bytes(b"%PDF-1.7 ...")
        with pytest.raises(PlanNotReviewError):
            read_review_file(path)

    @given(st.text(max_size=200))
    @example("=")
    @example("due: 2566-99-99")
    def test_no_text_crashes_the_reader(self, text: str) -> None:
        with pytest.raises(ReviewError):
            read_review(text)
