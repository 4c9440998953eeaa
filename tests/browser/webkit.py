"""WebKit as people have it in Safari: Debian's WebKitGTK, driven by the W3C protocol of WebDriver over HTTP.

A client library for these few words would bring a dozen packages along.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from bench.live import free_port

PATIENCE_S: Final = 30.0
_ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
_MISSING: Final = "There is no {what}. `make parts` installs it (Debian: apt-get install webkit2gtk-driver xvfb)."


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found, _MISSING.format(what=name)
    return found


def _mini_browser() -> str:
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"))
    assert found, _MISSING.format(what="MiniBrowser")
    return str(found[-1])


@dataclass(frozen=True)
class WebKit:
    """A window of WebKit that a test steers."""

    http: httpx.Client
    session: str

    def tell(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One command; its value. What the browser refuses fails the test in the browser's words."""
        answer = self.http.request(method, f"/session/{self.session}{path}", json=body if method == "POST" else None)
        value = answer.json()["value"]
        assert answer.is_success, value
        return value

    def goto(self, address: str) -> None:
        self.tell("POST", "/url", {"url": address})

    def run(self, script: str, *given: object) -> Any:
        """Value of a script's body in the page."""
        return self.tell("POST", "/execute/sync", {"script": script, "args": list(given)})

    def find(self, css: str) -> str:
        """The first element that fits, waited for."""
        return str(self.wait_for(lambda: self._find(css), css))

    def _find(self, css: str) -> str | None:
        found = self.tell("POST", "/elements", {"using": "css selector", "value": css})
        return found[0][_ELEMENT] if found else None

    def type(self, css: str, text: str) -> None:
        self.tell("POST", f"/element/{self.find(css)}/value", {"text": text})

    def click(self, css: str) -> None:
        self.tell("POST", f"/element/{self.find(css)}/click", {})

    def value(self, css: str) -> str:
        return str(self.run("return document.querySelector(arguments[0]).value", css))

    def reopen(self) -> None:
        """Open a window and close the one that was there, as a person does who is done with it."""
        (before,) = self.tell("GET", "/window/handles")
        after = self.tell("POST", "/window/new", {"type": "window"})["handle"]
        self.tell("DELETE", "/window")
        assert before not in self.tell("GET", "/window/handles")
        self.tell("POST", "/window", {"handle": after})

    def wait_for(self, look: Any, what: str) -> Any:
        """What `look` finds, as soon as it finds something."""
        until = time.monotonic() + PATIENCE_S
        while not (found := look()):
            assert time.monotonic() < until, f"{what} does not come"
            time.sleep(0.05)
        return found


@contextmanager
def webkit() -> Iterator[WebKit]:
    """A running WebKit on a display of its own; without one the tests fail, they are never left out."""
    with ExitStack() as stack:
        display = stack.enter_context(_display())
        port = free_port()
        environment = os.environ | {"DISPLAY": display, "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"}
        stack.enter_context(_running([_program("WebKitWebDriver"), f"--port={port}"], environment))
        http = stack.enter_context(
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S, trust_env=False)
        )
        found = WebKit(http, _session(http))
        yield found
        found.tell("DELETE", "")


def _session(http: httpx.Client) -> str:
    options = {"binary": _mini_browser(), "args": ["--automation"]}
    wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            answer = http.post("/session", json=wanted)
        except httpx.ConnectError:
            assert time.monotonic() < until, "WebKitWebDriver does not answer"
            time.sleep(0.05)
            continue
        assert answer.is_success, answer.text
        return str(answer.json()["value"]["sessionId"])


@contextmanager
def _display() -> Iterator[str]:
    """A screen that nobody sees; its number is the server's own choice."""
    reading, writing = os.pipe()
    command = [_program("Xvfb"), "-displayfd", str(writing), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    with _running(command, dict(os.environ), keep=(writing,)):
        os.close(writing)
        with os.fdopen(reading) as number:
            yield f":{int(number.readline())}"


@contextmanager
def _running(command: list[str], environment: dict[str, str], keep: tuple[int, ...] = ()) -> Iterator[None]:
    process = subprocess.Popen(
        command, env=environment, pass_fds=keep, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)
