"""A template that cannot be used is refused in one sentence, with the place of the fault."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document

from reports.errors import ReportTemplateError
from reports.package import pack
from reports.quarter import NEEDED_IN_BODY, NEEDED_IN_HEADER, TEMPLATE, render_quarter
from tests.reports.factories import make_snapshot
from tests.reports.real_plan import make_real_quarter


def edited(folder: Path, old: str, new: str) -> Path:
    """Copy of the template with `old` replaced in every part."""
    target = folder / "ours.docx"
    with zipfile.ZipFile(TEMPLATE) as archive:
        parts = [(name, archive.read(name).decode().replace(old, new).encode()) for name in archive.namelist()]
    target.write_bytes(pack(parts))
    return target


def refusal(template: Path) -> ReportTemplateError:
    with pytest.raises(ReportTemplateError) as caught:
        render_quarter(make_real_quarter(), template)
    return caught.value


def test_an_edited_template_is_used(tmp_path: Path) -> None:
    document = Document(io.BytesIO(render_quarter(make_snapshot(), edited(tmp_path, "(ครุฑ)", "(ตรา)"))))
    assert document.tables[0].rows[0].cells[0].text == "(ตรา)"


def test_a_mark_that_word_split_in_two_runs_is_used(tmp_path: Path) -> None:
    split = '{{ row.</w:t></w:r><w:r><w:t xml:space="preserve">measure }}'
    assert render_quarter(make_snapshot(), edited(tmp_path, "{{ row.measure }}", split))


@pytest.mark.parametrize("content", [b"", b"not a Word file", pack([("a.txt", b"x")])])
def test_a_file_that_is_no_word_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.docx").write_bytes(content)
    assert "odd.docx" in str(refusal(tmp_path / "odd.docx"))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "gone.docx" in refusal(tmp_path / "gone.docx").in_thai()


@pytest.mark.parametrize("mark", NEEDED_IN_BODY + NEEDED_IN_HEADER)
def test_a_template_that_lost_a_mark_is_refused(tmp_path: Path, mark: str) -> None:
    error = refusal(edited(tmp_path, f"{{{{ {mark} }}}}", "-"))
    assert f"{{{{ {mark} }}}}" in str(error)
    assert f"{{{{ {mark} }}}}" in error.in_thai()


def test_a_word_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    Document().save(str(tmp_path / "letter.docx"))
    assert "row.measure" in str(refusal(tmp_path / "letter.docx"))


def test_a_fault_in_a_mark_shows_the_lines_around_it(tmp_path: Path) -> None:
    error = refusal(edited(tmp_path, "(ครุฑ)", "{{ a b }}"))
    assert "{{ a b }}" in str(error)
    assert "{{ a b }}" in error.in_thai()


@pytest.mark.parametrize(
    "mark",
    [
        "{{ no_such_word }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ range(999999999) | list }}",
        "{{ 1 / 0 }}",
        "{{ revision + 1 }}",
        "{% for %}",
        "{{ '</w:p>' | safe }}",
    ],
)
def test_a_mark_that_cannot_or_must_not_be_filled_is_refused(tmp_path: Path, mark: str) -> None:
    assert "ours.docx" in str(refusal(edited(tmp_path, "(ครุฑ)", mark)))


def test_the_refusal_tells_what_to_do_in_both_languages(tmp_path: Path) -> None:
    error = refusal(tmp_path / "gone.docx")
    assert "go back to the template that came with the system" in str(error)
    assert "กลับไปใช้แม่แบบที่มากับระบบ" in error.in_thai()
