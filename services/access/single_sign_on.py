"""Signing in elsewhere: OpenID Connect's authorization code with PKCE, state and nonce.

Nothing of a sign-in under way is kept here: it travels in a signed cookie that ends after ten minutes. All that is
taken from the provider is one e-mail address that it has verified.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from domain.errors import SucharitError
from services.signed import read_signed, signed

if TYPE_CHECKING:
    from httpx2 import Response

# Authlib and what it brings take 13 MB of every process, and few installations have a provider: it is imported where
# somebody signs in by one.

LASTS: Final = timedelta(minutes=10)
"""How long a person may take at the provider."""

PATIENCE_S: Final = 8.0
LEEWAY_S: Final = 60
_FORM: Final = "oidc/1"
_ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures by a key of the provider alone: with a shared secret, or none at all, anybody could be anybody."""


class ProviderDownError(SucharitError):
    """The provider does not answer, or not as one."""

    english = "{label} does not answer now. Try again in a few minutes, or sign in by password or e-mail link."
    thai = "ระบบ{label}ไม่ตอบในขณะนี้ โปรดลองใหม่ในอีกสักครู่ หรือเข้าใช้ด้วยรหัสผ่านหรือลิงก์ทางอีเมล"


class ProviderAnswerError(SucharitError):
    """The provider's answer is refused by it or by us: a used code, a wrong signature, another's token."""

    english = "{label} did not confirm the sign-in. Start again from the sign-in page."
    thai = "ระบบ{label}ไม่ยืนยันการเข้าใช้ครั้งนี้ โปรดเริ่มใหม่จากหน้าเข้าสู่ระบบ"


class CancelledError(SucharitError):
    """The person, or the provider, said no."""

    english = "The sign-in at {label} was not completed. Start again, or sign in by password or e-mail link."
    thai = "การเข้าใช้ที่ระบบ{label}ยังไม่เสร็จสิ้น โปรดเริ่มใหม่ หรือเข้าใช้ด้วยรหัสผ่านหรือลิงก์ทางอีเมล"


class StateError(SucharitError):
    """An answer to a question that this browser did not ask, asked too long ago, or has had answered."""

    english = "This sign-in was not begun in this browser, or it is over. Start again from the sign-in page."
    thai = "การเข้าใช้ครั้งนี้ไม่ได้เริ่มจากเบราว์เซอร์นี้ หรือหมดเวลาแล้ว โปรดเริ่มใหม่จากหน้าเข้าสู่ระบบ"


class AddressUnverifiedError(SucharitError):
    """The provider does not vouch that the address is the person's."""

    english = "{label} has not verified your e-mail address. Verify it there, or sign in by password or e-mail link."
    thai = "ระบบ{label}ยังไม่ได้ยืนยันอีเมลของท่าน โปรดยืนยันอีเมลที่ระบบนั้น หรือเข้าใช้ด้วยรหัสผ่านหรือลิงก์ทางอีเมล"


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people may sign in; the installation is registered there as a client."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and what it must bring back."""

    url: str
    cookie: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Vouched:
    """An address that the provider has verified, and the page that was asked for."""

    email: str
    back: str


_Described = tuple[datetime, dict[str, Any]]
Descriptions = dict[str, _Described]
"""What providers said of themselves and when, by issuer: a process asks each of them once in ten minutes."""

_PLACES: Final = threading.BoundedSemaphore(4)
"""Each that waits for a provider takes a thread of the pages: a slow one must not take all of them."""


def begin(
    provider: Provider, secret: bytes, *, here: str, back: str, now: datetime, descriptions: Descriptions
) -> Begun:
    """Begin a sign-in.

    Args:
        secret: The installation's.
        here: Address to which the provider sends the browser back.
        back: Page to open in the end.

    Raises:
        ProviderDownError: The provider does not answer.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    with _client(provider, here) as client:
        metadata = _described(client, provider, descriptions, now)
        url, _ = client.create_authorization_url(
            metadata["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce
        )
    until = str(int((now + LASTS).timestamp()))
    return Begun(url, signed(secret, _FORM, provider.issuer, state, nonce, verifier, back, until))


def finish(
    provider: Provider,
    secret: bytes,
    *,
    here: str,
    cookie: str,
    answer: Mapping[str, str],
    now: datetime,
    descriptions: Descriptions,
) -> Vouched:
    """Finish a sign-in: check what the browser brings back from the provider.

    Args:
        answer: Query of the address with which it comes.

    Raises:
        StateError: This browser did not ask, or asked too long ago.
        CancelledError: The person did not want to, or the provider did not let them.
        ProviderDownError, ProviderAnswerError: The provider does not answer, or does not confirm.
        AddressUnverifiedError: It names no address that it has verified.
    """
    if "error" in answer:  # first, for it changes nothing, and some providers forget to repeat the state here
        raise CancelledError(label=provider.label)
    nonce, verifier, back = _asked(provider, secret, cookie, answer.get("state", ""), now)
    if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: another provider's answer mixed in
        raise ProviderAnswerError(label=provider.label)
    if "code" not in answer:
        raise ProviderAnswerError(label=provider.label)
    with _client(provider, here) as client, place_at(provider):
        metadata = _described(client, provider, descriptions, now, has_place=True)
        token = _token(client, provider, metadata, answer["code"], verifier)
        claims = _claims(client, provider, metadata, token, nonce, now)
        if "email" not in claims and "userinfo_endpoint" in metadata:
            claims = _more(client, provider, metadata, claims)
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified") not in (True, "true"):
        raise AddressUnverifiedError(label=provider.label)
    return Vouched(email, back)


def _asked(provider: Provider, secret: bytes, cookie: str, state: str, now: datetime) -> tuple[str, str, str]:
    """What this browser asked: nonce, verifier and the page to open in the end."""
    fields = read_signed(secret, _FORM, cookie)
    if fields is None:
        raise StateError
    issuer, own, nonce, verifier, back, until = fields
    is_own = issuer == provider.issuer and hmac.compare_digest(own.encode(), state.encode())
    if not is_own or now.timestamp() > int(until):
        raise StateError
    return nonce, verifier, back


def _client(provider: Provider, here: str) -> Any:
    from authlib.integrations.httpx_client import OAuth2Client  # noqa: PLC0415 -- see above

    return OAuth2Client(
        provider.client_id,
        provider.client_secret or None,
        scope="openid email",
        redirect_uri=here,
        code_challenge_method="S256",
        timeout=PATIENCE_S,
    )


@contextmanager
def _speaking(provider: Provider) -> Iterator[None]:
    """Tell a provider that does not answer from one that does not confirm."""
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 -- see above
    from httpx2 import HTTPError, InvalidURL  # noqa: PLC0415 -- see above
    from joserfc.errors import JoseError  # noqa: PLC0415 -- see above

    try:
        yield
    except (AuthlibBaseError, JoseError) as error:
        raise ProviderAnswerError(label=provider.label) from error
    except (HTTPError, InvalidURL, ValueError) as error:  # ValueError: it is not JSON, or not what it should be
        raise ProviderDownError(label=provider.label) from error


@contextmanager
def place_at(provider: Provider) -> Iterator[None]:
    """One of the few places of those who wait for a provider.

    Raises:
        ProviderDownError: All are taken, so it is slow.
    """
    if not _PLACES.acquire(blocking=False):
        raise ProviderDownError(label=provider.label)
    try:
        yield
    finally:
        _PLACES.release()


def _described(
    client: Any, provider: Provider, descriptions: Descriptions, now: datetime, *, has_place: bool = False
) -> dict[str, Any]:
    """What the provider says of itself, if it speaks for itself; asked anew after ten minutes."""
    asked_at, metadata = descriptions.get(provider.issuer, (None, {}))
    # Before `asked_at`, too: once a clock that ran ahead is set back, the old answer would be trusted for long.
    if asked_at is None or not asked_at <= now < asked_at + LASTS:
        with nullcontext() if has_place else place_at(provider):
            metadata = _asked_anew(client, provider)
        descriptions[provider.issuer] = (now, metadata)
    return metadata


def _asked_anew(client: Any, provider: Provider) -> dict[str, Any]:
    url = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    metadata = _fetched(client, provider, url)
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if metadata.get("issuer") != provider.issuer or not all(_is_safe(metadata.get(name), provider) for name in needed):
        raise ProviderDownError(label=provider.label)
    return metadata


def _is_safe(url: object, provider: Provider) -> bool:
    """Tell whether an address is as safe as the provider's own: nothing of ours goes out unencrypted."""
    return isinstance(url, str) and urlsplit(url).scheme in {"https", urlsplit(provider.issuer).scheme}


def _fetched(client: Any, provider: Provider, url: str) -> dict[str, Any]:
    with _speaking(provider):
        answer: Response = client.request("GET", url, withhold_token=True)
        fetched = answer.raise_for_status().json()
    if not isinstance(fetched, dict):
        raise ProviderDownError(label=provider.label)
    return fetched


def _token(client: Any, provider: Provider, metadata: Mapping[str, Any], code: str, verifier: str) -> dict[str, Any]:
    with _speaking(provider):
        token = client.fetch_token(
            metadata["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier
        )
    if not isinstance(token, dict) or not isinstance(token.get("id_token"), str):
        raise ProviderAnswerError(label=provider.label)
    return token


def _claims(
    client: Any,
    provider: Provider,
    metadata: Mapping[str, Any],
    token: Mapping[str, Any],
    nonce: str,
    now: datetime,
) -> dict[str, Any]:
    """What the provider signed about the person, for us, in this very sign-in."""
    from authlib.oidc.core import CodeIDToken  # noqa: PLC0415 -- see above
    from joserfc import jwt  # noqa: PLC0415 -- see above
    from joserfc.jwk import KeySet  # noqa: PLC0415 -- see above

    keys = _fetched(client, provider, metadata["jwks_uri"])
    if not isinstance(keys.get("keys"), list):
        raise ProviderDownError(label=provider.label)
    with _speaking(provider):
        read = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=_ALGORITHMS)  # type: ignore[arg-type]
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
            },
            params={"nonce": nonce, "client_id": provider.client_id, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_S)
    return dict(claims)


def _more(client: Any, provider: Provider, metadata: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
    """The claims of a provider that keeps the address out of its token; about the same person, or nobody."""
    if not _is_safe(metadata["userinfo_endpoint"], provider):
        raise ProviderDownError(label=provider.label)
    with _speaking(provider):
        answer: Response = client.request("GET", metadata["userinfo_endpoint"])
        userinfo = answer.raise_for_status().json()
    if not isinstance(userinfo, dict) or userinfo.get("sub") != claims["sub"]:
        raise ProviderAnswerError(label=provider.label)
    return userinfo
