"""What a webhook may call, how it signs, and what it makes of answers."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest

from notifications.webhook import HookAddressError, call, check_url, signature
from tests.notifications.receiver import Receiver

NOW = datetime.fromtimestamp(1614265330, UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_a_message_is_signed_as_the_standard_says() -> None:
    made = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", NOW, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.go.th",
        "ftp://example.go.th",
        "http://example.go.th",
        "http://localhost/x",
        "https://",
        "https://user:password@example.go.th",
        "https://example.go.th:99999",
        "https://exa mple.go.th",
        "https://example.go.th/\n",
        "https://ตัวอย่าง.ไทย",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://0.0.0.0/",
        "https://[fec0::1]/",
        "https://[ff0e::1]/",
        "https://[::7f00:1]/",
        "https://1.2.3.04/",
        "https://example.go.th/" + "x" * 600,
    ],
)
def test_what_may_not_be_called(url: str) -> None:
    with pytest.raises(HookAddressError):
        check_url(url, allows_private=False)


@pytest.mark.parametrize(
    "url",
    ["https://example.go.th", "https://example.go.th:8443/a/b?c=d", "https://8.8.8.8/", "https://[2001:4860::8]/x"],
)
def test_what_may_be_called(url: str) -> None:
    assert check_url(url, allows_private=False).scheme == "https"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "http://localhost/", "https://10.0.0.8/", "http://[::1]:9/"])
def test_the_installation_may_allow_its_own_network(url: str) -> None:
    assert check_url(url, allows_private=True)


def test_plain_http_goes_to_this_machine_at_most() -> None:
    with pytest.raises(HookAddressError):
        check_url("http://10.0.0.8/", allows_private=True)


def test_an_address_that_cannot_be_read_is_an_answer_and_no_fault() -> None:
    answer = call("https://1.2.3.04/", "msg_1", b"{}", SECRET, NOW, allows_private=True)
    assert (answer.status, answer.is_taken) == (None, False)


def test_a_name_that_leads_inside_is_not_called(receiver: Receiver) -> None:
    answer = call(f"https://localhost:{receiver.port}/x", "msg_1", b"{}", SECRET, NOW, allows_private=False)
    assert not answer.is_taken
    assert "private network" in answer.words
    assert receiver.got == []


@pytest.mark.parametrize("status", [200, 204, 302, 400, 500])
def test_only_a_success_counts_as_taken(receiver: Receiver, status: int) -> None:
    receiver.statuses = [status]
    answer = call(receiver.url, "msg_1", b'{"a":1}', SECRET, NOW, allows_private=True)
    assert (answer.status, answer.is_taken) == (status, status < 300)
    (message,) = receiver.got
    assert message.headers["webhook-signature"] == signature(SECRET, "msg_1", NOW, b'{"a":1}')
    assert message.headers["host"] == f"localhost:{receiver.port}"


def test_a_name_with_an_address_that_is_deaf_is_called_at_its_next_one(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def both(_host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        kind = (socket.SOCK_STREAM, 6, "")
        return [(socket.AF_INET6, *kind, ("::1", port, 0, 0)), (socket.AF_INET, *kind, ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    answer = call(receiver.url, "msg_1", b"{}", SECRET, NOW, allows_private=True)
    assert answer.is_taken
    assert len(receiver.got) == 1


def test_nobody_there_is_told_in_words() -> None:
    answer = call("http://127.0.0.1:9/x", "msg_1", b"{}", SECRET, NOW, allows_private=True)
    assert (answer.status, answer.is_taken) == (None, False)
    assert "It takes no connection" in answer.words
    assert "เชื่อมต่อปลายทางไม่ได้" in answer.words_thai


def test_a_name_that_nobody_knows_is_told_in_words() -> None:
    answer = call("https://no-such-name.invalid/x", "msg_1", b"{}", SECRET, NOW, allows_private=True)
    assert answer.words == "Nobody knows the name “no-such-name.invalid”."
    assert "โปรดตรวจที่อยู่" in answer.words_thai
