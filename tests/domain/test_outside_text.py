from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.errors import NotFoundError
from domain.outside_text import LONGEST, readable, words_of

THAI = "ไม่พบผู้รับ กล่องจดหมายถูกปิด"


def escaped(said: bytes) -> str:
    """As mail libraries hand an answer over."""
    return said.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("charset", ["utf-8", "cp874", "tis-620"])
def test_thai_is_read_in_whatever_charset_a_server_speaks(charset: str) -> None:
    said = f"550 5.1.1 <a@b.go.th> {THAI}".encode(charset)
    assert readable(said) == readable(escaped(said)) == f"550 5.1.1 <a@b.go.th> {THAI}"


def test_thai_that_was_cut_in_the_middle_of_a_letter_is_still_read() -> None:
    assert readable(THAI.encode()[:-1]) == rf"{THAI[:-1]}\xe0\xb8"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (b"d\xe9sactiv\xe9", r"d\xe9sactiv\xe9"),
        (b"\x81\xff\xfe", r"\x81\xff\xfe"),
        (b"no\x00such\x1b[31muser\x7f", r"no\x00such\x1b[31muser\x7f"),
        ("half \ud83d a face", r"half \xed\xa0\xbd a face"),
        ("two\r\n  lines\t\x85 and\u2028more", "two lines and more"),
        ("turned \u202eround\u200b", "turned round"),
        ("", ""),
    ],
)
def test_what_cannot_be_read_can_be_seen(said: str | bytes, shown: str) -> None:
    assert readable(said) == shown


def test_a_long_answer_is_cut() -> None:
    assert readable("x" * 10_000) == "x" * (LONGEST - 1) + "…"


@given(st.one_of(st.binary(max_size=400), st.binary(max_size=400).map(escaped), st.text(st.characters())))
@example("\ud800\udc80\x00")
def test_whatever_was_said_can_be_kept_everywhere(said: str | bytes) -> None:
    shown = readable(said)
    assert shown.encode().decode() == shown
    assert all(char.isprintable() for char in shown)
    assert len(shown) <= LONGEST


def test_words_of_a_fault_name_its_kind_unless_it_has_a_sentence() -> None:
    assert words_of(ValueError("odd \udce1\0")) == r"ValueError: odd แ\x00"
    assert words_of(TimeoutError()) == "TimeoutError"
    assert words_of(NotFoundError(what="key", key="x", remedy="Look.")) == "There is no key “x” here. Look."
