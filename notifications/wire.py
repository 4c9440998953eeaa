"""How a mail becomes bytes."""

from __future__ import annotations

from email.header import Header
from email.policy import SMTP, EmailPolicy
from functools import lru_cache
from typing import Any, Final

SHARED: Final = frozenset(
    {"From", "To", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Transfer-Encoding"}
)
"""Headers that are the same in many mails: folded once, for folding is a third of writing a mail."""


class WirePolicy(EmailPolicy):
    """RFC 5322 lines whose subject keeps every space.

    Python up to 3.12 loses the space before an encoded word that begins with one (python/cpython 92081), which joins
    words of a Thai subject. The older `Header` class encodes the subject as one run and loses none.
    """

    def fold(self, name: str, value: Any) -> str:
        """Fold one header into lines of text."""
        return _whole_subject(value) if _is_thai_subject(name, value) else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Fold one header into lines of bytes."""
        if _is_thai_subject(name, value):
            return _whole_subject(value).encode("ascii")
        return _folded_once(name, value) if name in SHARED else super().fold_binary(name, value)


@lru_cache(maxsize=1024)
def _folded_once(name: str, value: Any) -> bytes:
    return SMTP.fold_binary(name, value)


def _is_thai_subject(name: str, value: Any) -> bool:
    return name.lower() == "subject" and not str(value).isascii()


def _whole_subject(value: Any) -> str:
    encoded = Header(str(value), "utf-8", header_name="Subject").encode(linesep="\r\n")
    return f"Subject: {encoded}\r\n"


WIRE: Final = WirePolicy(
    linesep=SMTP.linesep, raise_on_defect=SMTP.raise_on_defect, max_line_length=SMTP.max_line_length
)
