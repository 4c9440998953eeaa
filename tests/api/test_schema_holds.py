"""The whole interface, called with what its own document allows and with what it forbids."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.types import ASGIApp, Receive, Scope, Send

from services.settings import Settings
from services.wiring import System
from tests.api.scratch_office import scratch_office
from web.app import create_app

EXAMPLES: Final = int(os.environ.get("API_FUZZ_EXAMPLES", "6"))
USUAL: Final = 10
"""Up to so many examples the same ones are tried every time; a longer run looks for new ones."""

load_all_checks()


@dataclass
class Stage:
    """Plays whatever application is put on it: the document is read before there is an office."""

    plays: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.plays(scope, receive, send)


STAGE: Final = Stage(create_app(System(Settings())))
DOCUMENT: Final = schemathesis.openapi.from_asgi("/api/openapi.json", STAGE)
# Names that an address does not take have a test of their own: of those made up here some never reach the address.
DOCUMENT.config.generation.update(allow_extra_parameters=False)


@pytest.fixture(scope="module")
def interface(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The token of a scratch office's administrator, while its application is on the stage."""
    folder = tmp_path_factory.mktemp("scratch")
    database = shutil.copy(migrated_file, folder / "scratch.db")
    with scratch_office(f"sqlite:///{database}", folder) as (app, secret):
        STAGE.plays, before = app, STAGE.plays
        yield secret
        STAGE.plays = before


@DOCUMENT.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES <= USUAL,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_call_breaks_it_and_every_answer_is_as_described(case: schemathesis.Case[Any], interface: str) -> None:
    case.call_and_validate(
        headers={"Authorization": f"Bearer {interface}", "Accept-Language": "en"},
        # What the document allows may still be refused by the rules: no such assignment, not from this state.
        excluded_checks=[positive_data_acceptance],
    )
