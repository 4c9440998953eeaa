"""Turn waiting notices into letters: one for each person, however many assignments."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.assignment import Assignment
from domain.escalation import ESCALATION_KINDS, next_telling
from domain.ledger import Entry
from domain.line import Line
from domain.notice import Message, NoticeIntent, NoticeItem, NoticeKind
from domain.outbox import Letter, LetterState
from domain.people import Addressee, Level
from notifications.message import render
from notifications.own_words import OwnWords
from services.desk import Desk
from services.outbox.remarks import remark, unreached
from services.outbox.unknown_names import unknown_names
from services.outbox.wording import own_words
from services.record import CLOCK

_URGENCY = {kind: rank for rank, kind in enumerate(NoticeKind)}

_OF_THE_LADDER = frozenset({*ESCALATION_KINDS.values(), NoticeKind.REMINDER, NoticeKind.OPENED, NoticeKind.HANDOVER})
"""Kinds that say of one assignment that it is open and when it is due: in one letter the most urgent says it."""

Link = Callable[[str, str], str | None]
"""Address that opens an assignment (its id) for a person (their key); None while there are no pages."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What became of the waiting notices.

    Attributes:
        dropped: Those without a point any more, because the division had acted or the deadline had moved.
        nobody: Those for whom not even an administrator is there.
    """

    letters: int = 0
    notices: int = 0
    dropped: int = 0
    nobody: int = 0


@dataclass(slots=True)
class _Mail:
    addressee: Addressee
    items: dict[tuple[str, str], NoticeItem]
    keys: list[str]

    def add(self, notice: NoticeIntent, item: NoticeItem) -> None:
        """An assignment stands once for each reason; of the ladder's reasons the most urgent speaks for all.

        What a person wrote is never swallowed by a rung that falls on the same moment. Of two that are as urgent the
        later one speaks: what the earlier said is past.
        """
        self.keys.append(notice.key)
        about = "ladder" if item.kind in _OF_THE_LADDER else item.kind.value
        earlier = self.items.get((notice.assignment, about))
        if earlier is None or _URGENCY[item.kind] <= _URGENCY[earlier.kind]:
            self.items[notice.assignment, about] = item


def compose(desk: Desk, now: datetime, *, domain: str, link: Link) -> Composed:
    """Put every waiting notice into letters of the persons who hold, or act for, the posts today.

    Args:
        domain: Right-hand side of the Message-IDs.
    """
    waiting = desk.uow.notices.waiting()
    if not waiting:
        return Composed()
    today = desk.workdays.local_day(now)
    assignments = desk.uow.assignments.many(notice.assignment for notice in waiting)
    wanted = [
        notice
        for notice in waiting
        if (assignment := assignments.get(notice.assignment)) is not None
        and notice.has_a_point(assignment)
        and _is_still_theirs(notice, assignment, desk.rules.line(notice.division, today))
    ]
    mails, nobody = _by_person(desk, wanted, assignments, today, now, link)
    for notice, item in unknown_names(desk, waiting):
        wanted.append(notice)
        for addressee in _addressees(desk, notice, today):
            mails.setdefault(addressee.person.key, _Mail(addressee, {}, [])).add(notice, item)
    words = own_words(desk.uow)
    letters = [_letter(desk, mails[key], today, now, domain, words) for key in sorted(mails)]
    desk.uow.letters.add(letters)
    told = {notice.key for notice in wanted}
    desk.uow.notices.mark_composed(sorted(told), now)
    desk.uow.notices.mark_composed([n.key for n in waiting if n.key not in told], now, is_dropped=True)
    for letter in letters:
        desk.uow.ledger.note(_composed_entry(letter, now))
    for notice in nobody:
        desk.uow.ledger.note(Entry(now, "notice.nobody", CLOCK, notice.assignment, {"notice": notice.key}))
    return Composed(len(letters), len(wanted), len(waiting) - len(wanted), len(nobody))


_FOR_WHO_ACTS = frozenset({NoticeKind.OPENED, NoticeKind.REMINDER, NoticeKind.DEADLINE_CHANGED})
_FOR_WHO_DECIDES = frozenset({NoticeKind.HANDED_IN, NoticeKind.CANNOT_DO, NoticeKind.EXTENSION_ASKED})


def _is_still_theirs(notice: NoticeIntent, assignment: Assignment, line: Line) -> bool:
    """Tell whether the reader of a notice that had to wait still is who must act or decide.

    Who came into their post since has a letter of their own.
    """
    if not notice.person:
        return True
    if notice.kind in _FOR_WHO_ACTS:
        return notice.person in line.reached(Level.OFFICER).persons
    if notice.kind in _FOR_WHO_DECIDES:
        waits = (wait for wait in assignment.waits if wait.by == notice.by)
        return any(notice.person in line.deciders(wait.by, wait.level).persons for wait in waits)
    return True


def _by_person(
    desk: Desk,
    wanted: list[NoticeIntent],
    assignments: dict[str, Assignment],
    today: date,
    now: datetime,
    link: Link,
) -> tuple[dict[str, _Mail], list[NoticeIntent]]:
    mails: dict[str, _Mail] = {}
    nobody: list[NoticeIntent] = []
    not_reached = unreached(desk)
    posts: defaultdict[str, dict[str, None]] = defaultdict(dict)
    vacant: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for notice in wanted:
        addressees = _addressees(desk, notice, today)
        if not addressees:
            nobody.append(notice)
        for addressee in addressees:
            key = addressee.person.key
            mail = mails.setdefault(key, _Mail(addressee, {}, []))
            assignment = assignments[notice.assignment]
            line = desk.rules.line(notice.division, today)
            beside = remark(desk, notice, assignment, line, not_reached)
            mail.add(notice, _item(desk, replace(notice, reason=beside), addressee, assignment, now, link))
            posts[key].update(dict.fromkeys(addressee.posts))
            vacant[key].update(dict.fromkeys(addressee.stands_in_for))
    for key, mail in mails.items():
        mail.addressee = replace(mail.addressee, posts=tuple(posts[key]), stands_in_for=tuple(vacant[key]))
    return mails, nobody


def _addressees(desk: Desk, notice: NoticeIntent, today: date) -> list[Addressee]:
    """Who gets a notice today: the person it names, as what they are in the division's line.

    One that names nobody was stored before notices did; it goes to whoever is at its level.
    """
    if not notice.person:
        return desk.people.addressees(notice.level, notice.division, today)
    person = desk.people.person(notice.person)
    if person is None:
        return []
    line = desk.rules.line(notice.division, today)
    aimed = notice.aimed or notice.level
    for addressee in desk.people.addressees(aimed, notice.division, today):
        if addressee.person.key == notice.person:
            return [replace(addressee, level=notice.level)]
    return [Addressee(person, notice.level, _titles_of(desk, line, notice.person, today))]


def _titles_of(desk: Desk, line: Line, person: str, today: date) -> tuple[str, ...]:
    own = desk.people.posts_of(person, today)
    return tuple(post.title for post in own if post.division in (None, line.division))


def _item(
    desk: Desk, notice: NoticeIntent, addressee: Addressee, assignment: Assignment, now: datetime, link: Link
) -> NoticeItem:
    wording = desk.wording(assignment.fiscal_year_be, assignment.measure_key, assignment.step_key)
    coming = next_telling(assignment, desk.rules, now)
    is_escalation = notice.kind in ESCALATION_KINDS.values()
    return NoticeItem(
        kind=ESCALATION_KINDS[addressee.level] if is_escalation else notice.kind,
        ref=assignment.id,
        measure_number=wording[0].number if wording else 0,
        measure_title=wording[0].title if wording else assignment.measure_key,
        step_text=wording[1].text if wording else assignment.step_key,
        division_name=desk.division_name(assignment.division),
        period_label=assignment.period.label,
        due_on=assignment.due_on,
        workdays_left=desk.workdays.between(desk.workdays.local_day(now), assignment.due_on),
        to_level=addressee.level,
        rung_offset=notice.rung_offset,
        next_on=coming.on if coming else None,
        next_to=_titles(desk, assignment, coming.on, coming.to) if coming else (),
        by=desk.person_name(notice.by) if notice.by else "",
        reason=notice.reason,
        link=link(assignment.id, addressee.person.key),
    )


def _titles(desk: Desk, assignment: Assignment, day: date, to: tuple[tuple[str, Level], ...]) -> tuple[str, ...]:
    wanted = dict(to)
    titles = (
        title
        for level in dict.fromkeys(wanted.values())
        for addressee in desk.people.addressees(level, assignment.division, day)
        if wanted.get(addressee.person.key) is level
        for title in addressee.posts
    )
    return tuple(dict.fromkeys(titles))


def _letter(desk: Desk, mail: _Mail, today: date, now: datetime, domain: str, own: OwnWords) -> Letter:
    person = mail.addressee.person
    words = render(
        Message(
            office_name=desk.office.name,
            is_demo=desk.office.is_demo,
            person_name=person.name,
            posts=mail.addressee.posts,
            stands_in_for=mail.addressee.stands_in_for,
            written_on=today,
            items=tuple(mail.items.values()),
        ),
        own,
    )
    # Derived from the notices and the person, so that composing the same again could not make a second mail.
    identity = "\n".join([desk.office.key, person.key, *sorted(mail.keys)])
    letter_id = hashlib.sha256(identity.encode()).hexdigest()[:32]
    return Letter(
        id=letter_id,
        person=person.key,
        address=person.email,
        message_id=f"<{letter_id}@{domain}>",
        subject=words.subject,
        text=words.text,
        html=words.html,
        notices=tuple(sorted(mail.keys)),
        created_at=now,
        next_try_at=now,
        state=LetterState.WAITING if person.email else LetterState.TO_PRINT,
        settled_at=None if person.email else now,
        remark="" if person.email else "ไม่มีอีเมล: พิมพ์แล้วส่งให้ด้วยมือ",
    )


def _composed_entry(letter: Letter, now: datetime) -> Entry:
    data = {"to": letter.person, "notices": list(letter.notices), "message_id": letter.message_id}
    return Entry(now, "letter.composed" if letter.address else "letter.to_print", CLOCK, letter.id, data)
