"""Turns what a mail server answered into a fault with a cause and a remedy."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from typing import Final

from aiosmtplib import SMTPResponse
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
    SMTPTimeoutError,
)

from domain.outside_text import readable
from notifications.faults import (
    BrokenConnectionError,
    ClosedServerError,
    DeliveryError,
    EarlyBreakError,
    EarlySilenceError,
    InsecureServerError,
    LoginRefusedError,
    ServerFaultError,
    SilentServerError,
    SlowServerError,
    UnknownServerError,
    UnreachableServerError,
)
from notifications.refusals import Stage, row_of

_CLOSING: Final = 421
_FIRST_PERMANENT: Final = 500
_LONGEST_REPLY: Final = 200

_CONNECTING: Final[tuple[tuple[tuple[type[Exception], ...], type[ServerFaultError]], ...]] = (
    ((SMTPAuthenticationError,), LoginRefusedError),
    ((socket.gaierror,), UnknownServerError),
    ((ssl.SSLError,), InsecureServerError),
    ((SMTPTimeoutError, TimeoutError), SlowServerError),
    ((SMTPConnectError, OSError), UnreachableServerError),
)
"""The narrower class first: most of these inherit from each other."""


@dataclass(frozen=True, slots=True)
class Route:
    """Whom a letter goes to, from whom and over which server: the facts of every sentence about a fault.

    Attributes:
        timeout_s: How long the answer was waited for.
    """

    server: str
    sender: str
    to: str
    timeout_s: float

    @property
    def domain(self) -> str:
        """The recipient's domain, as it is compared."""
        return self.to.rpartition("@")[2].lower()


def fault_of_connecting(error: Exception, route: Route) -> DeliveryError:
    """Why there is no usable connection: nobody there, no name, no TLS, no login."""
    return _told(_kind_of_connecting(error), error, route)


def _kind_of_connecting(error: Exception) -> type[DeliveryError]:
    if isinstance(error, (SMTPConnectResponseError, SMTPHeloError)):
        return row_of(Stage.GREETING, error.code, error.message).kind
    if isinstance(error, SMTPAuthenticationError) and error.code < _FIRST_PERMANENT:
        return ClosedServerError  # it cannot look up who we are now; nothing is said about the password
    facts = (error, error.__cause__)
    for cause, kind in _CONNECTING:
        if any(isinstance(fact, cause) for fact in facts):
            return kind
    # What is left was said after the greeting: STARTTLS is not offered or failed, or no way to log in is known.
    return LoginRefusedError if "AUTH" in str(error) else InsecureServerError


def fault_of_sending(error: SMTPException | OSError, route: Route, stage: Stage) -> DeliveryError:
    """Why this letter did not leave over a connection that stood; `stage` is the command that was under way."""
    return _told(_kind_of_sending(error, stage), error, route)


def _kind_of_sending(error: Exception, stage: Stage) -> type[DeliveryError]:
    if isinstance(error, SMTPResponseException):
        at = Stage.GREETING if isinstance(error, SMTPHeloError) else stage
        return row_of(at, error.code, error.message).kind
    is_silent = isinstance(error, SMTPTimeoutError)
    if stage in {Stage.GREETING, Stage.MAIL}:  # nobody was named yet, so it is no recipient's fault
        return SlowServerError if is_silent else ClosedServerError
    if stage is Stage.END:
        return SilentServerError if is_silent else BrokenConnectionError
    return EarlySilenceError if is_silent else EarlyBreakError


def _told(kind: type[DeliveryError], error: Exception, route: Route) -> DeliveryError:
    return kind(server=route.server, sender=route.sender, to=route.to, reply=_reply(error), timeout_s=route.timeout_s)


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
