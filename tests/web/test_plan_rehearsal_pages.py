"""An administrator rehearses a stored plan, and carries one into a new year."""

from __future__ import annotations

from datetime import date

import pytest

from domain.catalogue import items_in
from services.rehearsal.rehearse_apart import DayOfLetters, Job, Played, RehearsalFailedError, mark_of, rehearse_apart
from storage.drafts import Trial
from tests.factories import (
    make_measure,
    make_office,
    make_people,
    make_plan,
    make_responsible,
    make_step,
    make_workdays,
)
from tests.web.carried_plans import ADMIN, PLAYED, Carrier, carrier
from tests.web.conftest import Pages
from web.pages.plans.calendar import STEPS, WEEKDAYS, months, shade
from web.view.catalogue import ENGLISH

QUIET = Played(
    fiscal_year_be=2566, silent=(), assignments=0, letters=0, states={}, days=(), loads=(), escalations=(), reports=(),
    faults=(),
)  # fmt: skip


@pytest.fixture
def admin(pages: Pages) -> Carrier:
    return carrier(pages)


class TestRehearsal:
    """A year played in a process of its own."""

    def test_a_year_is_played_kept_and_shown(self, pages: Pages, admin: Carrier) -> None:
        path = "/admin/plans/2566/1/rehearsal"
        answer = admin.post(path, silent="chang", undecided="khlang")
        assert answer.status_code == 303, answer.text
        page = admin.page(answer.headers["location"])
        assert "หาก กองช่าง เงียบทั้งปี; หากไม่มีผู้พิจารณาผลของ กองคลัง" in page
        assert 'name="undecided" value="khlang" checked' in page
        assert "งาน ๔ รายการ" in page
        assert "ผู้ดำรงตำแหน่งผู้อำนวยการกองช่าง" in page
        assert page.count("<caption>") == 13
        assert "หาก กองช่าง เงียบทั้งปี" in admin.page(path)
        assert pages.office.ledger("plan.")[-1].entry.kind == "plan.activated"

    def test_of_several_results_the_one_asked_for_is_shown(self, pages: Pages, admin: Carrier) -> None:
        for hour, silent in enumerate(([], ["chang"])):
            result = QUIET.model_copy(update={"silent": tuple(silent)}).model_dump_json(by_alias=True)
            with pages.office.desk() as desk:
                trial = Trial(2566, 1, mark_of(silent), result, pages.system.clock().replace(minute=hour), ADMIN)
                desk.uow.plan_trials.put(trial, most=6)
        path = "/admin/plans/2566/1/rehearsal"
        assert "ผลการซ้อม: หาก กองช่าง เงียบทั้งปี" in admin.page(path).replace("</h2>", "")
        assert "ผลการซ้อม: ทุกกองทำตามปกติ" in admin.page(f"{path}?trial={mark_of([])}")
        assert admin.browser.get(f"{path}?trial=lost").status_code == 404

    def test_its_tables_come_out_for_a_spreadsheet(self, pages: Pages, admin: Carrier) -> None:
        played = PLAYED.model_copy(
            update={"escalations": (PLAYED.escalations[0].model_copy(update={"person": "=1+1"}),)}
        )
        with pages.office.desk() as desk:
            trial = Trial(
                2566, 1, mark_of(played.silent), played.model_dump_json(by_alias=True), pages.system.clock(), ADMIN
            )
            desk.uow.plan_trials.put(trial, most=6)
        path = "/admin/plans/2566/1/rehearsal"
        assert f"{path}/load.csv?trial={mark_of(played.silent)}" in admin.page(path)
        assert admin.page(f"{path}/load.csv").splitlines()[1] == "ผู้อำนวยการกองช่าง,16,13,2023-04-11"
        assert admin.page(f"{path}/escalations.csv").splitlines()[1] == "2023-04-11,'=1+1,กองช่าง,1"
        assert admin.page(f"{path}/days.csv").splitlines()[1:] == ["2022-12-01,3", "2023-04-11,13"]
        assert admin.page(f"{path}/reminders-to-decide.csv").splitlines()[1:] == []
        assert admin.browser.get(f"{path}/other.csv").status_code == 404
        assert admin.browser.get("/admin/plans/2566/9/rehearsal/load.csv").status_code == 404

    def test_a_plan_that_names_no_division_of_the_office_is_not_played(self, pages: Pages, admin: Carrier) -> None:
        step = make_step(responsible=make_responsible(units=("กองที่ไม่มี",)))
        with pages.office.desk() as desk:
            desk.uow.plans.add(make_plan(measures=(make_measure(steps=(step,)),)), by=ADMIN, now=pages.system.clock())
        answer = admin.post("/admin/plans/2566/2/rehearsal")
        assert answer.status_code == 422
        assert "แผนระบุส่วนราชการที่หน่วยงานไม่มี" in answer.text
        assert "แผนระบุส่วนราชการที่หน่วยงานไม่มี" in admin.page("/admin/plans/2566/2")
        assert admin.browser.get("/admin/plans/2566/2/activate").status_code == 422

    def test_a_year_that_cannot_be_played_is_said_in_one_sentence(self) -> None:
        job = Job.of(make_plan(), make_office(), make_people(divisions=()))
        with pytest.raises(RehearsalFailedError) as refused:
            rehearse_apart(job)
        assert "แผนระบุส่วนราชการที่หน่วยงานไม่มี" in refused.value.in_thai()


class TestCalendar:
    """The year of a rehearsal, day by day."""

    def test_every_letter_stands_on_its_day_and_holidays_are_marked(self) -> None:
        days = (DayOfLetters(on=date(2022, 12, 1), letters=3), DayOfLetters(on=date(2023, 10, 11), letters=12))
        found = months(QUIET.model_copy(update={"days": days}), make_workdays())
        assert (found[0].first, found[-1].first, len(found)) == (date(2022, 10, 1), date(2023, 10, 1), 13)
        assert [month.letters for month in found if month.letters] == [3, 12]
        shown = {day.on: day for month in found for week in month.weeks for day in week if day}
        assert shown[date(2022, 12, 5)].is_off
        assert shown[date(2023, 10, 11)].shade == STEPS
        assert found[-1].fullest == shown[date(2023, 10, 11)]
        assert {day.on.weekday() for day in shown.values()} == {0, 1, 2, 3, 4}

    def test_a_letter_at_the_weekend_brings_the_weekends_in(self) -> None:
        days = (DayOfLetters(on=date(2022, 12, 3), letters=1),)
        (december,) = [one for one in months(QUIET.model_copy(update={"days": days}), make_workdays()) if one.letters]
        assert {len(week) for week in december.weeks} == {len(WEEKDAYS)}

    @pytest.mark.parametrize(("letters", "shown"), [(0, 0), (1, 1), (5, 1), (6, 2), (10, 2), (15, 3), (16, 4), (20, 4)])
    def test_shades_are_equal_parts_of_the_fullest_day(self, letters: int, shown: int) -> None:
        assert shade(letters, 20) == shown

    def test_days_of_the_week_have_their_english(self) -> None:
        assert set(WEEKDAYS) <= ENGLISH.keys()


class TestRollOver:
    """A plan of one year carried into another."""

    PATH = "/admin/plans/roll-over"

    def test_before_it_is_stored_is_shown_what_moves_and_what_is_left(self, pages: Pages) -> None:
        pages.set_clock("2023-02-20 10:00")
        page = carrier(pages).page(f"{self.PATH}?source=2566&target=๒๕๖๗&carry=yes")
        assert "ทุกระยะเวลาเลื่อนเต็มปี" in page
        assert "จะสิ้นสุด ๓๐ กันยายน ๒๕๖๖" in page
        assert "ประกาศเจตนารมณ์การป้องกันการทุจริต" in page
        with pages.office.reading() as desk:
            assert desk.uow.plans.of_year(2567) == []

    def test_a_plan_is_carried_over_and_not_in_force(self, pages: Pages, admin: Carrier) -> None:
        answer = admin.post(self.PATH, source="2566", target="2567")
        assert answer.headers["location"] == "/admin/plans/2567/1?done=rolled"
        with pages.office.reading() as desk:
            (stored,) = desk.uow.plans.of_year(2567)
        assert stored.in_force_on is None
        assert admin.post(self.PATH, source="2566", target="2567").headers["location"].endswith("?done=same")

    def test_an_item_becomes_what_a_person_says(self, pages: Pages, admin: Carrier) -> None:
        step = make_step(text="รายงานตามข้อ O42 ปี ๒๕๖๖")
        with pages.office.desk() as desk:
            stored = desk.uow.plans.add(
                make_plan(measures=(make_measure(steps=(step,)),)), by=ADMIN, now=pages.system.clock()
            )
            desk.uow.plans.activate(2566, stored.revision, date(2022, 10, 1))
        page = admin.page(f"{self.PATH}?source=2566&target=2567")
        assert 'name="item-42"' in page
        answer = admin.post(self.PATH, source="2566", target="2567", shift="yes", **{"item-42": "O๓๙"})
        assert answer.status_code == 303
        with pages.office.reading() as desk:
            (rolled,) = desk.uow.plans.of_year(2567)
        (text,) = [step.text for _, step in rolled.plan.steps()]
        assert (list(items_in(text)), "๒๕๖๗" in text) == ([39], True)

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"source": "2566", "target": "2566"}, "target"),
            ({"source": "2566", "target": "2560"}, "target"),
            ({"source": "2566", "target": "x"}, "target"),
            ({"source": "", "target": "2567"}, "source"),
            ({"source": "2566", "target": "2567", "item-42": "สิบ"}, "item-42"),
        ],
    )
    def test_what_cannot_be_is_said_at_its_field(self, admin: Carrier, given: dict[str, str], field: str) -> None:
        answer = admin.post(self.PATH, **given)
        assert answer.status_code == 422
        assert f'id="{field}-fault"' in answer.text

    def test_a_year_without_a_plan_is_not_found(self, admin: Carrier) -> None:
        assert admin.browser.get(f"{self.PATH}?source=2560&target=2567").status_code == 404
        assert admin.post(self.PATH, source="2560", target="2567").status_code == 404
