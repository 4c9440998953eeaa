"""The ledger's hash chain: every line holds the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.errors import SucharitError
from domain.thai import thai_digits

GENESIS: Final = "0" * 64
"""What the first line of an office names as the hash before it."""

CLOCK: Final = "clock"
"""Actor of what nobody did but the calendar."""

CONFIRMED: Final = "clock.confirmed"
MENDED: Final = "clock.mended"
_WORDS: Final = frozenset({CONFIRMED, MENDED, "demo.made"})
"""Lines in which somebody says that the clock is right, however long nothing had happened."""

SHOWN: Final = "clock"
"""Fact of a line that was written at a clock that did not fit: what the clock showed. Its instant is another's."""

LONGEST_PAUSE: Final = timedelta(days=31)
"""A service that was off for longer is asked whether its clock is right; the daily mark keeps a quiet office known."""

LEAST_AHEAD: Final = timedelta(days=1)
"""What ran ahead by less is waited for: whoever can set the machine's clock could else go back before what was just
written, to the other side of a deadline."""

DISORDER: Final = timedelta(hours=1)
"""By how much a line may be earlier than one before it: clocks differ, and who began first may be stored last."""


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
        "at": stamp(entry.at),
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


def vouched(before: datetime | None, entry: Entry) -> datetime | None:
    """Last instant that is known to be right, after a line: the one `before`, or that of the line.

    Whoever signs in or reports vouches for no clock. The clockwork does, unless it jumped; an administrator does, who
    was shown the jump. The first line of all is what there is to begin with.
    """
    if before is None:
        return entry.at
    is_step = entry.actor == CLOCK and SHOWN not in entry.data and entry.at - before <= LONGEST_PAUSE
    return max(before, entry.at) if is_step or entry.kind in _WORDS else before


@dataclass(frozen=True, slots=True)
class _Times:
    """What a chain says about time so far: its highest instant since it was last mended, and the last vouched one."""

    highest: datetime | None = None
    vouched: datetime | None = None

    def fault(self, entry: Entry) -> tuple[str, str] | None:
        """What is wrong with the instant of the next line, in English and in Thai."""
        if self.highest is None or entry.at >= self.highest - DISORDER:
            return None
        if entry.kind != MENDED:
            return "is earlier than a line before it", "มีเวลาก่อนบรรทัดก่อนหน้า"
        says = (entry.data.get("from"), entry.data.get("to"))
        # Only back to what the clockwork has vouched for, and only by a line that says the whole of it.
        is_too_early = self.vouched is not None and entry.at < self.vouched
        is_little = self.highest - entry.at < LEAST_AHEAD
        if says != (stamp(self.highest), stamp(entry.at)) or is_too_early or is_little:
            return "mends the clock by more than it may", "ปรับเวลาของสมุดบันทึกเกินกว่าที่ทำได้"
        return None

    def after(self, entry: Entry) -> _Times:
        """The same, with one line more."""
        is_higher = self.highest is None or entry.at > self.highest or entry.kind == MENDED
        return _Times(entry.at if is_higher else self.highest, vouched(self.vouched, entry))


def stamp(instant: datetime) -> str:
    """An instant as a line's facts hold it: UTC with microseconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def verify(lines: Iterable[LedgerLine], *, timed_after: int = 0) -> tuple[int, str]:
    """Number of lines and the last hash of a sound chain; (0, GENESIS) for an empty one.

    Args:
        timed_after: Number of the last line that was written when nobody looked at the order of instants.

    Raises:
        LedgerBrokenError: At the first line that does not fit.
    """
    count, previous, times = 0, GENESIS, _Times()
    for line in lines:
        fault = _fault(line, count + 1, previous)
        if fault is None and line.seq > timed_after:
            fault = times.fault(line.entry)
        if fault:
            raise LedgerBrokenError(
                seq=line.seq,
                seq_thai=thai_digits(line.seq),
                office=line.office,
                fault=fault[0],
                fault_thai=fault[1],
            )
        count, previous, times = line.seq, line.hash, times.after(line.entry)
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
