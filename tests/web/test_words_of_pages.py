"""Thai first, English for all of it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.each import check_each
from web.view.catalogue import ENGLISH
from web.view.render import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
_SAID = re.compile(r"""\bt\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
_THAI = re.compile("[ก-๎]")
_FACTS = re.compile(r"\{(\w+)\}")


def said(path: Path) -> set[str]:
    return {one or other for one, other in _SAID.findall(path.read_text(encoding="utf-8"))}


def test_every_word_of_a_page_has_its_english() -> None:
    def check(path: Path) -> None:
        assert {text for text in said(path) if _THAI.search(text) and text not in ENGLISH} == set()

    check_each(TEMPLATES, check)


def test_english_names_the_same_facts() -> None:
    def check(text: str) -> None:
        assert set(_FACTS.findall(text)) == set(_FACTS.findall(ENGLISH[text]))

    check_each(sorted(ENGLISH), check)


def test_no_page_has_script_or_style_of_its_own() -> None:
    def check(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\bsrc=)", text)

    check_each(TEMPLATES, check)
