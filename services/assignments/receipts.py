"""Evidence sent ahead: a receipt lets whoever sent a file hand it in with its assignment, and nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from domain.errors import BadInputError
from domain.figures import EvidenceLine
from services.signed import read_signed, signed

_FORM: Final = "evidence/1"


class ReceiptError(BadInputError):
    """A receipt of something else, or none at all."""

    english = "A receipt of evidence is not one of this assignment and this person. Send the file again and repeat."
    thai = "ใบรับหลักฐานไม่ตรงกับงานนี้หรือผู้ส่งนี้ โปรดส่งไฟล์ใหม่แล้วทำรายการอีกครั้ง"


def receipt(secret: bytes, office: str, assignment: str, person: str, line: EvidenceLine) -> str:
    """Receipt for a file that is kept; without it, knowing a file's SHA-256 gives no right to it."""
    return signed(secret, _FORM, office, assignment, person, line.sha256, str(line.size_bytes), line.name)


def received(secret: bytes, office: str, assignment: str, person: str, receipts: Iterable[str]) -> list[EvidenceLine]:
    """Files that receipts stand for, each once.

    Raises:
        ReceiptError: One was not given for this assignment to this person.
    """
    return list(dict.fromkeys(_line(secret, (office, assignment, person), receipt) for receipt in receipts))


def _line(secret: bytes, place: tuple[str, str, str], token: str) -> EvidenceLine:
    fields = read_signed(secret, _FORM, token)
    if fields is None or tuple(fields[:3]) != place:
        raise ReceiptError
    return EvidenceLine(sha256=fields[3], size_bytes=int(fields[4]), name=fields[5])
