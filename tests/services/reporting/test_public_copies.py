"""What hides in a file does not reach the public, and what is seen stays."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib

import pypdfium2  # type: ignore[import-untyped]
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFStream
from PIL import Image, ImageCms, ImageOps

from services.reporting.cleaning import UncleanError, bare_jpeg, cleaned
from services.reporting.public_copy import NotCleanableError, public_copy
from tests.services.hiding_files import SECRETS, WRITER, docx, drawn, gif, jpeg, page_of, pdf, png, webp, with_part

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def found(content: bytes) -> list[bytes]:
    return [secret for secret in SECRETS if secret in content]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ภาพ.jpg", jpeg()),
        ("ภาพ.JPEG", jpeg(6)),
        ("สี.jpg", jpeg(icc=SRGB)),
        ("ภาพ.png", png()),
        ("ภาพ.webp", webp()),
        ("ภาพ.gif", gif()),
        ("แผน.pdf", pdf()),
    ],
    ids=["upright", "turned", "colours", "png", "webp", "gif", "pdf"],
)
def test_places_devices_and_names_are_gone(name: str, content: bytes) -> None:
    assert found(content), "the file of the test hides nothing"
    assert found(public_copy(content, name)) == []


@pytest.mark.parametrize("content", [jpeg(), png(), webp()], ids=["jpeg", "png", "webp"])
def test_an_upright_picture_keeps_every_pixel(content: bytes) -> None:
    ending = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}[str(opened(content).format)]
    copy = cleaned(content, ending)
    assert opened(copy).convert("RGB").tobytes() == opened(content).convert("RGB").tobytes()
    assert len(copy) < len(content)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_lies_as_it_was_looked_at(orientation: int) -> None:
    content = jpeg(orientation)
    looked_at = ImageOps.exif_transpose(opened(content))
    copy = opened(cleaned(content, ".jpg"))
    assert (copy.size, copy.getexif().get(0x0112)) == (looked_at.size, None)
    corners = [(2, 2), (copy.width - 3, 2), (2, copy.height - 3), (copy.width - 3, copy.height - 3)]
    for corner in corners:
        pairs = zip(copy.getpixel(corner), looked_at.getpixel(corner), strict=True)  # type: ignore[arg-type]
        assert all(abs(a - b) < 12 for a, b in pairs)


def test_a_moving_picture_goes_on_moving() -> None:
    copy = opened(cleaned(gif(), ".gif"))
    assert copy.n_frames == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("ending", "content"),
    [(".jpg", jpeg(3)), (".png", png()), (".gif", gif()), (".docx", docx())],
    ids=["jpeg", "png", "gif", "docx"],
)
def test_a_clean_copy_is_clean_and_the_same_file_gives_the_same_copy(ending: str, content: bytes) -> None:
    once = cleaned(content, ending)
    assert cleaned(content, ending) == once
    assert found(cleaned(once, ending)) == []


def test_a_small_picture_at_the_beginning_is_left_out() -> None:
    small = drawn(4, 3).tobytes()
    plain = bare_jpeg(jpeg())
    body = plain[6:18] + bytes([4, 3]) + small
    with_small = plain[:4] + (len(body) + 2).to_bytes(2, "big") + body + plain[20:]
    assert small in with_small
    assert opened(with_small).size == (64, 48)
    assert bare_jpeg(with_small) == plain


@settings(max_examples=60)
@given(st.integers(0, 3000), st.binary(max_size=4))
def test_a_damaged_photograph_is_refused_or_clean(place: int, noise: bytes) -> None:
    content = jpeg()
    broken = content[:place] + noise + content[place + len(noise) :]
    try:
        copy = cleaned(broken, ".jpg")
    except UncleanError:
        return
    assert b"Exif\0\0" not in copy
    opened(copy).load()


def test_a_pdf_keeps_its_pages_and_pictures() -> None:
    copy = pypdfium2.PdfDocument(public_copy(pdf(), "แผน.pdf"))
    assert len(copy) == 1
    before = pypdfium2.PdfDocument(pdf())[0].render().to_pil()
    assert copy[0].render().to_pil().tobytes() == before.tobytes()
    facts = copy.get_metadata_dict(skip_empty=True)
    assert (facts.pop("Creator"), facts.pop("Producer"), list(facts)) == ("PDFium", "PDFium", ["CreationDate"])


def test_a_word_file_keeps_its_words_and_loses_its_writer() -> None:
    copy = public_copy(docx(), "สรุป.docx")
    document = Document(io.BytesIO(copy))
    assert document.paragraphs[0].text == "กิจกรรมของโครงการ"
    assert len(document.inline_shapes) == 1
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        for entry in package.infolist():
            assert found(package.read(entry)) == [], entry.filename
            assert entry.date_time[0] == 1980


def unpacked(copy: bytes) -> list[bytes]:
    """What a PDF holds as any reader sees it: each stream without its filters, and all of the file."""
    document = PDFDocument(PDFParser(io.BytesIO(copy)))
    found = [document.getobj(number) for xref in document.xrefs for number in xref.get_objids()]
    return [copy, *(one.get_data() for one in found if isinstance(one, PDFStream))]


@pytest.mark.parametrize(
    ("packed", "filters"),
    [
        (jpeg(), "/DCTDecode"),
        (base64.a85encode(jpeg()) + b"~>", "/ASCII85Decode/DCTDecode"),
        (zlib.compress(jpeg()), "/FlateDecode/DCTDecode"),
    ],
    ids=["bare", "ascii85", "flate"],
)
def test_a_photograph_that_a_pdf_has_packed_once_more_is_cleaned(packed: bytes, filters: str) -> None:
    content = page_of(packed, filters)
    assert any(found(part) for part in unpacked(content)), "the file of the test hides nothing"
    copy = public_copy(content, "แผน.pdf")
    assert [secret for part in unpacked(copy) for secret in found(part)] == []
    before = pypdfium2.PdfDocument(content)[0].render().to_pil()
    assert pypdfium2.PdfDocument(copy)[0].render().to_pil().tobytes() == before.tobytes()


@pytest.mark.parametrize("in_form", [True, False])
def test_a_photograph_that_cannot_be_reached_in_a_pdf_is_refused(in_form: bool) -> None:  # noqa: FBT001 -- the case of the table
    content = page_of(base64.a85encode(jpeg()) + b"~>", "/ASCII85Decode/DCTDecode", in_form=True)
    hidden = content if in_form else content.replace(b"/F Do", b"     ")
    with pytest.raises(NotCleanableError, match="place or device"):
        public_copy(hidden, "แผน.pdf")


@pytest.mark.parametrize("name", ["image1.jfif", "image1.jpe", "image1.JPG", "image1.bin", "image1"])
def test_a_picture_in_a_word_file_is_known_by_how_it_begins(name: str) -> None:
    copy = public_copy(with_part(docx(), f"word/media/{name}", jpeg()), "สรุป.docx")
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        assert found(package.read(f"word/media/{name}")) == []


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("word/settings.xml", f'<w:docVars><w:docVar w:name="a" w:val="{WRITER}"/></w:docVars>'),
        ("word/media/a.svg", f"<svg><metadata><dc:creator>{WRITER}</dc:creator></metadata><!-- {WRITER} --></svg>"),
        ("xl/workbook.xml", f'<fileSharing userName="{WRITER}"/>'),
    ],
)
def test_names_in_parts_that_nobody_sees_are_gone(name: str, part: str) -> None:
    copy = public_copy(with_part(docx(), name, part.encode()), "สรุป.docx")
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        assert WRITER.encode() not in package.read(name)


def test_the_settings_of_a_printer_are_left_out() -> None:
    copy = public_copy(with_part(docx(), "xl/printerSettings/printerSettings1.bin", WRITER.encode()), "ตาราง.xlsx")
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        assert not [name for name in package.namelist() if "printer" in name]


TRACKED = f'<w:document><w:rPrChange w:id="1" w:author="{WRITER}"/></w:document>'.encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("รูปแบบ.docx", with_part(docx(), "word/document.xml", TRACKED)),
        ("ไม่รู้จัก.docx", with_part(docx(), "word/media/image9.tiff", b"II*\0 anything")),
        ("ภาพ.heic", b"\0\0\0\x18ftypheic"),
        ("ภาพ.mp4", b"\0\0\0\x18ftypmp42"),
        ("รวม.zip", b"PK\x03\x04"),
        ("เก่า.doc", bytes.fromhex("d0cf11e0a1b11ae1")),
        ("ความเห็น.docx", docx(comment=True)),
        ("เสีย.jpg", jpeg()[:200]),
        ("เสีย.pdf", b"%PDF-1.7 nothing"),
        ("เสีย.docx", b"PK\x03\x04 nothing"),
    ],
    ids=[
        "tracked-formatting",
        "unknown-part",
        "heic",
        "mp4",
        "zip",
        "doc",
        "comments",
        "broken-jpg",
        "broken-pdf",
        "broken-docx",
    ],
)
def test_what_cannot_be_cleaned_is_refused_with_a_remedy(name: str, content: bytes) -> None:
    with pytest.raises(NotCleanableError) as refused:
        public_copy(content, name)
    assert name in refused.value.in_thai()
    assert "JPEG" in str(refused.value)
    assert WRITER not in str(refused.value)


def test_plain_text_is_itself() -> None:
    assert public_copy("ข้อความ".encode(), "a.txt") == "ข้อความ".encode()
