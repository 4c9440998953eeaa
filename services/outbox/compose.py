"""Turn waiting notices into letters: one for each person, however many assignments."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.assignment import Assignment
from domain.escalation import ESCALATION_KINDS, next_telling
from domain.ledger import Entry
from domain.line import Line
from domain.notice import Message, NoticeIntent, NoticeItem, NoticeKind
from domain.outbox import Letter, LetterState
from domain.outside_text import words_of
from domain.people import Addressee, Level, Person
from notifications.message import render
from notifications.own_words import OwnWords
from services.desk import Desk
from services.outbox.remarks import remark, unreached
from services.outbox.still_so import is_still_so
from services.outbox.unknown_names import unknown_names
from services.outbox.wording import own_words
from services.outbox.write_anew import TakenBack, note_replaced, take_back
from services.record import CLOCK
from storage.errors import DatabaseDownError

_URGENCY = {kind: rank for rank, kind in enumerate(NoticeKind)}

_OF_THE_LADDER = frozenset({*ESCALATION_KINDS.values(), NoticeKind.REMINDER, NoticeKind.OPENED, NoticeKind.HANDOVER})
"""Kinds that say of one assignment that it is open and when it is due: in one letter the most urgent says it."""

Link = Callable[[str, Person, date], str | None]
"""Address that opens an assignment (its id) for a person, written on a day; None while there are no pages."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What became of the waiting notices.

    Attributes:
        dropped: Those without a point any more, because the division had acted or the deadline had moved.
        nobody: Those for whom not even an administrator is there.
        held: Those that wait because an earlier letter to their reader may be on its way.
        faults: What nobody foresaw, one sentence each; it holds up the letter of one person.
    """

    letters: int = 0
    notices: int = 0
    dropped: int = 0
    nobody: int = 0
    held: int = 0
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class _Mail:
    first: Addressee
    items: dict[tuple[str, str], NoticeItem] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    posts: dict[str, None] = field(default_factory=dict)
    vacant: dict[str, None] = field(default_factory=dict)

    def add(self, notice: NoticeIntent, item: NoticeItem, addressee: Addressee) -> None:
        """An assignment stands once for each reason; of the ladder's reasons the most urgent speaks for all.

        What a person wrote is never swallowed by a rung that falls on the same moment. Of two that are as urgent the
        later one speaks: what the earlier said is past.
        """
        self.keys.append(notice.key)
        self.posts.update(dict.fromkeys(addressee.posts))
        self.vacant.update(dict.fromkeys(addressee.stands_in_for))
        about = "ladder" if item.kind in _OF_THE_LADDER else item.kind.value
        if item.kind is NoticeKind.UNDELIVERED:
            about = notice.by  # of two readers who were not reached both are named
        earlier = self.items.get((notice.assignment, about))
        if earlier is None or _URGENCY[item.kind] <= _URGENCY[earlier.kind]:
            self.items[notice.assignment, about] = item


def compose(desk: Desk, now: datetime, *, domain: str, link: Link) -> Composed:
    """Put every waiting notice into letters of the persons who hold, or act for, the posts today.

    Letters that have not left are taken back first and written anew: what they say is what is so now, to whoever is
    to know it now, at the address they have now. Only what may be on its way stays as it is.

    Args:
        domain: Right-hand side of the Message-IDs.
    """
    taken_back = take_back(desk, now)
    waiting = desk.uow.notices.waiting()
    if not waiting:
        return Composed()
    today = desk.workdays.local_day(now)
    assignments = desk.uow.assignments.many(notice.assignment for notice in waiting)
    wanted = [notice for notice in waiting if is_still_so(desk, notice, assignments.get(notice.assignment), today)]
    faults: list[str] = []
    mails, nobody = _by_person(desk, wanted, assignments, now, link, taken_back.under_way, faults)
    letters = _letters(desk, mails, now, domain, taken_back, faults)
    desk.uow.letters.add(letters)
    told = {key for letter in letters for key in letter.notices} | {notice.key for notice in nobody}
    dropped = sorted({notice.key for notice in waiting} - {notice.key for notice in wanted})
    desk.uow.notices.mark_composed(sorted(told), now)
    desk.uow.notices.mark_composed(dropped, now, is_dropped=True)
    for letter in letters:
        if letter.id not in taken_back.ids:
            desk.uow.ledger.note(_composed_entry(letter, now))
    note_replaced(desk, taken_back, letters, now)
    for notice in nobody:
        desk.uow.ledger.note(Entry(now, "notice.nobody", CLOCK, notice.assignment, {"notice": notice.key}))
    return Composed(len(letters), len(told), len(dropped), len(nobody), len(wanted) - len(told), tuple(faults))


def _letters(
    desk: Desk, mails: Mapping[str, _Mail], now: datetime, domain: str, taken_back: TakenBack, faults: list[str]
) -> list[Letter]:
    """One letter for each person; words that make none hold up that person's letter, and its notices wait."""
    words, today, used = own_words(desk.uow), desk.workdays.local_day(now), desk.uow.letters.used_ids()
    letters = []
    for key in sorted(mails):
        with _noted(f"The letter to {desk.person_name(key)} could not be written", faults):
            letters.append(taken_back.tried(_letter(desk, mails[key], today, now, domain, words, used)))
    return letters


@contextmanager
def _noted(what: str, faults: list[str]) -> Iterator[None]:
    """Go on with the others where one notice or letter meets what nobody foresaw; it waits, and the run says so."""
    try:
        yield
    except DatabaseDownError:
        raise
    except Exception as fault:  # noqa: BLE001 -- one person's odd words must not keep all others from hearing
        faults.append(f"{what}: {words_of(fault)}")


def _by_person(
    desk: Desk,
    notices: Iterable[NoticeIntent],
    assignments: Mapping[str, Assignment],
    now: datetime,
    link: Link,
    under_way: Collection[str],
    faults: list[str],
) -> tuple[dict[str, _Mail], list[NoticeIntent]]:
    """The items of each person's letter, and the notices for which there is nobody.

    A notice waits while an earlier letter to its reader may be on its way: what happened first is told first.
    """
    mails: dict[str, _Mail] = {}
    nobody: list[NoticeIntent] = []
    not_reached, today = unreached(desk), desk.workdays.local_day(now)
    for notice, made in unknown_names(desk, notices):
        for addressee in _free(_addressees(desk, notice, today), under_way):
            mails.setdefault(addressee.person.key, _Mail(addressee)).add(notice, made, addressee)
    for notice in notices:
        if notice.assignment not in assignments:
            continue  # of a name in the plan, which is no assignment
        addressees = _addressees(desk, notice, today)
        if not addressees:
            nobody.append(notice)
        for addressee in _free(addressees, under_way):
            with _noted(f"The notice {notice.key} could not be put into a letter", faults):
                assignment = assignments[notice.assignment]
                beside = remark(desk, notice, assignment, desk.rules.line(notice.division, today), not_reached)
                item = _item(desk, replace(notice, reason=beside), addressee, assignment, now, link)
                mails.setdefault(addressee.person.key, _Mail(addressee)).add(notice, item, addressee)
    return mails, nobody


def _free(addressees: Sequence[Addressee], under_way: Collection[str]) -> Sequence[Addressee]:
    """All of them or none: a notice is told once, in the letters of everybody whom it is for."""
    return addressees if not any(each.person.key in under_way for each in addressees) else ()


def _addressees(desk: Desk, notice: NoticeIntent, today: date) -> list[Addressee]:
    """Who gets a notice today: the person it names, as what they are in the division's line.

    One that names nobody was stored before notices did; it goes to whoever is at its level.
    """
    if not notice.person:
        return desk.people.addressees(notice.level, notice.division, today)
    person = desk.people.person(notice.person)
    if person is None:
        return []
    if notice.kind is NoticeKind.UNDELIVERED:  # whoever is to mend it today, but not of themselves
        administrators = desk.people.addressees(Level.ADMINISTRATOR, None, today)
        return [each for each in administrators if each.person.key != notice.by]
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
        link=link(assignment.id, addressee.person, desk.workdays.local_day(now)),
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


def _letter(
    desk: Desk, mail: _Mail, today: date, now: datetime, domain: str, own: OwnWords, used: Collection[str]
) -> Letter:
    person = mail.first.person
    words = render(
        Message(
            office_name=desk.office.name,
            is_demo=desk.office.is_demo,
            person_name=person.name,
            posts=tuple(mail.posts),
            stands_in_for=tuple(mail.vacant),
            written_on=today,
            items=tuple(mail.items.values()),
        ),
        own,
    )
    # Derived from the notices and the person, so that composing the same again could not make a second mail.
    identity = "\n".join([desk.office.key, person.key, *sorted(mail.keys)])
    letter_id = hashlib.sha256(identity.encode()).hexdigest()[:32]
    if letter_id in used:  # a mailbox that has the first would drop this one, which says what is so now
        letter_id = hashlib.sha256(f"{identity}\n{now.isoformat()}".encode()).hexdigest()[:32]
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
