"""Short texts that only this installation can have written: what they say stands in them, nothing is stored."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json


def signed(secret: bytes, form: str, *parts: str) -> str:
    """Token that says `parts`; letters, digits, `-`, `_` and a dot.

    Args:
        form: Name of what is signed, so that no token passes for one of another kind.
    """
    text = json.dumps([form, *parts], ensure_ascii=False, separators=(",", ":")).encode()
    return f"{_as_text(text)}.{_as_text(_signature(secret, text))}"


def read_signed(secret: bytes, form: str, token: str) -> list[str] | None:
    """What a token of this form says; None for any other text."""
    written, _, signature = token.partition(".")
    try:
        text, claimed = _as_bytes(written), _as_bytes(signature)
    except (binascii.Error, ValueError):
        return None
    # Compared as written, too: base64 has several spellings for the same bytes.
    is_ours = hmac.compare_digest(_signature(secret, text), claimed) and token == f"{written}.{_as_text(claimed)}"
    if not is_ours or written != _as_text(text):
        return None
    fields: list[str] = json.loads(text)
    return fields[1:] if fields[0] == form else None


def _signature(secret: bytes, text: bytes) -> bytes:
    return hmac.digest(secret, text, hashlib.sha256)


def _as_text(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


def _as_bytes(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
