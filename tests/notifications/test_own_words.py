from __future__ import annotations

import pytest

from domain.notice import NoticeKind
from notifications.message import render, standard_words
from notifications.own_words import DIGEST, LETTER, LONGEST, PARTS, Part, WordingError, check, faults
from tests.notifications.factories import make_item, make_message

KIND = NoticeKind.REMINDER


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("part", [Part.SUBJECT, Part.HEADING, Part.ASK])
def test_the_standard_words_are_those_of_the_letter(kind: NoticeKind, part: Part) -> None:
    message = make_message(make_item(kind))
    said = render(message, {kind.value: {part: standard_words()[kind][part]}})
    assert said == render(message)


def test_every_message_of_the_list_has_its_standard_subject() -> None:
    assert {message for message, parts in standard_words().items() if Part.SUBJECT in parts} == {*NoticeKind, DIGEST}


def test_own_words_stand_in_both_the_text_and_the_html() -> None:
    words = {KIND.value: {"heading": "ใกล้ถึงวันแล้ว", "ask": "ขอความร่วมมือ\nโปรดส่งรายงาน", "stop": "ขอบคุณค่ะ"}}
    mail = render(make_message(make_item(KIND)), words)
    for part in ("ใกล้ถึงวันแล้ว", "ขอความร่วมมือ", "โปรดส่งรายงาน", "ขอบคุณค่ะ"):
        assert part in mail.text
        assert part in mail.html
    assert "ขอความร่วมมือ<br>โปรดส่งรายงาน" in mail.html
    assert standard_words()[KIND][Part.ASK] not in mail.text


def test_every_letter_has_the_offices_opening_closing_and_signature() -> None:
    words = {LETTER: {"opening": "ด้วยความเคารพ", "closing": "ขอบคุณ", "signature": "งาน ITA\nโทร. ๐ ๒๑๒๓"}}
    mail = render(make_message(make_item(NoticeKind.OPENED)), words)
    assert mail.text.index("ด้วยความเคารพ") < mail.text.index("เริ่มดำเนินการ") < mail.text.index("ขอบคุณ")
    assert "งาน ITA\nโทร. ๐ ๒๑๒๓" in mail.text
    assert "งาน ITA<br>โทร. ๐ ๒๑๒๓" in mail.html


def test_names_are_filled_in() -> None:
    words = {KIND.value: {"subject": "ถึง{{ ผู้รับ }} {{ จำนวน }} รายการ"}}
    message = make_message(make_item(KIND))
    assert render(message, words).subject == f"ถึง{message.person_name} ๑ รายการ"


def test_a_demonstrations_subject_says_so_in_own_words_too() -> None:
    message = make_message(make_item(KIND), is_demo=True)
    assert render(message, {KIND.value: {"subject": "เรื่องใหม่"}}).subject == "[ตัวอย่าง] เรื่องใหม่"


def test_own_words_are_text_and_never_html() -> None:
    mail = render(make_message(make_item(KIND)), {KIND.value: {"ask": "<b>ด่วน</b> & <script>"}})
    assert "&lt;b&gt;ด่วน&lt;/b&gt; &amp; &lt;script&gt;" in mail.html
    assert "<b>ด่วน</b> & <script>" in mail.text


@pytest.mark.parametrize("part", [Part.SUBJECT, Part.HEADING])
def test_a_subject_and_a_heading_are_one_line(part: Part) -> None:
    mail = render(make_message(make_item(KIND)), {KIND.value: {part: "บรรทัดหนึ่ง\nBcc: x@example.test"}})
    assert "บรรทัดหนึ่ง Bcc: x@example.test" in (mail.subject if part is Part.SUBJECT else mail.text)


@pytest.mark.parametrize("blank", ["", "   ", "\n"])
def test_blank_words_are_the_standard(blank: str) -> None:
    message = make_message(make_item(KIND))
    assert render(message, {KIND.value: {"ask": blank}}) == render(message)


BROKEN = (
    "{{ จำนวน",
    "{{ ชื่อเล่น }}",
    "{{ จำนวน.__class__ }}",
    "{{ จำนวน|upper }}",
    "{{ range(9) }}",
    "{% for x in [1] %}x{% endfor %}",
    "{% include 'shared/layout.text.j2' %}",
    "{{ 'a' * 999999999 }}",
)


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_more_than_text_and_names_is_refused_with_its_line(broken: str) -> None:
    with pytest.raises(WordingError) as refused:
        check(Part.ASK, f"ดี\n{broken}")
    assert refused.value.facts["line"] == 2
    assert "บรรทัดที่ ๒" in refused.value.in_thai()


@pytest.mark.parametrize("broken", BROKEN)
def test_broken_words_that_are_stored_all_the_same_stop_no_letter(broken: str) -> None:
    message = make_message(make_item(KIND))
    words = {KIND.value: {part.value: broken for part in PARTS[KIND]}}
    assert render(message, words) == render(message)
    assert [(kind, part) for kind, part, _ in faults(words)] == [(KIND, part) for part in PARTS[KIND]]


def test_words_of_a_message_that_is_no_more_stop_nothing() -> None:
    message = make_message(make_item(KIND))
    assert render(message, {"greeting": {"ask": "{{ x"}}) == render(message)


@pytest.mark.parametrize("part", Part)
def test_too_many_words_are_refused(part: Part) -> None:
    check(part, "ก" * LONGEST[part])
    with pytest.raises(WordingError, match=str(LONGEST[part])):
        check(part, "ก" * (LONGEST[part] + 1))
