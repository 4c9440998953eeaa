"""Serves the pages: `python -m web.server --port 8080`."""

from __future__ import annotations

import argparse
from contextlib import suppress

import uvicorn

from services.wiring import System, system
from web.app import create_app


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


def main() -> None:
    """Serve on loopback, or where `--host` says; a proxy in front speaks TLS."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    wanted = parser.parse_args()
    server = uvicorn.Server(configuration(system(), wanted.host, wanted.port))
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        raise SystemExit(3)  # as uvicorn's own command: it could not start


if __name__ == "__main__":
    main()
