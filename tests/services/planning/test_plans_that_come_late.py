"""A plan whose quarters are over comes into force only by a person's word for it, at any hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain.fiscal import QUARTERS
from domain.thai import BANGKOK
from domain.workdays import HolidayOverride
from services.desk import Desk
from services.planning.plans import InForce, PastQuartersError, import_plan, put_into_force
from storage.store import Store
from tests.factories import at, make_measure, make_office, make_people, make_plan, make_step
from tests.services.live_office import ADMIN, LiveOffice

CLOSED = [HolidayOverride(date(2023, 10, day), is_holiday=True, name="น้ำท่วม") for day in range(2, 7)]


def _without_a_plan(store: Store, key: str = "new") -> LiveOffice:
    with store.unit_of_work(key) as uow:
        uow.offices.add(make_office(key=key))
        uow.people.save(make_people())
        for override in CLOSED:
            uow.holidays.put(override)
        uow.commit()
    return LiveOffice(store, key)


def _put(live: LiveOffice, when: datetime, **how: object) -> InForce:
    """Put the usual plan into force and give it up again."""
    with live.store.unit_of_work(live.key) as uow:
        desk = Desk.open(uow)
        stored = import_plan(desk, make_plan(), by=ADMIN, now=when).stored
        return put_into_force(desk, stored, by=ADMIN, now=when, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("when", "over"),
    [
        ("2022-12-30 20:00", ()),
        ("2022-12-31 23:59", ()),
        ("2023-01-01 00:00", (1,)),
        ("2023-01-03 12:00", (1,)),  # a day off
        ("2023-01-04 03:00", (1,)),
        ("2023-01-04 08:29", (1,)),
        ("2023-01-04 08:30", (1,)),
        ("2023-01-06 23:00", (1,)),
        ("2023-01-07 11:00", (1,)),  # Saturday
        ("2023-04-15 11:00", (1, 2)),  # Songkran
        ("2023-09-30 23:59", (1, 2, 3)),
        ("2023-10-01 00:00", QUARTERS),
        ("2023-10-04 11:00", QUARTERS),  # the office's own days off
        ("2026-11-28 02:00", QUARTERS),
    ],
)
def test_quarters_that_are_over_are_seen_at_any_hour(store: Store, when: str, over: tuple[int, ...]) -> None:
    live = _without_a_plan(store)
    done = _put(live, at(when), accepts_past=True)
    assert (done.upcoming.past_quarters, done.upcoming.is_late) == (over, bool(over))
    if over:
        with pytest.raises(PastQuartersError):
            _put(live, at(when))
    else:
        _put(live, at(when))


@pytest.fixture(scope="module")
def kept(migrated_file: object) -> LiveOffice:
    """One office for many instants; nothing is ever committed to it."""
    store = Store("sqlite://", durable=False)
    store.make_tables()
    return _without_a_plan(store)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=st.integers(min_value=0, max_value=800 * 24 * 60))
@example(minutes=364 * 24 * 60 + 23 * 60 + 59)
@example(minutes=365 * 24 * 60)
def test_the_hour_and_the_weekday_decide_nothing(kept: LiveOffice, minutes: int) -> None:
    when = datetime(2022, 10, 1, tzinfo=BANGKOK) + timedelta(minutes=minutes)
    day = when.date()
    done = _put(kept, when, accepts_past=True)
    assert done.upcoming.is_late == (day > date(2022, 12, 31))
    assert done.upcoming.is_year_over == (day > date(2023, 9, 30))
    if done.upcoming.is_late:
        over = {a.period.quarter for a in done.upcoming.catching_up}
        assert over >= set(done.upcoming.past_quarters)


def test_who_is_late_is_told_what_is_over_and_how_much_opens(store: Store) -> None:
    with pytest.raises(PastQuartersError) as refused:
        _put(_without_a_plan(store), at("2023-10-07 23:00"))
    assert "Fiscal year 2566 ended on 2023-09-30: 4 assignments of 1 divisions" in str(refused.value)
    assert "ปีงบประมาณ พ.ศ. ๒๕๖๖ สิ้นสุดไปแล้วเมื่อ ๓๐ กันยายน ๒๕๖๖ งาน 4 รายการของ 1 กอง" in refused.value.in_thai()


def test_a_day_in_force_that_is_to_come_counts_the_quarters_over_by_then(store: Store) -> None:
    live = _without_a_plan(store)
    with pytest.raises(PastQuartersError):
        _put(live, at("2022-12-29 10:00"), on=date(2023, 1, 9))


def test_a_revision_that_opens_nothing_is_not_asked_about(office: Callable[..., LiveOffice]) -> None:
    live = office()
    live.advance(at("2023-01-04 08:30"))
    with live.desk() as desk:
        plan = make_plan(title="มาตรการ (แก้คำผิด)")
        stored = import_plan(desk, plan, by=ADMIN, now=at("2023-01-07 23:00")).stored
        assert not put_into_force(desk, stored, by=ADMIN, now=at("2023-01-07 23:00")).upcoming.is_late


def test_a_revision_that_opens_something_of_a_quarter_gone_is_asked_about(office: Callable[..., LiveOffice]) -> None:
    live = office()
    live.advance(at("2023-01-04 08:30"))
    more = make_plan(measures=(make_measure(steps=(make_step(), make_step(key="m1.2", text="จัดกิจกรรม"))),))
    with live.store.unit_of_work(live.key) as uow:
        desk = Desk.open(uow)
        stored = import_plan(desk, more, by=ADMIN, now=at("2023-01-07 23:00")).stored
        with pytest.raises(PastQuartersError):
            put_into_force(desk, stored, by=ADMIN, now=at("2023-01-07 23:00"))
