"""Which HTTP client speaks to a provider: `single_sign_on` catches the errors of this one, by its name."""

from __future__ import annotations

import httpx2
from authlib.integrations.httpx_client import OAuth2Client
from fastapi.testclient import TestClient

RECORD = "docs/decisions/0002-version-bounds.md says why there are two"


def test_authlib_speaks_by_the_client_whose_errors_sign_in_catches() -> None:
    assert issubclass(OAuth2Client, httpx2.Client), f"Authlib left httpx2: services/access/single_sign_on. {RECORD}"


def test_the_tests_have_the_same_client_installed_for_starlette() -> None:
    assert issubclass(TestClient, httpx2.Client), f"Starlette's TestClient left httpx2. {RECORD}"
