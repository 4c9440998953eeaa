"""Where a plan says that something is made public."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from plans.words.rests import in_one, rests, without_all

_CHANNELS: Final = (
    ("website", r"เว็?[บป]\s?ไซ[ตดท]์?|เวบไซ[ตด]์?|เว็บเพจ|website|www\.|https?:"),
    ("facebook", r"facebook|เฟ[ซส]\s?บุ๊?[กค]|เพจ(?:ของ)?(?:เทศบาล|อบต|อบจ|หน่วยงาน)"),
    ("line_oa", r"(?:line|ไลน์)\s?@?\s?(?:oa|official|โอเอ|ออฟฟิ|ทางการ)"),
    ("line_group", r"(?:(?<!ออน)(?<!ฮอต)ไลน์|(?<![a-z])line(?![a-z]))(?!\s?@?\s?(?:oa|official|โอเอ|ออฟฟิ|ทางการ))"),
    ("notice_board", r"ป้าย(?:ปิด)?(?:ประชาสัมพันธ์|ประกาศ)|(?:ปิด|ติด)ประกาศ|(?<!คีย์)(?<!แดช)บอร์ด|กระดานข่าว"),
    ("loudspeaker", r"เสียงตามสาย|หอกระจายข่าว|เสียงไร้สาย|รถ(?:กระจายเสียง|ประชาสัมพันธ์|แห่)"),
    ("meeting", r"(?:เผยแพร่|ประชาสัมพันธ์|แจ้ง)[^\n]{0,20}ที่ประชุม|ที่ประชุม(?:กำนัน|ผู้ใหญ่บ้าน|หมู่บ้าน)"),
    ("public_hearing", r"(?<!ผู้แทน)(?<!กรรมการ)(?<!ตัวแทน)ประชาคม"),
)
_PATTERNS: Final = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _CHANNELS)
_IN_COLUMN: Final = (*_PATTERNS, ("meeting", re.compile("ประชุม")), ("facebook", re.compile("เพจ")))

_ADDRESS: Final = re.compile(
    r"(?:https?:|www\.)\S*|[\w-]+(?:\.[\w-]+)*\.(?:go|or|co|com|net|org|ac)(?:\.th)?\S*", re.IGNORECASE
)
_FILLER: Final = re.compile(
    r"(?:การ)?(?:เผยแพร่|ประชาสัมพันธ์|ประกาศ)|(?:ปิด|ติด|ลง|นำลง|นำขึ้น)(?=$|ที่|ณ|ใน|บน|ประ)|ช่องทาง(?:การ)?|ผ่าน|ทาง|บน|หน้า|ระบบ|ข่าวสาร|ข่าว|ข้อมูล"
    r"|(?:สำนักงาน|ที่ทำการ)?(?:เทศบาล(?:ตำบล|เมือง|นคร)?|อบต|อบจ|องค์การบริหารส่วน(?:ตำบล|จังหวัด))|หน่วยงาน|(?:ที่ทำการ|สำนักงาน)|หลัก|official|page|เพจ"
    r"|และ|หรือ|ของ|โดย|ให้|ที่|ใน|ณ|แก่|กลุ่ม|สาธารณะ|ประชาชน(?:ทั่วไป)?|ทราบ|ต่อ",
    re.IGNORECASE,
)
_LEAST: Final = 3


def without_channels(text: str) -> str:
    """The text with a gap for every channel that it names, and for the addresses of pages."""
    return without_all(text, _ADDRESS, *(pattern for _, pattern in _PATTERNS))


def unused_in_channels(column: Iterable[str]) -> str:
    """Words of a column of channels that name none of those we know."""
    text = without_all(without_channels("\n".join(column)), *(pattern for _, pattern in _IN_COLUMN))
    return in_one(piece for line in text.split("\n") for piece in rests(line, _FILLER, least=_LEAST))


def publication_channels(texts: Iterable[str], column: Iterable[str] = ()) -> tuple[str, ...]:
    """Channels that the texts name, in the order in which they first stand there.

    `column` is the cell of a column that holds nothing but channels: there one word is enough (`ประชุม`).
    """
    named = dict.fromkeys(_named("\n".join(column), _IN_COLUMN))
    return tuple(named | dict.fromkeys(_named("\n".join(texts), _PATTERNS)))


def _named(whole: str, patterns: Iterable[tuple[str, re.Pattern[str]]]) -> list[str]:
    places = ((pattern.search(whole), name) for name, pattern in patterns)
    return [name for _, name in sorted((match.start(), name) for match, name in places if match)]
