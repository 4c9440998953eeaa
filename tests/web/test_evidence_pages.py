"""Files and links that come with a report: what is taken, how it is shown, and what is refused."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from domain.assignment import State
from tests.web.conftest import Pages
from tests.web.test_work_pages import ANSWERED, HEAD, OFFICER, PNG, STRANGER, first, form_of

JPEG = b"\xff\xd8\xff\xe0" + b"0" * 40
RIGHT_TO_LEFT = "\u202e"


def package(*names: str, size: int = 10) -> bytes:
    buffer = BytesIO()
    # Every process that collects these tests makes the bombs: as quickly as it goes, they are small all the same.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name in names:
            made.writestr(name, b"0" * size)
    return buffer.getvalue()


def send(pages: Pages, browser: TestClient, *files: tuple[str, bytes], **fields: object) -> tuple[int, str]:
    path = f"/assignments/{first(pages)}"
    given = [("files", (name, BytesIO(content), "application/octet-stream")) for name, content in files]
    answer = browser.post(f"{path}/hand-in", data=form_of(browser, path) | ANSWERED | fields, files=given)
    return answer.status_code, answer.text


def kept(pages: Pages) -> list[Path]:
    folder = pages.system.settings.folder / "files"
    return [path for path in folder.rglob("*") if path.is_file()]


def names(pages: Pages) -> list[str]:
    with pages.office.reading() as desk:
        return [line.name for line in desk.uow.evidence.of(first(pages))]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("โปรแกรม.jpg", b"MZ\x90\x00" + b"0" * 99),
        ("ภาพ.webp", b"RIFF0000WAVEfmt "),
        ("ภาพ.svg", b"<svg onload='alert(1)'/>"),
        ("bomb.docx", package("[Content_Types].xml", "word/document.xml", size=150_000_000)),
        ("bomb.zip", package("a", size=300_000_000)),
        ("many.zip", package("a") + b"PK\x01\x02" * 20_001),
        ("เอกสาร.docx", package("classes.dex")),
        ("ขาด.xlsx", package("[Content_Types].xml")[:-30]),
    ],
    ids=[
        "program",
        "sound",
        "drawing",
        "bomb as document",
        "bomb",
        "too many files",
        "package of another kind",
        "cut off",
    ],
)
def test_what_is_not_what_it_says_is_refused_and_nothing_is_kept(pages: Pages, name: str, content: bytes) -> None:
    status, page = send(pages, pages.visitor(OFFICER), ("ดี.png", PNG), (name, content))
    assert status == 422
    assert 'id="files-fault"' in page
    assert kept(pages) == []
    assert names(pages) == []
    assert pages.office.get(first(pages)).state is State.OPEN


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("../../etc/ภาพ.png", "ภาพ.png"),
        ("C:\\Users\\a\\ภาพ.png", "ภาพ.png"),
        (f"ภาพ{RIGHT_TO_LEFT}gnp.png", "ภาพgnp.png"),
        ("ก" * 400 + ".png", "ก" * 147 + ".png"),
    ],
    ids=["path", "windows", "right to left", "long"],
)
def test_of_a_name_only_what_one_can_read_is_kept(pages: Pages, given: str, stored: str) -> None:
    assert send(pages, pages.visitor(OFFICER), (given, PNG))[0] == 303
    assert names(pages) == [stored]


def test_a_line_of_five_thousand_characters_is_kept_whole(pages: Pages) -> None:
    line = "ก" * 5000
    assert send(pages, pages.visitor(OFFICER), result=line)[0] == 303
    submission = pages.office.get(first(pages)).submission
    assert submission is not None
    assert submission.result == line


def test_links_are_evidence_without_a_file(pages: Pages) -> None:
    browser = pages.visitor(OFFICER)
    assert send(pages, browser, links="https://a.example/ประกาศ\n\nhttp://b.example")[0] == 303
    page = browser.get(f"/assignments/{first(pages)}").text
    assert 'href="https://a.example/ประกาศ" rel="noopener noreferrer nofollow"' in page
    with pages.office.reading() as desk:
        lines = desk.uow.evidence.of(first(pages))
    assert [line.url for line in lines] == ["http://b.example", "https://a.example/ประกาศ"]
    assert browser.get(f"/assignments/{first(pages)}/evidence/{lines[0].sha256}").status_code == 404


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "ประกาศในเว็บ", "https://", "https://u:p@a.example", "data:text/html,x", "https://[::1"],
)
def test_what_is_no_address_is_said_at_its_field(pages: Pages, link: str) -> None:
    status, page = send(pages, pages.visitor(OFFICER), ("ภาพ.png", PNG), links=link)
    assert status == 422
    assert 'id="links-fault"' in page
    assert 'id="files-fault"' in page, "the files must be chosen again"
    assert kept(pages) == []


def test_a_reviewer_sees_pictures_and_is_given_everything_else_as_a_file(pages: Pages) -> None:
    text = b"MZ is how this line begins, not how a program does"[3:]
    assert send(pages, pages.visitor(OFFICER), ("ภาพ.jpg", JPEG), ("บันทึก.txt", text))[0] == 303
    head = pages.visitor(HEAD)
    page = head.get(f"/assignments/{first(pages)}").text
    (shown,) = re.findall(r'<img src="([^"]+)"', page)
    answer = head.get(shown)
    assert (answer.headers["content-type"], answer.content) == ("image/jpeg", JPEG)
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    with pages.office.reading() as desk:
        (other,) = [line for line in desk.uow.evidence.of(first(pages)) if line.name.endswith(".txt")]
    assert head.get(f"/assignments/{first(pages)}/evidence/{other.sha256}/image").status_code == 404


def test_a_correction_may_leave_out_what_was_sent_before(pages: Pages) -> None:
    officer, head, path = pages.visitor(OFFICER), pages.visitor(HEAD), f"/assignments/{first(pages)}"
    send(pages, officer, ("ผิด.png", PNG), ("ถูก.jpg", JPEG))
    head.post(f"{path}/decide", data=form_of(head, path) | {"decision": "return", "reason": "ภาพผิด"})
    shown = re.findall(r'name="left" value="(\w+)" checked> ([^<]+)<', officer.get(path).text)
    right = [sha for sha, name in shown if name == "ถูก.jpg"]
    assert send(pages, officer, earlier=[sha for sha, _ in shown], left=right)[0] == 303
    page = head.get(path).text
    assert "ถูก.jpg" in page
    assert "ผิด.png" not in page


def pdf(words: bytes) -> bytes:
    """A page of A4 with one line, written by hand."""
    content = b"BT /F1 24 Tf 72 700 Td (" + words + b") Tj ET"
    return b"\n".join(
        [
            b"%PDF-1.4",
            b"1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj",
            b"2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj",
            b"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources 6 0 R>> endobj",
            b"4 0 obj <</Length %d>> stream\n" % len(content) + content + b"\nendstream endobj",
            b"5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj",
            b"6 0 obj <</Font<</F1 5 0 R>>>> endobj",
            b"trailer <</Root 1 0 R>>",
            b"%%EOF",
        ]
    )


def test_a_reviewer_sees_the_first_page_of_a_pdf(pages: Pages) -> None:
    assert send(pages, pages.visitor(OFFICER), ("บันทึกประชุม.pdf", pdf(b"Minutes")))[0] == 303
    head, path = pages.visitor(HEAD), f"/assignments/{first(pages)}"
    (address,) = re.findall(r'<img src="([^"]+/image)" alt="หน้าแรกของ บันทึกประชุม.pdf"', head.get(path).text)
    for _ in range(2):  # drawn, then kept
        answer = head.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        with Image.open(BytesIO(answer.content)) as picture:
            assert picture.size == (900, 1274)
            assert picture.convert("L").getextrema() == (0, 255)
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_damaged_pdf_has_no_preview_and_is_still_there_as_a_file(pages: Pages) -> None:
    assert send(pages, pages.visitor(OFFICER), ("เสีย.pdf", b"%PDF-1.7 and nothing more"))[0] == 303
    head, path = pages.visitor(HEAD), f"/assignments/{first(pages)}"
    (address,) = re.findall(r'<img src="([^"]+/image)"', head.get(path).text)
    assert [head.get(address).status_code for _ in range(2)] == [404, 404]
    assert head.get(address.removesuffix("/image")).content == b"%PDF-1.7 and nothing more"
    assert [file.stat().st_size for file in (pages.system.settings.folder / "previews").iterdir()] == [0]


def test_a_preview_is_for_those_who_may_see_the_file(pages: Pages) -> None:
    send(pages, pages.visitor(OFFICER), ("บันทึก.pdf", pdf(b"Minutes")))
    (address,) = re.findall(r'<img src="([^"]+/image)"', pages.visitor(HEAD).get(f"/assignments/{first(pages)}").text)
    assert pages.visitor(STRANGER).get(address).status_code == 403
    assert not (pages.system.settings.folder / "previews").exists()
