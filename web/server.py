"""Serves the pages: `python -m web.server --port 8080`."""

from __future__ import annotations

import argparse
import gc
from contextlib import suppress
from dataclasses import replace
from typing import Final

import uvicorn

from services.schedule.waker import REST_S
from services.setup.entry import enter
from services.wiring import System, system
from web.app import create_app

ALLOCATIONS: Final = 10_000
"""New objects between two looks for garbage; the pages of a large office make some thousand each, and drop them."""

PATIENCE_S: Final = 2.0
"""Longest wait of these pages for the clockwork."""


def configuration(running: System, host: str, port: int) -> uvicorn.Config:
    """How the pages are served; what a request says about whom it speaks for is believed of our own proxies alone."""
    return uvicorn.Config(
        create_app(running),
        host=host,
        port=port,
        log_level="warning",
        server_header=False,
        forwarded_allow_ips=running.settings.trusted_proxies,
    )


def serve(running: System, host: str, port: int) -> bool:
    """Serve until told to end; False where it could not start."""
    server = uvicorn.Server(configuration(running, host, port))
    spare_what_stays()
    with suppress(KeyboardInterrupt):
        server.run()
    return server.started


def spare_what_stays() -> None:
    """Let the garbage collector pass over what lives as long as the process: modules, routes, tables.

    They are 200,000 objects, and a look at all of them held up one page in fifteen for more than 100 ms.
    """
    gc.collect()  # what is garbage now would be spared too
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, *gc.get_threshold()[1:])


def main() -> None:
    """Serve on loopback, or where `--host` says; a proxy in front speaks TLS."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    wanted = parser.parse_args()
    enter(signs=True)
    # A page that asks the clockwork holds one of six requests: it waits shortly, and after that says so for a while.
    running = replace(system(), patience_s=PATIENCE_S, rest_s=REST_S)
    if not serve(running, wanted.host, wanted.port):
        raise SystemExit(3)  # as uvicorn's own command: it could not start


if __name__ == "__main__":
    main()
