from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest

from domain.assignment import State
from domain.errors import BadInputError, NotFoundError
from domain.fiscal import FiscalYear
from domain.plan import Plan, Step
from domain.report_period import quarterly
from services.assignments.hand_in import Result, hand_in
from services.assignments.review import accept
from services.planning.plans import CannotActivateError, activate, import_plan, preview, renewed, waiting
from services.planning.revision_text import due_dates_that_stay, preview_lines
from services.planning.roll_over import roll_over
from services.reporting.quarter_report import freeze
from storage.errors import AlreadyThereError
from storage.offices import PlanRevision
from storage.records import Report
from tests.factories import (
    NONE_CONFIRMED,
    at,
    make_measure,
    make_plan,
    make_responsible,
    make_step,
)
from tests.services.live_office import ADMIN, LiveOffice

Found = Callable[..., LiveOffice]

LATER = at("2023-01-11 10:00")


def _plan(*steps: Step, title: str = "มาตรการ") -> Plan:
    return make_plan(title=title, measures=(make_measure(steps=steps),))


def _take(live: LiveOffice, plan: Plan) -> PlanRevision:
    with live.desk() as desk:
        stored = import_plan(desk, plan, by=ADMIN, now=LATER).stored
        activate(desk, stored, by=ADMIN, now=LATER)
    return stored


def _in_force(live: LiveOffice) -> tuple[int, date | None]:
    with live.reading() as desk:
        (stored,) = desk.plans
    return stored.revision, stored.in_force_on


ONE, TWO = make_step(), make_step(key="m1.2", text="จัดกิจกรรม")


def test_the_same_content_is_one_revision_and_one_ledger_line(office: Found) -> None:
    live = office(plan=_plan(ONE))
    with live.desk() as desk:
        again = import_plan(desk, _plan(ONE), by=ADMIN, now=LATER)
    assert (again.is_new, again.stored.revision) == (False, 1)
    assert len(live.ledger("plan.imported")) == 1


def test_a_plan_taken_before_its_year_is_in_force_from_the_first_day(office: Found) -> None:
    assert _in_force(office()) == (1, date(2022, 10, 1))


def test_a_plan_taken_in_its_year_is_in_force_from_that_day(office: Found) -> None:
    live = office(at=LATER)
    assert _in_force(live) == (1, date(2023, 1, 11))


def test_a_later_revision_keeps_the_day_in_force_and_every_deadline(office: Found) -> None:
    live = office(plan=_plan(ONE))
    live.advance(LATER)
    before = live.assignments()
    _take(live, _plan(ONE, title="มาตรการ (แก้คำผิด)"))
    live.advance(LATER)
    assert _in_force(live) == (2, date(2022, 10, 1))
    assert live.assignments() == before


def test_a_dropped_step_is_cancelled_and_its_results_stay(office: Found) -> None:
    live = office(plan=_plan(ONE, TWO))
    live.advance(LATER)
    with live.desk() as desk:
        result = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
        hand_in(desk, "2566-m1.2-chang-q1", result, by="the-chang-officer", now=LATER)
        accept(desk, "2566-m1.2-chang-q1", by="the-chang-head", now=LATER)
    _take(live, _plan(ONE))
    assert {a.id: a.state for a in live.assignments()} == {
        "2566-m1.1-chang-q1": State.OPEN,
        "2566-m1.1-chang-q2": State.OPEN,
        "2566-m1.2-chang-q1": State.ACCEPTED,
        "2566-m1.2-chang-q2": State.CANCELLED,
    }
    (line,) = live.ledger("assignment.cancel")
    assert "no longer" in str(line.entry.data["reason"])
    assert live.advance(at("2023-06-01 08:30")).faults == ()
    assert live.get("2566-m1.2-chang-q2").state is State.CANCELLED


def test_a_division_that_a_step_no_longer_names_is_asked_no_more(office: Found) -> None:
    live = office(plan=_plan(ONE))
    live.advance(LATER)
    _take(live, _plan(make_step(responsible=make_responsible(units=("กองคลัง",)))))
    live.advance(LATER)
    assert {a.id: a.state for a in live.assignments()} == {
        "2566-m1.1-chang-q1": State.CANCELLED,
        "2566-m1.1-chang-q2": State.CANCELLED,
        "2566-m1.1-khlang-q1": State.OPEN,
        "2566-m1.1-khlang-q2": State.OPEN,
    }


def test_an_earlier_revision_does_not_come_back_in_silence(office: Found) -> None:
    """The newest activated revision is in force: activating an older one would change nothing and say it had."""
    live = office(plan=_plan(ONE))
    _take(live, _plan(ONE, TWO))
    live.advance(LATER)
    with live.desk() as desk, pytest.raises(BadInputError, match="Revision 2 has come into force since"):
        activate(desk, import_plan(desk, _plan(ONE), by=ADMIN, now=LATER).stored, by=ADMIN, now=LATER)
    assert _in_force(live)[0] == 2
    assert all(a.state is State.OPEN for a in live.assignments())


def test_activating_the_revision_in_force_again_is_harmless(office: Found) -> None:
    live = office(plan=_plan(ONE))
    live.advance(LATER)
    before = live.assignments()
    lines = len(live.ledger())
    _take(live, _plan(ONE))
    assert _in_force(live) == (1, date(2022, 10, 1))
    assert live.assignments() == before
    assert len(live.ledger()) == lines


def test_every_unknown_division_is_named_at_once(office: Found) -> None:
    steps = [
        make_step(key=f"m1.{n}", responsible=make_responsible(units=(unit,)))
        for n, unit in enumerate(("กองช่าง", "กองประปา", "กองขนส่ง"))
    ]
    live = office()
    with live.desk() as desk:
        stored = import_plan(desk, _plan(*steps), by=ADMIN, now=LATER).stored
    with live.desk() as desk, pytest.raises(CannotActivateError) as refused:
        activate(desk, stored, by=ADMIN, now=LATER)
    for words in ("“กองประปา” (step m1.2)", "“กองขนส่ง” (step m1.3)", "an alias", "สำนักปลัด"):
        assert words in str(refused.value)
    assert "กองช่าง" not in str(refused.value).split("The office has")[0]
    assert _in_force(live)[0] == 1


def test_rolling_over_makes_a_revision_of_the_next_year_not_in_force(office: Found) -> None:
    live = office(plan=_plan(ONE))
    with live.desk() as desk:
        rolled = roll_over(desk, FiscalYear(2566), FiscalYear(2567), by=ADMIN, now=LATER).imported
    step = rolled.stored.plan.measures[0].steps[0]
    assert (rolled.stored.plan.fiscal_year_be, step.start, step.end) == (2567, date(2023, 10, 1), date(2024, 9, 30))
    assert _in_force(live) == (1, date(2022, 10, 1))
    with live.desk() as desk, pytest.raises(NotFoundError):
        roll_over(desk, FiscalYear(2570), FiscalYear(2571), by=ADMIN, now=LATER)


def test_two_years_run_side_by_side(office: Found) -> None:
    live = office(plan=_plan(ONE))
    _take(live, _plan(ONE).rolled_to(FiscalYear(2567)))
    with live.reading() as desk:
        assert [stored.plan.fiscal_year_be for stored in desk.plans] == [2566, 2567]
        assert desk.plan(2567).in_force_on == date(2023, 10, 1)


@pytest.mark.parametrize("title", ["ก", "ข"])
def test_imports_at_once_are_one_revision_each(office: Found, title: str) -> None:
    live = office(plan=_plan(ONE))
    start, said = threading.Barrier(3), list[str]()

    def take() -> None:
        start.wait()
        try:
            with live.desk() as desk:
                said.append(str(import_plan(desk, _plan(ONE, title=title), by=ADMIN, now=LATER).is_new))
        except AlreadyThereError:
            said.append("refused")

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 3
    assert len(live.ledger("plan.imported")) == 2
    assert live.audit(LATER).lines == len(live.ledger())


def test_a_report_still_names_a_measure_whose_steps_are_all_cancelled(office: Found) -> None:
    live = office(plan=_plan(ONE, TWO))
    live.advance(LATER)
    _take(live, _plan(TWO))
    with live.desk() as desk:
        frozen = freeze(desk, quarterly(2566, 1), at("2023-02-01 08:30"))
    assert isinstance(frozen, Report)
    assert frozen.snapshot.totals.cancelled == 1


def test_a_revision_that_never_was_in_force_comes_back_as_the_newest(office: Found) -> None:
    live = office(plan=_plan(ONE))
    live.advance(LATER)
    before = live.assignments()
    with live.desk() as desk:
        older = import_plan(desk, _plan(ONE, title="ก"), by=ADMIN, now=LATER).stored
    _take(live, _plan(ONE, title="ข"))
    with live.desk() as desk:
        again = renewed(desk, older, by=ADMIN, now=LATER)
        activate(desk, again, by=ADMIN, now=LATER)
    assert (again.revision, again.plan.restores, again.plan.title) == (4, 2, "ก")
    assert _in_force(live) == (4, date(2022, 10, 1))
    assert live.assignments() == before
    with live.reading() as desk:
        assert waiting(desk.uow.plans.of_year(2566)) == []


def test_due_dates_that_stay_are_said_where_only_the_period_changes(office: Found) -> None:
    live = office(plan=_plan(make_step(end=date(2023, 9, 29))))
    with live.reading() as desk:
        seen = preview(desk, _plan(ONE), LATER)
        ((key, dates),) = due_dates_that_stay(seen, desk).items()
        lines = list(preview_lines(seen, desk))
    assert (key, len(dates)) == ("m1.1", 4)
    assert f"      due dates stay: {', '.join(map(str, dates))}" in lines


def test_due_dates_that_move_are_not_said_to_stay(office: Found) -> None:
    live = office(plan=_plan(make_step(end=date(2023, 3, 31))))
    with live.reading() as desk:
        assert due_dates_that_stay(preview(desk, _plan(ONE), LATER), desk) == {}
