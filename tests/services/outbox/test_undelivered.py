"""A letter that was given up is told the same day: to the administrator, and to whoever is above its reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest

from domain.outbox import LetterState
from domain.people import Holding, Person
from services.assignments import deadlines
from services.assignments.review import return_
from tests.factories import at, make_people
from tests.services.live_office import LiveOffice
from tests.services.outbox.post_room import HEAD, ID, OFFICER, PostRoom, begun, move_to, report, succeed

ADMINISTRATOR: Final = "admin@example.test"
UNDELIVERED: Final = "จดหมายส่งไม่ถึง"
REMINDED: Final = "แจ้งเตือน"
NAME: Final = "ผู้ดำรงตำแหน่งเจ้าหน้าที่กองช่าง"
DAY: Final = "2023-01-10"
"""The deadline itself: the officer alone is reminded."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: who hears of what does not come from the database."""
    return sqlite_url


@pytest.fixture
def room(office: Callable[..., LiveOffice]) -> PostRoom:
    """Until 9 January everything arrived."""
    return begun(office())


def refuse(room: PostRoom, *addresses: str) -> None:
    """The server has no such user as these any more."""
    room.server.rcpt = lambda to, _nth: "550 5.1.1 no such user here" if to in addresses else "250 OK"


def twice(room: PostRoom, day: str) -> None:
    """A morning, and the delivery that comes a minute later."""
    room.morning(day)
    room.deliver(at(f"{day} 08:31"))


def undelivered(room: PostRoom) -> list[str]:
    """Texts of the administrator's letters about letters."""
    return [mail.text for mail in room.to(ADMINISTRATOR) if mail.subject.startswith(UNDELIVERED)]


def test_the_administrator_reads_the_same_day_whom_where_and_why_a_letter_did_not_reach(room: PostRoom) -> None:
    refuse(room, OFFICER)
    twice(room, DAY)
    (text,) = undelivered(room)
    assert NAME in text
    assert OFFICER in text
    assert "no such user here" in text
    assert "๑๐ มกราคม ๒๕๖๖" in text
    assert ID in text


def test_of_one_address_the_administrator_reads_once_a_week(room: PostRoom) -> None:
    """Tuesday to Friday are one week; Monday the 23rd is the next day on which the officer is told."""
    refuse(room, OFFICER)
    for day in (DAY, "2023-01-11", "2023-01-13"):
        twice(room, day)
    assert len(room.live.letters(LetterState.PARKED)) == 2
    assert len(undelivered(room)) == 1
    twice(room, "2023-01-23")
    assert len(undelivered(room)) == 2


def test_of_another_address_of_the_same_person_the_administrator_reads_as_well(room: PostRoom) -> None:
    refuse(room, OFFICER, "moved@example.test")
    twice(room, DAY)
    move_to(room.live, "the-chang-officer", "moved@example.test")
    twice(room, "2023-01-11")
    assert [("moved@example.test" in text) for text in undelivered(room)] == [False, True]


def test_of_two_persons_who_cannot_be_reached_both_are_named_in_one_letter(room: PostRoom) -> None:
    refuse(room, OFFICER, HEAD)
    twice(room, "2023-01-11")
    (text,) = undelivered(room)
    assert OFFICER in text
    assert HEAD in text


def test_whoever_acts_for_the_administrator_reads_it(room: PostRoom) -> None:
    succeed(room.live, "admin", Person("stand-in", "ผู้แทน", "stand-in@example.test"), date(2023, 1, 5))
    refuse(room, OFFICER)
    twice(room, DAY)
    assert [mail.subject.startswith(UNDELIVERED) for mail in room.to("stand-in@example.test")] == [True]
    assert room.to(ADMINISTRATOR) == []


def test_who_became_administrator_before_it_left_reads_it_and_who_was_does_not(room: PostRoom) -> None:
    refuse(room, OFFICER)
    room.morning(DAY)
    succeed(room.live, "admin", Person("new-admin", "ผู้มาใหม่", "new-admin@example.test"), date(2023, 1, 10))
    room.deliver(at(f"{DAY} 08:31"))
    assert undelivered(room) == []
    assert room.to("new-admin@example.test")


def test_nobody_is_told_by_letter_that_no_letter_reaches_them(office: Callable[..., LiveOffice]) -> None:
    """The administrator is the officer as well, and their address is refused."""
    both = Holding("chang-officer", "the-admin", date(2022, 10, 1))
    room = begun(office(people=make_people(vacant=("chang-officer",), also=(both,))))
    refuse(room, ADMINISTRATOR)
    twice(room, DAY)
    assert [letter.person for letter in room.live.letters(LetterState.PARKED)] == ["the-admin"]
    assert [letter.person for letter in room.live.letters() if letter.subject.startswith(UNDELIVERED)] == []


def test_the_head_reads_what_the_only_officer_could_not_be_told_and_that_it_was_so(room: PostRoom) -> None:
    refuse(room, OFFICER)
    twice(room, DAY)
    (mail,) = room.to(HEAD)
    assert mail.subject.startswith(REMINDED)
    assert ID in mail.text
    assert f"แจ้ง{NAME}ทางอีเมลไม่สำเร็จ" in mail.text


def test_nobody_above_reads_it_where_another_officer_was_told(office: Callable[..., LiveOffice]) -> None:
    room = two_officers(office)
    refuse(room, OFFICER)
    twice(room, DAY)
    assert [mail.subject.startswith(REMINDED) for mail in room.to("second@example.test")] == [True]
    assert room.to(HEAD) == []


def test_the_head_reads_what_none_of_two_officers_could_be_told(office: Callable[..., LiveOffice]) -> None:
    room = two_officers(office)
    refuse(room, OFFICER, "second@example.test")
    twice(room, DAY)
    assert [mail.subject.startswith(REMINDED) for mail in room.to(HEAD)] == [True]


def two_officers(office: Callable[..., LiveOffice]) -> PostRoom:
    people = make_people()
    second = Person("second", "คนที่สอง", "second@example.test")
    holdings = (*people.holdings, Holding("chang-officer", "second", date(2022, 10, 1)))
    return begun(office(people=replace(people, persons=(*people.persons, second), holdings=holdings)))


def test_the_clerk_reads_what_a_head_who_cannot_be_reached_is_to_decide(room: PostRoom) -> None:
    refuse(room, HEAD)
    report(room.live, at("2023-01-10 09:00"))
    room.deliver(at("2023-01-10 09:00"))
    room.deliver(at("2023-01-10 09:01"))
    (mail,) = room.to("clerk@example.test")
    assert "โปรดตรวจรายงานผล" in mail.subject
    assert "ทางอีเมลไม่สำเร็จ" in mail.text


def test_the_head_is_told_of_words_that_were_sent_back_to_who_cannot_be_reached(room: PostRoom) -> None:
    report(room.live, at("2023-01-10 09:00"))
    room.deliver(at("2023-01-10 09:00"))
    before = len(room.to(HEAD))
    refuse(room, OFFICER)
    with room.live.desk() as desk:
        return_(desk, ID, reason="ขาดหลักฐาน", by="the-chang-head", now=at("2023-01-10 10:00"))
    room.deliver(at("2023-01-10 10:00"))
    room.deliver(at("2023-01-10 10:01"))
    (mail,) = room.to(HEAD)[before:]
    assert "ขาดหลักฐาน" in mail.text
    assert f"แจ้ง{NAME}ทางอีเมลไม่สำเร็จ" in mail.text


def test_a_rung_of_the_ladder_is_not_doubled_upwards(room: PostRoom) -> None:
    """Officer and head are told of the lateness; neither can be reached, and the clerk has a rung of his own."""
    refuse(room, OFFICER, HEAD)
    twice(room, "2023-01-11")
    assert {mail.to for mail in room.arrived} == {ADMINISTRATOR}
    twice(room, "2023-01-13")
    (mail,) = room.to("clerk@example.test")
    assert mail.text.count(ID) == 1


def test_what_was_put_right_before_the_word_above_left_is_not_said_above(room: PostRoom) -> None:
    refuse(room, OFFICER)
    room.morning(DAY)
    with room.live.desk() as desk:
        chosen = [desk.uow.assignments.get(ID)]
        deadlines.change(desk, chosen, date(2023, 1, 31), reason="น้ำท่วม", by="the-admin", now=at(f"{DAY} 08:30"))
    room.deliver(at(f"{DAY} 08:31"))
    assert [mail.subject for mail in room.to(HEAD) if mail.subject.startswith(REMINDED)] == []


def test_a_refused_letter_about_a_refused_letter_makes_no_further_one(room: PostRoom) -> None:
    refuse(room, OFFICER, ADMINISTRATOR)
    twice(room, DAY)
    written = len(room.live.letters())
    for minute in range(2, 6):
        room.deliver(at(f"{DAY} 08:30") + timedelta(minutes=minute))
    about = [letter for letter in room.live.letters() if letter.subject.startswith(UNDELIVERED)]
    assert [(letter.person, letter.state) for letter in about] == [("the-admin", LetterState.PARKED)]
    assert len(room.live.letters()) == written
    with room.live.reading() as desk:
        assert not desk.uow.notices.is_any_waiting()


def test_a_letter_given_up_for_its_words_is_told_the_administrator_and_nobody_above(room: PostRoom) -> None:
    """The fault is the letter's: another reader's letter would say the same."""
    room.server.data = lambda to, _nth: "554 5.6.0 message refused" if to == OFFICER else "250 queued"
    twice(room, DAY)
    assert len(undelivered(room)) == 1
    assert room.to(HEAD) == []
