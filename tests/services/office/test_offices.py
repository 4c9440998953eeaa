from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from domain.errors import BadInputError, NotFoundError
from domain.office import OfficeSettings
from domain.people import Holding
from services.office.offices import change, create, put_in_charge, remove_demo
from services.planning.match_units import settle_units
from services.schedule.schedule import MeasureKey, measure_keys, schedules
from storage.errors import AlreadyThereError
from storage.store import Store
from tests.factories import (
    DIVISIONS,
    at,
    make_measure,
    make_office,
    make_people,
    make_plan,
    make_responsible,
    make_step,
)
from tests.services.live_office import ADMIN, LiveOffice

Found = Callable[..., LiveOffice]

NOW: Final = at("2023-01-11 10:00")


def _put(live: LiveOffice, person: str, start: date, end: date | None = None, *, is_acting: bool = False) -> None:
    with live.desk() as desk:
        put_in_charge(desk, "chang-head", person, start, end, is_acting=is_acting, by=ADMIN, now=NOW)


def _in_charge(live: LiveOffice, day: date) -> list[str]:
    with live.reading() as desk:
        (post,) = [post for post in desk.people.posts if post.key == "chang-head"]
        return [person.key for person, _ in desk.people.in_charge(post, day)]


def test_an_office_is_created_once(office: Found, store: Store) -> None:
    office()
    with store.unit_of_work("ban-mai") as uow, pytest.raises(AlreadyThereError, match="sucharit office update"):
        create(uow, make_office(), make_people(), by=ADMIN, now=NOW)


def test_a_changed_office_keeps_whether_it_is_a_demonstration(office: Found) -> None:
    live = office(office=make_office(is_demo=True))
    with live.desk() as desk:
        changed = make_office(name="ใหม่", settings=OfficeSettings(report_due=7))
        change(desk.uow, changed, desk.people, by=ADMIN, now=NOW)
    with live.reading() as desk:
        assert desk.office == replace(changed, is_demo=True)
    assert live.ledger("office.changed")[0].entry.actor == ADMIN


def test_only_a_demonstration_can_be_removed(office: Found, store: Store) -> None:
    real, demo = office(), office(key="demo", office=make_office(key="demo", is_demo=True))
    with real.desk() as desk, pytest.raises(BadInputError, match="is no demonstration"):
        remove_demo(desk.uow)
    with demo.desk() as desk:
        remove_demo(desk.uow)
    assert [found.key for found in store.offices()] == ["ban-mai"]
    with store.unit_of_work("demo") as uow, pytest.raises(NotFoundError):
        remove_demo(uow)


def test_somebody_acts_from_a_day_to_a_day(office: Found) -> None:
    live = office()
    _put(live, "the-clerk", date(2023, 1, 12), date(2023, 1, 13), is_acting=True)
    days = [date(2023, 1, day) for day in (11, 12, 13, 14)]
    assert [_in_charge(live, day) for day in days] == [
        ["the-chang-head"],
        ["the-clerk"],
        ["the-clerk"],
        ["the-chang-head"],
    ]
    assert live.ledger("post.held")[0].entry.data == {
        "person": "the-clerk",
        "from": "2023-01-12",
        "to": "2023-01-13",
        "acting": True,
    }


def test_a_new_holder_ends_the_one_before(office: Found) -> None:
    live = office()
    _put(live, "the-khlang-head", date(2023, 2, 1))
    assert _in_charge(live, date(2023, 1, 31)) == ["the-chang-head"]
    assert _in_charge(live, date(2023, 2, 1)) == ["the-khlang-head"]


def test_naming_the_same_again_changes_the_last_day_only(office: Found) -> None:
    live = office()
    for end in (None, date(2023, 1, 13)):
        _put(live, "the-clerk", date(2023, 1, 12), end, is_acting=True)
    with live.reading() as desk:
        acting = [held for held in desk.people.holdings if held.is_acting]
    assert acting == [Holding("chang-head", "the-clerk", date(2023, 1, 12), date(2023, 1, 13), is_acting=True)]


@pytest.mark.parametrize(
    ("post", "person", "end", "said"),
    [
        ("nothing", "the-clerk", None, "no post “nothing”"),
        ("chang-head", "nobody", None, "no person “nobody”"),
        ("chang-head", "the-clerk", date(2023, 1, 1), "2023-01-01 is before 2023-01-12"),
    ],
)
def test_what_cannot_be_is_refused(office: Found, post: str, person: str, end: date | None, said: str) -> None:
    live = office()
    with live.desk() as desk, pytest.raises((NotFoundError, BadInputError), match=said):
        put_in_charge(desk, post, person, date(2023, 1, 12), end, is_acting=True, by=ADMIN, now=NOW)


def test_schedules_hold_the_moments_to_come_of_every_measure(office: Found) -> None:
    live = office()
    with live.reading() as desk:
        assert measure_keys(desk) == [MeasureKey(2566, "ban-mai", "m1")]
        (schedule,) = schedules(desk, NOW)
    assert schedule.name == "2566.ban-mai.m1"
    assert schedule.parameters == {"measure_key": "2566/ban-mai/m1"}
    assert min(schedule.moments) > NOW
    assert at("2023-01-13 08:30") in schedule.moments  # three working days after the first quarter's deadline


@pytest.mark.parametrize("text", ["2566/ban-mai/m1", "2566.ban-mai.m1"])
def test_a_measures_key_is_read_from_either_spelling(text: str) -> None:
    assert MeasureKey.parse(text) == MeasureKey(2566, "ban-mai", "m1")


@pytest.mark.parametrize("text", ["", "m1", "2566/m1", "x/ban-mai/m1", "2566/a/b/c", "²/a/b"])
def test_what_names_no_measure_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="names no measure"):
        MeasureKey.parse(text)


def _answered(live: LiveOffice, name: str) -> None:
    plan = make_plan(measures=(make_measure(steps=(make_step(responsible=make_responsible(units=(name,))),)),))
    with live.desk() as desk:
        settle_units(desk, plan, {name: ["khlang"]}, accepts_proposals=False, command="", by=ADMIN, now=NOW)


def _aliases(live: LiveOffice) -> dict[str, tuple[str, ...]]:
    with live.reading() as desk:
        return {division.key: division.aliases for division in desk.people.divisions if division.aliases}


def test_an_old_file_keeps_the_names_that_were_answered_for(office: Found) -> None:
    live = office()
    _answered(live, "กองเงินทอง")
    with live.desk() as desk:
        change(desk.uow, make_office(), make_people(), by=ADMIN, now=NOW)
    assert _aliases(live)["khlang"] == ("กองเงินทอง",)


def test_a_file_can_give_an_answered_name_to_another_division(office: Found) -> None:
    live = office()
    _answered(live, "กองเงินทอง")
    moved = tuple(replace(d, aliases=("กองเงินทอง",)) if d.key == "chang" else d for d in DIVISIONS)
    with live.desk() as desk:
        change(desk.uow, make_office(), make_people(divisions=moved), by=ADMIN, now=NOW)
    assert "khlang" not in _aliases(live)
    assert _aliases(live)["chang"] == ("กองเงินทอง",)


def test_a_name_that_only_the_file_knew_goes_with_the_file(office: Found) -> None:
    live = office(people=make_people(divisions=tuple(replace(d, aliases=(f"เดิม{d.name}",)) for d in DIVISIONS)))
    with live.desk() as desk:
        change(desk.uow, make_office(), make_people(), by=ADMIN, now=NOW)
    assert "palad" not in _aliases(live)
