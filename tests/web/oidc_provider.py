"""A provider of OpenID Connect on loopback, as a program of its own: `python oidc_provider.py PORT`.

The provider is oidc-provider-mock, which knows its clients, checks their secrets and redirect addresses and signs
its tokens; it does not know PKCE, which is added here: without the right verifier a code is worth nothing.
"""

from __future__ import annotations

import base64
import hashlib
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import oidc_provider_mock

challenges: dict[str, str] = {}


def remember(answer: flask.Response) -> flask.Response:
    code = parse_qs(urlsplit(answer.headers.get("location", "")).query).get("code")
    if code and flask.request.args.get("code_challenge_method") == "S256":
        challenges[code[0]] = flask.request.args["code_challenge"]
    return answer


def check() -> Any:
    if flask.request.path != "/oauth2/token":
        return None
    digest = hashlib.sha256(flask.request.form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if challenges.get(flask.request.form.get("code", "")) == challenge:
        return None
    return flask.jsonify({"error": "invalid_grant"}), 400


if __name__ == "__main__":
    app = oidc_provider_mock.app(require_client_registration=True, require_nonce=True)
    app.after_request(remember)
    app.before_request(check)
    app.run(host="127.0.0.1", port=int(sys.argv[1]), threaded=True, use_reloader=False)
