from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plan import Cadence, Measure, Plan, Step
from domain.revision import ChangeKind, Difference, Field, alike, difference, rekeyed
from plans.examples import plan_2566
from plans.review import read_review
from plans.review.to_plan import to_plan
from tests.factories import make_measure, make_plan, make_reporting, make_responsible, make_step

REAL = to_plan(read_review(plan_2566().review.read_text("utf-8")))
TEXTS = (
    "ประกาศเจตนารมณ์การป้องกันการทุจริต",
    "จัดกิจกรรมอบรมคุณธรรมจริยธรรมให้บุคลากร",
    "สำรวจความพึงพอใจของผู้รับบริการ",
    "เผยแพร่แผนการจัดซื้อจัดจ้างบนเว็บไซต์",
)


def _steps(*texts: str, measure: str = "m1") -> tuple[Step, ...]:
    return tuple(make_step(key=f"{measure}.{n}", text=text) for n, text in enumerate(texts, 1))


def _plan(*texts: str) -> Plan:
    return make_plan(measures=(make_measure(steps=_steps(*texts)),))


def _keys(plan: Plan) -> dict[str, str]:
    return {step.text: step.key for _, step in plan.steps()}


def _told(found: Difference) -> list[tuple[ChangeKind, str, bool]]:
    placed = ((change, change.after or change.before) for change in found.steps)
    return [(change.kind, where.step.text, change.is_moved) for change, where in placed if where]


def test_a_plan_differs_in_nothing_from_itself() -> None:
    assert difference(REAL, REAL).is_empty


def test_another_title_is_told() -> None:
    found = difference(make_plan(title="มาตรการ"), make_plan(title="มาตรการ (แก้ไข)"))
    assert found.title is not None
    assert (found.title.before, found.title.after, found.is_empty) == ("มาตรการ", "มาตรการ (แก้ไข)", False)
    assert difference(make_plan(), make_plan()).title is None


def test_spaces_mean_nothing() -> None:
    assert difference(_plan("จัดกิจกรรม อบรม"), _plan("จัดกิจกรรมอบรม")).is_empty


def test_a_step_put_before_another_is_added_and_moves_nothing() -> None:
    found = difference(_plan(TEXTS[0]), _plan(TEXTS[1], TEXTS[0]))
    assert _told(found) == [(ChangeKind.ADDED, TEXTS[1], False)]


def test_a_step_that_is_gone_is_removed() -> None:
    found = difference(_plan(*TEXTS[:3]), _plan(TEXTS[0], TEXTS[2]))
    assert _told(found) == [(ChangeKind.REMOVED, TEXTS[1], False)]


def test_an_edited_step_shows_old_beside_new() -> None:
    old = _plan(TEXTS[0], TEXTS[1])
    step = make_step(
        text=TEXTS[0] + " ประจำปี",
        responsible=make_responsible(units=("กองคลัง",)),
        end=date(2023, 3, 31),
        reporting=make_reporting(cadence=Cadence.ANNUAL),
    )
    new = make_plan(measures=(make_measure(steps=(step, old.measures[0].steps[1])),))
    (change,) = difference(old, new).steps
    assert change.kind is ChangeKind.CHANGED
    assert [found.field for found in change.fields] == [
        Field.TEXT,
        Field.RESPONSIBLE,
        Field.PERIOD,
        Field.REPORTING,
    ]
    assert (change.fields[0].before, change.fields[0].after) == (TEXTS[0], f"{TEXTS[0]} ประจำปี")


def test_what_is_only_printed_otherwise_is_no_change() -> None:
    old, new = make_step(period_raw="ต.ค.-ก.ย."), make_step(period_raw="ต.ค. 65 - ก.ย. 66")
    plans = [make_plan(measures=(make_measure(steps=(step,)),)) for step in (old, new)]
    assert difference(*plans).is_empty


def test_the_order_of_names_is_no_change() -> None:
    plans = [
        make_plan(measures=(make_measure(steps=(make_step(responsible=make_responsible(units=units)),)),))
        for units in (("กองช่าง", "กองคลัง"), ("กองคลัง", "กองช่าง"))
    ]
    assert difference(*plans).is_empty


def test_of_a_changed_order_as_few_steps_as_possible_have_moved() -> None:
    found = difference(_plan(*TEXTS), _plan(TEXTS[3], *TEXTS[:3]))
    assert _told(found) == [(ChangeKind.MOVED, TEXTS[3], True)]


def _two(first: tuple[Step, ...], second: tuple[Step, ...]) -> Plan:
    one = make_measure(key="m1", title="การใช้งบประมาณ", indicators=(2,), steps=first)
    other = make_measure(key="m2", number=2, title="การเปิดเผยข้อมูล", indicators=(9,), steps=second)
    return make_plan(measures=(one, other))


def test_a_step_in_another_measure_has_moved_and_keeps_its_key() -> None:
    old = _two(_steps(TEXTS[0], TEXTS[1]), _steps(TEXTS[2], measure="m2"))
    new = _two(_steps(TEXTS[0]), _steps(TEXTS[1], TEXTS[2], measure="m2"))
    assert _told(difference(old, new)) == [(ChangeKind.MOVED, TEXTS[1], True)]
    assert _keys(rekeyed(new, old)) == {TEXTS[0]: "m1.1", TEXTS[1]: "m1.2", TEXTS[2]: "m2.1"}


def test_the_same_words_in_two_measures_stay_with_their_own() -> None:
    old = _two(_steps(TEXTS[0]), _steps(TEXTS[0], measure="m2"))
    new = _two((), _steps(TEXTS[1], TEXTS[0], measure="m2"))
    found = rekeyed(new, old)
    assert [step.key for _, step in found.steps()] == ["m2.2", "m2.1"]
    assert [(kind, moved) for kind, _, moved in _told(difference(old, new))] == [
        (ChangeKind.ADDED, False),
        (ChangeKind.REMOVED, False),
    ]


def test_the_same_words_for_two_divisions_stay_with_their_own() -> None:
    one = make_step(key="m1.1", responsible=make_responsible(units=("กองช่าง",)))
    other = make_step(key="m1.2", responsible=make_responsible(units=("กองคลัง",)))
    old = make_plan(measures=(make_measure(steps=(one, other)),))
    new = make_plan(measures=(make_measure(steps=(other.model_copy(update={"key": "m1.1"}),)),))
    assert [step.key for _, step in rekeyed(new, old).steps()] == ["m1.2"]


def test_a_renumbered_measure_keeps_its_key_and_says_so() -> None:
    old = _two(_steps(TEXTS[0]), _steps(TEXTS[1], measure="m2"))
    renumbered = old.measures[1].model_copy(update={"key": "m1", "number": 1})
    new = make_plan(measures=(renumbered,))
    assert rekeyed(new, old).measures[0].key == "m2"
    found = difference(old, new)
    assert [(change.kind, [f.field for f in change.fields]) for change in found.measures] == [
        (ChangeKind.CHANGED, [Field.NUMBER]),
        (ChangeKind.REMOVED, []),
    ]


def test_a_measure_of_the_same_number_and_indicator_is_the_same_measure_reworded() -> None:
    old = make_plan(measures=(make_measure(title="การใช้งบ", indicators=(2,), steps=_steps(TEXTS[0])),))
    new = make_plan(measures=(make_measure(title="ด้านการเงินการคลัง", indicators=(2,), steps=_steps(TEXTS[1])),))
    assert [change.kind for change in difference(old, new).measures] == [ChangeKind.CHANGED]


def test_another_measure_under_a_used_number_gets_a_key_of_its_own() -> None:
    old = make_plan(measures=(make_measure(title="การใช้งบประมาณ", steps=_steps(TEXTS[0])),))
    new = make_plan(measures=(make_measure(title="คุณภาพการดำเนินงาน", steps=_steps(TEXTS[2])),))
    found = rekeyed(new, old)
    assert (found.measures[0].key, found.measures[0].steps[0].key) == ("m1-2", "m1-2.1")


def test_an_edited_step_keeps_its_key_and_a_new_one_gets_a_fresh_one() -> None:
    old = _plan(*TEXTS[:3])
    found = rekeyed(_plan(TEXTS[3], TEXTS[0] + " ประจำปี", TEXTS[2]), old)
    assert _keys(found) == {TEXTS[3]: "m1.4", TEXTS[0] + " ประจำปี": "m1.1", TEXTS[2]: "m1.3"}


def test_a_key_that_was_ever_used_is_not_used_for_something_new() -> None:
    found = rekeyed(_plan(TEXTS[0], TEXTS[1]), _plan(TEXTS[0]), taken=["m1.2", "m1.17", "m1.x"])
    assert _keys(found)[TEXTS[1]] == "m1.18"


def test_a_step_put_back_gets_its_own_key_again() -> None:
    first, second = _plan(TEXTS[0], TEXTS[1]), _plan(TEXTS[0])
    assert _keys(rekeyed(_plan(TEXTS[1], TEXTS[0]), second, [first])) == {TEXTS[1]: "m1.2", TEXTS[0]: "m1.1"}


def test_a_step_put_back_elsewhere_is_a_new_one() -> None:
    first = _two(_steps(TEXTS[0], TEXTS[1]), _steps(TEXTS[2], measure="m2"))
    second = _two(_steps(TEXTS[0]), _steps(TEXTS[2], measure="m2"))
    third = _two(_steps(TEXTS[0]), _steps(TEXTS[2], TEXTS[1], measure="m2"))
    assert _keys(rekeyed(third, second, [first]))[TEXTS[1]] == "m2.2"


def test_carried_work_is_not_the_step_it_was_carried_from() -> None:
    old = _plan(TEXTS[0])
    carried = make_step(key="m1.2", text=TEXTS[0], carried_from=2565)
    new = make_plan(measures=(make_measure(steps=(carried, *old.measures[0].steps)),))
    assert [step.key for _, step in rekeyed(new, old).steps()] == ["m1.2", "m1.1"]
    assert [change.kind for change in difference(old, new).steps] == [ChangeKind.ADDED]


def _numbered_by_place(plan: Plan) -> Plan:
    """Keys as a file just read has them."""

    def numbered(measure: Measure) -> Measure:
        steps = (s.model_copy(update={"key": f"{measure.key}.{n}"}) for n, s in enumerate(measure.steps, 1))
        return measure.model_copy(update={"steps": tuple(steps)})

    return plan.model_copy(update={"measures": tuple(numbered(m) for m in plan.measures)})


@given(st.data())
def test_whatever_stays_of_a_real_plan_keeps_its_key_and_no_key_is_used_twice(data: st.DataObject) -> None:
    def edited(measure: Measure) -> Measure:
        steps = data.draw(st.permutations(measure.steps))
        return measure.model_copy(update={"steps": tuple(steps[: data.draw(st.integers(1, len(steps)))])})

    new = REAL.model_copy(update={"measures": tuple(edited(m) for m in data.draw(st.permutations(REAL.measures)))})
    found = rekeyed(_numbered_by_place(new), REAL)
    assert found == new
    told = difference(REAL, found)
    assert told.count(ChangeKind.ADDED) == 0
    assert told.count(ChangeKind.REMOVED) == sum(1 for _ in REAL.steps()) - sum(1 for _ in new.steps())


@given(st.lists(st.text("กขคงจฉ ", max_size=12), max_size=5), st.lists(st.text("กขคงจฉ ", max_size=12), max_size=5))
def test_keys_are_always_each_their_own(old: list[str], new: list[str]) -> None:
    found = rekeyed(_plan(*new), _plan(*old))
    keys = [step.key for _, step in found.steps()]
    assert len(keys) == len(set(keys)) == len(new)
    assert found.has_content_of(_plan(*new))


@pytest.mark.parametrize(("left", "right", "least", "most"), [("", "", 1, 1), ("ก", "ก", 1, 1), ("ก", "ข", 0, 0)])
def test_short_texts_are_alike_or_not(left: str, right: str, least: float, most: float) -> None:
    assert least <= alike(left, right) <= most
