"""Heavy work in a process of its own, one after the other: several at once would take the machine from the pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

from domain.errors import SucharitError

PATIENCE_S: Final = 25
_ONE: Final = Lock()


class BusyError(SucharitError):
    """Somebody else's plan is being read or rehearsed, and it takes long."""

    english = "Another plan is being read or rehearsed just now. Nothing was changed: try again in a minute."
    thai = "ขณะนี้ระบบกำลังอ่านหรือซ้อมแผนอื่นอยู่ ยังไม่มีอะไรเปลี่ยนแปลง โปรดลองใหม่ในอีกหนึ่งนาที"


@contextmanager
def alone(patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Hold the place of the one heavy work of this process.

    Raises:
        BusyError: It was not free within the time.
    """
    if not _ONE.acquire(timeout=patience_s):
        raise BusyError
    try:
        yield
    finally:
        _ONE.release()
