"""What supervisors look over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest

from domain.fiscal import FiscalYear
from domain.plan import Cadence
from domain.submission import CannotDoReason
from services.assignments.hand_in import Result, hand_in, state_cannot_do
from services.assignments.review import accept, confirm
from services.desk import Desk
from services.office.offices import create
from services.overview.counts import PLANNED
from services.overview.inbox import Bucket
from services.overview.progress import Agenda, Share, Survey, agenda, survey
from services.planning.plans import activate, import_plan
from storage.store import Store
from tests.factories import (
    DIVISIONS,
    NONE_CONFIRMED,
    at,
    make_measure,
    make_office,
    make_people,
    make_plan,
    make_reporting,
    make_responsible,
    make_step,
)
from tests.services.live_office import ADMIN, OPENED_IN_TIME, LiveOffice

Found = Callable[..., LiveOffice]

CHANG = DIVISIONS[2]
FIRST, SECOND = "2566-m1.1-chang-q1", "2566-m1.1-chang-q2"
OPENED = at("2023-01-04 09:00")
"""The first working day of the second quarter: the first one's report is owed, the second's has just begun."""
RESULT = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
OTHER = make_measure(
    key="m2",
    number=2,
    title="มาตรการของกองคลัง",
    indicators=(3, 7),
    steps=(make_step(key="m2.1", responsible=make_responsible(units=("กองคลัง",))),),
)


@pytest.fixture
def live(office: Found) -> LiveOffice:
    found = office(plan=make_plan(measures=(make_measure(indicators=(3,)), OTHER)))
    for measure in ("m1", "m2"):
        found.mornings(*OPENED_IN_TIME, measure=measure)
    return found


def look(live: LiveOffice, now: datetime = OPENED, quarter: int | None = None, year: int | None = None) -> Survey:
    with live.reading() as desk:
        return survey(desk, DIVISIONS, now, year, quarter)


def talk(live: LiveOffice, now: datetime) -> Agenda:
    with live.reading() as desk:
        return agenda(desk, CHANG, now, 25)


def finish(live: LiveOffice, key: str = FIRST, now: datetime = OPENED) -> None:
    with live.desk() as desk:
        hand_in(desk, key, RESULT, by="the-chang-officer", now=now)
        accept(desk, key, by="the-chang-head", now=now)


def cell(found: Survey, measure: str, division: str) -> Share:
    (row,) = (row for row in found.rows if row.key == measure)
    return row.cells[[d.key for d in found.divisions].index(division)]


def test_a_year_counts_what_is_not_open_yet(live: LiveOffice) -> None:
    share = cell(look(live), "m1", "chang")
    assert share.counts == {Bucket.SOON: 1, Bucket.OPEN: 1, PLANNED: 2}
    assert (share.done, share.total) == (0, 4)


def test_a_quarter_counts_only_its_own(live: LiveOffice) -> None:
    finish(live)
    share = cell(look(live, quarter=1), "m1", "chang")
    assert (share.done, share.total, share.mark) == (1, 1, Bucket.DONE)
    assert cell(look(live, quarter=4), "m1", "chang").mark == PLANNED


def test_a_division_that_is_asked_nothing_has_an_empty_cell(live: LiveOffice) -> None:
    share = cell(look(live), "m1", "khlang")
    assert (share.total, share.mark) == (0, "")


def test_cells_that_show_the_same_are_one_share(office: Found) -> None:
    other = make_measure(key="m2", number=2, steps=(make_step(key="m2.1"),))
    found = look(office(plan=make_plan(measures=(make_measure(), other))))
    assert cell(found, "m1", "chang") is cell(found, "m2", "chang")
    assert cell(found, "m1", "chang") is not cell(found, "m1", "khlang")


def test_rows_and_columns_come_to_the_same_whole(live: LiveOffice) -> None:
    finish(live)
    found = look(live)
    by_row = sum((row.whole.counts for row in found.rows), Counter[str]())
    by_column = sum((share.counts for share in found.columns), Counter[str]())
    assert by_row == by_column == found.whole.counts
    assert found.whole.total == 8


def test_an_indicator_gathers_its_measures_and_those_without_stand_empty(live: LiveOffice) -> None:
    by_number = {row.number: row for row in look(live).indicators}
    assert list(by_number) == list(range(1, 11))
    assert (by_number[3].measures, by_number[3].share.total) == (2, 8)
    assert (by_number[7].measures, by_number[7].share.total) == (1, 4)
    assert (by_number[1].measures, by_number[1].share.percent_done) == (0, 0)


def test_measures_that_name_no_indicator_are_gathered_apart(office: Found) -> None:
    (*_, last) = look(office()).indicators
    assert (last.number, last.measures, last.share.total) == (0, 1, 4)


@pytest.mark.parametrize(
    ("counts", "mark"),
    [
        ({Bucket.DONE: 3, Bucket.LATE: 1}, Bucket.LATE),
        ({Bucket.DONE: 3, Bucket.WAITING: 1, PLANNED: 4}, Bucket.WAITING),
        ({Bucket.DONE: 1, PLANNED: 3}, PLANNED),
        ({Bucket.DONE: 1, Bucket.CANCELLED: 1}, Bucket.DONE),
        ({Bucket.CANCELLED: 1}, Bucket.CANCELLED),
    ],
)
def test_a_share_is_named_by_what_is_most_urgent(counts: dict[str, int], mark: str) -> None:
    assert Share(Counter(counts)).mark == mark


def test_what_was_cancelled_is_not_asked_for() -> None:
    share = Share(Counter({Bucket.DONE: 1, Bucket.LATE: 1, Bucket.CANCELLED: 2}))
    assert (share.total, share.percent_done, share.percent_late) == (2, 50, 50)


def test_late_is_what_was_not_handed_in_before_its_last_day_closed(live: LiveOffice) -> None:
    assert [c.id for c in look(live, at("2023-01-10 16:30")).pressing.late] == []
    late = look(live, at("2023-01-10 16:31"))
    assert [c.id for c in late.pressing.late] == [FIRST, "2566-m2.1-khlang-q1"]
    assert cell(late, "m1", "chang").mark == Bucket.LATE


def test_what_cannot_be_done_is_neither_done_nor_late(live: LiveOffice) -> None:
    with live.desk() as desk:
        state_cannot_do(desk, FIRST, CannotDoReason.NO_BUDGET, reason="", by="the-chang-officer", now=OPENED)
    stated = cell(look(live, at("2023-01-20 09:00"), quarter=1), "m1", "chang")
    assert (stated.done, stated.late, stated.total, stated.mark) == (0, 0, 1, Bucket.WAITING)
    with live.desk() as desk:
        confirm(desk, FIRST, by="the-chang-head", now=OPENED)
    share = cell(look(live, at("2023-01-20 09:00"), quarter=1), "m1", "chang")
    assert (share.done, share.late, share.total, share.mark) == (0, 0, 1, Bucket.CANNOT)


def test_coming_looks_thirty_days_ahead_by_deadline(live: LiveOffice) -> None:
    assert [one.card.id for one in look(live).pressing.coming] == [FIRST, "2566-m2.1-khlang-q1"]
    assert SECOND not in {one.card.id for one in look(live, at("2023-03-10 09:00")).pressing.coming}
    assert SECOND in {one.card.id for one in look(live, at("2023-03-11 09:00")).pressing.coming}


def test_what_opens_soon_is_counted(live: LiveOffice) -> None:
    assert look(live, at("2023-03-03 09:00")).opening == 0
    assert look(live, at("2023-03-04 09:00")).opening == 2


def test_the_present_year_is_shown_unless_another_is_named(live: LiveOffice) -> None:
    with live.desk() as desk:
        plan = make_plan().rolled_to(FiscalYear(2567))
        activate(desk, import_plan(desk, plan, by=ADMIN, now=OPENED).stored, by=ADMIN, now=OPENED)
    assert look(live).fiscal_year_be == 2566
    assert look(live, year=2567).fiscal_year_be == 2567
    assert look(live, year=2599).fiscal_year_be == 2566
    assert look(live, at("2023-10-02 09:00")).fiscal_year_be == 2567


def test_last_years_last_reports_are_not_lost_in_october(live: LiveOffice) -> None:
    with live.desk() as desk:
        plan = make_plan().rolled_to(FiscalYear(2567))
        activate(desk, import_plan(desk, plan, by=ADMIN, now=OPENED).stored, by=ADMIN, now=OPENED)
    october = at("2023-10-02 09:00")
    live.advance(october)
    finish(live, FIRST, october)
    found = look(live, october)
    assert "2566-m1.1-chang-q4" in {one.card.id for one in found.pressing.coming}
    assert SECOND in {c.id for c in found.pressing.late}
    assert FIRST not in {one.card.id for one in found.pressing.coming}
    assert found.whole.total == 4
    assert SECOND in {c.id for c in talk(live, october).pressing.late}


def test_an_office_without_a_plan_has_nothing_to_look_over(store: Store) -> None:
    with store.unit_of_work("ban-mai") as uow:
        create(uow, make_office(), make_people(), by=ADMIN, now=OPENED)
        desk = Desk.open(uow)
        assert survey(desk, DIVISIONS, OPENED).fiscal_year_be is None
        assert agenda(desk, CHANG, OPENED, 25).pressing.coming == ()


class TestTheMeeting:
    def test_it_has_the_late_and_what_is_due_in_45_days_of_one_division(self, live: LiveOffice) -> None:
        found = talk(live, at("2023-02-27 09:00"))
        assert [c.id for c in found.pressing.late] == [FIRST]
        assert [one.card.id for one in found.pressing.coming] == [SECOND]
        assert [one.card.id for one in talk(live, at("2023-02-23 09:00")).pressing.coming] == []

    def test_what_is_not_open_yet_says_when_it_will_be(self, office: Found) -> None:
        step = make_step(
            start=at("2023-02-10 00:00").date(),
            end=at("2023-02-14 00:00").date(),
            reporting=make_reporting(cadence=Cadence.ONCE),
        )
        found = office(plan=make_plan(measures=(make_measure(steps=(step,)),)))
        (coming,) = talk(found, at("2023-02-01 09:00")).pressing.coming
        assert coming.opens_on == at("2023-02-10 00:00").date()
