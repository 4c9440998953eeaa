"""The review of a draft: written for a person to answer, read back, asked for what is open."""

from __future__ import annotations

from pathlib import Path

from plans.draft import Draft
from plans.review.from_yaml import faults_of, from_yaml
from plans.review.model import ACCEPT, CORRECTED, Review, ReviewDoubt, open_doubts, review_of
from plans.review.to_yaml import to_yaml

__all__ = [
    "ACCEPT",
    "CORRECTED",
    "Review",
    "ReviewDoubt",
    "faults_of",
    "open_doubts",
    "read_review",
    "review_of",
    "write_review",
]


def write_review(draft: Draft | Review, path: Path | None = None) -> str:
    """The review as YAML text, also written to `path` if one is given.

    A review with answers is written with them, so a page that collects answers can give the file back.
    """
    text = to_yaml(draft if isinstance(draft, Review) else review_of(draft))
    if path is not None:
        path.write_text(text, encoding="utf-8", newline="\n")
    return text


def read_review(text: str) -> Review:
    """The review in a file's text.

    Raises:
        ReviewError: The text is no review, or a field or an answer in it cannot be used.
    """
    return from_yaml(text)
