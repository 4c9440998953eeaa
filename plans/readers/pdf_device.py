"""A page of pdfplumber that believes what a PDF says its signs spell (ActualText), which plain codes often do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent

MOST_ON_A_PAGE: Final = 50_000
_LONGEST_SPELLING: Final = 8  # a cluster of Thai letters; a spelling of whole lines would lose its places
_SARA_AM: Final = "ำ"
_BYTE_ORDER: Final = b"\xfe\xff"


class CrowdedPageError(Exception):
    """More signs and lines on one page than any plan has; it ends the page before the memory does."""


@dataclass(slots=True)
class Spellings:
    """Signs of fonts without a code whose letter is known all the same, over all pages.

    LibreOffice spells sara am out and may then leave its right half without a code, in every word of the font.
    """

    sara_aa: set[tuple[int, int]] = field(default_factory=set)


@dataclass(slots=True)
class _Stretch:
    """A marked stretch of signs: what it is, its piece of a paragraph, and what it spells."""

    tag: str | None = None
    piece: int | None = None
    spelling: str | None = None
    drawn: int = 0


@dataclass(slots=True)
class _Spelt:
    """A font that gives one text for any sign."""

    font: Any
    text: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.font, name)

    def to_unichr(self, _cid: int) -> str:
        """The text, whatever the sign."""
        return self.text


class _Device(PDFPageAggregatorWithMarkedContent):
    """Collects the signs of a page with their stretches, which may stand in one another."""

    def __init__(self, resources: Any, page_number: int, parameters: Any, spellings: Spellings) -> None:
        super().__init__(resources, pageno=page_number, laparams=parameters)
        self._stretches: list[_Stretch] = []
        self._spellings = spellings
        self._drawn = 0

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        """Open a stretch; what it does not say itself holds from the one around it."""
        outer = self._stretches[-1] if self._stretches else _Stretch()
        super().begin_tag(tag, props)
        piece = self.cur_mcid if self.cur_mcid is not None else outer.piece
        name = "Artifact" if outer.tag == "Artifact" else self.cur_tag
        self._stretches.append(_Stretch(name, piece, _spelling(props) or outer.spelling))
        self.cur_tag, self.cur_mcid = name, piece

    def end_tag(self) -> None:
        """Close the innermost stretch."""
        if self._stretches:
            self._stretches.pop()
        outer = self._stretches[-1] if self._stretches else _Stretch()
        self.cur_tag, self.cur_mcid = outer.tag, outer.piece

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        """Add a sign; the first of a spelt stretch has its text, the others none."""
        self._count()
        stretch = self._stretches[-1] if self._stretches else _Stretch()
        font, cid = args[1], args[5]
        text = _text_of(self._spellings, stretch, font, cid)
        if text is not None:
            args = (args[0], _Spelt(font, text), *args[2:])
        stretch.drawn += 1
        return float(super().render_char(*args, **kwargs))

    def paint_path(self, *args: Any, **kwargs: Any) -> None:
        """Add a line or a ground."""
        self._count()
        super().paint_path(*args, **kwargs)

    def _count(self) -> None:
        self._drawn += 1
        if self._drawn > MOST_ON_A_PAGE:
            raise CrowdedPageError


def _text_of(spellings: Spellings, stretch: _Stretch, font: Any, cid: int) -> str | None:
    """What a sign stands for where its own code does not say so; None where it does."""
    sign = (id(font), cid)
    if stretch.spelling is not None:
        if stretch.spelling == _SARA_AM and stretch.drawn == 1 and not _has_code(font, cid):
            spellings.sara_aa.add(sign)
        return "" if stretch.drawn else stretch.spelling
    return "า" if sign in spellings.sara_aa else None


def _has_code(font: Any, cid: int) -> bool:
    try:
        return isinstance(font.to_unichr(cid), str)
    except PDFUnicodeNotDefined:
        return False


def _spelling(props: Any) -> str | None:
    actual = props.get("ActualText") if isinstance(props, dict) else None
    if not isinstance(actual, bytes):
        return None
    is_wide = actual.startswith(_BYTE_ORDER)
    text = actual[len(_BYTE_ORDER) :].decode("utf-16-be", "ignore") if is_wide else actual.decode("latin-1")
    return text if 0 < len(text) <= _LONGEST_SPELLING else None


class SpeltPage(Page):
    """A page of pdfplumber whose signs have the texts that the file spells."""

    spellings = Spellings()

    @property
    def layout(self) -> Any:
        """Everything on the page, as pdfminer lays it out."""
        if not hasattr(self, "_layout"):
            device = _Device(self.pdf.rsrcmgr, self.page_number, self.pdf.laparams, self.spellings)
            PDFPageInterpreter(self.pdf.rsrcmgr, device).process_page(self.page_obj)
            self._layout = device.get_result()
        return self._layout


def spelt_page(page: Any, spellings: Spellings, turn: int = 0) -> SpeltPage:
    """The same page, turned by so many degrees, with what is known of its fonts."""
    page.page_obj.rotate = (page.page_obj.rotate + turn) % 360
    result = SpeltPage(page.pdf, page.page_obj, page_number=page.page_number, initial_doctop=page.initial_doctop)
    result.spellings = spellings
    return result
