"""Doors ask `domain.rights` and decide nothing themselves: a right that a door writes down is written twice."""

from __future__ import annotations

import ast
from typing import Final

import pytest

from domain.people import Division
from domain.rights import GIVES, NotForYouError, Right, Role, Roles, check_right
from tests.architecture.rooms import SOURCES, name_of, parsed

_REFUSALS: Final = {"NotForYouError", "NotAllowedError"}
_SHOWN: Final = {
    "web/api/office.py": "tells a program what its person is",
    "web/pages/account/sign_in.py": "first page",
}
"""Modules that read a role itself: what it is or where to begin, not what it allows."""


def test_no_door_refuses_by_itself() -> None:
    made = [
        (name_of(path), node.lineno)
        for path in SOURCES
        if name_of(path).startswith(("web/", "cli/"))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _REFUSALS
    ]
    assert made == []


def test_no_door_reads_a_role_to_decide() -> None:
    read = {
        name_of(path)
        for path in SOURCES
        if name_of(path).startswith(("web/", "cli/"))
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in {"is_administrator", "is_over_all", "is_supervisor"}
    }
    assert read == set(_SHOWN)


def test_every_right_names_who_has_it() -> None:
    nobody = Roles((), (), is_administrator=False, is_over_all=False)
    for right in Right:
        assert GIVES[right]
        with pytest.raises(NotForYouError) as refused:
            check_right(nobody, right, Division("chang", "กองช่าง"))
        assert "{" not in str(refused.value)


def test_a_right_over_a_division_is_given_by_roles_in_that_division() -> None:
    head = Roles(("chang",), ("chang",), is_administrator=False, is_over_all=False)
    assert head.has(Right.SEE_DIVISION, "chang")
    assert head.has(Right.OVERSEE_DIVISION, "chang")
    assert not head.has(Right.SEE_DIVISION, "khlang")
    assert not head.has(Right.SPEAK_FOR_OFFICE)
    assert {role for roles in GIVES.values() for role in roles} == set(Role)
