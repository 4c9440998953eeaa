"""One conversation with a mail server: opened when needed, reopened when it breaks, never waiting for ever."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.utils import parseaddr
from pathlib import Path
from typing import Final, Literal

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException

from domain.outside_text import words_of
from notifications.channel import Failed, Letter, Sent
from notifications.faults import DeliveryError, UnforeseenFaultError, UnsteadyServerError, UnwritableLetterError
from notifications.policy import check_address
from notifications.replies import Route, accepted, closes, fault_of_connecting, fault_of_sending
from notifications.wire import WIRE

MOST_BREAKS: Final = 3
"""Letters in a row that broke the connection before the rest of the batch is left for the next run.

One poison letter must not stop the others, but three hundred letters that wait for a dead server, each for the
whole timeout, would hold the worker for hours.
"""
QUIT_TIMEOUT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """How to reach the mail server of one office.

    Attributes:
        tls: `none` (loopback only), `starttls` (usually port 587) or `tls` (usually port 465).
        timeout_s: Longest wait for any single answer of the server.
        sender: Address, or `name <address>`; the address is also the envelope's sender, where bounces go.
        ca_file: Certificates to trust beside the system's, for a server with a certificate of its own.
    """

    host: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Literal["none", "starttls", "tls"] = "starttls"
    timeout_s: float = 30.0
    max_per_connection: int = 50
    ca_file: Path | None = None

    @property
    def sender_address(self) -> str:
        """The address without the name."""
        return parseaddr(self.sender)[1]


class Line:
    """A line to the server over which letters go one after the other. Not for concurrent use."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._smtp: SMTP | None = None
        self._transport: asyncio.BaseTransport | None = None
        self._carried = 0
        self._breaks = 0
        self._no_connection: Exception | None = None

    async def deliver(self, letter: Letter) -> Sent | Failed:
        """Send one letter; every fault becomes its outcome, so that the next letter gets its turn."""
        route = self._route(letter.to)
        try:
            check_address(letter.to)
            written = _written(letter)
            self._refuse_when_hopeless(route)
            return await self._send(written, route)
        except DeliveryError as error:
            return Failed(error)
        except Exception as error:  # noqa: BLE001 -- whatever a library or an odd server comes up with holds up one letter
            self._drop()
            return Failed(UnforeseenFaultError(to=letter.to, key=letter.key, reply=words_of(error)))

    async def greet(self) -> DeliveryError | None:
        """Try whether the server takes us, without a letter: connect, log in, name the sender; None, or why not."""
        route = self._route(self._settings.sender_address)
        try:
            smtp = await self._opened()
        except (SMTPException, OSError) as error:
            return fault_of_connecting(error, route)
        try:
            await smtp.mail(route.sender)
            await smtp.rset()
        except (SMTPException, OSError) as error:
            return fault_of_sending(error, route)
        return None

    def _route(self, to: str) -> Route:
        settings = self._settings
        return Route(f"{settings.host}:{settings.port}", settings.sender_address, to, settings.timeout_s)

    async def hang_up(self) -> None:
        """Say goodbye and close; a server that does not answer is left."""
        if self._smtp is not None:
            with suppress(Exception):  # every letter has its outcome by now, whatever the goodbye is answered with
                await self._smtp.quit(timeout=min(QUIT_TIMEOUT_S, self._settings.timeout_s))
        self._drop()

    def _refuse_when_hopeless(self, route: Route) -> None:
        if self._no_connection is not None:
            raise fault_of_connecting(self._no_connection, route)
        if self._breaks >= MOST_BREAKS:
            raise UnsteadyServerError(server=route.server, to=route.to, breaks=self._breaks)

    async def _send(self, written: bytes, route: Route) -> Sent | Failed:
        # Before the next letter, not after the last: its 250 must be recorded without waiting for a goodbye.
        if self._carried >= self._settings.max_per_connection:
            await self.hang_up()
        was_open = self._smtp is not None
        try:
            smtp = await self._opened()
        except (SMTPException, OSError) as error:
            self._no_connection = error
            return Failed(fault_of_connecting(error, route))
        try:
            await smtp.mail(route.sender)
            await smtp.rcpt(route.to)
        except (SMTPException, OSError) as error:
            if was_open and closes(error):
                # Servers close lines they find idle or used enough. Nothing of this letter has left yet, so it
                # may go over a new line at once.
                self._drop()
                return await self._send(written, route)
            return await self._failed(error, route)
        return await self._hand_over(smtp, written, route)

    async def _hand_over(self, smtp: SMTP, written: bytes, route: Route) -> Sent | Failed:
        try:
            response = await smtp.data(written)
        except (SMTPException, OSError) as error:
            return await self._failed(error, route)
        self._breaks = 0
        self._carried += 1
        return Sent(accepted(response))

    async def _failed(self, error: SMTPException | OSError, route: Route) -> Failed:
        if closes(error):
            self._breaks += 1
            self._drop()
        else:
            self._breaks = 0
            await self._begin_anew()
        return Failed(fault_of_sending(error, route))

    async def _begin_anew(self) -> None:
        """Forget the refused letter on the server's side, or the next MAIL would be out of order."""
        try:
            if self._smtp is not None:
                await self._smtp.rset()
        except (SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        # Closing waits until the rest of the letter is written, for ever if the server has stopped reading.
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.abort()
        self._smtp, self._transport, self._carried = None, None, 0

    async def _opened(self) -> SMTP:
        if self._smtp is None:
            smtp = _client(self._settings)
            try:
                await smtp.connect()
            except BaseException:  # also whoever loses patience: the socket must not outlive the try
                smtp.close()
                raise
            self._smtp, self._transport = smtp, smtp.transport
        return self._smtp


def _client(settings: SmtpSettings) -> SMTP:
    return SMTP(
        hostname=settings.host,
        port=settings.port,
        username=settings.username,
        password=settings.password,
        # Without a name aiosmtplib asks the DNS for ours, which can take longer than any timeout set here.
        local_hostname=settings.sender_address.rpartition("@")[2] or "localhost",
        timeout=settings.timeout_s,
        use_tls=settings.tls == "tls",
        start_tls=settings.tls == "starttls",
        cert_bundle=str(settings.ca_file) if settings.ca_file else None,
    )


def _written(letter: Letter) -> bytes:
    try:
        return letter.mail.as_bytes(policy=WIRE)
    except (MessageError, ValueError, LookupError) as error:
        raise UnwritableLetterError(to=letter.to, key=letter.key, reply=words_of(error)) from error
