"""One measure's page, and another deadline that is looked at before it is set."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from domain.assignment import State
from domain.notice import NoticeKind
from services.settings import Settings
from tests.factories import at, make_measure, make_plan, make_responsible, make_step
from tests.services.live_office import LiveOffice
from tests.web.conftest import Pages, PagesSystem, token_of
from tests.web.test_administration import ListeningSystem

ADMIN, OFFICER, HEAD = "the-admin", "the-chang-officer", "the-chang-head"
PAGE = "/admin/schedule/2566/m1"
ONE = "2566-m1.1-chang-q1"
TOLD = {"one": ONE, "step": "", "period": "", "day": "๒๐/๑/๒๕๖๖", "reason": "เลื่อนประชุมสภา"}


@pytest.fixture
def listening(pages: Pages) -> Pages:
    system = ListeningSystem(pages.system.settings, of=pages.office, times=pages.system.times)
    return Pages(system, pages.office)


@pytest.fixture
def shared(office: Callable[..., LiveOffice], tmp_path: Path) -> Pages:
    """One step of two divisions, both of which owe their first quarter."""
    step = make_step(responsible=make_responsible(units=("กองช่าง", "กองคลัง")))
    founded = office(plan=make_plan(measures=(make_measure(steps=(step,)),)))
    founded.advance(at("2023-01-04 09:00"))
    return Pages(PagesSystem(Settings(home=tmp_path), of=founded, times=[at("2023-01-04 10:00")]), founded)


def sent(browser: TestClient, told: dict[str, str], path: str = "/deadline/preview") -> str:
    answer = browser.post(f"{PAGE}{path}", data={"csrf": token_of(browser, "/account")} | told)
    assert answer.status_code == 200, answer.text
    return answer.text


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the form that sets the deadline, as a browser would send them."""
    form = page.split(f'action="{PAGE}/deadline"', 1)[1]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


class TestMeasure:
    """What comes, what ran, what is asked of whom."""

    def test_every_moment_says_what_it_is_and_whom_it_reaches(self, pages: Pages) -> None:
        page = pages.visitor(ADMIN).get(PAGE).text
        deadline = page.split("๑๑ ม.ค. ๖๖ ๐๘.๓๐ น.", 1)[1]
        assert deadline.index("ครบกำหนด") < deadline.index("ผู้ดำรงตำแหน่งเจ้าหน้าที่กองช่าง") < deadline.index("</tr>")
        escalated = page.split("๑๖ ม.ค. ๖๖ ๐๘.๓๐ น.", 1)[1]
        assert escalated.index("แจ้งผู้บังคับบัญชา") < escalated.index("ผู้ดำรงตำแหน่งปลัดเทศบาล") < escalated.index("</tr>")

    def test_what_opens_later_is_told_to_its_officers(self, pages: Pages) -> None:
        page = pages.visitor(ADMIN).get(PAGE).text
        opening = page.split("๓ เม.ย. ๖๖ ๐๘.๓๐ น.", 1)[1]
        assert opening.index("เปิดรอบรายงาน") < opening.index("ผู้ดำรงตำแหน่งเจ้าหน้าที่กองช่าง") < opening.index("</tr>")

    def test_what_is_handed_in_reaches_nobody(self, pages: Pages) -> None:
        with pages.office.desk() as desk:
            found = desk.uow.assignments.get(ONE)
            handed_in = replace(found, state=State.HANDED_IN, version=found.version + 1)
            desk.uow.assignments.save(handed_in, expected=found.version)
        page = pages.visitor(ADMIN).get(PAGE).text
        deadline = page.split("๑๑ ม.ค. ๖๖ ๐๘.๓๐ น.", 1)[1]
        assert deadline.index("ไม่มีผู้ต้องแจ้ง") < deadline.index("</tr>")
        assert f"one={ONE}" not in page

    def test_runs_stand_there_with_their_state_and_the_way_to_prefect(self, listening: Pages) -> None:
        page = listening.visitor(ADMIN).get(PAGE).text
        assert "เสร็จแล้ว: เปิดงาน ๑ รายการ, แจ้งเตือน ๒ เรื่อง" in re.sub(r"\s+", " ", page)
        assert 'href="http://127.0.0.1/r1"' in page
        assert "ตั้งเวลาแล้ว" in page

    def test_it_is_shown_while_the_clockwork_is_down(self, pages: Pages) -> None:
        page = pages.visitor(ADMIN).get(PAGE).text
        assert "หน้านี้จึงแสดงเฉพาะเวลาตามแผน" in page
        assert "/pause" not in page

    @pytest.mark.parametrize(("act", "kind"), [("pause", "paused"), ("resume", "resumed"), ("run", "run")])
    def test_a_hand_on_the_flow_is_a_line_of_the_ledger(self, listening: Pages, act: str, kind: str) -> None:
        browser = listening.visitor(ADMIN)
        answer = browser.post(f"{PAGE}/{act}", data={"csrf": token_of(browser, PAGE), "back": "own"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?done={kind}")
        (line,) = listening.office.ledger("schedule.")
        assert (line.entry.kind, line.entry.actor) == (f"schedule.{kind}", ADMIN)
        assert line.entry.subject == "2566/ban-mai/m1"

    def test_what_the_clockwork_refused_is_no_line(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        assert browser.post(f"{PAGE}/pause", data={"csrf": token_of(browser, PAGE)}).status_code == 503
        assert pages.office.ledger("schedule.") == []

    @pytest.mark.parametrize("path", ["", f"/deadline?one={ONE}"])
    def test_it_is_the_administrators(self, pages: Pages, path: str) -> None:
        assert pages.visitor(HEAD).get(f"{PAGE}{path}").status_code == 403
        assert pages.visitor(ADMIN).get(f"{PAGE}{path}").status_code == 200

    def test_a_measure_that_is_not_in_force_is_not_found(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        assert browser.get("/admin/schedule/2566/m9").status_code == 404
        assert browser.get(f"/admin/schedule/2565/m1/deadline?one={ONE}").status_code == 404


class TestDeadline:
    """Another day for one, or for all of a step in a period."""

    def test_a_look_says_what_moves_and_who_is_told_and_stores_nothing(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        lines = len(pages.office.ledger())
        page = sent(browser, TOLD)
        for words in ("๑๐ ม.ค. ๖๖", "๒๐ ม.ค. ๖๖", "๑๑ ม.ค. ๖๖", "จะแจ้งการเปลี่ยนกำหนดถึง: ผู้ดำรงตำแหน่งเจ้าหน้าที่กองช่าง"):
            assert words in page
        assert pages.office.get(ONE).due_on == date(2023, 1, 11)
        assert len(pages.office.ledger()) == lines

    def test_what_was_looked_at_is_set_noted_and_told(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        answer = browser.post(f"{PAGE}/deadline", data=fields(sent(browser, TOLD)))
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?changed=1")
        assert "เปลี่ยนกำหนดแล้ว ๑ รายการ" in browser.get(answer.headers["location"]).text
        after = pages.office.get(ONE)
        assert (after.due_on, after.deadline_version) == (date(2023, 1, 20), 2)
        (line,) = pages.office.ledger("assignment.change_deadline")
        assert (line.entry.actor, line.entry.data["before"]) == (ADMIN, "2023-01-11")
        assert line.entry.data["reason"] == "เลื่อนประชุมสภา"
        with pages.office.reading() as desk:
            (notice,) = [n for n in desk.uow.notices.waiting() if n.kind is NoticeKind.DEADLINE_CHANGED]
        assert "เป็นวันที่ ๒๐ มกราคม ๒๕๖๖: เลื่อนประชุมสภา" in notice.reason

    def test_the_officer_gets_a_letter_with_the_reason(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        browser.post(f"{PAGE}/deadline", data=fields(sent(browser, TOLD)))
        pages.office.compose(at("2023-01-04 10:05"))
        (letter,) = [one for one in pages.office.letters() if one.person == OFFICER]
        assert "เปลี่ยนกำหนดเวลา: ๑ รายการ" in letter.text
        assert "เลื่อนประชุมสภา" in letter.text

    def test_its_officer_reads_in_the_history_what_was_changed_and_why(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        browser.post(f"{PAGE}/deadline", data=fields(sent(browser, TOLD)))
        history = pages.visitor(OFFICER).get(f"/assignments/{ONE}").text.split("<summary>ประวัติ", 1)[1]
        assert "เปลี่ยนกำหนด – ผู้ดำรงตำแหน่งผู้ดูแลระบบ" in history
        assert "เลื่อนประชุมสภา" in history
        assert "assignment." not in history

    def test_all_that_are_open_of_a_step_in_a_period_move_together(self, shared: Pages) -> None:
        browser = shared.visitor(ADMIN)
        assert "เปลี่ยนกำหนดของทุกกองที่ยังเปิดอยู่ ๒ รายการ" in browser.get(PAGE).text
        page = sent(browser, TOLD | {"one": "", "step": "m1.1", "period": "q1"})
        answer = browser.post(f"{PAGE}/deadline", data=fields(page))
        assert answer.headers["location"] == f"{PAGE}?changed=2"
        moved = [one.division for one in shared.office.assignments() if one.due_on == date(2023, 1, 20)]
        assert sorted(moved) == ["chang", "khlang"]

    def test_a_day_off_becomes_the_next_working_day(self, pages: Pages) -> None:
        assert "๒๓ ม.ค. ๖๖" in sent(pages.visitor(ADMIN), TOLD | {"day": "21/1/2566"})

    def test_nothing_is_done_unseen(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        answer = browser.post(f"{PAGE}/deadline", data={"csrf": token_of(browser, "/account")} | TOLD)
        assert answer.status_code == 409
        assert pages.office.get(ONE).due_on == date(2023, 1, 11)

    def test_what_somebody_changed_meanwhile_is_shown_again(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        seen = fields(sent(browser, TOLD))
        browser.post(f"{PAGE}/deadline", data=fields(sent(browser, TOLD | {"day": "18/1/2566"})))
        answer = browser.post(f"{PAGE}/deadline", data=seen)
        assert answer.status_code == 409
        assert "มีการเปลี่ยนแปลงระหว่างนั้น" in answer.text
        assert pages.office.get(ONE).due_on == date(2023, 1, 18)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"day": "พรุ่งนี้"}, "day"),
            ({"day": ""}, "day"),
            ({"day": "28/12/2565"}, "day"),
            ({"day": "11/1/2566"}, "day"),
            ({"reason": "  "}, "reason"),
            ({"reason": "ก" * 20_001}, "reason"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field_with_what_was_typed(
        self, pages: Pages, wrong: dict[str, str], field: str
    ) -> None:
        browser = pages.visitor(ADMIN)
        told = TOLD | wrong
        answer = browser.post(f"{PAGE}/deadline/preview", data={"csrf": token_of(browser, "/account")} | told)
        assert answer.status_code == 422
        assert f'id="{field}-fault"' in answer.text
        assert f'value="{told["day"]}"' in answer.text
        assert pages.office.get(ONE).due_on == date(2023, 1, 11)

    @pytest.mark.parametrize("wrong", [{"one": "2566-m1.1-chang-q4"}, {"one": "", "step": "m1.1", "period": "q4"}])
    def test_where_nothing_is_open_nothing_can_change(self, pages: Pages, wrong: dict[str, str]) -> None:
        browser = pages.visitor(ADMIN)
        data = {"csrf": token_of(browser, "/account")} | TOLD | wrong
        assert browser.post(f"{PAGE}/deadline/preview", data=data).status_code == 422

    @pytest.mark.parametrize("path", ["/deadline", "/deadline/preview"])
    def test_a_head_may_not_change_it(self, pages: Pages, path: str) -> None:
        browser = pages.visitor(HEAD)
        answer = browser.post(f"{PAGE}{path}", data={"csrf": token_of(browser, "/account")} | TOLD)
        assert answer.status_code == 403
