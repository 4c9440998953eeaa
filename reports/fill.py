"""Fills a Word template in a sandbox, merges the cells marked for it, and packs the result without times of writing."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, Final

from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from reports.errors import ReportTemplateError
from reports.package import repack
from reports.wording import MERGE_UP

LANGUAGE: Final = "th-TH"
LONGEST_PROPERTY: Final = 255
"""Characters of a document property that the format allows."""
SHOWN_LINES: Final = 7

# A template is a program of the office: whatever Word file or expression it holds may end in one of these.
_FAULTS: Final = (
    TemplateError,
    OpcError,
    zipfile.BadZipFile,
    etree.LxmlError,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
_BODY: Final = re.compile(r"word/document\.xml")
_HEADER: Final = re.compile(r"word/header\d*\.xml")
_TAG: Final = re.compile(r"<[^>]+>")
_PRINTING_MARK: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says of itself; `on` is the local date it bears as written and changed."""

    title: str
    author: str
    on: date
    revision: int


def fill(
    template: Path,
    words: Mapping[str, object],
    properties: Properties,
    *,
    in_body: Collection[str],
    in_header: Collection[str],
) -> bytes:
    """Return the filled document; the same arguments give the same bytes.

    Raises:
        ReportTemplateError: The template cannot be read or filled, or it lacks a mark of `in_body` or `in_header`.
    """
    try:
        source = template.read_bytes()
        lacking = [*_lacking(source, _BODY, in_body), *_lacking(source, _HEADER, in_header)]
        document = None if lacking else _render(source, words)
    except _FAULTS as fault:
        raise _refusal(template, fault) from fault
    if document is None:
        marks = ", ".join(f"{{{{ {mark} }}}}" for mark in lacking)
        facts = {"problem": f"it lacks {marks}.", "problem_thai": f"ขาด {marks}"}
        raise ReportTemplateError(name=template.name, lines="", **facts)
    _merge_up(document.docx.element.body)
    _set_properties(document.docx.core_properties, properties)
    target = io.BytesIO()
    document.docx.save(target)
    return repack(target.getvalue())


def _lacking(source: bytes, part: re.Pattern[str], marks: Collection[str]) -> Iterator[str]:
    """Marks that no part of that name holds; Word splits them by tags, so the tags are taken out first."""
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if part.fullmatch(name)]
    text = _TAG.sub("", "".join(parts))
    named = " ".join(_PRINTING_MARK.findall(text))
    return (mark for mark in marks if not re.search(rf"(?<![\w.]){re.escape(mark)}(?![\w.])", named))


def _render(source: bytes, words: Mapping[str, object]) -> Any:
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, finalize=_shield)
    document = _StrictTemplate(io.BytesIO(source))
    document.render(dict(words), environment, autoescape=True)
    return document


class _StrictTemplate(DocxTemplate):  # type: ignore[misc]  # the library has no types
    """Refuses text that is no XML; the library would silently drop what follows the fault."""

    def fix_tables(self, xml: str) -> Any:
        etree.fromstring(xml)
        return super().fix_tables(xml)


def _shield(value: object) -> Markup:
    """Hide braces in data from docxtpl, which turns `{_{` into `{{` after filling."""
    return Markup(str(escape(value)).replace("{", "&#123;").replace("}", "&#125;"))  # noqa: S704 -- escaped just here


def _refusal(template: Path, fault: BaseException) -> ReportTemplateError:
    """Return the one error for every way in which a template fails, with the lines around the fault if known."""
    around = [line.strip() for line in islice(getattr(fault, "docx_context", ()), SHOWN_LINES)]
    lines = "".join(f"\n  {line}" for line in around if line)
    problem = f"{type(fault).__name__}: {fault}"
    return ReportTemplateError(name=template.name, problem=problem, problem_thai=problem, lines=lines)


def _merge_up(body: Any) -> None:
    """Join each cell that holds the mark with the cell above it; docxtpl can merge whole loops only."""
    marked: set[Any] = set()
    for text in body.iter(qn("w:t")):
        if text.text and MERGE_UP in text.text:
            text.text = text.text.replace(MERGE_UP, "")
            marked.update(islice(text.iterancestors(qn("w:tc")), 1))
    for table in body.iter(qn("w:tbl")):
        _merge_table(table, marked)


def _merge_table(table: Any, marked: Collection[Any]) -> None:
    tops: dict[int, Any] = {}
    for row in table.iterchildren(qn("w:tr")):
        for column, cell in _columns(row):
            if cell not in marked:
                tops[column] = cell
            elif column in tops:
                _set_merge(tops[column], "restart")
                _set_merge(cell, "continue")
                _clear(cell)


def _columns(row: Any) -> Iterator[tuple[int, Any]]:
    """Cells of a row, each with the grid column it begins at."""
    column = 0
    for cell in row.iterchildren(qn("w:tc")):
        yield column, cell
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        column += 1 if span is None else int(span.get(qn("w:val")))


def _set_merge(cell: Any, value: str) -> None:
    properties = cell.find(qn("w:tcPr"))
    if properties is None:
        properties = etree.Element(qn("w:tcPr"))
        cell.insert(0, properties)
    if properties.find(qn("w:vMerge")) is None:
        # The schema wants it right after width and span.
        before = [child for child in properties if child.tag in {qn("w:cnfStyle"), qn("w:tcW"), qn("w:gridSpan")}]
        properties.insert(len(before), etree.Element(qn("w:vMerge"), {qn("w:val"): value}))


def _clear(cell: Any) -> None:
    for text in cell.iter(qn("w:t")):
        text.text = ""


def _set_properties(core: Any, properties: Properties) -> None:
    moment = datetime.combine(properties.on, time(), UTC).replace(tzinfo=None)  # the library writes naive time as UTC
    core.created = core.modified = moment
    core.title = properties.title[:LONGEST_PROPERTY]
    core.author = core.last_modified_by = properties.author[:LONGEST_PROPERTY]
    core.revision = properties.revision
    core.language = LANGUAGE
