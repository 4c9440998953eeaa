"""Store one move: compare-and-set, ledger line and notices, together in the unit of work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from domain import ledger
from domain.assignment import FINAL, Assignment, StaleError
from domain.errors import BadInputError
from domain.ledger import Entry
from domain.moves import REPLANS, Move
from domain.notice import NoticeKind
from domain.rights import check, check_four_eyes, in_place_of, lies_with
from domain.telling import told_of
from domain.thai import thai_digits
from domain.waiting import Wait
from services.desk import Desk

CLOCK = ledger.CLOCK


LONGEST: Final = 20_000
"""Characters of one text of a person."""


class TooLongError(BadInputError):
    """A text that no list and no paper could show."""

    english = "{what} has {length:,} characters, {most:,} are possible. Shorten it by at least {over:,}."
    thai = "{what}ยาว {length} ตัวอักษร ใส่ได้ไม่เกิน {most} ตัวอักษร โปรดตัดออกอย่างน้อย {over} ตัวอักษร"

    @classmethod
    def of(cls, length: int, most: int, *, what: str, what_thai: str) -> TooLongError:
        """The error of a text of `length` characters."""
        numbers = {"length": length, "most": most, "over": length - most}
        return cls(
            what=what,
            what_thai=what_thai,
            **numbers,
            **{f"{name}_thai": thai_digits(f"{number:,}") for name, number in numbers.items()},
        )


def plain_lines(text: str) -> str:
    """The text with line ends as it was typed: a browser sends each as two characters, and limits would count both."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


IN_PLACE_OF = "in_place_of"
"""Fact of a line whose actor had the right because this level was vacant: no order, so never รักษาราชการแทน."""


def storable(text: str) -> str:
    """Words as a form or a command gave them, without what one database keeps and another refuses; no blanks around."""
    return plain_lines(text).replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()


def words_of(text: str, *, what: str, what_thai: str) -> str:
    """A text of a person as it is stored; every door counts it here, in characters and not in what carries them.

    Raises:
        TooLongError: It has more than LONGEST characters.
    """
    stored = storable(text)
    if len(stored) > LONGEST:
        raise TooLongError.of(len(stored), LONGEST, what=what, what_thai=what_thai)
    return stored


def reason_of(text: str) -> str:
    """A reason as it is stored.

    Raises:
        TooLongError: It is too long.
    """
    return words_of(text, what="The reason", what_thai="เหตุผล")


def find(desk: Desk, assignment_id: str, move: Move, *, by: str, now: datetime, version: int | None) -> Assignment:
    """Assignment to move, if `by` may move it and it is still the `version` that was read.

    Raises:
        NotFoundError: There is no such assignment.
        NotAllowedError: `by` holds no fitting post today.
        OwnMatterError: `by` would decide what they themselves did.
        StaleError: It was changed since `version` was read.
    """
    assignment = desk.uow.assignments.get(assignment_id)
    line = desk.line(assignment.division, now)
    if not lies_with(by, move, assignment, line):
        check(by, move, assignment.division, desk.people, line.day)
        check_four_eyes(by, move, assignment, line, desk.people)
    if version is not None and version != assignment.version:
        raise StaleError(id=assignment_id)
    return assignment


def record(
    desk: Desk,
    before: Assignment,
    after: Assignment,
    move: Move,
    *,
    by: str,
    now: datetime,
    facts: Mapping[str, object] | None = None,
    reason: str = "",
) -> Assignment:
    """Store `after` if `before` is still what is stored, with its ledger line and its notices.

    Raises:
        StaleError: Somebody else moved it meanwhile; nothing of this move is stored.
    """
    desk.uow.assignments.save(after, expected=before.version)
    ledger_facts = {"from": before.state.value, **stand_in(desk, after, move, by=by, now=now), **(facts or {})}
    note(desk, after, move, by=by, now=now, facts=ledger_facts)
    wait = decided_wait(before, move)
    intents = told_of(
        after,
        move,
        desk.line(after.division, now),
        by=by,
        reason=reason,
        doer=wait.by if wait else "",
        heard=_heard(desk, before, move),
    )
    desk.uow.notices.add(intents, now)
    if move is Move.HAND_IN:
        desk.uow.report_drafts.drop(after.id, by)
    elif after.state in FINAL:
        desk.uow.report_drafts.drop(after.id)
    return after


def decided_wait(before: Assignment, move: Move) -> Wait | None:
    """What a move decides: the request for time, or the result or statement."""
    if move in (Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION):
        return before.extension.wait if before.extension else None
    return before.waiting if move in (Move.ACCEPT, Move.RETURN, Move.CONFIRM) else None


_OF_A_WAIT: Final = (
    NoticeKind.HANDED_IN,
    NoticeKind.CANNOT_DO,
    NoticeKind.DECIDE_REMINDER,
    NoticeKind.DECIDE_ABOVE,
)


def _heard(desk: Desk, before: Assignment, move: Move) -> list[str]:
    """Who had heard of what a move undoes or ends."""
    if move is Move.CANCEL:
        return desk.uow.notices.heard(before.id)
    if move is Move.WITHDRAW and before.waiting is not None:
        return desk.uow.notices.heard(before.id, since=before.waiting.began_at, kinds=_OF_A_WAIT)
    return []


def stand_in(desk: Desk, assignment: Assignment, move: Move, *, by: str, now: datetime) -> dict[str, object]:
    """The vacant level in whose place somebody moves an assignment, as the ledger keeps it; empty for a post's own."""
    level = in_place_of(by, move, assignment.division, desk.people, desk.workdays.local_day(now))
    return {IN_PLACE_OF: level.value} if level else {}


def note(
    desk: Desk, after: Assignment, move: Move, *, by: str, now: datetime, facts: Mapping[str, object] | None = None
) -> None:
    """Write the ledger line of a move."""
    data = {
        "state": after.state.value,
        "version": after.version,
        "due_on": after.due_on.isoformat(),
        "deadline_version": after.deadline_version,
        **(facts or {}),
    }
    desk.uow.ledger.note(Entry(now, kind_of(move), by, after.id, data))


def kind_of(move: Move) -> str:
    """Kind of a move's ledger line."""
    return f"assignment.{move.value}"


def replans(desk: Desk) -> bool:
    """Tell whether what was just committed moves instants, so that the schedules must follow; for every door."""
    kinds = {kind_of(move) for move in REPLANS}
    return any(entry.kind in kinds for entry in desk.uow.ledger.written)
