from __future__ import annotations

from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifications.email import build, message_id
from notifications.faults import BadAddressError, CentralMailboxError
from notifications.message import Rendered, render
from tests.notifications.factories import SENDER, SENT_AT, make_item, make_message

IDENTITY = message_id("k", "office.example")
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"]
HEADERS += ["Content-Language", "MIME-Version", "Content-Type"]


def make_mail(rendered: Rendered | None = None, **facts: Any) -> EmailMessage:
    rendered = rendered or Rendered("แจ้งเตือน ๑ รายการ", "ข้อความ\n", "<p>ข้อความ</p>")
    defaults: dict[str, Any] = {"sender": SENDER, "to": "a@office.example", "message_id": IDENTITY, "date": SENT_AT}
    return build(rendered, **(defaults | facts))


def read(mail: EmailMessage) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(mail.as_bytes())


@given(st.text() | st.text("กาำ้\r\n :<>@=?\x85\u2028,\"'", max_size=300))
@example("เรื่อง\r\nBcc: x@y.example\r\n\r\nbody")
@example("a\x0bBcc: x@y.example")
@example("ก" * 500)
def test_no_subject_adds_a_header_or_is_changed(subject: str) -> None:
    raw = message_from_bytes(make_mail(Rendered(subject, "ก", "ก")).as_bytes())
    assert sorted(raw.keys()) == sorted(HEADERS)
    back = read(make_mail(Rendered(subject, "ก", "ก")))["Subject"]
    assert "\n" not in back
    assert back.split() == [word for word in subject.split() if word] or not subject.isprintable()


@given(st.text("กาำ้\r\n :<>@=?,\"'()\\;.", max_size=80))
def test_no_sender_name_adds_a_header(name: str) -> None:
    try:
        mail = make_mail(sender=f"{name} <ita@office.example>")
    except BadAddressError:
        return
    assert sorted(message_from_bytes(mail.as_bytes()).keys()) == sorted(HEADERS)


@pytest.mark.parametrize("to", ["a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "ก@b.example", ""])
def test_no_recipient_smuggles_anything(to: str) -> None:
    with pytest.raises(BadAddressError):
        make_mail(to=to)


def test_the_central_mailbox_is_never_written_to() -> None:
    with pytest.raises(CentralMailboxError, match="registered by hand"):
        make_mail(to="Saraban@office.go.th")


def test_both_versions_come_back_as_written() -> None:
    rendered = render(make_message(make_item()))
    mail = read(make_mail(rendered))
    assert mail.get_content_type() == "multipart/alternative"
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert page is not None
    assert text.get_content().replace("\r\n", "\n") == rendered.text
    assert page.get_content().replace("\r\n", "\n").strip() == rendered.html.strip()
    assert mail["Subject"] == rendered.subject


def test_the_sender_keeps_its_thai_name() -> None:
    # The parser of Python's newer policies puts a space between two encoded words of a name; this one does not.
    sender = message_from_bytes(make_mail().as_bytes())["From"]
    assert str(make_header(decode_header(sender))) == SENDER


def test_the_same_input_gives_the_same_bytes() -> None:
    assert make_mail().as_bytes() == make_mail().as_bytes()
    assert max(map(len, make_mail().as_bytes().split(b"\r\n"))) <= 998


def test_the_mail_says_that_a_machine_wrote_it() -> None:
    mail = make_mail()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Date"].datetime == SENT_AT


def test_one_key_gives_one_message_id() -> None:
    assert message_id("ก", "a.example") == message_id("ก", "a.example") != message_id("ข", "a.example")


@pytest.mark.parametrize("domain", ["", "a b", "a>\r\nX: y", "ไทย"])
def test_a_message_id_needs_the_name_of_a_host(domain: str) -> None:
    with pytest.raises(ValueError, match="not the name of a host"):
        message_id("k", domain)


def test_a_message_id_with_a_line_end_is_refused() -> None:
    with pytest.raises(ValueError, match="not a Message-ID"):
        make_mail(message_id="<a@b>\r\nBcc: c@d")


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        make_mail(date=datetime(2026, 5, 7))  # noqa: DTZ001 -- the very thing that is refused
