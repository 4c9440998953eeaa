"""What somebody must be told: kinds of notices, how long each has a point, and the message a person gets from them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.assignment import ACTIONABLE, WAITING, Assignment, State
from domain.people import Level
from domain.values import Value
from domain.waiting import Wait


class NoticeKind(StrEnum):
    """Why a person is written to; each kind has its own templates. Order is urgency, most urgent first."""

    ESCALATION_MAYOR = "escalation_mayor"
    ESCALATION_CLERK = "escalation_clerk"
    ESCALATION_HEAD = "escalation_head"
    OVERDUE = "overdue"
    """To the officers, after the deadline."""
    DECIDE_ABOVE = "decide_above"
    """To the level above: a decision is waited for too long."""
    DECIDE_REMINDER = "decide_reminder"
    """To who must decide: it still waits."""
    RETURNED = "returned"
    ORDERED = "ordered"
    """To those below: somebody above acknowledged a lateness, with words and a last day."""
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
    NAME_UNKNOWN = "name_unknown"
    """To the administrator: a step of the plan names a division that the office does not have."""
    UNDELIVERED = "undelivered"
    """To the administrator: a letter to somebody was given up."""
    HANDOVER = "handover"
    """To who came into a post, or back to it: what is theirs now."""
    OPENED = "opened"
    WITHDRAWN = "withdrawn"
    """To those who were told that it waits: it was taken back."""
    CANCELLED = "cancelled"
    """To those who were told of it: nothing is asked any more."""
    CONFIRMED = "confirmed"
    """A supervisor agreed that it cannot be done."""
    ACCEPTED = "accepted"


_NOT_ENDED: Final = frozenset(State) - {State.CANCELLED}
"""A decision that was undone before its letter left: whoever had heard of the work reads that it is cancelled."""

WANTED_IN: Final[Mapping[NoticeKind, frozenset[State]]] = {
    NoticeKind.ESCALATION_MAYOR: ACTIONABLE,
    NoticeKind.ESCALATION_CLERK: ACTIONABLE,
    NoticeKind.ESCALATION_HEAD: ACTIONABLE,
    NoticeKind.OVERDUE: ACTIONABLE,
    NoticeKind.RETURNED: ACTIONABLE,
    NoticeKind.REMINDER: ACTIONABLE,
    NoticeKind.EXTENSION_ASKED: frozenset(State),  # as long as the request waits, whatever the state
    NoticeKind.EXTENSION_DECIDED: _NOT_ENDED,
    NoticeKind.DEADLINE_CHANGED: ACTIONABLE,
    NoticeKind.CANNOT_DO: frozenset({State.CANNOT_DO_STATED}),
    NoticeKind.DECIDE_REMINDER: frozenset(State),  # as long as what it speaks of waits
    NoticeKind.DECIDE_ABOVE: frozenset(State),
    NoticeKind.NAME_UNKNOWN: frozenset(),  # of a step of the plan, which has no state
    NoticeKind.UNDELIVERED: frozenset(State),
    NoticeKind.ORDERED: ACTIONABLE,
    NoticeKind.HANDOVER: ACTIONABLE | WAITING,
    NoticeKind.WITHDRAWN: ACTIONABLE,
    NoticeKind.CANCELLED: frozenset({State.CANCELLED}),
    NoticeKind.CONFIRMED: _NOT_ENDED,
    NoticeKind.HANDED_IN: frozenset({State.HANDED_IN}),
    NoticeKind.OPENED: ACTIONABLE,
    NoticeKind.ACCEPTED: frozenset(State),
}
"""Where a notice has a point: one that asks somebody to act only where the assignment asks for that, news always."""


_OF_A_WAIT: Final = frozenset(
    {
        NoticeKind.HANDED_IN,
        NoticeKind.CANNOT_DO,
        NoticeKind.EXTENSION_ASKED,
        NoticeKind.DECIDE_REMINDER,
        NoticeKind.DECIDE_ABOVE,
    }
)
"""Kinds that ask somebody to decide."""


INSTEAD_OF: Final = "/instead-of/"
"""In the key of a notice that stands for one whose reader's address takes nothing; after it that reader."""


@dataclass(frozen=True, slots=True)
class NoticeIntent:
    """Somebody must be told. `key` makes a repeat harmless: one notice for one key, for ever.

    Attributes:
        level: Level told, at which `person` was found.
        person: Key of the person told; empty in what was stored before notices named one: then whoever is at the
            level on the day of sending.
        arose_at: Aware instant at which it was stored; None before.
        aimed: Lowest level for which the word was meant; `level` is higher where those below are vacant.
        rung_offset: Working days from the deadline, when the ladder is the reason.
        by: Key of the person whose move is the reason.
        deadline_version: The deadline from which the ladder was counted; None when a move is the reason.
    """

    key: str
    kind: NoticeKind
    assignment: str
    division: str
    level: Level
    rung_offset: int | None = None
    by: str = ""
    reason: str = ""
    deadline_version: int | None = None
    person: str = ""
    aimed: Level | None = None
    arose_at: datetime | None = None

    def has_a_point(self, assignment: Assignment) -> bool:
        """Tell whether the assignment, as it stands now, still is what the notice speaks of."""
        if self.rung_offset is not None and self.deadline_version != assignment.deadline_version:
            return False  # the deadline has moved since, and with it the ladder
        if self.kind in _OF_A_WAIT and not any(map(self._speaks_of, assignment.waits)):
            return False
        if self.kind is NoticeKind.EXTENSION_ASKED and assignment.extension is None:
            return False
        return assignment.state in WANTED_IN[self.kind]

    @property
    def is_instead(self) -> bool:
        """Tell whether it goes to somebody above because its own reader could not be reached."""
        return INSTEAD_OF in self.key

    def _speaks_of(self, wait: Wait) -> bool:
        """Tell whether it was already this wait when the notice arose: what was undone meanwhile is never written."""
        return wait.by == self.by and (self.arose_at is None or wait.began_at <= self.arose_at)


_LADDER_KEY: Final = re.compile(r".+/v\d+/d(?P<deadline>\d+)/[rew][\d-]+/.+")


def ladder_key(assignment: Assignment, word: str, level: Level, person: str) -> str:
    """The key under which a person is told of a deadline in place of a level; stored for ever, so its form stays.

    Args:
        word: Which word of the ladder: `r2` for a rung before the deadline, `e2027-01-12` for those passed by a day,
            `w2027-01-18` for a weekly summary. Keys without a person were written before notices named one.
    """
    return f"{assignment.id}/v{assignment.round}/d{assignment.deadline_version}/{word}/{level}/{person}"


def deadline_version_of(key: str) -> int | None:
    """The deadline's version in a stored key of the ladder; None in the key of a move."""
    ladder = _LADDER_KEY.fullmatch(key)
    return int(ladder["deadline"]) if ladder else None


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
