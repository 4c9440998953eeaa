"""Turns what a mail server answered into a fault with a cause and a remedy."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass
from typing import Final

from aiosmtplib import SMTPResponse
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPConnectResponseError,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPTimeoutError,
)

from domain.outside_text import readable
from notifications.faults import (
    BrokenConnectionError,
    ClosedServerError,
    ContentRefusedError,
    DeliveryError,
    InsecureServerError,
    LoginRefusedError,
    RecipientRefusedError,
    RelayRefusedError,
    SenderRefusedError,
    ServerFaultError,
    SilentServerError,
    SlowServerError,
    TryLaterError,
    UnknownServerError,
    UnreachableServerError,
)

_CLOSING: Final = 421
_FIRST_PERMANENT: Final = 500
_NEEDS_LOGIN: Final = frozenset({530, 535, 538})
_ENHANCED: Final = re.compile(r"^\s*[245]\.(\d{1,3})\.(\d{1,3})\b")
_NO_RELAY: Final = re.compile(r"relay", re.IGNORECASE)
_LONGEST_REPLY: Final = 200

_CONNECTING: Final[tuple[tuple[tuple[type[Exception], ...], type[ServerFaultError]], ...]] = (
    ((SMTPAuthenticationError,), LoginRefusedError),
    ((SMTPConnectResponseError, SMTPHeloError), ClosedServerError),
    ((socket.gaierror,), UnknownServerError),
    ((ssl.SSLError,), InsecureServerError),
    ((SMTPTimeoutError, TimeoutError), SlowServerError),
    ((SMTPConnectError, OSError), UnreachableServerError),
)
"""The narrower class first: most of these inherit from each other."""


@dataclass(frozen=True, slots=True)
class Route:
    """Whom a letter goes to, from whom and over which server: the facts of every sentence about a fault."""

    server: str
    sender: str
    to: str
    timeout_s: float


def fault_of_connecting(error: Exception, route: Route) -> DeliveryError:
    """Why there is no usable connection: nobody there, no name, no TLS, no login."""
    kind = _kind_of_connecting(error)
    return kind(server=route.server, sender=route.sender, reply=_reply(error), timeout_s=route.timeout_s)


def _kind_of_connecting(error: Exception) -> type[ServerFaultError]:
    facts = (error, error.__cause__)
    for cause, kind in _CONNECTING:
        if any(isinstance(fact, cause) for fact in facts):
            return kind
    # What is left was said after the greeting: STARTTLS is not offered or failed, or no way to log in is known.
    return LoginRefusedError if "AUTH" in str(error) else InsecureServerError


def fault_of_sending(error: SMTPException | OSError, route: Route) -> DeliveryError:
    """Why this letter did not leave over a connection that stood."""
    kind = _kind_of_sending(error)
    return kind(server=route.server, sender=route.sender, to=route.to, reply=_reply(error), timeout_s=route.timeout_s)


def _kind_of_sending(error: Exception) -> type[DeliveryError]:
    if isinstance(error, SMTPTimeoutError):
        return SilentServerError
    if not isinstance(error, SMTPResponseException):
        return BrokenConnectionError
    if isinstance(error, SMTPHeloError):
        return ClosedServerError
    if error.code in _NEEDS_LOGIN:
        return LoginRefusedError
    # aiosmtplib gives -1 for an answer that is no SMTP; what it means is unknown, so it is tried again.
    if error.code < _FIRST_PERMANENT or _heals(error):
        return TryLaterError
    return _kind_of_refusal(error)


def _kind_of_refusal(error: SMTPResponseException) -> type[DeliveryError]:
    if isinstance(error, SMTPSenderRefused):
        return SenderRefusedError
    # "Relaying denied" comes at RCPT, but it is the server that does not know us, not the recipient that is wrong.
    if isinstance(error, SMTPRecipientRefused) and _NO_RELAY.search(error.message):
        return RelayRefusedError
    if isinstance(error, SMTPDataError):
        return ContentRefusedError
    return RecipientRefusedError


def _heals(error: SMTPResponseException) -> bool:
    """Tell whether a 5xx is of the kind that passes without anybody correcting the address or the letter.

    By the enhanced code (RFC 3463): x.2.2 the mailbox is full, which its owner empties; x.3.1 and x.3.2 the
    receiving system is full or shut for now; x.4.y the network or the routing (5.4.4 is usually a DNS server
    that did not answer the relay), with the exception of 5.4.1, which Exchange Online gives to unknown
    recipients. Without an enhanced code 552 means a full mailbox (RFC 5321, 4.2.3); with 5.3.4 it is a letter
    that is too big, and stays so.
    """
    match = _ENHANCED.match(error.message)
    if match is None:
        return error.code == 552 and isinstance(error, SMTPRecipientRefused)  # noqa: PLR2004 -- named in the docstring
    subject, detail = int(match[1]), int(match[2])
    return (subject, detail) in {(2, 2), (3, 1), (3, 2)} or (subject == 4 and detail != 1)  # noqa: PLR2004 -- as above


def accepted(response: SMTPResponse) -> str:
    """What the server said when it took a letter, on one line."""
    return readable(f"{response.code} {response.message}", _LONGEST_REPLY)


def closes(error: Exception) -> bool:
    """Tell whether the connection is gone or no longer in step after `error`."""
    return not isinstance(error, SMTPResponseException) or error.code in {_CLOSING, -1}


def _reply(error: Exception) -> str:
    """What the server said, on one line: it goes into logs and pages."""
    answer = f"{error.code} {error.message}" if isinstance(error, SMTPResponseException) else str(error)
    return readable(answer, _LONGEST_REPLY) or type(error).__name__
