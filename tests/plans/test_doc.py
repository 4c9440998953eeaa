"""Old formats: converted by LibreOffice where it is there, a clear sentence where it is not."""

from __future__ import annotations

import shutil
import socket
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from plans.errors import DamagedFileError, NoConverterError, PlanFileError, ProtectedFileError, SlowFileError
from plans.layout.assemble import assemble
from plans.read import read_plan
from plans.readers import doc
from plans.readers.doc import read
from tests.plans.factories import HEADINGS, make_row
from tests.plans.formats import (
    TITLE,
    docx_file,
    docx_paragraphs,
    docx_table,
    html_file,
    html_table,
    texts,
    without_sources,
)
from tests.waiting import wait_until

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
HAS_OFFICE = shutil.which("soffice") is not None or shutil.which("libreoffice") is not None
CORPUS = Path(__file__).parent / "corpus"


def rtf_file(title: str, rows: list[tuple[str, ...]]) -> bytes:
    """A title and a table, as an old word processor saves them."""
    lines = "".join(
        "\\trowd" + "".join(f"\\cellx{2000 * (column + 1)}" for column in range(len(row)))
        + "".join(f"\\pard\\intbl {_rtf(cell)}\\cell" for cell in row) + "\\row"
        for row in rows
    )  # fmt: skip
    return f"{{\\rtf1\\ansi\\uc1 {_rtf(title)}\\par{lines}\\pard\\par}}".encode()


def _rtf(text: str) -> str:
    return "".join(sign if sign.isascii() else f"\\u{ord(sign)}?" for sign in text)


PLAN = rtf_file(TITLE, [HEADINGS, make_row(), make_row("๒. อื่น", "๒. ทำ")])
SAME = docx_file(docx_paragraphs(TITLE) + docx_table([HEADINGS, make_row(), make_row("๒. อื่น", "๒. ทำ")]))


def test_an_old_file_is_read_as_what_it_becomes_or_the_remedy_is_said(tmp_path: Path) -> None:
    path = tmp_path / "แผน.rtf"
    path.write_bytes(PLAN)
    (tmp_path / "same.docx").write_bytes(SAME)
    if not HAS_OFFICE:
        with pytest.raises(NoConverterError):
            read_plan(path)
        return
    draft = read_plan(path)
    assert without_sources(draft) == without_sources(read_plan(tmp_path / "same.docx"))
    assert {row.source.file for _, row in draft.rows()} == {"แผน.rtf"}


def test_a_word_file_of_before_2007_is_read_or_the_remedy_is_said() -> None:
    path = CORPUS / "d01_old_word.doc"
    if not HAS_OFFICE:
        with pytest.raises(NoConverterError):
            read_plan(path)
        return
    draft = read_plan(path)
    assert {row.source.file for _, row in draft.rows()} == {path.name}
    assert len(draft.measures) > 1


@pytest.mark.parametrize(("name", "better"), [("a.doc", ".docx"), ("a.rtf", ".docx"), ("a.xls", ".xlsx")])
def test_without_libreoffice_the_remedy_is_said(name: str, better: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoConverterError) as caught:
        read(OLE, name)
    assert f"save it as {better}" in str(caught.value)
    assert f"บันทึกเป็น {better}" in caught.value.in_thai()


def test_a_word_file_of_today_under_an_old_name_is_read() -> None:
    assert texts(read(SAME, "a.doc"))[1][0][0] == list(HEADINGS)


def test_a_web_page_under_an_old_name_is_read() -> None:
    page = html_file(f"<p>{TITLE}</p>" + html_table([HEADINGS, make_row()]))
    assert [texts(read(page, name)) for name in ("a.doc", "a.xls")] == [
        ([TITLE], [[list(HEADINGS), list(make_row())]], [])
    ] * 2
    assert assemble(read(page, "a.doc")).measures


def word_head(flags: int) -> bytes:
    return OLE + b"\xec\xa5\xc1\x00" + bytes(6) + flags.to_bytes(2, "little") + bytes(500)


def open_document(manifest: str) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("META-INF/manifest.xml", manifest)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.doc", word_head(0x0100)),
        ("a.doc", OLE + "EncryptedPackage".encode("utf-16-le")),
        ("a.xls", OLE + b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12) + b"\x2f\x00"),
        ("a.odt", open_document("<manifest:encryption-data/>")),
    ],
)
def test_a_file_with_a_password_is_told(name: str, content: bytes) -> None:
    with pytest.raises(ProtectedFileError):
        read(content, name)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.doc", b"\xff\x00\x80" * 100), ("a.doc", b"PK\x03\x04"), ("a.odt", SAME[:300]), ("a.rtf", "ก".encode())],
)
def test_what_is_none_of_these_formats_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(DamagedFileError) as caught:
        read(content, name)
    assert "โปรด" in caught.value.in_thai()


def test_a_converter_that_hangs_is_ended_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n/bin/sleep 60 & echo $! > {tmp_path}/child\nwait\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(doc, "SECONDS_TO_CONVERT", 1)
    with pytest.raises(SlowFileError):
        read(OLE, "a.doc")
    child = (tmp_path / "child").read_text(encoding="utf-8").strip()
    assert wait_until(
        lambda: is_gone(child), within_s=10
    )  # killed by now, but the system takes its time with the last step


def is_gone(number: str) -> bool:
    """Whether a process has ended; one that nobody waited for stays as a zombie."""
    state = Path("/proc", number, "stat")
    return not state.exists() or state.read_text(encoding="utf-8").split()[2] == "Z"


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    try:
        read(PLAN, "a.rtf")
    except PlanFileError as error:
        assert isinstance(error, NoConverterError) and not HAS_OFFICE  # noqa: PT017, PT018 -- the only error allowed
    assert list(tmp_path.iterdir()) == []


def test_converting_fetches_nothing_from_the_network(tmp_path: Path) -> None:
    """A document that asks for a picture of a server gets none; the file itself is read all the same."""
    if not HAS_OFFICE:
        with pytest.raises(NoConverterError):
            read(PLAN, "a.rtf")
        return
    with socket.create_server(("127.0.0.1", 0)) as server:
        document = read(linked_picture(server.getsockname()[1]), "a.odt")
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):  # nobody stands in the queue, not even one that has gone again
            server.accept()
    assert texts(document)[0] == ["สวัสดี"]


def linked_picture(port: int) -> bytes:
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{uri}:1.0"'
        for name, uri in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"))
    )
    picture = f'<draw:image xlink:href="http://127.0.0.1:{port}/a.png" xlink:type="simple" xlink:actuate="onLoad"/>'
    body = f'<text:p>สวัสดี<draw:frame svg:width="2cm" svg:height="2cm">{picture}</draw:frame></text:p>'
    content = (
        f'<office:document-content{spaces} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return packed.getvalue()
