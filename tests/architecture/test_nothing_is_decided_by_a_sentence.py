"""A Thai sentence is for people to read: no page and no template chooses by what one says.

Whoever mends a word would otherwise change what a page does, and nothing would tell.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from jinja2 import Environment, nodes

from tests.architecture.rooms import ROOT, SOURCES, name_of, parsed

TEMPLATES: Final = sorted(
    [*(ROOT / "web" / "templates").rglob("*.html"), *(ROOT / "notifications" / "messages").rglob("*.j2")]
)
PAGES: Final = [path for path in SOURCES if name_of(path).startswith("web/")]
_THAI: Final = re.compile("[ก-๎]")
_COMPARING: Final = {"startswith", "endswith", "find", "count", "index"}
_SIFTING: Final = {"select", "reject", "selectattr", "rejectattr"}


def deciding(tree: nodes.Template) -> Iterator[nodes.Node]:
    """Parts of a template that choose by a value: comparisons, tests, sifting filters, tables by key."""
    yield from tree.find_all((nodes.Compare, nodes.Test))
    yield from (node for node in tree.find_all(nodes.Filter) if node.name in _SIFTING)
    yield from (pair.key for pair in tree.find_all(nodes.Pair))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr) and call.node.attr in _COMPARING:
            yield call


def thai_below(node: nodes.Node) -> list[str]:
    found = [node, *node.find_all(nodes.Const)]
    return [one.value for one in found if isinstance(one, nodes.Const) and _THAI.search(str(one.value))]


def compared_in(tree: ast.Module) -> Iterator[str]:
    """Texts that a module compares something with."""
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _COMPARING
        if is_call or isinstance(node, ast.Compare | ast.MatchValue):
            for one in ast.walk(node):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value


def test_no_template_decides_by_a_thai_sentence() -> None:
    found = {}
    for path in TEMPLATES:
        tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        found[name_of(path)] = [text for node in deciding(tree) for text in thai_below(node)]
    assert len(found) > 100
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_no_page_decides_by_a_thai_sentence() -> None:
    found = {name_of(path): [text for text in compared_in(parsed(path)) if _THAI.search(text)] for path in PAGES}
    assert len(found) > 50
    assert {name: texts for name, texts in found.items() if texts} == {}
