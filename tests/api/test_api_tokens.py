"""A token opens what its person may do and what it was made for, and nothing else."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from domain.bucket import Bucket
from services.access.accounts import disable_account
from services.access.sign_in import set_password
from services.access.tokens import Scope
from tests.api.conftest import ADMIN, HEAD, OFFICER, Program, calling, secret_for
from tests.web.conftest import Pages, token_of

FORM = {"name": "โปรแกรมรายงาน", "scope": ["read", "work"], "days": "365"}


def test_a_program_learns_whom_it_acts_for(program: Program) -> None:
    found = program(OFFICER, Scope.READ, Scope.WORK).get("/me").json()
    assert found["person"] == OFFICER
    assert found["scopes"] == ["read", "work"]
    assert found["divisions"] == ["chang"]


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer sct_wrong", "Bearer wrong", "Basic eDp5", "Bearer sct_\u00e9"]
)
def test_a_wrong_token_is_a_problem_with_a_remedy(pages: Pages, header: str) -> None:
    client = calling(pages.system, "x")
    answer = client.get("/me", headers={b"authorization": header.encode("utf-8")})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_problem_is_told_in_the_language_of_the_caller(pages: Pages) -> None:
    said = {
        language: calling(pages.system, "x", language).get("/me").json()["detail"]
        for language in ("en-GB,en;q=0.9", "th", "", "de", "en;q=0.2, th;q=0.8")
    }
    assert said["en-GB,en;q=0.9"].startswith("This token does not work")
    assert {words for language, words in said.items() if not language.startswith("en-")} == {said["th"]}


def test_an_expired_token_opens_nothing(pages: Pages) -> None:
    secret = secret_for(pages.office, pages.system, OFFICER, lasts=timedelta(hours=1))
    pages.set_clock("2023-01-04 10:59")
    assert calling(pages.system, secret).get("/me").status_code == 200
    pages.set_clock("2023-01-04 11:00")
    assert calling(pages.system, secret).get("/me").status_code == 401


def test_a_revoked_token_opens_nothing(pages: Pages, program: Program) -> None:
    client = program(OFFICER, Scope.READ)
    (token,) = client.get("/me/tokens").json()
    assert client.delete(f"/me/tokens/{token['id']}").status_code == 204
    assert client.get("/me").status_code == 401
    assert [line.entry.kind for line in pages.office.ledger("token.")] == ["token.made", "token.revoked"]


def test_tokens_of_a_closed_account_stay_dead_when_it_is_opened_again(pages: Pages, program: Program) -> None:
    client = program(OFFICER)
    with pages.office.desk() as desk:
        disable_account(desk, OFFICER, pages.system.clock(), ADMIN)
    assert client.get("/me").status_code == 401
    assert secret_for_again(pages)
    assert client.get("/me").status_code == 401


def secret_for_again(pages: Pages) -> bool:
    from services.access.accounts import make_account  # noqa: PLC0415 -- opens it again

    with pages.office.desk() as desk:
        return not make_account(desk, OFFICER, "again@office.example", pages.system.clock(), ADMIN).is_disabled


def test_a_token_for_reading_changes_nothing(program: Program) -> None:
    answer = program(ADMIN, Scope.READ).get("/tokens")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:sucharit:token-narrow")


def test_a_scope_gives_nobody_a_post(program: Program) -> None:
    answer = program(OFFICER, Scope.ADMIN).get("/tokens")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:sucharit:not-for-you")


def test_nobody_revokes_the_token_of_another(pages: Pages, program: Program) -> None:
    other, client = program(HEAD), program(OFFICER)
    (token,) = other.get("/me/tokens").json()
    assert client.delete(f"/me/tokens/{token['id']}").status_code == 404
    assert other.get("/me").status_code == 200
    assert program(ADMIN).delete(f"/tokens/{token['id']}").status_code == 204
    assert other.get("/me").status_code == 401


def test_a_token_is_made_on_a_page_and_shown_once(pages: Pages) -> None:
    browser = pages.visitor(OFFICER)
    csrf = token_of(browser, "/account/tokens")
    page = browser.post("/account/tokens", data=FORM | {"csrf": csrf}).text
    secret = page.split('id="secret" value="', 1)[1].split('"', 1)[0]
    assert secret not in browser.get("/account/tokens").text
    assert calling(pages.system, secret).get("/me").json()["scopes"] == ["read", "work"]


@pytest.mark.parametrize(
    ("typed", "field"), [({"name": " "}, "name"), ({"scope": []}, "scopes"), ({"days": "9999"}, "lasts")]
)
def test_what_is_wrong_with_a_token_stands_at_its_field(pages: Pages, typed: dict[str, object], field: str) -> None:
    browser = pages.visitor(OFFICER)
    csrf = token_of(browser, "/account/tokens")
    answer = browser.post("/account/tokens", data=FORM | {"csrf": csrf} | typed)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text


def test_the_administrator_sees_and_revokes_all_on_a_page(pages: Pages, program: Program) -> None:
    client, browser = program(OFFICER), pages.visitor(ADMIN)
    assert pages.visitor(HEAD).get("/admin/tokens").status_code == 403
    token = client.get("/me/tokens").json()[0]["id"]
    csrf = token_of(browser, "/admin/tokens")
    assert browser.post("/admin/tokens/revoke", data={"csrf": csrf, "token": token}).status_code == 303
    assert client.get("/me").status_code == 401


def test_the_interface_is_described_on_a_page_and_as_a_document(pages: Pages) -> None:
    browser = pages.visitor()
    document = browser.get("/api/openapi.json").json()
    page = browser.get("/api").text
    assert all(f"/api{path}</code>" in page for path in document["paths"])


def test_the_document_keeps_the_names_that_programs_were_made_with(pages: Pages) -> None:
    text = pages.visitor().get("/api/openapi.json").text
    schemas = json.loads(text)["components"]["schemas"]
    assert schemas["Shelf"]["enum"] == list(Bucket)
    assert set(re.findall(r"#/components/schemas/(\w+)", text)) <= set(schemas)


def test_a_token_for_reading_takes_no_other_token_back(program: Program) -> None:
    working, reading = program(OFFICER, Scope.WORK), program(OFFICER, Scope.READ)
    by_scopes = {tuple(token["scopes"]): token["id"] for token in reading.get("/me/tokens").json()}
    assert reading.delete(f"/me/tokens/{by_scopes['work',]}").status_code == 403
    assert working.delete(f"/me/tokens/{by_scopes['read',]}").status_code == 204


def test_a_new_password_ends_the_tokens(pages: Pages, program: Program) -> None:
    client = program(OFFICER)
    set_password(pages.office.store, pages.office.key, OFFICER, "ตะเกียงสีน้ำเงินข้างบ่อ", pages.system.clock())
    assert client.get("/me").status_code == 401
