"""Serves the pages: `python -m web.server --port 8080`."""

from __future__ import annotations

import argparse

import uvicorn

from services.wiring import system
from web.app import create_app


def main() -> None:
    """Serve on loopback, or where `--host` says; a proxy in front speaks TLS."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    wanted = parser.parse_args()
    running = system()
    uvicorn.run(
        create_app(running),
        host=wanted.host,
        port=wanted.port,
        log_level="warning",
        server_header=False,
        forwarded_allow_ips=running.settings.trusted_proxies,
    )


if __name__ == "__main__":
    main()
