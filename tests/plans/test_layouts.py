"""Layouts beyond one row of headings: ticks, merged cells, forms, running text, reports of results."""

from __future__ import annotations

from datetime import date

import pytest

from plans.draft import Draft, Row
from plans.errors import NoPlanTableError
from plans.layout.assemble import assemble
from tests.plans.tables import make_document

HEAD = "มาตรการ | ขั้นตอน | ผู้รับผิดชอบ | ระยะเวลา | การติดตาม"


def read(*lines: str, outside: tuple[str, ...] = ("แผน ปีงบประมาณ ๒๕๖๖",)) -> Draft:
    return assemble(make_document(*lines, outside=outside))


def rows(draft: Draft) -> list[Row]:
    return [row for _, row in draft.rows()]


def kinds(draft: Draft) -> list[str]:
    return [doubt.kind.value for doubt in draft.all_doubts()]


class TestTicks:
    MONTHS = "มาตรการ | ขั้นตอน | ผู้รับผิดชอบ | ระยะเวลา<4 | | | | การติดตาม", "~ | ~ | ~ | ต.ค. | พ.ย. | ธ.ค. | ม.ค. | ~"

    @pytest.mark.parametrize(
        ("ticks", "start", "end", "months"),
        [
            ("✓ | ✓ | | ", date(2022, 10, 1), date(2022, 11, 30), (10, 11)),
            (" | x | | x", date(2022, 11, 1), date(2023, 1, 31), (11, 1)),
            ("ดำเนินการ<3 | | | ", date(2022, 10, 1), date(2022, 12, 31), (10, 11, 12)),
            (" | # | # | ", date(2022, 11, 1), date(2022, 12, 31), (11, 12)),
        ],
    )
    def test_ticked_months_are_the_period(self, ticks: str, start: date, end: date, months: tuple[int, ...]) -> None:
        (row,) = rows(read(*self.MONTHS, f"๑. ก | ๑. ข | กองคลัง | {ticks} | รายงานทุกไตรมาส"))
        assert (row.period.start, row.period.end, row.period.month_marks) == (start, end, months)

    def test_no_tick_is_no_period(self) -> None:
        assert kinds(read(*self.MONTHS, "๑. ก | ๑. ข | กองคลัง | | - | | | รายงานทุกไตรมาส")) == ["missing_period"]

    def test_gaps_between_ticks_are_kept(self) -> None:
        (row,) = rows(read(*self.MONTHS, "๑. ก | ๑. ข | กองคลัง | / | | | / | รายงานทุกไตรมาส"))
        assert [stretch.start.month for stretch in row.period.stretches] == [10, 1]

    def test_a_circle_below_a_division_supports_a_tick(self) -> None:
        head = "มาตรการ | ขั้นตอน | ผู้รับผิดชอบ<3 | | | ระยะเวลา | การติดตาม", "~ | ~ | กองคลัง | กองช่าง | สำนักปลัด | ~ | ~"
        (row,) = rows(read(*head, "๑. ก | ๑. ข | ✓ | ○ | | ต.ค. ๒๕๖๕ | ไตรมาส ๑"))
        assert [(party.unit, party.role) for party in row.responsible.parties] == [
            ("กองคลัง", "lead"),
            ("กองช่าง", "support"),
        ]

    def test_ticked_quarters_of_reporting_are_due(self) -> None:
        head = f"{HEAD.removesuffix('การติดตาม')}การรายงาน<2 | ", "~ | ~ | ~ | ~ | ไตรมาส ๑ | ไตรมาส ๓"
        (row,) = rows(read(*head, "๑. ก | ๑. ข | กองคลัง | ตลอดปีงบประมาณ | / | /"))
        assert row.reporting.quarters_due == (1, 3)


class TestMergedCells:
    def test_a_step_beside_merged_values_joins_the_row_above(self) -> None:
        draft = read(HEAD, "๑. ก | ๑. ข | กองคลัง | ต.ค. ๒๕๖๕ | ไตรมาส ๑", "~ | ๒. ค | ~ | ~ | ~")
        assert [[step.text for step in row.steps] for row in rows(draft)] == [["ข", "ค"]]
        assert kinds(draft) == []

    def test_a_step_with_a_period_of_its_own_is_a_row(self) -> None:
        draft = read(HEAD, "๑. ก | ๑. ข | กองคลัง | ต.ค. ๒๕๖๕ | ไตรมาส ๑", "~ | ๒. ค | ~ | ม.ค. ๒๕๖๖ | ~")
        assert len(rows(draft)) == len(draft.measures) + 1 == 2

    def test_a_wide_row_names_the_measure_of_the_rows_below(self) -> None:
        head = "ที่ | กิจกรรม | ผู้รับผิดชอบ | ระยะเวลา | การรายงาน"
        row = "๑ | ทำ | กองคลัง | ต.ค. ๒๕๖๕ | ไตรมาส ๑"
        draft = read(head, "มาตรการที่ ๑ ก (ตัวชี้วัดที่ ๕)<5 | | | |", row, "มาตรการที่ ๒ ข<5 | | | |", row)
        assert [(m.number, m.title, m.indicators) for m in draft.measures] == [(1, "ก", (5,)), (2, "ข", ())]

    def test_a_wide_row_above_named_measures_gives_their_indicator(self) -> None:
        draft = read(HEAD, "ตัวชี้วัดที่ ๓ การใช้อำนาจ<5 | | | |", "๑. ก | ๑. ข | กองคลัง | ต.ค. ๒๕๖๕ | ไตรมาส ๑")
        assert draft.measures[0].indicators == (3,)


FORM = (
    "ตัวชี้วัดที่เลือก | ตัวชี้วัดที่ ๘ การปรับปรุงการทำงาน",
    "มาตรการ | รับฟังความเห็น",
    "ขั้นตอนการดำเนินการ | ๑. เปิดช่องทาง\\n๒. สรุปผล",
    "ผู้รับผิดชอบ | สำนักปลัด",
    "ระยะเวลา | ม.ค. - มี.ค. ๒๕๖๖",
    "การกำกับติดตาม | รายงานไตรมาส ๒",
)


class TestForms:
    def test_labels_and_values_are_one_measure(self) -> None:
        draft = read(*FORM)
        (measure,) = draft.measures
        assert (draft.document_kind, draft.column_roles) == ("form_one_indicator", None)
        assert (measure.title, measure.indicators) == ("รับฟังความเห็น", (8,))
        assert [step.text for step in measure.rows[0].steps] == ["เปิดช่องทาง", "สรุปผล"]
        assert kinds(draft) == []

    def test_of_boxes_only_the_ticked_one_counts(self) -> None:
        boxes = "ตัวชี้วัดที่เลือก | ☐ ตัวชี้วัดที่ ๑ ก\\n☑ ตัวชี้วัดที่ ๗ ข"
        assert read(boxes, *FORM[1:]).measures[0].indicators == (7,)

    def test_a_form_without_responsible_is_asked_about(self) -> None:
        assert kinds(read(*FORM[:3], *FORM[4:])) == ["missing_responsible"]

    def test_a_table_of_scores_is_no_form(self) -> None:
        with pytest.raises(NoPlanTableError):
            read("ตัวชี้วัด | คะแนน", "การปฏิบัติหน้าที่ | ๙๐", "การใช้งบประมาณ | ๘๐")


PROSE = (
    "มาตรการส่งเสริมคุณธรรม ปีงบประมาณ ๒๕๖๖",
    "มาตรการที่ ๑ การใช้งบประมาณ (ตัวชี้วัดที่ ๒)",
    "ขั้นตอนการดำเนินการ",
    "๑. ประชุม",
    "๒. เผยแพร่ทางเว็บไซต์",
    "ผู้รับผิดชอบ: กองคลัง/งานพัสดุ",
    "ระยะเวลา: ตลอดปีงบประมาณ",
    "การรายงานผล: ทุกไตรมาส",
    "มาตรการที่ ๒ การป้องกันการทุจริต (ตัวชี้วัดที่ ๑๐)",
    "๑) ประกาศนโยบาย",
    "ผู้รับผิดชอบ สำนักปลัด",
    "ระยะเวลา ต.ค. ๒๕๖๕",
    "การรายงานผล: ไตรมาส ๑",
    "ประกาศ ณ วันที่ ๑ ตุลาคม ๒๕๖๕",
)


class TestRunningText:
    def test_headings_and_labels_make_the_plan(self) -> None:
        draft = read(outside=PROSE)
        assert [(m.number, m.title, m.indicators) for m in draft.measures] == [
            (1, "การใช้งบประมาณ", (2,)), (2, "การป้องกันการทุจริต", (10,)),
        ]  # fmt: skip
        assert [[step.text for step in row.steps] for row in rows(draft)] == [
            ["ประชุม", "เผยแพร่ทางเว็บไซต์"], ["ประกาศนโยบาย"],
        ]  # fmt: skip
        assert kinds(draft) == []

    def test_the_date_of_the_announcement_is_not_the_fiscal_year(self) -> None:
        assert read(outside=PROSE).fiscal_year_be == 2566

    def test_who_and_when_in_brackets_belong_to_the_step(self) -> None:
        first = rows(
            read(
                outside=(
                    *PROSE[:2],
                    "๑) ประชุม (รับผิดชอบโดย กองคลัง ภายในเดือนธันวาคม ๒๕๖๕)",
                    "๒) สรุป (รับผิดชอบโดย กองช่าง ม.ค. - มี.ค. ๒๕๖๖)",
                    "การรายงานผล: ทุกไตรมาส",
                )
            )
        )
        assert [(row.responsible.parties[0].unit, row.period.end) for row in first] == [
            ("กองคลัง", date(2022, 12, 31)), ("กองช่าง", date(2023, 3, 31)),
        ]  # fmt: skip

    def test_a_letter_is_no_plan(self) -> None:
        with pytest.raises(NoPlanTableError):
            read(outside=("เรียน นายกเทศมนตรี", "ตามที่ได้รับมอบหมาย ขอส่งเอกสาร", "ผู้รับผิดชอบ: กองคลัง"))


class TestReports:
    HEAD = "มาตรการ | ขั้นตอน | ผลการดำเนินการ | ปัญหา/อุปสรรค | ข้อเสนอแนะ"
    TITLE = ("รายงานผลการดำเนินการตามมาตรการ ปีงบประมาณ ๒๕๖๖",)

    @pytest.mark.parametrize(
        ("cells", "found"),
        [
            ("ดำเนินการแล้วเสร็จ | ไม่มี | -ไม่มี-", ("ดำเนินการแล้วเสร็จ", "none", "none")),
            ("ไม่สามารถดำเนินการได้ เพราะไม่ได้รับงบประมาณ | ไม่มีงบประมาณ | ", ("ไม่สามารถดำเนินการได้", "ไม่มีงบประมาณ", None)),
            ("ประชุมแล้ว | - | ", (None, None, None)),
        ],
    )
    def test_none_is_only_what_the_file_says(self, cells: str, found: tuple[str | None, ...]) -> None:
        draft = read(self.HEAD, f"๑. ก | ๑. ข | {cells}", outside=self.TITLE)
        (row,) = rows(draft)
        assert draft.document_kind == "report_of_results"
        assert (row.status, row.problems, row.suggestions) == found

    def test_one_column_for_both_is_parted_by_its_labels(self) -> None:
        head = self.HEAD.replace("ปัญหา/อุปสรรค | ข้อเสนอแนะ", "ปัญหา อุปสรรค และข้อเสนอแนะ")
        (row,) = rows(read(head, "๑. ก | ๑. ข | ทำแล้ว | ปัญหา: ฝนตก\\nข้อเสนอแนะ: เลื่อนวัน", outside=self.TITLE))
        assert (row.problems, row.suggestions) == ("ฝนตก", "เลื่อนวัน")

    def test_a_report_is_not_asked_when_it_reports(self) -> None:
        assert kinds(read(self.HEAD, "๑. ก | ๑. ข | ทำแล้ว | ไม่มี | ไม่มี", outside=self.TITLE)) == []


class TestFiscalYears:
    ROW = "๑. ก | ๑. ข | กองคลัง | ต.ค. ๒๕๖๕ | ไตรมาส ๑"

    @pytest.mark.parametrize(
        ("outside", "year"),
        [
            (("มาตรการส่งเสริมคุณธรรม ประจำปีงบประมาณ พ.ศ. ๒๕๖๖",), 2566),
            (("ผลการประเมิน ITA ปีงบประมาณ ๒๕๖๕", "และมาตรการส่งเสริมคุณธรรม ปีงบประมาณ ๒๕๖๖"), 2566),
            (("มาตรการ ปีงบฯ ๖๖", "ประกาศ ณ วันที่ ๑ มกราคม พ.ศ. ๒๕๖๕"), 2566),
        ],
    )
    def test_the_year_of_the_plan_is_the_one_after_its_name(self, outside: tuple[str, ...], year: int) -> None:
        draft = read(HEAD, self.ROW, outside=outside)
        assert (draft.fiscal_year_be, kinds(draft)) == (year, [])

    def test_periods_that_all_lie_in_another_year_raise_the_doubt(self) -> None:
        draft = read(HEAD, self.ROW, self.ROW.replace("๑. ก", "๒. ก"), outside=("มาตรการ ปีงบประมาณ ๒๕๖๕",))
        assert (draft.fiscal_year_be, kinds(draft)) == (2566, ["fiscal_year_unclear"])

    def test_of_two_years_the_one_that_fits_the_periods_is_proposed(self) -> None:
        draft = read(HEAD, self.ROW, outside=("มาตรการ ปีงบประมาณ ๒๕๖๗ แผน ปีงบประมาณ ๒๕๖๖",))
        assert (draft.fiscal_year_be, kinds(draft)) == (2566, ["fiscal_year_unclear"])


def test_a_misspelt_division_is_proposed_by_its_usual_name() -> None:
    (row,) = rows(read(HEAD, "๑. ก | ๑. ข | กองคลงั | ต.ค. ๒๕๖๕ | ไตรมาส ๑"))
    assert row.responsible.parties[0].unit == "กองคลัง"
    assert [(doubt.kind.value, doubt.proposed) for doubt in row.doubts] == [("unknown_unit", "as_usual")]
    assert row.responsible.raw == "กองคลงั"


@pytest.mark.parametrize(
    "below",
    [
        ("ตามผลการประเมิน ปีงบประมาณ ๒๕๖๕ เทศบาลได้วิเคราะห์ผลและกำหนดมาตรการ ดังนี้",),
        ("ตามผลการประเมินคุณธรรมและความโปร่งใส ปีงบประมาณ ๒๕๖๕", "ได้วิเคราะห์ผลและกำหนดมาตรการ ดังนี้"),
        ("กองคลังได้จัดทำแผนขึ้น", "แผนนี้ใช้ในปีงบประมาณ"),
    ],
)
def test_the_title_ends_where_the_introduction_begins(below: tuple[str, ...]) -> None:
    heading = ("แผนส่งเสริมคุณธรรม", "ประจำปีงบประมาณ พ.ศ. ๒๕๖๖", "เทศบาลตำบลทดสอบ")
    draft = read(HEAD, "๑. ก | ๑. ข | กองคลัง | ต.ค. - ก.ย. ๒๕๖๖ | ทุกไตรมาส", outside=(*heading, *below))
    assert (draft.title, draft.fiscal_year_be) == ("แผนส่งเสริมคุณธรรม ประจำปีงบประมาณ พ.ศ. ๒๕๖๖", 2566)
