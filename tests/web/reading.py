"""A browser that reads pages as people see them: white space that is not shown is not there."""

from __future__ import annotations

import re
from typing import Any, Final

from httpx2 import Response
from starlette.testclient import TestClient

_AS_TYPED: Final = re.compile(r"(<(?:pre|textarea|script|code)\b.*?</(?:pre|textarea|script|code)>)", re.DOTALL)
_BLOCK: Final = (
    "html|head|body|main|nav|section|article|aside|div|p|ul|ol|li|dl|dt|dd|table|caption|thead|tbody|tfoot|tr|th|td|form"
    "|fieldset|legend|h[1-6]|details|summary|header|footer|figure|figcaption|option|optgroup|br|hr|svg|title|meta|link"
)
_AROUND_BLOCKS: Final = re.compile(rf"\s*(</?(?:{_BLOCK})\b[^>]*>)\s*")
_IN_TAG: Final = re.compile(r"<\w[^>]*>")


def as_shown(page: str) -> str:
    """A page with each run of white space as one space and none beside a block, as a browser shows it."""
    parts = _AS_TYPED.split(page)
    parts[::2] = [_AROUND_BLOCKS.sub(r"\1", re.sub(r"\s+", " ", part)) for part in parts[::2]]
    return "".join(parts)


class Reader(TestClient):
    """A client whose pages are `as_shown`; files and data stay as they are."""

    def send(self, *args: Any, **how: Any) -> Response:
        answer = super().send(*args, **how)
        if answer.headers.get("content-type", "").startswith("text/html"):
            answer._content = as_shown(answer.text).encode(answer.encoding or "utf-8")
            del answer.__dict__["_text"]
        return answer
