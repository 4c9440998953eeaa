"""The office, its posts and who is in charge, through the interface."""

from __future__ import annotations

from tests.api.conftest import ADMIN, HEAD, OFFICER, Program


def test_a_program_reads_the_office(program: Program) -> None:
    client = program(OFFICER)
    assert client.get("/office").json()["years"] == [2566]
    assert "กองช่าง" in [one["name"] for one in client.get("/divisions").json()]
    head = next(post for post in client.get("/posts").json() if post["key"] == "chang-head")
    assert [one["person"] for one in head["in_charge"]] == [HEAD]


def test_only_an_administrator_reads_the_list_of_people(program: Program) -> None:
    assert program(HEAD).get("/people").status_code == 403
    assert OFFICER in [one["key"] for one in program(ADMIN).get("/people").json()]


def test_an_administrator_names_who_acts_and_ends_it(program: Program) -> None:
    client = program(ADMIN)
    wanted = {"person": OFFICER, "start_on": "2023-01-04", "end_on": "2023-01-20", "is_acting": True}
    terms = client.post("/posts/chang-head/holdings", json=wanted).json()
    assert [(one["person"], one["is_acting"]) for one in terms] == [(HEAD, False), (OFFICER, True)]
    end = {"person": OFFICER, "start_on": "2023-01-04", "end_on": "2023-01-04"}
    (_, acting) = client.post("/posts/chang-head/holdings/end", json=end).json()
    assert acting["end_on"] == "2023-01-04"


def test_the_last_administrator_stays(program: Program) -> None:
    client = program(ADMIN)
    (held,) = client.get("/posts/admin/holdings").json()
    end = {"person": ADMIN, "start_on": held["start_on"], "end_on": "2023-01-04"}
    answer = client.post("/posts/admin/holdings/end", json=end)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:sucharit:last-administrator")


def test_a_post_that_is_not_there_is_not_found(program: Program) -> None:
    assert program(ADMIN).get("/posts/nowhere/holdings").status_code == 404


def test_a_filter_with_a_typing_error_is_refused_and_not_passed_over(program: Program) -> None:
    answer = program(OFFICER).get("/assignments", params={"quater": 1, "limit": 5})
    assert answer.status_code == 422
    assert [fault["where"] for fault in answer.json()["errors"]] == ["query.quater"]


def test_a_parameter_given_twice_is_refused_unless_it_takes_several(program: Program) -> None:
    answer = program(OFFICER).get("/assignments?division=chang&division=khlang")
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "query.division")
    assert program(OFFICER).get("/assignments?state=open&state=returned").status_code == 200


def test_what_is_nowhere_is_a_problem_too(program: Program) -> None:
    client = program(OFFICER)
    for path in ("/nowhere", "/assignments/a%0Ab", "/me/"):
        answer = client.get(path)
        assert answer.status_code in {404, 422}
        assert answer.headers["content-type"] == "application/problem+json"
    refused = client.put("/posts/admin/holdings")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, POST")
