"""The outbox's values: a letter on its way to one person, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person. Its Message-ID is the same at every attempt.

    Attributes:
        notices: Keys of the notices it tells.
        next_try_at: Aware instant before which it is not tried.
        remark: The server's reply, or why it waits or is parked.
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
