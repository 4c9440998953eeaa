"""Tells a program by HTTP: signed after Standard Webhooks, and never into the network behind the office's wall."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit

from domain.errors import BadInputError
from domain.outside_text import readable, words_of

if TYPE_CHECKING:
    import httpx

TIMEOUT_S: Final = 15
"""For everything: looking up the name, connecting, sending, and the head of the answer."""

URL_LENGTH: Final = 500
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 -- what every secret of this standard begins with

_WRAPPED: Final = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("2002::/16"))
"""Addresses that stand for one of IPv4, which may be any."""
_LONGEST_WHY: Final = 250
_HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]+\]")


class HookAddressError(BadInputError):
    """An address that a webhook may not have."""

    english = "“{url}” cannot be called: {why}. Give an address like https://example.go.th/sucharit."
    thai = "เรียกที่อยู่ “{url}” ไม่ได้: {why} โปรดระบุเช่น https://example.go.th/sucharit"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a call; `status` is None where nobody answered.

    Attributes:
        words_thai: The same in Thai; empty where it is a word of the other side.
    """

    status: int | None
    words: str
    words_thai: str = ""

    @property
    def is_taken(self) -> bool:
        """Tell whether the program took the message."""
        return self.status is not None and HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


def check_url(url: str, *, allows_private: bool) -> SplitResult:
    """Parts of an address that may be called, as far as its form tells; names are looked up at each call.

    Args:
        allows_private: Whether this machine and the office's own network may be called.

    Raises:
        HookAddressError: It is no https address, or leads where nothing may be called; the sentence says which.
    """
    import httpx  # noqa: PLC0415 -- 5 MB, of which the web process needs nothing until somebody has a webhook

    if len(url) > URL_LENGTH or any(not c.isascii() or not c.isprintable() or c.isspace() for c in url):
        raise _refused(url[:80], "it is no address", "ไม่ใช่ที่อยู่เว็บ")
    try:
        parts = urlsplit(url)
        port = parts.port
        httpx.URL(url)  # what it cannot read, it cannot call
    except (ValueError, httpx.InvalidURL):
        raise _refused(url, "it is no address", "ไม่ใช่ที่อยู่เว็บ") from None
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
    if parts.scheme not in {"https", "http"} or not _HOST.fullmatch(host) or port == 0:
        raise _refused(url, "it is no https address", "ไม่ใช่ที่อยู่ที่ขึ้นต้นด้วย https")
    if parts.scheme == "http" and not (allows_private and _is_loopback(parts.hostname or "")):
        raise _refused(url, "only https is called", "ต้องใช้ https")
    literal = _literal(parts.hostname or "")
    if literal is not None and not allows_private and not _is_public(literal):
        raise _refused(url, "it is not on the public network", "ไม่อยู่ในเครือข่ายสาธารณะ")
    return parts


def _refused(url: str, why: str, thai: str) -> HookAddressError:
    return HookAddressError(url=url, why=why, why_thai=thai)


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or (literal is not None and literal.is_loopback)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    inner = getattr(address, "ipv4_mapped", None) or address
    is_wrapped = any(inner.version == network.version and inner in network for network in _WRAPPED)
    is_odd = inner.is_multicast or inner.is_reserved or getattr(inner, "is_site_local", False)
    return inner.is_global and not is_odd and not is_wrapped


def signature(secret: str, message_id: str, sent_at: datetime, body: bytes) -> str:
    """`webhook-signature` of a message: version and base64 of HMAC-SHA256 over id, second and body."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = b".".join((message_id.encode(), str(int(sent_at.timestamp())).encode(), body))
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def call(url: str, message_id: str, body: bytes, secret: str, now: datetime, *, allows_private: bool) -> Answer:
    """Send a message and tell what became of it; never raises for what is wrong over there."""
    import httpx  # noqa: PLC0415 -- as above

    headers = {
        "content-type": "application/json",
        "user-agent": "Sucharit",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature(secret, message_id, now, body),
    }
    try:
        return asyncio.run(_call(url, body, headers, allows_private=allows_private))
    except HookAddressError as error:
        return Answer(None, str(error), error.in_thai())
    except socket.gaierror:
        host = urlsplit(url).hostname
        return Answer(None, f"Nobody knows the name “{host}”.", f"ไม่มีผู้ใดรู้จักชื่อ “{host}” โปรดตรวจที่อยู่")
    except TimeoutError:
        return Answer(None, f"No answer within {TIMEOUT_S} s.", f"ไม่มีคำตอบภายใน {TIMEOUT_S} วินาที")
    except httpx.ConnectError as error:
        why = readable(str(error), _LONGEST_WHY)
        return Answer(None, f"It takes no connection: {why}", f"เชื่อมต่อปลายทางไม่ได้ ({why})")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:  # one program must not silence the others
        return Answer(None, words_of(error))


async def _call(url: str, body: bytes, headers: Mapping[str, str], *, allows_private: bool) -> Answer:
    import httpx  # noqa: PLC0415 -- as above

    parts = check_url(url, allows_private=allows_private)
    host = parts.hostname or ""
    async with (
        asyncio.timeout(TIMEOUT_S),
        httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=TIMEOUT_S) as client,
    ):
        port = parts.port or (443 if parts.scheme == "https" else 80)
        *others, last = await _addresses(url, host, port, allows_private)
        to = {"content": body, "headers": {**headers, "host": parts.netloc}, "extensions": {"sni_hostname": host}}
        for address in others:
            with suppress(httpx.ConnectError):  # nothing was sent: the next address may be of the family that answers
                return await _post(client, _at(url, address), to)
        return await _post(client, _at(url, last), to)


def _at(url: str, address: IPv4Address | IPv6Address) -> httpx.URL:
    """The address that was looked at is the one that is called: a name may lead elsewhere a moment later."""
    import httpx  # noqa: PLC0415 -- as above

    numeric = f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004 -- IPv6
    return httpx.URL(url).copy_with(host=numeric)


async def _post(client: httpx.AsyncClient, target: httpx.URL, to: Mapping[str, Any]) -> Answer:
    async with client.stream("POST", target, **to) as answer:
        # The library drops every byte of the phrase that is not ASCII; the bytes themselves may be Thai.
        phrase = answer.extensions.get("reason_phrase", b"")
        return Answer(answer.status_code, readable(b"%d %b" % (answer.status_code, phrase)))


async def _addresses(url: str, host: str, port: int, allows_private: bool) -> list[IPv4Address | IPv6Address]:  # noqa: FBT001 -- of this module only
    entries = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in entries]
    if not allows_private and not all(_is_public(address) for address in addresses):
        raise _refused(url, "its name leads into a private network", "ชื่อนี้นำไปสู่เครือข่ายภายใน")
    return list(dict.fromkeys(addresses))
