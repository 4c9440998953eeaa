"""Web pages: the same plan as from text, spans in their place, what is no page refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.errors import (
    DamagedFileError,
    EmptyFileError,
    NoPlanTableError,
    PlanFileError,
    TooLargeFileError,
    UndecodableFileError,
)
from plans.layout.assemble import assemble
from plans.read import read_plan
from plans.readers.html import read
from tests.plans.factories import HEADINGS, make_row
from tests.plans.formats import (
    TABLES,
    TITLE,
    html_cell,
    html_file,
    html_table,
    lost_cells,
    seed_raw,
    texts,
    with_headings,
    without_sources,
)


def lines(paragraphs: list[str]) -> str:
    return "".join(f"<p>{html_cell(line)}</p>\n" for line in paragraphs)


def seed_as_html() -> bytes:
    before, tables, after = texts(seed_raw())
    return html_file(lines(before) + "\n".join(map(html_table, tables)) + lines(after))


@pytest.mark.parametrize("ending", ["html", "HTM"])
def test_the_seed_as_a_web_page_gives_the_same_draft(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"plan.{ending}"
    path.write_bytes(seed_as_html())
    assert without_sources(read_plan(path)) == without_sources(assemble(seed_raw()))


@pytest.mark.parametrize("charset", ["", '<meta charset="windows-874">', '<meta charset="utf-8">'])
def test_a_page_in_the_old_thai_encoding(charset: str) -> None:
    page = charset + f"<style>{'p {margin: 0} ' * 200}</style>" + html_table([HEADINGS, make_row()])
    assert texts(read(page.encode("cp874"), "a.html"))[1] == [[list(HEADINGS), list(make_row())]]


def test_an_encoding_named_wrongly_is_not_believed() -> None:
    page = '<meta charset="utf-16"><?xml encoding="ascii"?>' + html_table([HEADINGS])
    assert texts(read(page.encode(), "a.html"))[1] == [[list(HEADINGS)]]


def test_a_merged_measure_holds_for_all_its_rows_without_a_doubt() -> None:
    first, *rest = make_row()
    second = make_row("", "๒. ต่อ")[1:]
    merged = f"<tr><td rowspan=2>{first}</td>" + "".join(f"<td>{cell}</td>" for cell in rest) + "</tr>"
    below = "<tr>" + "".join(f"<td>{cell}</td>" for cell in second) + "</tr>"
    head = "".join(f"<th>{heading}</th>" for heading in HEADINGS)
    page = html_file(f"<h1>{TITLE}</h1><table><thead><tr>{head}</tr></thead>{merged}{below}</table>")
    draft = assemble(read(page, "plan.html"))
    assert [len(measure.rows) for measure in draft.measures] == [2]
    assert list(draft.all_doubts()) == []


def test_spans_over_columns_and_rows_keep_the_other_cells_in_place() -> None:
    page = "<table><tr><td>ก<td colspan=2 rowspan=2>ข<td>ค<tr><td>ง<td>จ<tr><td>1<td>2<td>3<td>4</table>"
    assert texts(read(page.encode(), "a.html"))[1] == [[["ก", "ข", "", "ค"], ["ง", "ข", "", "จ"], ["1", "2", "3", "4"]]]


@pytest.mark.parametrize("span", ["0", "99999", "x", "-1", ""])
def test_odd_spans_lose_nothing(span: str) -> None:
    page = f"<table><tr><td rowspan='{span}' colspan='{span}'>ก<td>ข<tr><td>ค</table>"
    rows = texts(read(page.encode(), "a.html"))[1][0]
    assert {"ก", "ข", "ค"} <= {cell for row in rows for cell in row}


def test_tags_left_open_and_breaks_are_lines() -> None:
    page = "หัว<table><tr><td><p>ก<p>ข<ul><li>ค<li>ง</ul>จ<br>ฉ<td>ช\n  ซ</table>ท้าย"
    assert texts(read(page.encode(), "a.html")) == (["หัว"], [[["ก\nข\n- ค\n- ง\nจ\nฉ", "ช ซ"]]], ["ท้าย"])


def test_a_table_in_a_cell_a_caption_and_strays_are_text_outside() -> None:
    page = "<table><caption>ชื่อ</caption><tr><td>นอก<table><tr><td>ใน</table></table>"
    assert texts(read(page.encode(), "a.html")) == ([], [[["นอก"]]], ["ชื่อ", "ใน"])


def test_a_plan_in_a_layout_table_is_a_table_of_its_own() -> None:
    inner = html_table([HEADINGS, make_row()])
    page = f"<table><tr><td><p>{TITLE}</p>{inner}</td></tr><tr><td>ท้าย</td></tr></table>"
    assert texts(read(page.encode(), "a.html")) == ([TITLE], [[list(HEADINGS), list(make_row())]], ["ท้าย"])


def test_a_table_with_rows_and_columns_in_a_cell_follows_the_outer_one() -> None:
    page = f"<table><tr><td>ก{html_table([('1', '2'), ('3', '4')])}<td>ข</table>"
    assert texts(read(page.encode(), "a.html")) == ([], [[["ก", "ข"]], [["1", "2"], ["3", "4"]]], [])


def test_tables_nested_beyond_reason_lose_no_text() -> None:
    page = "<table><tr><td>ก<tr><td>ข<td>" * 60 + "ลึก"
    assert "ลึก" in str(texts(read(page.encode(), "a.html")))


@pytest.mark.parametrize(
    ("attributes", "is_shaded"),
    [
        ("", False),
        ("bgcolor=#336699", True),
        ("bgcolor=white", False),
        ("style='background-color: #93c47d'", True),
        ("style='background: red'", True),
        ("style='background: #FFFFFF; color: red'", False),
        ("style='background-color: rgb(255, 255, 255)'", False),
    ],
)
def test_a_coloured_ground_is_kept(attributes: str, *, is_shaded: bool) -> None:
    page = f"<table><tr><td>ก<td {attributes}>ข</table>"
    assert [cell.is_shaded for cell in read(page.encode(), "a.html").tables[0].rows[0]] == [False, is_shaded]


def test_scripts_and_comments_are_no_text() -> None:
    page = "<script>var a</script><!-- b --><p>ค<!-- ง -->จ</p>" + html_table([("ก",)])
    assert texts(read(page.encode(), "a.html")) == (["คจ"], [[["ก"]]], [])


def test_deep_nesting_is_read() -> None:
    page = "<div>" * 1000 + "ลึก" + html_table([("ก",)])
    assert texts(read(page.encode(), "a.html")) == (["ลึก"], [[["ก"]]], [])


def test_nesting_beyond_the_parser_is_refused_and_not_cut_off() -> None:
    with pytest.raises(DamagedFileError):
        read(("<p>ก</p>" + "<div>" * 3000 + "ลึก").encode(), "a.html")


@given(TABLES)
def test_nothing_in_a_table_is_lost(rows: list[list[str]]) -> None:
    content = html_file(f"<p>{TITLE}</p>" + html_table(with_headings(rows)))
    assert lost_cells(read(content, "a.html"), rows) == []


PIECES = st.sampled_from([*"กข <>/&;=\"'\n!-", "<table>", "<tr>", "<td>", "</td>", "<td rowspan=", "<p>", "</table>"])


@given(st.lists(PIECES, max_size=60))
def test_no_markup_crashes_the_reader(pieces: list[str]) -> None:
    with pytest.raises(PlanFileError):
        assemble(read("".join(pieces).encode(), "a.html"))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyFileError),
        (b"<html><body><table><tr><td> </table>", EmptyFileError),
        (b"PK\x03\x04\x00\x00\xff\xfe<", UndecodableFileError),
        (b"\xff\x00\x80" * 100, UndecodableFileError),
        ("แผน\tข้อความ".encode(), DamagedFileError),
        (seed_as_html().decode()[:300].encode(), NoPlanTableError),
        (("<table><tr>" + "<td rowspan=9999>ก" * 999 + "<tr><td>ข" * 999).encode(), TooLargeFileError),
    ],
)
def test_a_file_that_is_no_page_with_a_plan_is_refused(
    tmp_path: Path, content: bytes, error: type[PlanFileError]
) -> None:
    path = tmp_path / "plan.html"
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        read_plan(path)
    assert "โปรด" in caught.value.in_thai()
