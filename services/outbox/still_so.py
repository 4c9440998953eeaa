"""Whether a notice that had to wait still says what is so, to whom it is to be said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from domain.assignment import Assignment
from domain.escalation import ESCALATION_KINDS
from domain.line import Line
from domain.notice import NoticeIntent, NoticeKind
from domain.people import Level
from services.assignments.hand_over import lies_there
from services.desk import Desk
from services.outbox.unknown_names import unknown_names

_FOR_WHO_ACTS: Final = frozenset({NoticeKind.OPENED, NoticeKind.REMINDER, NoticeKind.DEADLINE_CHANGED})
_FOR_WHO_DECIDES: Final = frozenset({NoticeKind.HANDED_IN, NoticeKind.CANNOT_DO, NoticeKind.EXTENSION_ASKED})
_FOR_WHO_DECIDES_OR_IS_ABOVE: Final = frozenset({NoticeKind.DECIDE_REMINDER, NoticeKind.DECIDE_ABOVE})
_OF_WHAT_WAS_HEARD: Final = frozenset({NoticeKind.WITHDRAWN, NoticeKind.CANCELLED})
_OF_A_WAIT: Final = _FOR_WHO_DECIDES | _FOR_WHO_DECIDES_OR_IS_ABOVE
_FOR_A_LEVEL: Final = frozenset(ESCALATION_KINDS.values())


def is_still_so(desk: Desk, notice: NoticeIntent, assignment: Assignment | None, today: date) -> bool:
    """Tell whether what a notice speaks of is still so today, and its reader still is who must know."""
    if notice.kind is NoticeKind.NAME_UNKNOWN:
        return any(unknown_names(desk, [notice]))
    if assignment is None or not notice.has_a_point(assignment):
        return False
    if notice.kind is NoticeKind.REMINDER and assignment.due_on < today:
        return False  # of a deadline that has passed it is the ladder above that speaks, to the officers too
    if desk.people.person(notice.person) is None:
        return True  # whoever is at the level, or somebody who left the file, of whom the ledger tells
    if notice.kind in _OF_WHAT_WAS_HEARD:
        return notice.person in _heard(desk, notice)
    return _is_still_theirs(notice, assignment, desk.rules.line(notice.division, today))


def _heard(desk: Desk, notice: NoticeIntent) -> list[str]:
    """Who had read of what was undone: of it may stand in a letter that left, or that may have."""
    given_up = {key for letter in desk.uow.letters.given_up() for key in letter.notices}
    kinds = _OF_A_WAIT if notice.kind is NoticeKind.WITHDRAWN else ()
    return desk.uow.notices.heard(notice.assignment, kinds=kinds, but=given_up)


def _is_still_theirs(notice: NoticeIntent, assignment: Assignment, line: Line) -> bool:
    """Tell whether the reader still is who must act, decide or know; who came into their post has a letter of it.

    News of a decision goes to who did or asked, whatever they hold by now.
    """
    waits = [wait for wait in assignment.waits if wait.by == notice.by]
    if notice.kind in _FOR_WHO_DECIDES_OR_IS_ABOVE:
        return any(line.may_decide(notice.person, wait.by, wait.level) for wait in waits)
    readers: Iterable[str] = (notice.person,)
    if notice.is_instead:
        readers = line.at(notice.level)
    elif notice.kind is NoticeKind.HANDOVER:
        is_there = lies_there(assignment, line, notice.level, notice.person)
        readers = line.reached(notice.level).persons if is_there else ()
    elif notice.kind is NoticeKind.ORDERED:
        readers = line.reached(notice.aimed or notice.level).persons
    elif notice.kind in _FOR_WHO_ACTS:
        readers = line.reached(Level.OFFICER).persons
    elif notice.kind in _FOR_WHO_DECIDES:
        readers = [person for wait in waits for person in line.deciders(wait.by, wait.level).persons]
    elif notice.kind in _FOR_A_LEVEL:
        readers = (*line.at(notice.level), *line.reached(notice.aimed or notice.level).persons)
    return notice.person in readers
