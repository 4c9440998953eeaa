"""The installation's secret, which signs links and webhooks: it lies in a file, and the database can recognise it.

Only the first start makes one. Whoever finds none, or another one, stops: a second secret would send letters whose
links nobody can open.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from pathlib import Path
from typing import Final

from domain.errors import SucharitError
from services.access.links import is_ours
from services.secret_file import made_once
from storage.installations import LinkedLetter
from storage.store import Store

SECRET_BYTES: Final = 32
_LABEL: Final = b"sucharit/fingerprint of the installation's secret/1"
_TOKEN: Final = re.compile(r"/link/([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)")
_REMEDY: Final = (
    "Nothing was made or changed. Restore the file from a backup or copy it from the machine that has it, or name its "
    "place with SUCHARIT_SECRET_FILE. Only if it is lost for good: `sucharit secret renew` says what that ends."
)
_REMEDY_THAI: Final = (
    "ไม่มีการสร้างหรือเปลี่ยนแปลงใด โปรดนำไฟล์กลับมาจากสำเนาสำรองหรือคัดลอกจากเครื่องที่มีไฟล์นี้ หรือระบุที่อยู่ด้วย "
    "SUCHARIT_SECRET_FILE หากไฟล์สูญหายถาวรเท่านั้น คำสั่ง `sucharit secret renew` จะบอกว่าสิ่งใดจะใช้ไม่ได้"
)


class BadSecretError(SucharitError):
    """The file with the secret is not what was written."""

    english = (
        "{file} does not hold the {size} bytes it should, so links in letters cannot be signed. Restore it from a "
        "backup. Only if it is lost for good: move it away, and `sucharit secret renew` says what a new one ends."
    )
    thai = (
        "{file} ไม่ได้เก็บข้อมูล {size} ไบต์ตามที่ควร จึงลงนามลิงก์ในอีเมลไม่ได้ โปรดนำสำเนาสำรองกลับมา "
        "หากสูญหายถาวรเท่านั้น ให้ย้ายไฟล์นี้ออก แล้วคำสั่ง `sucharit secret renew` จะบอกว่าไฟล์ใหม่ทำให้สิ่งใดใช้ไม่ได้"
    )


class SecretMissingError(SucharitError):
    """The database knows a secret, and there is no file where this process looks."""

    english = (
        "There is no secret in {file}, and the database at {where} knows the one that signs links and webhooks. "
        + _REMEDY
    )
    thai = "ไม่มีกุญแจลงนามที่ {file} แต่ฐานข้อมูลที่ {where} รู้จักกุญแจที่ใช้ลงนามลิงก์และเว็บฮุกอยู่แล้ว " + _REMEDY_THAI


class OtherSecretError(SucharitError):
    """The file holds the secret of another installation, or a home of another machine was taken."""

    english = (
        "The secret in {file} is not the one that the database at {where} knows, so its links would open nothing. "
        + _REMEDY
    )
    thai = "กุญแจลงนามใน {file} ไม่ใช่กุญแจที่ฐานข้อมูลที่ {where} รู้จัก ลิงก์ที่ลงนามจึงจะเปิดไม่ได้ " + _REMEDY_THAI


class SecretUnprovenError(SucharitError):
    """The database knows no secret yet, and the one at hand did not sign the letters that are out."""

    english = (
        "The secret in {file} did not sign the newest letter with a link in the database at {where} "
        "(office {office}, {written}), or is not there. " + _REMEDY
    )
    thai = (
        "กุญแจลงนามใน {file} ไม่มีอยู่ หรือไม่ใช่กุญแจที่ลงนามลิงก์ในจดหมายฉบับล่าสุดของฐานข้อมูลที่ {where} "
        "(หน่วยงาน {office} วันที่ {written}) " + _REMEDY_THAI
    )


def settle(store: Store, file: Path) -> None:
    """Have the database know the secret in the file; the first start of an installation makes it.

    It may be killed at any point: a secret that no database knows yet is taken by the next start.

    Raises:
        BadSecretError, SecretMissingError, OtherSecretError, SecretUnprovenError: The secret cannot be used.
        OSError: The file cannot be read or written.
    """
    store.installation.settle(lambda newest: fingerprint(_first_secret(store, file, newest)))
    known_secret(store, file)


def known_secret(store: Store, file: Path) -> bytes:
    """The secret in the file, if it is the one that the database knows.

    Raises:
        BadSecretError: The file is not what was written.
        SecretMissingError: There is no file.
        OtherSecretError: The database knows another secret.
    """
    secret = read_secret(file)
    if secret is None:
        raise SecretMissingError(file=file, where=store.where)
    if not is_known(store, secret):
        raise OtherSecretError(file=file, where=store.where)
    return secret


def is_known(store: Store, secret: bytes) -> bool:
    """Tell whether it is the secret that the database knows."""
    stored = store.installation.get()
    return stored is not None and hmac.compare_digest(stored.fingerprint, fingerprint(secret))


def fingerprint(secret: bytes) -> str:
    """Fingerprint by which the secret is recognised; nobody can make the secret of it."""
    return hmac.new(secret, _LABEL, hashlib.sha256).hexdigest()


def read_secret(file: Path) -> bytes | None:
    """The secret in a file; None where there is no file.

    Raises:
        BadSecretError: The file is there and is not what was written.
    """
    try:
        secret = file.read_bytes()
    except FileNotFoundError:
        return None
    if len(secret) != SECRET_BYTES:
        raise BadSecretError(file=file, size=SECRET_BYTES)
    return secret


def make_secret(file: Path) -> bytes:
    """A new secret in the file; one that is there already is left and given."""
    made_once(file, lambda: secrets.token_bytes(SECRET_BYTES))
    secret = read_secret(file)
    if secret is None:
        raise FileNotFoundError(file)
    return secret


def renew(store: Store, secret: bytes) -> None:
    """Have the database know this secret from now on, and no other.

    All that the old one signed ends: links in letters, addresses of calendars, what webhooks are checked with.
    """
    store.installation.renew(fingerprint(secret))


def _first_secret(store: Store, file: Path, newest: LinkedLetter | None) -> bytes:
    """The secret to begin with; letters that are out say whether it is the right one."""
    secret = read_secret(file)
    if newest is not None and (secret is None or not _signed_by(secret, newest.text)):
        written = f"{newest.written_at:%Y-%m-%d %H:%M} UTC"
        raise SecretUnprovenError(file=file, where=store.where, office=newest.office, written=written)
    return secret or make_secret(file)


def _signed_by(secret: bytes, text: str) -> bool:
    # One is enough: an office's own words may hold an address that only looks like a link of ours.
    return any(is_ours(secret, token) for token in _TOKEN.findall(text))
