"""CSV files: the same plan as from text, whatever the delimiter, the encoding and the line ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.errors import DamagedFileError, EmptyFileError, NoPlanTableError, PlanFileError, UndecodableFileError
from plans.layout.assemble import assemble
from plans.read import read_plan
from plans.readers import read_raw
from plans.readers.comma import read
from tests.plans.factories import HEADINGS, make_row
from tests.plans.formats import (
    TABLES,
    TITLE,
    csv_text,
    lost_cells,
    seed_raw,
    texts,
    unlined,
    with_headings,
    without_sources,
)

DELIMITERS = [",", ";", "\t"]


def seed_as_csv(delimiter: str) -> str:
    before, tables, after = texts(seed_raw())
    title = csv_text([[line] for line in before], delimiter)
    return (
        title + "".join("\r\n" + csv_text(table, delimiter) for table in tables) + "\r\n" + csv_text([after], delimiter)
    )


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
def test_the_seed_as_csv_gives_the_same_draft(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(seed_as_csv(delimiter).encode(encoding))
    assert without_sources(assemble(unlined(read_raw(path)))) == without_sources(assemble(seed_raw()))


def test_a_title_saved_by_a_spreadsheet_is_no_table() -> None:
    content = f"{TITLE},,,,\r\n,,,,\r\n" + csv_text([HEADINGS, make_row()])
    assert texts(read(content.encode(), "a.csv")) == ([TITLE], [[list(HEADINGS), list(make_row())]], [])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_quoted_line_breaks_are_lines_of_the_cell(end: str) -> None:
    content = f'ก,"ข{end}ค ""ง"", จ"{end}ฉ,ช'
    document = read(content.encode(), "a.csv")
    assert texts(document)[1] == [[["ก", 'ข\nค "ง", จ'], ["ฉ", "ช"]]]
    assert document.tables[0].rows[1][0].source.line == 2


def test_commas_in_sentences_do_not_hide_the_delimiter() -> None:
    content = "ก;ข, ค, ง;จ\nฉ, ช;ซ;ฌ\nญ;ด;ต, ถ"
    assert [len(row) for row in texts(read(content.encode(), "a.csv"))[1][0]] == [3, 3, 3]


def test_a_merged_measure_is_empty_below_and_belongs_to_the_one_above() -> None:
    rows = [HEADINGS, make_row(), make_row("", "๒. ต่อ")]
    draft = assemble(read(f"{TITLE}\n{csv_text(rows)}".encode(), "a.csv"))
    assert [len(measure.rows) for measure in draft.measures] == [2]
    assert list(draft.all_doubts()) == []


@given(TABLES, st.sampled_from(DELIMITERS))
def test_nothing_in_a_table_is_lost(rows: list[list[str]], delimiter: str) -> None:
    content = f"{TITLE}\r\n\r\n" + csv_text(with_headings(rows), delimiter)
    assert lost_cells(read(content.encode(), "a.csv"), rows) == []


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    with pytest.raises(PlanFileError):
        assemble(read(content, "a.csv"))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFileError),
        (b",,,\r\n,,,", EmptyFileError),
        (b"PK\x03\x04\x00\x00\xff\xfe", UndecodableFileError),
        (b"\xff\x00\x80" * 100, UndecodableFileError),
        (b"<html><table><tr><td>1,2</td></tr></table>", NoPlanTableError),
        (b"one field only", NoPlanTableError),
        (seed_as_csv(",")[:60].encode(), NoPlanTableError),
        (f'ก,"{"ข" * 200_000}'.encode(), DamagedFileError),
        (csv_text([HEADINGS, make_row()]).replace("กองคลัง", '"กองคลัง').encode(), DamagedFileError),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, content: bytes, error: type[PlanFileError]) -> None:
    path = tmp_path / "plan.csv"
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        read_plan(path)
    assert "โปรด" in caught.value.in_thai()
