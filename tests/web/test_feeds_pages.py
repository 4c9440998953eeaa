"""Calendars of deadlines: who gets which address, what stands in them, and that an address can be renewed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from icalendar import Calendar

from services.access.accounts import disable_account
from services.assignments import review
from services.assignments.hand_in import Result, hand_in
from services.integrations.calendar_feeds import Feed, FeedKind, calendar_of
from tests.factories import NONE_CONFIRMED, at, make_measure, make_plan, make_step
from tests.services.live_office import LiveOffice
from tests.web.conftest import Pages, token_of

ADMIN, OFFICER, HEAD, CLERK = "the-admin", "the-chang-officer", "the-chang-head", "the-clerk"
WORK = "2566-m1.1-chang-q2"
ANSWER = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)


def addresses(pages: Pages, person: str) -> list[str]:
    page = pages.visitor(person).get("/calendar").text
    return re.findall(r'value="http://127\.0\.0\.1:\d+(/calendar/[^"]+\.ics)"', page)


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
            desk, WORK, date(2023, 5, 2), reason="รอผล", by=OFFICER, now=pages.system.clock(), version=1
        )
        review.decide_extension(desk, WORK, granted=True, by=HEAD, now=pages.system.clock(), version=asked.version)
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


def test_what_is_finished_goes_from_the_calendar_before_what_is_owed(pages: Pages) -> None:
    (own, _) = addresses(pages, OFFICER)
    first, second = "2566-m1.1-chang-q1.ban-mai@sucharit", f"{WORK}.ban-mai@sucharit"
    with pages.office.desk() as desk:
        hand_in(desk, WORK.replace("q2", "q1"), ANSWER, by=OFFICER, now=pages.system.clock())
        review.accept(desk, WORK.replace("q2", "q1"), by=HEAD, now=pages.system.clock())
    assert str(events(pages, own)[first]["summary"]).startswith("เสร็จแล้ว: ")
    pages.set_clock("2023-03-20 10:00")
    assert first not in events(pages, own)
    pages.set_clock("2023-06-15 10:00")
    pages.office.advance(pages.system.clock())
    assert second in events(pages, own)


def test_a_long_step_is_cut_in_the_title_and_whole_in_the_description(office: Callable[..., LiveOffice]) -> None:
    text = "จัดทำรายงานผลการดำเนินการตามมาตรการ " * 5
    founded = office(plan=make_plan(measures=(make_measure(steps=(make_step(text=text.strip()),)),)))
    now = at("2023-01-04 09:00")
    with founded.reading() as desk:
        content = calendar_of(desk, Feed(founded.key, FeedKind.DIVISION, "chang"), 1, "http://site", now)
    event = Calendar.from_ical(content).walk("VEVENT")[0]
    title, told = str(event["summary"]), str(event["description"])
    assert "…" in title
    assert len(title) < 100
    assert text.strip() in told
    assert "มาตรการที่ ๑ " in told


def test_a_supervisors_own_calendar_has_what_they_supervise(pages: Pages) -> None:
    own = addresses(pages, CLERK)[0]
    assert len(events(pages, own)) == 4


def test_a_renewed_address_replaces_the_one_before(pages: Pages) -> None:
    browser = pages.visitor(OFFICER)
    old = re.findall(r"/calendar/[^\"]+\.ics", browser.get("/calendar").text)[0]
    told = {"csrf": token_of(browser, "/calendar"), "kind": "person", "subject": OFFICER}
    unsure = browser.post("/calendar/renew", data=told)
    assert "ยังไม่ได้เปลี่ยนที่อยู่" in browser.get(unsure.headers["location"]).text
    assert pages.office.ledger("feed.") == []
    renewed = browser.post("/calendar/renew", data=told | {"sure": "yes"})
    assert "เปลี่ยนที่อยู่แล้ว" in browser.get(renewed.headers["location"]).text
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
