from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

import pytest

from domain.outbox import Letter, LetterState
from domain.people import Holding, Person
from domain.plan import Plan, Scope
from services.assignments.hand_in import Result, hand_in
from services.assignments.review import accept, ask_extension, decide_extension
from services.outbox.compose import Composed
from tests.factories import NONE_CONFIRMED, at, make_measure, make_people, make_plan, make_responsible, make_step
from tests.services.live_office import LiveOffice

Found = Callable[..., LiveOffice]

ID: Final = "2566-m1.1-chang-q1"
NOW: Final = at("2023-01-11 08:30")
"""One working day after the deadline of the first quarter, 10 January."""


def _by_person(live: LiveOffice, now: datetime = NOW) -> dict[str, Letter]:
    """Letters written at `now`; fails where a person got two."""
    letters = [letter for letter in live.letters() if letter.created_at == now]
    assert len({letter.person for letter in letters}) == len(letters)
    return {letter.person: letter for letter in letters}


def _everybody() -> Plan:
    everybody = make_responsible(scope=Scope.ALL_DIVISIONS)
    steps = (make_step(responsible=everybody), make_step(key="m1.2", responsible=everybody))
    return make_plan(measures=(make_measure(steps=steps),))


def test_however_many_assignments_a_person_gets_one_letter(office: Found) -> None:
    live = office(plan=_everybody())
    live.advance(at("2023-01-17 08:30"))  # 3 working days after: 11, 12, 13 January are 1, 2, 3; 17 is 5
    done = live.compose(at("2023-01-17 08:30"))
    found = _by_person(live, at("2023-01-17 08:30"))
    assert set(found) == {"the-clerk"} | {f"the-{d}-officer" for d in _DIVISIONS}
    assert done.letters == 7
    assert len(found["the-clerk"].notices) == 12
    assert "๑๒ รายการ" in found["the-clerk"].subject


_DIVISIONS: Final = ("palad", "khlang", "chang", "sueksa", "satharanasuk", "sawatdikan")


def test_a_person_with_two_posts_gets_one_letter(office: Found) -> None:
    both = Holding("chang-officer", "the-chang-head", date(2022, 10, 1))
    live = office(people=make_people(vacant=("chang-officer",), also=(both,)))
    live.advance(NOW)
    live.compose(NOW)
    found = _by_person(live)
    assert set(found) == {"the-chang-head"}
    assert "ผู้อำนวยการกองช่าง" in found["the-chang-head"].text
    assert "เจ้าหน้าที่กองช่าง" in found["the-chang-head"].text


def test_holders_are_looked_up_on_the_day_of_composing(office: Found) -> None:
    live = office()
    live.advance(NOW)
    with live.desk() as desk:
        acting = Holding("chang-head", "the-khlang-head", date(2023, 1, 12), is_acting=True)
        desk.uow.people.save(make_people(also=(acting,)))
    live.compose(NOW + timedelta(days=1))
    assert {letter.person for letter in live.letters()} == {"the-chang-officer", "the-khlang-head"}
    (letter,) = [letter for letter in live.letters() if letter.person == "the-khlang-head"]
    assert "รักษาราชการแทนผู้อำนวยการกองช่าง" in letter.text


def test_a_vacant_posts_notice_goes_up_and_says_so(office: Found) -> None:
    live = office(people=make_people(vacant=("chang-head",)))
    live.advance(NOW)
    live.compose(NOW)
    assert set(_by_person(live)) == {"the-chang-officer", "the-clerk"}
    assert "ผู้อำนวยการกองช่าง" in _by_person(live)["the-clerk"].text


def test_a_person_without_address_gets_a_letter_to_print(office: Found) -> None:
    live = office()
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


def test_where_nobody_is_left_the_ledger_says_so_and_the_rest_goes_out(office: Found) -> None:
    steps = (make_step(), make_step(key="m1.2", responsible=make_responsible(units=("กองคลัง",))))
    live = office(people=make_people(vacant=_NOBODY), plan=make_plan(measures=(make_measure(steps=steps),)))
    live.advance(NOW)
    done = live.compose(NOW)
    assert done.nobody == 4
    assert {line.entry.subject for line in live.ledger("notice.nobody")} == {ID, "2566-m1.1-chang-q2"}
    assert set(_by_person(live)) == {"the-khlang-officer", "the-khlang-head"}
    assert live.compose(NOW) == Composed()


def test_what_had_nobody_is_told_by_the_next_rung(office: Found) -> None:
    live = office(people=make_people(vacant=_NOBODY))
    live.advance(NOW)
    live.compose(NOW)
    with live.desk() as desk:
        desk.uow.people.save(make_people())
    live.advance(at("2023-01-13 08:30"))
    live.compose(at("2023-01-13 08:30"))
    assert set(_by_person(live, at("2023-01-13 08:30"))) == {"the-clerk"}


def test_the_administrator_gets_what_nobody_else_can(office: Found) -> None:
    live = office(people=make_people(vacant=_NOBODY[:-1]))
    live.advance(NOW)
    live.compose(NOW)
    assert set(_by_person(live)) == {"the-admin"}


def test_a_notice_whose_point_is_gone_is_dropped(office: Found) -> None:
    live = office()
    live.advance(NOW)
    with live.desk() as desk:
        result = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
        hand_in(desk, ID, result, by="the-chang-officer", now=NOW)
    done = live.compose(NOW)
    found = _by_person(live)
    assert done.dropped == 3  # opened, overdue, to the head: all of the first quarter
    assert {key for letter in found.values() for key in letter.notices} == {
        f"{ID}/hand_in/3",
        "2566-m1.1-chang-q2/open/1",
    }


def test_a_supervisor_is_not_asked_to_review_what_is_reviewed_already(office: Found) -> None:
    live = office()
    live.advance(NOW)
    with live.desk() as desk:
        hand_in(desk, ID, Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED), by="the-chang-officer", now=NOW)
    with live.desk() as desk:
        accept(desk, ID, by="the-chang-head", now=NOW)
    live.compose(NOW)
    keys = {key for letter in live.letters() for key in letter.notices}
    assert {key for key in keys if key.startswith(f"{ID}/")} == {f"{ID}/accept/4"}


def test_a_rung_of_a_deadline_that_has_moved_is_dropped(office: Found) -> None:
    """An escalation that waited while more time was granted would say “overdue” of something due next week."""
    live = office()
    live.advance(NOW)
    with live.desk() as desk:
        ask_extension(desk, ID, date(2023, 1, 31), reason="น้ำท่วม", by="the-chang-officer", now=NOW)
    with live.desk() as desk:
        decide_extension(desk, ID, granted=True, by="the-chang-head", now=NOW)
    live.compose(NOW)
    keys = {key for letter in live.letters() for key in letter.notices}
    assert not [key for key in keys if "/r3/" in key]
    assert [key for key in keys if "extension" in key]


def test_composing_twice_makes_no_second_letter(office: Found) -> None:
    live = office()
    live.advance(NOW)
    first = live.compose(NOW)
    before = live.letters()
    assert first.letters == 2
    assert live.compose(NOW + timedelta(hours=1)) == Composed()
    assert live.letters() == before


def test_a_letter_says_its_next_step_and_its_reference(office: Found) -> None:
    live = office()
    live.advance(NOW)
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
    live = office()
    live.advance(NOW)
    with live.desk() as desk:
        kept = tuple(person for person in desk.people.persons if person.key != "the-chang-officer")
        new = Person("the-new-officer", "ผู้มาใหม่", "new@example.test")
        holding = Holding("chang-officer", new.key, date(2023, 1, 1))
        people = replace(desk.people, persons=(*kept, new), holdings=(*desk.people.holdings, holding))
        desk.uow.people.save(people)
    live.compose(NOW)
    assert set(_by_person(live)) == {"the-new-officer", "the-chang-head"}


@pytest.mark.parametrize("worded", ["โครงการ “ก” & <i>ข</i>", "๑. ขั้นตอน\nสองบรรทัด <i>ข</i>"])
def test_words_of_the_plan_cannot_break_a_letter(office: Found, worded: str) -> None:
    live = office(plan=make_plan(measures=(make_measure(title=worded, steps=(make_step(text=worded),)),)))
    live.advance(NOW)
    live.compose(NOW)
    letter = _by_person(live)["the-chang-head"]
    assert "<i>" not in letter.html
    assert "\n" not in letter.subject
