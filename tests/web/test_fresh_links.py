"""One press on the page of a letter's link mails a fresh one, to the address that its person has now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.assignment import State
from domain.outbox import LetterState
from services.access.mail_link import MOST_AN_HOUR
from services.settings import Settings
from tests.factories import at
from tests.notifications.servers import Server
from tests.services.live_office import LiveOffice
from tests.services.mail import serving
from tests.web.conftest import Pages, PagesSystem, token_of
from tests.web.test_letter_links import AFTER, FRESH, HEAD, MAILED, accept, fresh_letters, link, move_to, path_in, press
from tests.web.test_work_pages import ANSWERED, OFFICER, first, form_of
from web.middleware.limits import RULES


def test_no_fresh_link_is_mailed_of_work_that_is_over(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    csrf = token_of(browser, path)
    accept(pages, "2023-01-05 10:00")
    pages.set_clock("2023-02-05 09:00")
    assert browser.post(f"{path}/fresh", data={"csrf": csrf}).status_code == 410
    assert fresh_letters(pages) == []


def test_one_press_mails_a_fresh_link_that_acts(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    pages.set_clock(AFTER)
    assert MAILED in press(browser, path)
    (letter,) = fresh_letters(pages)
    assert letter.address == "chang-officer@example.test"
    assert "๕ พฤษภาคม ๒๕๖๖" in letter.text
    fresh = path_in(letter)
    told = form_of(browser, fresh) | ANSWERED
    assert browser.post(f"{fresh}/hand-in", data=told).status_code == 303
    assert pages.office.get(first(pages)).state is State.HANDED_IN


def test_who_asked_for_a_fresh_link_stands_in_the_ledger(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    pages.set_clock(AFTER)
    press(browser, path)
    (line,) = pages.office.ledger("letter.link_asked")
    (letter,) = fresh_letters(pages)
    assert (line.entry.actor, line.entry.at) == (OFFICER, at(AFTER))
    assert line.entry.data == {"to": OFFICER, "assignment": first(pages), "message_id": letter.message_id}


def test_whoever_has_another_address_gets_a_fresh_link_there_and_the_page_does_not_say_where(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    move_to(pages, "somchai.new@elsewhere.example")
    page = press(browser, path)
    assert MAILED in page
    assert "somchai" not in page
    assert "elsewhere.example" not in page
    (letter,) = fresh_letters(pages)
    assert letter.address == "somchai.new@elsewhere.example"
    assert browser.get(path_in(letter)).status_code == 200
    assert browser.get(path).status_code == 403


def test_a_printed_letters_link_that_only_shows_says_that_there_is_no_address(pages: Pages) -> None:
    move_to(pages, None)
    browser, path = pages.visitor(), link(pages)
    csrf = token_of(browser, path)
    pages.set_clock(AFTER)
    page = browser.get(path)
    assert (page.status_code, FRESH in page.text) == (200, False)
    refused = browser.post(f"{path}/fresh", data={"csrf": csrf})
    assert refused.status_code == 409
    assert "ไม่มีอีเมลของท่านในระบบ" in refused.text


def test_a_form_that_is_not_the_links_mails_nothing(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    pages.set_clock(AFTER)
    other = token_of(browser, link(pages, HEAD))
    assert browser.post(f"{path}/fresh", data={"csrf": other}).status_code == 403
    assert browser.post(f"{path}/fresh").status_code == 403
    assert fresh_letters(pages) == []


def test_a_few_fresh_links_an_hour_are_mailed_and_more_are_answered_the_same(pages: Pages) -> None:
    browser, path = pages.visitor(), link(pages)
    pages.set_clock(AFTER)
    answers = {press(browser, path) for _ in range(MOST_AN_HOUR + 1)}
    assert len(answers) == 1
    assert len(fresh_letters(pages)) == MOST_AN_HOUR
    pages.set_clock("2023-03-06 09:59")
    press(browser, path)
    assert len(fresh_letters(pages)) == MOST_AN_HOUR
    pages.set_clock("2023-03-06 10:00")
    press(browser, path)
    assert len(fresh_letters(pages)) == MOST_AN_HOUR + 1


def test_one_network_cannot_have_fresh_links_mailed_without_end(pages: Pages) -> None:
    (most,) = [rule.most for rule in RULES if rule.name == "mail"]
    browser, path = pages.visitor(), link(pages)
    pages.set_clock(AFTER)
    csrf = token_of(browser, path)
    answers = [browser.post(f"{path}/fresh", data={"csrf": csrf}).status_code for _ in range(most + 1)]
    assert (set(answers[:-1]), answers[-1]) == ({303}, 429)


def test_asking_without_end_keeps_nobody_out(pages: Pages) -> None:
    asking, path = pages.visitor(), link(pages)
    pages.set_clock(AFTER)
    for _ in range(MOST_AN_HOUR + 2):
        press(asking, path)
    for letter in fresh_letters(pages):
        assert "/hand-in" in asking.get(path_in(letter)).text
    move_to(pages, "somchai.new@elsewhere.example")
    press(asking, path)
    assert [one.address for one in fresh_letters(pages)].count("somchai.new@elsewhere.example") == 1
    press(asking, link(pages, HEAD))
    assert [one.person for one in fresh_letters(pages)].count(HEAD) == 1


@pytest.mark.parametrize("when", [AFTER, "2023-01-06 09:00"])
def test_the_pages_of_a_link_speak_english_too(pages: Pages, when: str) -> None:
    browser, path = pages.visitor(), link(pages)
    if when != AFTER:
        move_to(pages, "somchai.new@elsewhere.example")
    pages.set_clock(when)
    browser.post("/language", data={"language": "en"})
    assert "Mail me a fresh link" in browser.get(path).text
    assert "A fresh link has been mailed" in press(browser, path)


def test_a_fresh_link_leaves_at_once(office: Callable[..., LiveOffice], tmp_path: Path) -> None:
    founded, server = office(), Server()
    founded.advance(at("2023-01-04 09:00"))
    with serving(server) as port:
        settings = Settings(home=tmp_path, smtp_host="127.0.0.1", smtp_port=port, smtp_tls="none", smtp_timeout_s=20)
        pages = Pages(PagesSystem(settings, of=founded, times=[at("2023-01-04 10:00")]), founded)
        path = link(pages)
        pages.set_clock(AFTER)
        press(pages.visitor(), path)
        assert pages.system.send_at_once.finish(30)
    assert [envelope.rcpt_tos for envelope in server.accepted] == [["chang-officer@example.test"]]
    assert [letter.state for letter in fresh_letters(pages)] == [LetterState.SENT]
