"""Create, change and remove offices; name who holds or acts for a post."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from domain.errors import BadInputError
from domain.ledger import Entry, LedgerLine
from domain.office import Office
from domain.people import Division, Holding, People
from domain.thai import long_date
from services.desk import Desk
from services.office.posts import person_of, post_of
from storage.errors import AlreadyThereError
from storage.unit_of_work import UnitOfWork


def create(uow: UnitOfWork, office: Office, people: People, *, by: str, now: datetime) -> None:
    """Create an office with everybody in it.

    Raises:
        AlreadyThereError: There is one of this key.
    """
    if uow.offices.get() is not None:
        raise AlreadyThereError(
            what=f"The office “{office.key}”",
            what_thai=f"หน่วยงาน “{office.key}”",
            remedy="`sucharit office update` changes it.",
            remedy_thai="แก้ไขได้ด้วย `sucharit office update`",
        )
    uow.offices.add(office)
    uow.people.save(people)
    uow.ledger.note(Entry(now, "office.created", by, office.key, {"name": office.name, "demo": office.is_demo}))


def change(uow: UnitOfWork, office: Office, people: People, *, by: str, now: datetime) -> None:
    """Change an office's settings and people. Ladders of open assignments stay as they were when they opened.

    Names that were answered for (`division.named` in the ledger) stay with their division although the file does not
    know them yet, unless it gives them to another division.

    Raises:
        NotFoundError: There is no such office.
    """
    before = uow.office
    uow.offices.save(replace(office, is_demo=before.is_demo))
    uow.people.save(_with_remembered(uow, people))
    facts = {"settings": office.settings.model_dump(mode="json"), "persons": len(people.persons)}
    uow.ledger.note(Entry(now, "office.changed", by, office.key, facts))


def _with_remembered(uow: UnitOfWork, people: People) -> People:
    """The file's people with the names the office has learnt since the file was written."""
    before = {division.key: division for division in uow.people.get().divisions}
    named = {name for division in people.divisions for name in (division.name, *division.aliases)}

    def remembering(division: Division) -> Division:
        answered = {str(line.entry.data.get("alias")) for line in uow.ledger.lines(division.key) if _is_answer(line)}
        was = before[division.key].aliases if division.key in before else ()
        learnt = dict.fromkeys(name for name in was if name in answered - named)
        return replace(division, aliases=(*division.aliases, *learnt))

    return replace(people, divisions=tuple(map(remembering, people.divisions)))


def _is_answer(line: LedgerLine) -> bool:
    return line.entry.kind == "division.named"


def remove_demo(uow: UnitOfWork) -> None:
    """Remove a demonstration with everything in it.

    Raises:
        BadInputError: It is a real office: its books are not thrown away.
        NotFoundError: There is no such office.
    """
    if not uow.office.is_demo:
        raise BadInputError(
            problem=f"“{uow.office.name}” is no demonstration.",
            problem_thai=f"“{uow.office.name}” ไม่ใช่ข้อมูลสาธิต",
            remedy="A real office's plan, evidence and ledger must be kept; only a demonstration can be removed.",
            remedy_thai="แผน หลักฐาน และสมุดบันทึกของหน่วยงานจริงต้องเก็บไว้ ลบได้เฉพาะข้อมูลสาธิต",
        )
    uow.offices.remove()


def put_in_charge(
    desk: Desk, post: str, person: str, start_on: date, end_on: date | None, *, is_acting: bool, by: str, now: datetime
) -> None:
    """Name who holds, or acts for, a post from a day on; notices follow from that day.

    Raises:
        NotFoundError: No such post or person.
        BadInputError: The days are the wrong way round.
    """
    post_of(desk.people, post)
    person_of(desk.people, person)
    if end_on is not None and end_on < start_on:
        raise BadInputError(
            problem=f"{end_on} is before {start_on}.",
            problem_thai=f"วันสุดท้าย {long_date(end_on)} อยู่ก่อนวันแรก {long_date(start_on)}",
            remedy="Give the first day first.",
            remedy_thai="โปรดระบุวันแรกก่อน",
        )
    holding = Holding(post, person, start_on, end_on, is_acting)
    desk.uow.people.save(replace(desk.people, holdings=(*_ended(desk.people, holding), holding)))
    facts = {
        "person": person,
        "from": start_on.isoformat(),
        "to": end_on.isoformat() if end_on else "",
        "acting": is_acting,
    }
    desk.uow.ledger.note(Entry(now, "post.held", by, post, facts))


def _ended(people: People, new: Holding) -> list[Holding]:
    """A new holder ends the one before; somebody who only acts does not."""
    holdings = []
    for old in people.holdings:
        same = (old.post, old.person, old.start_on) == (new.post, new.person, new.start_on)
        if same:
            continue
        is_displaced = not new.is_acting and not old.is_acting and old.post == new.post and old.covers(new.start_on)
        holdings.append(replace(old, end_on=date.fromordinal(new.start_on.toordinal() - 1)) if is_displaced else old)
    return holdings
