"""A file somebody gives as a plan: the office's own document, or a review of it made before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from domain.thai import thai_digits
from plans.draft import Draft
from plans.errors import PlanNotReviewError, TooLargeFileError
from plans.guard import guarded_read_plan
from plans.readers import READERS
from plans.readers.contents import kind_of_content
from plans.readers.decoding import decoded
from plans.review import Review, read_review, review_of
from plans.review.carry import Carried, carry
from services.one_at_a_time import alone

REVIEW_SUFFIXES: Final = frozenset({".yaml", ".yml"})
MOST_BYTES: Final = 20_000_000
MOST_REVIEW_BYTES: Final = 1_000_000
"""A review is read in the process of the pages; a plan of seven measures has 40,000 bytes of it."""

_SIGN: Final = "doubts_raised:"
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff<>:\"|?*]")
_LONGEST_NAME: Final = 70


@dataclass(frozen=True, slots=True)
class ReadIn:
    """What a file gave.

    Attributes:
        reading: Every value beside its cell; None for a review, which has no cells.
        carried: What an earlier review answered; None where none was given.
    """

    name: str
    content: bytes
    reading: Draft | None
    review: Review
    carried: Carried | None = None


def safe_name(name: str) -> str:
    """Last part of a file's name as a browser gave it, without what steers a screen or leads elsewhere."""
    last = PurePosixPath(_UNFIT.sub("", name).replace("\\", "/")).name.strip(". ") or "plan"
    stem, dot, suffix = last.rpartition(".")
    return f"{(stem or suffix)[:_LONGEST_NAME]}{dot + suffix[:8] if stem else ''}"


def read_in(name: str, content: bytes, *, year: int | None = None, earlier: Review | None = None) -> ReadIn:
    """Read a plan document in a process of its own, or a review in this one; nothing is stored.

    Args:
        year: Fiscal year of a document that does not print it, or prints it wrong.
        earlier: A review of an earlier state of the document, whose answers hold where nothing has changed.

    Raises:
        PlanFileError, ReviewError: It cannot be read; the subclass says why.
        UnknownFiscalYearError: The year given cannot be one.
        BusyError: Other plans are being read.
    """
    name = safe_name(name)
    if len(content) > MOST_BYTES:
        raise _too_large(name, MOST_BYTES)
    if is_review(name, content):
        return ReadIn(name, content, None, review_in(name, content))
    reading = _read_apart(name, content, year)
    review = review_of(reading)
    if earlier is None:
        return ReadIn(name, content, reading, review)
    carried = carry(earlier, review)
    return ReadIn(name, content, reading, carried.review, carried)


def _too_large(name: str, most_bytes: int) -> TooLargeFileError:
    most = f"{most_bytes // 1_000_000} MB"
    return TooLargeFileError(file=name, most=most, most_thai=thai_digits(most))


def _read_apart(name: str, content: bytes, year: int | None) -> Draft:
    with TemporaryDirectory(prefix="given-plan-") as folder, alone():
        path = Path(folder) / name
        path.write_bytes(content)
        return guarded_read_plan(path, year)


def is_review(name: str, content: bytes) -> bool:
    """Whether a file is a review by its name or, where it was sent as text, by its words."""
    return PurePosixPath(name).suffix.lower() in REVIEW_SUFFIXES or _SIGN.encode() in content


def review_in(name: str, content: bytes) -> Review:
    """Review in a file's bytes.

    Raises:
        PlanFileError: It is no text, or no review but a plan's own document.
        ReviewError: A field or an answer in it cannot be used.
    """
    if kind_of_content(content) is not None:
        raise PlanNotReviewError(file=name)
    if len(content) > MOST_REVIEW_BYTES:
        raise _too_large(name, MOST_REVIEW_BYTES)
    text = decoded(content, name)
    if PurePosixPath(name).suffix.lower() in READERS and _SIGN not in text:  # a review sent as text is one all the same
        raise PlanNotReviewError(file=name)
    return read_review(text)
