"""A letter says what is so when it leaves, to who must know it then, where they are then; never what was so once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import pytest

from domain.outbox import Letter, LetterState
from domain.people import Holding, People, Person
from domain.plan import Scope
from services.assignments import deadlines
from services.assignments.hand_in import withdraw
from services.assignments.review import return_
from services.outbox import resend
from services.outbox.deliver import BATCH
from services.rehearsal.play import SimulatedClock
from tests.factories import at, make_measure, make_people, make_plan, make_responsible, make_step
from tests.services.live_office import LiveOffice
from tests.services.outbox.post_room import (
    HANGS,
    HEAD,
    ID,
    OFFICER,
    PostRoom,
    begun,
    move_to,
    report,
    report_and_accept,
    succeed,
)

Found = Callable[..., LiveOffice]

ACCEPTED: Final = "รับผลแล้ว"
OVERDUE: Final = "โปรดรายงานผล"
REMINDED: Final = "แจ้งเตือน"
HANDED_OVER: Final = "งานที่ท่านรับช่วง"
LATE: Final = "2023-01-11"
"""One working day after the deadline: officer and head are told."""


def waiting(room: PostRoom, person: str) -> list[Letter]:
    return [letter for letter in room.live.letters(LetterState.WAITING) if letter.person == person]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: what a letter says does not come from the database; who takes it is tested with both."""
    return sqlite_url


@pytest.fixture
def room(office: Found) -> PostRoom:
    """Until 9 January everything arrived."""
    return begun(office())


def test_the_clerk_does_not_read_after_acceptance_that_nothing_was_reported(room: PostRoom) -> None:
    room.is_up = False
    for day in ("2023-01-10", LATE, "2023-01-13"):
        assert "No mail server answers" in room.morning(day).stopped_by
    assert waiting(room, "the-clerk")
    report_and_accept(room.live, at("2023-01-13 10:00"))
    room.is_up = True
    room.deliver(at("2023-01-13 11:00"))
    assert [(mail.to, mail.subject.split()[0]) for mail in room.arrived] == [(OFFICER, ACCEPTED)]


def test_who_came_into_a_post_meanwhile_gets_the_letter_and_who_left_it_nothing(room: PostRoom) -> None:
    room.is_up = False
    room.morning(LATE)
    assert waiting(room, "the-chang-head")
    succeed(room.live, "chang-head", Person("new-head", "ผู้มาใหม่", "new-head@example.test"), date(2023, 1, 12))
    room.is_up = True
    room.morning("2023-01-12")
    assert not room.to(HEAD)
    (mail,) = room.to("new-head@example.test")
    assert mail.subject.startswith(HANDED_OVER)
    assert ID in mail.text


def test_a_letter_goes_to_the_address_that_its_reader_has_when_it_leaves(room: PostRoom) -> None:
    room.is_up = False
    room.morning(LATE)
    move_to(room.live, "the-chang-officer", "moved@example.test")
    room.is_up = True
    room.deliver(at(f"{LATE} 09:00"))
    assert sorted(mail.to for mail in room.arrived) == [HEAD, "moved@example.test"]


def test_who_has_no_address_any_more_gets_the_letter_on_paper(room: PostRoom) -> None:
    room.is_up = False
    room.morning(LATE)
    move_to(room.live, "the-chang-officer", None)
    room.is_up = True
    room.deliver(at(f"{LATE} 09:00"))
    assert [mail.to for mail in room.arrived] == [HEAD]
    assert [letter.person for letter in room.live.letters(LetterState.TO_PRINT)] == ["the-chang-officer"]


def test_of_a_deadline_that_passed_while_the_server_was_away_one_letter_says_that_it_passed(room: PostRoom) -> None:
    room.is_up = False
    room.morning("2023-01-10")
    assert "วันนี้" in waiting(room, "the-chang-officer")[0].subject
    room.morning(LATE)
    room.is_up = True
    room.deliver(at(f"{LATE} 09:00"))
    (mail,) = room.to(OFFICER)
    assert mail.subject.startswith(OVERDUE)
    assert mail.text.count(ID) == 1
    assert "ใกล้ครบกำหนด" not in mail.text
    assert "วันนี้" not in mail.subject


def test_what_was_parked_and_is_sent_again_is_written_on_the_day_it_leaves(office: Found) -> None:
    """Parked in January, sent in April, a week before the deadline."""
    live = office()
    room = PostRoom(live)
    live.mornings("2022-10-03")
    live.compose(at("2022-10-03 08:30"))
    room.server.rcpt = lambda to, _nth: "550 5.1.1 no such user" if to == OFFICER else "250 OK"
    room.morning("2023-01-04")
    (parked,) = [each for each in live.letters(LetterState.PARKED) if each.person == "the-chang-officer"]
    room.server.rcpt = lambda _to, _nth: "250 OK"
    with live.desk() as desk:
        resend.send_again(desk, parked.id, by="the-admin", now=at("2023-04-03 10:00"))
    room.deliver(at("2023-04-03 10:00"))
    (mail,) = [mail for mail in room.to(OFFICER) if "q2" in mail.text]
    assert "๓ เมษายน ๒๕๖๖" in mail.text
    assert "๔ มกราคม" not in mail.text
    assert "๑๐ เม.ย. ๖๖ (เหลือ ๔ วันทำการ)" in mail.subject
    assert "ใกล้ครบกำหนด" not in mail.text  # of the first quarter, whose deadline had passed


def test_a_letter_with_nothing_left_to_say_is_replaced_and_the_ledger_says_so(room: PostRoom) -> None:
    room.is_up = False
    room.morning(LATE)
    (letter,) = waiting(room, "the-chang-head")
    report_and_accept(room.live, at(f"{LATE} 10:00"))
    room.is_up = True
    room.deliver(at(f"{LATE} 11:00"))
    (after,) = [each for each in room.live.letters() if each.id == letter.id]
    assert (after.state, after.settled_at) == (LetterState.REPLACED, at(f"{LATE} 11:00"))
    (line,) = [line for line in room.live.ledger("letter.replaced") if line.entry.subject == letter.id]
    assert line.entry.data == {"to": "the-chang-head", "by": []}


def test_a_letter_that_another_stands_for_names_it_in_the_ledger(room: PostRoom) -> None:
    room.is_up = False
    room.morning("2023-01-10")
    (old,) = waiting(room, "the-chang-officer")
    with room.live.desk() as desk:
        chosen = [desk.uow.assignments.get(ID)]
        deadlines.change(desk, chosen, date(2023, 1, 20), reason="น้ำท่วม", by="the-admin", now=at("2023-01-10 10:00"))
    room.live.mornings("2023-01-12")
    room.is_up = True
    room.deliver(at("2023-01-12 09:00"))
    replaced = [line.entry for line in room.live.ledger("letter.replaced") if line.entry.subject == old.id]
    assert len(replaced) == 1
    (mail,) = room.to(OFFICER)
    assert "๒๐ มกราคม" in mail.text
    assert "๑๐ ม.ค." not in mail.subject


def unsure(room: PostRoom) -> None:
    """The server took every letter of the morning and never said so."""
    room.server.data = lambda _to, _nth: None
    room.live.mornings(LATE)
    room.deliver(at(f"{LATE} 08:30"), timeout_s=HANGS)
    room.server.data = lambda _to, _nth: "250 queued"


def test_what_may_be_on_its_way_goes_again_byte_for_byte_though_the_office_has_moved_on(room: PostRoom) -> None:
    unsure(room)
    first = {mail.to: mail for mail in room.server.offered}
    assert {letter.is_unsure for letter in room.live.letters(LetterState.WAITING)} == {True}
    report_and_accept(room.live, at(f"{LATE} 10:00"))
    move_to(room.live, "the-chang-head", "moved@example.test")
    room.deliver(at(f"{LATE} 11:00"))
    again = [mail for mail in room.arrived if mail.message_id == first[mail.to].message_id]
    assert {mail.to: mail for mail in again} == first


def test_nothing_later_overtakes_what_may_be_on_its_way(room: PostRoom) -> None:
    unsure(room)
    report_and_accept(room.live, at(f"{LATE} 08:30"))
    room.deliver(at(f"{LATE} 08:30") + timedelta(seconds=30))  # too early for the old letter
    assert room.arrived == []
    room.deliver(at(f"{LATE} 11:00"))
    room.deliver(at(f"{LATE} 11:01"))
    assert [mail.subject.split()[0] for mail in room.to(OFFICER)] == [OVERDUE, ACCEPTED]


def test_what_happens_between_two_letters_of_a_batch_is_in_the_second(room: PostRoom) -> None:
    room.live.mornings(LATE)

    def answer(_to: str, _nth: int) -> str:
        if not room.server.accepted:
            report_and_accept(room.live, at(f"{LATE} 08:30"))
        return "250 queued"

    room.server.data = answer
    done = room.deliver(at(f"{LATE} 08:30"))
    first, *others = room.arrived
    assert not first.subject.startswith(ACCEPTED)
    assert {(mail.to, mail.subject.split()[0]) for mail in others} == {(OFFICER, ACCEPTED)}
    assert (done.waiting, done.faults) == (0, ())


def test_midnight_between_two_letters_of_a_batch_is_in_the_second(office: Found) -> None:
    everybody = make_responsible(scope=Scope.ALL_DIVISIONS)
    room = begun(office(plan=make_plan(measures=(make_measure(steps=(make_step(responsible=everybody),)),))))
    clock = SimulatedClock(at("2023-01-09 23:59"))
    with room.live.desk() as desk:
        for assignment in desk.uow.assignments.all():
            if assignment.period.key == "q1":
                day, now = date(2023, 1, 11), at("2023-01-09 23:00")
                deadlines.change(desk, [assignment], day, reason="ประชุม", by="the-admin", now=now)

    def answer(_to: str, _nth: int) -> str:
        clock.now = max(clock.now, at("2023-01-10 00:01"))
        return "250 queued"

    room.server.data = answer
    room.deliver(clock)
    first, *others = room.arrived
    assert len(others) == 5
    assert "๙ มกราคม" in first.text
    assert all("๑๐ มกราคม ๒๕๖๖" in mail.text and "๙ มกราคม" not in mail.text for mail in others)


def crowd(count: int) -> People:
    """So many officers of กองช่าง, all in the same post."""
    people = make_people(vacant=("chang-officer",))
    numbers = range(count - 1)
    persons = tuple(Person(f"officer-{n:02d}", f"เจ้าหน้าที่ {n}", f"officer-{n:02d}@example.test") for n in numbers)
    since = date(2022, 10, 1)
    holdings = (
        Holding("chang-officer", "the-chang-officer", since),
        *(Holding("chang-officer", p.key, since) for p in persons),
    )
    return replace(people, persons=(*people.persons, *persons), holdings=(*people.holdings, *holdings))


def test_what_happens_during_the_last_letter_of_a_batch_is_in_the_next_batch(office: Found) -> None:
    room = begun(office(people=crowd(BATCH + 2)), "2023-01-10")

    def answer(_to: str, _nth: int) -> str:
        if len(room.server.accepted) == BATCH - 1:
            report_and_accept(room.live, at("2023-01-10 08:30"))
        return "250 queued"

    room.server.data = answer
    room.deliver(at("2023-01-10 08:30"))
    assert [mail.subject for mail in room.arrived[BATCH:] if mail.subject.startswith(REMINDED)] == []
    assert len(room.arrived) > BATCH


def test_an_address_that_takes_nothing_is_not_asked_more_often_because_its_letter_is_written_anew(
    room: PostRoom,
) -> None:
    """Every minute something happens, so every minute the letter is another."""
    asked: list[int] = []
    room.server.rcpt = lambda to, _nth: "451 4.3.0 later" if to == OFFICER else "250 OK"
    room.live.mornings("2023-01-10")
    start = at("2023-01-10 08:30")
    for minute in range(25):
        now = start + timedelta(minutes=minute)
        with room.live.desk() as desk:
            day = date(2023, 1, 16 + minute % 2)
            chosen = [desk.uow.assignments.get(ID)]
            deadlines.change(desk, chosen, day, reason=f"ครั้งที่ {minute}", by="the-admin", now=now)
        before = room.server.seen.count(OFFICER)
        room.deliver(now)
        asked += [minute] if room.server.seen.count(OFFICER) > before else []
    assert asked == [0, 1, 6, 21]
    (letter,) = waiting(room, "the-chang-officer")
    assert (letter.attempts, letter.first_tried_at) == (4, start)
    assert "๒๑" not in letter.subject
    assert "ครั้งที่ ๒๔" in letter.text or "ครั้งที่ 24" in letter.text


def test_another_address_has_tries_of_its_own(room: PostRoom) -> None:
    room.server.rcpt = lambda to, _nth: "451 4.3.0 later" if to == OFFICER else "250 OK"
    room.morning("2023-01-10")
    room.deliver(at("2023-01-10 08:31"))
    assert waiting(room, "the-chang-officer")[0].attempts == 2
    move_to(room.live, "the-chang-officer", "moved@example.test")
    room.deliver(at("2023-01-10 08:36"))
    (mail,) = room.to("moved@example.test")
    (letter,) = [each for each in room.live.letters(LetterState.SENT) if each.message_id == mail.message_id]
    assert (letter.attempts, letter.first_tried_at) == (1, at("2023-01-10 08:36"))


def test_what_was_sent_stays_as_it_was_sent_whatever_happens_later(room: PostRoom) -> None:
    room.morning(LATE)
    sent = {mail.message_id: mail for mail in room.arrived}
    report_and_accept(room.live, at(f"{LATE} 10:00"))
    move_to(room.live, "the-chang-officer", "moved@example.test")
    room.morning("2023-01-12")
    kept = {letter.message_id: letter for letter in room.live.letters(LetterState.SENT) if letter.message_id in sent}
    assert set(kept) == set(sent)
    assert len(sent) == 2
    lines = {line.entry.subject: line.entry.data for line in room.live.ledger("letter.sent")}
    for message_id, letter in kept.items():
        with room.live.store.reader(room.live.key) as uow:
            assert uow.letters.mail(letter.id) == sent[message_id].content
        facts = lines[letter.id]
        assert facts["sha256"] == hashlib.sha256(sent[message_id].content).hexdigest()
        assert facts["address"] == sent[message_id].to


def test_who_left_a_post_again_before_the_letter_left_is_not_handed_over_what_is_not_theirs(room: PostRoom) -> None:
    room.is_up = False
    brief = Person("brief-officer", "ผู้มาชั่วคราว", "brief@example.test")
    succeed(room.live, "chang-officer", brief, date(2023, 1, 10))
    room.morning("2023-01-10")
    assert waiting(room, "brief-officer")
    succeed(room.live, "chang-officer", Person("the-chang-officer", "", OFFICER), date(2023, 1, 11))
    room.is_up = True
    room.morning(LATE)
    assert room.to("brief@example.test") == []
    assert room.to(OFFICER)


def test_who_came_into_a_post_does_not_read_as_theirs_what_was_decided_before_the_letter_left(room: PostRoom) -> None:
    """By the clerk, to whom it lies open as well; it goes back to the division."""
    report(room.live, at("2023-01-09 10:00"))
    room.deliver(at("2023-01-09 10:00"))
    room.is_up = False
    succeed(room.live, "chang-head", Person("new-head", "ผู้มาใหม่", "new-head@example.test"), date(2023, 1, 10))
    room.morning("2023-01-10")
    assert waiting(room, "new-head")
    with room.live.desk() as desk:
        return_(desk, ID, reason="ขาดหลักฐาน", by="the-clerk", now=at("2023-01-10 09:00"))
    room.is_up = True
    room.deliver(at("2023-01-10 10:00"))
    assert room.to("new-head@example.test") == []


def test_who_never_read_that_it_waits_does_not_read_that_it_was_taken_back(room: PostRoom) -> None:
    """The letter was written, and the server was away."""
    room.is_up = False
    report(room.live, at("2023-01-10 09:00"))
    room.deliver(at("2023-01-10 09:00"))
    assert waiting(room, "the-chang-head")
    with room.live.desk() as desk:
        withdraw(desk, ID, by="the-chang-officer", now=at("2023-01-10 10:00"))
    room.is_up = True
    room.deliver(at("2023-01-10 11:00"))
    assert room.to(HEAD) == []


def test_a_letter_that_is_written_anew_has_waited_since_it_first_arose(room: PostRoom) -> None:
    """Or nobody would hear that mail stands still: the letter would be young for ever."""
    room.is_up = False
    room.morning(LATE)
    assert room.deliver(at(f"{LATE} 14:30")).waiting_since == at(f"{LATE} 08:30")
