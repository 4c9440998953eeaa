"""Files in, drafts out: what is refused, what is asked, what is never lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.fiscal import UnknownFiscalYearError
from plans.draft import Draft
from plans.errors import (
    EmptyFileError,
    MisnamedFileError,
    MissingFileError,
    NoPlanTableError,
    PlanFileError,
    ScannedFileError,
    UndecodableFileError,
    UnknownFormatError,
)
from plans.read import read_plan
from tests.plans.factories import HEADINGS, SEED, make_draft, make_row, make_text


def kinds(draft: Draft) -> list[str]:
    return [doubt.kind.value for doubt in draft.all_doubts()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "plan.txt"


class TestRefused:
    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"", EmptyFileError),
            (b"  \n\t\n", EmptyFileError),
            ("\ufeff ".encode(), EmptyFileError),
            (bytes(range(128, 256)) * 4, UndecodableFileError),
            (b"PK\x03\x04\x00\x00\xff\xfe", UndecodableFileError),
            (b"caf\xe9 cr\xe8me br\xfbl\xe9e", UndecodableFileError),
            (b"Dear sir,\nno plan here.", NoPlanTableError),
            (b"a\tb\tc\n1\t2\t3", NoPlanTableError),
            ("\t".join(HEADINGS).encode(), NoPlanTableError),
        ],
    )
    def test_a_file_that_is_no_plan(self, file: Path, content: bytes, error: type[PlanFileError]) -> None:
        file.write_bytes(content)
        with pytest.raises(error) as caught:
            read_plan(file)
        assert "plan.txt" in str(caught.value)
        assert "โปรด" in caught.value.in_thai()

    def test_a_missing_file(self, file: Path) -> None:
        with pytest.raises(MissingFileError):
            read_plan(file)

    def test_an_unknown_kind_of_file_names_the_known_ones(self, tmp_path: Path) -> None:
        path = tmp_path / "plan.odd"
        path.write_text("x")
        with pytest.raises(UnknownFormatError, match=r"\.txt"):
            read_plan(path)

    @pytest.mark.parametrize("name", ["plan.jpg", "plan.PNG", "plan.tif"])
    def test_a_picture_is_a_scan(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_bytes(b"\xff\xd8\xff\xe0 JFIF")
        with pytest.raises(ScannedFileError, match="OCR"):
            read_plan(tmp_path / name)

    def test_a_picture_under_another_name_is_a_scan(self, tmp_path: Path) -> None:
        (tmp_path / "plan.pdf").write_bytes(b"\x89PNG\r\n\x1a\n")
        with pytest.raises(ScannedFileError):
            read_plan(tmp_path / "plan.pdf")

    @pytest.mark.parametrize(
        ("file", "name", "words"),
        [
            ("w01*.docx", "plan.xlsx", "a Word document, but its name ends in .xlsx"),
            ("w01*.docx", "plan.pdf", "a Word document, but its name ends in .pdf"),
            ("w01*.docx", "plan", "a Word document, but its name ends in -"),
            ("x01*.xlsx", "plan.docx", "an Excel workbook, but its name ends in .docx"),
            ("p01*.pdf", "plan.docx", "a PDF file, but its name ends in .docx"),
            ("p01*.pdf", "plan.txt", "a PDF file, but its name ends in .txt"),
        ],
    )
    def test_a_file_under_the_name_of_another_kind(self, tmp_path: Path, file: str, name: str, words: str) -> None:
        source = next((Path(__file__).parent / "corpus").glob(file))
        (tmp_path / name).write_bytes(source.read_bytes())
        with pytest.raises(MisnamedFileError, match=words) as caught:
            read_plan(tmp_path / name)
        assert "โปรดเปลี่ยนชื่อ" in caught.value.in_thai()

    @pytest.mark.parametrize("year", [66, 2023, 0, 9999])
    def test_an_impossible_fiscal_year(self, year: int) -> None:
        with pytest.raises(UnknownFiscalYearError):
            read_plan(SEED, fiscal_year_be=year)


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("ก.ย. - ต.ค. ๒๕๖๕", "เริ่มก่อนปีงบประมาณ พ.ศ. ๒๕๖๖"),
        ("ก.ย. ๒๕๖๖ - ต.ค. ๒๕๖๖", "สิ้นสุดหลังปีงบประมาณ พ.ศ. ๒๕๖๖"),
        ("ม.ค. ๒๕๖๕", "อยู่ก่อนปีงบประมาณ พ.ศ. ๒๕๖๖"),
        ("ม.ค. ๒๕๖๘", "อยู่หลังปีงบประมาณ พ.ศ. ๒๕๖๖"),
        ("มี.ค. ๒๕๖๖ - ต.ค. ๒๕๖๕", "สิ้นสุดก่อนเริ่ม"),
    ],
)
def test_what_is_wrong_with_a_period_is_said(period: str, words: str) -> None:
    draft = make_draft(make_row(period=period), fiscal_year_be=2566)
    assert words in next(doubt.message for doubt in draft.all_doubts() if doubt.kind.value.startswith("period_"))


def test_a_question_names_the_measure_before_its_place() -> None:
    draft = make_draft(make_row(), make_row(measure="๒. ต่อ", steps="๑. อีก", period=""))
    (doubt,) = draft.all_doubts()
    assert doubt.message.startswith("มาตรการที่ ๒ (บรรทัดที่ ๕): ไม่ได้ระบุระยะเวลา")


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp874"])
    def test_the_same_plan_in_every_encoding_is_the_same_draft(self, file: Path, encoding: str) -> None:
        file.write_bytes(make_text(make_row()).encode(encoding))
        assert read_plan(file).measures == make_draft(make_row()).measures

    def test_line_ends_of_windows_change_nothing(self, file: Path) -> None:
        file.write_bytes(make_text(make_row(), make_row("๒. ก")).replace("\n", "\r\n").encode())
        assert read_plan(file) == make_draft(make_row(), make_row("๒. ก"))

    def test_a_line_without_tabs_goes_on_with_the_last_cell(self) -> None:
        draft = make_draft((*make_row()[:4], "รายงานผล\nทุกไตรมาส"))
        assert draft.measures[0].rows[0].reporting.raw == "รายงานผล\nทุกไตรมาส"


class TestFiscalYear:
    def test_a_plan_without_a_year_asks_and_proposes_the_year_of_its_periods(self) -> None:
        draft = make_draft(make_row(), title="แผน")
        assert (draft.fiscal_year_be, kinds(draft)) == (2566, ["fiscal_year_unclear"])

    def test_a_plan_without_any_year_is_not_dated(self) -> None:
        draft = make_draft(make_row(period="ต.ค. - ก.ย."), title="แผน")
        assert draft.fiscal_year_be is None
        assert draft.measures[0].rows[0].period.start is None
        assert kinds(draft) == ["fiscal_year_unclear"]

    def test_two_printed_years_are_asked_about(self) -> None:
        draft = make_draft(make_row(), title="แผนปีงบประมาณ ๒๕๖๖\nแผนประจำปี ๒๕๖๗")
        assert kinds(draft)[0] == "fiscal_year_unclear"

    def test_a_year_given_against_the_printed_one_is_asked_about(self) -> None:
        assert kinds(make_draft(make_row(period="ต.ค. - ก.ย."), fiscal_year_be=2567)) == ["fiscal_year_unclear"]

    def test_a_year_given_dates_a_plan_without_one(self) -> None:
        draft = make_draft(make_row(period="ต.ค. - ก.ย."), title="แผน", fiscal_year_be=2567)
        assert str(draft.measures[0].rows[0].period.start) == "2023-10-01"


class TestDoubts:
    def test_a_plain_row_raises_none(self) -> None:
        assert kinds(make_draft(make_row())) == []

    def test_a_measure_without_number_among_numbered_ones_is_asked_about(self) -> None:
        assert kinds(make_draft(make_row(), make_row("ทดสอบ อีก"))) == ["measure_number_missing"]

    def test_where_no_measure_has_a_number_they_are_counted(self) -> None:
        draft = make_draft(make_row("ทดสอบ"), make_row("ทดสอบ อีก"))
        assert ([measure.number for measure in draft.measures], kinds(draft)) == ([1, 2], [])

    @pytest.mark.parametrize(
        ("row", "kind"),
        [
            (make_row(responsible=""), "missing_responsible"),
            (make_row(responsible="-"), "missing_responsible"),
            (make_row(responsible="ทุกคน"), "unknown_unit"),
            (make_row(period=""), "missing_period"),
            (make_row(period="เมื่อพร้อม"), "unreadable_value"),
            (make_row(period="ก.ย. - ก.พ. ๒๕๖๖"), "period_end_before_start"),
            (make_row(period="ต.ค. ๒๕๖๗ - ก.ย. ๒๕๖๘"), "period_outside_fiscal_year"),
            (make_row(monitoring="ติดตามอย่างต่อเนื่อง"), "reporting_not_stated"),
            (make_row(monitoring="รายงานผลทุกเดือน และรายงานสรุปทุกไตรมาส"), "reporting_ambiguous"),
            (make_row(steps=""), "steps_missing"),
            (make_row(steps="๒. ทำ"), "step_numbering_starts_late"),
            (make_row(steps="เ ท ศ บ า ล"), "letter_spaced_text"),
            (
                make_row(period="<p>ต.ค. - ธ.ค. ๒๕๖๕</p><p>ม.ค. - มี.ค. ๒๕๖๖</p>", steps="๑. ก ๒. ข ๓. ค"),
                "values_do_not_pair",
            ),
            (make_row("๒. ทดสอบ"), "measures_missing"),
        ],
    )
    def test_a_gap_raises_its_doubt_and_no_other(self, row: tuple[str, ...], kind: str) -> None:
        draft = make_draft(row)
        assert kinds(draft) == [kind]

    def test_every_doubt_asks_in_thai_and_proposes_one_of_its_choices(self) -> None:
        for doubt in read_plan(SEED).all_doubts():
            texts = {choice.key: choice.text for choice in doubt.choices}
            assert doubt.proposed in texts
            assert doubt.proposal == texts[doubt.proposed]
            assert any("\u0e01" <= char <= "\u0e5b" for char in doubt.message)

    def test_as_many_steps_as_periods_pair_one_to_one(self) -> None:
        draft = make_draft(make_row(period="<p>ต.ค. - ธ.ค. ๒๕๖๕</p><p>ม.ค. - มี.ค. ๒๕๖๖</p>", steps="๑. ก ๒. ข"))
        rows = draft.measures[0].rows
        assert [(row.steps[0].text, row.period.raw) for row in rows] == [
            ("ก", "ต.ค. - ธ.ค. ๒๕๖๕"),
            ("ข", "ม.ค. - มี.ค. ๒๕๖๖"),
        ]
        assert kinds(draft) == []

    def test_fewer_steps_than_periods_hold_for_each(self) -> None:
        draft = make_draft(make_row(period="<p>ต.ค. - ธ.ค. ๒๕๖๕</p><p>ม.ค. - มี.ค. ๒๕๖๖</p>", steps="๑. ก"))
        assert [len(row.steps) for row in draft.measures[0].rows] == [1, 1]
        assert kinds(draft) == ["values_do_not_pair"]

    def test_a_hundred_periods_are_read_in_a_moment(self) -> None:
        periods = "".join("<p>ต.ค. - ธ.ค. ๒๕๖๕</p>" for _ in range(100))
        steps = "".join(f"<p>ขั้น {number}</p>" for number in range(200))
        draft = make_draft(make_row(period=periods, steps=steps))
        assert len({row.id for row in draft.measures[0].rows}) == 100

    def test_a_row_below_without_measure_belongs_to_the_one_above(self) -> None:
        draft = make_draft(make_row(), make_row("", "๒. ต่อ"))
        assert [len(measure.rows) for measure in draft.measures] == [2]
        assert kinds(draft) == []

    def test_a_rest_below_without_values_is_joined_and_asked_about(self) -> None:
        draft = make_draft(make_row(), ("", "๒. ต่อ", "", "", ""))
        assert [step.text for step in draft.measures[0].rows[0].steps] == ["ทำ", "ต่อ"]
        assert kinds(draft) == ["probable_continuation"]

    def test_a_new_measure_without_values_is_not_joined(self) -> None:
        draft = make_draft(make_row(), ("๒. ใหม่", "๑. เริ่ม", "", "", ""))
        assert [measure.number for measure in draft.measures] == [1, 2]
        assert "probable_continuation" not in kinds(draft)

    def test_a_measure_printed_again_is_one_and_asked_about(self) -> None:
        draft = make_draft(make_row(), make_row())
        assert [len(measure.rows) for measure in draft.measures] == [2]
        assert kinds(draft) == ["measure_repeated"]

    def test_a_bare_heading_names_the_row_below(self) -> None:
        draft = make_draft(("๑. ทดสอบ", "", "", "", ""), make_row(""))
        assert [(measure.title, len(measure.rows)) for measure in draft.measures] == [("ทดสอบ", 1)]
        assert kinds(draft) == []

    def test_number_and_indicator_may_have_columns_of_their_own(self) -> None:
        headings = ("ที่", "ตัวชี้วัด", "มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ", "ระยะเวลา", "การติดตาม")
        draft = make_draft(("๑", "๕, ๗", *make_row("ทดสอบ")), headings=headings)
        assert [(measure.number, measure.indicators) for measure in draft.measures] == [(1, (5, 7))]
        assert kinds(draft) == []

    def test_a_form_without_measures_is_about_its_title(self) -> None:
        draft = make_draft(make_row()[1:], headings=HEADINGS[1:], title="แผน ตัวชี้วัดที่ ๕ ปีงบประมาณ ๒๕๖๖")
        assert (draft.document_kind, draft.measures[0].indicators) == ("form_one_indicator", (5,))

    def test_a_report_of_results_is_not_asked_for_columns_it_has_not(self) -> None:
        headings = ("มาตรการ", "ขั้นตอน", "ผลการดำเนินการ", "ปัญหา/อุปสรรค", "ข้อเสนอแนะ")
        draft = make_draft(("๑. ก", "๑. ทำ", "ทำแล้ว", "ไม่มี", ""), headings=headings, title="รายงานผล ปีงบประมาณ ๒๕๖๖")
        row = draft.measures[0].rows[0]
        assert (draft.document_kind, row.result, row.problems, row.suggestions) == (
            "report_of_results",
            "ทำแล้ว",
            "none",
            None,
        )
        assert kinds(draft) == []


CELLS = st.text(alphabet=st.characters(exclude_characters="\t\n\r", exclude_categories=["Cs", "Cc"]), max_size=30)
PLAUSIBLE = st.sampled_from(
    [*make_row(), "", "๒. ก", "<p>๑. ก</p><p>- ข</p>", "ทุกสำนัก/กอง", "มี.ค.-ก.ย. ๒๕๖๖", "เ ท ศ บ า ล", "๔.ต่อ", "-"]
)


@given(st.lists(st.lists(CELLS | PLAUSIBLE, min_size=5, max_size=6), min_size=1, max_size=6))
def test_any_table_is_read_and_nothing_in_it_is_lost(rows: list[list[str]]) -> None:
    filled = [[cell.replace("\x85", "").replace("\u2028", "") for cell in row] for row in rows]
    if not any(cell.strip() for row in filled for cell in row):
        return
    try:
        draft = make_draft(*map(tuple, filled))
    except NoPlanTableError:  # every row looked like headings, or was a heading with nothing below
        return
    kept = [cell.raw for _, row in draft.rows() for cell in row.cells] + [item.text for item in draft.left_out]
    lost = [cell for row in filled for cell in row if cell.strip() and not any(cell in text for text in kept)]
    assert not lost


@given(st.lists(st.lists(CELLS | PLAUSIBLE, min_size=5, max_size=5), min_size=1, max_size=6))
def test_ids_of_rows_and_doubts_are_never_shared(rows: list[list[str]]) -> None:
    try:
        draft = make_draft(*map(tuple, rows))
    except NoPlanTableError:
        return
    ids = [row.id for _, row in draft.rows()] + [doubt.id for doubt in draft.all_doubts()]
    assert len(ids) == len(set(ids))


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(content)
    with pytest.raises(PlanFileError):
        read_plan(path)


def test_a_table_of_scores_is_no_plan(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("ตัวชี้วัด,คะแนน\nการปฏิบัติหน้าที่,90\nการใช้งบประมาณ,85\n", encoding="utf-8")
    with pytest.raises(NoPlanTableError):
        read_plan(path)
