"""What is printed: the sheet of a meeting stays one sheet, whatever there is to say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped] # it has none
import pytest
from playwright.sync_api import Browser

from domain.plan import Plan
from services.settings import Settings
from tests.browser.test_journeys import sign_in
from tests.factories import at, make_measure, make_plan, make_step
from tests.services.live_office import LiveOffice
from tests.web.conftest import Pages, PagesSystem

HEAD = "the-chang-head"
LONG = "จัดประชุมชี้แจงแนวทางปฏิบัติงานตามคู่มือหรือมาตรฐานการปฏิบัติงานแก่บุคลากรทุกระดับ และเผยแพร่ให้ประชาชนทราบ " * 4


def plan_of(steps: int, text: str) -> Plan:
    """One measure whose steps กองช่าง reports every quarter."""
    own = tuple(make_step(key=f"m1.{n}", text=f"{n} {text}") for n in range(1, steps + 1))
    return make_plan(measures=(make_measure(steps=own),))


@pytest.mark.parametrize("steps", [1, 25])
@pytest.mark.parametrize("text", ["ประกาศ", LONG], ids=["short", "long"])
def test_a_meeting_is_held_over_one_sheet(
    office: Callable[..., LiveOffice], browser: Browser, tmp_path: Path, steps: int, text: str
) -> None:
    live = office(plan=plan_of(steps, text))
    live.advance(at("2023-01-04 09:00"))
    pages = Pages(PagesSystem(Settings(home=tmp_path), of=live, times=[at("2023-03-10 09:00")]), live)
    pages.visitor(HEAD)
    with pages.served() as site:
        page = browser.new_context().new_page()
        sign_in(page, site, HEAD)
        page.goto(f"{site}/meeting/chang")
        paper = page.pdf(format="A4", prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(paper)
    words = document[0].get_textpage().get_text_range()
    assert len(document) == 1
    if steps > 1:
        assert words.count("และอีก") == 2
    document.close()
