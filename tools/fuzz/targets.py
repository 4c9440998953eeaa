"""The parts of the plan reader that are run on made-up input, and how bytes become that input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tools.fuzz import checks

_EXTRA: Final = "\u200b\u00a0\u2028\x85\u0e4d\u2212\u2010☐☑✓●○▪■(:\uff1a☒□\x0b\x0c\u2060"
"""Signs that TIS-620 has no byte for and plans are full of."""


def _alphabet() -> tuple[str, ...]:
    """A letter for each byte, so that changing one byte changes one Thai letter."""
    free = iter(_EXTRA)
    signs = []
    for number in range(256):
        sign = bytes([number]).decode("cp874", "replace")
        is_free = sign == "\ufffd" or (not sign.isprintable() and sign not in "\t\r\n\xa0")
        signs.append(next(free, " ") if is_free else sign)
    return tuple(signs)


ALPHABET: Final = _alphabet()
_BYTES: Final = {sign: number for number, sign in reversed(list(enumerate(ALPHABET)))}


def decoded(data: bytes) -> str:
    """Text of bytes that the fuzzer changes."""
    return "".join(ALPHABET[number] for number in data)


def encoded(text: str) -> bytes:
    """Bytes of a text; letters that the alphabet lacks are left out."""
    return bytes(_BYTES[sign] for sign in text if sign in _BYTES)


@dataclass(frozen=True, slots=True)
class Target:
    """One way into the reader.

    Attributes:
        check: Takes the content of an input and the ending of its name.
        suffixes: Endings of the inputs; the first byte of what the fuzzer makes chooses among them.
        seconds: Share of the time, 1 for all.
    """

    name: str
    check: Callable[[bytes, str], None]
    suffixes: tuple[str, ...]

    def input_of(self, data: bytes) -> tuple[bytes, str]:
        """Content and ending of what the fuzzer made; every eighth is taken as the bytes of a file as they are."""
        choice, rest = data[:1], data[1:]
        number = choice[0] if choice else 0
        suffix = self.suffixes[number % len(self.suffixes)]
        is_raw = number // len(self.suffixes) % 8 == 1
        return (rest if is_raw else decoded(rest).encode()), suffix

    def data_of(self, content: str, suffix: str) -> bytes:
        """What the fuzzer starts from to make an input of this content."""
        return bytes([self.suffixes.index(suffix)]) + encoded(content)


def _of_text(check: Callable[[str], None]) -> Callable[[bytes, str], None]:
    return lambda content, _suffix: check(content.decode(errors="replace"))


TARGETS: Final[Mapping[str, Target]] = {
    target.name: target
    for target in (
        Target("text", checks.check_file, (".txt", ".csv")),
        Target("dates", _of_text(checks.check_period), (".txt",)),
        Target("responsible", _of_text(checks.check_responsible), (".txt",)),
        Target("cells", _of_text(checks.check_cells), (".txt",)),
        Target("html", checks.check_file, (".html",)),
    )
}
"""By name, in the order in which they run."""
