"""Cells with HTML fragments, also broken ones, as paragraphs of plain text."""

from __future__ import annotations

import html
import re
from typing import Final

from plans.text import clean

_BLOCK: Final = re.compile(
    r"</?(?:p|div|br|li|ol|ul|table|tbody|thead|tr|td|th|h[1-6])(?:\s[^<>]*)?/?>|[\r\n\v\f]+", re.IGNORECASE
)
_INLINE: Final = re.compile(r"</?(?:b|i|u|s|a|em|strong|span|font|sub|sup|small|mark)(?:\s[^<>]*)?/?>", re.IGNORECASE)


def paragraphs(raw: str) -> list[str]:
    """Texts of the blocks of a cell, cleaned, empty ones left out.

    Only known tags count as markup, so that `a < b` stays text; tags need not be closed
    (seed, line 11: `<ol>` without an end).
    """
    pieces = _BLOCK.split(raw)
    texts = (clean(html.unescape(_INLINE.sub("", piece))) for piece in pieces)
    return [text for text in texts if text]
