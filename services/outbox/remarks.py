"""What stands beside an item of a letter: what waits with whom, what was ordered, who below was not reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.assignment import Assignment, State
from domain.escalation import ESCALATION_KINDS
from domain.line import Line
from domain.notice import NoticeIntent, NoticeKind
from domain.people import Level
from domain.thai import long_date
from domain.waiting import Wait
from services.desk import Desk

Unreached = Mapping[str, frozenset[str]]
"""By assignment the keys of those whose letter about it was given up."""


def unreached(desk: Desk) -> Unreached:
    """Who could not be told of what, as far as the outbox knows."""
    found: dict[str, set[str]] = {}
    for letter in desk.uow.letters.given_up():
        for key in letter.notices:
            found.setdefault(key.partition("/")[0], set()).add(letter.person)
    return {assignment: frozenset(persons) for assignment, persons in found.items()}


def remark(desk: Desk, notice: NoticeIntent, assignment: Assignment, line: Line, not_reached: Unreached) -> str:
    """What an item says beside what was written with the move; empty where there is nothing."""
    if notice.kind in (NoticeKind.DECIDE_ABOVE, NoticeKind.DECIDE_REMINDER):
        waits = (wait for wait in assignment.waits if wait.by == notice.by)
        return " ".join(_of_a_wait(desk, wait, assignment, line) for wait in waits)
    if notice.kind in ESCALATION_KINDS.values() and notice.level is not Level.OFFICER:
        return " ".join(_above(desk, notice, assignment, line, not_reached))
    return notice.reason


def _above(
    desk: Desk, notice: NoticeIntent, assignment: Assignment, line: Line, not_reached: Unreached
) -> Iterator[str]:
    if assignment.extension is not None and assignment.extension.wait is not None:
        yield _of_a_wait(desk, assignment.extension.wait, assignment, line)
    active = [each for each in assignment.acknowledgments if each.until >= line.day and each.person != notice.person]
    if active:
        last = active[-1]
        yield f"{desk.person_name(last.person)}รับทราบแล้ว ให้ดำเนินการภายในวันที่ {long_date(last.until)}"
    below = (person for person in not_reached.get(assignment.id, ()) if person != notice.person)
    if names := _names(desk, sorted(below)):
        yield f"แจ้ง{names}ทางอีเมลไม่สำเร็จ"


def _of_a_wait(desk: Desk, wait: Wait, assignment: Assignment, line: Line) -> str:
    asked = assignment.extension
    what = {
        State.HANDED_IN: "รายงานผล",
        State.CANNOT_DO_STATED: "แจ้งว่าไม่สามารถดำเนินการได้",
    }.get(assignment.state, "")
    if asked is not None and asked.wait == wait:
        what = f"ขอขยายเวลาถึงวันที่ {long_date(asked.due_on)}"
    who = _names(desk, line.deciders(wait.by, wait.level).persons)
    return f"{what} รอ{who}พิจารณาตั้งแต่วันที่ {long_date(wait.since)}"


def _names(desk: Desk, persons: list[str] | tuple[str, ...]) -> str:
    return " หรือ ".join(desk.person_name(person) for person in persons)
