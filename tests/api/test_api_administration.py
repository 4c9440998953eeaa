"""What the administrator looks after, through the interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from plans.examples import plan_2566
from tests.api.conftest import ADMIN, HEAD, OFFICER, Program, calling, secret_for
from tests.plans.factories import as_of_test_office
from tests.web.conftest import Pages
from tests.web.test_administration import clockwork_of, listening

__all__ = ["listening"]  # pages of an office while the clockwork runs, found by its name

WORK = "2566-m1.1-chang-q2"
READS = (
    "/people",
    "/accounts",
    "/schedule",
    "/ledger",
    "/ledger/verification",
    "/audit",
    "/outbox",
    "/health",
    "/tokens",
    "/posts/admin/holdings",
)
Call = Callable[[TestClient], Any]
CHANGES: dict[str, Call] = {
    "account": lambda api: api.post("/accounts", json={"person": HEAD}),
    "closing": lambda api: api.post(f"/accounts/{ADMIN}/disable"),
    "holiday": lambda api: api.put("/holidays", json={"day": "2023-02-01", "is_holiday": True, "name": "หยุด"}),
    "deadline": lambda api: api.post(
        f"/assignments/{WORK}/deadline", json={"version": 1, "due_on": "2023-06-01", "reason": "x"}
    ),
    "run": lambda api: api.post("/schedule/2566/m1/run"),
    "freeze": lambda api: api.post("/reports", json={"fiscal_year": 2566, "quarter": 1}),
    "activation": lambda api: api.post("/plans/2566/1/activate", json={}),
    "clock": lambda api: api.post("/clock/confirmation"),
    "letter": lambda api: api.post("/outbox/all/resend"),
    "holder": lambda api: api.post(
        "/posts/admin/holdings", json={"person": OFFICER, "start_on": "2023-01-05", "is_acting": False}
    ),
}


@pytest.mark.parametrize("path", READS)
def test_only_the_administrator_reads_it(program: Program, path: str) -> None:
    assert program(HEAD).get(path).status_code == 403
    assert program(ADMIN).get(path).status_code == 200


@pytest.mark.parametrize("what", CHANGES)
def test_only_the_administrator_changes_it(pages: Pages, program: Program, what: str) -> None:
    client = program(HEAD)
    before = len(pages.office.ledger())
    assert CHANGES[what](client).status_code == 403
    assert len(pages.office.ledger()) == before


def test_an_account_is_made_and_closed(program: Program) -> None:
    client = program(ADMIN)
    made = client.post("/accounts", json={"person": HEAD, "email": "Head@Office.example"})
    assert (made.status_code, made.json()["email"]) == (201, "head@office.example")
    assert client.post(f"/accounts/{HEAD}/disable").json()["is_disabled"]
    assert client.post(f"/accounts/{ADMIN}/disable").status_code == 422


def test_a_holiday_is_looked_at_entered_and_removed(program: Program) -> None:
    client = program(ADMIN)
    day = {"day": "2023-04-11", "is_holiday": True, "name": "วันหยุดท้องถิ่น"}
    seen = client.put("/holidays", params={"preview": True}, json=day).json()
    assert (seen["is_done"], client.get("/holidays").json()) == (False, [])
    done = client.put("/holidays", json=day).json()
    assert (done["is_done"], done["moved"]) == (True, seen["moved"])
    assert [one["day"] for one in client.get("/holidays").json()] == ["2023-04-11"]
    assert client.delete("/holidays/2023-04-11").json()["is_done"]
    assert client.delete("/holidays/2023-04-11").status_code == 404


def test_a_deadline_is_changed_after_a_look(pages: Pages, program: Program) -> None:
    client = program(ADMIN)
    wanted = {"version": 1, "due_on": "2023-06-01", "reason": "รอผลการประเมิน"}
    seen = client.post(f"/assignments/{WORK}/deadline", json=wanted | {"preview": True}).json()
    assert (seen["is_done"], seen["after"]) == (False, "2023-06-01")
    assert pages.office.get(WORK).version == 1
    assert client.post(f"/assignments/{WORK}/deadline", json=wanted).json()["is_done"]
    assert client.post(f"/assignments/{WORK}/deadline", json=wanted).status_code == 409


def test_the_ledger_is_read_in_pages_and_verified(pages: Pages, program: Program) -> None:
    client = program(ADMIN)
    read: list[int] = []
    while lines := client.get("/ledger", params={"after": read[-1] if read else 0, "limit": 3}).json():
        read += [line["seq"] for line in lines]
    found = client.get("/ledger/verification").json()
    assert read == list(range(1, len(pages.office.ledger()) + 1))
    assert (found["is_sound"], found["lines"]) == (True, len(read))


def test_a_schedule_is_told_with_and_without_the_clockwork(pages: Pages, program: Program) -> None:
    client = program(ADMIN)
    (found,) = client.get("/schedule").json()
    assert found["flow"] is None
    assert len(found["moments"]) > 3
    answer = client.post("/schedule/2566/m1/run")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:sucharit:scheduler-down")


def test_the_clockwork_is_told_to_pause_to_resume_and_to_run(listening: Pages) -> None:
    client = calling(listening.system, secret_for(listening.office, listening.system, ADMIN))
    assert client.post("/schedule/2566/m1/pause").status_code == 204
    (found,) = client.get("/schedule").json()
    assert found["flow"]["is_paused"]
    assert client.post("/schedule/2566/m1/resume").status_code == 204
    assert client.post("/schedule/2566/m1/run").status_code == 202
    assert client.post("/schedule/2566/m9/run").status_code == 404
    assert [what for what, _ in clockwork_of(listening).told] == ["pause", "resume", "run"]


def test_a_quarter_is_frozen_and_its_document_downloaded(program: Program) -> None:
    client = program(ADMIN)
    frozen = client.post("/reports", json={"fiscal_year": 2566, "quarter": 1}).json()
    assert frozen["report"]["file_sha256"]
    again = client.post("/reports", json={"fiscal_year": 2566, "quarter": 1}).json()
    assert again["report"] is None
    assert "nothing new" in again["why"]
    assert client.get("/reports/2566/1/1").json()["quarter"] == 1
    assert client.get("/reports/2566/1/1", params={"kind": client.get("/reports").json()[0]["kind"]}).status_code == 200
    document = client.get("/reports/2566/1/1/document")
    assert document.content.startswith(b"PK")
    assert client.get("/reports/2566/1/9/document").status_code == 404
    assert program(OFFICER).get("/reports/2566/1/1/document").status_code == 403


def test_a_plan_goes_from_its_document_into_force(program: Program) -> None:
    client = program(ADMIN)
    read = client.post("/plans/read", files={"file": ("แผน.txt", plan_2566().plan.read_bytes(), "text/plain")})
    assert read.status_code == 200, read.text
    assert len(read.json()["questions"]) > 3
    refused = client.post("/plans/import", json={"review": read.json()["review"]})
    assert refused.status_code in {400, 422}
    answered = as_of_test_office(plan_2566().review.read_bytes()).decode()
    seen = client.post("/plans/preview", json={"review": answered, "accept_proposals": True})
    assert seen.status_code == 200, seen.text
    assert seen.json()["compared_with"] == 1
    taken = client.post("/plans/import", json={"review": answered, "accept_proposals": True})
    assert (taken.status_code, taken.json()["is_new"]) == (201, True)
    again = client.post("/plans/import", json={"review": answered, "accept_proposals": True}).json()
    assert (again["is_new"], again["revision"]["revision"]) == (False, 2)
    late = client.post("/plans/2566/2/activate", json={})
    assert late.json()["type"] == "urn:sucharit:past-quarters"
    done = client.post("/plans/2566/2/activate", json={"accept_past": True}).json()
    assert done["revision"]["holds"]
    assert done["open_at_once"]
    assert [one["revision"] for one in client.get("/plans").json()] == [1, 2]
    assert client.get("/plans/2566/2").json()["fiscal_year_be"] == 2566


@pytest.mark.parametrize("when", ["2024-10-05 23:00", "2024-10-06 11:00", "2024-10-07 03:00"])
def test_a_plan_of_a_year_gone_is_accepted_by_name_at_any_hour(pages: Pages, program: Program, when: str) -> None:
    pages.set_clock(when)
    client = program(ADMIN)
    assert client.post("/plans/roll-over", json={"source": 2566, "target": 2567}).status_code == 201
    late = client.post("/plans/2567/1/activate", json={})
    assert (late.status_code, late.json()["type"]) == (422, "urn:sucharit:past-quarters")
    assert "Fiscal year 2567 ended on 2024-09-30: 4 assignments of 1 divisions" in late.json()["detail"]
    assert client.post("/plans/2567/1/activate", json={"accept_past": True}).json()["revision"]["holds"]


def test_a_plan_is_rehearsed(program: Program) -> None:
    done = program(ADMIN).post("/plans/2566/1/rehearse", json={"silent": ["กองช่าง"]}).json()
    assert done["assignments"] == 4
    assert done["escalations"] > 0


def test_what_is_no_plan_is_a_problem(program: Program) -> None:
    client = program(ADMIN)
    for name, content in (("a.txt", b""), ("a.exe", b"MZ"), ("../../etc/passwd", b"x"), ("a.pdf", b"%PDF-1.4")):
        answer = client.post("/plans/read", files={"file": (name, content, "text/plain")})
        assert 400 <= answer.status_code < 500, answer.text
        assert "passwd" not in answer.json()["detail"]


def test_supervisors_read_figures_and_divisions_their_agenda(program: Program) -> None:
    head, officer = program(HEAD), program(OFFICER)
    found = head.get("/overview", params={"quarter": 1}).json()
    assert found["whole"]["total"] == 1
    assert found["measures"][0]["divisions"].keys() == {"chang"}
    assert officer.get("/overview").status_code == 403
    agenda = officer.get("/divisions/chang/agenda").json()
    assert [one["id"] for one in agenda["coming"]]
    assert officer.get("/divisions/khlang/agenda").status_code == 403
    assert officer.get("/divisions/nowhere/agenda").status_code == 404
    assert [one["key"] for one in officer.get("/measures", params={"fiscal_year": 2566}).json()] == ["m1"]
    assert officer.get("/measures", params={"fiscal_year": 2570}).json() == []


def test_a_plan_is_carried_into_the_next_year(program: Program) -> None:
    client = program(ADMIN)
    done = client.post("/plans/roll-over", json={"source": 2566, "target": 2567, "carries": True})
    assert done.status_code == 201, done.text
    assert done.json()["revision"]["fiscal_year"] == 2567
    assert client.post("/plans/roll-over", json={"source": 2570, "target": 2571}).status_code == 404
    assert program(HEAD).post("/plans/roll-over", json={"source": 2566, "target": 2567}).status_code == 403
