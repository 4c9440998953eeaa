"""The copy of a file that may be published: what is seen in it, without where, when, by whom and with what it was made.

The private original stays as it was handed in. Files come from strangers, so they are opened in a process of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Final

from domain.errors import SucharitError
from plans import apart
from services.one_at_a_time import alone

SECONDS: Final = 60
_MOST_MEMORY: Final = 1_500_000_000
_MOST_WRITTEN: Final = 300_000_000
_CANNOT: Final = 3
"""Exit code of the process that found why a file cannot be cleaned; its last words are the reason's name."""

PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp"})
PACKAGES: Final = frozenset({".docx", ".xlsx", ".pptx"})
PLAIN: Final = frozenset({".txt", ".csv"})
"""Nothing stands in them but what is read."""

_REASONS: Final = {
    "kind": (
        "a file of this kind may hold names, places and devices that cannot be taken out here",
        "ไฟล์ชนิดนี้อาจมีชื่อบุคคล สถานที่ และอุปกรณ์แฝงอยู่ซึ่งระบบนำออกให้ไม่ได้",
    ),
    "broken": ("it cannot be opened completely", "เปิดไฟล์ได้ไม่ครบถ้วน"),
    "picture": (
        "a picture in it keeps its place or device where they cannot be taken out here",
        "ภาพในไฟล์มีสถานที่หรืออุปกรณ์แฝงอยู่ในส่วนที่ระบบนำออกให้ไม่ได้",
    ),
    "hidden": (
        "it holds comments, tracked changes, attached files or programs, which a reader of it would not expect",
        "ไฟล์มีความคิดเห็น การติดตามการแก้ไข ไฟล์ที่ฝังอยู่ หรือโปรแกรม",
    ),
}


class NotCleanableError(SucharitError):
    """A file from which hidden facts about persons and places cannot be taken, so that it is not published."""

    english = "“{name}” cannot be published: {why}. Save it as a new PDF or as JPEG or PNG pictures and publish those."
    thai = "เผยแพร่ “{name}” ไม่ได้: {why} โปรดบันทึกเป็น PDF ฉบับใหม่หรือภาพ JPEG หรือ PNG แล้วเผยแพร่ไฟล์นั้นแทน"


def public_copy(content: bytes, name: str) -> bytes:
    """The bytes that may be published in place of a file's own; those of a clean file are its own again.

    Args:
        name: Name of the file, whose ending says what it is: evidence was taken only where that is so.

    Raises:
        NotCleanableError: It is of a kind that cannot be cleaned, is damaged, or hides more than its properties.
        BusyError: Other heavy works are being done.
    """
    ending = PurePath(name).suffix.lower()
    if ending in PLAIN:
        return content
    if ending not in PICTURES | PACKAGES | {".pdf"}:
        raise _refusal(name, "kind")
    with TemporaryDirectory(prefix="public-copy-") as made, alone():
        folder = Path(made)
        (folder / "original").write_bytes(content)
        ended = apart.run("services.reporting.public_copy", [ending], folder, SECONDS, apart.environment(folder))
        target = folder / "copy"
        if ended.code == 0 and target.is_file():
            return target.read_bytes()
        lines = ended.words.strip().splitlines()
        raise _refusal(name, lines[-1] if ended.code == _CANNOT and lines else "broken")


def _refusal(name: str, reason: str) -> NotCleanableError:
    why, why_thai = _REASONS.get(reason, _REASONS["broken"])
    return NotCleanableError(name=name, why=why, why_thai=why_thai)


def _main(ending: str) -> int:
    """Clean in this process, under limits."""
    apart.limit(SECONDS + 1, _MOST_MEMORY, _MOST_WRITTEN)
    from services.reporting.cleaning import UncleanError, cleaned  # noqa: PLC0415 -- only the process that cleans needs it

    try:
        Path("copy").write_bytes(cleaned(Path("original").read_bytes(), ending))
    except UncleanError as error:
        sys.stderr.write(f"{error.reason}\n")
        return _CANNOT
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1]))
