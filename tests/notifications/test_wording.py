from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.wording import listed, plain, shorten

THAI = st.text("กขคงเแโะาิีุ้่ำๆฯ ๑/และ", max_size=400)


@given(THAI, st.integers(20, 200))
def test_a_shortened_text_is_a_beginning_within_the_limit(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert text.startswith(short.removesuffix("…"))


@given(THAI.filter(lambda text: len(text) > 60))
def test_no_vowel_or_tone_mark_is_parted_from_its_consonant(text: str) -> None:
    head = shorten(text, 40).removesuffix("…")
    rest = text[len(head) :]
    assert not head or head[-1] in " /" or rest[0] not in "ะาิีุ้่ำๆฯ" or not head.strip("ะาิีุ้่ำๆฯเแโ /")


def test_a_cut_falls_before_a_joining_word() -> None:
    assert shorten("จัดทำสื่อประชาสัมพันธ์และเผยแพร่ผ่านช่องทาง", 27) == "จัดทำสื่อประชาสัมพันธ์…"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ไตรมาส 3\nปี 2569", "ไตรมาส ๓ ปี ๒๕๖๙"),
        ("เว็บไซต์http://www.a2.go.th/9 ข้อ O12", "เว็บไซต์http://www.a2.go.th/9 ข้อ O12"),
        ("25/3/2569", "๒๕/๓/๒๕๖๙"),
    ],
)
def test_digits_turn_thai_except_in_addresses_and_codes(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("names", "expected"), [([], ""), (["ก"], "ก"), (["ก", "ข"], "ก และข"), (["ก", "ข", "ค"], "ก, ข และค")]
)
def test_names_are_listed_as_on_official_paper(names: list[str], expected: str) -> None:
    assert listed(names) == expected
