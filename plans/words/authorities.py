"""Names of local authorities as documents print them, and whether two of them are of the same authority."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from domain.matching import edit_distance, letters
from plans.words.text import clean

_KINDS: Final = (
    ("tambon_municipality", r"เทศบาล\s?ต[ำา]บล|ท\s?\.?\s?ต\s?\."),
    ("town_municipality", r"เทศบาล\s?เมือง|ท\s?\.?\s?ม\s?\."),
    ("city_municipality", r"เทศบาล\s?นคร|ท\s?\.?\s?น\s?\."),
    ("sao", r"องค์การบริหารส่วน\s?ต[ำา]บล|อบต\s?\.?"),
    ("provincial", r"องค์การบริหารส่วน\s?จังหวัด|อบจ\s?\.?"),
    ("", r"เทศบาล"),
)
_BEFORE: Final = re.compile(r"(?:สำนักงาน|ที่ทำการ)\s?")
_TAIL: Final = re.compile(r"\s*(?:ต[ำา]บล|ต\.|อำเภอ|อ\.|จังหวัด|จ\.).*")
_DISTRICT: Final = re.compile(r"(?:อำเภอ|อ\.)\s?([ก-๎]+?)(?=จังหวัด|[^ก-๎]|$)")
_PROVINCE: Final = re.compile(r"(?:จังหวัด|จ\.)\s?([ก-๎]+)")
_SENTENCE: Final = re.compile(
    "ได้|มี|จึง|โดย|เพื่อ|ประจำ|ปี|ที่|ใน|ขอ|ว่าด้วย|เรื่อง|พศ|งบ|ฉบับ|ดำเนิน|จัดทำ|กำหนด|และ|ตาม|เป็น|ให้|ซึ่ง|แผน|มาตรการ|รายงาน"
)
"""What goes on behind a name printed without a space: `เทศบาลตำบลบ้านใหม่ได้จัดทำ…`."""
_SHORTEST_SLIP: Final = 8
_SHORTEST_PLACE: Final = 3


@dataclass(frozen=True, slots=True)
class Authority:
    """A local authority; what is not known is empty. One without a `place` names none."""

    kind: str
    place: str
    district: str
    province: str

    @classmethod
    def named(cls, name: str, kind: str = "", district: str = "", province: str = "") -> Authority:
        """An authority by its name, with or without the word for its kind and what follows the place."""
        text = _BEFORE.sub("", clean(name), count=1)
        prefix = next(
            ((authority_kind, match) for authority_kind, word in _KINDS if (match := re.match(word, text))), None
        )
        place = text[prefix[1].end() :].strip() if prefix else text
        inside = [match.group(1) if (match := part.search(place)) else "" for part in (_DISTRICT, _PROVINCE)]
        return cls(
            (prefix[0] if prefix else "") or kind,
            letters(_TAIL.sub("", place)),
            _place(district or inside[0]),
            _place(province or inside[1]),
        )

    def is_same(self, own: Authority) -> bool:
        """Tell whether a document's authority (`self`) is this one; a name misread by a scanner is, in the same place.

        Many places have one name, so another kind, district or province makes another authority.
        """
        if self.kind and own.kind and self.kind != own.kind:
            return False
        near = (_agree(self.district, own.district), _agree(self.province, own.province))
        if False in near:
            return False
        return _is_name(self.place, own.place) or (all(near) and _is_slip(self.place, own.place))


def _place(text: str) -> str:
    return letters(re.sub(r"^(?:อำเภอ|อ\.|จังหวัด|จ\.)\s?", "", clean(text)))


def _agree(name: str, other: str) -> bool | None:
    """Whether two names of a district or province are of one; None where one is not known."""
    if not (name and other):
        return None
    short, long = sorted((name, other), key=len)
    is_part = len(short) >= _SHORTEST_PLACE and (long.startswith(short) or long.endswith(short))
    return is_part or name == other or (len(short) > _SHORTEST_PLACE and edit_distance(name, other) <= 1)


def _is_name(printed: str, own: str) -> bool:
    return printed == own or (printed.startswith(own) and bool(_SENTENCE.match(printed[len(own) :])))


def _is_slip(printed: str, own: str) -> bool:
    cut = printed[: len(own)] if _SENTENCE.match(printed[len(own) :]) else printed
    return len(own) >= _SHORTEST_SLIP and edit_distance(cut, own) <= 1
