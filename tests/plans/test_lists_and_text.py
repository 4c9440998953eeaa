"""Hand-typed lists, damaged text, measure cells and headings."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plans.draft import Source, Step
from plans.layout.headings import role_of
from plans.words.fragments import paragraphs
from plans.words.items import Item, Mark, split_items
from plans.words.letters import join_spaced_letters
from plans.words.measure_cell import read_measure
from plans.words.steps import joined_text, read_steps, restart
from plans.words.text import clean, squeezed

HERE = Source(file="plan.txt")


def steps(*texts: str) -> list[Step]:
    return read_steps(texts, HERE)


class TestText:
    def test_sara_am_is_put_together_and_never_split(self) -> None:
        assert clean("สํานัก น้ํา ทำ") == "สำนัก น้ำ ทำ"

    def test_invisible_signs_go(self) -> None:
        assert clean("\ufeffกอง\u200bคลัง\u00a0 1") == "กองคลัง 1"

    @given(st.text())
    def test_cleaning_twice_is_cleaning_once(self, text: str) -> None:
        assert clean(clean(text)) == clean(text)


class TestFragments:
    def test_unclosed_tags_and_styles_part_paragraphs(self) -> None:
        assert paragraphs('<p>ก</p> <ol style="list-style-type: none"> ๑. ข ') == ["ก", "๑. ข"]

    def test_inline_tags_vanish_and_entities_are_read(self) -> None:
        assert paragraphs("<b>กอง</b>คลัง &amp; <u>ช่าง</u><br/>x") == ["กองคลัง & ช่าง", "x"]

    def test_what_is_no_known_tag_stays(self) -> None:
        assert paragraphs("a < b <กอง> c > d") == ["a < b <กอง> c > d"]

    @given(st.text(alphabet="<>/pbroli ก&;=\"'", max_size=40))
    def test_no_fragment_crashes(self, text: str) -> None:
        assert all(part.strip() for part in paragraphs(text))


class TestSpacedLetters:
    def test_torn_words_are_closed_up_and_told(self) -> None:
        text, runs = join_spaced_letters("ผ่าน ทาง เ ร ็ บ ไ ช ต ์ เ ท ศ บ ล http")
        assert text == "ผ่าน ทาง เร็บไชต์เทศบล http"
        assert [run.printed for run in runs] == ["เ ร ็ บ ไ ช ต ์ เ ท ศ บ ล"]

    @pytest.mark.parametrize("text", ["และ ได้ เน้น ย้ำ ใน การ ประชุม", "อื่น ๆ ณ ที่", "๑ ๒ ๓ ๔ ๕ ๖", "ก ข"])
    def test_short_words_and_numbers_are_no_torn_letters(self, text: str) -> None:
        assert join_spaced_letters(text) == (text, [])

    @given(st.text(alphabet="กขเแ่้าำ ๑", max_size=60))
    def test_no_letter_is_lost(self, text: str) -> None:
        assert join_spaced_letters(text)[0].replace(" ", "") == text.replace(" ", "")


class TestItems:
    def test_a_range_of_quarters_is_no_item(self) -> None:
        assert split_items(["รายงานผลไตรมาส ๒ - ๔ -เผยแพร่ในเว็บไซต์"]) == [
            Item(Mark.NONE, "รายงานผลไตรมาส ๒ - ๔"),
            Item(Mark.DASH, "เผยแพร่ในเว็บไซต์"),
        ]

    def test_a_range_of_months_is_no_item(self) -> None:
        assert len(split_items(["ดำเนินการ ก.พ. -มี.ค. ๒๕๖๖"])) == 1

    def test_numbers_in_one_paragraph_part_it(self) -> None:
        assert [item.text for item in split_items(["๑. ก ๒. ข ๓) ค"])] == ["ก", "ข", "ค"]

    def test_a_number_out_of_order_is_text(self) -> None:
        assert len(split_items(["๑. ตามข้อ 7. ของระเบียบ"])) == 1

    def test_a_mark_with_nothing_behind_it_is_kept(self) -> None:
        assert split_items(["๑. ก ๒."])[-1].text.endswith("๒.")

    @given(st.lists(st.text(alphabet="ดตถท ๑๒๓123.-)(•", max_size=40), max_size=4))
    @example(["1. 2. 3."])
    def test_no_word_is_lost(self, texts: list[str]) -> None:
        words = "".join(char for text in texts for char in text if char in "ดตถท")
        assert "".join(char for item in split_items(texts) for char in item.text if char in "ดตถท") == words


class TestSteps:
    def test_dashes_below_a_number_are_its_sub_steps(self) -> None:
        read = steps("- ประชุมประจำเดือน", "๑. ทำ", "- ก", "- ข")
        assert [(step.text, [sub.text for sub in step.sub_steps]) for step in read] == [
            ("ประชุมประจำเดือน", []),
            ("ทำ", ["ก", "ข"]),
        ]

    def test_numbers_with_a_point_are_sub_steps(self) -> None:
        assert [sub.text for sub in steps("๑. ทำ", "๑.๑ ก", "๑.๒ ข")[0].sub_steps] == ["ก", "ข"]

    def test_a_plain_paragraph_is_a_step_of_its_own(self) -> None:
        assert [step.text for step in steps("๓.ก", "ประชุมประจำเดือน", "๑. ข")] == ["ก", "ประชุมประจำเดือน", "ข"]

    def test_a_list_that_begins_again_is_found(self) -> None:
        assert restart(steps("๓.ก", "ข", "๑. ค", "๒. ง")) == 2

    def test_a_monthly_meeting_is_repeated(self) -> None:
        assert steps("ประชุมประจำเดือน")[0].recurrence == "monthly"

    def test_the_word_printed_twice_at_a_page_break_is_dropped_and_told(self) -> None:
        assert joined_text("รับฟังความคิดเห็น", "คิดเห็นบนหน้าเว็บไซต์") == ("รับฟังความคิดเห็นบนหน้าเว็บไซต์", "คิดเห็น")


class TestMeasureCell:
    @pytest.mark.parametrize(
        ("text", "number", "title", "indicators"),
        [
            ("๓. การแก้ปัญหาการทุจริต (ตัวชี้วัดที่ ๕)", 3, "การแก้ปัญหาการทุจริต", (5,)),
            ("๖.เปิดเผยข้อมูล (ตัวชี้วัดที่๙) ประเด็น ก", 6, "เปิดเผยข้อมูล", (9,)),
            ("มาตรการที่ ๑ ก", 1, "ก", ()),
            ("1) ก (ตัวชี้วัดที่ 1, 2 และ 3)", 1, "ก", (1, 2, 3)),
            ("(๒) ก ตัวชี้วัดที่ ๑-๓", 2, "ก", (1, 2, 3)),
            ("ก (ตัวชี้วัดที่ ๑๑)", None, "ก", ()),
            ("มาตรการส่งเสริมคุณธรรม", None, "มาตรการส่งเสริมคุณธรรม", ()),
        ],
    )
    def test_is_read_by_its_parts(self, text: str, number: int | None, title: str, indicators: tuple[int, ...]) -> None:
        head = read_measure([text])
        assert head
        assert (head.number, head.title, head.indicators) == (number, title, indicators)

    def test_an_empty_cell_is_no_measure(self) -> None:
        assert read_measure([]) is None

    @given(st.text(max_size=80))
    def test_no_text_crashes_the_reader(self, text: str) -> None:
        head = read_measure([text])
        assert (head is None) == (not squeezed(text))


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("มาตรการ/แนวทาง", "measure"),
        ("มาตรการ/แนวทางการ", "measure"),
        ("ขั้นตอน/วิธีการดำเนินการ", "steps"),
        ("ผู้รับผิดชอบ", "responsible"),
        ("หน่วยงานที่รับผิดชอบ", "responsible"),
        ("ระยะเวลาดำเนินการ", "period"),
        ("การติดตาม/รายงานผล", "monitoring"),
        ("<b>การกำกับ ติดตาม</b>", "monitoring"),
        ("ผลการดำเนินการ", "result"),
        ("ปัญหา/อุปสรรค", "problems"),
        ("ข้อเสนอแนะ", "suggestions"),
        ("ลำดับ", "number"),
        ("ที่", "number"),
        ("งบประมาณ", "budget"),
        ("", "other"),
        ("สีที่ชอบ", "other"),
    ],
)
def test_a_column_is_known_by_its_heading(heading: str, role: str) -> None:
    assert role_of(heading) == role
