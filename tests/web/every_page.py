"""Every page that can be looked at, from the table of permissions: its address, and as whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.web.permission_table import Cell, cells

LOOKERS: Final = ("administrator", "head", "officer", "nobody")
"""As whom a page is looked at: the first of these who may."""

NO_PAGES: Final = ("/api/", "/sign-in/oidc")


REFUSALS: Final = {("/link/{token}", "moved"), ("/link/{token}", "forged"), ("/assignments/{assignment_id}", "foreign")}
"""Pages that say why there is nothing: a few stand for all, which look the same."""


@dataclass(frozen=True)
class Look:
    """One page."""

    role: str
    path: str
    target: str

    @property
    def name(self) -> str:
        words = [part for part in self.path.strip("/").split("/") if part] or ["first"]
        return "-".join(word.strip("{}") for word in words) + ("" if self.target in {"-", "own"} else f"-{self.target}")


def looks() -> list[Look]:
    may: dict[tuple[str, str], dict[str, Cell]] = {}
    for cell in cells():
        if cell.method == "GET" and not cell.path.startswith(NO_PAGES):
            may.setdefault((cell.path, cell.target), {})[cell.role] = cell
    found = []
    for (path, target), by_role in may.items():
        role = next((r for r in LOOKERS if by_role[r].answer == "ok"), "")
        if not role and (path, target) not in REFUSALS:
            continue
        if path.startswith(("/link/", "/sign-in")):
            role = "nobody"
        role = role or "officer"
        found.append(Look(role, path, target))
    return found
