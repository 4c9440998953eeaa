"""The office words its own letters: looked at on a real sample, tried on oneself, kept with a version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.assignment import Assignment, StaleError
from domain.errors import BadInputError
from domain.ledger import Entry
from domain.notice import Message, NoticeItem, NoticeKind
from domain.outbox import Letter, LetterState
from domain.people import Level
from notifications.message import Rendered, render, standard_words
from notifications.own_words import DIGEST, LETTER, OwnWords, Part, WordingError, check
from services.desk import Desk
from services.record import storable
from storage.unit_of_work import UnitOfWork
from storage.wordings import Wording

_TO: Final = {
    NoticeKind.ESCALATION_MAYOR: Level.MAYOR,
    NoticeKind.ESCALATION_CLERK: Level.CLERK,
    NoticeKind.ESCALATION_HEAD: Level.HEAD,
    NoticeKind.EXTENSION_ASKED: Level.HEAD,
    NoticeKind.CANNOT_DO: Level.HEAD,
    NoticeKind.HANDED_IN: Level.HEAD,
    NoticeKind.DECIDE_REMINDER: Level.HEAD,
    NoticeKind.DECIDE_ABOVE: Level.CLERK,
}
_BY_RULE: Final = {
    NoticeKind.ESCALATION_MAYOR: 7,
    NoticeKind.ESCALATION_CLERK: 3,
    NoticeKind.ESCALATION_HEAD: 1,
    NoticeKind.OVERDUE: 1,
    NoticeKind.REMINDER: -1,
}
"""Working days from the deadline at which a sample's rule fires."""


class OwnAddressMissingError(BadInputError):
    """Whoever wants a letter on trial has no address."""

    english = "Your own entry has no e-mail address. Add one, then try again."
    thai = "ท่านยังไม่มีอีเมลในทะเบียนบุคคล โปรดเพิ่มอีเมลก่อน แล้วลองอีกครั้ง"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was typed for a message: the parts to keep, or what is wrong with them, by part."""

    parts: Mapping[str, str]
    faults: Mapping[Part, WordingError]


def own_words(uow: UnitOfWork) -> OwnWords:
    """The office's own words, for rendering."""
    return {message: wording.parts for message, wording in uow.wordings.all().items()}


def checked(message: str, typed: Mapping[Part, str]) -> Checked:
    """The parts that differ from the standard; blank ones are said in the standard words."""
    standard = standard_words()[message]
    texts = {part: storable(text) for part, text in typed.items()}
    own = {part: text for part, text in texts.items() if text and text != standard.get(part, "")}
    faults: dict[Part, WordingError] = {}
    for part, text in own.items():
        try:
            check(part, text)
        except WordingError as error:
            faults[part] = error
    return Checked({part.value: text for part, text in own.items()}, faults)


def save(desk: Desk, message: str, parts: Mapping[str, str], version: int, *, by: str, now: datetime) -> bool:
    """Keep a message's own words (none: the standard again); False where they are those kept already.

    Raises:
        StaleError: Somebody else changed them since `version`.
    """
    before = desk.uow.wordings.all().get(message, Wording(message))
    if before.version != version:
        raise StaleError(id=message)
    if dict(before.parts) == dict(parts):
        return False
    desk.uow.wordings.put(Wording(message, dict(parts), version + 1, by, now))
    facts = {"before": dict(before.parts), "after": dict(parts), "version": version + 1}
    desk.uow.ledger.note(Entry(now, "wording.changed", by, message, facts))
    return True


def sample(desk: Desk, message: str, person: str, now: datetime, site: str) -> Message:
    """A message of its kind to `person` about real work of the office, where there is some."""
    today = desk.workdays.local_day(now)
    kinds = (NoticeKind.OVERDUE, NoticeKind.REMINDER) if message == DIGEST else (_kind(message),)
    return Message(
        office_name=desk.office.name,
        is_demo=desk.office.is_demo,
        person_name=desk.person_name(person),
        posts=tuple(post.title for post in desk.people.posts if _holds(desk, post.key, person, now)),
        written_on=today,
        items=tuple(_item(desk, kind, now, site, number) for number, kind in enumerate(kinds)),
    )


def _kind(message: str) -> NoticeKind:
    return NoticeKind.REMINDER if message == LETTER else NoticeKind(message)


def _holds(desk: Desk, post: str, person: str, now: datetime) -> bool:
    day = desk.workdays.local_day(now)
    return any((h.post, h.person) == (post, person) and h.covers(day) for h in desk.people.holdings)


def _item(desk: Desk, kind: NoticeKind, now: datetime, site: str, number: int) -> NoticeItem:
    real = _real(desk, number)
    offset = _BY_RULE.get(kind)
    today = desk.workdays.local_day(now)
    due_on = desk.workdays.add(today, -(offset or 0)) if offset is not None else desk.workdays.add(today, 5)
    wording = desk.wording(real.fiscal_year_be, real.measure_key, real.step_key) if real else None
    by_rule = offset is not None
    return NoticeItem(
        kind=kind,
        ref=real.id if real else "ตัวอย่าง-๑",
        measure_number=wording[0].number if wording else 1,
        measure_title=wording[0].title if wording else "มาตรการตัวอย่าง",
        step_text=wording[1].text if wording else "ขั้นตอนตัวอย่าง",
        division_name=desk.division_name(real.division) if real else "กองตัวอย่าง",
        period_label=real.period.label if real else "ไตรมาสที่ ๑",
        due_on=due_on,
        workdays_left=desk.workdays.between(today, due_on),
        to_level=_TO.get(kind, Level.OFFICER),
        rung_offset=offset,
        next_on=desk.workdays.add(max(due_on, today), 1) if by_rule else None,
        next_to=("หัวหน้าส่วนราชการ",) if by_rule else (),
        by="" if by_rule else "ผู้แจ้งตัวอย่าง",
        reason="" if by_rule or kind is NoticeKind.OPENED else "เหตุผลตัวอย่าง",
        link=f"{site}/assignments/{real.id}" if real else f"{site}/inbox",
    )


def _real(desk: Desk, number: int) -> Assignment | None:
    """Some assignment of the latest plan in force."""
    years = sorted((stored.plan.fiscal_year_be for stored in desk.plans), reverse=True)
    assignments = desk.uow.assignments.all(years[0]) if years else []
    return assignments[number % len(assignments)] if assignments else None


def drafted(desk: Desk, message: str, parts: Mapping[str, str], sample_of: Message) -> Rendered:
    """The letter as it would be with these parts, the rest as the office has it."""
    return render(sample_of, {**own_words(desk.uow), message: parts})


def send_test(desk: Desk, words: Rendered, message: str, person: str, now: datetime, *, domain: str) -> Letter:
    """Put a letter on trial into the outbox for the person who asks for it; it is as safe as every other.

    Raises:
        OwnAddressMissingError: The person has no address.
    """
    addressee = desk.people.person(person)
    address = addressee.email if addressee else None
    if not address:
        raise OwnAddressMissingError
    letter_id = hashlib.sha256(
        f"{desk.office.key}\ntrial\n{message}\n{person}\n{now.isoformat()}".encode()
    ).hexdigest()[:32]
    letter = Letter(
        id=letter_id,
        person=person,
        address=address,
        message_id=f"<{letter_id}@{domain}>",
        subject=f"[ทดสอบ] {words.subject}",
        text=f"จดหมายนี้ส่งเพื่อทดสอบข้อความ ท่านไม่ต้องดำเนินการใด\n\n{words.text}",
        html=words.html,
        notices=(),
        created_at=now,
        next_try_at=now,
        state=LetterState.WAITING,
    )
    desk.uow.letters.add([letter])
    desk.uow.ledger.note(Entry(now, "letter.tried", person, letter.id, {"message": message, "to": person}))
    return letter
