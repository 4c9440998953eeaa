"""Letters in the office's own words: seen, tried, kept, and never in the way of a real letter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from notifications.own_words import PARTS
from services.operations.doctor import examine
from storage.wordings import Wording
from tests.factories import at
from tests.web.conftest import Pages, token_of

ADMIN, OFFICER, HEAD = "the-admin", "the-chang-officer", "the-chang-head"
PAGE = "/admin/letters/opened"
ASK = "ขอความร่วมมือทุกกองส่งรายงานก่อนวันหยุดยาว"


def posted(browser: TestClient, act: str, page: str = PAGE, **fields: str) -> tuple[int, str, str]:
    version = browser.get(page).text.split('name="version" value="', 1)[1].split('"', 1)[0]
    data = {"csrf": token_of(browser, page), "version": version, "act": act} | fields
    answer = browser.post(page, data=data)
    return answer.status_code, answer.text, answer.headers.get("location", "")


def stored(pages: Pages) -> dict[str, Wording]:
    with pages.office.reading() as desk:
        return desk.uow.wordings.all()


def put(pages: Pages, parts: dict[str, str], message: str = "opened") -> None:
    with pages.office.desk() as desk:
        desk.uow.wordings.put(Wording(message, parts, 1, ADMIN, at("2023-01-04 09:30")))


@pytest.mark.parametrize("message", PARTS)
def test_every_message_is_shown_with_its_standard_words_and_its_letter(pages: Pages, message: str) -> None:
    browser = pages.visitor(ADMIN)
    assert f'href="/admin/letters/{message}"' in browser.get("/admin/letters").text
    page = browser.get(f"/admin/letters/{message}").text
    assert "เรียน ผู้ดำรงตำแหน่งผู้ดูแลระบบ" in page
    assert "ประกาศเจตนารมณ์การป้องกันการทุจริต" in page


def test_a_look_keeps_what_was_typed_and_stores_nothing(pages: Pages) -> None:
    status, page, _ = posted(pages.visitor(ADMIN), "look", ask=ASK)
    assert (status, page.count(ASK)) == (200, 2)
    assert stored(pages) == {}


def test_own_words_are_kept_with_before_and_after_and_real_letters_say_them(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    assert posted(browser, "save", ask=ASK)[2] == f"{PAGE}?said=saved"
    (line,) = pages.office.ledger("wording.changed")
    assert (line.entry.actor, line.entry.subject) == (ADMIN, "opened")
    assert line.entry.data == {"before": {}, "after": {"ask": ASK}, "version": 1}
    pages.office.compose(at("2023-01-04 10:05"))
    (letter,) = [one for one in pages.office.letters() if one.person == OFFICER]
    assert ASK in letter.text
    assert ASK in letter.html
    assert "ถ้อยคำของหน่วยงาน" in browser.get("/admin/letters").text


def test_words_that_are_the_standard_ones_are_not_own_words(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    assert posted(browser, "save", heading="เริ่มดำเนินการ", ask="  ")[2] == f"{PAGE}?said=standard"
    assert stored(pages) == {}
    assert pages.office.ledger("wording.") == []


def test_the_standard_comes_back(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    posted(browser, "save", ask=ASK)
    assert posted(browser, "standard", ask=ASK)[2] == f"{PAGE}?said=standard"
    assert ASK not in browser.get(PAGE).text
    assert (dict(stored(pages)["opened"].parts), stored(pages)["opened"].version) == ({}, 2)


def test_the_letter_is_shown_as_its_reader_sees_it_where_nothing_can_run(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    data = {"csrf": token_of(browser, PAGE), "version": "0", "act": "paper", "ask": "<script>x</script>"}
    answer = browser.post(PAGE, data=data)
    assert answer.text.lstrip().startswith("<!doctype html>")
    assert "&lt;script&gt;x&lt;/script&gt;" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "script" not in policy


def test_a_letter_on_trial_goes_through_the_outbox_to_whoever_asks(pages: Pages) -> None:
    status, page, _ = posted(pages.visitor(ADMIN), "try", ask=ASK)
    assert (status, "กำลังส่งจดหมายทดสอบถึงท่าน" in page) == (200, True)
    (letter,) = pages.office.letters()
    assert (letter.person, letter.address, letter.state) == (ADMIN, "admin@example.test", "waiting")
    assert letter.subject.startswith("[ทดสอบ] ")
    assert ASK in letter.text
    (line,) = pages.office.ledger("letter.tried")
    assert line.entry.data == {"message": "opened", "to": ADMIN}
    assert stored(pages) == {}


def test_whoever_has_no_address_is_told_so(pages: Pages) -> None:
    with pages.office.desk() as desk:
        persons = tuple(replace(p, email=None) if p.key == ADMIN else p for p in desk.people.persons)
        desk.uow.people.save(replace(desk.people, persons=persons))
    status, page, _ = posted(pages.visitor(ADMIN), "try", ask=ASK)
    assert (status, 'id="try-fault"' in page) == (422, True)
    assert pages.office.letters() == []


@pytest.mark.parametrize("act", ["look", "paper", "try", "save"])
def test_broken_words_are_refused_at_their_field_with_the_line(pages: Pages, act: str) -> None:
    status, page, _ = posted(pages.visitor(ADMIN), act, ask="เรียน\n{{ ชื่อเล่น }}")
    assert status == 422
    assert 'id="ask-fault"' in page
    assert "บรรทัดที่ ๒: ไม่มีชื่อ “ชื่อเล่น”" in page
    assert "{{ ชื่อเล่น }}</textarea>" in page
    assert (stored(pages), pages.office.letters()) == ({}, [])


def test_nobody_overwrites_what_another_kept_meanwhile(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    data = {"csrf": token_of(browser, PAGE), "version": "0", "act": "save"}
    browser.post(PAGE, data=data | {"ask": "คนแรก"})
    answer = browser.post(PAGE, data=data | {"ask": ASK})
    assert answer.status_code == 409
    assert ASK in answer.text
    assert dict(stored(pages)["opened"].parts) == {"ask": "คนแรก"}


def test_words_that_cannot_be_used_stop_no_letter_and_health_says_so(pages: Pages) -> None:
    put(pages, {"ask": "{{ ชื่อเก่า }}"})
    pages.office.compose(at("2023-01-04 10:05"))
    (letter,) = [one for one in pages.office.letters() if one.person == OFFICER]
    assert "ถึงระยะเวลาดำเนินการตามแผนแล้ว" in letter.text
    pages.set_clock("2023-01-04 10:10")
    (check,) = [one for one in examine(pages.system, pages.office.key) if one.what == "wording"]
    assert not check.is_fine
    assert "opened, ask" in check.sentence_thai
    assert "ใช้ข้อความมาตรฐานแทน" in pages.visitor(ADMIN).get("/admin").text


def test_a_message_that_is_not_there_is_not_found(pages: Pages) -> None:
    browser = pages.visitor(ADMIN)
    assert browser.get("/admin/letters/shared").status_code == 404
    assert browser.post("/admin/letters/shared", data={"csrf": token_of(browser, PAGE)}).status_code == 404


def test_the_words_are_the_administrators(pages: Pages) -> None:
    head = pages.visitor(HEAD)
    for path in ("/admin/letters", PAGE):
        assert head.get(path).status_code == 403
    data = {"csrf": token_of(head, "/account"), "version": "0", "act": "save", "ask": ASK}
    assert head.post(PAGE, data=data).status_code == 403
    assert stored(pages) == {}
