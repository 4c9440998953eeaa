"""Who must act: scopes, divisions with their sections, posts; also with words broken by a scanner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from plans.draft import Party
from plans.text import clean, squeezed

Scope = Literal["listed", "all_divisions", "all_division_heads", "missing"]
_Role = Literal["lead", "support"]

_HEADS: Final = re.compile(
    r"(?:ทุก(?:ผู้อำนวยการ|ผอ\.?|หัวหน้า)|(?:ผู้อำนวยการ|ผอ\.?|หัวหน้า)(?:/|สำนัก|กอง|ส่วนราชการ|ส่วน)*ทุก)"
    r"(?:/|แห่ง|สำนัก|กอง|ส่วนราชการ|ส่วน|หน่วยงาน|ฝ่าย)*"
)
_ALL_UNITS: Final = re.compile(r"ทุก(?:ส่วนราชการ|หน่วยงาน|ส่วนงาน|หน่วย)(?:ภายใน|ในสังกัด)?")
_UNIT_WORD: Final = r"(?:สำนัก|กอง|ส่วนราชการ|ส่วน|ฝ่าย|หน่วยงาน|หน่วย(?!ตรวจ))"
_ALL_DIVISIONS: Final = re.compile(
    rf"ทุก{_UNIT_WORD}(?:(?:/|,|และ)?ทุก{_UNIT_WORD}|(?:/|,|และ){_UNIT_WORD}|{_UNIT_WORD}(?![ก-๎]))*ฯ?(?:ในสังกัด\S*)?"
)
_HEAD_OF_CLERKS: Final = re.compile(r"หัวหน้าสำนักปลัด(?:เทศบาล)?")
_AUDIT: Final = "หน่วยตรวจสอบภายใน"
_SECTION: Final = ("งาน", "ฝ่าย")
_DIVISION: Final = ("สำนัก", "กอง", "หน่วย", "ส่วน", "ศูนย์", "โรงเรียน", "สถานี", "สป.")
_POST: Final = (
    "ผู้อำนวยการ", "ผอ.", "หัวหน้า", "ปลัด", "รองปลัด", "นายก", "รองนายก", "เลขานุการ", "เจ้าหน้าที่", "เจ้าพนักงาน",
    "นักวิชาการ", "นักทรัพยากร", "นักพัฒนา", "นักวิเคราะห์", "นักจัดการ", "นักป้องกัน", "นิติกร", "คณะ", "ผู้บริหาร",
    "ผู้บังคับบัญชา", "บุคลากร", "พนักงาน", "สมาชิก", "สภา", "ประธาน", "ผู้",
)  # fmt: skip
_KNOWN: Final = (*_DIVISION, *_SECTION, *_POST)
_BARE: Final = frozenset({*_DIVISION, *_SECTION, "ผู้อำนวยการ", "ผอ.", "หัวหน้า"})
_THAI_SEAM: Final = re.compile("[ก-๎ฯ][ก-๎]")
_LEAD: Final = re.compile(r"(?:หน่วยงาน)?(?:หลัก|เจ้าภาพ(?:หลัก)?)\s*[:：]?")
_SUPPORT: Final = re.compile(r"(?:หน่วยงาน)?(?:สนับสนุน|ร่วม|ที่เกี่ยวข้อง|เจ้าภาพรอง)\s*[:：]?")
_ROLE_LABEL: Final = re.compile(r"(หน่วยงานหลัก|หน่วยงานสนับสนุน|หน่วยงานร่วม|หน่วยสนับสนุน|เจ้าภาพหลัก|เจ้าภาพรอง)\s*[:：]?\s*")
_HARD: Final = re.compile(
    r"[,;\n]|\s*และ\s*(?=สำนัก|กอง(?!ทุน)|หน่วยตรวจ)|\s+และ\s*(?=งาน|ฝ่าย|หน่วย)|(?:^|(?<=[\s,;]))\(?\d{1,2}[.)]\s*|(?:^|(?<=\s))[-•*]\s*"
)
_SLASH: Final = re.compile(r"\s*/\s*")
_BRACKETED: Final = re.compile(r"\s*\(\s*((?:งาน|ฝ่าย)[^()]*)\)")


@dataclass(frozen=True, slots=True)
class ResponsibleReading:
    """What a responsible cell says; `unknown` are names that begin like no division, section or post."""

    scope: Scope
    parties: tuple[Party, ...] = ()
    with_audit_unit: bool = False
    unknown: tuple[str, ...] = ()


def read_responsible(text: str) -> ResponsibleReading:
    """Scope and parties of one responsible value.

    After a slash `งาน…` and `ฝ่าย…` are sections of the division before them; `กอง…`, `สำนัก…`, `หน่วย…` are
    divisions of their own. A piece that begins like no unit belongs to the word before it: `หน่วยตรวจ สอบภายใน`
    is one unit, `สำนักปลัด หน่วยตรวจ…` are two (seed, line 12).
    """
    whole = squeezed(text)
    if not re.search(r"\w", whole):
        return ResponsibleReading("missing")
    for scope, pattern in (("heads", _HEADS), ("units", _ALL_UNITS), ("divisions", _ALL_DIVISIONS)):
        if match := pattern.search(whole):
            return _scope(scope, pattern.sub("", whole), match.group())
    parties = tuple(_parties(text))
    if not parties:
        return ResponsibleReading("missing")
    unknown = tuple(_name(p) for p in parties if not p.unit.startswith((*_DIVISION, *_POST)))
    return ResponsibleReading("listed", parties, unknown=unknown)


def _scope(scope: str, rest: str, words: str) -> ResponsibleReading:
    has_audit = _AUDIT in rest or "หน่วย" in words
    rest = _HEAD_OF_CLERKS.sub("", rest) if scope == "heads" else rest
    rest = re.sub(r"^(?:และ|/|,|ของ|\W)+|(?:และ|/|,|\W)+$", "", rest.replace(_AUDIT, ""))
    unknown = (rest,) if re.search("[ก-๎]", rest) and not rest.startswith(("เทศบาล", "อบต", "องค์การ")) else ()
    kind: Scope = "all_division_heads" if scope == "heads" else "all_divisions"
    return ResponsibleReading(kind, with_audit_unit=has_audit or scope == "units", unknown=unknown)


def _name(party: Party) -> str:
    return f"{party.unit}/{party.subunit}" if party.subunit else party.unit


def _parties(text: str) -> Iterator[Party]:
    role: _Role = "lead"
    for piece in _HARD.split(_ROLE_LABEL.sub(r"\n\1\n", "\n".join(map(clean, text.splitlines())))):
        if _is_label(piece):
            role = "support" if _SUPPORT.fullmatch(piece.strip()) else "lead"
            continue
        yield from _of_piece(piece, role)


def _is_label(piece: str) -> bool:
    return bool(
        _LEAD.fullmatch(piece.strip()) or _SUPPORT.fullmatch(piece.strip()) or _ROLE_LABEL.fullmatch(piece.strip())
    )


def _of_piece(piece: str, role: _Role) -> Iterator[Party]:
    unit, has_section = "", False
    names = [name for part in _SLASH.split(_BRACKETED.sub(r"/\1", piece)) for name in _mended(part.split())]
    for name in names:
        if name.startswith(_SECTION) and unit:
            has_section = True
            yield Party(unit=unit, subunit=name, role=role)
            continue
        if unit and not has_section:
            yield Party(unit=unit, role=role)
        unit, has_section = name, False
    if unit and not has_section:
        yield Party(unit=unit, role=role)


def _mended(words: Iterable[str]) -> list[str]:
    """Names whose words a scanner broke: a piece that begins none, or follows a bare `กอง`, is the rest of one."""
    names: list[str] = []
    for word in words:
        if names and (names[-1] in _BARE or not word.removeprefix("และ").startswith(_KNOWN)):
            names[-1] += word if _THAI_SEAM.fullmatch(names[-1][-1] + word[0]) else f" {word}"
        else:
            names.append(word.removeprefix("และ") if names else word)
    return names
