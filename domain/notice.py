"""What somebody must be told: kinds of notices, and the message a person gets from them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from domain.people import Level
from domain.values import Value


class NoticeKind(StrEnum):
    """Why a person is written to; each kind has its own templates. Order is urgency, most urgent first."""

    ESCALATION_MAYOR = "escalation_mayor"
    ESCALATION_CLERK = "escalation_clerk"
    ESCALATION_HEAD = "escalation_head"
    OVERDUE = "overdue"
    """To the officers, after the deadline."""
    RETURNED = "returned"
    REMINDER = "reminder"
    """To the officers, before the deadline and on its day."""
    EXTENSION_ASKED = "extension_asked"
    """To the supervisor: a division asks for more time."""
    EXTENSION_DECIDED = "extension_decided"
    DEADLINE_CHANGED = "deadline_changed"
    """To the officers: the administrator set another deadline."""
    CANNOT_DO = "cannot_do"
    """To the supervisor: a division states that the step cannot be carried out, with the official reason."""
    HANDED_IN = "handed_in"
    """To the supervisor: a result waits for review."""
    OPENED = "opened"
    ACCEPTED = "accepted"


class NoticeItem(Value):
    """One assignment inside a message.

    Attributes:
        ref: Short name of the assignment that people type and quote, for instance `70-3.1-ปลัด-ต1`.
        due_on: The deadline, a local date.
        workdays_left: Working days from the day of writing to `due_on`; negative when it has passed.
        rung_offset: Working days from the deadline at which the rule fires (-7 is seven before); None when a
            move of a person, not the clock, is the reason.
        next_on: Local date of the next notice if nothing happens; None when there is none.
        next_to: Titles of the posts that get the next notice.
        by: Who moved it (a person's name), for notices that a move caused.
        reason: What was written with the move: why it was returned, why more time is needed.
        link: Address that opens this assignment; None while there are no pages.
    """

    kind: NoticeKind
    ref: str
    measure_number: int
    measure_title: str
    step_text: str
    division_name: str
    period_label: str
    due_on: date
    workdays_left: int
    to_level: Level
    rung_offset: int | None = None
    next_on: date | None = None
    next_to: tuple[str, ...] = ()
    by: str = ""
    reason: str = ""
    link: str | None = None


class Message(Value):
    """Everything one person is told at once: one mail, however many assignments."""

    office_name: str
    is_demo: bool = False
    person_name: str
    posts: tuple[str, ...]
    stands_in_for: tuple[str, ...] = ()
    written_on: date
    items: tuple[NoticeItem, ...]
