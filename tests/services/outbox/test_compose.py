from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

import pytest

from domain.assignment import State
from domain.moves import Move, apply
from domain.notice import NoticeKind
from domain.outbox import Letter, LetterState
from domain.people import Holding, Person
from domain.plan import Plan, Scope
from domain.submission import CannotDoReason
from services.assignments import deadlines
from services.assignments.hand_in import Result, hand_in, state_cannot_do, withdraw
from services.assignments.review import accept, ask_extension, confirm, decide_extension
from services.outbox.compose import Composed
from services.planning.plans import activate, import_plan
from services.record import record
from tests.factories import NONE_CONFIRMED, at, make_measure, make_people, make_plan, make_responsible, make_step
from tests.services.live_office import OPENED_IN_TIME, LiveOffice

Found = Callable[..., LiveOffice]

ID: Final = "2566-m1.1-chang-q1"
RESULT: Final = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
NOW: Final = at("2023-01-11 08:30")
"""One working day after the deadline of the first quarter, 10 January."""


def _by_person(live: LiveOffice, now: datetime = NOW) -> dict[str, Letter]:
    """Letters written at `now`; fails where a person got two."""
    letters = [letter for letter in live.letters() if letter.created_at == now]
    assert len({letter.person for letter in letters}) == len(letters)
    return {letter.person: letter for letter in letters}


def _begun(live: LiveOffice) -> LiveOffice:
    """The first quarter up to its last day, every morning with its letters; tomorrow it is late."""
    for day in (*OPENED_IN_TIME, "2023-01-09", "2023-01-10"):
        live.mornings(day)
        live.compose(at(f"{day} 08:30"))
    return live


def _late(live: LiveOffice) -> LiveOffice:
    """The same, and the next morning's notices, that wait to be put into letters."""
    _begun(live).advance(NOW)
    return live


def _hand_in(live: LiveOffice, now: datetime) -> None:
    with live.desk() as desk:
        hand_in(desk, ID, RESULT, by="the-chang-officer", now=now)


def _everybody() -> Plan:
    everybody = make_responsible(scope=Scope.ALL_DIVISIONS)
    steps = (make_step(responsible=everybody), make_step(key="m1.2", responsible=everybody))
    return make_plan(measures=(make_measure(steps=steps),))


def test_however_many_assignments_a_person_gets_one_letter(office: Found) -> None:
    live = _begun(office(plan=_everybody()))
    live.advance(at("2023-01-17 08:30"))  # 11, 12, 13, 16, 17: five after, and nothing was said since the last day
    done = live.compose(at("2023-01-17 08:30"))
    found = _by_person(live, at("2023-01-17 08:30"))
    assert set(found) == {"the-clerk"} | {f"the-{d}-{post}" for d in _DIVISIONS for post in ("officer", "head")}
    assert done.letters == 13
    assert len(found["the-clerk"].notices) == 12
    assert "๑๒ รายการ" in found["the-clerk"].subject


_DIVISIONS: Final = ("palad", "khlang", "chang", "sueksa", "satharanasuk", "sawatdikan")


def test_a_person_with_two_posts_gets_one_letter(office: Found) -> None:
    both = Holding("chang-officer", "the-chang-head", date(2022, 10, 1))
    live = _late(office(people=make_people(vacant=("chang-officer",), also=(both,))))
    live.compose(NOW)
    found = _by_person(live)
    assert set(found) == {"the-chang-head"}
    assert "ผู้อำนวยการกองช่าง" in found["the-chang-head"].text
    assert "เจ้าหน้าที่กองช่าง" in found["the-chang-head"].text


def test_who_acts_from_today_on_is_handed_over_what_is_late_and_reads_as_what(office: Found) -> None:
    live = _late(office())
    live.compose(NOW)
    with live.desk() as desk:
        acting = Holding("chang-head", "the-khlang-head", date(2023, 1, 12), is_acting=True)
        desk.uow.people.save(make_people(also=(acting,)))
    live.advance(NOW + timedelta(days=1))
    live.compose(NOW + timedelta(days=1))
    found = _by_person(live, NOW + timedelta(days=1))
    assert set(found) == {"the-khlang-head"}
    assert "รักษาราชการแทนผู้อำนวยการกองช่าง" in found["the-khlang-head"].text


def test_a_vacant_posts_notice_goes_up_and_says_so(office: Found) -> None:
    live = _late(office(people=make_people(vacant=("chang-head",))))
    live.compose(NOW)
    assert set(_by_person(live)) == {"the-chang-officer", "the-clerk"}
    assert "ผู้อำนวยการกองช่าง" in _by_person(live)["the-clerk"].text


def test_a_person_without_address_gets_a_letter_to_print(office: Found) -> None:
    live = _begun(office())
    with live.desk() as desk:
        people = desk.people
        persons = tuple(replace(p, email=None) if p.key == "the-chang-officer" else p for p in people.persons)
        desk.uow.people.save(replace(people, persons=persons))
    live.advance(NOW)
    live.compose(NOW)
    (letter,) = live.letters(LetterState.TO_PRINT)
    assert (letter.person, letter.address, letter.settled_at) == ("the-chang-officer", None, NOW)
    assert letter.text
    assert [line.entry.subject for line in live.ledger("letter.to_print")] == [letter.id]
    assert set(_by_person(live)) == {"the-chang-officer", "the-chang-head"}


_NOBODY: Final = ("chang-officer", "chang-head", "clerk", "mayor", "admin")


def test_where_nobody_is_in_the_line_the_rest_goes_out(office: Found) -> None:
    steps = (make_step(), make_step(key="m1.2", responsible=make_responsible(units=("กองคลัง",))))
    plan = make_plan(measures=(make_measure(steps=steps),))
    live = _late(office(people=make_people(vacant=_NOBODY), plan=plan))
    live.compose(NOW)
    assert set(_by_person(live)) == {"the-khlang-officer"}
    assert live.compose(NOW) == Composed()


def test_a_head_who_is_the_top_is_told_with_the_weeks_summary(office: Found) -> None:
    live = _late(office(people=make_people(vacant=("clerk", "mayor"))))
    live.compose(NOW)
    assert set(_by_person(live)) == {"the-chang-officer"}
    monday = at("2023-01-16 08:30")
    live.advance(monday)
    live.compose(monday)
    assert set(_by_person(live, monday)) == {"the-chang-head"}


def test_what_had_nobody_is_told_from_below_once_somebody_is_there(office: Found) -> None:
    live = _late(office(people=make_people(vacant=_NOBODY)))
    live.compose(NOW)
    with live.desk() as desk:
        desk.uow.people.save(make_people())
    live.advance(at("2023-01-13 08:30"))
    live.compose(at("2023-01-13 08:30"))
    found = _by_person(live, at("2023-01-13 08:30"))
    assert set(found) == {"the-chang-officer", "the-chang-head", "the-clerk"}


def test_the_administrator_gets_what_nobody_else_can(office: Found) -> None:
    live = _late(office(people=make_people(vacant=_NOBODY[:-1])))
    live.compose(NOW)
    assert set(_by_person(live)) == {"the-admin"}


def test_a_notice_whose_point_is_gone_is_dropped(office: Found) -> None:
    live = _late(office())
    _hand_in(live, NOW)
    done = live.compose(NOW)
    found = _by_person(live)
    assert done.dropped == 2  # overdue, and that to the head
    keys = {key for letter in found.values() for key in letter.notices}
    assert keys == {f"{ID}/hand_in/{live.get(ID).version}/the-chang-head"}


def test_what_was_handed_in_and_taken_back_before_a_letter_left_is_never_written(office: Found) -> None:
    live = _late(office())
    live.compose(NOW)
    _hand_in(live, at("2023-01-14 10:00"))  # a Saturday
    with live.desk() as desk:
        withdraw(desk, ID, by="the-chang-officer", now=at("2023-01-15 10:00"))
    assert live.compose(at("2023-01-16 08:30")) == Composed(dropped=1)
    assert _by_person(live, at("2023-01-16 08:30")) == {}


def test_who_had_read_that_it_waits_reads_that_it_was_taken_back(office: Found) -> None:
    live = _late(office())
    _hand_in(live, NOW)
    live.compose(NOW)
    with live.desk() as desk:
        withdraw(desk, ID, by="the-chang-officer", now=at("2023-01-11 10:00"))
    live.compose(at("2023-01-11 10:00"))
    found = _by_person(live, at("2023-01-11 10:00"))
    assert set(found) == {"the-chang-head"}
    assert found["the-chang-head"].subject.startswith("ถอนเรื่องที่เสนอไว้")


def _cancelled(live: LiveOffice, now: datetime) -> dict[str, Letter]:
    """Letters after a revision of the plan that drops the step."""
    with live.desk() as desk:
        plan = make_plan(measures=(make_measure(steps=(make_step(key="m1.2", text="อื่น"),)),))
        activate(desk, import_plan(desk, plan, by="the-admin", now=now).stored, by="the-admin", now=now)
    assert live.get(ID).state is State.CANCELLED
    live.compose(now)
    letters = _by_person(live, now).items()
    return {person: letter for person, letter in letters if any(f"{ID}/cancel/" in key for key in letter.notices)}


def test_everybody_who_had_read_of_it_reads_that_it_was_cancelled(office: Found) -> None:
    live = _late(office())
    live.compose(NOW)
    assert set(_cancelled(live, at("2023-01-12 10:00"))) == {"the-chang-officer", "the-chang-head"}


def test_who_had_heard_only_of_what_was_undone_in_time_does_not_read_that_it_was_cancelled(office: Found) -> None:
    live = _begun(office())
    _hand_in(live, at("2023-01-10 16:30"))
    with live.desk() as desk:
        withdraw(desk, ID, by="the-chang-officer", now=at("2023-01-10 17:00"))
    assert live.compose(NOW) == Composed(dropped=1)
    assert set(_cancelled(live, at("2023-01-11 10:00"))) == {"the-chang-officer"}


def test_a_request_and_a_rung_of_one_morning_both_stand_in_the_letter(office: Found) -> None:
    live = _begun(office())
    with live.desk() as desk:
        asked_at = at("2023-01-10 17:00")
        ask_extension(desk, ID, date(2023, 1, 31), reason="น้ำท่วมถนน", by="the-chang-officer", now=asked_at)
    live.advance(NOW)
    live.compose(NOW)
    letter = _by_person(live)["the-chang-head"]
    assert "๒ รายการ" in letter.subject
    assert len(letter.notices) == 2
    assert letter.text.count(ID) == 2
    assert "ขอขยายเวลาถึงวันที่ ๓๑ มกราคม ๒๕๖๖" in letter.text  # beside the rung: what is asked, and with whom it lies
    assert "น้ำท่วมถนน" in letter.text


def test_a_supervisor_is_not_asked_to_review_what_is_reviewed_already(office: Found) -> None:
    live = _late(office())
    _hand_in(live, NOW)
    with live.desk() as desk:
        accept(desk, ID, by="the-chang-head", now=NOW)
    live.compose(NOW)
    keys = {key for letter in _by_person(live).values() for key in letter.notices}
    assert keys == {f"{ID}/accept/{live.get(ID).version}/the-chang-officer"}


def test_a_rung_of_a_deadline_that_has_moved_is_dropped(office: Found) -> None:
    """An escalation that waited while more time was granted would say “overdue” of something due next week."""
    live = _late(office())
    with live.desk() as desk:
        ask_extension(desk, ID, date(2023, 1, 31), reason="น้ำท่วม", by="the-chang-officer", now=NOW)
    with live.desk() as desk:
        decide_extension(desk, ID, granted=True, by="the-chang-head", now=NOW)
    live.compose(NOW)
    keys = {key for letter in live.letters() for key in letter.notices}
    assert not [key for key in keys if "/e2023-01-11/" in key]
    assert [key for key in keys if "extension" in key]


def test_composing_twice_makes_no_second_letter(office: Found) -> None:
    live = _late(office())
    first = live.compose(NOW)
    before = live.letters()
    assert first.letters == 2
    assert live.compose(NOW + timedelta(hours=1)) == Composed()
    assert live.letters() == before


def test_a_letter_says_its_next_step_and_its_reference(office: Found) -> None:
    live = _late(office())
    live.compose(NOW)
    letter = _by_person(live)["the-chang-head"]
    assert letter.message_id == f"<{letter.id}@office.example>"
    assert ID in letter.text
    assert "ปลัดเทศบาล" in letter.text  # who is told next
    assert letter.html.count("<html") == 1


def test_two_offices_with_the_same_plan_write_different_letters(office: Found) -> None:
    first, second = office(), office(key="ban-kao")
    for live in (first, second):
        live.advance(NOW)
        live.compose(NOW)
    assert not {x.message_id for x in first.letters()} & {x.message_id for x in second.letters()}


def test_a_person_who_left_the_file_is_not_written_to(office: Found) -> None:
    live = _late(office())
    with live.desk() as desk:
        kept = tuple(person for person in desk.people.persons if person.key != "the-chang-officer")
        new = Person("the-new-officer", "ผู้มาใหม่", "new@example.test")
        holding = Holding("chang-officer", new.key, date(2023, 1, 1))
        people = replace(desk.people, persons=(*kept, new), holdings=(*desk.people.holdings, holding))
        desk.uow.people.save(people)
    live.advance(NOW + timedelta(hours=1))
    assert live.compose(NOW + timedelta(hours=1)).nobody == 1
    assert {line.entry.subject for line in live.ledger("notice.nobody")} == {ID}
    assert set(_by_person(live, NOW + timedelta(hours=1))) == {"the-new-officer", "the-chang-head"}


@pytest.mark.parametrize("worded", ["โครงการ “ก” & <i>ข</i>", "๑. ขั้นตอน\nสองบรรทัด <i>ข</i>"])
def test_words_of_the_plan_cannot_break_a_letter(office: Found, worded: str) -> None:
    live = office(plan=make_plan(measures=(make_measure(title=worded, steps=(make_step(text=worded),)),)))
    _late(live)
    live.compose(NOW)
    letter = _by_person(live)["the-chang-head"]
    assert "<i>" not in letter.html
    assert "\n" not in letter.subject


def test_of_two_new_deadlines_of_one_evening_the_letter_says_the_last(office: Found) -> None:
    live = _begun(office())
    evening, morning = at("2023-01-10 18:00"), at("2023-01-11 08:30")
    for day in (date(2023, 1, 20), date(2023, 1, 25)):
        with live.desk() as desk:
            deadlines.change(
                desk, [desk.uow.assignments.get(ID)], day, reason=f"ข้อ {day.day}", by="the-admin", now=evening
            )
    live.compose(morning)
    text = _by_person(live, morning)["the-chang-officer"].text
    assert "ข้อ ๒๕" in text
    assert "ข้อ ๒๐" not in text


def test_what_was_agreed_and_cancelled_in_one_evening_is_told_as_cancelled_only(office: Found) -> None:
    live = _begun(office())
    with live.desk() as desk:
        state_cannot_do(
            desk, ID, CannotDoReason.NO_BUDGET, reason="", by="the-chang-officer", now=at("2023-01-10 10:00")
        )
    live.compose(at("2023-01-10 10:00"))
    with live.desk() as desk:
        confirm(desk, ID, by="the-chang-head", now=at("2023-01-10 18:00"))
        before = desk.uow.assignments.get(ID)
        record(desk, before, apply(before, Move.CANCEL), Move.CANCEL, by="the-admin", now=at("2023-01-10 18:05"))
    morning = at("2023-01-11 08:30")
    live.compose(morning)
    with live.reading() as desk:
        letter = _by_person(live, morning)["the-chang-officer"]
        assert {each.kind for each in desk.uow.notices.named(letter.notices).values()} == {NoticeKind.CANCELLED}
