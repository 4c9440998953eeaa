"""The table of permissions (`permissions.txt`): who gets which answer at which address, as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from starlette.routing import Mount

_CONVERTOR: Final = re.compile(r":\w+(?=\})")
TABLE: Final = Path(__file__).with_name("permissions.txt")


@dataclass(frozen=True)
class Cell:
    """One role at one address, and the answer that it must get."""

    method: str
    path: str
    target: str
    role: str
    answer: str

    @property
    def name(self) -> str:
        return f"{self.role} {self.method} {self.path} {self.target}"


def cells() -> list[Cell]:
    roles: list[str] = []
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "method":
            roles = words[3:]
            continue
        method, path, target, *answers = words
        assert len(answers) == len(roles), f"{line}: {len(roles)} answers are wanted"
        found += [Cell(method, path, target, role, answer) for role, answer in zip(roles, answers, strict=True)]
    return found


def addresses(routes: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of every route, also of routers and applications inside; not those of plain files."""
    for route in routes:
        inside = getattr(route, "original_router", None)
        if inside is not None:
            yield from addresses(inside.routes, before + route.include_context.prefix)
        elif isinstance(route, Mount):
            yield from addresses(route.routes, before + route.path)
        else:
            path = _CONVERTOR.sub("", before + route.path)
            yield from ((method, path) for method in route.methods - {"HEAD"})
