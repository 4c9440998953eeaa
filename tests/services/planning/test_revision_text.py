from __future__ import annotations

from datetime import date
from typing import Any

from domain.plan import Cadence, Party, Plan, Responsible, Scope, Step
from domain.revision import difference
from services.planning.revision_text import difference_lines
from tests.factories import make_measure, make_plan, make_reporting, make_responsible, make_step

LONG = "ประชาสัมพันธ์ช่องทางการเปิดเผยข้อมูลข่าวสารให้ประชาชนเข้าถึงรายละเอียดได้ง่ายและสะดวกผ่านเว็บไซต์ของหน่วยงาน"


def _plan(*steps: Step, **facts: Any) -> Plan:
    return make_plan(measures=(make_measure(steps=steps, **facts),))


def _said(old: Plan, new: Plan) -> list[str]:
    return list(difference_lines(difference(old, new)))


def _changed(**facts: Any) -> list[str]:
    return _said(_plan(make_step(text=LONG)), _plan(make_step(**{"text": LONG} | facts)))


def test_plans_that_say_the_same_differ_in_nothing() -> None:
    assert _changed() == ["  Nothing of meaning differs."]


def test_old_stands_beside_new() -> None:
    reporting = make_reporting(cadence=Cadence.SPECIFIED_QUARTERS, quarters_due=(2, 4))
    assert _changed(end=date(2023, 3, 31), reporting=reporting)[1:] == [
        "      period: ๑ ต.ค. ๒๕๖๕ - ๓๐ ก.ย. ๒๕๖๖ → ๑ ต.ค. ๒๕๖๕ - ๓๑ มี.ค. ๒๕๖๖",
        "      reporting: ทุกไตรมาส → ไตรมาสที่ระบุ (ไตรมาสที่ 2, 4)",
        "  Steps: 1 changed.",
    ]


def test_people_are_named_as_the_plan_names_them() -> None:
    parties = (Party(unit="กองคลัง", subunit="งานพัสดุ"), Party(unit="กองช่าง", role="support"))
    listed = Responsible(scope=Scope.LISTED, parties=parties)
    assert "      responsible: กองช่าง → กองคลัง/งานพัสดุ, กองช่าง (สนับสนุน)" in _changed(responsible=listed)
    everybody = make_responsible(scope=Scope.ALL_DIVISIONS)
    assert "      responsible: กองช่าง → ทุกสำนัก/กอง" in _changed(responsible=everybody)


def test_of_a_long_text_only_the_changed_part_is_shown() -> None:
    assert _changed(text=LONG.replace("เข้าถึง", "ค้นหา"))[1:3] == [
        "      text: …มูลข่าวสารให้ประชาชนเข้าถึงรายละเอียดได้ง่ายและ…",
        "        → …มูลข่าวสารให้ประชาชนค้นหารายละเอียดได้ง่ายและ…",
    ]


def test_of_a_list_only_the_changed_lines_are_shown() -> None:
    old = _plan(make_step(sub_steps=("ก่อน", "กลาง", "หลัง")))
    new = _plan(make_step(sub_steps=("ก่อน", "กลางคัน", "หลัง")))
    assert _said(old, new)[1] == "      sub-steps: กลาง → กลางคัน"
    turned = _plan(make_step(sub_steps=("หลัง", "กลาง", "ก่อน")))
    assert _said(old, turned)[1] == "      sub-steps: ก่อน, กลาง, หลัง → หลัง, กลาง, ก่อน"


def test_a_moved_step_says_from_where_to_where() -> None:
    steps = [make_step(key=f"m1.{n}", text=text) for n, text in enumerate(("ประกาศเจตนารมณ์", "จัดกิจกรรมอบรม", LONG), 1)]
    lines = _said(_plan(*steps), _plan(steps[2], steps[0], steps[1]))
    assert lines[1] == "      place: measure 1, 3rd step → measure 1, 1st step"


def test_a_measure_says_what_became_of_it() -> None:
    old, new = _plan(make_step(), title="การใช้งบประมาณ"), _plan(make_step(), title="การใช้จ่ายงบประมาณ", number=2)
    assert _said(old, new) == [
        "  ~ measure 1 → 2 changed: “การใช้จ่ายงบประมาณ” (its id m1 stays)",
        "      title: การใช้งบประมาณ → การใช้จ่ายงบประมาณ",
        "  Steps: none differ.",
    ]


def test_a_shown_part_begins_with_a_letter_not_with_its_sign() -> None:
    """Twenty letters before the change stands the tone mark of the letter before it."""
    before = "ก" * 60 + "น้" + "ก" * 19 + "ข" + "ก" * 30
    lines = _said(_plan(make_step(text=before)), _plan(make_step(text=before.replace("ข", "ค"))))
    assert lines[1] == f"      text: …น้{'ก' * 19}ข{'ก' * 20}…"
