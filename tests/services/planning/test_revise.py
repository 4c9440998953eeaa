from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.assignment import Assignment, State
from domain.errors import BadInputError, NotFoundError
from domain.fiscal import FiscalYear
from domain.opening import due
from domain.plan import Cadence, Plan, Step
from services.assignments.hand_in import Result, hand_in
from services.assignments.review import accept
from services.planning.apply_revision import Effect
from services.planning.match_units import UnitsOpenError, settle_units
from services.planning.plans import Preview, activate, import_plan, preview
from tests.factories import (
    NONE_CONFIRMED,
    at,
    make_measure,
    make_plan,
    make_reporting,
    make_responsible,
    make_step,
)
from tests.services.live_office import ADMIN, LiveOffice

Found = Callable[..., LiveOffice]

NOW = at("2023-01-11 10:00")
ONE = make_step(text="ประกาศเจตนารมณ์การป้องกันการทุจริต")
TWO = make_step(key="m1.2", text="จัดกิจกรรมอบรมคุณธรรมจริยธรรม")
NEW = make_step(key="m1.3", text="เผยแพร่แผนการจัดซื้อจัดจ้างบนเว็บไซต์")


def _plan(*steps: Step, **facts: Any) -> Plan:
    return make_plan(measures=(make_measure(steps=steps, title="การใช้งบประมาณ"),), **facts)


def _asked_of(*units: str, **facts: Any) -> Step:
    return make_step(responsible=make_responsible(units=units), **facts)


def _seen(live: LiveOffice, plan: Plan) -> Preview:
    with live.reading() as desk:
        return preview(desk, plan, NOW)


def _take(live: LiveOffice, plan: Plan) -> Effect:
    """Import and activate, after checking that what is done is what was shown."""
    shown = _seen(live, plan)
    with live.desk() as desk:
        done = activate(desk, import_plan(desk, plan, by=ADMIN, now=NOW).stored, by=ADMIN, now=NOW)
    assert _named(done) == _named(shown.effect)
    _check(live, done)
    return done


def _named(done: Effect) -> dict[str, object]:
    """Everything an effect tells, but for the number of the revision."""
    return {
        "cancelled": [a.id for a in done.cancelled],
        "staying": [a.id for a in done.staying],
        "replanned": [(told.before.id, told.due_on) for told in done.replanned],
        "reopened": [(told.before.id, told.due_on) for told in done.reopened],
        "opening": [(o.assignment.id, o.assignment.due_on, o.opens_on, o.is_due_now) for o in done.opening],
        "never": done.never_opening,
        "rehomed": [a.id for a in done.rehomed],
    }


def _check(live: LiveOffice, done: Effect) -> None:
    """What is stored now is what the effect told."""
    stored = {a.id: a for a in live.assignments()}
    assert all(stored[a.id].state is State.CANCELLED for a in done.cancelled)
    assert all(stored[a.id] == a for a in done.staying)
    assert all(stored[told.before.id].due_on == told.due_on for told in (*done.replanned, *done.reopened))
    assert all(stored[told.before.id].state is State.OPEN for told in done.reopened)
    for opening in done.opening:
        found = stored.get(opening.assignment.id)
        assert (found is not None) == opening.is_due_now
        assert found is None or (found.due_on, found.state) == (opening.assignment.due_on, State.OPEN)
    assert not set(done.never_opening) & set(stored)


def _states(live: LiveOffice) -> dict[str, State]:
    return {a.id.removeprefix("2566-"): a.state for a in live.assignments()}


def _clean(live: LiveOffice) -> None:
    """A run of the clock right after a revision finds nothing that the revision should have done."""
    assert live.advance(NOW).faults == ()
    assert live.audit(NOW).findings == ()


def _hand_in(live: LiveOffice, assignment: str, *, is_accepted: bool = False) -> Assignment:
    division = assignment.split("-")[2]
    with live.desk() as desk:
        result = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)
        hand_in(desk, assignment, result, by=f"the-{division}-officer", now=NOW)
        if is_accepted:
            accept(desk, assignment, by=f"the-{division}-head", now=NOW)
    return live.get(assignment)


def test_the_first_plan_of_a_year_is_not_compared(office: Found) -> None:
    live = office(plan=_plan(ONE))
    seen = _seen(live, _plan(ONE).rolled_to(FiscalYear(2567)))
    assert (seen.base, seen.difference.is_empty, seen.effect.is_empty) == (None, True, True)


def test_looking_changes_nothing(office: Found) -> None:
    live = office(plan=_plan(ONE, TWO))
    live.advance(NOW)
    before = live.assignments(), len(live.ledger())
    assert not _seen(live, _plan(NEW)).effect.is_empty
    assert (live.assignments(), len(live.ledger())) == before


def test_a_step_inserted_above_moves_no_work(office: Found) -> None:
    """Keys made from places would give the new step the old one's assignments."""
    live = office(plan=_plan(ONE, TWO))
    live.advance(NOW)
    before = {a.id: a for a in live.assignments()}
    done = _take(live, _plan(NEW.model_copy(update={"key": "m1.1"}), ONE.model_copy(update={"key": "m1.2"}), TWO))
    assert [o.assignment.id for o in done.opening if o.is_due_now] == ["2566-m1.3-chang-q1", "2566-m1.3-chang-q2"]
    assert {a.id: a for a in live.assignments() if a.id in before} == before
    _clean(live)


def test_a_new_step_whose_quarter_is_over_gives_the_division_days_to_act(office: Found) -> None:
    live = office(plan=_plan(ONE))
    live.advance(NOW)
    _take(live, _plan(ONE, NEW))
    assert live.get("2566-m1.2-chang-q1").due_on == date(2023, 1, 18)
    assert live.get("2566-m1.2-chang-q2").due_on == live.get("2566-m1.1-chang-q2").due_on
    assert not live.get("2566-m1.2-chang-q1").is_overdue(_workdays(live), NOW)
    _clean(live)


def _workdays(live: LiveOffice) -> Any:
    with live.reading() as desk:
        return desk.workdays


def test_what_opens_later_is_told_and_left_to_the_clock(office: Found) -> None:
    live = office(plan=_plan(ONE))
    live.advance(NOW)
    late = NEW.model_copy(update={"start": date(2023, 7, 1)})
    done = _take(live, _plan(ONE, late))
    coming = [(o.assignment.id, o.opens_on) for o in done.opening if not o.is_due_now]
    assert coming == [("2566-m1.2-chang-q4", date(2023, 7, 3))]
    live.advance(at("2023-07-03 08:30"))
    assert live.get("2566-m1.2-chang-q4").state is State.OPEN


def test_what_a_division_has_done_stays_when_its_step_is_dropped(office: Found) -> None:
    live = office(plan=_plan(ONE, TWO))
    live.advance(NOW)
    _hand_in(live, "2566-m1.2-chang-q1", is_accepted=True)
    _hand_in(live, "2566-m1.2-chang-q2")
    done = _take(live, _plan(ONE))
    assert [a.id for a in done.staying] == ["2566-m1.2-chang-q1", "2566-m1.2-chang-q2"]
    assert done.cancelled == ()
    assert done.never_opening == ("2566-m1.2-chang-q3", "2566-m1.2-chang-q4")
    _clean(live)


def test_a_period_no_longer_asked_for_is_cancelled(office: Found) -> None:
    live = office(plan=_plan(ONE))
    live.advance(NOW)
    yearly = ONE.model_copy(update={"reporting": make_reporting(cadence=Cadence.ANNUAL)})
    done = _take(live, _plan(yearly))
    assert [a.id for a in done.cancelled] == ["2566-m1.1-chang-q1", "2566-m1.1-chang-q2"]
    assert live.get("2566-m1.1-chang-y").state is State.OPEN
    _clean(live)


def test_a_step_put_back_opens_again_and_keeps_what_was_accepted(office: Found) -> None:
    live = office(plan=_plan(ONE, TWO))
    live.advance(NOW)
    _hand_in(live, "2566-m1.2-chang-q1", is_accepted=True)
    _take(live, _plan(ONE))
    assert live.get("2566-m1.2-chang-q2").state is State.CANCELLED
    done = _take(live, _plan(ONE, TWO, title="ฉบับที่สาม"))
    assert [told.before.id for told in done.reopened] == ["2566-m1.2-chang-q2"]
    assert _states(live) == {
        "m1.1-chang-q1": State.OPEN,
        "m1.1-chang-q2": State.OPEN,
        "m1.2-chang-q1": State.ACCEPTED,
        "m1.2-chang-q2": State.OPEN,
    }
    _clean(live)
    (line,) = [line for line in live.ledger("assignment.open") if line.entry.data.get("from") == "cancelled"]
    assert line.entry.subject == "2566-m1.2-chang-q2"
    assert _hand_in(live, "2566-m1.2-chang-q2").state is State.HANDED_IN


def test_a_division_named_again_is_asked_again(office: Found) -> None:
    both = _asked_of("กองช่าง", "กองคลัง")
    live = office(plan=_plan(both))
    live.advance(NOW)
    done = _take(live, _plan(_asked_of("กองช่าง")))
    assert [a.id for a in done.cancelled] == ["2566-m1.1-khlang-q1", "2566-m1.1-khlang-q2"]
    before = live.get("2566-m1.1-chang-q1")
    again = _take(live, _plan(both, title="ฉบับที่สาม"))
    assert len(again.reopened) == 2
    assert live.get("2566-m1.1-chang-q1") == before
    assert set(_states(live).values()) == {State.OPEN}
    _clean(live)


def test_a_step_that_moves_to_another_measure_takes_its_work_along(office: Found) -> None:
    measures = [
        make_measure(key=f"m{n}", number=n, title=title, indicators=(n,), steps=steps)
        for n, title, steps in (
            (1, "การใช้งบประมาณ", (ONE, TWO)),
            (2, "การเปิดเผยข้อมูล", (NEW.model_copy(update={"key": "m2.1"}),)),
        )
    ]
    live = office(plan=make_plan(measures=tuple(measures)))
    live.advance(NOW)
    moved = [
        measures[0].model_copy(update={"steps": (ONE,)}),
        measures[1].model_copy(update={"steps": (TWO, *measures[1].steps)}),
    ]
    done = _take(live, make_plan(measures=tuple(moved)))
    assert [a.id for a in done.rehomed] == ["2566-m1.2-chang-q1", "2566-m1.2-chang-q2"]
    assert live.get("2566-m1.2-chang-q1").measure_key == "m2"
    assert not done.cancelled
    assert not done.opening
    assert live.advance(NOW, "m2").opened == 2
    _clean(live)
    with live.reading() as desk:
        assert desk.wording(2566, "m2", "m1.2") is not None


def _once(end: date) -> Step:
    return ONE.model_copy(update={"end": end, "reporting": make_reporting(cadence=Cadence.ONCE)})


def test_a_deadline_follows_the_plan_and_says_so(office: Found) -> None:
    live = office(plan=_plan(_once(date(2023, 3, 31))))
    live.advance(NOW)
    done = _take(live, _plan(_once(date(2023, 5, 31))))
    (told,) = done.replanned
    assert (told.before.due_on, told.due_on) == (date(2023, 4, 10), date(2023, 6, 8))
    after = live.get("2566-m1.1-chang-once")
    assert (after.due_on, after.deadline_version, after.period.span.end) == (told.due_on, 2, date(2023, 5, 31))
    _clean(live)


def test_a_deadline_that_comes_earlier_leaves_days_to_act(office: Found) -> None:
    live = office(plan=_plan(_once(date(2023, 3, 31))))
    live.advance(NOW)
    _take(live, _plan(_once(date(2022, 12, 31))))
    assert live.get("2566-m1.1-chang-once").due_on == date(2023, 1, 18)
    _clean(live)


def test_a_corrected_word_touches_no_assignment(office: Found) -> None:
    live = office(plan=_plan(ONE, TWO))
    live.advance(NOW)
    before = live.assignments()
    done = _take(live, _plan(ONE.model_copy(update={"text": ONE.text + " ประจำปี"}), TWO))
    assert done.is_empty
    assert live.assignments() == before


def test_the_same_file_again_is_the_revision_already_there_whatever_its_keys(office: Found) -> None:
    live = office(plan=_plan(ONE))
    by_place = _plan(NEW.model_copy(update={"key": "m1.1"}), ONE.model_copy(update={"key": "m1.2"}))
    with live.desk() as desk:
        first = import_plan(desk, by_place, by=ADMIN, now=NOW)
        again = import_plan(desk, by_place, by=ADMIN, now=NOW)
    assert (first.is_new, again.is_new, again.stored.revision) == (True, False, 2)


def test_a_key_of_a_revision_that_never_came_into_force_is_not_used_again(office: Found) -> None:
    live = office(plan=_plan(ONE))
    with live.desk() as desk:
        import_plan(desk, _plan(ONE, NEW), by=ADMIN, now=NOW)
        third = import_plan(desk, _plan(ONE, TWO), by=ADMIN, now=NOW).stored
    assert [step.key for _, step in third.plan.steps()] == ["m1.1", "m1.3"]


def _settle(
    live: LiveOffice, plan: Plan, answers: dict[str, list[str]] | None = None, *, accepts: bool = False
) -> None:
    with live.desk() as desk:
        settle_units(desk, plan, answers or {}, accepts_proposals=accepts, command="sucharit", by=ADMIN, now=NOW)


def test_an_answered_name_is_kept_with_a_ledger_line_and_comes_into_force(office: Found) -> None:
    live, plan = office(plan=_plan(ONE)), _plan(_asked_of("กองคลงั"), title="แก้ไข")
    _settle(live, plan, {"กองคลงั": ["กองคลัง"]})
    _settle(live, plan)  # asked once only
    (line,) = live.ledger("division.named")
    assert (line.entry.subject, line.entry.data) == ("khlang", {"alias": "กองคลงั"})
    _take(live, plan)
    assert "m1.1-khlang-q1" in _states(live)


def test_a_name_can_mean_several_divisions(office: Found) -> None:
    live, plan = office(plan=_plan(ONE)), _plan(_asked_of("คณะทำงาน ITA"), title="แก้ไข")
    _settle(live, plan, {"คณะทำงาน ITA": ["palad", "khlang"]})
    _take(live, plan)
    assert {"m1.1-palad-q1", "m1.1-khlang-q1"} <= set(_states(live))


def test_proposals_are_taken_only_when_accepted(office: Found) -> None:
    live, plan = office(plan=_plan(ONE)), _plan(_asked_of("กองคลงั", "นิติกร"), title="แก้ไข")
    with pytest.raises(UnitsOpenError, match="is it กองคลัง") as refused:
        _settle(live, plan)
    assert "ใช่ กองคลัง (khlang) หรือไม่" in refused.value.in_thai()
    assert live.ledger("division.named") == []
    _settle(live, plan, accepts=True)
    assert {line.entry.subject for line in live.ledger("division.named")} == {"khlang", "palad"}


def test_an_answer_to_nothing_is_refused(office: Found) -> None:
    live, plan = office(plan=_plan(ONE)), _plan(_asked_of("กองคลงั"))
    for answers, error in (
        ({"กองเรือ": ["palad"]}, BadInputError),
        ({"กองคลงั": ["กองเรือ"]}, NotFoundError),
    ):
        with pytest.raises(error):
            _settle(live, plan, answers)


POOL = (
    "ประกาศเจตนารมณ์การป้องกันการทุจริต",
    "จัดกิจกรรมอบรมคุณธรรมจริยธรรม",
    "เผยแพร่แผนการจัดซื้อจัดจ้างบนเว็บไซต์",
    "สำรวจความพึงพอใจของผู้รับบริการ",
    "จัดทำคู่มือการปฏิบัติงาน",
)
TITLES = ("การใช้งบประมาณ", "คุณภาพการดำเนินงาน")


def _random_plan(chance: random.Random, n: int) -> Plan:
    """Steps of the pool in any order, measure, hands and cadence, with keys by place as a file just read has them."""
    chosen = chance.sample(POOL, chance.randint(1, len(POOL)))
    cut = chance.randint(0, len(chosen))
    measures = []
    for number, texts in enumerate((chosen[:cut], chosen[cut:]), 1):
        steps = tuple(
            make_step(
                key=f"m{number}.{place}",
                text=text,
                responsible=make_responsible(units=tuple(chance.sample(("กองช่าง", "กองคลัง"), chance.randint(1, 2)))),
                reporting=make_reporting(cadence=chance.choice((Cadence.QUARTERLY, Cadence.SEMIANNUAL, Cadence.ONCE))),
                end=date(2023, chance.choice((3, 6, 9)), 30),
            )
            for place, text in enumerate(texts, 1)
        )
        measures.append(make_measure(key=f"m{number}", number=number, title=TITLES[number - 1], steps=steps))
    return make_plan(measures=tuple(m for m in measures if m.steps), title=f"ฉบับ {n}")


@pytest.mark.parametrize("seed", range(12))
def test_any_sequence_of_revisions_does_what_it_shows_and_loses_no_work(office: Found, seed: int) -> None:
    chance = random.Random(seed)
    live = office(plan=_random_plan(chance, 0))
    done: set[str] = set()
    for n in range(1, 6):
        for measure in ("m1", "m2"):
            live.advance(NOW, measure)
        ready = [a for a in live.assignments() if a.state is State.OPEN]
        if ready:
            done.add(_hand_in(live, chance.choice(ready).id, is_accepted=chance.random() < 0.5).id)
        _take(live, _random_plan(chance, n))
        for measure in ("m1", "m2"):
            assert live.advance(NOW, measure).faults == ()
        assert live.audit(NOW).findings == ()
        assert all(live.get(key).state in (State.HANDED_IN, State.ACCEPTED) for key in done)
        assert {a.id for a in live.assignments() if a.state is State.OPEN} <= _asked_now(live)


def _asked_now(live: LiveOffice) -> set[str]:
    with live.reading() as desk:
        plan = desk.plan(2566)
        return {
            assignment.id
            for measure in plan.measures
            for assignment in due(
                plan, measure.key, (), desk.people, desk.workdays, desk.office.settings, at("2024-01-01 08:30")
            )
        }
