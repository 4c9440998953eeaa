"""Names of divisions as plans write them, matched to the divisions an office has; nothing is guessed in silence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from domain.people import Division, DivisionKind, People

SECTION_WORDS: Final = ("งาน", "ฝ่าย", "กลุ่มงาน", "แผนก")

_NOISE: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff.()\[\]“”\"'\-–,:;]")
_TONES: Final = re.compile("[็่้๊๋์ํ๎]")
_LEADING: Final = re.compile(r"^(?:กอง|สำนัก|ส่วน|หน่วย)(?:การ)?")
_LOCAL: Final = r"(?:เทศบาล.*|อบต.*|อบจ.*|องค์การบริหาร.*|เมืองพัทยา)?"
_FAMILIES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"สป|สำนัก(?:งาน)?ปลัด{_LOCAL}",
        r"(?:กอง|สำนัก|ส่วน)(?:การ)?คลัง",
        r"(?:กอง|สำนัก|ส่วน)(?:การ)?(?:ช่าง|โยธา)",
        r"(?:กอง|สำนัก|ส่วน)(?:การ)?ศึกษา(?:ศาสนา)?(?:และ)?(?:วัฒนธรรม)?",
        r"(?:กอง|สำนัก|ส่วน)(?:การ)?สาธารณสุข(?:และสิ่งแวดล้อม)?",
        r"(?:กอง|สำนัก|ส่วน)สวัสดิการ(?:และ)?(?:สังคม)?",
        r"(?:กอง|สำนัก|ส่วน)(?:ยุทธศาสตร์(?:และ)?(?:งบประมาณ)?|วิชาการและแผนงาน)",
        r"(?:กอง|สำนัก|ส่วน)การเจ้าหน้าที่",
        r"(?:หน่วย|หน่วยงาน)?ตรวจสอบภายใน|ตสน",
    )
)
"""Names of one division as offices write them (research, thai-domain 1.7); a family is told by its pattern."""

_OTHER_NAME: Final = re.compile("โยธา|วิชาการและแผนงาน")
"""Old names within a family: the division may have gone over into the new one, or may not."""

_HEAD: Final = re.compile(
    "^(?:รักษาการ|รักษาราชการแทน)?(?:ผู้อำนวยการ|ผอ|หัวหน้าส่วนราชการ|หัวหน้า|หน(?!่)|เจ้าหน้าที่|บุคลากร|พนักงาน)(?:ของ|สังกัด)?"
)
_POST: Final = re.compile(
    "^(?:รักษาการ|รักษาราชการแทน)?(?:รอง|ผู้ช่วย)?(?:ปลัด|นายก|เลขานุการ|ผู้อำนวยการ|ผอ|หัวหน้า|นิติกร|นัก|เจ้าหน้าที่|เจ้าพนักงาน|"
    "คณะ|ผู้บริหาร|ผู้บังคับบัญชา|ผู้รับผิดชอบ|บุคลากร|พนักงาน|สมาชิก|สภา|ประธาน|ผู้)"
)
_SECTIONS: Final = {
    "คลัง": ("พัสดุ", "จัดเก็บ", "รายได้", "การเงิน", "บัญชี", "ทะเบียนทรัพย์สิน", "แผนที่ภาษี"),
    "ปลัด": (
        "ธุรการ", "นิติการ", "นโยบาย", "แผน", "เจ้าหน้าที่", "บุคคล", "ป้องกัน", "ทะเบียน", "ประชาสัมพันธ์", "ปกครอง", "อำนวยการ",
    ),
    "ช่าง": ("โยธา", "ก่อสร้าง", "ออกแบบ", "ผังเมือง", "ไฟฟ้า", "สาธารณูปโภค", "ประปา"),
    "ศึกษา": ("การศึกษา", "ศาสนา", "ปฐมวัย", "กีฬา", "พัฒนาเด็ก"),
    "สาธารณสุข": ("สาธารณสุข", "สิ่งแวดล้อม", "รักษาความสะอาด", "สุขาภิบาล"),
    "สวัสดิการ": ("สวัสดิการ", "พัฒนาชุมชน", "สังคมสงเคราะห์", "สังคม"),
}  # fmt: skip
"""Where a section usually belongs: what stands in its division's name, and words of the section's."""

_ERRORS_PER_LETTERS: Final = 3


class MatchKind(StrEnum):
    """How a name was matched."""

    EXACT = "exact"
    """The division's name, whatever its spaces and ฯ."""
    ALIAS = "alias"
    """Another name the office has given it, or one that every office uses (สป. for สำนักปลัด)."""
    POST = "post"
    """A post: with its division where that is plain, otherwise a question."""
    NEAR = "near"
    """Probably a misspelling or an old name: always a question."""
    UNKNOWN = "unknown"
    """Anything else, also a section named alone: always a question, without a proposal."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a name means in an office.

    Attributes:
        divisions: Those it certainly means; empty where a person must say.
        candidates: Where a person must say: the divisions, the likeliest first.
    """

    name: str
    kind: MatchKind
    divisions: tuple[Division, ...] = ()
    candidates: tuple[Division, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Tell whether nobody need be asked."""
        return bool(self.divisions)

    @property
    def proposal(self) -> Division | None:
        """What is proposed where a person must say; None where nothing can be proposed."""
        is_proposed = self.kind in (MatchKind.NEAR, MatchKind.POST) and not self.divisions
        return self.candidates[0] if is_proposed and self.candidates else None


def match_unit(name: str, people: People) -> Match:
    """Divisions that a party of a plan means, or the question to ask about it."""
    if divisions := _by_name(name, people.divisions):
        kind = MatchKind.EXACT if any(letters(name) in (letters(d.name), d.key) for d in divisions) else MatchKind.ALIAS
        return Match(name, kind, divisions)
    for match in (_by_post(name, people), _by_section(name, people.divisions), _by_likeness(name, people.divisions)):
        if match is not None:
            return match
    return Match(name, MatchKind.UNKNOWN, candidates=people.divisions)


@lru_cache(maxsize=4096)
def letters(text: str) -> str:
    """Letters and digits of a text for comparing: no spaces, dots, brackets or ฯ, sara am in one piece."""
    plain = _NOISE.sub("", unicodedata.normalize("NFC", text)).replace("ฯลฯ", "").replace("ฯ", "")
    return re.sub("ํ([่้๊๋]?)า", r"\1ำ", plain).replace("เเ", "แ").casefold()


@lru_cache(maxsize=4096)
def _family(name: str) -> int | None:
    return next((n for n, pattern in enumerate(_FAMILIES) if pattern.fullmatch(letters(name))), None)


def _names(division: Division) -> tuple[str, ...]:
    return (division.name, division.key, *division.aliases)


def _by_name(name: str, divisions: tuple[Division, ...]) -> tuple[Division, ...]:
    """By name before alias before what every office writes; an alias of several divisions means all of them."""
    wanted = letters(name)
    if not wanted:
        return ()
    for meant in (
        [d for d in divisions if wanted in (letters(d.name), d.key)][:1],
        [d for d in divisions if wanted in {letters(alias) for alias in d.aliases}],
        _only(d for d in divisions if _is_cut(name, d)),
        _only(d for d in divisions if _is_usual(name, d)),
    ):
        if meant:
            return tuple(meant)
    return ()


def _only(divisions: Iterable[Division]) -> list[Division]:
    several = list(divisions)
    return several if len(several) == 1 else []


def _is_cut(name: str, division: Division) -> bool:
    """Tell whether one of the two is the other cut short by ฯ: `กองสวัสดิการฯ`."""
    pairs = ((name, own) for own in (division.name, *division.aliases))
    return any(
        (_ends_cut(name) and letters(own).startswith(letters(name)))
        or (_ends_cut(own) and letters(name).startswith(letters(own)))
        for name, own in pairs
    )


def _ends_cut(name: str) -> bool:
    return name.rstrip().endswith("ฯ") and bool(_LEADING.sub("", letters(name)))


def _is_usual(name: str, division: Division) -> bool:
    """Tell whether both are the same division of every office, under the same leading word."""
    if _OTHER_NAME.search(name):
        return False
    return any(
        _family(own) is not None and _family(own) == _family(name) and _first_word(own) == _first_word(name)
        for own in (division.name, *division.aliases)
    )


def _first_word(name: str) -> str:
    plain = letters(name)
    word = next((word for word in ("กอง", "สำนัก", "ส่วน") if plain.startswith(word)), "")
    return "" if _family(name) in (0, len(_FAMILIES) - 1) else word


def _by_post(name: str, people: People) -> Match | None:
    """A post of the office, the head or the people of a division, or any other post."""
    plain = letters(name)
    for post in people.posts:
        if letters(post.title) == plain and post.division is not None:
            division = people.division(post.division)
            return Match(name, MatchKind.POST, (division,)) if division else None
    rest = _HEAD.sub("", plain)
    if rest != plain and (headed := _by_name(rest, people.divisions)):
        return Match(name, MatchKind.POST, headed)
    if not _POST.match(plain):
        return None
    asked = _by_section(rest, people.divisions) or _by_likeness(rest, people.divisions) if rest != plain else None
    likely = asked.candidates[:1] if asked else ()
    return Match(name, MatchKind.POST, candidates=_ordered(people.divisions, [*_named_in(plain, people), *likely]))


def _named_in(plain: str, people: People) -> Iterator[Division]:
    yield from (d for d in people.divisions if letters(d.name) in plain)


def _by_section(name: str, divisions: tuple[Division, ...]) -> Match | None:
    """A section named alone: nobody but the office knows to which division it belongs."""
    plain = letters(name)
    if not plain.startswith(SECTION_WORDS):
        return None
    words = [word for word, sections in _SECTIONS.items() if any(section in plain for section in sections)]
    usual = [d for word in words for d in divisions if word in d.name]
    return Match(name, MatchKind.UNKNOWN, candidates=_ordered(divisions, usual))


def _by_likeness(name: str, divisions: tuple[Division, ...]) -> Match | None:
    related = _only(d for d in divisions if _family(name) is not None and _family(d.name) == _family(name))
    likely = sorted((near for d in divisions if (near := _nearness(name, d)) is not None), key=lambda n: n[0])
    is_tied = len(likely) > 1 and likely[0][0] == likely[1][0]
    best = related or [division for _, division in likely[:1] if not is_tied]
    if not best:
        return None
    return Match(name, MatchKind.NEAR, candidates=_ordered(divisions, [*best, *(d for _, d in likely)]))


def _nearness(name: str, division: Division) -> tuple[float, Division] | None:
    """Slips between the names by their length; None where there are too many to be the same name."""
    near = []
    for own in (division.name, *division.aliases):
        left, right = _TONES.sub("", letters(name)), _TONES.sub("", letters(own))
        stem = len(_LEADING.sub("", right)) or 1
        slips = edit_distance(left, right)
        if slips <= max(1, stem // _ERRORS_PER_LETTERS) and slips < stem:
            near.append(slips / stem)
    return (min(near), division) if near else None


def _ordered(divisions: tuple[Division, ...], first: Iterable[Division]) -> tuple[Division, ...]:
    """Every division once, `first` before the clerk's office before the others in the office's order."""
    clerks = [d for d in divisions if d.kind is DivisionKind.CLERKS_OFFICE]
    return tuple(dict.fromkeys([*first, *clerks, *divisions]))


def edit_distance(left: str, right: str) -> int:
    """Fewest letters to insert, drop, exchange or swap with their neighbour to make `right` of `left`."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        above, row, two_above = row, [i], before
        for j, other in enumerate(right, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            is_swap = i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other
            row.append(min(cost, two_above[j - 2] + 1) if is_swap else cost)
        before = above
    return row[-1]
