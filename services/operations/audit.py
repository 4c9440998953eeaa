"""The watchdog: what should have happened by now, recomputed from the plan, against what is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from domain import opening
from domain.errors import SucharitError
from domain.escalation import due_now
from domain.ledger import LedgerBrokenError, verify
from domain.outbox import LetterState
from domain.thai import date_time, thai_digits
from services.desk import Desk
from storage.unit_of_work import UnitOfWork

GRACE: Final = timedelta(hours=1)
"""How late a run may be before the audit speaks of it."""

STUCK: Final = timedelta(hours=4)
"""How long a letter may wait before the audit speaks of it."""

LONG_WAIT: Final = timedelta(days=1)
"""How long a letter may wait before delivery's runs are red for it. Greylisting, a restart of the mail server or its
busy morning are over within hours; what is not over after a day needs a person."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should have happened and has not, in English and Thai."""

    sentence: str
    sentence_thai: str

    def __str__(self) -> str:
        """The English of it, for command line and log."""
        return self.sentence


@dataclass(frozen=True, slots=True)
class Audit:
    """Result of one audit: clean without findings. `lines` is the length of the sound ledger."""

    findings: tuple[Finding, ...]
    lines: int

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing is missing."""
        return not self.findings


def audit(desk: Desk, now: datetime) -> Audit:
    """Compare; nothing is repaired here, for a repair would hide the fault."""
    lines, broken = examine_ledger(desk.uow)
    findings = [*_faults(broken), *_unopened(desk, now - GRACE), *_unsaid(desk, now - GRACE), *_unsent(desk, now)]
    return Audit(tuple(findings), lines)


def stuck_mail(uow: UnitOfWork, now: datetime) -> list[Finding]:
    """What keeps an office's letters from leaving and needs a person: each with how many, since when, and the remedy.

    That is a standstill, because of the mail server, the way to it or the account; letters that have waited for
    `LONG_WAIT`; and parked letters.
    """
    return [*_standstill(uow), *_long_waits(uow, now), *_parked(uow)]


def verify_ledger(uow: UnitOfWork) -> tuple[int, list[str]]:
    """Length of the sound ledger, and what is wrong with it."""
    count, broken = examine_ledger(uow)
    return count, [str(broken)] if broken else []


def _faults(error: SucharitError | None) -> Iterator[Finding]:
    if error is not None:
        yield Finding(str(error), error.in_thai())


def examine_ledger(uow: UnitOfWork) -> tuple[int, LedgerBrokenError | None]:
    """Length of the ledger as far as it could be followed, and where it breaks, if it does."""
    try:
        count, last = verify(uow.ledger.lines(), timed_after=uow.ledger.timed_after())
    except LedgerBrokenError as error:
        return 0, error
    remembered = uow.ledger.head()
    if (count, last) == remembered:
        return count, None
    seq, fault, fault_thai = _fault_of_the_end(count, remembered[0])
    return count, LedgerBrokenError(
        seq=seq, seq_thai=thai_digits(seq), office=uow.office_id, fault=fault, fault_thai=fault_thai
    )


def _fault_of_the_end(count: int, remembered: int) -> tuple[int, str, str]:
    end, end_thai = f"the office remembers {remembered} lines", f"หน่วยงานบันทึกไว้ {remembered} บรรทัด"
    if count < remembered:
        return count + 1, f"is missing: {end}", f"หายไป: {end_thai}"
    if count > remembered:
        return remembered + 1, f"was added: {end}", f"ถูกเพิ่มเข้ามา: {end_thai}"
    return count, "is not the last line that the office remembers", "ไม่ใช่บรรทัดสุดท้ายที่หน่วยงานบันทึกไว้"


def _unopened(desk: Desk, by: datetime) -> Iterator[Finding]:
    for stored in desk.plans:
        plan = desk.plan(stored.plan.fiscal_year_be)
        for measure in plan.measures:
            existing = desk.uow.assignments.ids_of_measure(plan.year.be, measure.key)
            due = opening.due(plan, measure.key, existing, desk.people, desk.workdays, desk.office.settings, by)
            for step in measure.steps:
                for unit in opening.unknown_units(step.responsible, desk.people):
                    yield from _faults(opening.unknown_division(unit, desk.people, step.key))
            for missing in due:
                yield Finding(f"{missing.id} should be open by now.", f"{missing.id} ควรเริ่มแล้ว")


def _unsaid(desk: Desk, by: datetime) -> Iterator[Finding]:
    """What the last regular run should have said, and what nobody has said since."""
    for assignment in desk.uow.assignments.all():
        telling = due_now(assignment, desk.rules, _last_run(desk, by))
        # One that opened, or got its deadline, within the hour of grace is not late yet.
        started = max(filter(None, (assignment.opened_at, assignment.ladder_from)), default=None)
        if telling is not None and telling.notices and (started is None or started <= by):
            names = ", ".join(dict.fromkeys(desk.person_name(notice.person) for notice in telling.notices))
            yield Finding(
                f"{assignment.id}: {names} should have been told by now.", f"{assignment.id}: ควรแจ้ง {names} แล้ว"
            )


def _last_run(desk: Desk, by: datetime) -> datetime:
    """The last notice hour of a working day up to an instant."""
    day = desk.workdays.local_day(by)
    if desk.workdays.notice_instant(day) > by or not desk.workdays.is_workday(day):
        day = desk.workdays.add(day, -1)
    return desk.workdays.notice_instant(day)


def _unsent(desk: Desk, now: datetime) -> Iterator[Finding]:
    # What arises in the evening leaves with the next working morning, and is not late before.
    since = min(now - GRACE, _last_run(desk, now - GRACE))
    old = [notice.key for notice in desk.uow.notices.waiting_since(since)]
    if old:
        yield Finding(
            f"{len(old)} notices wait to be put into letters, the first is {old[0]}.",
            f"มีการแจ้ง {thai_digits(len(old))} เรื่องที่ยังไม่ได้จัดทำจดหมาย เรื่องแรกคือ {old[0]}",
        )
    for letter in desk.uow.letters.all(LetterState.WAITING):
        since = letter.first_tried_at or letter.created_at  # written anew at every try, it is not younger
        if since <= now - STUCK:
            yield Finding(
                f"The letter to {letter.person} of {letter.created_at:%Y-%m-%d %H:%M} UTC waits: {letter.remark}",
                f"จดหมายถึง{desk.person_name(letter.person)} ของวันที่ {date_time(letter.created_at)} ยังรอส่ง: "
                f"{letter.remark}",
            )
    yield from _standstill(desk.uow)
    yield from _parked(desk.uow)


def _standstill(uow: UnitOfWork) -> Iterator[Finding]:
    standstill = uow.letters.standstill()
    if standstill is not None:
        waiting = uow.letters.counts().waiting
        yield Finding(
            f"No mail leaves since {_utc(standstill.since)}, {waiting} letters wait: {standstill.why} "
            "`sucharit doctor` asks the mail server.",
            f"ส่งจดหมายไม่ได้ตั้งแต่{date_time(standstill.since)} มีจดหมายรอส่ง {thai_digits(waiting)} ฉบับ: {standstill.why} "
            "หน้า “สถานะระบบ” ตรวจเซิร์ฟเวอร์อีเมลให้",
        )


def _long_waits(uow: UnitOfWork, now: datetime) -> Iterator[Finding]:
    since = uow.letters.waiting_since()
    if since is not None and since <= now - LONG_WAIT:
        waiting = uow.letters.counts().waiting
        yield Finding(
            f"{waiting} letters wait, the first since {_utc(since)}. `sucharit outbox` shows why each waits, "
            "`sucharit doctor` asks the mail server.",
            f"มีจดหมายรอส่ง {thai_digits(waiting)} ฉบับ ฉบับแรกรอตั้งแต่{date_time(since)} หน้า “จดหมายออก” บอกเหตุของแต่ละฉบับ",
        )


def _parked(uow: UnitOfWork) -> Iterator[Finding]:
    given_up = uow.letters.given_up()
    if not given_up:
        return
    parked, since = len(given_up), min((letter.at for letter in given_up if letter.at), default=None)
    first = f", the first since {_utc(since)}" if since else ""
    first_thai = f" ฉบับแรกตั้งแต่{date_time(since)}" if since else ""
    yield Finding(
        f"{parked} letters are parked{first}. `sucharit outbox` shows why, `sucharit outbox --resend` sends them "
        "again.",
        f"มีจดหมายที่พักไว้ {thai_digits(parked)} ฉบับ{first_thai} หน้า “จดหมายออก” บอกเหตุ และส่งใหม่ได้",
    )


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
