"""The fonts lie where the configuration looks, with their licence."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

FONTS = Path(__file__).parents[2] / "reports" / "fonts"
STYLES = ("Regular", "Italic", "Bold", "BoldItalic")


def units_per_em(font: Path) -> int:
    data = font.read_bytes()
    (count,) = struct.unpack_from(">H", data, 4)
    tables = [struct.unpack_from(">4sLLL", data, 12 + 16 * place) for place in range(count)]
    (head,) = [offset for tag, _, offset, _ in tables if tag == b"head"]
    return int(struct.unpack_from(">H", data, head + 18)[0])


@pytest.mark.parametrize("style", STYLES)
def test_the_official_copy_is_two_thirds_the_size(style: str) -> None:
    assert units_per_em(FONTS / f"Sarabun-{style}.ttf") == 1000
    assert units_per_em(FONTS / f"SarabunRatchakan-{style}.ttf") == 1492


def test_the_licence_lies_beside_the_fonts() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text()
