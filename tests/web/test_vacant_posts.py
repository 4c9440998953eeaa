"""Whoever is told because a post is vacant finds the work in their lists and may do it."""

from __future__ import annotations

from dataclasses import replace

from starlette.testclient import TestClient

from domain.assignment import State
from tests.api.conftest import Program, program
from tests.factories import make_people
from tests.services.live_office import LiveOffice
from tests.web.conftest import Pages, pages, token_of

__all__ = ["pages", "program"]  # an office behind its pages, and programs that call it, found by their names

WORK = "2566-m1.1-chang-q1"
STANDS_IN = "ในฐานะผู้บังคับบัญชา (ตำแหน่งว่าง)"
ANSWER = {"result": "ประชุมแล้ว", "no_problems": "yes", "no_suggestions": "yes"}


def vacate(office: LiveOffice, *posts: str) -> None:
    with office.desk() as desk:
        kept = tuple(h for h in desk.people.holdings if h.post not in posts)
        desk.uow.people.save(replace(desk.people, holdings=kept))


def handed_in(client: TestClient) -> None:
    path = f"/assignments/{WORK}"
    token = token_of(client, path)
    answer = client.post(f"{path}/hand-in", data={"csrf": token, "version": "1", **ANSWER})
    assert answer.status_code == 303, answer.text


def test_the_clerk_reports_for_a_division_without_anybody_and_the_mayor_accepts(pages: Pages) -> None:
    vacate(pages.office, "chang-officer", "chang-head")
    clerk = pages.visitor("the-clerk")
    assert WORK in clerk.get("/inbox").text
    assert "ส่งรายงาน" in clerk.get(f"/assignments/{WORK}").text
    handed_in(clerk)
    mayor = pages.visitor("the-mayor")
    page = mayor.get("/review")
    assert (page.status_code, WORK in page.text) == (200, True)
    token = token_of(mayor, f"/assignments/{WORK}")
    answer = mayor.post(f"/assignments/{WORK}/decide", data={"csrf": token, "version": "2", "decision": "accept"})
    assert answer.status_code == 303, answer.text
    assert pages.office.get(WORK).state is State.ACCEPTED
    history = mayor.get(f"/assignments/{WORK}").text
    assert history.count(STANDS_IN) == 1
    assert "รักษาราชการแทน" not in history


def test_the_administrator_finds_what_nobody_else_is_left_to_decide(pages: Pages) -> None:
    admin = pages.visitor("the-admin")
    assert admin.get("/review").status_code == 403
    handed_in(pages.visitor("the-chang-officer"))
    vacate(pages.office, "chang-head", "clerk", "mayor")
    page = admin.get("/review")
    assert (page.status_code, WORK in page.text) == (200, True)
    token = token_of(admin, f"/assignments/{WORK}")
    answer = admin.post(f"/assignments/{WORK}/decide", data={"csrf": token, "version": "2", "decision": "accept"})
    assert answer.status_code == 303, answer.text


def test_a_program_of_who_stands_in_is_told_its_moves_and_the_history_says_why(pages: Pages, program: Program) -> None:
    vacate(pages.office, "chang-officer", "chang-head")
    client = program("the-clerk")
    found = client.get(f"/assignments/{WORK}").json()
    assert "hand_in" in found["moves"]
    none = {"none": True}
    told = {"version": 1, "result": "ประชุมแล้ว", "problems": none, "suggestions": none}
    assert client.post(f"/assignments/{WORK}/hand-in", json=told).status_code == 200
    history = client.get(f"/assignments/{WORK}/history").json()
    assert [line["in_place_of"] for line in history] == [None, "officer"]


def test_a_half_staffed_office_rehearses_on_the_page_and_says_who_is_missing(pages: Pages) -> None:
    vacate(pages.office, *(post.key for post in make_people().posts if post.key != "admin"))
    admin = pages.visitor("the-admin")
    here = "/admin/plans/2566/1/rehearsal"
    answer = admin.post(here, data={"csrf": token_of(admin, here)})
    assert answer.status_code == 303, answer.text
    page = admin.get(answer.headers["location"])
    assert page.status_code == 200
    assert "กองช่าง: ไม่มีทั้งผู้รายงานและผู้บังคับบัญชา" in page.text
    assert "ผู้ดูแลระบบ (ผู้ดำรงตำแหน่งผู้ดูแลระบบ) ทำแทน" in page.text


def test_a_half_staffed_office_rehearses_for_programs(pages: Pages, program: Program) -> None:
    vacate(pages.office, "chang-officer", "chang-head")
    answer = program("the-admin").post("/plans/2566/1/rehearse", json={})
    assert (answer.status_code, answer.json()["lacking"]) == (200, [])
