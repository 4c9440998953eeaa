"""An administrator stores a reviewed plan, sees what it would change, and puts it into force."""

from __future__ import annotations

import re
from datetime import date

import pytest

from domain.assignment import State
from plans.review import read_review
from tests.web.carried_plans import ANSWERED, OPEN, Carrier, carrier
from tests.web.conftest import Pages
from tests.web.recording_scheduler import RecordingScheduler
from tests.web.test_administration import ListeningSystem

UNKNOWN_UNIT = ANSWERED.replace('unit: "สำนักปลัด"'.encode(), 'unit: "กองคลงั"'.encode())


@pytest.fixture
def admin(pages: Pages) -> Carrier:
    return carrier(pages)


def revisions(pages: Pages) -> list[tuple[int, int, date | None]]:
    with pages.office.reading() as desk:
        return [(p.plan.fiscal_year_be, p.revision, p.in_force_on) for p in desk.uow.plans.all()]


def test_an_open_question_leads_back_to_it(pages: Pages, admin: Carrier) -> None:
    draft = admin.draft(OPEN)
    answers = [
        admin.browser.get(f"{draft}/import"),
        admin.post(f"{draft}/import", version=1),
        admin.post(f"{draft}/units", version=1),
    ]
    assert {answer.headers["location"] for answer in answers} == {f"{draft}#questions"}
    assert len(revisions(pages)) == 1


def test_a_value_that_is_missing_is_named_and_nothing_is_stored(pages: Pages, admin: Carrier) -> None:
    draft = admin.draft(ANSWERED.replace(b"scope: all_divisions", b"scope: missing", 1))
    answer = admin.browser.get(f"{draft}/import")
    assert answer.status_code == 422
    assert f'href="{draft}/rows/t0r1"' in answer.text
    assert "ยังขาด: ผู้รับผิดชอบ" in answer.text
    assert admin.post(f"{draft}/import", version=1).status_code == 422
    assert len(revisions(pages)) == 1


def test_before_it_is_stored_the_plan_and_what_differs_are_shown(admin: Carrier) -> None:
    page = admin.page(f"{admin.draft(ANSWERED)}/import")
    assert "ต่างจากฉบับที่ ๑ อย่างไร" in page
    assert "ยกเลิก กองไม่ต้องทำแล้ว (๒)" in page
    assert "การปรับปรุงการทำงาน" in page


def test_a_plan_is_stored_and_not_in_force(pages: Pages, admin: Carrier) -> None:
    draft = admin.draft(ANSWERED)
    answer = admin.post(f"{draft}/import", version=1)
    assert answer.headers["location"] == "/admin/plans/2566/2?done=imported"
    assert revisions(pages) == [(2566, 1, date(2022, 10, 1)), (2566, 2, None)]
    page = admin.page(answer.headers["location"])
    assert f'href="{draft}"' in page
    assert "ยังไม่ได้เริ่มใช้" in page
    assert draft not in admin.page("/admin/plans")
    assert [line.entry.kind for line in pages.office.ledger("plan.")][-1] == "plan.imported"


def test_the_same_plan_again_is_the_same_revision(pages: Pages, admin: Carrier) -> None:
    admin.stored()
    answer = admin.post(f"{admin.draft(ANSWERED + b'# again')}/import", version=1)
    assert answer.headers["location"] == "/admin/plans/2566/2?done=same"
    assert len(revisions(pages)) == 2


def test_a_plan_is_stored_for_another_year_with_every_period_moved(pages: Pages, admin: Carrier) -> None:
    draft = admin.draft(ANSWERED)
    assert "ทุกระยะเวลาจะเลื่อนเต็มปีไปเป็น ๒๕๖๗" in admin.page(f"{draft}/import?year=๒๕๖๗")
    assert admin.post(f"{draft}/import", version=1, year="๒๕๖๗").status_code == 303
    with pages.office.reading() as desk:
        (plan,) = (p.plan for p in desk.uow.plans.of_year(2567))
    assert {step.end.year for _, step in plan.steps()} == {2024}


@pytest.mark.parametrize("year", ["x", "9999", "25"])
def test_a_year_that_is_none_is_said_at_its_field(admin: Carrier, year: str) -> None:
    answer = admin.browser.get(f"{admin.draft(ANSWERED)}/import", params={"year": year})
    assert answer.status_code == 422
    assert 'id="year-fault"' in answer.text


def test_a_name_that_is_no_division_is_asked_once_and_remembered(pages: Pages, admin: Carrier) -> None:
    draft = admin.draft(UNKNOWN_UNIT)
    page = admin.page(f"{draft}/import")
    assert "กองคลงั" in page
    assert admin.post(f"{draft}/units", version=1).status_code == 422
    assert admin.post(f"{draft}/units", version=1, u0="nowhere").status_code == 422
    assert admin.post(f"{draft}/units", version=1, u0="khlang").status_code == 303
    assert "นำเข้าแผนนี้" in admin.page(f"{draft}/import")
    with pages.office.reading() as desk:
        division = desk.people.division("khlang")
    assert division is not None
    assert "กองคลงั" in division.aliases
    assert len(pages.office.ledger("division.named")) == 1


def test_a_proposed_division_is_taken_with_one_press(admin: Carrier) -> None:
    draft = admin.draft(UNKNOWN_UNIT)
    assert admin.post(f"{draft}/units", version=1, accept="all").status_code == 303
    assert "นำเข้าแผนนี้" in admin.page(f"{draft}/import")


def test_a_plan_with_an_unsettled_name_is_not_stored(pages: Pages, admin: Carrier) -> None:
    assert admin.post(f"{admin.draft(UNKNOWN_UNIT)}/import", version=1).status_code == 422
    assert len(revisions(pages)) == 1


def test_a_stale_form_stores_nothing(pages: Pages, admin: Carrier) -> None:
    assert admin.post(f"{admin.draft(ANSWERED)}/import", version=7).status_code == 409
    assert len(revisions(pages)) == 1


def test_a_stored_plan_comes_out_as_a_review_that_asks_nothing(admin: Carrier) -> None:
    review = read_review(admin.page(f"{admin.stored()}/review.yaml"))
    assert review.doubts == []
    assert [measure.number for measure in review.measures] == [3, 4, 5, 6, 7]


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found[1]


def test_before_activation_is_shown_what_opens_and_nothing_is_stored(pages: Pages, admin: Carrier) -> None:
    plan = admin.stored()
    page = admin.page(f"{plan}/activate")
    assert "งาน ๑๒ รายการของ ๒ กองเปิดทันที" in page
    assert "งานชุดต่อไป ๗๐ รายการเปิด ๑ ก.พ. ๖๖" in page
    assert "ไตรมาสที่ ๑ ผ่านไปแล้ว" in page
    assert revisions(pages)[1] == (2566, 2, None)
    assert pages.office.ledger("plan.activated")[-1].entry.data["revision"] == 1


def test_a_plan_comes_into_force_as_it_was_shown(pages: Pages, admin: Carrier) -> None:
    plan = admin.stored()
    seen = seen_on(admin.page(f"{plan}/activate"))
    answer = admin.post(f"{plan}/activate", seen=seen)
    assert answer.status_code == 422
    assert 'id="late-fault"' in answer.text
    assert revisions(pages)[1] == (2566, 2, None)
    answer = admin.post(f"{plan}/activate", seen=seen, late="yes")
    assert answer.headers["location"] == f"{plan}?done=activated"
    assert revisions(pages)[1] == (2566, 2, date(2022, 10, 1))
    states = {one.id: one.state for one in pages.office.assignments()}
    assert states["2566-m1.1-chang-q1"] is State.CANCELLED
    assert "/admin/schedule" in admin.page(f"{plan}?done=activated")


@pytest.mark.parametrize("when", ["2024-10-05 23:00", "2024-10-06 11:00", "2024-10-07 03:00", "2024-10-07 11:00"])
def test_a_plan_of_a_year_gone_needs_more_than_one_click_at_any_hour(pages: Pages, when: str) -> None:
    pages.set_clock(when)
    admin = carrier(pages)
    answer = admin.post(f"{admin.draft(ANSWERED)}/import", version=1, year="2567")
    plan = answer.headers["location"].partition("?")[0]
    page = admin.page(f"{plan}/activate")
    assert "ปีงบประมาณ ๒๕๖๗ สิ้นสุดไปแล้วเมื่อ ๓๐ กันยายน ๒๕๖๗" in page
    assert "งาน ๒๓๘ รายการจะเปิดทันทีหรือในวันทำการถัดไป" in page
    answer = admin.post(f"{plan}/activate", seen=seen_on(page))
    assert (answer.status_code, 'id="late-fault"' in answer.text) == (422, True)
    assert revisions(pages)[1] == (2567, 1, None)
    assert admin.post(f"{plan}/activate", seen=seen_on(page), late="yes").status_code == 303
    assert revisions(pages)[1][2] is not None


def test_what_was_not_seen_is_not_done(pages: Pages, admin: Carrier) -> None:
    plan = admin.stored()
    assert admin.post(f"{plan}/activate", seen="0" * 64, late="yes").status_code == 409
    assert revisions(pages)[1] == (2566, 2, None)


@pytest.mark.parametrize(("since", "said"), [("เมื่อวาน", "ไม่ใช่วันที่"), ("1/10/2599", "อยู่หลังสิ้นปีงบประมาณ")])
def test_a_day_that_cannot_be_is_said_at_its_field(admin: Carrier, since: str, said: str) -> None:
    draft = admin.draft(ANSWERED)
    admin.post(f"{draft}/import", version=1, year="2567")
    answer = admin.browser.get("/admin/plans/2567/1/activate", params={"since": since})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'id="since-fault"' in answer.text
    assert admin.post("/admin/plans/2567/1/activate", since=since).status_code == 422


def test_the_flows_of_the_plan_stand_on_its_page(pages: Pages) -> None:
    clockwork = RecordingScheduler()
    system = ListeningSystem(pages.system.settings, of=pages.office, times=pages.system.times, clockwork=clockwork)
    admin = carrier(Pages(system, pages.office))
    assert "ตั้งเวลาครบทั้ง ๑ มาตรการแล้ว" in admin.page("/admin/plans/2566/1")
    clockwork.name = "2566.other.m1"
    assert "ตั้งเวลาแล้ว ๐ จาก ๑ มาตรการ" in admin.page("/admin/plans/2566/1")
