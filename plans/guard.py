"""Reads a plan in a process of its own, which may be slow or hungry only so far: files come from strangers."""

from __future__ import annotations

import errno
import json
import logging
import os
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from domain.errors import SucharitError
from domain.fiscal import FiscalYear, UnknownFiscalYearError
from plans import apart, errors
from plans.draft import Draft
from plans.readers.doc import CONVERTED, SECONDS_TO_CONVERT

_MOST_BYTES: Final = 50_000_000
_MOST_MEMORY: Final = 400_000_000
_MOST_WRITTEN: Final = 200_000_000
_SECONDS: Final = 10
_RESULT: Final = "result.json"
_OUT_OF_MEMORY: Final = 99
_NO_ROOM: Final = 98


def guarded_read_plan(path: Path, fiscal_year_be: int | None = None) -> Draft:
    """Draft of the plan in a file, as `read_plan` gives it, within 10 seconds and 400 MB of memory.

    Files of old formats may take longer, as LibreOffice must start first. Nothing is left behind.

    Raises:
        PlanFileError: The file cannot be read as a plan, or not within these limits; the subclass says why.
        UnknownFiscalYearError: The fiscal year given cannot be one.
        OSError: There is no room on the disk for temporary files.
    """
    if fiscal_year_be is not None:
        FiscalYear(fiscal_year_be)
    _check_size(path)
    seconds = _SECONDS + (SECONDS_TO_CONVERT if path.suffix.lower() in CONVERTED else 0)
    with TemporaryDirectory(prefix="plan-") as folder:
        code, words = _run(path, fiscal_year_be, Path(folder), seconds)
        answer = Path(folder) / _RESULT
        if code == 0 and answer.is_file():
            return _result(answer.read_bytes())
        if code == _NO_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), folder)
        if code in {_OUT_OF_MEMORY, -signal.SIGKILL}:
            raise errors.HeavyFileError(file=path.name, most=f"{_MOST_MEMORY // 1_000_000} MB")
        if code < 0:  # a library died of what it read
            raise errors.PlanFileError(file=path.name) from RuntimeError(words)
        raise RuntimeError(words)


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise errors.MissingFileError(file=path.name, reason=error.strerror or type(error).__name__) from error
    if size > _MOST_BYTES:
        most = f"{_MOST_BYTES // 1_000_000} MB"
        raise errors.TooLargeFileError(file=path.name, most=most, most_thai=most)


def _run(path: Path, fiscal_year_be: int | None, folder: Path, seconds: int) -> tuple[int, str]:
    """Exit code and last words of the reading process; it and all it started are gone when this returns."""
    year = "" if fiscal_year_be is None else str(fiscal_year_be)
    arguments = [str(path.absolute()), year, str(seconds)]
    ended = apart.run("plans.guard", arguments, folder, seconds, _environment(folder))
    if ended.code is None:
        raise errors.SlowFileError(file=path.name, seconds=seconds)
    return ended.code, ended.words


def _environment(folder: Path) -> dict[str, str]:
    return apart.environment(folder) | {"PYDANTIC_DISABLE_PLUGINS": "1"}


def _result(content: bytes) -> Draft:
    answer = json.loads(content)
    if "draft" in answer:
        return Draft.model_validate(answer["draft"])
    if answer["error"] == UnknownFiscalYearError.__name__:
        raise UnknownFiscalYearError(**answer["facts"])
    kind: type[errors.PlanFileError] = getattr(errors, answer["error"])
    raise kind(**answer["facts"])


def _main(path: Path, year: str, seconds: int) -> int:
    """Read in this process, under limits, and write the answer into its folder."""
    from plans.read import read_plan  # noqa: PLC0415 -- who waits for the answer need not have the readers in memory

    apart.limit(seconds + 1, _MOST_MEMORY, _MOST_WRITTEN)
    logging.disable()  # the parsers remark on every fault of a damaged file
    try:
        draft = read_plan(path, fiscal_year_be=int(year) if year else None)
        answer = f'{{"draft": {draft.model_dump_json()}}}'
    except (errors.PlanFileError, UnknownFiscalYearError) as error:
        answer = _as_json(error)
    except MemoryError:
        return _OUT_OF_MEMORY
    try:
        Path(_RESULT).write_text(answer, encoding="utf-8")
    except OSError:
        return _NO_ROOM
    return 0


def _as_json(error: SucharitError) -> str:
    return json.dumps({"error": type(error).__name__, "facts": error.facts})


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
