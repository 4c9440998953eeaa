"""Who must act: scopes, divisions with their sections, posts; also with words broken by a scanner."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from plans.draft import Party
from plans.words.rests import in_one
from plans.words.text import clean, squeezed
from plans.words.usual_units import usual_name

Scope = Literal["listed", "all_divisions", "all_division_heads", "missing"]
_Role = Literal["lead", "support"]

_HEADS: Final = re.compile(
    r"(?:ทุก(?:ผู้อำนวยการ|ผอ\.?|หัวหน้า)|(?:ผู้อำนวยการ|ผอ\.?|หัวหน้า)(?:/|สำนัก|กอง|ส่วนราชการ|ส่วน|หน่วยงาน)*ทุก)"
    r"(?:/|แห่ง|สำนัก|กอง|ส่วนราชการ|ส่วน|หน่วยงาน|ฝ่าย|ท่าน|คน)*"
)
_ALL_UNITS: Final = re.compile(
    r"ทุก(?:ส่วนราชการ|หน่วยงาน|ส่วนงาน|หน่วย)(?:ภายใน|ในสังกัด)?(?:(?:ของ)?(?:เทศบาล|อบต|อบจ|องค์การ)\S*)?|ส่วนราชการทุก(?:ส่วน|แห่ง|ส่วนราชการ)|หน่วยงานทุก(?:หน่วย|แห่ง|หน่วยงาน)"
)
_UNIT_WORD: Final = r"(?:สำนัก|กอง|ส่วนราชการ|ส่วน|ฝ่าย|หน่วยงาน|หน่วย(?!ตรวจ))"
_ALL_DIVISIONS: Final = re.compile(
    rf"ทุก{_UNIT_WORD}(?:(?:/|,|และ|หรือ)?ทุก{_UNIT_WORD}|(?:/|,|และ|หรือ){_UNIT_WORD}(?![ก-๎])|{_UNIT_WORD}(?![ก-๎]))*ฯ?(?:(?:ใน|ภายใน)(?:สังกัด)?(?:เทศบาล|อบต|อบจ|องค์การ)?\S*)?"
    r"|(?:สำนัก|กอง)(?:(?:/|และ)(?:สำนัก|กอง))*ทุก(?:แห่ง|สำนัก|กอง|ส่วน)+"
)
_CLERKS: Final = r"(?:หัวหน้า)?สำนัก(?:งาน)?ปลัด(?:เทศบาล|องค์การบริหารส่วน(?:ตำบล|จังหวัด)|อบต\.?|อบจ\.?)?"
_HEAD_OF_CLERKS: Final = re.compile("หัวหน้าสำนักปลัด(?:เทศบาล)?")
_COORDINATED: Final = re.compile(
    rf"(?:โดย(?:มี|ให้)?|มี|ให้)?{_CLERKS}(?:เป็น|ทำหน้าที่)?(?:หน่วยงาน|ผู้|เจ้าภาพ)?(?:หลัก|ประสาน|รวบรวม|เจ้าภาพ)\S*"
)
_AUDIT: Final = "หน่วยตรวจสอบภายใน"
_SECTION: Final = ("งาน", "ฝ่าย", "กลุ่มงาน", "แผนก")
_DIVISION: Final = ("สำนัก", "กอง", "หน่วย", "ส่วน", "ศูนย์", "โรงเรียน", "สถานี", "สป.")
_POST: Final = (
    "ผู้อำนวยการ", "ผอ.", "หัวหน้า", "ปลัด", "รองปลัด", "นายก", "รองนายก", "เลขานุการ", "เจ้าหน้าที่", "เจ้าพนักงาน",
    "นักวิชาการ", "นักทรัพยากร", "นักพัฒนา", "นักวิเคราะห์", "นักจัดการ", "นักป้องกัน", "นักประชาสัมพันธ์", "นิติกร", "คณะ",
    "ผู้บริหาร", "ผู้บังคับบัญชา", "บุคลากร", "พนักงาน", "สมาชิก", "สภา", "ประธาน", "ผู้", "ข้าราชการ", "ลูกจ้าง", "วิศวกร",
    "นายช่าง", "ครู",
)  # fmt: skip
_KNOWN: Final = (*_DIVISION, *_SECTION, *_POST)
_BESIDE: Final = re.compile(r"(?:ยกเว้น|เว้นแต่|เว้น|นอกจาก|เฉพาะ|(?:นำ)?โดย|ประสาน|รวบรวม|ร่วมกับ|เป็น(?:ผู้|หน่วย)|หลัก).*")
"""What says more of all divisions than that they are all, from its first word on."""
_TAIL: Final = re.compile(
    r"\s*(?:\(|โทร(?:ศัพท์|สาร)?[.\s\d:]|โดย|ยกเว้น|เว้นแต่|เป็น(?:ผู้|หน่วย)|ประสานงาน(?:กับ)|(?<![ก-๎])(?:นาย(?!ก|ช่าง|อำเภอ|ทะเบียน)|นาง)).*"
)
"""What stands behind a name and is no part of it: a bracket that names no section, a telephone, who does what."""
_BARE: Final = frozenset({*_DIVISION, *_SECTION, "ผู้อำนวยการ", "ผอ.", "หัวหน้า"})
_CERTAIN: Final = ("สำนัก", "กอง", "หน่วย", "ส่วน", "สป.")
_VAGUE: Final = re.compile(
    r"(?:หน่วยงาน|ส่วนราชการ|กอง|สำนัก/?กอง|ส่วน|ผู้)(?:อื่น(?:ๆ)?)?(?:ที่)?(?:มีส่วน)?เกี่ยวข้อง|หน่วยงาน|ส่วนราชการ"
)
_THAI_SEAM: Final = re.compile("[ก-๎ฯ][ก-๎]")
_COLON: Final = r"\s*[:\uff1a]\s*"
_LEAD_LABEL: Final = r"(?:หน่วยงาน|ผู้รับผิดชอบ|ส่วนราชการ|เจ้าภาพ|ผู้)?(?:หลัก|เจ้าภาพ)"
_SUPPORT_LABEL: Final = r"(?:หน่วยงาน|ผู้รับผิดชอบ|ส่วนราชการ|หน่วย|ผู้|เจ้าภาพ)?(?:สนับสนุน|ร่วม(?:ดำเนินการ)?|รอง|ที่เกี่ยวข้อง|เกี่ยวข้อง)"
_LABEL: Final = re.compile(
    rf"(?:^|(?<=[\s,;)(/]))(?:(?P<lead>{_LEAD_LABEL})|(?P<support>{_SUPPORT_LABEL})){_COLON}"
    r"|(?:^|(?<=[\s,;)]))(?:(?P<lead2>(?:หน่วยงาน|เจ้าภาพ|ผู้รับผิดชอบ)หลัก)|(?P<support2>(?:หน่วยงาน|หน่วย|เจ้าภาพ|ผู้รับผิดชอบ)(?:สนับสนุน|ร่วม|รอง)))(?:\s+|$)",
    re.MULTILINE,
)
_SUFFIX: Final = re.compile(
    rf"\s*(?:\(\s*(?:(?P<lead>{_LEAD_LABEL})|(?P<support>{_SUPPORT_LABEL}))\s*\)|(?:เป็น|ทำหน้าที่)\s*(?:(?P<lead2>{_LEAD_LABEL})|(?P<support2>{_SUPPORT_LABEL})))"
)
_AND: Final = (
    r"\s*และ\s*(?=สำนัก|กอง(?!ทุน)|หน่วยตรวจ|ผอ\.|ผู้อำนวยการ|หัวหน้า|ปลัด|นายก|ทุก)"
    r"|\s+และ\s*(?=งาน|ฝ่าย|หน่วย|เจ้าหน้าที่|คณะ|นิติกร|นัก)"
)
_HARD: Final = re.compile(
    rf"[,;\n]|{_AND}|\s*(?:ร่วมกับ|พร้อมด้วย|ตลอดจน|รวมถึง)\s*|(?:^|(?<=[\s,;]))\(?\d{{1,2}}[.)]\s*|(?:^|(?<=\s))[-•*–●▪]\s*"
)
_SLASH: Final = re.compile(r"\s*/\s*")
_BRACKETED: Final = re.compile(r"\s*\(\s*((?:งาน|ฝ่าย|กลุ่มงาน|แผนก)[^()]*)\)")
_GLUED: Final = re.compile(
    r"(?<=[ก-๎ฯ])(?=กอง(?:คลัง|ช่าง|การศึกษา|สาธารณสุข|สวัสดิการ|ยุทธศาสตร์|วิชาการ|การเจ้าหน้าที่|การประปา|ส่งเสริม)|สำนัก(?:ปลัด|ช่าง|คลัง|การศึกษา)|หน่วยตรวจสอบ)"
)


@dataclass(frozen=True, slots=True)
class ResponsibleReading:
    """What a responsible cell says.

    Attributes:
        unknown: Names that begin like no division, section or post, and misspelt ones.
        usual: Misspelt names with the usual name that `parties` has in their place, each name once.
        unused: Words beside the names that became neither a party nor the scope.
    """

    scope: Scope
    parties: tuple[Party, ...] = ()
    with_audit_unit: bool = False
    unknown: tuple[str, ...] = ()
    usual: tuple[tuple[str, str], ...] = ()
    unused: str = ""


def read_responsible(text: str, support: str = "") -> ResponsibleReading:
    """Scope and parties of one responsible value; `support` is the cell of a column for supporting parties.

    After a slash `งาน…` and `ฝ่าย…` are sections of the division before them, at the beginning of the one that
    follows; `กอง…`, `สำนัก…`, `หน่วย…` are divisions of their own. A piece that begins like no unit belongs to the
    word before it: `หน่วยตรวจ สอบภายใน` is one unit, `สำนักปลัด หน่วยตรวจ…` are two (seed, line 12).
    """
    segments = [*_by_role(text, "lead"), *_by_role(support, "support")]
    leads = "\n".join(part for role, part in segments if role == "lead")
    whole = squeezed(_SUFFIX.sub("", leads))
    for scope, pattern in (("heads", _HEADS), ("units", _ALL_UNITS), ("divisions", _ALL_DIVISIONS)):
        if match := pattern.search(whole):
            supports = [clean(part) for role, part in segments if role == "support" and part.strip()]
            return _scope(scope, pattern.sub("", whole), match.group(), supports)
    read = [party for role, part in segments for party in _parties(part, role)]
    named, tails = _without_tails(read)
    parties = tuple(dict.fromkeys(named))
    if not parties:
        return ResponsibleReading("missing")
    misspelt = {p.unit: name for p in parties if not p.unit.startswith(_POST) and (name := usual_name(p.unit))}
    unknown = tuple(_name(p) for p in parties if _is_unknown(p) or p.unit in misspelt)
    usual = _told_apart(misspelt, {p.unit for p in parties})
    parties = tuple(p.model_copy(update={"unit": usual.get(p.unit, p.unit)}) for p in parties)
    return ResponsibleReading("listed", parties, unknown=unknown, usual=tuple(usual.items()), unused=in_one(tails))


def _without_tails(parties: Iterable[Party]) -> tuple[list[Party], list[str]]:
    """The parties without what stands behind their names, and that."""
    named, tails = [], []
    for party in parties:
        unit, subunit = _TAIL.sub("", party.unit), _TAIL.sub("", party.subunit or "")
        tails += [name[len(head) :].strip() for name, head in ((party.unit, unit), (party.subunit or "", subunit))]
        named += [party.model_copy(update={"unit": unit, "subunit": subunit or None})] if unit else []
    return named, [tail for tail in tails if re.search(r"\w", tail)]


def _told_apart(misspelt: Mapping[str, str], printed: Collection[str]) -> dict[str, str]:
    """Corrections that a person can take back: not two of them to one name, nor to one that is printed as well."""
    first = {name: unit for unit, name in reversed(list(misspelt.items()))}
    return {unit: name for unit, name in misspelt.items() if first[name] == unit and name not in printed}


def _is_unknown(party: Party) -> bool:
    if party.role == "support" and party.unit.startswith("ทุก"):
        return False
    return not party.unit.startswith((*_CERTAIN, *_POST)) or bool(_VAGUE.fullmatch(party.unit))


def _scope(scope: str, rest: str, words: str, supports: Sequence[str]) -> ResponsibleReading:
    has_audit = _AUDIT in _BESIDE.sub("", rest) or "หน่วย" in _BESIDE.sub("", words)
    beside = [match.group() for text in (words, rest) if (match := _BESIDE.search(text))]
    rest = _HEAD_OF_CLERKS.sub("", rest) if scope == "heads" else _COORDINATED.sub("", rest)
    rest = re.sub(r"^(?:และ|/|,|ของ|\W)+|(?:และ|/|,|\W)+$", "", rest.replace(_AUDIT, ""))
    is_ours = not re.search("[ก-๎]", rest) or rest.startswith(("เทศบาล", "อบต", "อบจ", "องค์การ"))
    unknown = () if is_ours or (scope != "heads" and _are_divisions(rest)) else (rest,)
    kind: Scope = "all_division_heads" if scope == "heads" else "all_divisions"
    unused = in_one([*beside, *supports])
    return ResponsibleReading(kind, with_audit_unit=has_audit or scope == "units", unknown=unknown, unused=unused)


def _are_divisions(rest: str) -> bool:
    """Whether what is named beside `ทุกสำนัก/กอง` is part of it anyway."""
    parties = list(_parties(rest, "lead"))
    return bool(parties) and all(
        party.unit.startswith(("กอง", "สำนัก")) and not _VAGUE.fullmatch(party.unit) for party in parties
    )


def _name(party: Party) -> str:
    return f"{party.unit}/{party.subunit}" if party.subunit else party.unit


def _by_role(text: str, role: _Role) -> Iterator[tuple[_Role, str]]:
    """Stretches of the text with the role that a label before them gives."""
    text = "\n".join(filter(None, map(clean, text.splitlines())))
    start = 0
    for match in _LABEL.finditer(text):
        yield role, text[start : match.start()]
        role = "lead" if match["lead"] or match["lead2"] else "support"
        start = match.end()
    yield role, text[start:]


def _parties(text: str, role: _Role) -> Iterator[Party]:
    for piece, own in _suffixed(text, role):
        for part in _HARD.split(piece):
            yield from _of_piece(_GLUED.sub(_parted, part), own)


def _suffixed(text: str, role: _Role) -> Iterator[tuple[str, _Role]]:
    """Pieces of the text with the role written behind them: `กองคลัง (สนับสนุน)`."""
    start = 0
    for match in _SUFFIX.finditer(text):
        yield text[start : match.start()], "lead" if match["lead"] or match["lead2"] else "support"
        start = match.end()
    yield text[start:], role


def _parted(match: re.Match[str]) -> str:
    """A space between two divisions written without one; within `ผอ.กองคลัง` there is none to put."""
    word = re.split(r"[\s/]", match.string[: match.start()])[-1]
    return " " if word.startswith(("กอง", "สำนัก", "หน่วย")) and word not in _BARE else ""


def _of_piece(piece: str, role: _Role) -> Iterator[Party]:
    names = [name for part in _SLASH.split(_BRACKETED.sub(r"/\1", piece)) for name in _mended(part.split())]
    names = [name for name in names if re.search(r"\w", name)]
    if names and names[0].startswith(_SECTION) and any(name.startswith(_DIVISION) for name in names):
        names = _sections_last(names)
    unit, has_section = "", False
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


def _sections_last(names: Iterable[str]) -> list[str]:
    """Sections written before their division, behind it: `งานพัสดุ กองคลัง`."""
    result: list[str] = []
    waiting: list[str] = []
    for name in names:
        if name.startswith(_SECTION):
            waiting.append(name)
        else:
            result += [name, *waiting]
            waiting = []
    return result + waiting


def _mended(words: Iterable[str]) -> list[str]:
    """Names whose words a scanner broke: a piece that begins none, or follows a bare `กอง`, is the rest of one."""
    names: list[str] = []
    for word in words:
        if names and (names[-1] in _BARE or not word.removeprefix("และ").startswith((*_KNOWN, "ทุก"))):
            names[-1] += word if _THAI_SEAM.fullmatch(names[-1][-1] + word[0]) else f" {word}"
        else:
            names.append(word.removeprefix("และ") if names else word)
    return names
