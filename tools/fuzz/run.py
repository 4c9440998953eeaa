"""One target under the fuzzer, in a process of its own, as instrumenting makes everything slow."""

from __future__ import annotations

import hashlib
import sys
import traceback
from collections import Counter
from pathlib import Path
from typing import Final

import atheris

with atheris.instrument_imports(include=["plans", "domain"]):
    from tools.fuzz.targets import TARGETS, Target


_MOST_ALIKE: Final = 4


class _Keeper:
    """Keeps inputs that fail, a few for each place of the code that finds a fault, and lets the run go on."""

    def __init__(self, target: Target, folder: Path) -> None:
        self.target = target
        self.folder = folder
        self.alike: Counter[str] = Counter()

    def run(self, data: bytes) -> None:
        content, suffix = self.target.input_of(data)
        try:
            self.target.check(content, suffix)
        except Exception as error:  # noqa: BLE001 -- whatever a file makes the reader raise is a finding
            place = str(traceback.extract_tb(error.__traceback__)[-1])
            self.alike[place] += 1
            if self.alike[place] <= _MOST_ALIKE:
                self._keep(content, suffix, error)

    def _keep(self, content: bytes, suffix: str, error: Exception) -> None:
        name = f"{self.target.name}-{hashlib.sha256(content).hexdigest()[:12]}"
        (self.folder / f"{name}{suffix}").write_bytes(content)
        (self.folder / f"{name}.why").write_text("".join(traceback.format_exception(error)), encoding="utf-8")


def main(name: str, folder: Path, arguments: list[str]) -> None:
    """Run a target until its time is over; every input that fails is kept in `folder`, its traceback beside it."""
    atheris.Setup([name, *arguments], _Keeper(TARGETS[name], folder).run)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
