"""The first page of a PDF as a picture, drawn in a process of its own: files come from strangers."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final

from domain.errors import SucharitError
from plans import apart

SIGN: Final = b"%PDF-"
PDF: Final = "application/pdf"
SECONDS: Final = 8
_PATIENCE_S: Final = 4
_MOST_MEMORY: Final = 400_000_000
_MOST_WRITTEN: Final = 20_000_000
_WIDTH: Final = 900
_HEIGHT: Final = 1300
_ONE: Final = Lock()


class NoPreviewError(SucharitError):
    """A PDF whose first page cannot be drawn, or not now."""

    english = "There is no preview of this PDF: open the file itself."
    thai = "ไม่มีภาพตัวอย่างของ PDF นี้ โปรดเปิดไฟล์"


def first_page(path: Path, folder: Path) -> Path:
    """The first page as a PNG of at most 900 × 1300 px, drawn once and kept in `folder`.

    Raises:
        NoPreviewError: It cannot be drawn within 8 s and 400 MB, others are being drawn, or the disk is full.
    """
    target = folder / f"{path.name}.png"
    if not target.is_file():
        if not _ONE.acquire(timeout=_PATIENCE_S):
            raise NoPreviewError
        try:
            _draw(path.absolute(), target)
        except OSError as error:
            raise NoPreviewError from error
        finally:
            _ONE.release()
    if not target.stat().st_size:  # tried before, in vain
        raise NoPreviewError
    return target


def _draw(path: Path, target: Path) -> None:
    """Put the picture in its place in one rename; an empty file where there is none, so that nobody tries again."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".drawing-", dir=target.parent) as folder:
        drawn = Path(folder) / "page.png"
        arguments, environment = [str(path), str(drawn)], apart.environment(Path(folder))
        ended = apart.run("services.assignments.pdf_preview", arguments, Path(folder), SECONDS, environment)
        if ended.code != 0 or not drawn.is_file():
            drawn.write_bytes(b"")
        drawn.replace(target)


def _main(source: str, drawn: str) -> int:
    """Draw in this process, under limits."""
    apart.limit(SECONDS + 1, _MOST_MEMORY, _MOST_WRITTEN)
    import pypdfium2  # type: ignore[import-untyped] # noqa: PLC0415 -- only the process that draws needs it

    page = pypdfium2.PdfDocument(source)[0]
    scale = min(_WIDTH / page.get_width(), _HEIGHT / page.get_height())
    page.render(scale=scale).to_pil().save(drawn, "PNG", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1], sys.argv[2]))
