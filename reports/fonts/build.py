"""Builds the fonts of this folder from the web fonts of Sarabun: whole TrueType files, and a copy in official size.

fontTools and brotli are needed once, for this only, and are no part of the project's environment. In a throw-away one:

    python -m venv /tmp/fonts && /tmp/fonts/bin/pip install fonttools==4.68.0 brotli==1.2.1
    npm pack @fontsource/sarabun@5.3.0 && tar xzf fontsource-sarabun-5.3.0.tgz
    /tmp/fonts/bin/python reports/fonts/build.py package/files

Official paper is written in “TH SarabunPSK 16 pt”, whose letters are two thirds of other fonts' at the same size.
Sarabun has the same letters, larger: put in its place as it is, a page runs over by half. “Sarabun Ratchakan” is
Sarabun on a larger em square, so that sizes and line heights agree with the font that templates name; `fonts.conf`
puts it in the place of that name.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
SUBSETS: Final = ("thai", "latin", "latin-ext", "vietnamese")
STYLES: Final = {"Regular": "400-normal", "Italic": "400-italic", "Bold": "700-normal", "BoldItalic": "700-italic"}
OFFICIAL_EM: Final = 1492
"""Sarabun's x-height is 0.50 em of 1000 units; TH SarabunPSK's is 0.34 em: 1000 x 0.50 / 0.335."""
OFFICIAL_ASCENT_EM: Final = 0.844
OFFICIAL_DESCENT_EM: Final = 0.457


def build(web_fonts: Path, out: Path = HERE) -> None:
    """Write four styles of each family into `out`; tables may be ordered otherwise from one build to the next."""
    for style, file_part in STYLES.items():
        whole = out / f"Sarabun-{style}.ttf"
        _merge_subsets(web_fonts, file_part, whole)
        _resize(whole, style, out / f"SarabunRatchakan-{style}.ttf")


def _merge_subsets(web_fonts: Path, file_part: str, target: Path) -> None:
    """Join the subsets that browsers load one by one into one TrueType file."""
    tt_lib, merge = (importlib.import_module(f"fontTools.{name}") for name in ("ttLib", "merge"))
    parts = []
    for subset in SUBSETS:
        font = tt_lib.TTFont(web_fonts / f"sarabun-{subset}-{file_part}.woff2", recalcTimestamp=False)
        font.flavor = None
        part = target.with_suffix(f".{subset}.part")
        font.save(part)
        parts.append(part)
    stamp = tt_lib.TTFont(parts[0])["head"].modified
    merged = merge.Merger().merge([str(part) for part in parts])
    merged.recalcTimestamp = False
    merged["head"].modified = stamp  # else the hour of building would change the file
    merged.save(target)
    for part in parts:
        part.unlink()


def _resize(source: Path, style: str, target: Path) -> None:
    """Save a copy on the larger em square, with the line height and under the name of the official copy."""
    font = importlib.import_module("fontTools.ttLib").TTFont(source, recalcTimestamp=False)
    font["head"].unitsPerEm = OFFICIAL_EM
    ascent, descent = round(OFFICIAL_ASCENT_EM * OFFICIAL_EM), round(OFFICIAL_DESCENT_EM * OFFICIAL_EM)
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = ascent, -descent, 0
    os2 = font["OS/2"]
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ascent, -descent, 0
    os2.usWinAscent, os2.usWinDescent = ascent, descent
    _rename(font["name"], style)
    font.save(target)


def _rename(names: Any, style: str) -> None:
    """Give the copy a family name of its own; the licence reserves none, but two sizes must not share one."""
    plain = {"Bold": "Bold", "Italic": "Italic", "BoldItalic": "Bold Italic"}.get(style, "Regular")
    for extra in (16, 17, 18, 21, 22, 25):
        names.removeNames(nameID=extra)
    texts = {1: "Sarabun Ratchakan", 2: plain, 3: f"SarabunRatchakan-{style}; from Sarabun, em {OFFICIAL_EM}"}
    texts |= {4: f"Sarabun Ratchakan {plain}", 6: f"SarabunRatchakan-{style}"}
    for name_id, text in texts.items():
        names.removeNames(nameID=name_id)
        names.setName(text, name_id, 3, 1, 0x409)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
