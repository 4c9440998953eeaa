"""Assignments through the interface: the same moves, rights and refusals as on the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.access.tokens import Scope
from storage.store import Store
from tests.api.conftest import ADMIN, HEAD, OFFICER, Program, calling, secret_for
from tests.factories import at, make_measure, make_plan, make_responsible, make_step
from tests.services.live_office import LiveOffice, found_office
from tests.web.conftest import Pages

WORK = "2566-m1.1-chang-q2"
HERE = f"/assignments/{WORK}"
LATE = "2566-m1.1-chang-q1"
"""Its deadline is 11 January."""
REPORT: dict[str, Any] = {
    "version": 1,
    "result": "ทำแล้ว",
    "problems": {"none": True},
    "suggestions": {"text": "ควรทำอีก"},
}
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 100


def kind(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:sucharit:")


def test_a_division_sees_its_work_and_what_it_may_do(program: Program) -> None:
    client = program(OFFICER)
    found = client.get("/assignments").json()["items"][-1]
    assert (found["id"], found["state"], found["division_name"]) == (WORK, "open", "กองช่าง")
    sheet = client.get(HERE).json()
    assert set(sheet["moves"]) == {"hand_in", "cannot_do", "ask_extension"}


def test_a_division_hands_in_with_evidence_and_the_head_accepts(program: Program) -> None:
    client, head = program(OFFICER), program(HEAD)
    sent = client.post(f"{HERE}/evidence", files={"file": ("ภาพ.jpg", JPEG, "image/jpeg")})
    assert sent.status_code == 201, sent.text
    handed_in = client.post(f"{HERE}/hand-in", json=REPORT | {"receipts": [sent.json()["receipt"]]})
    assert handed_in.status_code == 200, handed_in.text
    assert handed_in.json()["assignment"]["state"] == "handed_in"
    (file,) = head.get(f"{HERE}/evidence").json()
    assert head.get(f"{HERE}/evidence/{file['sha256']}").content == JPEG
    accepted = head.post(f"{HERE}/decide", json={"version": 2, "decision": "accept"})
    assert accepted.json()["assignment"]["state"] == "accepted"
    kinds = [line["kind"] for line in head.get(f"{HERE}/history").json()]
    assert kinds == ["assignment.open", "assignment.hand_in", "assignment.accept"]


def test_a_stale_version_overwrites_nothing(pages: Pages, program: Program) -> None:
    client = program(OFFICER)
    assert client.post(f"{HERE}/hand-in", json=REPORT).status_code == 200
    assert kind(client.post(f"{HERE}/hand-in", json=REPORT)) == (409, "stale")
    assert kind(client.post(f"{HERE}/hand-in", json=REPORT | {"version": 2})) == (409, "move-refused")
    assert pages.office.get(WORK).version == 2


def test_a_text_is_counted_as_it_was_typed_and_one_too_long_is_told_both_lengths(program: Program) -> None:
    client, longest = program(OFFICER), "ทำแล้ว\r\n" * 2857 + "จ"  # 20,000 with each line's end counted once
    answer = client.post(f"{HERE}/hand-in", json=REPORT | {"result": longest + "เกิน"})
    assert kind(answer) == (422, "bad-request-document")
    (fault,) = answer.json()["errors"]
    assert fault == {"where": "body.result", "what": "It has 20,004 characters, 20,000 are possible."}
    stored = client.post(f"{HERE}/hand-in", json=REPORT | {"result": longest})
    assert stored.json()["assignment"]["report"]["result"] == longest.replace("\r\n", "\n")


def test_a_second_report_that_names_no_day_keeps_the_first_ones(pages: Pages, program: Program) -> None:
    client = program(OFFICER)
    client.post(f"{HERE}/hand-in", json=REPORT | {"effective_on": "2023-01-02"})
    client.post(f"{HERE}/withdraw", json={"version": 2})
    pages.set_clock("2023-01-17 10:00")
    again = client.post(f"{HERE}/hand-in", json=REPORT | {"version": 3})
    assert again.json()["assignment"]["report"]["effective_on"] == "2023-01-02"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"version": "1"}, "body.version"),
        ({"version": 0}, "body.version"),
        ({"result": "  "}, "body.result"),
        ({"problems": {}}, "body.problems"),
        ({"problems": {"text": "มี", "none": True}}, "body.problems"),
        ({"suggestions": {"none": "yes"}}, "body.suggestions.none"),
        ({"effective_on": 1672800000}, "body.effective_on"),
        ({"effective_on": "2566-13-01"}, "body.effective_on"),
        ({"unknown": 1}, "body.unknown"),
    ],
)
def test_every_place_that_is_wrong_is_named(program: Program, change: dict[str, Any], where: str) -> None:
    answer = program(OFFICER).post(f"{HERE}/hand-in", json=REPORT | change)
    assert kind(answer) == (422, "bad-request-document")
    assert [fault["where"] for fault in answer.json()["errors"]] == [where]


@pytest.mark.parametrize(
    ("move", "body"),
    [
        ("decide", {"version": 1, "decision": "accept"}),
        ("acknowledge", {"version": 1}),
    ],
)
def test_an_officer_decides_nothing(program: Program, move: str, body: dict[str, Any]) -> None:
    assert kind(program(OFFICER).post(f"{HERE}/{move}", json=body)) == (403, "not-allowed")


def test_a_token_for_work_decides_nothing_even_for_the_head(program: Program) -> None:
    body = {"version": 1, "decision": "accept"}
    assert kind(program(HEAD, Scope.WORK).post(f"{HERE}/decide", json=body)) == (403, "token-narrow")


def test_returning_needs_a_reason(program: Program) -> None:
    program(OFFICER).post(f"{HERE}/hand-in", json=REPORT)
    head = program(HEAD)
    assert kind(head.post(f"{HERE}/decide", json={"version": 2, "decision": "return"})) == (422, "incomplete")
    back = head.post(f"{HERE}/decide", json={"version": 2, "decision": "return", "reason": "ขอภาพประกอบ"})
    assert back.json()["assignment"]["reason"] == "ขอภาพประกอบ"


def test_a_division_takes_back_asks_for_time_and_says_that_it_cannot(program: Program) -> None:
    client, head = program(OFFICER), program(HEAD)
    client.post(f"{HERE}/hand-in", json=REPORT)
    assert client.post(f"{HERE}/withdraw", json={"version": 2}).json()["assignment"]["state"] == "open"
    asked = client.post(f"{HERE}/ask-extension", json={"version": 3, "until": "2023-05-02", "reason": "รอผล"})
    assert asked.json()["assignment"]["extension"]["due_on"] == "2023-05-02"
    granted = head.post(f"{HERE}/decide", json={"version": 4, "decision": "grant"}).json()
    assert granted["assignment"]["due_on"] == "2023-05-02"
    cannot = client.post(f"{HERE}/cannot-do", json={"version": 5, "kind": "no_budget"}).json()
    assert cannot["assignment"]["cannot_do"] == "no_budget"


def test_it_says_with_whom_a_report_lies_and_since_when(program: Program) -> None:
    program(OFFICER).post(f"{HERE}/hand-in", json=REPORT)
    (wait,) = program(HEAD).get(HERE).json()["assignment"]["waits"]
    assert wait == {"what": "report", "by": OFFICER, "since": "2023-01-04", "lies_with": [HEAD], "level": "head"}


def test_a_head_agrees_that_it_cannot_be_done(program: Program) -> None:
    client, head = program(OFFICER), program(HEAD)
    stated = client.post(f"{HERE}/cannot-do", json={"version": 1, "kind": "no_budget"}).json()
    assert (stated["assignment"]["state"], stated["assignment"]["shelf"]) == ("cannot_do_stated", "waiting")
    assert [wait["what"] for wait in stated["assignment"]["waits"]] == ["cannot_do"]
    assert "confirm" in head.get(HERE).json()["moves"]
    agreed = head.post(f"{HERE}/decide", json={"version": 2, "decision": "confirm"}).json()
    assert (agreed["assignment"]["state"], agreed["assignment"]["waits"]) == ("cannot_do", [])


def test_a_division_takes_back_what_it_stated_until_somebody_agrees(program: Program) -> None:
    client, head = program(OFFICER), program(HEAD)
    client.post(f"{HERE}/cannot-do", json={"version": 1, "kind": "no_budget"})
    assert client.post(f"{HERE}/withdraw", json={"version": 2}).json()["assignment"]["state"] == "open"
    client.post(f"{HERE}/cannot-do", json={"version": 3, "kind": "no_budget"})
    head.post(f"{HERE}/decide", json={"version": 4, "decision": "confirm"})
    assert kind(client.post(f"{HERE}/withdraw", json={"version": 5})) == (409, "move-refused")


def test_nobody_decides_or_is_offered_what_they_handed_in(program: Program) -> None:
    head = program(HEAD)
    handed_in = head.post(f"{HERE}/hand-in", json=REPORT).json()
    assert handed_in["moves"] == ["withdraw"]
    answer = head.post(f"{HERE}/decide", json={"version": 2, "decision": "accept"})
    assert kind(answer) == (403, "own-matter")
    assert "ผู้ดำรงตำแหน่งปลัดเทศบาล" in answer.json()["detail"]


def test_a_request_for_time_lies_with_the_head(program: Program) -> None:
    asked = program(OFFICER).post(f"{HERE}/ask-extension", json={"version": 1, "until": "2023-05-02", "reason": "รอผล"})
    assert [(wait["what"], wait["lies_with"]) for wait in asked.json()["assignment"]["waits"]] == [
        ("extension", [HEAD])
    ]


def test_a_lateness_is_noted_with_words_and_a_last_day(pages: Pages, program: Program) -> None:
    pages.set_clock("2023-01-12 09:00")
    body = {"version": 1, "words": "ให้เร่งประชุม", "until": "2023-01-16"}
    answer = program(HEAD).post(f"/assignments/{LATE}/acknowledge", json=body).json()["assignment"]
    noted = {"by": HEAD, "level": "head", "on": "2023-01-12", "until": "2023-01-16"}
    assert (answer["acknowledgments"], answer["acknowledged_until"]) == ([noted], "2023-01-16")
    (line,) = pages.office.ledger("assignment.acknowledge")
    assert line.entry.data["words"] == "ให้เร่งประชุม"


def test_a_lateness_noted_twice_by_one_level_is_refused(pages: Pages, program: Program) -> None:
    pages.set_clock("2023-01-12 09:00")
    head = program(HEAD)
    head.post(f"/assignments/{LATE}/acknowledge", json={"version": 1})
    answer = head.post(f"/assignments/{LATE}/acknowledge", json={"version": 2})
    assert kind(answer) == (409, "acknowledged-already")


def test_an_executable_called_a_picture_is_refused(program: Program) -> None:
    answer = program(OFFICER).post(f"{HERE}/evidence", files={"file": ("a.jpg", b"MZ" + b"0" * 50, "image/jpeg")})
    assert kind(answer) == (422, "bad-input")


def test_a_receipt_is_good_for_its_assignment_and_its_person_only(program: Program) -> None:
    head = program(ADMIN)
    sent = program(OFFICER).post(f"{HERE}/evidence", files={"file": ("a.jpg", JPEG, "image/jpeg")}).json()
    for forged in (sent["receipt"], sent["sha256"], "", "x.y", sent["receipt"] + "A"):
        assert kind(head.post(f"{HERE}/hand-in", json=REPORT | {"receipts": [forged]})) == (422, "receipt")


def test_a_list_goes_on_where_the_page_before_ended(store: Store, pages: Pages) -> None:
    office = _large_office(store)
    client = calling(pages.system, secret_for(office, pages.system, ADMIN))
    everything = [one["id"] for one in client.get("/assignments", params={"limit": 200}).json()["items"]]
    read, cursor = [], ""
    while cursor is not None:
        page = client.get("/assignments", params={"limit": 2, "cursor": cursor}).json()
        read += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert len(everything) == 12
    assert read == everything


def _large_office(store: Store) -> LiveOffice:
    units = ("กองช่าง", "กองคลัง", "สำนักปลัด", "กองการศึกษา", "กองสวัสดิการสังคม", "กองสาธารณสุขฯ")
    step = make_step(responsible=make_responsible(units=units))
    office = found_office(store, key="large", plan=make_plan(measures=(make_measure(steps=(step,)),)))
    office.advance(at("2023-01-04 09:00"))
    return office


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"overdue": "true"}, 1),
        ({"overdue": "true", "state": "accepted"}, 0),
        ({"state": ["open", "returned"]}, 2),
        ({"state": "accepted"}, 0),
        ({"quarter": 1, "fiscal_year": 2566, "measure": "m1", "division": "chang"}, 1),
        ({"quarter": 3}, 0),
        ({"division": "khlang"}, 0),
    ],
)
def test_a_list_is_narrowed(pages: Pages, program: Program, wanted: dict[str, Any], count: int) -> None:
    client = program(OFFICER)
    pages.set_clock("2023-02-01 10:00")
    assert len(client.get("/assignments", params=wanted).json()["items"]) == count


@pytest.mark.parametrize("cursor", ["x", "!!!", "MjAyMy0wMS0wMQ", "ก", "ICAg"])
def test_a_made_up_cursor_is_refused(program: Program, cursor: str) -> None:
    assert kind(program(OFFICER).get("/assignments", params={"cursor": cursor})) == (422, "cursor")


@pytest.fixture
def foreign(store: Store, pages: Pages) -> Callable[[], TestClient]:
    """A program of the administrator of another office in the same installation."""

    def make() -> TestClient:
        office = found_office(store, key="ban-kao", plan=make_plan(measures=()))
        return calling(pages.system, secret_for(office, pages.system, ADMIN))

    return make


def test_another_office_finds_nothing_of_ours(
    pages: Pages, program: Program, foreign: Callable[[], TestClient]
) -> None:
    ours, theirs = program(ADMIN), foreign()
    program(OFFICER).post(f"{HERE}/hand-in", json=REPORT)
    token = ours.get("/me/tokens").json()[0]["id"]
    assert theirs.get("/assignments").json()["items"] == []
    for path in (HERE, f"{HERE}/history", f"{HERE}/evidence", f"{HERE}/evidence/{'ab' * 32}"):
        assert theirs.get(path).status_code == 404
    assert theirs.post(f"{HERE}/withdraw", json={"version": 2}).status_code == 404
    assert theirs.delete(f"/tokens/{token}").status_code == 404
    assert ours.get("/me").status_code == 200


def test_a_whole_measure_is_handed_in_at_once_or_not_at_all(pages: Pages, program: Program) -> None:
    client, head = program(OFFICER), program(HEAD)
    both = [{"id": one["id"], "version": one["version"]} for one in client.get("/assignments").json()["items"]]
    told = {name: value for name, value in REPORT.items() if name != "version"}
    stale = [both[0], both[1] | {"version": 99}]
    assert kind(client.post("/hand-ins", json=told | {"assignments": stale})) == (409, "stale")
    assert {one.state for one in pages.office.assignments()} == {"open"}
    done = client.post("/hand-ins", json=told | {"assignments": both}).json()
    assert [one["state"] for one in done] == ["handed_in", "handed_in"]
    queue = head.get("/queue").json()
    assert (queue["in_all"], {one["id"] for one in queue["items"]}) == (2, {one["id"] for one in both})
    assert head.get("/queue", params={"division": "khlang"}).json()["in_all"] == 0
    assert client.get("/queue").status_code == 403
