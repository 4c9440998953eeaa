"""Starting and reading the example plan, beside the start of Python with pydantic.

`make bench-read` prints both from the same run, interleaved, and their ratio.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

ROUNDS: Final = 9
PLAN: Final = Path(__file__).parents[1] / "plans" / "examples" / "plan-2566.txt"

OURS: Final = f"from pathlib import Path; from plans.read import read_plan; read_plan(Path({str(PLAN)!r}))"
REFERENCE: Final = "import pydantic"


def main() -> int:
    """Print the medians."""
    times: dict[str, list[float]] = {OURS: [], REFERENCE: []}
    for _ in range(ROUNDS):
        for code, taken in times.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
            taken.append(time.perf_counter() - began)
    ours, reference = (statistics.median(taken) for taken in times.values())
    print(f"start and read {ours:.3f} s, start with pydantic {reference:.3f} s, ratio {ours / reference:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
