"""The ledger's hash chain: every line holds the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from domain.errors import SucharitError
from domain.thai import thai_digits

GENESIS: Final = "0" * 64
"""What the first line of an office names as the hash before it."""


class LedgerBrokenError(SucharitError):
    """A line does not fit the chain: somebody changed, removed or inserted one."""

    english = (
        "Line {seq} of the ledger of “{office}” {fault}. Everything before it is sound. "
        "Keep the database as it is, compare with the last backup, and tell the auditor."
    )
    thai = "บรรทัดที่ {seq} ของสมุดบันทึก “{office}” {fault} บรรทัดก่อนหน้าถูกต้อง โปรดเก็บฐานข้อมูลไว้ เทียบกับสำเนาล่าสุด และแจ้งผู้ตรวจสอบ"


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, before it has a place in the chain.

    Attributes:
        at: Aware instant.
        kind: `assignment.hand_in`, `mail.sent` and so on: noun and what became of it.
        actor: Key of the person who acted, or `clock`.
        subject: Id of what it is about.
        data: Facts that JSON can hold.
    """

    at: datetime
    kind: str
    actor: str
    subject: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """An entry in its place. Lines of an office are numbered from 1 without gaps."""

    office: str
    seq: int
    entry: Entry
    previous: str
    hash: str


def canonical(office: str, seq: int, entry: Entry, previous: str) -> str:
    """The text that is hashed: JSON with sorted keys, no spaces, UTC instants with microseconds."""
    document = {
        "office": office,
        "seq": seq,
        "at": entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "kind": entry.kind,
        "actor": entry.actor,
        "subject": entry.subject,
        "data": dict(entry.data),
        "previous": previous,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chain(office: str, seq: int, entry: Entry, previous: str) -> LedgerLine:
    """Give an entry its place after the line with hash `previous`."""
    text = canonical(office, seq, entry, previous)
    return LedgerLine(office, seq, entry, previous, hashlib.sha256(text.encode()).hexdigest())


def verify(lines: Iterable[LedgerLine]) -> tuple[int, str]:
    """Number of lines and the last hash of a sound chain; (0, GENESIS) for an empty one.

    Raises:
        LedgerBrokenError: At the first line that does not fit.
    """
    count, previous = 0, GENESIS
    for line in lines:
        fault = _fault(line, count + 1, previous)
        if fault:
            raise LedgerBrokenError(
                seq=line.seq,
                seq_thai=thai_digits(line.seq),
                office=line.office,
                fault=fault[0],
                fault_thai=fault[1],
            )
        count, previous = line.seq, line.hash
    return count, previous


def _fault(line: LedgerLine, seq: int, previous: str) -> tuple[str, str] | None:
    """What is wrong with a line, in English and in Thai."""
    if line.seq != seq:
        return (
            f"stands where line {seq} should be (a line is missing or was added)",
            f"อยู่ในที่ของบรรทัดที่ {thai_digits(seq)} (มีบรรทัดหายไปหรือถูกเพิ่มเข้ามา)",
        )
    if line.previous != previous:
        return "does not name the line before it", "ไม่ได้อ้างถึงบรรทัดก่อนหน้า"
    if chain(line.office, line.seq, line.entry, line.previous).hash != line.hash:
        return "was changed after it was written", "ถูกแก้ไขหลังจากบันทึกแล้ว"
    return None
