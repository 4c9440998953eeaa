"""Takes what is not seen out of pictures, PDF and Office files. It runs only apart (`public_copy`)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError

_FORMATS: Final = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".gif": "GIF", ".webp": "WEBP"}
_MOST_PIXELS: Final = 120_000_000
_QUALITY: Final = 92
_SEEN: Final = frozenset({"transparency", "background", "duration", "loop", "disposal", "blend"})
"""What of an opened picture's properties is seen, and is written again."""

MARKS: Final = (b"Exif\0\0", b"http://ns.adobe.com/", b"Photoshop 3.0", b"<x:xmpmeta", b"<?xpacket")
"""Beginnings of blocks with places, devices and names; none may be left in a copy, wherever it hides."""

_MARKER, _APP0, _END, _SCAN = 0xFF, 0xE0, 0xD9, 0xDA
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_HIDDEN: Final = frozenset({0xFE, *range(0xE1, 0xEE), 0xEF})
"""Segments that draw nothing: comments and APP1 to APP15, without APP14, which says how colours are kept."""
_ORIENTATION: Final = 0x0112
_DRAWN: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"})
_SEEN_FLAGS: Final = 0b00010010
"""Of a WebP's flags: it moves, it is transparent; not: it has colours, a place, facts of its own."""
_JFIF: Final = b"JFIF\0"
_JFIF_BYTES: Final = 16
"""Length of a JFIF segment's body without the small picture that may follow."""

Image.MAX_IMAGE_PIXELS = _MOST_PIXELS


class UncleanError(Exception):
    """The file cannot be cleaned; `reason` names why."""

    def __init__(self, reason: str) -> None:
        """Keep the name of the reason."""
        super().__init__(reason)
        self.reason = reason


def cleaned(content: bytes, ending: str) -> bytes:
    """The file without what is not seen.

    Raises:
        UncleanError: That cannot be done.
    """
    try:
        copy = _cleaned(content, ending)
    except UncleanError:
        raise
    except Exception as error:  # a stranger's file breaks its readers in any way
        raise UncleanError("broken") from error
    _check_marks(copy)
    return copy


def _check_marks(content: bytes) -> None:
    if any(mark in content for mark in MARKS):
        raise UncleanError("picture")


def _cleaned(content: bytes, ending: str) -> bytes:
    if ending in _FORMATS:
        return _picture(content, _FORMATS[ending])
    if ending == ".pdf":
        return _pdf(content)
    return _package(content)


def _picture(content: bytes, kind: str) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "MPO"] if kind == "JPEG" else [kind]) as opened:
            opened.load()
            is_as_seen = opened.getexif().get(_ORIENTATION, 1) == 1 and not opened.info.get("icc_profile")
            if is_as_seen and kind in _BARE:
                return _BARE[kind](content)
            return _drawn_again(opened, kind)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        raise UncleanError("broken") from error


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG without its hidden segments and without what follows its end; nothing that is drawn changes."""
    blocks, place = [content[:2]], 2
    while True:
        while content[place + 1] == _MARKER:  # fill bytes before a marker
            place += 1
        marker = content[place + 1]
        if content[place] != _MARKER:
            raise UncleanError("broken")
        if marker == _END:
            return b"".join([*blocks, content[place : place + 2]])
        end = place + 2
        if marker not in _STANDALONE:
            end += int.from_bytes(content[place + 2 : place + 4], "big")
        if marker == _APP0:
            blocks.append(_without_small_picture(content[place:end]))
        elif marker not in _HIDDEN:
            blocks.append(content[place:end])
        place = end
        if marker == _SCAN:
            place = _end_of_scan(content, end)
            blocks.append(content[end:place])


def _without_small_picture(segment: bytes) -> bytes:
    """A JFIF segment; a small picture in it may show what the large one does not any more."""
    body = segment[4:]
    if not body.startswith(_JFIF):
        return b""
    bare = body[: _JFIF_BYTES - 4] + b"\0\0"
    return segment[:2] + _JFIF_BYTES.to_bytes(2, "big") + bare


def _end_of_scan(content: bytes, place: int) -> int:
    """Where the next marker begins after drawn data, in which FF 00 is a byte and FF D0 to D7 a restart."""
    match = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]").search(content, place)
    if match is None:
        raise UncleanError("broken")
    return match.start()


def bare_webp(content: bytes) -> bytes:
    """A WebP without its blocks of facts; nothing that is drawn changes."""
    blocks, place, end = [], 12, 8 + int.from_bytes(content[4:8], "little")
    while place + 8 <= end:
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        block = content[place : place + 8 + size + size % 2]
        if block[:4] == b"VP8X":
            block = block[:8] + bytes([block[8] & _SEEN_FLAGS]) + block[9:]
        if block[:4] in _DRAWN:
            blocks.append(block)
        place += len(block)
    body = b"WEBP" + b"".join(blocks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


_BARE: Final = {"JPEG": bare_jpeg, "WEBP": bare_webp}


def _drawn_again(opened: Image.Image, kind: str) -> bytes:
    number = getattr(opened, "n_frames", 1) if kind != "JPEG" else 1
    if number * opened.width * opened.height > _MOST_PIXELS:
        raise UncleanError("broken")
    first, *others = [_seen(frame) for frame in ImageSequence.Iterator(opened)] if number > 1 else [_seen(opened)]
    how: dict[str, Any] = {"JPEG": {"optimize": True, "quality": _QUALITY}, "WEBP": {"quality": _QUALITY}}.get(kind, {})
    if kind == "JPEG" and first.mode not in {"L", "RGB"}:
        first = first.convert("RGB")
    if others:
        timing = {key: opened.info[key] for key in ("duration", "loop") if key in opened.info}
        how |= {"save_all": True, "append_images": others} | timing
    target = io.BytesIO()
    first.save(target, kind, **how)
    return target.getvalue()


def _seen(image: Image.Image) -> Image.Image:
    """The picture as it is looked at: upright, in the usual colours, and nothing else."""
    turned = ImageOps.exif_transpose(image.copy())
    profile = image.info.get("icc_profile")
    if profile and turned.mode in {"RGB", "RGBA", "L", "CMYK"}:
        turned = _usual_colours(turned, profile)
    turned.info = {key: value for key, value in image.info.items() if key in _SEEN}
    return turned


def _usual_colours(image: Image.Image, profile: bytes) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile that cannot be read was shown by nobody


def _pdf(content: bytes) -> bytes:
    """Its pages in a new document: without author, programs, attachments; in their pictures no place and no device."""
    import pypdfium2  # type: ignore[import-untyped] # noqa: PLC0415 -- PDF libraries are for the one who publishes a PDF
    from pypdfium2 import raw  # noqa: PLC0415 -- PDF libraries are for the one who publishes a PDF

    source = pypdfium2.PdfDocument(content)
    copy = pypdfium2.PdfDocument.new()
    copy.import_pages(source)
    if not len(copy):
        raise UncleanError("broken")
    for page in copy:
        for index in reversed(range(raw.FPDFPage_GetAnnotCount(page))):
            _check_annotation(raw, page, index)
        pictures = list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]))
        changed = [_bare_picture(picture, page) for picture in pictures]
        if any(changed):
            page.gen_content()
    bare = pypdfium2.PdfDocument.new()
    bare.import_pages(copy)  # once more: a picture that was replaced is still in the document, only not on a page
    target = io.BytesIO()
    bare.save(target)
    saved = target.getvalue()
    if re.search(rb"/(?:Author|Metadata|PieceInfo|EmbeddedFile|JavaScript)\b", saved):
        raise UncleanError("hidden")
    _check_streams(saved)
    return saved


def _check_streams(saved: bytes) -> None:
    """Look for what must not be left in every stream as it is when unpacked: filters would hide it from a search."""
    from pdfminer.pdfdocument import PDFDocument  # noqa: PLC0415 -- PDF libraries are for the one who publishes a PDF
    from pdfminer.pdfparser import PDFParser  # noqa: PLC0415 -- PDF libraries are for the one who publishes a PDF
    from pdfminer.pdftypes import PDFStream  # noqa: PLC0415 -- PDF libraries are for the one who publishes a PDF

    document = PDFDocument(PDFParser(io.BytesIO(saved)))
    for number in {number for xref in document.xrefs for number in xref.get_objids()}:
        entry = document.getobj(number)
        if isinstance(entry, PDFStream):
            _check_marks(entry.get_data())


def _check_annotation(raw: Any, page: Any, index: int) -> None:
    """Links and fields stay; a note or a mark has an author and words that no printed page shows."""
    note = raw.FPDFPage_GetAnnot(page, index)
    kind = raw.FPDFAnnot_GetSubtype(note)
    raw.FPDFPage_CloseAnnot(note)
    if kind not in {raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_WIDGET}:
        raise UncleanError("hidden")


def _bare_picture(picture: Any, page: Any) -> bool:
    filters = picture.get_filters()
    if filters[-1:] != ["DCTDecode"]:
        return False
    data = bytes(picture.get_data(decode_simple=True))  # many programs pack the photograph once more
    bare = bare_jpeg(data)
    if bare == data:
        return False
    picture.load_jpeg(io.BytesIO(bare), pages=[page], inline=True)
    return True


_EMPTY_CORE: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_EMPTY_APP: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_EMPTY_CUSTOM: Final = _EMPTY_APP.replace(b"extended-properties", b"custom-properties")
_EMPTIED: Final = {
    "docProps/core.xml": _EMPTY_CORE,
    "docProps/app.xml": _EMPTY_APP,
    "docProps/custom.xml": _EMPTY_CUSTOM,
}
_HIDING_PART: Final = re.compile(r"(comment|revisions|embeddings/|activeX|vbaProject|externalLinks/)", re.IGNORECASE)
_LEFT_OUT: Final = re.compile(r"^/?(docProps/thumbnail|customXml/|xl/persons/|word/people\.xml|.*/printerSettings/)")
"""Parts that nobody sees: a small picture of the first page, the writer's own data and printer, names of writers."""
_POINTER: Final = re.compile(
    rb'<(?:Relationship|Override)\b[^>]*(?:Target|PartName)="[^"]*(?:thumbnail|customXml/|persons/|people\.xml|printerSettings/)[^"]*"[^>]*/>'
)
_FOLDER: Final = re.compile(rb'(\burl|\bTarget)="(?:file:|[A-Za-z]:|\\\\)[^"]*"')
"""Where the file lay on somebody's machine, which is as a rule named after them."""
_FILE_NAME: Final = re.compile(rb'\b(descr|title|name)="[^"]*\.(?:jpe?g|png|gif|heic|webp|tiff?|bmp)"', re.IGNORECASE)
_HIDING_WORDS: Final = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo|cellIns|cellDel|cellMerge|\w+Change)\b")
_WRITER: Final = re.compile(rb'\b((?:\w+:)?(?:author|userName|initials|lastModifiedBy))="[^"]*"', re.IGNORECASE)
_UNSEEN: Final = re.compile(rb"<w:docVars>.*?</w:docVars>|<metadata\b.*?</metadata>|<!--.*?-->", re.DOTALL)
"""What stands in a part and is shown nowhere: a template's own facts, facts of a drawing, remarks."""
_SIGNS: Final = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n", "PNG"), (b"GIF8", "GIF"))
"""How pictures begin; a part is what it begins with, whatever its name says."""
_TEXTS: Final = (".xml", ".rels", ".vml", ".svg")
_DRAWINGS_AND_FONTS: Final = (".emf", ".wmf", ".odttf", ".fntdata")
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)


def _package(content: bytes) -> bytes:
    """An Office file without properties and thumbnail, its pictures cleaned; refused where it hides more."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name, part in _parts(package):
            copy.writestr(zipfile.ZipInfo(name, _FIRST_DAY), part, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _parts(package: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for entry in package.infolist():
        name = entry.filename
        if entry.is_dir() or _LEFT_OUT.match(name):
            continue
        if _HIDING_PART.search(name):
            raise UncleanError("hidden")
        part = _bare_part(_EMPTIED.get(name) or package.read(entry), name.lower())
        _check_marks(part)  # here: once it is packed, nothing can be found in it
        yield name, part


def _bare_part(part: bytes, name: str) -> bytes:
    if (kind := _kind_of(part)) is not None:
        return _picture(part, kind)
    if name.endswith(_TEXTS):
        return _bare_xml(part)
    if not name.endswith(_DRAWINGS_AND_FONTS):  # also pictures of other kinds, in which nobody could look
        raise UncleanError("hidden")
    return part


def _kind_of(part: bytes) -> str | None:
    """Kind of a picture that can be cleaned, by how it begins."""
    if part[:4] == b"RIFF" and part[8:12] == b"WEBP":
        return "WEBP"
    return next((kind for sign, kind in _SIGNS if part.startswith(sign)), None)


def _bare_xml(part: bytes) -> bytes:
    if _HIDING_WORDS.search(part):
        raise UncleanError("hidden")
    part = _FILE_NAME.sub(rb'\1=""', _POINTER.sub(b"", _UNSEEN.sub(b"", part)))
    part = _WRITER.sub(rb'\1=""', part)
    return _FOLDER.sub(rb'\1="file:///"', part)
