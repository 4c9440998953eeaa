"""The linter of templates that `make lint` runs, by its settings in `pyproject.toml`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.architecture.rooms import ROOT

LINTER: Final = Path(sys.executable).parent / "djangofmt"
FAULTY: Final = {
    "an unclosed tag": '<div><p>{{ t("ก") }}</div>\n',
    "a tag that is closed only sometimes": "{% if a %}<div>{% endif %}{{ a }}</div>\n",
    "a block without its end": "<p>{% if a %}ก</p>\n",
    "a text without its end": '<p>{{ t("ก) }}</p>\n',
    "a picture without words": '<img src="ก.png">\n',
    "an attribute twice": '<p id="a" id="b">ก</p>\n',
    "a heading of a table for nothing": "<table><tr><th>ก</th></tr></table>\n",
}


def linted(text: str) -> int:
    command = [str(LINTER), "check", "--stdin-filename", "web/templates/made.html", "-"]
    return subprocess.run(command, cwd=ROOT, input=text.encode(), capture_output=True, check=False).returncode


@pytest.mark.parametrize("text", FAULTY.values(), ids=FAULTY)
def test_a_faulty_template_is_refused(text: str) -> None:
    assert linted(text) != 0


def test_what_is_switched_off_is_let_through() -> None:
    assert linted('{% block a %}\n<p class="said b">{{- a }}<img src="a" alt="ก"></p>\n{% endblock %}\n') == 0
