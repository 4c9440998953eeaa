"""The outbox's values: a letter on its way to one person, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class LetterState(StrEnum):
    """Where a letter stands."""

    WAITING = "waiting"
    """To be sent, now or at its next try."""
    SENT = "sent"
    """The mail server took it over."""
    PARKED = "parked"
    """Given up: refused for good, or tried for too long. The administrator sees it and may send it again."""
    TO_PRINT = "to_print"
    """The person has no address: the letter is printed and handed over."""
    REPLACED = "replaced"
    """Never left: what it told was written anew, as things were then, or had no point any more."""


OVER: Final = frozenset({LetterState.SENT, LetterState.REPLACED})
"""Nothing more happens with these."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person. Its Message-ID is the same at every attempt.

    Attributes:
        notices: Keys of the notices it tells.
        next_try_at: Aware instant before which it is not tried.
        remark: The server's reply, or why it waits or is parked.
        is_unsure: A try of it may have reached the server without our knowing: it goes again as it is, with the same
            Message-ID, and is never written anew.
    """

    id: str
    person: str
    address: str | None
    message_id: str
    subject: str
    text: str
    html: str
    notices: tuple[str, ...]
    created_at: datetime
    next_try_at: datetime
    state: LetterState = LetterState.WAITING
    attempts: int = 0
    first_tried_at: datetime | None = None
    settled_at: datetime | None = None
    remark: str = ""
    is_unsure: bool = False


@dataclass(frozen=True, slots=True)
class Standstill:
    """Nothing of an office leaves: the mail server, the way to it or the account is to blame.

    Attributes:
        since: Aware instant of the first fault in a row.
        tries: Tries in a row that met it.
        next_try_at: Aware instant before which nothing is tried.
        why: What the server said, and what to do.
    """

    since: datetime
    tries: int
    next_try_at: datetime
    why: str
