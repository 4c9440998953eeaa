"""A policy service for Postfix that sends everybody away once, as greylisting does."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final

FIRST: Final = b"action=DEFER_IF_PERMIT 4.2.0 Greylisted, come back later\n\n"
LATER: Final = b"action=DUNNO\n\n"


@contextmanager
def greylisting() -> Iterator[int]:
    """Serve until the block ends, on a port of loopback; gives the port."""
    seen: set[tuple[str, ...]] = set()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            facts: dict[str, str] = {}
            for line in self.rfile:
                if line.strip():
                    name, _, value = line.decode().strip().partition("=")
                    facts[name] = value
                    continue
                who = tuple(facts.get(name, "") for name in ("client_address", "sender", "recipient"))
                self.wfile.write(LATER if who in seen else FIRST)
                seen.add(who)
                facts = {}

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
