"""Mail: writes a rendered message as RFC 5322 text and sends letters over SMTP."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from functools import lru_cache
from typing import Any, Final

from notifications.channel import Delivery, Letter
from notifications.faults import DeliveryError
from notifications.message import Rendered
from notifications.policy import check_address, check_form
from notifications.smtp import Line, Patience, SmtpSettings
from notifications.wire import WIRE

__all__ = ["EmailChannel", "Letter", "Patience", "SmtpSettings", "build", "message_id"]

_MESSAGE_ID: Final = re.compile(r"<[!#-;=?-~]+@[!#-;=?-~]+>")
_DOMAIN: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
# Everything that any reader of mail might take for the end of a line, and the other control characters.
_CONTROL: Final = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def message_id(key: str, domain: str) -> str:
    """Message-ID of the outbox row `key`: the same on every try, so that readers can drop a double.

    Raises:
        ValueError: `domain` is not the name of a host.
    """
    if not _DOMAIN.fullmatch(domain):
        raise ValueError(f"{domain!r} is not the name of a host")
    return f"<{_digest(key)}@{domain}>"


def build(rendered: Rendered, *, sender: str, to: str, message_id: str, date: datetime) -> EmailMessage:
    """The mail as plain text with an HTML alternative; the same input gives the same bytes.

    Args:
        sender: Address, or `name <address>`.
        date: Aware instant; the first time the letter is sent, so that a repeat stays the same mail.

    Raises:
        BadAddressError: `sender` or `to` is not an e-mail address.
        CentralMailboxError: `to` is the office's mailbox for official letters.
        ValueError: `message_id` is none, or `date` has no zone.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"{message_id!r} is not a Message-ID")
    if date.tzinfo is None:
        raise ValueError("the date of a mail needs a zone")
    check_address(to)
    mail = EmailMessage(policy=WIRE)
    mail["From"] = _parsed("From", sender)
    mail["To"] = _parsed("To", to)
    mail["Subject"] = _one_line(rendered.subject)
    mail["Date"] = date
    mail["Message-ID"] = message_id
    # RFC 3834, and Exchange's own: an absence notice must not answer an automatic letter.
    mail["Auto-Submitted"] = _parsed("Auto-Submitted", "auto-generated")
    mail["X-Auto-Response-Suppress"] = _parsed("X-Auto-Response-Suppress", "All")
    _fill(mail, rendered, boundary=f"=_{_digest(message_id)}")
    mail["Content-Language"] = "th"
    return mail


def _fill(mail: EmailMessage, rendered: Rendered, *, boundary: str) -> None:
    # No base64 line begins with `=_`, so the boundary cannot occur in a part.
    mail["MIME-Version"] = _parsed("MIME-Version", "1.0")
    mail["Content-Type"] = f'multipart/alternative; boundary="{boundary}"'
    mail.set_payload([_part("plain", rendered.text), _part("html", rendered.html)])


def _part(subtype: str, text: str) -> EmailMessage:
    # base64: Thai as quoted-printable is three times as long, and not every server on the way takes 8 bits.
    # Set by hand from parsed headers: the library's own set_content parses them anew, four times for each mail.
    part = EmailMessage(policy=WIRE)
    part["Content-Type"] = _parsed("Content-Type", f'text/{subtype}; charset="utf-8"')
    part["Content-Transfer-Encoding"] = _parsed("Content-Transfer-Encoding", "base64")
    lines = _storable(text).splitlines()
    content = "".join(f"{line}\r\n" for line in lines).encode("utf-8")
    part.set_payload(base64.encodebytes(content).decode("ascii"))
    return part


@lru_cache(maxsize=512)
def _parsed(name: str, text: str) -> Any:
    """A header that many mails share, parsed once: parsing is half the cost of building a mail."""
    return WIRE.header_factory(name, _sender(text) if name == "From" else text)


def _sender(sender: str) -> Address:
    name, address = parseaddr(_one_line(sender))
    local_part, _, domain = address.rpartition("@")
    check_form(address)  # sending from a central mailbox is allowed, sending to it is not
    return Address(display_name=name, username=local_part, domain=domain)


def _one_line(text: str) -> str:
    """`text` without any line end or control character: nothing can begin a header of its own."""
    return _CONTROL.sub(" ", _storable(text)).strip()


def _storable(text: str) -> str:
    """`text` without half characters, which cannot be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _digest(text: str) -> str:
    return hashlib.sha256(_storable(text).encode("utf-8")).hexdigest()[:32]


class EmailChannel:
    """Sends letters over one SMTP server, several over each connection."""

    def __init__(self, settings: SmtpSettings) -> None:
        check_form(settings.sender_address)
        self._settings = settings

    async def greet(self) -> DeliveryError | None:
        """Try whether the server takes us, over the same kind of line as letters; None, or why not."""
        line = Line(self._settings)
        try:
            return await line.greet()
        finally:
            await line.hang_up()

    async def send(self, letters: Sequence[Letter]) -> AsyncGenerator[Delivery, None]:
        """Yield what became of each letter, in order, as soon as it is known.

        At least once, not exactly once: if this process dies after the server's 250 and before the caller has
        recorded it, the next try sends the letter a second time, with the same Message-ID. The same holds when
        the connection breaks after the letter's last line. Close the generator (`aclosing`) when leaving early.

        A fault of the connection or the account ends the batch: the letters not tried share its outcome. A letter
        that breaks the connection does not, while the server takes a greeting.
        """
        line = Line(self._settings)
        try:
            for letter in letters:
                yield Delivery(letter, await line.deliver(letter))
        finally:
            await line.hang_up()
