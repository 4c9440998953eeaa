"""A real plan with its reviewed draft, shipped so that everything can be tried without a file of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Example:
    """Paths of an example: the document as the office has it, and its review with every doubt answered."""

    plan: Path
    review: Path


def plan_2566() -> Example:
    """The plan of a tambon municipality for fiscal year 2566."""
    folder = Path(str(files(__name__)))
    return Example(folder / "plan-2566.txt", folder / "plan-2566.review.yaml")
