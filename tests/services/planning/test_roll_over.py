from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.catalogue import Certainty, catalogue
from domain.errors import BadInputError
from domain.fiscal import FiscalYear
from domain.plan import Plan, Scope, Step
from domain.revision import difference
from domain.submission import CannotDoReason
from services.assignments.hand_in import Result, hand_in, state_cannot_do
from services.assignments.review import accept, confirm
from services.planning.plans import activate, import_plan
from services.planning.revision_text import difference_lines, early_lines, rolled_lines
from services.planning.roll_over import RolledOver, roll_over
from tests.factories import NONE_CONFIRMED, at, make_measure, make_plan, make_responsible, make_step
from tests.services.live_office import ADMIN, OPENED_IN_TIME, LiveOffice

Found = Callable[..., LiveOffice]

Y2566, Y2567 = FiscalYear(2566), FiscalYear(2567)
LATE = at("2023-10-20 10:00")
ONE, TWO = make_step(), make_step(key="m1.2", text="จัดกิจกรรมอบรมคุณธรรม")
ALL = make_step(key="m1.3", text="เผยแพร่ข้อมูล", responsible=make_responsible(scope=Scope.ALL_DIVISIONS))


def _plan(*steps: Step, **facts: Any) -> Plan:
    return make_plan(measures=(make_measure(steps=steps, **facts),))


def _rolled(live: LiveOffice, source: FiscalYear = Y2566, target: FiscalYear = Y2567, **facts: Any) -> RolledOver:
    with live.desk() as desk:
        return roll_over(desk, source, target, by=ADMIN, now=LATE, **facts)


def _texts(done: RolledOver) -> list[str]:
    return [step.text for _, step in done.imported.stored.plan.steps()]


def _lines(live: LiveOffice, done: RolledOver, *, carries: bool = False) -> str:
    with live.reading() as desk:
        return "\n".join(rolled_lines(done, desk, carries=carries))


def test_a_plan_cannot_be_carried_into_its_own_year(office: Found) -> None:
    live = office(plan=_plan(ONE))
    with pytest.raises(BadInputError, match="own year"):
        _rolled(live, Y2566, Y2566)


def test_an_end_fitted_to_the_end_of_february_is_told(office: Found) -> None:
    live = office(plan=_plan(make_step(start=date(2023, 2, 1), end=date(2023, 2, 28)), TWO))
    done = _rolled(live)
    assert done.shift.fitted == (("m1.1", date(2023, 2, 28), date(2024, 2, 29)),)
    assert "m1.1 ends 2024-02-29 instead of on the day of 2023-02-28" in _lines(live, done)


def test_an_unsure_item_is_asked_about_and_left(office: Found) -> None:
    live = office(plan=_plan(make_step(text="จัดทำรายงาน O๔๓ ตาม O42 และ O7")))
    done = _rolled(live)
    assert _texts(done) == ["จัดทำรายงาน O๔๓ ตาม O42 และ O7"]
    assert done.shift.changed == ()
    assert [(q.words, q.proposed, q.places) for q in done.shift.asked] == [
        ("O43", "O35", ("m1.1",)),
        ("O42", "O34", ("m1.1",)),
        ("O7", None, ("m1.1",)),
    ]
    assert "O42 → O34?  in m1.1  (2567 is likely: " in _lines(live, done)


def test_an_item_a_person_names_is_replaced(office: Found) -> None:
    live = office(plan=_plan(make_step(text="จัดทำรายงาน O๔๓ ตาม O42")))
    done = _rolled(live, items={42: 34})
    assert _texts(done) == ["จัดทำรายงาน O๔๓ ตาม O34"]
    assert [(c.before, c.after, c.times) for c in done.shift.changed] == [("O42", "O34", 1)]
    assert [q.words for q in done.shift.asked] == ["O43"]


def test_a_sure_item_is_replaced_without_asking(office: Found) -> None:
    known = catalogue()
    sure = tuple(year.model_copy(update={"certainty": Certainty.SURE}) for year in known.years)
    live = office(plan=_plan(make_step(text="จัดทำรายงาน O๔๓ ตาม O42", sub_steps=("เผยแพร่ O42",))))
    done = _rolled(live, indicators=known.model_copy(update={"years": sure}))
    assert _texts(done) == ["จัดทำรายงาน O๓๕ ตาม O34"]
    assert done.shift.asked == ()
    assert done.shift.notes == ()
    assert [(c.before, c.after, c.times) for c in done.shift.changed] == [("O43", "O35", 1), ("O42", "O34", 2)]


def test_an_indicator_goes_by_its_new_name(office: Found) -> None:
    step = make_step(start=date(2021, 10, 1), end=date(2022, 9, 30))
    plan = _plan(step, title="การปรับปรุงระบบการทำงาน", indicators=(8,)).model_copy(update={"fiscal_year_be": 2565})
    live = office(plan=plan, at=at("2021-09-15 09:00"))
    done = _rolled(live, FiscalYear(2565), Y2566)
    assert done.imported.stored.plan.measures[0].title == "การปรับปรุงการทำงาน"
    assert [(c.before, c.times) for c in done.shift.changed] == [("การปรับปรุงระบบการทำงาน", 1)]


def test_a_year_nothing_is_known_of_is_said(office: Found) -> None:
    live = office(plan=_plan(make_step(text="ตาม O42")))
    done = _rolled(live, Y2566, FiscalYear(2570))
    assert "Nothing is known yet of the assessment of 2570" in _lines(live, done)
    assert [(q.words, q.proposed) for q in done.shift.asked] == [("O42", None)]


def test_years_in_texts_are_asked_about_or_moved(office: Found) -> None:
    live = office(plan=_plan(make_step(text="นำผลการประเมินปี ๒๕๖๕ มาวิเคราะห์ (2565)")))
    asked = _rolled(live)
    assert [(q.words, q.proposed) for q in asked.shift.asked] == [("2565", "2566")]
    moved = _rolled(live, shifts_years=True)
    assert _texts(moved) == ["นำผลการประเมินปี ๒๕๖๖ มาวิเคราะห์ (2566)"]
    assert moved.shift.asked == ()


def _played(office: Found) -> LiveOffice:
    """q1 accepted, q2 handed in, q3 impossible, q4 open; of every division's step one is accepted."""
    live = office(plan=_plan(ONE, ALL))
    live.advance(at("2023-07-05 08:30"))
    result = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
    with live.desk() as desk:
        for n in (1, 2):
            hand_in(desk, f"2566-m1.1-chang-q{n}", result, by="the-chang-officer", now=LATE)
        accept(desk, "2566-m1.1-chang-q1", by="the-chang-head", now=LATE)
        kind = CannotDoReason.NO_BUDGET
        state_cannot_do(desk, "2566-m1.1-chang-q3", kind, reason="", by="the-chang-officer", now=LATE)
        confirm(desk, "2566-m1.1-chang-q3", by="the-chang-head", now=LATE)
        for n in range(1, 5):
            hand_in(desk, f"2566-m1.3-khlang-q{n}", result, by="the-khlang-officer", now=LATE)
            accept(desk, f"2566-m1.3-khlang-q{n}", by="the-khlang-head", now=LATE)
    return live


def test_everything_not_accepted_is_listed_with_its_state(office: Found) -> None:
    live = _played(office)
    done = _rolled(live)
    own = [(u.assignment.id, u.assignment.state.value) for u in done.leftover.unfinished if u.step.key == "m1.1"]
    assert own == [
        ("2566-m1.1-chang-q2", "handed_in"),
        ("2566-m1.1-chang-q3", "cannot_do"),
        ("2566-m1.1-chang-q4", "open"),
    ]
    assert {u.assignment.division for u in done.leftover.unfinished if u.step.key == "m1.3"} == {
        "palad", "chang", "sueksa", "satharanasuk", "sawatdikan",
    }  # fmt: skip
    assert done.carried == ()
    assert len(_texts(done)) == 2


def test_what_a_division_says_it_cannot_do_waits_while_the_year_runs_and_is_unfinished_after_it(office: Found) -> None:
    live = office(plan=_plan(ONE))
    live.mornings(*OPENED_IN_TIME)
    now, key = at("2023-01-05 10:00"), "2566-m1.1-chang-q1"
    with live.desk() as desk:
        state_cannot_do(desk, key, CannotDoReason.NO_BUDGET, reason="", by="the-chang-officer", now=now)
        running = roll_over(desk, Y2566, Y2567, by=ADMIN, now=now).leftover
    assert (running.handed_in, running.unfinished) == (1, ())
    assert key in {left.assignment.id for left in _rolled(live).leftover.unfinished}


def _owed(office: Found) -> LiveOffice:
    """Work carried into the year, which two divisions owe and one of them has done; beside it a yearly step."""
    both = make_responsible(units=("กองช่าง", "กองคลัง"))
    owed = make_step(key="m1.4", text=TWO.text, carried_from=2565, end=date(2022, 12, 31), responsible=both)
    live = office(plan=_plan(ONE, owed))
    live.advance(at("2023-07-05 08:30"))
    with live.desk() as desk:
        result = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
        hand_in(desk, "2566-m1.4-khlang-q1", result, by="the-khlang-officer", now=LATE)
        accept(desk, "2566-m1.4-khlang-q1", by="the-khlang-head", now=LATE)
    return live


def test_unfinished_work_becomes_steps_of_the_first_quarter_for_those_who_owe_it(office: Found) -> None:
    live = _owed(office)
    done = _rolled(live, carries=True)
    (one,) = done.carried
    assert (one.text, one.carried_from, one.key) == (TWO.text, 2566, "m1.5")
    assert (one.start, one.end) == (date(2023, 10, 1), date(2023, 12, 31))
    assert [party.unit for party in one.responsible.parties] == ["กองช่าง"]
    with live.desk() as desk:
        activate(desk, done.imported.stored, by=ADMIN, now=LATE)
    with live.desk() as desk:
        plan = desk.plan(2567)
    assert [step.key for m in plan.measures for step in m.steps] == ["m1.1", "m1.5"]


def test_work_the_new_plan_asks_for_anyway_is_not_added_twice(office: Found) -> None:
    live = _played(office)
    done = _rolled(live, carries=True)
    assert done.carried == ()
    assert done.leftover.twins["2566-m1.1-chang-q3"] == "m1.1"
    assert set(done.leftover.twins) == {left.assignment.id for left in done.leftover.unfinished}
    assert "already there as m1.1" in _lines(live, done, carries=True)


def test_while_the_year_runs_only_what_is_late_or_came_back_is_unfinished(office: Found) -> None:
    live = office(plan=_plan(ONE))
    live.mornings(*OPENED_IN_TIME, "2023-04-05")
    now = at("2023-04-05 10:00")
    with live.desk() as desk:
        result = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
        hand_in(desk, "2566-m1.1-chang-q2", result, by="the-chang-officer", now=now)
        done = roll_over(desk, Y2566, Y2567, by=ADMIN, now=now)
    assert [left.assignment.id for left in done.leftover.unfinished] == ["2566-m1.1-chang-q1"]
    assert (done.leftover.handed_in, done.leftover.not_due, done.leftover.not_opened) == (1, 1, 1)
    assert next(early_lines(done)).startswith("The year before is not over: it ends on 2023-09-30.")
    assert list(early_lines(_rolled(live))) == []


def test_a_plan_is_not_carried_backwards(office: Found) -> None:
    live = office(plan=_plan(ONE))
    with pytest.raises(BadInputError, match="2565 comes before 2566"):
        _rolled(live, Y2566, FiscalYear(2565))


def test_years_in_the_title_move_with_the_texts(office: Found) -> None:
    title = "มาตรการ ปี ๒๕๖๖ (ผลปี ๒๕๖๕)"
    live = office(plan=_plan(make_step(text="ผลปี 2565")).model_copy(update={"title": title}))
    left = _rolled(live)
    assert left.imported.stored.plan.title == "มาตรการ ปี ๒๕๖๗ (ผลปี ๒๕๖๕)"
    assert [(q.words, q.places) for q in left.shift.asked] == [("2565", ("m1.1", "title"))]
    moved = _rolled(live, shifts_years=True)
    assert moved.imported.stored.plan.title == "มาตรการ ปี ๒๕๖๗ (ผลปี ๒๕๖๖)"
    assert [place for place, _, _ in moved.shift.moved] == ["title", "m1.1"]
    assert "    ผลปี 2565\n    → ผลปี 2566" in _lines(live, moved)


def test_that_there_is_no_year_to_move_is_said(office: Found) -> None:
    live = office(plan=_plan(ONE))
    assert "there was none to move" in _lines(live, _rolled(live, shifts_years=True))
    assert "there was none to move" not in _lines(live, _rolled(live))


def test_carried_work_is_marked_in_the_difference(office: Found) -> None:
    live = _owed(office)
    plain, carried = _rolled(live), _rolled(live, carries=True)
    assert carried.imported.stored.revision == 2
    found = difference(plain.imported.stored.plan, carried.imported.stored.plan)
    lines = "\n".join(difference_lines(found))
    assert lines.count("(carried over from 2566)") == 1
    assert "Steps: 1 added." in lines
    assert "carried over as 1 steps" in _lines(live, carried, carries=True)


def test_carried_work_is_not_repeated_a_year_later(office: Found) -> None:
    carried = make_step(key="m1.4", text=TWO.text, carried_from=2565, end=date(2022, 12, 31))
    live = office(plan=_plan(ONE, carried))
    done = _rolled(live)
    assert _texts(done) == [ONE.text]
    assert [step.key for step in done.left_out] == ["m1.4"]


def test_work_of_a_measure_that_a_revision_dropped_can_still_be_carried(office: Found) -> None:
    measures = (
        make_measure(steps=(ONE,), title="การใช้งบประมาณ"),
        make_measure(key="m2", number=2, title="การเปิดเผยข้อมูล", steps=(make_step(key="m2.1", text=TWO.text),)),
    )
    live = office(plan=make_plan(measures=measures))
    live.advance(at("2023-01-05 08:30"), "m2")
    with live.desk() as desk:
        result = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
        hand_in(desk, "2566-m2.1-chang-q1", result, by="the-chang-officer", now=LATE)
        stored = import_plan(desk, make_plan(measures=measures[:1]), by=ADMIN, now=LATE).stored
        activate(desk, stored, by=ADMIN, now=LATE)
    done = _rolled(live, carries=True)
    assert [(m.key, [s.key for s in m.steps]) for m in done.imported.stored.plan.measures] == [
        ("m1", ["m1.1"]),
        ("m2", ["m2.2"]),
    ]


def test_rolling_over_again_is_the_same_revision(office: Found) -> None:
    live = _owed(office)
    first, again = _rolled(live, carries=True), _rolled(live, carries=True)
    assert (first.imported.is_new, again.imported.is_new) == (True, False)


def test_what_has_not_opened_yet_is_counted(office: Found) -> None:
    live = office(plan=_plan(ONE))
    live.advance(at("2023-01-05 08:30"))
    done = _rolled(live)
    assert (len(done.leftover.unfinished), done.leftover.not_opened) == (2, 2)
    assert "(2 more have not opened yet;" in _lines(live, done)
