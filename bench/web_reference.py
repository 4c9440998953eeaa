"""A page without content behind the same session check: what the pages of the benchmark are compared with."""

from __future__ import annotations

import argparse

import uvicorn
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from services.wiring import System, system
from web.door.visit import Visiting


def reference_app(running: System) -> FastAPI:
    """The application: one page."""
    app = FastAPI(openapi_url=None)
    app.state.system = running

    @app.get("/")
    def page(visit: Visiting) -> PlainTextResponse:
        return PlainTextResponse(visit.person)

    return app


def main() -> None:
    """Serve it on loopback."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    uvicorn.run(reference_app(system()), host="127.0.0.1", port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    main()
