"""Calendars of deadlines: who gets which address, what stands in them, and that an address can be renewed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from icalendar import Calendar

from services import review
from services.accounts import disable_account
from tests.web.conftest import Pages, token_of

ADMIN, OFFICER, HEAD, CLERK = "the-admin", "the-chang-officer", "the-chang-head", "the-clerk"
WORK = "2566-m1.1-chang-q2"


def addresses(pages: Pages, person: str) -> list[str]:
    page = pages.visitor(person).get("/calendar").text
    return re.findall(r'value="http://testserver(/calendar/[^"]+\.ics)"', page)


def events(pages: Pages, address: str) -> dict[str, Any]:
    answer = pages.visitor().get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    return {str(one["uid"]): one for one in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_a_calendar_holds_every_deadline_of_the_year(pages: Pages) -> None:
    own, division = addresses(pages, OFFICER)
    found = events(pages, division)
    assert len(found) == 4
    assert events(pages, own).keys() == found.keys()
    event = found[f"{WORK}.ban-mai@sucharit"]
    assert event["dtstart"].dt == date(2023, 4, 10)
    assert event["dtend"].dt == date(2023, 4, 11)
    assert event["sequence"] == 0
    assert str(event["url"]).endswith(f"/assignments/{WORK}")
    assert str(event["summary"]).startswith("ครบกำหนด: ")


def test_a_moved_deadline_keeps_its_name_and_counts_up(pages: Pages) -> None:
    (_, division) = addresses(pages, OFFICER)
    with pages.office.desk() as desk:
        asked = review.ask_extension(
            desk, WORK, date(2023, 5, 2), reason="รอผล", by=OFFICER, at=pages.system.clock(), version=1
        )
        review.decide_extension(desk, WORK, granted=True, by=HEAD, at=pages.system.clock(), version=asked.version)
    event = events(pages, division)[f"{WORK}.ban-mai@sucharit"]
    assert (event["dtstart"].dt, event["sequence"]) == (date(2023, 5, 2), 1)


def test_an_unopened_deadline_keeps_its_name_when_it_opens(pages: Pages) -> None:
    (_, division) = addresses(pages, OFFICER)
    before = events(pages, division).keys()
    pages.office.advance(pages.system.clock())
    pages.set_clock("2023-04-05 10:00")
    pages.office.advance(pages.system.clock())
    assert len(pages.office.assignments()) == 3
    assert events(pages, division).keys() == before


def test_a_supervisors_own_calendar_has_what_they_supervise(pages: Pages) -> None:
    own = addresses(pages, CLERK)[0]
    assert len(events(pages, own)) == 4


def test_a_renewed_address_replaces_the_one_before(pages: Pages) -> None:
    browser = pages.visitor(OFFICER)
    old = re.findall(r"/calendar/[^\"]+\.ics", browser.get("/calendar").text)[0]
    told = {"csrf": token_of(browser, "/calendar"), "kind": "person", "subject": OFFICER}
    assert browser.post("/calendar/renew", data=told).status_code == 303
    new = re.findall(r"/calendar/[^\"]+\.ics", browser.get("/calendar").text)[0]
    assert new != old
    assert pages.visitor().get(old).status_code == 404
    assert events(pages, new)
    assert [line.entry.kind for line in pages.office.ledger("feed.")] == ["feed.renewed"]


@pytest.mark.parametrize(
    ("kind", "subject"), [("division", "chang"), ("division", "khlang"), ("person", HEAD), ("x", "")]
)
def test_an_officer_renews_nobody_elses_address(pages: Pages, kind: str, subject: str) -> None:
    browser = pages.visitor(OFFICER)
    told = {"csrf": token_of(browser, "/calendar"), "kind": kind, "subject": subject}
    assert browser.post("/calendar/renew", data=told).status_code == 404
    assert pages.office.ledger("feed.") == []


def test_the_calendar_of_a_closed_account_is_gone(pages: Pages) -> None:
    own, division = addresses(pages, OFFICER)
    with pages.office.desk() as desk:
        disable_account(desk, OFFICER, pages.system.clock(), ADMIN)
    assert pages.visitor().get(own).status_code == 404
    assert pages.visitor().get(division).status_code == 200


@pytest.mark.parametrize("token", ["x", "a.b", "WyJjYWxlbmRhci8xIl0.AAAA", "%00.x"])
def test_a_made_up_address_opens_nothing(pages: Pages, token: str) -> None:
    assert pages.visitor().get(f"/calendar/{token}.ics").status_code == 404
