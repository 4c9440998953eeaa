"""What the office decides: changed on its page and by its file, both looked at first."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from domain.office import Office
from services.office.office_file import as_yaml
from services.settings import Settings
from tests.factories import at, make_office
from tests.services.live_office import LiveOffice
from tests.web.conftest import Pages, PagesSystem, token_of

ADMIN, HEAD = "the-admin", "the-chang-head"
PAGE = "/admin/office"
Q1 = "2566-m1.1-chang-q1"
TOLD = {
    "name": "เทศบาลตำบลบ้านใหม่", "kind": "tambon_municipality", "district": "เมือง", "province": "ปทุมธานี",
    "report_due": "5", "correction": "3", "least_to_act": "5",
    "decide_reminder": "2", "decide_above": "5", "report_frozen": "10", "is_reviewed": "yes",
    "prepared_by": "palad", "notify_at": "๐๘.๓๐", "close_at": "16:30",
}  # fmt: skip


def office_of(pages: Pages) -> Office:
    with pages.office.reading() as desk:
        return desk.office


def file_of(pages: Pages) -> str:
    with pages.office.reading() as desk:
        return as_yaml(desk.office, desk.people)


def looked_at(browser: TestClient, **changed: str) -> tuple[str, dict[str, str]]:
    """The page of a look, and the fields of its second form."""
    told = {"csrf": token_of(browser, PAGE)} | TOLD | changed
    answer = browser.post(f"{PAGE}/preview", data={name: text for name, text in told.items() if text})
    assert answer.status_code == 200, answer.text
    form = answer.text.split(f'action="{PAGE}"', 1)[1]
    return answer.text, dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def given(browser: TestClient, content: str | bytes) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return browser.post(
        f"{PAGE}/file/preview", data={"csrf": token_of(browser, PAGE)}, files={"document": ("office.yaml", data)}
    )


def confirmed(page: str) -> dict[str, str]:
    """The fields of the form that changes the office to its file."""
    form = page.split(f'action="{PAGE}/file"', 1)[1]
    content = html.unescape(form.split('aria-hidden="true">', 1)[1].split("</textarea>", 1)[0])
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    return hidden | {"content": content.replace("\n", "\r\n")}


class TestSettings:
    """Name, days and hours."""

    def test_the_page_shows_what_is_decided(self, pages: Pages) -> None:
        page = pages.visitor(ADMIN).get(PAGE).text
        for value in ('value="เทศบาลตำบลบ้านใหม่"', 'value="08.30"', 'name="report_due" type="text" value="5"'):
            assert value in page

    def test_a_look_shows_the_deadlines_that_move_and_stores_nothing(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        lines = len(pages.office.ledger())
        page, _ = looked_at(browser, report_due="๗")
        assert "๑๑ ม.ค. ๖๖" in page
        assert "๑๒ ม.ค. ๖๖" in page
        assert "จาก ๗ ก.ค. ๖๖ เป็น ๑๑ ก.ค. ๖๖ (๑ ขั้นตอน)" in page
        assert (office_of(pages).settings.report_due, pages.office.get(Q1).due_on) == (5, date(2023, 1, 11))
        assert len(pages.office.ledger()) == lines

    def test_what_was_looked_at_is_saved_with_before_and_after(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        _, fields = looked_at(browser, report_due="7", name="เทศบาลเมืองบ้านใหม่", is_reviewed="", close_at="16.00")
        answer = browser.post(PAGE, data=fields)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?moved=2")
        found = office_of(pages)
        assert (found.name, found.settings.report_due, found.settings.is_reviewed) == ("เทศบาลเมืองบ้านใหม่", 7, False)
        assert f"{found.settings.close_at:%H:%M}" == "16:00"
        assert pages.office.get(Q1).due_on == date(2023, 1, 12)
        (line,) = pages.office.ledger("office.changed")
        assert line.entry.data["before"] == {
            "name": "เทศบาลตำบลบ้านใหม่", "report_due": 5, "is_reviewed": True, "close_at": "16:30:00",
        }  # fmt: skip

    def test_what_is_kept_elsewhere_stays(self, pages: Pages) -> None:
        browser, before = pages.visitor(ADMIN), office_of(pages)
        browser.post(PAGE, data=looked_at(browser, report_due="7")[1])
        after = office_of(pages)
        assert (after.settings.ladder, after.is_demo) == (before.settings.ladder, before.is_demo)

    def test_a_deadline_is_never_pulled_into_the_past(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        browser.post(PAGE, data=looked_at(browser, report_due="0", least_to_act="1")[1])
        assert pages.office.get(Q1).due_on == date(2023, 1, 11)

    def test_saving_what_is_already_so_writes_no_line(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        answer = browser.post(f"{PAGE}/preview", data={"csrf": token_of(browser, PAGE)} | TOLD)
        assert answer.headers["location"] == f"{PAGE}?moved=0"
        assert pages.office.ledger("office.changed") == []

    def test_nothing_is_done_unseen_or_after_another_change(self, pages: Pages) -> None:
        browser = pages.visitor(ADMIN)
        told = {"csrf": token_of(browser, PAGE)} | TOLD | {"report_due": "7"}
        assert browser.post(PAGE, data=told).status_code == 409
        _, first = looked_at(browser, report_due="7")
        _, second = looked_at(browser, correction="4")
        assert browser.post(PAGE, data=second).status_code == 303
        assert browser.post(PAGE, data=first).status_code == 409
        assert office_of(pages).settings.report_due == 5

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": " "}, "name"),
            ({"kind": "kingdom"}, "kind"),
            ({"report_due": "61"}, "report_due"),
            ({"correction": "-1"}, "correction"),
            ({"correction": "0"}, "correction"),
            ({"least_to_act": "0"}, "least_to_act"),
            ({"decide_reminder": "0"}, "decide_reminder"),
            ({"decide_above": ""}, "decide_above"),
            ({"least_to_act": "สาม"}, "least_to_act"),
            ({"report_frozen": ""}, "report_frozen"),
            ({"report_due": "9" * 200}, "report_due"),
            ({"prepared_by": "nobody"}, "prepared_by"),
            ({"notify_at": "25.00"}, "notify_at"),
            ({"close_at": "เย็น"}, "close_at"),
            ({"close_at": "08.30"}, "close_at"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(self, pages: Pages, wrong: dict[str, str], field: str) -> None:
        browser = pages.visitor(ADMIN)
        answer = browser.post(f"{PAGE}/preview", data={"csrf": token_of(browser, PAGE)} | TOLD | wrong)
        assert answer.status_code == 422
        assert f'id="{field}-fault"' in answer.text
        assert 'value="๐๘.๓๐"' in answer.text or field == "notify_at"


@pytest.fixture
def named(office: Callable[..., LiveOffice], tmp_path: Path) -> Pages:
    """An office whose key can stand in a file, with its first quarter open."""
    founded = office(key="ban_mai", office=make_office(key="ban_mai"))
    founded.advance(at("2023-01-04 09:00"))
    return Pages(PagesSystem(Settings(home=tmp_path), of=founded, times=[at("2023-01-04 10:00")]), founded)


class TestFile:
    """The whole office as text."""

    def test_it_is_taken_away_as_an_attachment(self, named: Pages) -> None:
        answer = named.visitor(ADMIN).get(f"{PAGE}/file")
        assert answer.headers["content-disposition"] == 'attachment; filename="ban_mai.yaml"'
        assert answer.text == file_of(named)

    def test_what_it_would_change_is_shown_and_then_done(self, named: Pages) -> None:
        browser = named.visitor(ADMIN)
        content = file_of(named).replace("name: กองช่าง", "name: กองโยธา").replace("report_due: 5", "report_due: 7")
        page = given(browser, content).text
        assert re.search(r'class="went".*?name: กองช่าง', page)
        assert re.search(r'class="came".*?name: กองโยธา', page)
        assert "๑๒ ม.ค. ๖๖" in page
        assert file_of(named) != content
        answer = browser.post(f"{PAGE}/file", data=confirmed(page))
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?moved=2")
        assert file_of(named) == content
        assert len(named.office.ledger("office.changed")) == 1

    def test_a_file_that_changes_nothing_writes_no_line(self, named: Pages) -> None:
        answer = given(named.visitor(ADMIN), file_of(named))
        assert answer.status_code == 303
        assert named.office.ledger("office.changed") == []

    def test_what_was_not_looked_at_is_not_done(self, named: Pages) -> None:
        browser, before = named.visitor(ADMIN), file_of(named)
        data = {"csrf": token_of(browser, PAGE), "content": before.replace("report_due: 5", "report_due: 7")}
        assert browser.post(f"{PAGE}/file", data=data).status_code == 409
        assert file_of(named) == before

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\x89PNG\r\n\x1a\n\x00\xff",
            b"[" * 20_000,
            b"name: x",
            b"#" * 600_000,
            "key: elsewhere\nname: ที่อื่น\nkind: sao\npersons: []\nposts: []\ndivisions: []\n",
        ],
        ids=["none", "picture", "deep", "half", "large", "faulty"],
    )
    def test_what_is_no_file_of_this_office_is_refused(self, named: Pages, content: str | bytes) -> None:
        before, answer = file_of(named), given(named.visitor(ADMIN), content)
        assert answer.status_code == 422
        assert 'id="document-fault"' in answer.text
        assert file_of(named) == before

    def test_another_offices_file_is_refused(self, named: Pages) -> None:
        answer = given(named.visitor(ADMIN), file_of(named).replace("key: ban_mai", "key: ban_kao"))
        assert "เป็นไฟล์ของ “ban_kao”" in answer.text

    def test_nobody_can_lock_every_administrator_out(self, named: Pages) -> None:
        content = re.sub(
            r"(level: administrator\n  holders:)\n  - person: the-admin\n    since: .*", r"\1 []", file_of(named)
        )
        assert "holders: []" in content
        answer = given(named.visitor(ADMIN), content)
        assert answer.status_code == 422
        assert "จะไม่มีผู้ดูแลระบบ" in answer.text


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/file"])
def test_it_is_the_administrators(pages: Pages, path: str) -> None:
    head = pages.visitor(HEAD)
    assert head.get(path).status_code == 403
    data = {"csrf": token_of(head, "/account")} | TOLD
    assert [head.post(f"{path}{end}", data=data).status_code for end in ("", "/preview")] == [403, 403]
