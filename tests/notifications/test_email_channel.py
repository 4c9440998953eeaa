from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import time
from contextlib import aclosing, suppress
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtplib.errors import SMTPConnectError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications import faults
from notifications.channel import Delivery, Failed, Letter, Sent
from notifications.email import EmailChannel
from notifications.replies import Route, fault_of_connecting
from tests.notifications.factories import SENT_AT, make_letter
from tests.notifications.servers import Server, all_of, make_settings, refuse_login


def deliver(server: Server, *letters: Letter, **settings: object) -> list[Delivery]:
    return server.run(lambda it: all_of(EmailChannel(make_settings(it.port, **settings)), letters))


def fault(delivery: Delivery) -> faults.DeliveryError:
    assert isinstance(delivery.outcome, Failed)
    return delivery.outcome.error


def kinds(deliveries: list[Delivery]) -> list[type]:
    return [type(d.outcome) if isinstance(d.outcome, Sent) else type(fault(d)) for d in deliveries]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1)
    builder = builder.not_valid_before(SENT_AT - timedelta(days=9000)).not_valid_after(SENT_AT + timedelta(days=9000))
    signed = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + signed.public_bytes(pem))
    return path


def starttls(certificate: Path) -> Server:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return Server(options={"tls_context": context})


def test_several_letters_leave_over_one_connection(server: Server) -> None:
    deliveries = deliver(server, *map(make_letter, range(5)))
    assert [d.outcome for d in deliveries] == [Sent("250 queued")] * 5
    assert [d.letter.key for d in deliveries] == [f"notice {n}" for n in range(5)]
    assert len(server.peers) == 1


def test_what_arrives_is_what_was_written(server: Server) -> None:
    letter = make_letter()
    deliver(server, letter)
    assert server.accepted[0].original_content == letter.mail.as_bytes()
    assert server.accepted[0].mail_from == "ita@office.example"


def test_a_new_connection_is_opened_after_the_limit(server: Server) -> None:
    deliver(server, *map(make_letter, range(5)), max_per_connection=2)
    assert len(server.peers) == 3


def test_a_refused_recipient_is_permanent_and_stops_nobody_else(server: Server) -> None:
    server.rcpt = lambda to, _: "550 5.1.1 no such user" if to.startswith("p1") else "250 OK"
    deliveries = deliver(server, *map(make_letter, range(3)))
    assert kinds(deliveries) == [Sent, faults.RecipientRefusedError, Sent]
    assert fault(deliveries[1]).permanent
    assert "no such user" in str(fault(deliveries[1]))
    assert len(server.peers) == 1


def test_a_letter_asked_to_wait_leaves_on_the_next_try_with_the_same_message_id(server: Server) -> None:
    server.rcpt = lambda _, nth: "451 4.7.1 greylisted" if nth == 1 else "250 OK"
    letter = make_letter()

    async def twice(it: Server) -> list[Delivery]:
        channel = EmailChannel(make_settings(it.port))
        return [*await all_of(channel, [letter]), *await all_of(channel, [letter])]

    deliveries = server.run(twice)
    assert kinds(deliveries) == [faults.TryLaterError, Sent]
    assert not fault(deliveries[0]).permanent
    assert message_from_bytes(server.accepted[0].original_content or b"")["Message-ID"] == letter.mail["Message-ID"]


def test_a_connection_dropped_in_the_middle_costs_only_that_letter(server: Server) -> None:
    server.data = lambda to, _: "421 shutting down" if to.startswith("p2") else "250 queued"
    deliveries = deliver(server, *map(make_letter, range(5)))
    assert kinds(deliveries) == [Sent, Sent, faults.BrokenConnectionError, Sent, Sent]
    assert len(server.peers) == 2


def test_a_line_closed_before_anything_left_is_reopened_at_once(server: Server) -> None:
    server.rcpt = lambda to, nth: "421 4.4.2 idle" if to.startswith("p1") and nth == 1 else "250 OK"
    assert kinds(deliver(server, *map(make_letter, range(3)))) == [Sent, Sent, Sent]
    assert len(server.peers) == 2


def test_a_server_that_hangs_after_the_letter_is_ended_by_the_timeout(server: Server) -> None:
    server.data = lambda to, _: None if to.startswith("p0") else "250 queued"
    began = time.monotonic()
    deliveries = deliver(server, make_letter(0), make_letter(1), timeout_s=0.3)
    assert kinds(deliveries) == [faults.SilentServerError, Sent]
    assert "twice" in str(fault(deliveries[0]))
    assert time.monotonic() - began < 5


def test_a_long_letter_that_was_given_up_is_not_finished_behind_our_back() -> None:
    mail = EmailMessage()
    mail.set_content("x" * 20_000_000, cte="base64")
    received: list[int] = []

    async def read_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hi\r\n")
        line = b""
        while not line.startswith(b"DATA"):
            line = await reader.readline()
            writer.write(b"354 go on\r\n" if line.startswith(b"DATA") else b"250 OK\r\n")
        await asyncio.sleep(0.4)
        with suppress(ConnectionError):
            while block := await reader.read(1_000_000):
                received.append(len(block))
        writer.transport.abort()

    async def send_long() -> list[Delivery]:
        async with await asyncio.start_server(read_late, "127.0.0.1", 0) as stalling:
            channel = EmailChannel(make_settings(stalling.sockets[0].getsockname()[1], timeout_s=0.2))
            deliveries = await all_of(channel, [Letter("long", "a@b.example", mail)])
            await asyncio.sleep(0.6)
        return deliveries

    assert kinds(asyncio.run(send_long())) == [faults.EarlySilenceError]
    assert sum(received) < len(mail.as_bytes())


def test_a_server_that_never_greets_is_ended_by_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channel = EmailChannel(make_settings(silent.getsockname()[1], timeout_s=0.2))
        deliveries = asyncio.run(all_of(channel, [make_letter(0), make_letter(1)]))
    assert kinds(deliveries) == [faults.SlowServerError] * 2


def test_a_refused_login_is_a_fault_of_the_settings_not_of_the_letter() -> None:
    server = Server(options={"authenticator": refuse_login, "auth_require_tls": False})
    deliveries = deliver(server, make_letter(0), make_letter(1), username="ita", password="wrong")
    assert kinds(deliveries) == [faults.LoginRefusedError] * 2
    assert not fault(deliveries[0]).permanent
    assert fault(deliveries[0]).is_server_fault
    assert "wrong" not in str(fault(deliveries[0]))


def test_a_server_without_login_is_named_as_such(server: Server) -> None:
    assert kinds(deliver(server, make_letter(), username="ita", password="x")) == [faults.LoginRefusedError]


def test_nobody_listening_fails_every_letter_with_a_remedy() -> None:
    port = free_port()
    deliveries = asyncio.run(all_of(EmailChannel(make_settings(port)), list(map(make_letter, range(3)))))
    assert kinds(deliveries) == [faults.UnreachableServerError] * 3
    assert fault(deliveries[0]).is_server_fault
    assert f"127.0.0.1:{port}" in fault(deliveries[0]).in_thai()


def test_an_unknown_host_is_told_from_a_silent_one() -> None:
    error = SMTPConnectError("Error connecting")
    error.__cause__ = socket.gaierror(-2, "Name or service not known")
    route = Route("mail.invalid:25", "a@b.example", "c@b.example", 5.0)
    assert isinstance(fault_of_connecting(error, route), faults.UnknownServerError)


def test_a_server_without_tls_gets_no_letter(server: Server) -> None:
    assert kinds(deliver(server, make_letter(), tls="starttls")) == [faults.InsecureServerError]
    assert not server.seen


def test_a_plain_server_on_the_port_for_tls_is_named_as_such(server: Server) -> None:
    assert kinds(deliver(server, make_letter(), tls="tls")) == [faults.InsecureServerError]


def test_a_certificate_nobody_vouches_for_is_refused(certificate: Path) -> None:
    deliveries = deliver(starttls(certificate), make_letter(), tls="starttls")
    assert kinds(deliveries) == [faults.InsecureServerError]
    assert "certificate" in str(fault(deliveries[0]))


def test_a_certificate_named_in_the_settings_is_trusted(certificate: Path) -> None:
    deliveries = deliver(starttls(certificate), make_letter(), tls="starttls", ca_file=certificate)
    assert kinds(deliveries) == [Sent]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("552 5.2.2 mailbox full", faults.TryLaterError),
        ("552 mailbox full", faults.TryLaterError),
        ("552 5.3.4 message too big", faults.ContentRefusedError),
        ("550 5.4.4 unable to route", faults.TryLaterError),
        ("550 5.4.1 recipient rejected: access denied", faults.RecipientRefusedError),
        ("554 5.7.1 relay access denied", faults.RelayRefusedError),
        ("530 5.7.0 authentication required", faults.LoginRefusedError),
        ("550 5.2.1 mailbox disabled", faults.RecipientRefusedError),
        ("452 4.2.2 over quota", faults.TryLaterError),
    ],
)
def test_each_refusal_is_told_by_its_code(server: Server, reply: str, kind: type) -> None:
    server.rcpt = lambda _to, _nth: reply
    assert kinds(deliver(server, make_letter())) == [kind]


def test_a_domain_the_server_does_not_relay_to_stops_nobody_else(server: Server) -> None:
    server.rcpt = lambda to, _: "554 5.7.1 Relaying denied" if to.startswith("p0") else "250 OK"
    deliveries = deliver(server, make_letter(0), make_letter(1))
    assert kinds(deliveries) == [faults.RelayRefusedError, Sent]
    assert not fault(deliveries[0]).is_server_fault


def test_a_sender_the_server_does_not_know_is_a_fault_of_the_settings(server: Server) -> None:
    server.mail = "550 5.7.1 not your address"
    deliveries = deliver(server, make_letter())
    assert kinds(deliveries) == [faults.SenderRefusedError]
    assert fault(deliveries[0]).is_server_fault


def test_a_refused_text_is_permanent(server: Server) -> None:
    server.data = lambda _to, _nth: "554 5.6.0 cannot be read"
    assert kinds(deliver(server, make_letter())) == [faults.ContentRefusedError]


@pytest.mark.parametrize("to", ["saraban_06420101@dla.example", "nobody", "a@b>\r\nRCPT TO:<c@d"])
def test_a_forbidden_address_never_reaches_the_server(server: Server, to: str) -> None:
    bad = Letter("bad", to, make_letter().mail)
    deliveries = deliver(server, bad, make_letter(2))
    assert [isinstance(d.outcome, Sent) for d in deliveries] == [False, True]
    assert server.seen == ["p2@office.example"]


def test_leaving_early_closes_the_line(server: Server) -> None:
    async def first_only(it: Server) -> Delivery:
        async with aclosing(EmailChannel(make_settings(it.port)).send([make_letter(0), make_letter(1)])) as deliveries:
            return await anext(deliveries)

    assert isinstance(server.run(first_only).outcome, Sent)
    assert server.seen == ["p0@office.example"]


def test_the_password_is_not_printed() -> None:
    assert "geheim" not in repr(make_settings(25, password="geheim"))
