"""Lists that the database counts and cuts say what the clock says of each assignment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.assignment import ACTIONABLE, Assignment, State
from domain.bucket import TO_DO, Bucket, Today
from storage.lists import Selection, Word
from storage.store import Store
from tests.factories import at, make_assignment, make_period, make_workdays
from tests.storage.rows import KEY, add_office

WORKDAYS = make_workdays()
NOW = at("2023-04-10 16:30")
KINDS = [state for state in State if state is not State.PLANNED]
DAYS = (date(2023, 3, 31), date(2023, 4, 7), date(2023, 4, 10), date(2023, 4, 20), date(2023, 4, 21), date(2023, 6, 1))


def every_kind() -> list[Assignment]:
    return [
        make_assignment(
            id=f"2566-m{n}.1-chang-{state.value}-q{n}",
            measure_key=f"m{n}",
            step_key=f"m{n}.1",
            state=state,
            due_on=day,
            period=make_period(key=f"{state.value}-q{n}", quarter=2),
        )
        for n, day in enumerate(DAYS, start=6)
        for state in KINDS
    ]


def selection(now: str = "2023-04-10 16:30", **override: object) -> Selection:
    given = {"years": (2566,), "divisions": ("chang",), "today": Today.of(WORKDAYS, at(now))}
    return Selection(**given | override)  # type: ignore[arg-type]


@pytest.fixture
def filled(store: Store) -> Store:
    add_office(store)
    with store.unit_of_work(KEY) as uow:
        uow.assignments.add(every_kind())
        uow.commit()
    return store


@pytest.mark.parametrize("now", ["2023-04-10 16:30", "2023-04-10 16:31", "2023-04-10 00:00", "2023-04-11 23:59"])
def test_the_database_and_the_clock_agree_on_every_bucket(filled: Store, now: str) -> None:
    today = Today.of(WORKDAYS, at(now))
    with filled.reader(KEY) as uow:
        for bucket in Bucket:
            listed = uow.lists.page(selection(now), [bucket], first=0, most=100)
            assert {a.id for a in listed} == {a.id for a in every_kind() if today.bucket(a) is bucket}
            assert uow.lists.counts(selection(now)).get(bucket, 0) == len(listed)


def test_work_that_is_done_may_stand_newest_first(filled: Store) -> None:
    with filled.unit_of_work(KEY) as uow:
        uow.assignments.add([replace(a, id=f"new-{a.id}", fiscal_year_be=2567) for a in every_kind()])
        uow.commit()
    both = selection(years=(2566, 2567))
    with filled.reader(KEY) as uow:
        listed = uow.lists.page(both, [Bucket.DONE], first=0, most=100, newest_first=True)
        oldest = uow.lists.page(both, [Bucket.DONE], first=0, most=100)
    assert [a.fiscal_year_be for a in listed] == sorted((a.fiscal_year_be for a in oldest), reverse=True)
    assert listed[0].fiscal_year_be != oldest[0].fiscal_year_be


@pytest.mark.parametrize("now", ["2023-04-10 16:30", "2023-04-10 16:31", "2023-04-20 08:00"])
def test_late_and_soon_are_what_the_assignment_says_of_itself(now: str) -> None:
    today = Today.of(WORKDAYS, at(now))
    for one in every_kind():
        if one.state in ACTIONABLE:
            assert (today.bucket(one) is Bucket.LATE) == one.is_overdue(WORKDAYS, at(now))
        if one.state is State.OPEN:
            assert (today.bucket(one) is Bucket.SOON) == one.is_due_soon(WORKDAYS, at(now))


def test_the_late_come_first_then_measures_in_their_order(filled: Store) -> None:
    with filled.reader(KEY) as uow:
        listed = uow.lists.page(selection(), TO_DO, first=0, most=100)
    today = Today.of(WORKDAYS, NOW)
    late = [today.bucket(a) is Bucket.LATE for a in listed]
    assert late == sorted(late, reverse=True)
    assert [a.measure_key for a in listed if today.bucket(a) is Bucket.OPEN] == ["m10", "m11"]


def test_pages_come_to_the_whole_list_without_a_gap(filled: Store) -> None:
    with filled.reader(KEY) as uow:
        whole = uow.lists.page(selection(), TO_DO, first=0, most=100)
        cut = [a for first in range(0, 12, 5) for a in uow.lists.page(selection(), TO_DO, first=first, most=5)]
    assert cut == whole


def test_every_word_must_be_found_and_a_sign_of_the_search_is_only_a_sign(filled: Store) -> None:
    with filled.reader(KEY) as uow:

        def found(*words: Word) -> int:
            return sum(uow.lists.counts(selection(words=words)).values())

        assert found(Word("m7.1-chang")) == len(KINDS)
        assert found(Word("m7.1-chang"), Word("returned")) == 1
        assert found(Word("nowhere", steps=("m8.1",))) == len(KINDS)
        assert found(Word("nowhere", divisions=("chang",))) == len(KINDS) * len(DAYS)
        assert found(Word("%")) == found(Word("m7_1")) == 0


def test_only_the_quarter_the_measure_and_the_divisions_asked_for_are_counted(filled: Store) -> None:
    with filled.reader(KEY) as uow:
        assert uow.lists.counts(selection(quarter=1)) == {}
        assert uow.lists.counts(selection(divisions=("khlang",))) == {}
        assert uow.lists.counts(selection(years=(2567,))) == {}
        assert sum(uow.lists.counts(selection(measure="m6")).values()) == len(KINDS)


def test_what_waits_for_a_decision_is_listed_once(filled: Store) -> None:
    with filled.reader(KEY) as uow:
        waiting = uow.lists.waiting(selection(), first=0, most=100)
        assert uow.lists.number_waiting(selection()) == len(waiting) == 2 * len(DAYS)
    assert {a.state for a in waiting} == {State.HANDED_IN, State.CANNOT_DO_STATED}
