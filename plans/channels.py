"""Where a plan says that something is made public."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_CHANNELS: Final = (
    ("website", r"เว็?[บป]\s?ไซ[ตดท]์?|เวบไซ[ตด]์?|website|www\.|https?:"),
    ("facebook", r"facebook|เฟ[ซส]\s?บุ๊?[กค]"),
    ("line_oa", r"line\s?(?:oa|official)|ไลน์\s?(?:โอเอ|ออฟฟิ)"),
    ("line_group", r"กลุ่ม\s?(?:ไลน์|line)|(?:(?<!ออน)ไลน์|(?<![a-z])line)\s?(?:กลุ่ม|group)"),
    ("notice_board", r"ป้ายประชาสัมพันธ์|ป้ายประกาศ|ปิดประกาศ|บอร์ดประชาสัมพันธ์|บอร์ดประกาศ"),
    ("loudspeaker", r"เสียงตามสาย|หอกระจายข่าว|เสียงไร้สาย|รถกระจายเสียง"),
    ("meeting", r"(?:เผยแพร่|ประชาสัมพันธ์|แจ้ง)[^\n]{0,20}ที่ประชุม|ที่ประชุม(?:กำนัน|ผู้ใหญ่บ้าน|หมู่บ้าน)"),
    ("public_hearing", r"ประชาคม"),
)
_PATTERNS: Final = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _CHANNELS)


def publication_channels(texts: Iterable[str]) -> tuple[str, ...]:
    """Channels that the texts name, in the order in which they first stand there."""
    whole = "\n".join(texts)
    places = ((pattern.search(whole), name) for name, pattern in _PATTERNS)
    return tuple(name for _, name in sorted((match.start(), name) for match, name in places if match))
