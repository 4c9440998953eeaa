"""Who comes into a post, or back to it, is told once of what is theirs now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from domain.notice import NoticeKind
from domain.people import Holding
from services.assignments.hand_in import hand_in
from tests.factories import at, make_people
from tests.services.assignments.test_moves import ID, OFFICER, RESULT
from tests.services.live_office import OPENED_IN_TIME, LiveOffice

Found = Callable[..., LiveOffice]


def handed_over(live: LiveOffice, day: str) -> set[tuple[str, str]]:
    """Who was handed over which quarter's report on the morning of a day."""
    live.mornings(day)
    with live.reading() as desk:
        notices = desk.uow.notices.waiting()
    return {
        (n.person, n.assignment[-2:])
        for n in notices
        if n.kind is NoticeKind.HANDOVER and n.arose_at == at(f"{day} 08:30")
    }


def newcomer(post: str, since: date, until: date | None = None, *, is_acting: bool = False) -> list[Holding]:
    return [Holding(post, "the-sueksa-head", since, until, is_acting=is_acting)]


def test_the_first_look_tells_nobody(office: Found) -> None:
    live = office()
    live.mornings(OPENED_IN_TIME[0])
    assert handed_over(live, "2022-10-04") == set()


def test_a_new_officer_is_told_of_everything_open(office: Found) -> None:
    live = office(people=make_people(also=newcomer("chang-officer", date(2023, 1, 5))))
    live.mornings(*OPENED_IN_TIME)
    assert handed_over(live, "2023-01-05") == {("the-sueksa-head", "q1"), ("the-sueksa-head", "q2")}
    assert handed_over(live, "2023-01-06") == set()


def test_a_new_head_is_told_of_what_waits_for_them_and_of_nothing_that_is_only_open(office: Found) -> None:
    live = office(people=make_people(also=newcomer("chang-head", date(2023, 1, 6))))
    live.mornings(*OPENED_IN_TIME)
    with live.desk() as desk:
        hand_in(desk, ID, RESULT, by=OFFICER, now=at("2023-01-05 09:00"))
    assert handed_over(live, "2023-01-06") == {("the-sueksa-head", "q1")}


def test_who_begins_to_act_and_who_comes_back_are_told_of_a_lateness_that_was_said(office: Found) -> None:
    acting = newcomer("chang-head", date(2023, 1, 12), date(2023, 1, 12), is_acting=True)
    live = office(people=make_people(also=acting))
    live.mornings(*OPENED_IN_TIME, "2023-01-11")
    assert handed_over(live, "2023-01-12") == {("the-sueksa-head", "q1")}
    assert handed_over(live, "2023-01-13") == {("the-chang-head", "q1")}


def test_who_was_handed_over_a_lateness_is_not_told_of_it_again_before_the_summary(office: Found) -> None:
    live = office(people=make_people(also=newcomer("chang-head", date(2023, 1, 12), is_acting=True)))
    live.mornings(*OPENED_IN_TIME, "2023-01-11", "2023-01-12")
    assert "the-sueksa-head" in live.get(ID).told.persons
    live.mornings("2023-01-13", "2023-01-16", "2023-01-18", "2023-01-19")
    with live.reading() as desk:
        kinds = [n.kind for n in desk.uow.notices.waiting() if n.person == "the-sueksa-head" and n.assignment == ID]
    assert kinds == [NoticeKind.HANDOVER]


def test_a_new_top_is_told_of_a_lateness_with_the_summary_only(office: Found) -> None:
    live = office(people=make_people(also=newcomer("mayor", date(2023, 1, 25), is_acting=True)))
    live.mornings(*OPENED_IN_TIME, "2023-01-11", "2023-01-13", "2023-01-16", "2023-01-23")
    assert handed_over(live, "2023-01-25") == set()
    live.mornings("2023-01-30")
    with live.reading() as desk:
        told = {n.person for n in desk.uow.notices.waiting() if n.arose_at == at("2023-01-30 08:30")}
    assert "the-sueksa-head" in told


def test_nobody_is_handed_over_anything_outside_the_hours(office: Found) -> None:
    live = office(people=make_people(also=newcomer("chang-officer", date(2023, 1, 7))))  # a Saturday
    live.mornings(*OPENED_IN_TIME)
    assert handed_over(live, "2023-01-07") == set()
    assert handed_over(live, "2023-01-09") == {("the-sueksa-head", "q1"), ("the-sueksa-head", "q2")}
