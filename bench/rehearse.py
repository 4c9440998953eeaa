"""The rehearsal of the example's year as a whole command, beside what Python needs to start with our libraries."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from plans.examples import plan_2566

RUNS = 5


def timed(*argv: str) -> tuple[float, float]:
    """Wall and processor seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the median of both, run in turn."""
    sucharit = str(Path(sys.executable).parent / "sucharit")
    year: list[tuple[float, float]] = []
    start: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(RUNS + 1):
            out = str(Path(scratch) / str(number))
            words = ("rehearse", str(plan_2566().plan), "--fiscal-year", "2566", "--out", out)
            year.append(timed(sucharit, *words))
            start.append(timed(sys.executable, "-c", "import sqlalchemy, pydantic, jinja2, docx, typer"))
    # The first of each warms the caches up and does not count.
    (wall, cpu), (wall0, cpu0) = median(year[1:]), median(start[1:])
    print(f"{os.cpu_count()} cores, median of {RUNS} runs in turn (seconds)")
    print(f"{'':34}{'wall':>8}{'cpu':>8}")
    print(f"{'rehearse a year, 7 divisions':34}{wall:8.2f}{cpu:8.2f}")
    print(f"{'start Python with our libraries':34}{wall0:8.2f}{cpu0:8.2f}")
    print(f"{'ratio':34}{wall / wall0:8.1f}{cpu / cpu0:8.1f}")


def median(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    """Median of each column."""
    return statistics.median(wall for wall, _ in pairs), statistics.median(cpu for _, cpu in pairs)


if __name__ == "__main__":
    main()
