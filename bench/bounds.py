"""What a benchmark that holds a bound ends with."""

from __future__ import annotations

from collections.abc import Sequence


def judged(bounds: str, broken: Sequence[str], about: str = "") -> int:
    """Say whether the bounds were kept, and each that was not; the exit code."""
    print(f"\n{about}Bounds ({bounds}): {'broken' if broken else 'kept'}")
    for line in broken:
        print(f"  {line}")
    return 1 if broken else 0
