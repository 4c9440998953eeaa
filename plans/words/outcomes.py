"""What a report of results says of a step: state, result, problems, suggestions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from plans.words.text import clean, squeezed

NONE: Final = "none"
"""The file says `ไม่มี`; an empty cell says nothing."""

_NONE: Final = re.compile(r"[-–•*.]*(?:ไม่มี|ไม่พบ)(?:ปัญหา|อุปสรรค|ข้อเสนอแนะ|และ|หรือ|/|ๆ|ใด|ใดๆ)*[-–.]*")
_BLANK: Final = re.compile(r"[\s\-–—._…]*")
_STATES: Final = re.compile(
    r"(?:[☑✓✔☒■●\uf0fe\uf052/]\s*)?((?:ได้)?(?:ดำเนินการ|ดำเนินงาน)?(?:แล้ว)?เสร็จ(?:สิ้น|เรียบร้อย)?(?:แล้ว)?|ดำเนินการแล้ว(?:เสร็จ)?|(?:อยู่)?(?:ใน)?ระหว่าง(?:การ)?ดำเนิน(?:การ|งาน)"
    r"|(?:ยัง)?ไม่ได้ดำเนินการ|ยังไม่(?:ได้)?ดำเนินการ|ไม่สามารถดำเนินการ(?:ได้)?|รอรายงานผล|รอดำเนินการ|ยกเลิก)"
)
_TICKED: Final = re.compile(r"(?:[☑✓✔☒■●]|\(\s*[/✓✔xX]\s*\)|\[\s*[/✓✔xX]\s*\])\s*([^☐☑✓✔☒□■○●()\[\]\n]+)")
_OPTIONS: Final = re.compile(r"[☐□○]|\(\s*\)|\[\s*\]")
_PARTED: Final = re.compile(r"(?:^|\s)(?:[-•\d.)]*\s?)?(ปัญหา[^:\n]{0,20}|อุปสรรค|ข้อเสนอแนะ|แนวทางแก้ไข)\s*[:\uff1a]\s*")


def read_outcomes(extras: Mapping[str, str]) -> dict[str, str]:
    """`status`, `result`, `problems`, `suggestions` of a row, those that say something.

    Problems and suggestions are `none` only where the file says so. A column for both is parted by its labels; a bare
    `ไม่มี` there answers both. A state at the beginning of the result is the row's, where no column gives one.
    """
    by_role = {role: text for role, text in extras.items() if role != "problems_suggestions"}
    if both := extras.get("problems_suggestions"):
        by_role = _parted(both) | by_role
    read = {role: _answer(text) if role in {"problems", "suggestions"} else text for role, text in by_role.items()}
    if "status" in read:
        read["status"] = _state(read["status"])
    elif match := _STATES.match(clean(read.get("result", ""))):
        read["status"] = match.group(1)
    return {role: text for role, text in read.items() if not _BLANK.fullmatch(text)}


def chosen(texts: Sequence[str]) -> list[str]:
    """The texts; of boxes to tick, of which some are ticked and some are not, only the ticked ones."""
    whole = "\n".join(texts)
    if not (_OPTIONS.search(whole) and _TICKED.search(whole)):
        return list(texts)
    return [clean(match) for match in _TICKED.findall(whole) if match.strip()]


def _answer(text: str) -> str:
    return NONE if _NONE.fullmatch(squeezed(text)) else text


def _state(text: str) -> str:
    """The ticked one of several boxes, or the text itself."""
    if _OPTIONS.search(text) and (match := _TICKED.search(text)):
        return clean(match.group(1))
    return re.sub(r"^[☑✓✔☒■●]\s*", "", text)


def _parted(text: str) -> dict[str, str]:
    matches = list(_PARTED.finditer(text))
    if not matches:
        return {"problems": text, "suggestions": text} if _NONE.fullmatch(squeezed(text)) else {"problems": text}
    ends = [*(match.start() for match in matches[1:]), len(text)]
    parts: dict[str, str] = {}
    for match, end in zip(matches, ends, strict=True):
        role = "suggestions" if match.group(1).startswith(("ข้อเสนอ", "แนวทาง")) else "problems"
        parts[role] = text[match.end() : end].strip()
    return parts
