"""Webhooks through the interface and on the administrator's page."""

from __future__ import annotations

import pytest

from tests.api.conftest import ADMIN, HEAD, OFFICER, Program
from tests.web.conftest import Pages, token_of

NEW = {"url": "https://example.go.th/sucharit", "events": ["assignment", "report"]}


def test_a_webhook_is_made_paused_resumed_and_removed(pages: Pages, program: Program) -> None:
    client = program(ADMIN)
    made = client.post("/hooks", json=NEW).json()
    assert made["secret"].startswith("whsec_")
    here = f"/hooks/{made['hook']['id']}"
    assert client.post(f"{here}/pause").json()["state"] == "paused"
    assert client.post(f"{here}/resume").json()["state"] == "on"
    assert made["secret"] not in client.get("/hooks").text
    assert client.delete(here).status_code == 204
    assert client.delete(here).status_code == 404
    kinds = [line.entry.kind for line in pages.office.ledger("hook.")]
    assert kinds == ["hook.made", "hook.paused", "hook.resumed", "hook.removed"]


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "http://127.0.0.1:4200/api", "file:///etc/passwd", "https://a b"])
def test_an_address_inside_is_refused(program: Program, url: str) -> None:
    answer = program(ADMIN).post("/hooks", json=NEW | {"url": url})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:sucharit:hook-address")


def test_only_the_administrator_has_webhooks(pages: Pages, program: Program) -> None:
    assert program(HEAD).post("/hooks", json=NEW).status_code == 403
    assert pages.visitor(OFFICER).get("/admin/hooks").status_code == 403


def test_a_webhook_is_made_tried_and_removed_on_the_page(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    csrf = token_of(browser, "/admin/hooks")
    page = browser.post("/admin/hooks", data={"csrf": csrf, "url": "https://localhost:9/x", "event": ["plan"]}).text
    assert 'value="whsec_' in page
    assert "whsec_" not in browser.get("/admin/hooks").text
    with pages.office.reading() as desk:
        (hook,) = desk.uow.hooks.all()
    tried = browser.post(f"/admin/hooks/{hook.id}/test", data={"csrf": csrf}).text
    assert "เครือข่ายภายใน" in tried
    for move in ("pause", "resume", "remove"):
        assert browser.post(f"/admin/hooks/{hook.id}/{move}", data={"csrf": csrf}).status_code == 303
    assert "ยังไม่มีเว็บฮุก" in browser.get("/admin/hooks").text


@pytest.mark.parametrize(
    ("typed", "field"), [({"url": "http://example.go.th"}, "url"), ({"url": ""}, "url"), ({"event": []}, "events")]
)
def test_what_is_wrong_with_a_webhook_stands_at_its_field(pages: Pages, typed: dict[str, object], field: str) -> None:
    browser = pages.visitor(ADMIN)
    told = {"csrf": token_of(browser, "/admin/hooks"), "url": NEW["url"], "event": ["plan"]} | typed
    answer = browser.post("/admin/hooks", data=told)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
