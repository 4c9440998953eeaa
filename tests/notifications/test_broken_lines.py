"""Letters that break the line, servers that are late, and what the others have of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from notifications import faults
from notifications.channel import Delivery, Failed, Letter, Sent
from notifications.email import EmailChannel, Patience
from notifications.faults import Blame
from notifications.smtp import MOST_BREAKS
from tests.notifications.factories import make_letter
from tests.notifications.odd_server import DROPS, HANGS, OddServer
from tests.notifications.servers import all_of, make_settings

BREAKS = {"drops": DROPS, "says 421": b"421 4.3.0 closing", "hangs": HANGS, "wants a login": b"530 5.7.0 log in"}
BAD = tuple(make_letter(n, f"bad{n}.example") for n in range(3))
HEALTHY = tuple(make_letter(n) for n in range(3, 20))

each_break = pytest.mark.parametrize("said", BREAKS.values(), ids=BREAKS)


def deliver(server: OddServer, letters: Sequence[Letter], **settings: Any) -> list[Delivery]:
    hangs = HANGS in {*server.answers.values(), getattr(server, "greeting", b"")}
    facts = {"timeout_s": 0.6 if hangs else 10.0} | settings
    with server.serving() as port:
        return asyncio.run(all_of(EmailChannel(make_settings(port, **facts)), letters))


def fault(delivery: Delivery) -> faults.DeliveryError:
    assert isinstance(delivery.outcome, Failed)
    return delivery.outcome.error


def blames(deliveries: Sequence[Delivery]) -> list[Blame | None]:
    return [d.outcome.blame if isinstance(d.outcome, Failed) else None for d in deliveries]


@each_break
def test_three_bad_recipients_at_the_head_do_not_keep_seventeen_healthy_letters_from_leaving(said: bytes) -> None:
    server = OddServer({"RCPT": said}, only_to="@bad")
    deliveries = deliver(server, [*BAD, *HEALTHY])
    assert blames(deliveries) == [Blame.DESTINATION] * 3 + [None] * 17
    assert server.taken == [letter.to for letter in HEALTHY]


@pytest.mark.parametrize("said", [DROPS, b"421 4.3.0 closing", HANGS], ids=["drops", "says 421", "hangs"])
def test_three_letters_that_break_the_line_at_their_end_do_not_stop_the_others(said: bytes) -> None:
    server = OddServer({"END": said}, only_to="@bad")
    deliveries = deliver(server, [*BAD, *HEALTHY])
    assert blames(deliveries) == [Blame.DESTINATION] * 3 + [None] * 17


def test_a_login_that_is_wanted_for_our_own_address_too_is_a_fault_of_the_account() -> None:
    server = OddServer({"RCPT": b"530 5.7.0 log in"})
    deliveries = deliver(server, [*BAD, *HEALTHY])
    assert {type(fault(d)) for d in deliveries} == {faults.LoginRefusedError}
    assert server.named == [BAD[0].to, "ita@office.example"]


def test_a_login_wanted_for_one_recipient_is_its_own_fault_while_others_are_taken() -> None:
    server = OddServer({"RCPT": b"530 5.7.0 log in"}, only_to="@bad")
    deliveries = deliver(server, [HEALTHY[0], BAD[0], HEALTHY[1]])
    assert blames(deliveries) == [None, Blame.DESTINATION, None]
    assert server.named == [HEALTHY[0].to, BAD[0].to, HEALTHY[1].to]


class DiesAfter(OddServer):
    """A server that drops every letter, and takes no greeting once it has broken off so many."""

    def __init__(self, breaks: int, greeting: bytes) -> None:
        super().__init__({"RCPT": DROPS})
        self.breaks, self.greeting = breaks, greeting

    def answer(self, command: str, to: str) -> bytes:
        if command == "BANNER" and len(self.named) >= self.breaks:
            return self.greeting
        return super().answer(command, to)


@pytest.mark.parametrize("greeting", [DROPS, HANGS, b"421 4.3.2 closing"], ids=["drops", "hangs", "says 421"])
def test_after_some_breaks_a_server_that_takes_no_greeting_ends_the_batch(greeting: bytes) -> None:
    server = DiesAfter(MOST_BREAKS, greeting)
    deliveries = deliver(server, [*BAD, *HEALTHY])
    assert blames(deliveries) == [Blame.DESTINATION] * 3 + [Blame.CONNECTION] * 17
    assert server.named == [letter.to for letter in BAD]
    assert HEALTHY[-1].to not in str(fault(deliveries[3]))


def test_after_some_breaks_in_a_row_the_server_is_greeted_before_the_next_letter_is_tried() -> None:
    server = OddServer({"RCPT": DROPS}, only_to="@bad")
    deliver(server, [*BAD, HEALTHY[0]])
    assert server.heard == [*["EHLO", "MAIL", "RCPT"] * 3, "EHLO", "MAIL", "RSET", "MAIL", "RCPT", "DATA", "QUIT"]


def test_breaks_with_a_letter_taken_between_them_are_not_in_a_row() -> None:
    server = OddServer({"RCPT": DROPS}, only_to="@bad")
    deliver(server, [*BAD[:2], HEALTHY[0], BAD[2], HEALTHY[1]])
    assert "RSET" not in server.heard


def test_a_domain_that_broke_the_line_twice_waits_without_a_try() -> None:
    letters = [make_letter(n, "Bad.example") for n in range(5)]
    server = OddServer({"RCPT": DROPS}, only_to="@Bad")
    deliveries = deliver(server, [*letters[:3], HEALTHY[0], *letters[3:], HEALTHY[1]])
    held = [fault(deliveries[n]) for n in (2, 4, 5)]
    assert all(isinstance(one, faults.HeldBackError) for one in held)
    assert all(one.is_untried and one.blame is Blame.DESTINATION for one in held)
    assert server.taken == [HEALTHY[0].to, HEALTHY[1].to]
    assert [to for to in server.named if "Bad" in to] == [letters[0].to, letters[1].to]


def test_a_domain_that_takes_a_letter_between_two_breaks_is_not_held_back() -> None:
    server = OddServer({"RCPT": DROPS}, only_to="bad")
    good, bad = make_letter(1), [replace(make_letter(n), to=f"bad{n}@office.example") for n in (2, 3)]
    assert blames(deliver(server, [bad[0], good, bad[1], good])) == [Blame.DESTINATION, None, Blame.DESTINATION, None]


def test_a_hang_is_not_waited_for_twice_on_a_line_that_was_used() -> None:
    server = OddServer({"RCPT": HANGS}, only_to="@bad")
    deliver(server, [HEALTHY[0], BAD[0], HEALTHY[1]])
    assert server.named == [HEALTHY[0].to, BAD[0].to, HEALTHY[1].to]


@pytest.mark.parametrize("said", [DROPS, HANGS], ids=["drops", "hangs"])
@pytest.mark.parametrize(("command", "is_unsure"), [("MAIL", False), ("RCPT", False), ("DATA", False), ("END", True)])
def test_a_letter_may_have_been_taken_only_where_the_line_broke_after_its_last_line(
    command: str, said: bytes, *, is_unsure: bool
) -> None:
    error = fault(deliver(OddServer({command: said}), [make_letter()])[0])
    assert error.is_unsure is is_unsure
    assert ("twice" in str(error)) is is_unsure
    assert error.blame is (Blame.CONNECTION if command == "MAIL" else Blame.DESTINATION)


def test_an_answer_that_is_neither_yes_nor_no_leaves_open_whether_the_letter_was_taken() -> None:
    error = fault(deliver(OddServer({"END": b"thanks a lot"}), [make_letter()])[0])
    assert error.is_unsure
    assert "thanks a lot" in str(error)


def test_any_yes_to_the_last_line_means_that_the_letter_was_taken() -> None:
    (delivery,) = deliver(OddServer({"END": b"251 2.1.5 passed on"}), [make_letter()])
    assert delivery.outcome == Sent("251 2.1.5 passed on")


@pytest.mark.parametrize("command", ["BANNER", "EHLO", "MAIL", "RCPT"])
@pytest.mark.parametrize(("tries", "leaves"), [(0, False), (1, True)])
def test_a_server_that_is_late_up_to_rcpt_is_waited_for_longer_on_later_tries(
    command: str, tries: int, *, leaves: bool
) -> None:
    server = OddServer({}, late_s={command: 0.4})
    (delivery,) = deliver(server, [make_letter(tries=tries)], timeout_s=0.1, patience=Patience(9, 9, 9))
    assert isinstance(delivery.outcome, Sent) is leaves


@pytest.mark.parametrize(
    ("command", "patience", "short"),
    [("DATA", Patience(0.5, 9, 0.5), Patience(9, 0.5, 9)), ("END", Patience(0.5, 0.5, 9), Patience(9, 9, 0.5))],
    ids=["354", "250"],
)
def test_leave_to_send_and_the_last_answer_have_waits_of_their_own(
    command: str, patience: Patience, short: Patience
) -> None:
    late = {command: 1.0}
    (taken,) = deliver(OddServer({}, late_s=late), [make_letter()], timeout_s=0.5, patience=patience)
    (given_up,) = deliver(OddServer({}, late_s=late), [make_letter()], patience=short)
    assert isinstance(taken.outcome, Sent)
    assert "within 0.5 s" in str(fault(given_up))


def test_the_usual_waits_are_those_of_the_standard() -> None:
    assert Patience() == Patience(again_s=5 * 60, start_s=2 * 60, taken_s=10 * 60)


@pytest.mark.parametrize("command", ["RCPT", "END"])
def test_a_fault_of_the_sender_ends_the_batch_and_no_other_letter_is_offered(command: str) -> None:
    server = OddServer({command: b"550 5.7.26 unauthenticated, see our guidelines"})
    deliveries = deliver(server, [*BAD, *HEALTHY])
    assert {type(fault(d)) for d in deliveries} == {faults.UnprovenSenderError}
    assert server.named == [BAD[0].to]
    assert BAD[1].to in str(fault(deliveries[1]))


def test_a_login_that_cannot_be_looked_up_now_says_nothing_about_the_password() -> None:
    server = OddServer({"EHLO": b"250-odd.example\r\n250 AUTH PLAIN", "AUTH": b"454 4.7.0 try again"})
    error = fault(deliver(server, [make_letter()], username="ita", password="x")[0])
    assert (type(error), error.blame) == (faults.ClosedServerError, Blame.CONNECTION)


def test_a_line_that_begins_with_a_dot_arrives_as_it_was_written() -> None:
    letter = make_letter()
    letter.mail.replace_header("Subject", "x")
    letter.mail.set_payload("..\r\n.\r\nend")
    server = OddServer({})
    assert isinstance(deliver(server, [letter])[0].outcome, Sent)
    assert server.read[0].endswith(b"\r\n\r\n...\r\n..\r\nend\r\n")
