"""Pages from templates: Thai first, with the words, dates and forms that every page shares."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.datastructures import URL

from domain.thai import long_date, short_date, thai_digits
from web.view.browser_names import browser_of
from web.view.catalogue import ENGLISH

ROOT: Final = Path(__file__).parents[1]
BANGKOK: Final = ZoneInfo("Asia/Bangkok")
LANGUAGE_COOKIE: Final = "sucharit_language"
_MILLION: Final = 1_000_000

_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(ROOT / "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@cache
def asset(name: str) -> str:
    """Address of a file of `static/`; it changes with the content, so that browsers may keep it for ever."""
    mark = hashlib.sha256((ROOT / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={mark}"


_ENVIRONMENT.globals["asset"] = asset
_ENVIRONMENT.globals["browser_of"] = browser_of


class Words:
    """What a template says in the reader's language; Thai is the text itself, English comes from the catalogue."""

    def __init__(self, language: str) -> None:
        """Speak `th` or `en`."""
        self.language = language

    def __call__(self, text: str, **facts: object) -> str:
        """The text in the language, its `{fact}`s filled in."""
        sentence = ENGLISH.get(text, text) if self.language == "en" else text
        return sentence.format(**facts) if facts else sentence

    def day(self, day: date | None) -> str:
        """A date in words: `๓ มกราคม ๒๕๖๗` or `3 January 2024`."""
        if day is None:
            return "–"
        return long_date(day) if self.language == "th" else f"{day.day} {day:%B %Y}"

    def short_day(self, day: date | None) -> str:
        """A date for lists: `๓ ม.ค. ๖๗` or `3 Jan 2024`."""
        if day is None:
            return "–"
        return short_date(day) if self.language == "th" else f"{day.day} {day:%b %Y}"

    def moment(self, instant: datetime | None) -> str:
        """An instant in the office's zone, to the minute."""
        if instant is None:
            return "–"
        local = instant.astimezone(BANGKOK)
        clock = f"{local:%H.%M}"
        return f"{self.short_day(local.date())} {self.number(clock)} {'น.' if self.language == 'th' else ''}".strip()

    def size(self, size_bytes: int) -> str:
        """Size of a file: `๓.๒ MB`, or `๑๒ kB` below one."""
        if size_bytes >= _MILLION:
            return self.number(f"{size_bytes / _MILLION:.1f} MB")
        return self.number(f"{max(1, round(size_bytes / 1000))} kB")

    def number(self, value: object) -> str:
        """Digits as the language writes them in official papers."""
        return thai_digits(str(value)) if self.language == "th" else str(value)


def language_of(request: Request) -> str:
    """`en` where the reader has switched to it, otherwise `th`."""
    return "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "th"


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page. `visit` is the signed-in visit, None on pages for everybody."""
    words = Words(language_of(request))
    values.setdefault("visit", None)
    text = _ENVIRONMENT.get_template(template).render(
        t=words, request=request, path=request.url.path, way_back=_way_back(request), **values
    )
    # Half a character, which some encodings of forms make, is in no page of ours.
    return HTMLResponse(text.encode("utf-8", "replace"), status_code=status)


def _way_back(request: Request) -> str:
    """The address to open again after a switch of language; of a refused form, the page that held it."""
    url = request.url if request.method == "GET" else URL(request.headers.get("referer", ""))
    try:
        path, query = url.path or "/", url.query
    except ValueError:  # what stands in the head of a request need not be an address
        return "/"
    return f"{path}?{query}" if query else path
