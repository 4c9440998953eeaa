"""A program that receives webhooks on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True)
class Message:
    """One call as it came in."""

    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What came in, and the statuses to answer with, one a call; 200 when they are used up.

    Attributes:
        phrase: What is said with a status, its bytes as Latin-1; the usual words, if not set.
    """

    port: int = 0
    statuses: list[int] = field(default_factory=list)
    phrase: str | None = None
    got: list[Message] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        return [message.headers["webhook-id"] for message in self.got]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A running receiver."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.got.append(Message({name.lower(): value for name, value in self.headers.items()}, body))
            status = found.statuses.pop(0) if found.statuses else 200
            self.send_response(status, found.phrase)
            if status == 302:
                self.send_header("location", f"http://127.0.0.1:{found.port}/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
