"""A division hands in its result, takes it back while nobody has reviewed it, or says that it cannot be done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from domain import moves
from domain.assignment import Assignment
from domain.errors import BadInputError
from domain.figures import Answer, EvidenceLine
from domain.moves import Move
from domain.people import Level
from domain.submission import CannotDoReason, Submission
from domain.thai import long_date
from services.days import EARLIEST
from services.desk import Desk
from services.record import find, reason_of, record, stand_in, words_of
from storage.files import FileStore

WHAT: Final = {
    "result": ("The result", "ผลการดำเนินการ"),
    "problems": ("The answer about problems", "ปัญหา อุปสรรค"),
    "suggestions": ("The answer about suggestions", "ข้อเสนอแนะ"),
}
"""Headings of a report as an error names them, in English and in Thai."""

LONGEST_NAME: Final = 150
LONGEST_ENDING: Final = 8


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as it comes in; only the last part of its name is kept."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """What a division reports.

    Attributes:
        effective_on: None for the day that an earlier round of this report named, in a first one that of handing in.
    """

    result: str
    problems: Answer
    suggestions: Answer
    effective_on: date | None = None


class NotYetError(BadInputError):
    """A result of a day that has not come."""


class LongAgoError(BadInputError):
    """A result of a day long before the plan: its year is a slip."""

    english = "The result's day lies too long ago. Look at its year."
    thai = "วันที่ดำเนินการเสร็จย้อนหลังไกลเกินไป โปรดตรวจสอบปี"


def keep(files: FileStore, attachments: Iterable[Attachment]) -> list[EvidenceLine]:
    """Store attachments, before and outside any transaction; storing the same again changes nothing.

    They are taken one by one, so that no more than one need be in memory.

    Raises:
        DiskFullError: One cannot be written.
    """
    return [
        EvidenceLine(
            name=bare_name(attachment.name),
            sha256=files.put(attachment.content, what=(name := f"“{bare_name(attachment.name)}”"), what_thai=name),
            size_bytes=len(attachment.content),
        )
        for attachment in attachments
    ]


def bare_name(name: str) -> str:
    """The last part of a file's name without signs that nobody sees, not longer than a list can show."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    # Control and half characters are refused by databases; marks that turn the direction of reading hide an ending.
    seen = "".join(character for character in last if character.isprintable()).strip()
    stem, dot, ending = seen.rpartition(".")
    if dot and len(ending) < LONGEST_ENDING:
        return f"{stem[: LONGEST_NAME - len(ending)]}.{ending}"
    return seen[:LONGEST_NAME] or "file"


def check_can_hand_in(desk: Desk, assignment_id: str, *, by: str, now: datetime, version: int) -> None:
    """Check that a person may hand in now, before their files are kept: nothing of anybody else is stored.

    Raises:
        NotFoundError: There is no such assignment.
        NotAllowedError: `by` holds no post that may make this move today.
        StaleError: The assignment was changed since `version` was read.
        MoveRefusedError: Its state allows no such move.
    """
    moves.apply(find(desk, assignment_id, Move.HAND_IN, by=by, now=now, version=version), Move.HAND_IN)


def hand_in(
    desk: Desk,
    assignment_id: str,
    result: Result,
    evidence: Sequence[EvidenceLine] = (),
    *,
    left_out: Collection[str] = (),
    by: str,
    now: datetime,
    version: int | None = None,
) -> Assignment:
    """Hand in; where the office does not review, it is accepted at once.

    Args:
        left_out: SHA-256 of evidence of an earlier round that does not belong to this report any more.

    Raises:
        NotFoundError: There is no such assignment.
        NotAllowedError: `by` holds no post that may make this move today.
        StaleError: The assignment was changed since `version` was read.
        MoveRefusedError: Its state allows no such move.
        IncompleteError: The result is empty, or a heading is neither answered nor confirmed as `ไม่มี`.
        BadInputError: The day it was done has not come, or is a slip of the pen; or a text is too long.
    """
    before = find(desk, assignment_id, Move.HAND_IN, by=by, now=now, version=version)
    report = _stored(result)
    _check_effective(report.effective_on, desk.workdays.local_day(now))
    desk.uow.evidence.add(assignment_id, evidence, by=by, now=now)
    submission = Submission(
        result=report.result,
        problems=report.problems,
        suggestions=report.suggestions,
        effective_on=report.effective_on or _day_before(before, desk.workdays.local_day(now)),
        evidence=_all_evidence(desk, before, evidence, left_out),
    )
    level = desk.line(before.division, now).highest(by) or Level.OFFICER
    after = moves.hand_in(before, submission, by=by, level=level, now=now, workdays=desk.workdays)
    facts = {"late_workdays": after.late_workdays, "evidence": list(submission.evidence)}
    if desk.office.settings.is_reviewed:
        return record(desk, before, after, Move.HAND_IN, by=by, now=now, facts=facts)
    return _accept_at_once(desk, before, after, by=by, now=now, facts=facts)


def hand_in_all(
    desk: Desk,
    chosen: Sequence[tuple[str, int]],
    result: Result,
    evidence: Sequence[EvidenceLine] = (),
    *,
    by: str,
    now: datetime,
) -> list[Assignment]:
    """Hand in several assignments, each at the version that was seen, with the same result; all of them or none.

    Raises:
        NotFoundError, NotAllowedError, StaleError, MoveRefusedError, IncompleteError, BadInputError: `hand_in` refuses
            one of them; the unit of work must be given up, for those before it are in it.
    """
    return [hand_in(desk, key, result, evidence, by=by, now=now, version=version) for key, version in chosen]


def _stored(result: Result) -> Result:
    texts = {
        heading: words_of(text, what=WHAT[heading][0], what_thai=WHAT[heading][1])
        for heading, text in (
            ("result", result.result),
            ("problems", result.problems.text),
            ("suggestions", result.suggestions.text),
        )
    }
    return replace(
        result,
        result=texts["result"],
        problems=result.problems.model_copy(update={"text": texts["problems"]}),
        suggestions=result.suggestions.model_copy(update={"text": texts["suggestions"]}),
    )


def _check_effective(effective_on: date | None, today: date) -> None:
    if effective_on is not None and effective_on > today:
        raise NotYetError(
            problem=f"The result's day {effective_on} has not come yet.",
            problem_thai=f"วันที่ {long_date(effective_on)} ยังมาไม่ถึง",
            remedy="Give the day on which it was done, or leave it out for today.",
            remedy_thai="โปรดระบุวันที่ดำเนินการเสร็จ หรือเว้นว่างไว้หากเป็นวันนี้",
        )
    if effective_on is not None and effective_on < EARLIEST:
        raise LongAgoError


def _day_before(before: Assignment, today: date) -> date:
    """The day that the round before named: a report that comes back is not done on the day of its correction."""
    return min(before.submission.effective_on, today) if before.submission else today


def _all_evidence(
    desk: Desk, before: Assignment, new: Sequence[EvidenceLine], left_out: Collection[str]
) -> tuple[str, ...]:
    """Files of this round and those of the one before, by name; what an earlier round left out does not come back."""
    lines = sorted(new, key=lambda line: (line.name, line.sha256))
    if before.submission is not None:
        lines = desk.uow.evidence.of(before.id)
    earlier = set(before.submission.evidence if before.submission else ()) - set(left_out)
    remaining = earlier | {line.sha256 for line in new}
    return tuple(dict.fromkeys(line.sha256 for line in lines if line.sha256 in remaining))


def _accept_at_once(
    desk: Desk, before: Assignment, handed_in: Assignment, *, by: str, now: datetime, facts: dict[str, object]
) -> Assignment:
    after = replace(moves.apply(handed_in, Move.ACCEPT), version=handed_in.version)
    ledger_facts = {**stand_in(desk, before, Move.HAND_IN, by=by, now=now), **facts, "review": "off"}
    return record(desk, before, after, Move.ACCEPT, by=by, now=now, facts=ledger_facts)


def withdraw(desk: Desk, assignment_id: str, *, by: str, now: datetime, version: int | None = None) -> Assignment:
    """Take a hand-in back while nobody has reviewed it; what was written stays as a draft.

    Raises:
        NotFoundError: There is no such assignment.
        NotAllowedError: `by` holds no post that may make this move today.
        StaleError: The assignment was changed since `version` was read.
        MoveRefusedError: Its state allows no such move.
    """
    before = find(desk, assignment_id, Move.WITHDRAW, by=by, now=now, version=version)
    after = moves.withdraw(before, settings=desk.office.settings, now=now, workdays=desk.workdays)
    return record(desk, before, after, Move.WITHDRAW, by=by, now=now)


def state_cannot_do(
    desk: Desk,
    assignment_id: str,
    kind: CannotDoReason,
    *,
    reason: str,
    by: str,
    now: datetime,
    version: int | None = None,
) -> Assignment:
    """State that the step cannot be carried out; the supervisor is told and may send it back.

    Raises:
        NotFoundError: There is no such assignment.
        NotAllowedError: `by` holds no post that may make this move today.
        StaleError: The assignment was changed since `version` was read.
        MoveRefusedError: Its state allows no such move.
        IncompleteError: OTHER is stated without an explanation.
    """
    before = find(desk, assignment_id, Move.CANNOT_DO, by=by, now=now, version=version)
    level = desk.line(before.division, now).highest(by) or Level.OFFICER
    after = moves.state_cannot_do(
        before, kind, reason=reason_of(reason), by=by, level=level, now=now, workdays=desk.workdays
    )
    words = " ".join(part for part in (kind.label, after.reason) if part)
    return record(desk, before, after, Move.CANNOT_DO, by=by, now=now, facts={"reason": words}, reason=words)
