"""Passwords: which ones are taken, and how they are kept."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.errors import SucharitError
from domain.thai import thai_digits

LEAST: Final = 10
"""Characters of a password, at least; no rule about their kinds, for those make people write it down."""

MOST: Final = 200
LEAST_DIFFERENT: Final = 4

USUAL: Final = frozenset(
    {
        "0123456789",
        "1234567890",
        "0987654321",
        "12345678910",
        "1234567891",
        "123456789a",
        "1q2w3e4r5t",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "abcdefghij",
        "admin12345",
        "adminadmin",
        "administrator",
        "changeme123",
        "iloveyou123",
        "letmein123",
        "p@ssw0rd123",
        "passw0rd123",
        "password01",
        "password12",
        "password123",
        "password1234",
        "passwordpassword",
        "q1w2e3r4t5",
        "qazwsxedcr",
        "qwerty1234",
        "qwerty12345",
        "qwerty123456",
        "qwertyuiop",
        "sawasdee123",
        "sucharit123",
        "superadmin",
        "superman123",
        "thailand123",
        "welcome123",
    }
)
"""What is tried first, of ten characters and more; compared without regard to capitals."""


class WeakPasswordError(SucharitError):
    """A password that is not taken."""

    english = (
        "This password cannot be taken: {why}. Choose another one of at least {least} characters, e.g. four words."
    )
    thai = "ใช้รหัสผ่านนี้ไม่ได้: {why} โปรดตั้งใหม่อย่างน้อย {least} ตัวอักษร เช่น คำสี่คำต่อกัน"


class CrowdedError(SucharitError):
    """More people sign in at once than this machine has memory for."""

    english = "Too many people are signing in at this moment. Wait a few seconds and try again."
    thai = "ขณะนี้มีผู้เข้าสู่ระบบพร้อมกันจำนวนมาก โปรดรอสักครู่แล้วลองใหม่"


def check_strength(password: str, *, not_these: tuple[str, ...]) -> None:
    """Check that a password is neither too short or long nor easily guessed.

    Args:
        not_these: What everybody knows about the person: address, name.

    Raises:
        WeakPasswordError: It is short, usual, or what everybody knows.
    """
    fault = _fault(_normal(password), {_normal(text).casefold() for text in not_these})
    if fault:
        raise WeakPasswordError(why=fault[0], why_thai=fault[1], least=LEAST, least_thai=thai_digits(LEAST))


def _fault(password: str, own_words: set[str]) -> tuple[str, str] | None:
    """What is wrong with a password, in English and in Thai."""
    if len(password) < LEAST:
        return f"it has {len(password)} characters", f"มีเพียง {thai_digits(len(password))} ตัวอักษร"
    if len(password) > MOST:
        return f"it has more than {MOST} characters", f"ยาวกว่า {thai_digits(MOST)} ตัวอักษร"
    plain = password.casefold()
    if plain.strip() in own_words:
        return "it is your own name or e-mail address", "เป็นชื่อหรืออีเมลของท่านเอง"
    if plain in USUAL or len(set(plain)) < LEAST_DIFFERENT:
        return "it is one of those that are tried first", "เป็นรหัสผ่านที่เดาได้ง่ายที่สุด"
    return None


def hashed(password: str) -> str:
    """Argon2id of a password, with its parameters and salt.

    Raises:
        CrowdedError: Too many are at the door.
    """
    with room():
        return _HASHER.hash(_bytes(password))


def is_right(password: str, stored: str | None) -> bool:
    """Tell whether it is the stored password; it takes as long where none is stored.

    Raises:
        CrowdedError: Too many are at the door.
    """
    nobodys = _nobodys()
    with room():
        try:
            return _HASHER.verify(stored or nobodys, _bytes(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Tell whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


_HASHER: Final = PasswordHasher()
_ROOM: Final = threading.BoundedSemaphore(4)
"""Each hash takes 64 MiB while it is made: a crowd at the door must not take all memory."""

_QUEUE: Final = threading.BoundedSemaphore(16)
"""Each that waits takes a thread of the pages: a crowd at the door must not take all of these either."""

PATIENCE_S: Final = 2.0


@contextmanager
def room(patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Hold the memory for one hash.

    Raises:
        CrowdedError: It was not free within the time, or too many wait for it.
    """
    if not _QUEUE.acquire(blocking=False):
        raise CrowdedError
    try:
        if not _ROOM.acquire(timeout=patience_s):
            raise CrowdedError
        try:
            yield
        finally:
            _ROOM.release()
    finally:
        _QUEUE.release()


@cache
def _nobodys() -> str:
    return hashed("")


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")


def _normal(text: str) -> str:
    """One spelling for what keyboards type in several orders; without compatibility, for that makes letters equal."""
    return unicodedata.normalize("NFC", text)
