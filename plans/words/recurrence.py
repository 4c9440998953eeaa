"""How often something is repeated, where a text says so."""

from __future__ import annotations

import re
from typing import Final

from plans.words.text import squeezed

_RULES: Final = (
    ("monthly", re.compile(r"ทุกๆ?เดือน|ทุกวันที่.{1,12}ของ(?:ทุก)?เดือน|ทุกสิ้นเดือน|เดือนละ|รายเดือน|ประชุมประจำเดือน|ประจำทุกเดือน")),
    ("quarterly", re.compile(r"ทุกๆ?(?:สิ้น)?ไตรมาส|ไตรมาสละ|รายไตรมาส|ทุกๆ?[๓3]เดือน")),
    ("semiannual", re.compile(r"ทุกๆ?[๖6]เดือน|ปีละ[๒2]ครั้ง")),
    ("annual", re.compile(r"ปีละ[๑1]?ครั้ง|ปีละหนึ่งครั้ง|ทุกปี|รายปี")),
    ("weekly", re.compile(r"ทุกๆ?สัปดาห์|ทุกวัน(?:จันทร์|อังคาร|พุธ|พฤหัส|ศุกร์)|สัปดาห์ละ|รายสัปดาห์")),
    ("daily", re.compile(r"ทุกวัน(?!ที่)|รายวัน")),
)

RECURRING: Final = tuple(re.compile(pattern.pattern.replace("ๆ?", r"\s?ๆ?\s?")) for _, pattern in _RULES)
"""What tells it, in a text with its spaces."""


def recurrence_of(text: str) -> str | None:
    """`monthly`, `quarterly`, `semiannual`, `annual`, `weekly` or `daily`; None where the text does not say."""
    text = squeezed(text)
    return next((name for name, pattern in _RULES if pattern.search(text)), None)
