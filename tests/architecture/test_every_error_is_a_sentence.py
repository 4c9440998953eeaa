from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Final

from domain.errors import SucharitError
from tests.architecture.rooms import ROOMS, SOURCES, name_of, parsed
from tests.each import check_each

OURS: Final = tuple(f"{room}." for room in ROOMS)
THAI: Final = re.compile("[ก-๙]")


def modules() -> Iterator[str]:
    """Importable modules outside Prefect's rooms; migrations run only inside Alembic."""
    for path in SOURCES:
        name = name_of(path)
        if not name.startswith(("flows/", "tasks/", "storage/migrations/")) and path.name != "__main__.py":
            yield name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def below(kind: type[SucharitError]) -> Iterator[type[SucharitError]]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


def facts_of(template: str) -> set[str]:
    return {re.split(r"[.\[]", field)[0] for _, field, _, _ in Formatter().parse(template) if field is not None}


for module in modules():
    importlib.import_module(module)
ERRORS: Final = sorted(
    {kind for kind in below(SucharitError) if kind.__module__.startswith(OURS)},
    key=lambda kind: (kind.__module__, kind.__name__),
)
NAMED: Final = {kind.__name__: kind for kind in ERRORS}


def label(kind: type[SucharitError]) -> str:
    return f"{kind.__module__}.{kind.__name__}"


class Fact:
    """Stands for a fact of any kind: prints its name, whatever format is asked for."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __format__(self, spec: str) -> str:
        return f"<{self.name}>"


def test_an_error_renders_in_both_languages_with_its_facts() -> None:
    def check(kind: type[SucharitError]) -> None:
        english, thai = facts_of(kind.english), facts_of(kind.thai)
        error = kind(**{name: Fact(name) for name in english | thai})
        assert [name for name in english if f"<{name}>" not in str(error)] == []
        assert [name for name in thai if f"<{name}>" not in error.in_thai()] == []

    check_each(ERRORS, check, label)


def test_an_error_says_the_same_in_both_languages() -> None:
    """A fact that is words has a Thai twin, `problem` and `problem_thai`."""

    def check(kind: type[SucharitError]) -> None:
        assert {fact.removesuffix("_thai") for fact in facts_of(kind.thai)} <= facts_of(kind.english)

    check_each(ERRORS, check, label)


def test_an_error_that_can_be_raised_has_its_own_sentence() -> None:
    def check(kind: type[SucharitError]) -> None:
        assert kind.english != SucharitError.english
        assert kind.thai != SucharitError.thai

    check_each([kind for kind in ERRORS if not kind.__subclasses__()], check, label)


def test_the_thai_sentence_of_an_error_is_thai() -> None:
    def check(kind: type[SucharitError]) -> None:
        words = re.sub(r"\{[^}]*\}", "", kind.thai)
        assert THAI.search(words) or not any(letter.isalpha() for letter in words)

    check_each(ERRORS, check, label)


def needed_by(kind: type[SucharitError]) -> set[str]:
    return facts_of(kind.english) | facts_of(kind.thai)


def raised(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMED:
            yield f"{name_of(path)}:{node.lineno}", node


def test_whoever_raises_an_error_gives_all_its_facts() -> None:
    def check(path: Path) -> None:
        lacking = {
            place: needed_by(NAMED[call.func.id]) - {keyword.arg for keyword in call.keywords if keyword.arg}
            for place, call in raised(path)
            if isinstance(call.func, ast.Name)
            if all(keyword.arg for keyword in call.keywords) and "__init__" not in vars(NAMED[call.func.id])
        }
        assert {place: facts for place, facts in lacking.items() if facts} == {}

    check_each(SOURCES, check, name_of)


WORDS: Final = {"what", "problem", "remedy"}
"""Facts that are words of a sentence: whoever reads Thai gets Thai ones."""


def test_words_within_a_sentence_are_given_in_thai_too() -> None:
    """What the command line alone says is English; the scheduler's refusals are for whoever mends it."""

    def check(path: Path) -> None:
        lacking = {}
        for place, call in raised(path):
            given = {keyword.arg for keyword in call.keywords if keyword.arg}
            lacking[place] = {word for word in WORDS & given if f"{word}_thai" not in given}
        assert {place: words for place, words in lacking.items() if words} == {}

    check_each([path for path in SOURCES if not name_of(path).startswith(("flows/", "cli/"))], check, name_of)
