"""Divisions, posts, people, settings and publications through the interface."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import ADMIN, HEAD, OFFICER, Program
from tests.services.hiding_files import jpeg
from tests.web.conftest import Pages

HERE = "/assignments/2566-m1.1-chang-q2"
REPORT: dict[str, Any] = {"version": 1, "result": "ทำแล้ว", "problems": {"none": True}, "suggestions": {"none": True}}
LADDER = {"rungs": [{"offset": -3, "to": ["officer"]}, {"offset": 2, "to": ["head", "clerk"]}]}
CALM = LADDER | {"repeat_every": None, "acknowledgment_lasts": 3}


def test_a_division_gets_a_post_and_a_person_for_it(program: Program) -> None:
    client = program(ADMIN)
    made = client.post("/divisions", json={"key": "new", "name": "กองใหม่"})
    assert (made.status_code, made.json()[-1]["key"]) == (201, "new")
    posts = client.post("/posts", json={"division": "new", "level": "head", "title": "ผู้อำนวยการกองใหม่"}).json()
    post = next(one["key"] for one in posts if one["division"] == "new")
    person = client.post("/people", json={"key": "somchai", "name": "สมชาย", "email": "somchai@office.example"})
    assert (person.status_code, person.json()["email"]) == (201, "somchai@office.example")
    held = {"person": "somchai", "start_on": "2023-01-04", "is_acting": False}
    assert client.post(f"/posts/{post}/holdings", json=held).status_code == 200
    assert client.delete(f"/posts/{post}").status_code == 422


def test_names_change_and_what_was_said_before_stays_known(program: Program) -> None:
    client = program(ADMIN)
    changed = client.put("/divisions/chang", json={"name": "สำนักช่าง", "kind": "division"}).json()
    assert next(one for one in changed if one["key"] == "chang")["aliases"] == ["กองช่าง"]
    assert client.put("/posts/chang-head", json={"title": "ผู้อำนวยการสำนักช่าง"}).status_code == 200
    assert client.put(f"/people/{HEAD}", json={"name": "ชื่อใหม่", "email": None}).json()["email"] is None


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/divisions", {"key": "chang", "name": "x"}),
        ("POST", "/divisions", {"key": "A b", "name": "x"}),
        ("POST", "/divisions", {"key": "x", "name": "กองคลัง"}),
        ("POST", "/posts", {"level": "officer", "title": "x"}),
        ("POST", "/posts", {"division": "chang", "level": "mayor", "title": "x"}),
        ("POST", "/people", {"key": "x", "name": "x", "email": "no address"}),
        ("PUT", "/office/ladder", CALM | {"rungs": LADDER["rungs"][::-1]}),
        ("PUT", "/office/ladder", CALM | {"rungs": [{"offset": 999, "to": ["head"]}]}),
    ],
)
def test_what_cannot_be_is_refused(program: Program, method: str, path: str, body: dict[str, Any]) -> None:
    answer = program(ADMIN).request(method, path, json=body)
    assert answer.status_code in {400, 422}, answer.text


def test_settings_are_looked_at_and_changed_with_the_deadlines_they_move(program: Program) -> None:
    client = program(ADMIN)
    wanted = client.get("/office/settings").json() | {"report_due": 10, "notify_at": "09:15"}
    seen = client.put("/office/settings", params={"preview": True}, json=wanted).json()
    assert (seen["is_done"], client.get("/office/settings").json()["report_due"]) == (False, 5)
    done = client.put("/office/settings", json=wanted).json()
    assert (done["is_done"], done["moved"]) == (True, seen["moved"])
    assert client.get("/office/settings").json() == wanted
    assert not client.put("/office/settings", json=wanted).json()["is_done"]
    assert client.put("/office/settings", json=wanted | {"prepared_by": "nowhere"}).status_code == 404


@pytest.mark.parametrize("field", ["correction", "least_to_act", "decide_reminder", "decide_above"])
def test_days_that_a_rule_gives_are_one_at_least(program: Program, field: str) -> None:
    client = program(ADMIN)
    answer = client.put("/office/settings", json=client.get("/office/settings").json() | {field: 0})
    assert (answer.status_code, [one["where"] for one in answer.json()["errors"]]) == (422, [f"body.{field}"])


def test_the_deciders_days_are_changed_and_stay_where_a_program_does_not_name_them(program: Program) -> None:
    client = program(ADMIN)
    settings = client.get("/office/settings").json()
    client.put("/office/settings", json=settings | {"decide_reminder": 3, "decide_above": 7})
    unnamed = {name: value for name, value in settings.items() if not name.startswith("decide_")}
    client.put("/office/settings", json=unnamed | {"district": "เมืองใหม่"})
    after = client.get("/office/settings").json()
    assert (after["decide_reminder"], after["decide_above"], after["district"]) == (3, 7, "เมืองใหม่")


def test_the_ladder_is_read_by_all_and_changed_by_the_administrator(program: Program) -> None:
    client = program(ADMIN)
    assert program(OFFICER).get("/office/ladder").json()["repeat_every"] == 5
    assert client.put("/office/ladder", json=CALM).json() == CALM
    assert program(HEAD).put("/office/ladder", json=CALM).status_code == 403


def test_a_link_is_evidence_and_says_where_it_leads(program: Program) -> None:
    client, link = program(OFFICER), "https://ban-mai.go.th/news/1"
    sheet = client.post(f"{HERE}/hand-in", json=REPORT | {"links": [link]}).json()
    assert [one["url"] for one in sheet["evidence"]] == [link]
    assert client.post(f"{HERE}/hand-in", json=REPORT | {"links": ["javascript:x"]}).status_code == 422


def test_a_plan_and_a_file_are_published_and_taken_back(program: Program) -> None:
    client, head, officer = program(ADMIN), program(HEAD), program(OFFICER)
    made = client.post("/publications/plan", json={"fiscal_year": 2566}).json()
    assert made["path"] == "/public/ban-mai/plan/2566/1"
    assert head.post("/publications/plan", json={"fiscal_year": 2566}).status_code == 403
    broken, photo = b"\xff\xd8\xff\xe0" + b"0" * 50, jpeg()
    sent = officer.post(f"{HERE}/evidence", files={"file": ("ภาพ.jpg", photo, "image/jpeg")}).json()
    torn = officer.post(f"{HERE}/evidence", files={"file": ("เสีย.jpg", broken, "image/jpeg")}).json()
    officer.post(f"{HERE}/hand-in", json=REPORT | {"receipts": [sent["receipt"], torn["receipt"]]})
    path = f"/publications/evidence/{HERE.removeprefix('/assignments/')}/{sent['sha256']}"
    shown = {"title": "ภาพกิจกรรม", "holds_no_personal_data": True}
    assert head.post(path, json=shown).status_code == 422
    head.post(f"{HERE}/decide", json={"version": 2, "decision": "accept"})
    assert head.post(path, json=shown | {"holds_no_personal_data": False}).status_code == 422
    public = head.post(path, json=shown).json()
    assert public["title"] == "ภาพกิจกรรม"
    assert public["sha256"] not in (sent["sha256"], torn["sha256"])
    refused = head.post(path.replace(sent["sha256"], torn["sha256"]), json=shown)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:sucharit:not-cleanable")
    assert officer.get("/publications").status_code == 403
    assert len(head.get("/publications").json()) == 2
    gone = head.post(f"/publications/evidence/{public['subject']}/1/withdraw").json()
    assert gone["withdrawn_at"]
    assert head.post("/publications/plan/2566/1/withdraw").status_code == 403


def test_structure_is_the_administrators(pages: Pages, program: Program) -> None:
    client = program(HEAD)
    before = len(pages.office.ledger())
    for method, path, body in (
        ("POST", "/divisions", {"key": "x", "name": "x"}),
        ("POST", "/people", {"key": "x", "name": "x"}),
        ("PUT", "/posts/chang-head", {"title": "x"}),
        ("DELETE", "/posts/chang-head", None),
        ("GET", "/office/settings", None),
    ):
        assert client.request(method, path, json=body).status_code == 403
    assert len(pages.office.ledger()) == before
