"""Mend a ledger that ran ahead of the clock: one line says so for ever, and what would wait a year waits no more.

It is no way to date back: nothing is mended to before the last instant that the clockwork, or an administrator, has
vouched for; the line takes the machine's own time; and `ledger verify` accepts an earlier instant nowhere else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final

from domain.errors import SucharitError
from domain.ledger import LEAST_AHEAD, MENDED, Entry, LedgerLine, stamp
from domain.moves import Move
from domain.people import Level
from notifications.policy import LATER_WAIT
from services.access.sign_in import IDLE, LONGEST_LOCK
from services.clock import SLACK, ClockBehindError, in_utc
from services.desk import Desk
from services.integrations import send_webhooks as tell_hooks
from services.office.posts import person_of
from services.outbox import deliver
from storage.ahead_of_clock import BroughtBack, Waits
from storage.unit_of_work import UnitOfWork

WAITS: Final = Waits(
    slack=SLACK,
    letter=LATER_WAIT,
    hook=tell_hooks.LONGEST_WAIT,
    lease=max(deliver.LEASE, tell_hooks.LEASE),
    session=IDLE,
    lock=LONGEST_LOCK,
)

TOLD: Final = "assignment.clock_mended"
_NO_WORK: Final = frozenset({"account", "clock", "letter", "notice"})
"""First words of lines in which nothing was opened, moved or decided."""


class NothingToMendError(SucharitError):
    """Neither the ledger nor anything that waits is ahead of the clock."""

    english = "The clock shows {now}, and nothing in “{office}” is ahead of it. Nothing was changed."
    thai = "นาฬิกาแสดง {now} และไม่มีสิ่งใดใน “{office}” ที่มีเวลาล้ำหน้า ไม่มีข้อมูลใดเปลี่ยนแปลง"


class AheadALittleError(SucharitError):
    """The ledger is ahead by so little that waiting mends it."""

    english = (
        "The clock shows {now}, and the ledger of “{office}” reaches to {last}, less than a day ahead. Nothing is "
        "mended for so little, or a line could be written before one of the same day: wait until then; people can "
        "sign in and read meanwhile."
    )
    thai = (
        "นาฬิกาแสดง {now} และสมุดบันทึกของ “{office}” ถึง {last} ซึ่งล้ำหน้าไม่ถึงหนึ่งวัน กรณีนี้ไม่ปรับเวลา "
        "เพื่อไม่ให้มีรายการย้อนหลังในวันเดียวกัน โปรดรอถึงเวลานั้น ระหว่างนี้ยังเข้าใช้ระบบและอ่านข้อมูลได้"
    )


class MendTooEarlyError(SucharitError):
    """The clockwork itself has worked at a later time."""

    english = (
        "The clock shows {now}, but in “{office}” the clockwork or an administrator has vouched for {vouched}, and "
        "nothing is mended to before that. If the clock is wrong, set it. If it is right, wait until then: people can "
        "sign in and read meanwhile."
    )
    thai = (
        "นาฬิกาแสดง {now} แต่ใน “{office}” ระบบหรือผู้ดูแลระบบยืนยันเวลา {vouched} ไว้แล้ว จึงปรับให้ก่อนเวลานั้นไม่ได้ "
        "หากนาฬิกาผิดโปรดตั้งใหม่ หากถูกต้องโปรดรอถึงเวลานั้น ระหว่างนี้ยังเข้าใช้ระบบและอ่านข้อมูลได้"
    )


class NotAdministratorError(SucharitError):
    """Somebody else than an administrator wants to mend the clock."""

    english = "{person} does not hold the administrator's post of “{office}” today. {who} does: name one who does."
    thai = "{person} ไม่ได้ดำรงตำแหน่งผู้ดูแลระบบของ “{office}” ในวันนี้ ผู้ดำรงตำแหน่งคือ {who}"


@dataclass(frozen=True, slots=True)
class Mended:
    """What was mended, and what a person has to look at.

    Attributes:
        since: Latest instant of the ledger before.
        until: What the clock shows: from here the ledger goes on.
        lapsed: Ids of assignments whose acknowledgment was of the time to come and ended.
        left: Lines of the time to come in which something was opened, moved or decided; they stay as they are.
    """

    since: datetime
    until: datetime
    brought: BroughtBack
    lapsed: tuple[str, ...]
    left: tuple[LedgerLine, ...]


def mend(desk: Desk, now: datetime, *, by: str) -> Mended:
    """Bring the office back to what the clock shows; the door commits, or only looks.

    Raises:
        NotFoundError: Nobody has this key.
        NotAdministratorError: Somebody else holds the administrator's post.
        MendTooEarlyError: A later instant is vouched for.
        AheadALittleError: It is ahead by less than a day.
        NothingToMendError: Nothing is ahead.
    """
    uow = desk.uow
    uow.offices.hold()
    _check_administrator(desk, by, now)
    _, vouched = uow.ledger.times()
    # The clockwork's own lines are taken as true: a clock that is before them is the wrong one, and is to be set.
    if vouched is not None and now < vouched:
        raise MendTooEarlyError(office=uow.office_id, now=in_utc(now), vouched=in_utc(vouched))
    highest = uow.ledger.highest_at() or now
    ahead = uow.ledger.later_than(now + SLACK)
    if ahead and highest - now < LEAST_AHEAD:
        raise AheadALittleError(office=uow.office_id, now=in_utc(now), last=in_utc(highest))
    brought = uow.ahead_of_clock.bring_back(now, WAITS)
    if not ahead and not brought.is_any:
        raise NothingToMendError(office=uow.office_id, now=in_utc(now))
    lapsed = _acknowledgments(desk, ahead)
    facts = {"from": stamp(highest), "to": stamp(now), "lapsed": len(lapsed), **asdict(brought)}
    uow.ledger.note(Entry(now, MENDED, by, uow.office_id, facts))  # first: the lines after it are of an earlier time
    left = tuple(line for line in ahead if line.entry.kind.partition(".")[0] not in _NO_WORK)
    _tell_histories(uow, left, highest, now, by)
    return Mended(highest, now, brought, lapsed, left)


def _check_administrator(desk: Desk, by: str, now: datetime) -> None:
    """Where the post is vacant, anybody of the office who may use this command stands in: nobody could be named."""
    person_of(desk.people, by)
    day = desk.workdays.local_day(now)
    posts = (post for post in desk.people.posts if post.level is Level.ADMINISTRATOR)
    holders = [person.key for post in posts for person, _ in desk.people.in_charge(post, day)]
    if holders and by not in holders:
        raise NotAdministratorError(person=by, office=desk.office.name, who=", ".join(holders))


def _acknowledgments(desk: Desk, ahead: Sequence[LedgerLine]) -> tuple[str, ...]:
    """End what was acknowledged at a time to come: it would keep an overdue assignment silent until then."""
    kind = f"assignment.{Move.ACKNOWLEDGE.value}"
    acknowledged = desk.uow.assignments.many({line.entry.subject for line in ahead if line.entry.kind == kind})
    held = [assignment for assignment in acknowledged.values() if assignment.acknowledged_until is not None]
    for assignment in held:
        ended = replace(
            assignment,
            acknowledged_until=None,
            acknowledged_by="",
            acknowledgments=(),
            version=assignment.version + 1,
        )
        desk.uow.assignments.save(ended, expected=assignment.version)
    return tuple(sorted(assignment.id for assignment in held))


def _tell_histories(uow: UnitOfWork, left: Sequence[LedgerLine], highest: datetime, now: datetime, by: str) -> None:
    """Say it in the history of every assignment that was opened or moved ahead: its lines stand in no order of time."""
    lines: dict[str, list[int]] = defaultdict(list)
    for line in left:
        if line.entry.kind.startswith("assignment."):
            lines[line.entry.subject].append(line.seq)
    for assignment, numbers in lines.items():
        facts: Mapping[str, object] = {"ahead": stamp(highest), "lines": numbers}
        uow.ledger.note(Entry(now, TOLD, by, assignment, facts))


def mends_of(uow: UnitOfWork) -> list[LedgerLine]:
    """Every line in which the ledger was brought back, oldest first."""
    return [line for line in uow.ledger.lines(uow.office_id) if line.entry.kind == MENDED]


def span_of(line: LedgerLine) -> tuple[datetime, datetime] | None:
    """From which instant a line brought the ledger back, and to which; None for every other line."""
    if line.entry.kind != MENDED:
        return None
    return datetime.fromisoformat(str(line.entry.data["from"])), datetime.fromisoformat(str(line.entry.data["to"]))


def remedy(uow: UnitOfWork, error: ClockBehindError, now: datetime) -> tuple[str, str]:
    """What an administrator can do where the ledger is ahead of the clock, in English and in Thai."""
    _, vouched = uow.ledger.times()
    if vouched is not None and now < vouched:
        too_early = MendTooEarlyError(office=uow.office_id, now=in_utc(now), vouched=in_utc(vouched))
        return str(too_early), too_early.in_thai()
    highest = uow.ledger.highest_at() or now
    if highest - now < LEAST_AHEAD:
        little = AheadALittleError(office=uow.office_id, now=in_utc(now), last=in_utc(highest))
        return str(little), little.in_thai()
    command = f"`sucharit clock mend --office {uow.office_id} --by KEY`"
    english = (
        f"{error} If the clock is right now, the ledger ran ahead: {command} shows an administrator how to mend it."
    )
    thai = f"{error.in_thai()} หากขณะนี้นาฬิกาถูกต้องแล้ว แสดงว่าสมุดบันทึกล้ำหน้า ผู้ดูแลระบบปรับได้ด้วยคำสั่ง {command}"
    return english, thai
