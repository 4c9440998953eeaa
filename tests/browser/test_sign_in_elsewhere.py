"""Signing in at a provider, in a browser as people have it: from one site to the other and back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bench.live import free_port
from tests.browser.conftest import PHONE
from tests.web.conftest import Pages
from tests.web.elsewhere import Elsewhere, provider_on_loopback, with_provider

OFFICER = "the-chang-officer"


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with provider_on_loopback() as running:
        running.knows("chang", email=f"{OFFICER}@office.example", email_verified=True)
        yield running


@pytest.mark.parametrize("javascript", [True, False])
def test_one_button_there_and_one_back_and_the_work_is_open(
    browser: Browser, pages: Pages, elsewhere: Elsewhere, *, javascript: bool
) -> None:
    pages.visitor(OFFICER)
    port = free_port()
    there = with_provider(pages, elsewhere, site=f"http://127.0.0.1:{port}")
    with there.served(port) as site:
        context = browser.new_context(viewport=PHONE, java_script_enabled=javascript)
        page = context.new_page()
        page.goto(f"{site}/inbox?shelf=late")
        page.get_by_role("button", name="เข้าใช้ด้วยบัญชีของหน่วยงาน").click()
        page.get_by_placeholder("sub").fill("chang")
        page.get_by_role("button", name="Authorize", exact=True).click()
        expect(page.get_by_role("heading", name="งานของกอง")).to_be_visible()
        assert page.url == f"{site}/inbox?shelf=late"
        context.close()
