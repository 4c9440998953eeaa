"""Files that hide a place, a device and a name, as telephones and office programs write them."""

from __future__ import annotations

import io
import zipfile

import pypdfium2  # type: ignore[import-untyped]
from docx import Document
from PIL import Image, ImageDraw, ImageOps, PngImagePlugin

DEVICE = "Kamera Nok-9000"
WRITER = "Somchai Jaidee"
SECRETS = (b"Exif", DEVICE.encode(), WRITER.encode(), b"GPS", b"house", b"ICC_PROFILE", b"Photoshop")
XMP = f'<?xpacket begin=""?><x:xmpmeta><exif:GPSLatitude>13,45N house</exif:GPSLatitude>{WRITER}</x:xmpmeta>'.encode()


def drawn(width: int = 64, height: int = 48) -> Image.Image:
    """A picture whose four corners differ."""
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width // 2, height // 2), fill="red")
    pen.rectangle((width // 2, height // 2, width, height), fill="blue")
    return image


def exif(orientation: int = 1) -> bytes:
    facts = Image.Exif()
    facts[0x010F], facts[0x0110], facts[0x0112] = DEVICE, DEVICE, orientation
    facts[0x013B] = WRITER
    gps = facts.get_ifd(0x8825)
    gps[1], gps[2] = "N", (13.0, 45.0, 12.5)
    gps[3], gps[4], gps[29] = "E", (100.0, 30.0, 1.0), "GPS house"
    return facts.tobytes()


def jpeg(orientation: int = 1, *, icc: bytes = b"") -> bytes:
    """A photograph with a place, a small picture, an IPTC block, a comment, and a second picture behind its end."""
    target = io.BytesIO()
    drawn().save(target, "JPEG", exif=exif(orientation), xmp=XMP, comment=WRITER.encode(), icc_profile=icc or None)
    small = io.BytesIO()
    drawn(16, 12).save(small, "JPEG")
    block = b"Photoshop 3.0\0" + WRITER.encode() + small.getvalue()
    content = target.getvalue()
    iptc = b"\xff\xed" + (len(block) + 2).to_bytes(2, "big") + block
    return content[:20] + iptc + content[20:] + b"trailer of the house"  # 20: after the first segment


def png() -> bytes:
    target, text = io.BytesIO(), PngImagePlugin.PngInfo()
    text.add_text("Author", WRITER)
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    drawn().save(target, "PNG", exif=exif(), pnginfo=text)
    return target.getvalue()


def webp() -> bytes:
    target = io.BytesIO()
    drawn().save(target, "WEBP", exif=exif(), xmp=XMP, lossless=True)
    return target.getvalue()


def gif() -> bytes:
    target = io.BytesIO()
    frames = [drawn().convert("P"), ImageOps.mirror(drawn()).convert("P")]
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:], duration=100, comment=WRITER.encode())
    return target.getvalue()


def pdf() -> bytes:
    """A page with a photograph, from a program that names its user."""
    made = pypdfium2.PdfDocument.new()
    page = made.new_page(300, 200)
    picture = pypdfium2.PdfImage.new(made)
    picture.load_jpeg(io.BytesIO(jpeg()), inline=True)
    picture.set_matrix(pypdfium2.PdfMatrix().scale(200, 150))
    page.insert_obj(picture)
    page.gen_content()
    target = io.BytesIO()
    made.save(target)
    info = f"\n9999 0 obj\n<< /Author ({WRITER}) /Creator ({DEVICE}) >>\nendobj\n".encode()
    content = target.getvalue()
    return content.replace(b"trailer\r\n<<", info + b"trailer\r\n<< /Info 9999 0 R ", 1)


def page_of(photograph: bytes, filters: str, *, in_form: bool = False) -> bytes:
    """A PDF as another program writes it: the photograph packed by `filters`, drawn by the page or by a form on it."""
    picture = (
        f"<</Type/XObject/Subtype/Image/Width 64/Height 48/ColorSpace/DeviceRGB/BitsPerComponent 8"
        f"/Filter[{filters}]/Length {len(photograph)}>>stream\n"
    ).encode() + photograph + b"\nendstream"  # fmt: skip
    drawing = b"q 64 0 0 48 10 10 cm /I Do Q"
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 100 100]/Resources<</XObject<</I 5 0 R>>>>"
    form += b"/Length %d>>stream\n%b\nendstream"
    shown, content = (b"/F 6 0 R", b"/F Do") if in_form else (b"/I 5 0 R", drawing)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<</XObject<<%b>>>>>>" % shown,
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        picture,
        form % (len(drawing), drawing),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, text)
    table = b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer<</Size 7/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)


def with_part(package: bytes, name: str, part: bytes) -> bytes:
    """An Office file with one part more, or another one in its place."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as given, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in given.infolist():
            if entry.filename != name:
                made.writestr(entry, given.read(entry))
        made.writestr(name, part)
    return target.getvalue()


def docx(*, comment: bool = False) -> bytes:
    """A Word file of somebody, with a photograph."""
    document = Document()
    document.core_properties.author = document.core_properties.last_modified_by = WRITER
    document.add_paragraph("กิจกรรมของโครงการ")
    document.add_picture(io.BytesIO(jpeg()))
    plain = io.BytesIO()
    document.save(plain)
    if not comment:
        return plain.getvalue()
    target = io.BytesIO()
    with zipfile.ZipFile(plain) as given, zipfile.ZipFile(target, "w") as more:
        for entry in given.infolist():
            more.writestr(entry.filename, given.read(entry))
        more.writestr("word/comments.xml", f"<w:comments>{WRITER}</w:comments>")
    return target.getvalue()
