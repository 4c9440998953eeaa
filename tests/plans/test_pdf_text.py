"""Letters on a page as lines and paragraphs: marks in order, wrapped lines joined, nothing guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.readers.pdf_text import Glyph, Line, joined, lines_of, passage, readable
from plans.words.text import MARKS

SIZE = 10.0
WIDTH = 5.0


def drawn(text: str, x: float = 0.0, base: float = 0.0, block: int | None = None) -> list[Glyph]:
    """Signs of one line in order; marks stand on the right edge of their letter and take no room."""
    glyphs = []
    for sign in text:
        width = 0.0 if sign in MARKS else WIDTH
        glyphs.append(Glyph(sign, x, x + width, base, SIZE, block))
        x += width
    return glyphs


def text_of(glyphs: list[Glyph]) -> str:
    return "\n".join(line.text for line in lines_of(glyphs))


def line(text: str, width: float, base: float = 0.0, block: int | None = None, x0: float = 0.0) -> Line:
    first = WIDTH * len(text.split(" ", maxsplit=1)[0])
    return Line(text, x0, x0 + width, base, SIZE, first, block, block)


class TestMarks:
    @pytest.mark.parametrize("word", ["ขั้นตอน", "เรื่องที่", "ผู้รับผิดชอบ", "กลุ่มไลน์", "ทั่วไป", "น้ำ", "พื้นที่"])
    def test_any_order_of_drawing_marks_gives_the_word(self, word: str) -> None:
        letters = [glyph for glyph in drawn(word) if glyph.text not in MARKS]
        marks = [glyph for glyph in drawn(word) if glyph.text in MARKS]
        assert text_of([*letters, *marks]) == word
        assert text_of([*letters, *reversed(marks)]) == word

    def test_marks_a_little_above_the_line_belong_to_it(self) -> None:
        glyphs = [Glyph(g.text, g.x0, g.x1, -3.0 if g.text in MARKS else 0.0, SIZE) for g in drawn("ขั้นตอน")]
        assert text_of(glyphs) == "ขั้นตอน"

    def test_a_letter_drawn_twice_to_look_bold_is_one(self) -> None:
        glyphs = [twin for g in drawn("กอง") for twin in (g, Glyph(g.text, g.x0 + 0.4, g.x1 + 0.4, 0.0, SIZE))]
        assert text_of(glyphs) == "กอง"

    def test_a_mark_typed_twice_is_one(self) -> None:
        assert text_of(drawn("ทีี่่")) == "ที่"

    @pytest.mark.parametrize("printed", ["ดําเนิน", "ดำาเนิน", "ดำเนิน"])
    def test_sara_am_in_any_pieces_is_one_sign(self, printed: str) -> None:
        assert text_of(drawn(printed)) == "ดำเนิน"

    def test_a_space_without_room_before_aa_is_the_ring_of_sara_am(self) -> None:
        first, rest = drawn("ด"), drawn("าเนิน", x=WIDTH)
        assert text_of([*first, Glyph(" ", WIDTH, WIDTH, 0.0, SIZE), *rest]) == "ดำเนิน"

    def test_torn_letters_of_a_scan_stay_torn(self) -> None:
        assert text_of(drawn("เ พ ย แ พ ร ่ ฝ ่ า น")) == "เ พ ย แ พ ร ่ ฝ ่ า น"

    def test_old_private_codes_are_the_signs_they_shift(self) -> None:
        assert readable("ป\uf702\uf70aฝ\uf712\uf70e") == "ปี่ฝ็์"

    def test_a_sign_without_a_code_is_shown_as_unknown(self) -> None:
        assert readable("(cid:17)") == "\ufffd"


class TestSpaces:
    def test_a_wide_gap_is_a_space(self) -> None:
        assert text_of([*drawn("กอง"), *drawn("คลัง", x=30)]) == "กอง คลัง"

    def test_letters_spread_evenly_over_a_line_are_one_word(self) -> None:
        glyphs = [Glyph(g.text, g.x0 * 1.7, g.x0 * 1.7 + WIDTH, 0.0, SIZE) for g in drawn("กองคลงง")]
        assert text_of(glyphs) == "กองคลงง"

    @given(st.lists(st.sampled_from("กขคงจ "), max_size=30).map("".join))
    def test_no_letter_is_lost(self, text: str) -> None:
        assert "".join(text_of(drawn(text)).split()) == "".join(text.split())


class TestParagraphs:
    def test_a_line_full_to_the_edge_goes_on(self) -> None:
        assert passage([line("จัดทำแผนการ", 98), line("ป้องกัน", 40, 12)], 100).texts == ["จัดทำแผนการป้องกัน"]

    def test_a_line_that_ended_early_does_not(self) -> None:
        assert passage([line("กองคลัง", 40), line("กองช่าง", 40, 12)], 100).texts == ["กองคลัง", "กองช่าง"]

    @pytest.mark.parametrize("mark", ["๒. ", "๑.๒ ", "- ", "• ", "(๒) ", "ข. "])
    def test_a_list_mark_begins_a_paragraph(self, mark: str) -> None:
        assert len(passage([line("๑. ทำงานทั้งปี", 98), line(f"{mark}ทำต่อ", 40, 12)], 100).texts) == 2

    def test_a_bracket_left_open_goes_on(self) -> None:
        found = passage([line("การใช้อำนาจ (ตัวชี้วัดที่", 60), line("๓)", 10, 12)], 100)
        assert found.texts == ["การใช้อำนาจ (ตัวชี้วัดที่ ๓)"]

    def test_a_range_of_months_goes_on(self) -> None:
        assert passage([line("ต.ค. ๒๕๖๕ -", 50), line("ก.ย. ๒๕๖๖", 50, 12)], 100).texts == ["ต.ค. ๒๕๖๕ - ก.ย. ๒๕๖๖"]

    def test_white_between_lines_parts_paragraphs(self) -> None:
        lines = [line("ก" * 19, 98), line("ข" * 19, 98, 12), line("ค" * 9, 45, 34)]
        assert passage(lines, 100).texts == ["ก" * 19 + "ข" * 19, "ค" * 9]

    def test_the_files_own_paragraphs_are_believed(self) -> None:
        lines = [line("ก" * 19, 98, 0, 1), line("ข" * 5, 25, 12, 2), line("ค" * 5, 25, 24, 2)]
        assert passage(lines, 100).texts == ["ก" * 19, "ข" * 5 + "ค" * 5]

    def test_titles_in_the_middle_are_lines_of_their_own(self) -> None:
        lines = [line("แผนปฏิบัติการประจำปี", 160, x0=20), line("เทศบาล", 30, 12, x0=85)]
        assert passage(lines, 200, left=0).texts == ["แผนปฏิบัติการประจำปี", "เทศบาล"]

    def test_a_word_torn_before_a_sign_is_put_together(self) -> None:
        assert passage([line("เ", 5), line("ม.ย.", 15, 12)], 100).texts == ["เม.ย."]


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ("ดำเนิน", "การ", "ดำเนินการ"),
        ("สำนักปลัด", "กองคลัง", "สำนักปลัด กองคลัง"),
        ("ทุกสำนัก/", "กอง", "ทุกสำนัก/กอง"),
        ("ต่าง ๆ", "ที่", "ต่าง ๆ ที่"),
        ("เ ท", "ศ บ า ล", "เ ท ศ บ า ล"),
        ("ประเมิน", "ITA", "ประเมิน ITA"),
        ("ต", ".ค.", "ต.ค."),
    ],
)
def test_lines_are_joined_as_thai_is_spaced(above: str, below: str, expected: str) -> None:
    assert joined(above, below) == expected


def test_a_space_drawn_at_the_lines_end_is_kept() -> None:
    lines = lines_of([*drawn("ทำงาน "), *drawn("ทุกวัน", base=12)])
    assert passage(lines, 5 * WIDTH).text == "ทำงาน ทุกวัน"
