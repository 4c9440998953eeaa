"""How often one network address may try what can be guessed, sends mail or costs much: a sliding window each.

An office often stands behind one address, so the numbers are those of three hundred people in a hurry and not of
one; a single account has its own, much narrower limits (`services.access.sign_in`). The counts live in this process:
with several web processes each counts for itself. Behind a proxy, the address is the visitor's only if the proxy is
one of SUCHARIT_TRUSTED_PROXIES; otherwise everybody shares the proxy's.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import SucharitError
from domain.thai import thai_digits
from web.door.visit import system_of
from web.view.failures import page_of, sentence_of
from web.view.render import language_of

TEN_MINUTES: Final = timedelta(minutes=10)
MOST_REMEMBERED: Final = 20_000
"""Addresses of which something is remembered; a flood of new ones pushes out those that were silent longest."""


class TooOftenError(SucharitError):
    """Too many tries from one network address."""

    english = "There were too many tries from your network. Wait {minutes} minutes and try again."
    thai = "มีการทำรายการจากเครือข่ายของท่านบ่อยเกินไป โปรดรอ {minutes} นาทีแล้วลองใหม่"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is counted, and how much of it may be within a while.

    Attributes:
        method: Of the requests meant; empty for all.
        refusals: Only answers with such a status count; empty for all.
        header: Only requests whose header of this name contains this text count, e.g. ("content-type", "multipart/").
    """

    name: str
    method: str
    path: re.Pattern[str]
    most: int
    within: timedelta = TEN_MINUTES
    refusals: frozenset[int] = frozenset()
    header: tuple[str, str] = ("", "")

    def fits(self, method: str, path: str, headers: Headers) -> bool:
        """Tell whether the rule is for such a request."""
        name, text = self.header
        return (
            self.method in {"", method}
            and self.path.fullmatch(path) is not None
            and (not name or text in headers.get(name, ""))
        )


RULES: Final = (
    Rule("password", "POST", re.compile("/sign-in"), 60, refusals=frozenset({401, 403, 429})),
    Rule("mail", "POST", re.compile("/sign-in/link|/link/[^/]+/fresh"), 30),
    Rule("link", "", re.compile("(/sign-in)?/link/.+|/calendar/.+"), 120, refusals=frozenset({403, 404})),
    Rule("provider", "GET", re.compile("/sign-in/oidc(/back)?"), 200),
    Rule("token", "", re.compile("/api/.*"), 300, refusals=frozenset({401}), header=("authorization", " ")),
    Rule("public", "", re.compile("/public(/.*)?"), 1200),
    Rule("upload", "POST", re.compile(".*"), 300, header=("content-type", "multipart/form-data")),
)


@dataclass(slots=True)
class Window:
    """When each address came, by rule."""

    _seen: dict[tuple[str, str], deque[datetime]] = field(default_factory=dict)

    def wait(self, rule: Rule, address: str, now: datetime) -> timedelta:
        """How long an address must wait; nothing if it may go on."""
        seen = self._seen.get((rule.name, address))
        if seen is None or len(seen) < rule.most:
            return timedelta(0)
        return max(seen[0] + rule.within - now, timedelta(0))

    def count(self, rule: Rule, address: str, now: datetime) -> None:
        """Count one more."""
        key = (rule.name, address)
        seen = self._seen.pop(key, None) or deque(maxlen=rule.most)
        seen.append(now)
        self._seen[key] = seen  # at the end: the first of the dictionary was silent longest
        if len(self._seen) > MOST_REMEMBERED:
            self._seen.pop(next(iter(self._seen)))

    def give_back(self, rule: Rule, address: str, instant: datetime) -> None:
        """Count one less of those that came at an instant, if it is remembered still."""
        seen = self._seen.get((rule.name, address))
        if seen is not None and instant in seen:
            seen.remove(instant)


class Limits:
    """Refuses what comes too often, before anything of it is read."""

    def __init__(self, app: ASGIApp, rules: tuple[Rule, ...] = RULES) -> None:
        """Wrap the application."""
        self.app = app
        self.rules = rules
        self.window = Window()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer that it must wait."""
        headers = Headers(scope=scope) if scope["type"] == "http" else None
        rules = [r for r in self.rules if headers is not None and r.fits(scope["method"], scope["path"], headers)]
        if not rules:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        now, address = system_of(request).clock(), address_of(scope)
        waiting = max(self.window.wait(rule, address, now) for rule in rules)
        if waiting > timedelta(0):
            await _refusal(request, waiting)(scope, receive, send)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                for rule in rules:
                    if rule.refusals and message["status"] not in rule.refusals:
                        self.window.give_back(rule, address, now)
            await send(message)

        for rule in rules:  # before the answer: a hundred tries at once are a hundred tries
            self.window.count(rule, address, now)
        await self.app(scope, receive, counted)


def address_of(scope: Scope) -> str:
    """Network address of a request; of IPv6 the network, for a single machine has as many addresses as it likes."""
    host = str((scope.get("client") or ("unknown", 0))[0])
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else host


def _refusal(request: Request, waiting: timedelta) -> Response:
    minutes = ceil(waiting / timedelta(minutes=1))
    error = TooOftenError(minutes=minutes, minutes_thai=thai_digits(minutes))
    if request.url.path.startswith("/api/"):
        body = {"type": "about:blank", "title": "Too many requests", "status": 429, "detail": str(error)}
        answer: Response = JSONResponse(body, 429, media_type="application/problem+json")
    else:
        answer = page_of(request, 429, sentence_of(error, language_of(request)))
    answer.headers["retry-after"] = str(ceil(waiting.total_seconds()))
    return answer
