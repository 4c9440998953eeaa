"""What must be said at a moment: the rung that the clock has reached, and who is told of a move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from domain.assignment import ACTIONABLE, Assignment
from domain.ladder import Rung
from domain.moves import Move, apply
from domain.notice import NoticeIntent, NoticeKind, ladder_key
from domain.people import Level
from domain.workdays import Workdays


@dataclass(frozen=True, slots=True)
class Escalated:
    """The ladder has reached a new rung: the assignment with it, and whom to tell."""

    assignment: Assignment
    notices: tuple[NoticeIntent, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing is to be said, and why."""

    why: str


ESCALATION_KINDS: Final = {
    Level.OFFICER: NoticeKind.OVERDUE,
    Level.HEAD: NoticeKind.ESCALATION_HEAD,
    Level.CLERK: NoticeKind.ESCALATION_CLERK,
    Level.MAYOR: NoticeKind.ESCALATION_MAYOR,
    Level.ADMINISTRATOR: NoticeKind.ESCALATION_CLERK,
}

_TOLD_OF_MOVE: Final = {
    Move.OPEN: (NoticeKind.OPENED, Level.OFFICER),
    Move.HAND_IN: (NoticeKind.HANDED_IN, Level.HEAD),
    Move.RETURN: (NoticeKind.RETURNED, Level.OFFICER),
    Move.ACCEPT: (NoticeKind.ACCEPTED, Level.OFFICER),
    Move.CANNOT_DO: (NoticeKind.CANNOT_DO, Level.HEAD),
    Move.ASK_EXTENSION: (NoticeKind.EXTENSION_ASKED, Level.HEAD),
    Move.GRANT_EXTENSION: (NoticeKind.EXTENSION_DECIDED, Level.OFFICER),
    Move.REFUSE_EXTENSION: (NoticeKind.EXTENSION_DECIDED, Level.OFFICER),
    Move.CHANGE_DEADLINE: (NoticeKind.DEADLINE_CHANGED, Level.OFFICER),
}


def decide(assignment: Assignment, workdays: Workdays, now: datetime) -> Escalated | Skipped:
    """Say what the ladder asks for at `now`, counting from the deadline and not from earlier runs.

    After a pause of any length the rung reached is said once, not the backlog of rungs passed over.
    """
    if assignment.state not in ACTIONABLE:
        return Skipped(f"it is {assignment.state}")
    reached = assignment.ladder.reached(assignment.due_on, workdays, now)
    if reached <= assignment.rung:
        return Skipped("no new rung has been reached")
    rung = assignment.ladder.rung(reached)
    if rung.is_escalation and assignment.is_acknowledged(workdays, now):
        return Skipped(f"acknowledged until {assignment.acknowledged_until}")
    moved = replace(apply(assignment, Move.ESCALATE), rung=reached)
    return Escalated(moved, tuple(_intent(moved, reached, rung, level) for level in rung.to))


def _intent(assignment: Assignment, index: int, rung: Rung, level: Level) -> NoticeIntent:
    kind = ESCALATION_KINDS[level] if rung.is_escalation else NoticeKind.REMINDER
    return NoticeIntent(
        key=ladder_key(assignment, index, level),
        kind=kind,
        assignment=assignment.id,
        division=assignment.division,
        level=level,
        rung_offset=rung.offset,
        deadline_version=assignment.deadline_version,
    )


def told_of(assignment: Assignment, move: Move, *, by: str = "", reason: str = "") -> tuple[NoticeIntent, ...]:
    """Who is told of a move just made; empty for moves that concern nobody else.

    The key holds the version, so that every move of a second round is told anew.
    """
    if move not in _TOLD_OF_MOVE:
        return ()
    kind, level = _TOLD_OF_MOVE[move]
    key = f"{assignment.id}/{move}/{assignment.version}"
    return (NoticeIntent(key, kind, assignment.id, assignment.division, level, by=by, reason=reason),)


def next_notice(assignment: Assignment, workdays: Workdays, now: datetime) -> tuple[date, Rung] | None:
    """Day and rung of the next notice if nobody does anything; None when the ladder is at rest."""
    if assignment.state not in ACTIONABLE:
        return None
    ladder, due_on, until = assignment.ladder, assignment.due_on, assignment.acknowledged_until
    index = max(assignment.rung, ladder.reached(due_on, workdays, now)) + 1
    is_reminder_next = ladder.has(index) and not ladder.rung(index).is_escalation
    if until is not None and not is_reminder_next and assignment.is_acknowledged(workdays, now):
        lapses_on = workdays.on_or_after(until)
        then = ladder.reached(due_on, workdays, workdays.notice_instant(lapses_on))
        if then > assignment.rung and ladder.rung(then).is_escalation:
            return lapses_on, ladder.rung(then)  # what was passed over in silence is said when it ends
    if not ladder.has(index):
        return None
    return ladder.day(index, due_on, workdays), ladder.rung(index)
