"""What mail servers do wrong: every fault that delivery is measured with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.notifications.odd_server import DROPS, HANGS, OddServer

BAD = "@bad"
"""Part of the addresses for which alone a server is odd."""


class Others(StrEnum):
    """What becomes of the letters behind it."""

    GO = "go"
    WAIT = "wait"  # the account's fault, or the server's: nothing leaves, and nothing is spent
    TURNS = "turns"  # said of the account, but for some recipients alone: it stops the batch, and others get their turn


class DiesAfter(OddServer):
    """A server that drops three letters and takes no greeting after that."""

    def answer(self, command: str, to: str) -> bytes:
        """As usual, until it has died; healed, it lives again."""
        is_dead = bool(self.answers) and len(self.named) >= 3
        return b"421 4.3.2 closing" if command == "BANNER" and is_dead else super().answer(command, to)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    Attributes:
        answers: What the server says, by command.
        is_for_good: Whether the letters it meets are given up, rightly, at once.
        settings: What is set otherwise on our side.
    """

    name: str
    answers: Mapping[str, bytes]
    others: Others = Others.GO
    only_to: str = BAD
    is_for_good: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    make: Callable[..., OddServer] = OddServer
    late_s: Mapping[str, float] = field(default_factory=dict)

    def server(self) -> OddServer:
        """A server that does it."""
        return self.make(dict(self.answers), only_to=self.only_to, late_s=self.late_s)


def _one(command: str, said: bytes, name: str = "", *, is_for_good: bool = False) -> Fault:
    return Fault(f"{command}: {name or said.decode()}", {command: said}, is_for_good=is_for_good)


def _all(command: str, said: bytes, name: str = "", *, only_to: str = "") -> Fault:
    return Fault(f"{command}: {name or said.decode()}", {command: said}, Others.WAIT, only_to)


_BREAKS = [
    _one(command, said, name)
    for command in ("RCPT", "DATA", "END")
    for said, name in ((DROPS, "drops the line"), (HANGS, "says nothing"), (b"421 4.3.0 closing", ""))
]
_HEALING = [
    _one("RCPT", b"530 5.7.0 log in"),
    _one("RCPT", b"451 4.7.1 Greylisting in action, come back later"),
    _one("RCPT", b"450 4.2.0 Recipient address rejected: Greylisted"),
    _one("RCPT", b"451 4.3.0 local error"),
    _one("RCPT", b"452 4.2.2 over quota"),
    _one("RCPT", b"552 mailbox full"),
    _one("RCPT", b"432 4.3.2 recipient thread limit exceeded"),
    _one("RCPT", b"450 4.2.1 The user is receiving mail too quickly"),
    _one("RCPT", b"554 5.7.1 Relay access denied"),
    _one("RCPT", b"454 4.7.1 Relay access denied"),
    _one("RCPT", b"550 5.7.1 rejected by a rule"),
    _one("RCPT", b"550 5.4.4 unable to route"),
    _one("RCPT", b"503 5.5.1 MAIL first"),
    _one("RCPT", b"\xff\xfe\x00 nonsense", "no SMTP at all"),
    _one("RCPT", b"", "an empty line"),
    _one("RCPT", b"250-" + b"x" * 600, "a long answer that never ends"),
    _one("DATA", b"451 4.3.0 not now"),
    _one("DATA", b"250 ok", "250 in place of 354"),
    _one("END", b"451 4.4.2 Timeout"),
    _one("END", b"452 4.2.2 over quota"),
    _one("END", b"552 5.2.2 mailbox full"),
    _one("END", b"554 5.3.2 system not accepting network messages"),
    _one("END", b"thanks a lot", "no SMTP at all"),
    _one("END", b"354 go on"),
    Fault("RCPT: 451, then RSET drops the line", {"RCPT": b"451 4.3.0 error", "RSET": DROPS}),
    Fault("RCPT: 451, then RSET says nothing", {"RCPT": b"451 4.3.0 error", "RSET": HANGS}),
]
_FOR_GOOD = [
    _one("RCPT", b"550 5.1.1 no such user", is_for_good=True),
    _one("RCPT", b"550 5.4.1 Recipient address rejected: Access denied", is_for_good=True),
    _one("RCPT", b"550 5.2.1 disabled", is_for_good=True),
    _one("RCPT", b"550 no mailbox here", is_for_good=True),
    _one("RCPT", "550 5.1.1 ไม่มีผู้รับ".encode("cp874"), "550 5.1.1 in Thai (TIS-620)", is_for_good=True),
    _one("RCPT", b"550 5.1.1 \x00\x07no", "550 5.1.1 with control characters", is_for_good=True),
    _one("RCPT", b"550 5.7.1 not authorized to send to the recipient", is_for_good=True),
    _one("RCPT", b"550 5.7.133 SenderNotAuthenticatedForGroup", is_for_good=True),
    _one("RCPT", b"552 5.3.4 message too big", is_for_good=True),
    _one("DATA", b"552 message size exceeds the fixed maximum", is_for_good=True),
    _one("END", b"550 5.1.10 Recipient not found", is_for_good=True),
    _one("END", b"552 5.3.4 too large", is_for_good=True),
    _one("END", b"554 5.6.0 malformed", is_for_good=True),
    _one("END", b"550 5.7.1 virus found", is_for_good=True),
    _one("END", b"554 transaction failed", is_for_good=True),
]
_OF_ALL = [
    _all("BANNER", DROPS, "drops the line"),
    _all("BANNER", HANGS, "says nothing"),
    _all("BANNER", b"421 4.3.2 not available"),
    _all("BANNER", b"554 192.0.2.1 is on our block list"),
    _all("EHLO", b"what?", "no SMTP at all"),
    _all("EHLO", HANGS, "says nothing"),
    _all("MAIL", DROPS, "drops the line"),
    _all("MAIL", HANGS, "says nothing"),
    _all("MAIL", b"530 5.7.0 Authentication required"),
    _all("MAIL", b"550 5.7.1 not your address"),
    _all("MAIL", b"452 4.3.1 Insufficient system storage"),
    _all("MAIL", b"451 4.7.500 Server busy"),
    _all("MAIL", b"550 5.7.508 IP has exceeded the rate limit"),
    _all("RCPT", b"530 5.7.0 Authentication required"),
    _all("RCPT", b"553 5.7.1 Sender address rejected: not owned by user"),
    _all("RCPT", b"554 5.7.1 Client host blocked using zen.spamhaus.org"),
    _all("RCPT", b"421 4.7.28 unusual rate of mail"),
    _all("RCPT", b"452 4.5.3 Too many recipients"),
    _all("END", b"550 5.7.1 very low reputation of the sending domain"),
    _all("END", b"550 5.7.26 unauthenticated"),
    _all("END", b"550 5.7.28 unusual rate of unsolicited mail"),
    _all("END", b"550 5.7.509 does not pass DMARC"),
    _all("END", b"550 5.1.8 bad outbound sender"),
    _all("END", b"550 5.4.5 Daily user sending quota exceeded"),
    Fault("TLS is off", {"EHLO": b"250 odd.example"}, Others.WAIT, settings={"tls": "starttls"}),
    Fault(
        "no login is offered", {"EHLO": b"250 odd.example"}, Others.WAIT, settings={"username": "i", "password": "x"}
    ),
    Fault("dies after three breaks", {"RCPT": DROPS}, Others.WAIT, make=DiesAfter),
]
_SAID_FOR_ONE = [
    Fault("END: 5.7.26, for these recipients alone", {"END": b"550 5.7.26 unauthenticated"}, Others.TURNS),
    Fault("RCPT: blocklist, for these recipients alone", {"RCPT": b"554 5.7.1 blocked using spamhaus"}, Others.TURNS),
    Fault("END: 4.7.28, for these recipients alone", {"END": b"421 4.7.28 unusual rate of mail"}, Others.TURNS),
]

FAULTS = (*_BREAKS, *_HEALING, *_FOR_GOOD, *_OF_ALL, *_SAID_FOR_ONE)
