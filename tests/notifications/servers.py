"""Mail servers that listen on loopback and misbehave on command."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from notifications.channel import Channel, Delivery, Letter
from notifications.email import Patience, SmtpSettings

Result = TypeVar("Result")


@dataclass
class Server:
    """A real SMTP server whose answers a test decides; it keeps what it accepted and counts connections."""

    rcpt: Callable[[str, int], str] = lambda _to, _nth: "250 OK"
    data: Callable[[str, int], str | None] = lambda _to, _nth: "250 queued"
    mail: str = "250 OK"
    options: dict[str, Any] = field(default_factory=dict)
    accepted: list[Envelope] = field(default_factory=list)
    peers: list[Any] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    port: int = 0
    _open: list[SMTP] = field(default_factory=list)

    async def handle_MAIL(self, _s: SMTP, _session: Session, envelope: Envelope, sender: str, _o: list[str]) -> str:  # noqa: N802 -- as aiosmtpd calls it
        envelope.mail_from = sender
        return self.mail

    async def handle_RCPT(self, _s: SMTP, session: Session, envelope: Envelope, to: str, _o: list[str]) -> str:  # noqa: N802 -- as aiosmtpd calls it
        if session.peer not in self.peers:
            self.peers.append(session.peer)
        self.seen.append(to)
        reply = self.rcpt(to, self.seen.count(to))
        if reply.startswith("250"):
            envelope.rcpt_tos.append(to)
        return reply

    async def handle_DATA(self, smtp: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as aiosmtpd calls it
        to = envelope.rcpt_tos[0]
        reply = self.data(to, self.seen.count(to))
        if reply is None:
            await asyncio.sleep(60)
            return "250 too late"
        if reply.startswith("421") and smtp.transport is not None:
            smtp.transport.close()
        if reply.startswith("250"):
            self.accepted.append(envelope)
        return reply

    def run(self, work: Callable[[Server], Coroutine[Any, Any, Result]]) -> Result:
        """Serve while `work` runs, on a port of its own."""
        return asyncio.run(self._run(work))

    async def _run(self, work: Callable[[Server], Coroutine[Any, Any, Result]]) -> Result:
        listener = await asyncio.get_running_loop().create_server(self._protocol, "127.0.0.1", 0)
        self.port = listener.sockets[0].getsockname()[1]
        try:
            return await work(self)
        finally:
            listener.close()
            for smtp in self._open:
                if smtp.transport is not None:
                    smtp.transport.close()
            await listener.wait_closed()

    def _protocol(self) -> SMTP:
        smtp = SMTP(self, hostname="localhost", loop=asyncio.get_running_loop(), **self.options)
        self._open.append(smtp)
        return smtp


def refuse_login(*_: object) -> AuthResult:
    return AuthResult(success=False, handled=False)


def make_settings(port: int, **facts: Any) -> SmtpSettings:
    """Settings for a server of the tests; every answer is waited for `timeout_s`, if `patience` is not given."""
    wait_s = facts.get("timeout_s", 2.0)
    defaults: dict[str, Any] = {
        "sender": "เทศบาล <ita@office.example>",
        "tls": "none",
        "timeout_s": wait_s,
        "patience": Patience(wait_s, wait_s, wait_s),
        "host": "127.0.0.1",
    }
    return SmtpSettings(port=port, **(defaults | facts))


async def all_of(channel: Channel, letters: Sequence[Letter]) -> list[Delivery]:
    async with aclosing(channel.send(letters)) as deliveries:
        return [delivery async for delivery in deliveries]
