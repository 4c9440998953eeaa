"""Formats that only LibreOffice opens (.doc, .rtf, .odt, .xls, .ods), converted and read as what they become."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from plans.errors import DamagedFileError, NoConverterError, ProtectedFileError, SlowFileError
from plans.raw import RawDocument
from plans.readers import docx, html, xlsx

SECONDS_TO_CONVERT: Final = 30  # the first start on a slow machine takes ten
_MOST_MEMORY_KB: Final = 1_500_000
_NEW: Final[Mapping[str, tuple[str, Callable[[bytes, str], RawDocument]]]] = {
    ".doc": ("docx", docx.read),
    ".odt": ("docx", docx.read),
    ".ods": ("xlsx", xlsx.read),
    ".rtf": ("docx", docx.read),
    ".xls": ("xlsx", xlsx.read),
}
CONVERTED: Final = frozenset(_NEW)
"""Endings of the file names that this module reads."""

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP: Final = b"PK\x03\x04"
_RTF: Final = b"{\\rtf"
_MARKUP: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html|<head|<meta|<table|<body)", re.IGNORECASE)
_WORD_XML: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml.{0,300}(?:Word\.Document|Excel\.Sheet)", re.DOTALL)
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
_SECTOR: Final = 512
_WORD_HEAD: Final = b"\xec\xa5"
_WORD_FLAGS: Final = 10
_WORD_IS_ENCRYPTED: Final = 0x0100
_SHEETS_HEAD: Final = re.compile(rb"\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)

_SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}
</oor:items>
"""
_ITEM: Final = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
_ITEMS: Final = (  # no macros and nothing fetched: remote pictures are not asked for, and the proxy does not exist
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetNoProxy", ""),
)


def read(content: bytes, file: str) -> RawDocument:
    """Tables and paragraphs of a file of an old format; every source names the file as it was given.

    A file that is a newer kind under an old name (Word saves web pages as .doc) is read as what it is.

    Raises:
        ProtectedFileError: It opens with a password only.
        NoConverterError: There is no LibreOffice on this machine.
        SlowFileError: LibreOffice did not finish in time.
        DamagedFileError: It is none of these formats, or LibreOffice cannot open it.
    """
    ending = Path(file).suffix.lower()
    new, reader = _NEW[ending]
    if _is_protected(content):
        raise ProtectedFileError(file=file)
    if _MARKUP.match(content):
        return html.read(content, file)
    if content.startswith(_ZIP) and not _is_open_document(content, file, ending):
        return reader(content, file)
    if not (content.startswith((_OLE, _RTF, _ZIP)) or _WORD_XML.match(content)):
        raise DamagedFileError(file=file, **_kind(ending))
    return reader(_converted(content, file, ending, new), file)


def _kind(ending: str) -> dict[str, str]:
    return {"kind": f"a document ({ending})", "kind_thai": f"เอกสาร ({ending})"}


def _is_protected(content: bytes) -> bool:
    """Whether it is encrypted, in any of the ways of these formats."""
    if content.startswith(_ZIP):
        return b"manifest:encryption-data" in _manifest(content)
    if not content.startswith(_OLE):
        return False
    return _ENCRYPTED_PACKAGE in content or _is_word_protected(content) or bool(_SHEETS_HEAD.search(content))


def _is_word_protected(content: bytes) -> bool:
    """The flag in the head of the main stream, which begins a sector."""
    for start in range(_SECTOR, len(content) - _WORD_FLAGS - 2, _SECTOR):
        if content.startswith(_WORD_HEAD, start):
            flags = int.from_bytes(content[start + _WORD_FLAGS : start + _WORD_FLAGS + 2], "little")
            return bool(flags & _WORD_IS_ENCRYPTED)
    return False


def _manifest(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, archive.open("META-INF/manifest.xml") as stream:
            return stream.read(_MOST_MEMORY_KB)
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, RuntimeError, ValueError, NotImplementedError):
        return b""


def _is_open_document(content: bytes, file: str, ending: str) -> bool:
    """An OpenDocument file, which has a list of its parts; a cut-off one is damaged."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "META-INF/manifest.xml" in archive.namelist() and "word/document.xml" not in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise DamagedFileError(file=file, **_kind(ending)) from error


def _converted(content: bytes, file: str, ending: str, new: str) -> bytes:
    """The same document as LibreOffice saves it in the new format."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise NoConverterError(file=file, kind=ending, better=f".{new}")
    with TemporaryDirectory(prefix="convert-") as folder:
        source, result = Path(folder, f"plan{ending}"), Path(folder, "out", f"plan.{new}")
        source.write_bytes(content)
        _write_settings(Path(folder, "profile", "user"))
        _run(program, source, result, file)
        if not result.is_file():
            if new == "xlsx":  # LibreOffice may be there without its spreadsheets
                raise NoConverterError(file=file, kind=ending, better=f".{new}")
            raise DamagedFileError(file=file, **_kind(ending))
        return result.read_bytes()


def _write_settings(folder: Path) -> None:
    folder.mkdir(parents=True)
    items = "\n".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _ITEMS)
    (folder / "registrymodifications.xcu").write_text(_SETTINGS.format(items=items), encoding="utf-8")


def _run(program: str, source: Path, result: Path, file: str) -> None:
    """Run LibreOffice once, in a group of its own, which ends with it or at the time limit."""
    home = source.parent
    convert = [
        program, f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--norestore", "--nologo",
        "--nolockcheck", "--convert-to", result.suffix.lstrip("."), "--outdir", str(result.parent), str(source),
    ]  # fmt: skip
    # the reader's own limit of memory is too low for LibreOffice, so the shell raises it before it starts
    limited = ["/bin/sh", "-c", f'ulimit -S -d {_MOST_MEMORY_KB}; exec "$0" "$@"', *convert]
    process = subprocess.Popen(  # noqa: S603 -- a program of this machine; the names in the command are ours
        limited,
        cwd=home,
        env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(SECONDS_TO_CONVERT)
    except subprocess.TimeoutExpired as error:
        raise SlowFileError(file=file, seconds=SECONDS_TO_CONVERT) from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and all of its group, if it has not ended; once it has, its number may be another's."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
