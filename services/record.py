"""Store one move: compare-and-set, ledger line and notices, together in the unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain import ledger
from domain.assignment import FINAL, Assignment, Move, StaleError
from domain.escalation import told_of
from domain.ledger import Entry
from domain.rights import check
from services.desk import Desk

CLOCK = ledger.CLOCK


def storable(text: str) -> str:
    """Words as a form or a command gave them, without what one database keeps and another refuses; no blanks around."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()


def find(desk: Desk, assignment_id: str, move: Move, *, by: str, at: datetime, version: int | None) -> Assignment:
    """Assignment to move, if `by` may move it and it is still the `version` that was read.

    Raises:
        NotFoundError: There is no such assignment.
        NotAllowedError: `by` holds no fitting post today.
        StaleError: It was changed since `version` was read.
    """
    found = desk.uow.assignments.get(assignment_id)
    check(by, move, found.division, desk.people, desk.workdays.local_day(at))
    if version is not None and version != found.version:
        raise StaleError(id=assignment_id)
    return found


def record(
    desk: Desk,
    before: Assignment,
    after: Assignment,
    move: Move,
    *,
    by: str,
    at: datetime,
    facts: Mapping[str, object] | None = None,
    reason: str = "",
) -> Assignment:
    """Store `after` if `before` is still what is stored, with its ledger line and its notices.

    Raises:
        StaleError: Somebody else moved it meanwhile; nothing of this move is stored.
    """
    desk.uow.assignments.save(after, expected=before.version)
    note(desk, after, move, by=by, at=at, facts={"from": before.state.value, **(facts or {})})
    desk.uow.notices.add(told_of(after, move, by=by, reason=reason), at)
    if move is Move.HAND_IN:
        desk.uow.report_drafts.drop(after.id, by)
    elif after.state in FINAL:
        desk.uow.report_drafts.drop(after.id)
    return after


def note(
    desk: Desk, after: Assignment, move: Move, *, by: str, at: datetime, facts: Mapping[str, object] | None = None
) -> None:
    """Write the ledger line of a move."""
    data = {
        "state": after.state.value,
        "version": after.version,
        "due_on": after.due_on.isoformat(),
        "deadline_version": after.deadline_version,
        **(facts or {}),
    }
    desk.uow.ledger.note(Entry(at, f"assignment.{move.value}", by, after.id, data))
