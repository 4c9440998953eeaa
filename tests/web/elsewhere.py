"""A running provider of OpenID Connect, and an installation that is registered there."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from starlette.testclient import TestClient

from bench.live import free_port
from services.settings import Settings
from tests.web.conftest import Pages

SITE = "http://testserver"


@dataclass(frozen=True)
class Elsewhere:
    """The provider: who has an account there, and what people do on its page."""

    issuer: str

    def knows(self, sub: str, **claims: object) -> None:
        httpx2.put(f"{self.issuer}/users/{sub}", json=claims).raise_for_status()

    def registered(self, site: str) -> dict[str, str]:
        told = {"redirect_uris": [f"{site}/sign-in/oidc/back"]}
        found: dict[str, str] = httpx2.post(f"{self.issuer}/oauth2/clients", json=told).raise_for_status().json()
        return found

    def agree(self, address: str, sub: str) -> str:
        """The address to which the provider sends the browser of a person who agrees."""
        return self._pressed(address, {"sub": sub})

    def refuse(self, address: str) -> str:
        return self._pressed(address, {"action": "deny"})

    def _pressed(self, address: str, form: dict[str, str]) -> str:
        assert httpx2.get(address).status_code == 200
        answer = httpx2.post(address, data=form)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


@contextmanager
def provider_on_loopback() -> Iterator[Elsewhere]:
    port = free_port()
    program = Path(__file__).with_name("oidc_provider.py")
    quiet = {**os.environ, "PYTHONWARNINGS": "ignore"}
    running = subprocess.Popen(
        [sys.executable, str(program), str(port)], env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        found = Elsewhere(f"http://127.0.0.1:{port}")
        _wait_for(found.issuer, running)
        yield found
    finally:
        running.terminate()
        running.wait(10)


def _wait_for(issuer: str, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert running.poll() is None, "The provider ended."
        try:
            httpx2.get(f"{issuer}/.well-known/openid-configuration")
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(issuer)


def with_provider(pages: Pages, elsewhere: Elsewhere, *, site: str = SITE, secret: str = "") -> Pages:
    """The pages of an installation that lets people sign in there, at the real time: tokens hold for an hour."""
    client = elsewhere.registered(site)
    settings = Settings(
        home=pages.system.settings.home,
        site=site,
        oidc_issuer=elsewhere.issuer,
        oidc_client_id=client["client_id"],
        oidc_client_secret=secret or client["client_secret"],
    )
    system = replace(pages.system, settings=settings, times=[datetime.now(UTC)])
    return Pages(system, pages.office)


def asked(browser: TestClient, back: str = "/inbox") -> str:
    """The provider's address to which the button leads."""
    answer = browser.get("/sign-in/oidc", params={"back": back})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]
