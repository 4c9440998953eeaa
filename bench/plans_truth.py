"""Truths of the test corpus: loading them, the readings they accept, and how their values are compared with a draft's.

A truth (`NAME.truth.json` beside the plan) uses the names of the draft's JSON. A field that it leaves out is not
scored; null must be null. In place of any value, item or list it may say `{"any_of": [...]}`: each of these is right.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

CORPUS: Final = Path(__file__).parent.parent / "tests" / "plans" / "corpus"
KNOWN_ROLES: Final = ("measure", "steps", "responsible", "period", "monitoring")
SAME_ROLES: Final = {  # columns that tell one thing together, by the word before the colon
    "activity": "steps",
    "unit": "responsible",
    "month": "period",
    "quarter": "period",
    "period_start": "period",
    "period_end": "period",
    "report_quarter": "monitoring",
}

Json = dict[str, Any]  # a JSON object, of a truth or of a draft


@dataclass(frozen=True)
class Row:
    """One row of a truth or a draft with the measure it stands in."""

    measure: Json
    row: Json
    place: str


ZERO_WIDTH: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
SARA_AM: Final = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
DIGITS: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙–—", "0123456789--")
THAI_SPACES: Final = re.compile(r"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])")


def canonical(text: str) -> str:
    """The text as texts are compared: one sara am, Arabic digits, no zero-width signs, spaces in Latin only."""
    text = SARA_AM.sub("\\1\u0e33", ZERO_WIDTH.sub("", text)).translate(DIGITS)
    return THAI_SPACES.sub("", re.sub(r"\s+", " ", text))


def accepted(value: Any) -> list[Any]:
    """All values that a truth accepts in this place, the likeliest first."""
    if not (isinstance(value, Mapping) and "any_of" in value):
        return [value]
    return [inner for choice in value["any_of"] for inner in accepted(choice)]


def first(value: Any) -> Any:
    """The value, or of several accepted ones the first."""
    return accepted(value)[0]


def same(want: object, got: object) -> bool:
    """Whether the read value is an accepted one; lists are compared without order."""
    return any(same_one(choice, got) for choice in accepted(want))


def same_one(want: object, got: object) -> bool:
    """Whether the read value is this one."""
    if isinstance(want, list):
        return isinstance(got, list) and same_items(want, got)
    if isinstance(want, str):
        texts = got.values() if isinstance(got, Mapping) else (got,)
        return any(isinstance(t, str) and canonical(want) == canonical(t) for t in texts)
    return type(want) is type(got) and want == got


def same_items(wants: list[Any], gots: list[Any]) -> bool:
    """Whether each expected item can have a read one of its own and none is left."""
    if len(wants) != len(gots):
        return False
    return not wants or any(
        same(wants[0], got) and same_items(wants[1:], gots[:j] + gots[j + 1 :]) for j, got in enumerate(gots)
    )


def likeness(text: str, other: str) -> float:
    """How much of the letter pairs two texts share, 0 to 1."""
    a, b = (Counter(itertools.pairwise(canonical(t))) for t in (text, other))
    size = a.total() + b.total()
    return 2 * (a & b).total() / size if size else float(canonical(text) == canonical(other))


def aligned(wants: list[Any], gots: list[Any], alike: Callable[[Any, Any], float], least: float) -> dict[int, int]:
    """Index to index, in order, so that the likenesses have the greatest sum; none is below `least`."""
    best: list[list[Any]] = [[(0.0, ()) for _ in range(len(gots) + 1)] for _ in range(len(wants) + 1)]
    for i, want in enumerate(wants):
        for j, got in enumerate(gots):
            value = alike(want, got)
            sums = [best[i][j + 1], best[i + 1][j]]
            if value >= least:
                sums.append((best[i][j][0] + value, (*best[i][j][1], (i, j))))
            best[i + 1][j + 1] = max(sums, key=lambda pair: pair[0])
    return dict(best[-1][-1][1])


def text_of(step: Any) -> str:
    """The text of a step in any form, of several accepted ones the first."""
    step = first(step)
    return str(first(step.get("text")) or "") if isinstance(step, Mapping) else str(step or "")


def subs_of(step: Any) -> list[Any]:
    """Its sub-steps: texts in a truth, texts with their places in a draft."""
    step = first(step)
    return list(step.get("sub_steps") or ()) if isinstance(step, Mapping) else []


def steps_text(row: Json) -> str:
    """All steps and sub-steps of a row as one text."""
    return " ".join(" ".join((text_of(s), *map(text_of, subs_of(s)))) for s in first(row.get("steps")) or ())


def steps_alike(want: Any, got: Any) -> float:
    """How alike a step is to the accepted one that is nearest."""
    return max(likeness(text_of(choice), text_of(got)) for choice in accepted(want))


def title_of(measure: Json) -> str:
    """The measure's title, or of several accepted ones the first."""
    return str(first(measure.get("title")) or "")


def titles_alike(want: Json, got: Json) -> float:
    """How alike the titles of two measures are."""
    return likeness(title_of(want), title_of(got))


def rows_alike(want: Row, got: Row) -> float:
    """How alike two rows are: mostly by their steps, a little by the measure's title."""
    return 0.7 * likeness(steps_text(want.row), steps_text(got.row)) + 0.3 * titles_alike(want.measure, got.measure)


def rows_of(plan: Json) -> list[Row]:
    """All rows with their measures, in order."""
    measures = plan.get("measures") or ()
    return [Row(m, r, f"{label(m)} row {n}") for m in measures for n, r in enumerate(m.get("rows") or (), 1)]


def label(measure: Json) -> str:
    """What mismatches call a measure: its number, or its title where it has none."""
    number = next((n for n in accepted(measure.get("number")) if n is not None), None)
    return f"measure {title_of(measure) if number is None else number}"


def known_roles(roles: Iterable[str | None]) -> list[str]:
    """Which of the five columns stand in which order; of columns that tell one thing together, the first counts."""
    words = ((role or "").partition(":")[0] for role in roles)
    return [name for name in dict.fromkeys(SAME_ROLES.get(word, word) for word in words) if name in KNOWN_ROLES]


def kinds(holder: Mapping[str, Any], name: str = "doubts") -> Counter[str]:
    """The kinds of doubt that a draft's row, measure or file holds, or that a truth's list of this name has."""
    return Counter(d if isinstance(d, str) else str(d["kind"]) for d in holder.get(name) or ())


def doubts_accepted(holder: Json) -> list[Counter[str]]:
    """Every choice among the lists of doubts, and among the doubts in them, that a truth's row or file accepts."""
    lists = accepted(holder.get("doubts"))
    return [Counter(choice) for listed in lists for choice in itertools.product(*map(accepted, listed or ()))]


def readings(truth: Json) -> Iterator[Json]:
    """The truth once for every choice among its accepted rows."""
    measures = truth["measures"]
    for choice in itertools.product(*(accepted(m.get("rows", ())) for m in measures)):
        yield {**truth, "measures": [{**m, "rows": r} for m, r in zip(measures, choice, strict=True)]}


def truths(corpus: Path = CORPUS) -> Iterator[tuple[Path, Json]]:
    """Every plan file with its truth, by name."""
    for path in sorted(corpus.glob("*.truth.json")):
        stem = path.name.removesuffix(".truth.json")
        plan = next(p for p in corpus.glob(f"{stem}.*") if p != path)
        yield plan, json.loads(path.read_text(encoding="utf-8"))


def is_clean(truth: Json) -> bool:
    """Whether no reading of the truth plants a doubt; doubts that are only allowed leave it clean."""
    loose = [m for m in truth["measures"] if "rows_in_any_pairing" in m]
    rows = [row.row for reading in readings(truth) for row in rows_of(reading)]
    return not loose and not any(choice for holder in (truth, *rows) for choice in doubts_accepted(holder))
