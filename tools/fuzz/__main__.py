"""`python -m tools.fuzz [target …]`: each target for FUZZ_SECONDS, then long repeats, then long property tests.

What fails is kept under var/fuzz/<target>/findings. Name it for what was wrong and move it to
tests/plans/fuzz_findings, where a test reads it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from tools.fuzz import seeds, slow
from tools.fuzz.targets import TARGETS, Target

_WORK: Final = seeds.ROOT / "var" / "fuzz"
_SECONDS: Final = int(os.environ.get("FUZZ_SECONDS", "600"))
_EXAMPLES: Final = int(os.environ.get("FUZZ_EXAMPLES", "20000"))
_MOST_BYTES: Final = {"text": 6_000, "html": 6_000}
_SHORT: Final = 1_000
_HANGS: Final = 25  # seconds; instrumenting makes a call some ten times as slow
_LAST: Final = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+)")
_STRUCTURES: Final = (
    *("test_docx.py", "test_xlsx.py", "test_pdf.py", "test_pdf_text.py", "test_html.py", "test_comma.py"),
    *("test_nothing_lost.py", "test_to_plan.py", "test_read.py"),
)
_WHY: Final = ".why"  # the traceback beside an input
_REPEATS: Final = "repeats"
_PROPERTIES: Final = "properties"


def main(names: Sequence[str]) -> int:
    """Run what is named, or all; 1 if anything was found."""
    wanted = names or [*TARGETS, _REPEATS, _PROPERTIES]
    return max(_run(name) for name in wanted)


def _run(name: str) -> int:
    if name == _REPEATS:
        return slow.main([])
    if name == _PROPERTIES:
        return _properties()
    return _fuzz(TARGETS[name])


def _fuzz(target: Target) -> int:
    folder = _WORK / target.name
    corpus, findings = folder / "corpus", folder / "findings"
    findings.mkdir(parents=True, exist_ok=True)
    earlier = set(findings.iterdir())
    seeds.write_seeds(target, folder / "seeds")
    corpus.mkdir(exist_ok=True)
    seeds.write_dictionary(folder / "words.dict")
    options = [
        *(f"-max_total_time={_SECONDS}", f"-max_len={_MOST_BYTES.get(target.name, _SHORT)}", f"-timeout={_HANGS}"),
        *(
            f"-dict={folder / 'words.dict'}",
            f"-artifact_prefix={findings}/",
            "-report_slow_units=5",
            "-rss_limit_mb=4096",
        ),
        *(str(corpus), str(folder / "seeds")),
    ]
    log = folder / "log.txt"
    with log.open("w", encoding="utf-8") as written:
        ended = subprocess.run(
            [sys.executable, "-m", "tools.fuzz.run", target.name, str(findings), *options],
            cwd=seeds.ROOT, stdout=written, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    slow_ones = list(_slow(target, [*corpus.iterdir(), *findings.glob("slow-unit-*")]))
    new = sorted(path for path in set(findings.iterdir()) - earlier if path.suffix == _WHY or "timeout" in path.name)
    print(f"{target.name}: {_summary(log)}; {len(new)} findings, {len(slow_ones)} slow inputs", flush=True)
    for path in new:
        print(f"  found: {path}")
    for line in slow_ones:
        print(f"  slow: {line}")
    return int(ended.returncode != 0 or bool(new) or bool(slow_ones))


def _summary(log: Path) -> str:
    lines = _LAST.findall(log.read_text(encoding="utf-8", errors="replace"))
    return "executions {}, coverage {}, features {}".format(*lines[-1]) if lines else f"did not run, see {log}"


def _slow(target: Target, paths: Sequence[Path]) -> Iterator[str]:
    """Inputs that take too long without the fuzzer's instruments."""
    for path in paths:
        content, suffix = target.input_of(path.read_bytes())
        begun = time.process_time()
        with suppress(Exception):  # kept as a finding already
            target.check(content, suffix)
        taken = time.process_time() - begun
        if taken > slow.MOST_SECONDS:
            yield f"{path} ({len(content)} bytes) takes {taken:.1f} s"


def _properties() -> int:
    """The property tests of the plan reader with many more examples."""
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-p", "tools.fuzz.long", "-p", "no:randomly"),
        *("--timeout=0", *(str(seeds.ROOT / "tests" / "plans" / name) for name in _STRUCTURES)),
    ]
    environment = os.environ | {"FUZZ_EXAMPLES": str(_EXAMPLES)}
    return subprocess.run(command, cwd=seeds.ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
