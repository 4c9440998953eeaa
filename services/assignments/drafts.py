"""Keep what an officer has typed until the report is handed in; it never counts as a report.

It is their own scratch paper, saved every few seconds: it makes no line in the ledger and nobody else sees it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain import moves
from domain.assignment import Assignment
from domain.errors import SucharitError
from domain.moves import Move
from services.desk import Desk
from services.record import find, storable
from storage.report_drafts import Draft

FIELDS: Final = (
    *("result", "problems", "no_problems", "suggestions", "no_suggestions", "effective_on", "links"),
    "left_out",  # SHA-256 of earlier evidence that was unticked, with blanks between
)
"""What a draft keeps of the report's form; files are not kept."""


class DraftNewerError(SucharitError):
    """Another window saved something else since this one was opened."""

    english = (
        "Another window saved a newer draft. Nothing was overwritten: go on there, "
        "or press “Save draft” to keep what stands here instead."
    )
    thai = "มีร่างที่ใหม่กว่าซึ่งบันทึกจากอีกหน้าต่าง ระบบไม่ได้เขียนทับ โปรดทำต่อที่หน้าต่างนั้น หากต้องการใช้ข้อความในหน้านี้แทน ให้กด “บันทึกร่าง”"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page knew when it saved.

    Attributes:
        mark: Of the draft that the form showed, any other word for none; None replaces any draft.
        window: Name that the page gave itself; its own savings follow each other, whatever marks it has heard of.
        turn: Which of its savings this is.
    """

    mark: str | None = None
    window: str = ""
    turn: int = 0


ANYTHING: Final = Seen()


def save(
    desk: Desk, assignment_id: str, fields: Mapping[str, str], *, by: str, now: datetime, seen: Seen = ANYTHING
) -> Draft | None:
    """Save what was typed in place of what was saved before; where nothing is typed, no draft is left.

    A text that is too long for a report is kept whole: it is cut by its writer, never here.

    Args:
        seen: What the form showed, and which page saves; not given, any draft is replaced.

    Raises:
        NotFoundError: There is no such assignment.
        NotAllowedError: `by` holds no post that may hand it in today.
        MoveRefusedError: The report is in, or the division need not act any more.
        DraftNewerError: There is another draft than the one that was seen, and another page saved it.
    """
    assignment = find(desk, assignment_id, Move.HAND_IN, by=by, now=now, version=None)
    moves.apply(assignment, Move.HAND_IN)
    typed = {name: storable(fields.get(name, "")) for name in FIELDS}
    before = draft_of(desk, assignment, by)
    if before is not None and seen.window and before.window == seen.window:
        if seen.turn < before.turn:  # overtaken on its way by a later one, as when a page is left while it saves
            return before
    elif before is not None and seen.mark is not None and before.mark != seen.mark and before.fields != typed:
        raise DraftNewerError
    if not any(typed.values()):
        desk.uow.report_drafts.drop(assignment_id, by)
        return None
    draft = Draft(typed, _after(assignment, now), seen.window, seen.turn)
    desk.uow.report_drafts.put(assignment_id, by, draft)
    return draft


def _after(assignment: Assignment, now: datetime) -> datetime:
    """When a draft counts as saved: after the last report, also after one of a clock that ran ahead."""
    # A clock that ran ahead may have handed in at a time to come: a draft saved after that report must not look older.
    last = assignment.handed_in_at
    return now if last is None or now > last else last + timedelta(milliseconds=1)


def discard(desk: Desk, assignment_id: str, *, by: str) -> None:
    """Throw a person's draft away; there need not be one.

    Raises:
        NotFoundError: There is no such assignment.
    """
    desk.uow.assignments.get(assignment_id)
    desk.uow.report_drafts.drop(assignment_id, by)


def draft_of(desk: Desk, assignment: Assignment, person: str) -> Draft | None:
    """What a person typed and did not hand in; one older than the last report, whoever handed it in, is past."""
    draft = desk.uow.report_drafts.get(assignment.id, person)
    if draft is None or (assignment.handed_in_at is not None and draft.saved_at <= assignment.handed_in_at):
        return None
    return draft
