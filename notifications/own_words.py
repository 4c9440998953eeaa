"""The office's own words in its letters: plain text with a few names to fill in, and nothing that could fail later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from domain.errors import BadInputError
from domain.notice import NoticeKind
from domain.thai import thai_digits


class Part(StrEnum):
    """A part of a letter that an office words itself."""

    SUBJECT = "subject"
    HEADING = "heading"
    ASK = "ask"
    """The opening sentence: what is asked."""
    STOP = "stop"
    """The closing sentence: how the notices end."""
    OPENING = "opening"
    """Of every letter: after the greeting."""
    CLOSING = "closing"
    """Of every letter: after the last item."""
    SIGNATURE = "signature"


LETTER: Final = "letter"
"""What every letter has, whatever it is about."""
DIGEST: Final = "digest"
"""A letter about several kinds of things: it has a subject of its own, its sections are those of the kinds."""

_OF_KIND: Final = (Part.SUBJECT, Part.HEADING, Part.ASK, Part.STOP)
PARTS: Final[Mapping[str, tuple[Part, ...]]] = {
    LETTER: (Part.OPENING, Part.CLOSING, Part.SIGNATURE),
    DIGEST: (Part.SUBJECT,),
    **{kind.value: _OF_KIND for kind in NoticeKind},
}
"""Messages, and what of each an office can word."""

LONGEST: Final[Mapping[Part, int]] = {
    Part.SUBJECT: 150,
    Part.HEADING: 120,
    Part.ASK: 800,
    Part.STOP: 800,
    Part.OPENING: 800,
    Part.CLOSING: 800,
    Part.SIGNATURE: 400,
}
ONE_LINE: Final = frozenset({Part.SUBJECT, Part.HEADING})

NAMES: Final = ("จำนวน", "กำหนด", "หน่วยงาน", "ผู้รับ", "วันที่")
"""What can be filled in: `{{ จำนวน }}`."""

OwnWords = Mapping[str, Mapping[str, str]]
"""By message, then by part."""

_PLAIN: Final = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)
_SPACE: Final = re.compile(r"\s+")


class WordingError(BadInputError):
    """Words that could not be filled in when a letter is written."""

    english = "Line {line}: {problem} {remedy}"
    thai = "บรรทัดที่ {line}: {problem} {remedy}"


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    # No escaping here: what is filled in is text, and the letter's own template escapes it where it is HTML.
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)


@lru_cache(maxsize=512)
def _compiled(source: str) -> Template:
    """The words, ready to be filled in.

    Raises:
        WordingError: They hold more than text and known names, or are broken.
    """
    environment = _environment()
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        raise WordingError(
            line=error.lineno,
            line_thai=thai_digits(error.lineno),
            problem=f"it cannot be read ({error.message}).",
            problem_thai="อ่านเครื่องหมายปีกกาไม่ได้",
            remedy="Write a name to fill in like {{ จำนวน }}.",
            remedy_thai="โปรดเขียนชื่อที่ให้ระบบเติมเช่น {{ จำนวน }}",
        ) from error
    for node in tree.find_all(nodes.Node):
        unknown = isinstance(node, nodes.Name) and node.name not in NAMES
        if unknown or not isinstance(node, _PLAIN):
            _refuse(node)
    return environment.from_string(source)


def _refuse(node: nodes.Node) -> None:
    usable = " ".join(f"{{{{ {name} }}}}" for name in NAMES)
    what = f"“{node.name}” is no known name." if isinstance(node, nodes.Name) else "only names can be filled in."
    what_thai = f"ไม่มีชื่อ “{node.name}”" if isinstance(node, nodes.Name) else "ให้ระบบเติมได้เฉพาะชื่อเท่านั้น"
    raise WordingError(
        line=node.lineno,
        line_thai=thai_digits(node.lineno),
        problem=what,
        problem_thai=what_thai,
        remedy=f"Use {usable}.",
        remedy_thai=f"ใช้ได้เฉพาะ {usable}",
    )


def check(part: Part, source: str) -> None:
    """Accept words that an office wants in a letter.

    Raises:
        WordingError: They are too long, broken, or ask for what is not there; the line is named.
    """
    longest = LONGEST[part]
    if len(source) > longest:
        raise WordingError(
            line=1 + source[:longest].count("\n"),
            line_thai=thai_digits(1 + source[:longest].count("\n")),
            problem=f"it has {len(source)} characters, {longest} is the most.",
            problem_thai=f"ยาว {len(source)} ตัวอักษร เกิน {longest} ตัวอักษร",
            remedy="Shorten it.",
            remedy_thai="โปรดย่อให้สั้นลง",
        )
    _compiled(source)


class Speaker:
    """Says each part of a letter in the office's own words, or in the standard ones where it has none."""

    def __init__(self, words: OwnWords, names: Mapping[str, str]) -> None:
        """Fill `names` (of NAMES) in."""
        self._words = words
        self._names = names

    def __call__(self, message: str, part: str, standard: str = "") -> str:
        """The part. Words that cannot be used stop no letter: the standard is said, and health tells of it."""
        source = self._words.get(message, {}).get(part, "")
        if not source.strip():
            return standard
        try:
            text = _compiled(source).render(self._names).strip()
        except (WordingError, TemplateError):
            return standard
        return _SPACE.sub(" ", text) if part in ONE_LINE else text


def faults(words: OwnWords) -> list[tuple[str, Part, WordingError]]:
    """Stored words that letters cannot use, with message and part."""
    broken: list[tuple[str, Part, WordingError]] = []
    for message, parts in words.items():
        for part in PARTS.get(message, ()):
            try:
                check(part, parts.get(part, ""))
            except WordingError as error:
                broken.append((message, part, error))
    return broken
