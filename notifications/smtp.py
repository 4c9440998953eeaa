"""One conversation with a mail server: opened when needed, reopened when it breaks, never waiting for ever."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.errors import MessageError
from email.utils import parseaddr
from pathlib import Path
from typing import Final, Literal

from aiosmtplib import SMTP, SMTPResponse
from aiosmtplib.errors import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from domain.outside_text import words_of
from notifications.channel import Failed, Letter, Sent
from notifications.faults import DeliveryError, HeldBackError, UnforeseenFaultError, UnwritableLetterError
from notifications.policy import check_address
from notifications.refusals import Stage
from notifications.replies import Route, accepted, closes, fault_of_connecting, fault_of_sending
from notifications.wire import WIRE

MOST_BREAKS: Final = 3
"""Letters in a row that broke the connection before the server is asked by a greeting whether it is well.

If it is, the recipients were to blame and the next letter gets its turn. If not, the rest of the batch waits: three
hundred letters for a dead server, each for the whole timeout, would hold the worker for hours.
"""
MOST_BREAKS_OF_A_DOMAIN: Final = 2
"""Letters to one domain in a row that broke the connection before its other letters wait for the next batch."""
QUIT_TIMEOUT_S: Final = 5.0
_NEEDS_LOGIN: Final = frozenset({530, 534, 535, 538})
_START_OF_MAIL: Final = 354
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_DOT: Final = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class Patience:
    """Longest waits for an answer (RFC 5321, 4.5.3.2); who gives up earlier may send a letter twice.

    Attributes:
        again_s: For everything up to RCPT, on every try of a letter but its first.
        start_s: For leave to send the letter, after DATA.
        taken_s: For the answer to the letter's last line: the server may look through it before it takes it.
    """

    again_s: float = 300.0
    start_s: float = 120.0
    taken_s: float = 600.0


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """How to reach the mail server of one office.

    Attributes:
        tls: `none` (loopback only), `starttls` (usually port 587) or `tls` (usually port 465).
        timeout_s: Longest wait for each answer up to RCPT on a letter's first try: a server that is slow for one
            letter must not hold those that were never tried.
        patience: Longest waits for the other answers.
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
    patience: Patience = Patience()
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
        self._is_worn = False
        self._carried = 0
        self._has_taken = False
        self._breaks = 0
        self._broken_by: Counter[str] = Counter()
        self._ended_by: DeliveryError | None = None

    async def deliver(self, letter: Letter) -> Sent | Failed:
        """Send one letter; every fault becomes its outcome, so that the next letter gets its turn.

        After a fault of the connection or the account no letter is tried any more: all share its outcome.
        """
        route = self._route(letter.to, letter.tries)
        try:
            check_address(letter.to)
            written = _written(letter)
            await self._refuse_when_hopeless(route)
            return await self._send(written, route)
        except DeliveryError as error:
            if error.is_server_fault:
                self._ended_by = error
            return Failed(error)
        except Exception as error:  # noqa: BLE001 -- whatever a library or an odd server comes up with holds up one letter
            self._drop()
            return Failed(UnforeseenFaultError(to=letter.to, key=letter.key, reply=words_of(error)))

    async def greet(self) -> DeliveryError | None:
        """Try whether the server takes us, without a letter: connect, log in, name the sender; None, or why not."""
        route = self._route(self._settings.sender_address)
        try:
            await self._greet(route)
        except DeliveryError as error:
            return error
        return None

    async def _greet(self, route: Route) -> None:
        smtp = await self._opened(route)
        try:
            await smtp.mail(route.sender)
            await smtp.rset()
        except (SMTPException, OSError) as error:
            self._drop()
            raise fault_of_sending(error, route, Stage.MAIL) from error

    def _route(self, to: str, tries: int = 0) -> Route:
        settings = self._settings
        wait_s = max(settings.timeout_s, settings.patience.again_s) if tries else settings.timeout_s
        return Route(f"{settings.host}:{settings.port}", settings.sender_address, to, wait_s)

    async def hang_up(self) -> None:
        """Say goodbye and close; a server that does not answer is left."""
        if self._smtp is not None:
            with suppress(Exception):  # every letter has its outcome by now, whatever the goodbye is answered with
                await self._smtp.quit(timeout=min(QUIT_TIMEOUT_S, self._settings.timeout_s))
        self._drop()

    async def _refuse_when_hopeless(self, route: Route) -> None:
        if self._ended_by is not None:
            facts = self._ended_by.facts | {"to": route.to}
            raise type(self._ended_by)(**facts)
        breaks = self._broken_by[route.domain]
        if breaks >= MOST_BREAKS_OF_A_DOMAIN:
            raise HeldBackError(server=route.server, to=route.to, domain=route.domain, breaks=breaks)
        if self._breaks >= MOST_BREAKS:
            await self._greet(route)
            self._breaks = 0

    async def _send(self, written: bytes, route: Route) -> Sent:
        # Before the next letter, not after the last: its 250 must be recorded without waiting for a goodbye.
        if self._carried >= self._settings.max_per_connection:
            await self.hang_up()
        smtp = await self._opened(route)
        was_worn, self._is_worn = self._is_worn, True
        stage = Stage.MAIL
        try:
            await smtp.mail(route.sender)
            stage = Stage.RCPT
            await smtp.rcpt(route.to)
        except (SMTPException, OSError) as error:
            if was_worn and closes(error) and not isinstance(error, SMTPTimeoutError):
                # Servers close lines they find idle or used enough. Nothing of this letter has left yet, so it
                # may go over a new line at once. A line that fell silent was not closed: a second wait is too much.
                self._drop()
                return await self._send(written, route)
            raise await self._fault(error, stage, route) from error
        return await self._hand_over(smtp, written, route)

    async def _hand_over(self, smtp: SMTP, written: bytes, route: Route) -> Sent:
        patience = self._settings.patience
        data = _data(written)
        try:
            response = await smtp.execute_command(b"DATA", timeout=patience.start_s)
            if response.code != _START_OF_MAIL:
                raise SMTPDataError(response.code, response.message)
            answer = _sent_off(smtp, data, patience.taken_s)
        except (SMTPException, OSError) as error:
            raise await self._fault(error, Stage.DATA, replace(route, timeout_s=patience.start_s)) from error
        try:
            response = await answer
            if response.code // 100 != 2:  # noqa: PLR2004 -- any 2xx is a yes (RFC 5321, 4.2)
                raise SMTPDataError(response.code, response.message)
        except (SMTPException, OSError) as error:
            # A server that stopped reading has not had the last line, so it cannot have taken the letter.
            stage = Stage.END if self._is_all_written() else Stage.DATA
            raise await self._fault(error, stage, replace(route, timeout_s=patience.taken_s)) from error
        self._breaks = 0
        self._carried += 1
        self._has_taken = True
        self._broken_by.pop(route.domain, None)
        return Sent(accepted(response))

    async def _fault(self, error: SMTPException | OSError, stage: Stage, route: Route) -> DeliveryError:
        """Why the letter did not leave, once the line is as good as can be for the next one."""
        if closes(error):
            self._drop()
            self._breaks += 1
            self._broken_by[route.domain] += 1
        else:
            self._breaks = 0
            await self._begin_anew()
            if _wants_login(error) and stage is Stage.RCPT and await self._wants_login_for_all(route):
                stage = Stage.MAIL  # said to whomever we write, so it is said about us
        return fault_of_sending(error, route, stage)

    async def _wants_login_for_all(self, route: Route) -> bool:
        """Tell whether our own address is refused like the recipient's; no letter is sent."""
        if self._has_taken or self._smtp is None:
            return False
        try:
            await self._smtp.mail(route.sender)
            await self._smtp.rcpt(route.sender)
        except (SMTPException, OSError) as error:
            return _wants_login(error)
        else:
            return False
        finally:
            await self._begin_anew()

    def _is_all_written(self) -> bool:
        transport = self._transport
        return not isinstance(transport, asyncio.WriteTransport) or transport.get_write_buffer_size() == 0

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

    async def _opened(self, route: Route) -> SMTP:
        if self._smtp is None:
            smtp = _client(self._settings, route.timeout_s)
            try:
                await smtp.connect()
            except (SMTPException, OSError) as error:
                smtp.close()
                raise fault_of_connecting(error, route) from error
            except BaseException:  # also whoever loses patience: the socket must not outlive the try
                smtp.close()
                raise
            self._smtp, self._transport, self._is_worn = smtp, smtp.transport, False
        self._smtp.timeout = route.timeout_s
        return self._smtp


def _client(settings: SmtpSettings, timeout_s: float) -> SMTP:
    return SMTP(
        hostname=settings.host,
        port=settings.port,
        username=settings.username,
        password=settings.password,
        # Without a name aiosmtplib asks the DNS for ours, which can take longer than any timeout set here.
        local_hostname=settings.sender_address.rpartition("@")[2] or "localhost",
        timeout=timeout_s,
        use_tls=settings.tls == "tls",
        start_tls=settings.tls == "starttls",
        cert_bundle=str(settings.ca_file) if settings.ca_file else None,
    )


def _data(written: bytes) -> bytes:
    """A letter for DATA (RFC 5321, 4.5.2): a dot before each line that begins with one, and one at its end."""
    lines = _LINE_END.sub(b"\r\n", written).removesuffix(b"\r\n")
    return _DOT.sub(b"..", lines) + b"\r\n.\r\n"


def _sent_off(smtp: SMTP, data: bytes, timeout_s: float) -> Awaitable[SMTPResponse]:
    """Write the letter to the line and give the answer to wait for.

    By hand, for `SMTP.data` waits for the leave to send and for the answer with one and the same timeout.
    """
    if smtp.protocol is None:
        raise SMTPServerDisconnected("Connection lost")
    smtp.protocol.write(data)
    return smtp.protocol.read_response(timeout_s)


def _wants_login(error: Exception) -> bool:
    return isinstance(error, SMTPRecipientRefused) and error.code in _NEEDS_LOGIN


def _written(letter: Letter) -> bytes:
    try:
        return letter.mail.as_bytes(policy=WIRE)
    except (MessageError, ValueError, LookupError) as error:
        raise UnwritableLetterError(to=letter.to, key=letter.key, reply=words_of(error)) from error
