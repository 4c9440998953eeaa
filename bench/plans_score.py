"""Reads every plan of the test corpus and scores the drafts field by field against truths written by hand.

A truth (`NAME.truth.json` beside the plan) uses the names of the draft's JSON. A field that it leaves out is not
scored; null must be null. Where two readings are equally right it says `{"any_of": [...]}`; a row or the file may list
`doubts_allowed`, which need not be raised; `rows_in_any_pairing` holds what must be there where nobody can tell which
step belongs to which period.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from plans.read import read_plan
from plans.show import as_json

CORPUS: Final = Path(__file__).parent.parent / "tests" / "plans" / "corpus"
KNOWN_ROLES: Final = ("measure", "steps", "responsible", "period", "monitoring")
PERIOD_FIELDS: Final = ("raw", "start", "end", "start_inferred", "occurrences", "recurrence", "month_marks")
REPORT_FIELDS: Final = ("status", "result", "problems", "suggestions")
FIELDS_RIGHT: Final = 0.98  # bound: this share of all fields
FALSE_DOUBTS: Final = 1 / 50  # bound: at most this many for each field of the clean plans
ROW_ALIKE, STEP_ALIKE = 0.4, 0.5  # below this they are different rows, steps

Json = dict[str, Any]  # a JSON object, of a truth or of a draft


@dataclass
class Score:
    """What one plan, or all of them, scored; `mismatches` are sentences for a person."""

    right: int = 0
    total: int = 0
    planted: int = 0
    raised: int = 0
    false_doubts: int = 0
    invented: int = 0
    missed: int = 0
    mismatches: list[str] = field(default_factory=list)

    def __add__(self, other: Score) -> Score:
        """Give the sums of both."""
        return Score(*(getattr(self, n) + getattr(other, n) for n in self.__dataclass_fields__))

    def note(self, where: str, want: object, got: object, *, right: bool) -> None:
        """Count one field."""
        self.total += 1
        self.right += right
        if not right:
            self.mismatches.append(f"{where}\n    expected {shown(want)}\n    read     {shown(got)}")

    def value(self, where: str, want: object, got: object) -> None:
        """Count one field that is right when both values are the same."""
        self.note(where, want, got, right=same(want, got))

    @property
    def quality(self) -> tuple[int, int, int]:
        """What to compare two readings of one truth by: the higher the better."""
        return -self.invented - self.missed, self.raised - self.planted - self.false_doubts, self.right - self.total


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


def same(want: object, got: object) -> bool:
    """Whether the read value is the expected one; lists are compared without order."""
    if isinstance(want, Mapping) and "any_of" in want:
        return any(same(one, got) for one in want["any_of"])
    if isinstance(want, list):
        return isinstance(got, list) and Counter(map(shown, want)) == Counter(map(shown, got))
    if isinstance(want, str):
        texts = got.values() if isinstance(got, Mapping) else (got,)
        return any(isinstance(t, str) and canonical(want) == canonical(t) for t in texts)
    return type(want) is type(got) and want == got


def likeness(one: str, other: str) -> float:
    """How much of the letter pairs two texts share, 0 to 1."""
    a, b = (Counter(itertools.pairwise(canonical(t))) for t in (one, other))
    size = a.total() + b.total()
    return 2 * (a & b).total() / size if size else float(canonical(one) == canonical(other))


def shown(value: object) -> str:
    """The value on one line."""
    return json.dumps(value, ensure_ascii=False)


def text_of(step: object) -> str:
    """The text of a step in either form."""
    return str(step.get("text") or "") if isinstance(step, Mapping) else str(step or "")


def subs_of(step: object) -> list[str]:
    """The texts of its sub-steps."""
    return [text_of(sub) for sub in step.get("sub_steps") or ()] if isinstance(step, Mapping) else []


def kinds(holder: Mapping[str, Any], name: str = "doubts") -> Counter[str]:
    """The kinds of doubt that a row, a measure or the file holds."""
    return Counter(d if isinstance(d, str) else str(d["kind"]) for d in holder.get(name) or ())


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


def rows_of(plan: Json) -> list[Row]:
    """All rows with their measures, in order."""
    measures = plan.get("measures") or ()
    return [Row(m, r, f"{label(m)} row {n}") for m in measures for n, r in enumerate(m.get("rows") or (), 1)]


def label(measure: Json) -> str:
    """What mismatches call a measure: its number, or of several accepted ones the first."""
    return f"measure {first(measure.get('number'))}"


def first(value: object) -> object:
    """The value, or of several accepted ones the first."""
    return value["any_of"][0] if isinstance(value, Mapping) else value


def rows_alike(want: Row, got: Row) -> float:
    """How alike two rows are: mostly by their steps, a little by the measure's title."""
    titles = likeness(title_of(want.measure), title_of(got.measure))
    return 0.7 * likeness(steps_text(want.row), steps_text(got.row)) + 0.3 * titles


def steps_text(row: Json) -> str:
    """All steps and sub-steps of a row as one text."""
    return " ".join(" ".join((text_of(s), *subs_of(s))) for s in row.get("steps") or ())


def title_of(measure: Json) -> str:
    """The measure's title, or of several accepted ones the first."""
    return str(first(measure.get("title")) or "")


def score(truth: Json, draft: Json) -> Score:
    """Score a draft against the best of the truth's accepted readings."""
    return max((score_reading(reading, draft) for reading in readings(truth)), key=lambda s: s.quality)


def readings(truth: Json) -> Iterator[Json]:
    """The truth once for every choice among its accepted rows."""
    rows = [m.get("rows", ()) for m in truth["measures"]]
    for choice in itertools.product(*(r["any_of"] if isinstance(r, Mapping) else [r] for r in rows)):
        yield {**truth, "measures": [{**m, "rows": r} for m, r in zip(truth["measures"], choice, strict=True)]}


def score_reading(truth: Json, draft: Json) -> Score:
    """Score a draft against one reading of the truth."""
    result = Score()
    score_file(result, truth, draft)
    taken = [score_loose(result, m, draft) for m in truth["measures"] if "rows_in_any_pairing" in m]
    gots = [row for row in rows_of(draft) if not any(row.measure is measure for measure in taken)]
    score_measures(result, rows_of(truth), gots)
    return result


def score_file(result: Score, truth: Json, draft: Json) -> None:
    """Score what is said of the whole file."""
    for name, want in truth["organization"].items():
        result.value(f"organization.{name}", want, (draft.get("organization") or {}).get(name))
    for name in ("fiscal_year_be", "document_kind"):
        result.value(name, truth[name], draft.get(name))
    if truth["column_roles"]:
        want, got = (known_roles(plan.get("column_roles") or ()) for plan in (truth, draft))
        result.note("column_roles", want, got, right=want == got)
    score_doubts(result, "file", [(truth, draft)])


def known_roles(roles: Iterable[str | None]) -> list[str]:
    """Which of the five columns stand in which order; of columns that tell the period together, the first counts."""
    names = ("steps" if r == "activity" else re.sub("^(month|quarter|period).*", "period", r or "") for r in roles)
    return [name for name in dict.fromkeys(names) if name in KNOWN_ROLES]


def score_measures(result: Score, wants: list[Row], gots: list[Row]) -> None:
    """Score measures and rows; rows are paired first, so that a lost measure makes no other one wrong."""
    pairs = {i: gots[j] for i, j in aligned(wants, gots, rows_alike, ROW_ALIKE).items()}
    for got in gots:
        if not any(got is pair for pair in pairs.values()):
            result.invented += 1
            result.mismatches.append(f"{got.place}: invented\n    read     {steps_text(got.row)}")
    claimed: list[Json] = []
    for _, members in itertools.groupby(range(len(wants)), key=lambda i: id(wants[i].measure)):
        group = [(wants[i], pairs.get(i)) for i in members]
        partners = [got.measure for _, got in group if got and all(got.measure is not c for c in claimed)]
        claimed += partners[:1]
        score_measure(result, group[0][0].measure, partners[0] if partners else {})
        for want, partner in group:
            score_row(result, want, partner)
        score_doubts(result, label(group[0][0].measure), [(want.row, got.row if got else {}) for want, got in group])


def score_measure(result: Score, want: Json, got: Json) -> None:
    """Score what is said of a measure; a lost one has no right field, not even an expected null."""
    for name in ("number", "title", "indicators"):
        read = got.get(name)
        result.note(f"{label(want)} {name}", want[name], read, right=bool(got) and same(want[name], read))


def score_row(result: Score, want: Row, got: Row | None) -> None:
    """Score a row; a missed one has all its fields wrong."""
    if got:
        return score_fields(result, want.place, want.row, got.row)
    lost = Score()
    score_fields(lost, want.place, want.row, {})
    result.total, result.missed = result.total + lost.total, result.missed + 1
    return result.mismatches.append(f"{want.place}: missed: {steps_text(want.row)}")


def score_fields(result: Score, place: str, want: Json, got: Json) -> None:
    """Score every field of a row that the truth states."""
    score_steps(result, place, want["steps"], got.get("steps") or [])
    if "responsible" in want:
        score_responsible(result, place, want["responsible"], got.get("responsible") or {})
    for part, names in (("period", PERIOD_FIELDS), ("reporting", ("cadence", "quarters_due"))):
        stated, read = want.get(part) or {}, got.get(part) or {}
        for name in names:
            if name in stated:
                result.value(f"{place} {part}.{name}", stated[name], read.get(name))
    for name in ("publication_channels", *REPORT_FIELDS):
        if name in want:
            result.value(f"{place} {name}", want[name], got.get(name))


def score_steps(result: Score, place: str, wants: list[Any], gots: list[Any]) -> None:
    """Score steps one by one, each with its sub-steps and recurrence; one too many is a wrong field."""
    pairs = aligned(wants, gots, lambda w, g: likeness(text_of(w), text_of(g)), STEP_ALIKE)
    for i, want in enumerate(wants):
        got: Any = gots[pairs[i]] if i in pairs else {}
        result.value(f"{place} step {i + 1}", text_of(want), text_of(got))
        if isinstance(want, Mapping) and "recurrence" in want:
            read = got.get("recurrence") if isinstance(got, Mapping) else None
            result.value(f"{place} step {i + 1} recurrence", want["recurrence"], read)
        for n, (sub, read) in enumerate(itertools.zip_longest(subs_of(want), subs_of(got)), 1):
            result.value(f"{place} step {i + 1} sub-step {n}", sub, read)
    for j, got in enumerate(gots):
        if j not in pairs.values():
            result.note(f"{place} step read as {j + 1}", None, text_of(got), right=False)


def score_responsible(result: Score, place: str, want: Json, got: Json) -> None:
    """Score the scope and each party; one too many is a wrong field."""
    result.value(f"{place} responsible.scope", want["scope"], got.get("scope"))
    parties = got.get("parties") or []
    for party in want["parties"]:
        result.note(f"{place} responsible party", party, parties, right=any(same_party(party, p) for p in parties))
    for party in parties:
        if not any(same_party(known, party) for known in want["parties"]):
            result.note(f"{place} responsible party", None, party, right=False)


def same_party(want: Json, got: Json) -> bool:
    """Whether unit and section agree, and the role where the truth states one."""
    if "any_of" in want:
        return any(same_party(one, got) for one in want["any_of"])
    role = "role" not in want or same(want["role"], got.get("role"))
    return role and same(want["unit"], got.get("unit")) and same(want.get("subunit"), got.get("subunit"))


def score_doubts(result: Score, place: str, pairs: list[tuple[Json, Json]]) -> None:
    """Score doubts where they were planted; one that stands at another row of the same measure is raised too."""
    want, got = (sum((kinds(pair[side]) for pair in pairs), Counter[str]()) for side in (0, 1))
    allowed = {kind for truth, _ in pairs for kind in kinds(truth, "doubts_allowed")}
    result.planted += want.total()
    result.raised += (want & got).total()
    false = Counter({kind: n for kind, n in (got - want).items() if kind not in allowed})
    result.false_doubts += false.total()
    result.mismatches += [f"{place}: doubt {kind} not raised" for kind in (want - got).elements()]
    result.mismatches += [f"{place}: false doubt {kind}" for kind in false.elements()]


def score_loose(result: Score, want: Json, draft: Json) -> Json:
    """Score a measure whose values do not pair, whatever rows it was read into; gives the draft's measure."""
    alike = aligned([want], draft.get("measures") or [], lambda w, g: likeness(title_of(w), title_of(g)), STEP_ALIKE)
    got: Json = draft["measures"][alike[0]] if alike else {}
    score_measure(result, want, got)
    loose, rows, place = want["rows_in_any_pairing"], got.get("rows") or [], label(want)
    steps = {text_of(step): step for row in rows for step in row.get("steps") or ()}.values()
    score_steps(result, place, loose["steps"], list(steps))
    for row in rows or [{}]:
        score_responsible(result, place, loose["responsible"], row.get("responsible") or {})
        dates = [(row.get("period") or {}).get(name) for name in ("start", "end")]
        result.note(f"{place} period", loose["periods"], dates, right=dates in loose["periods"])
    score_doubts(result, place, [(loose, {"doubts": list({kind for row in rows for kind in kinds(row)})})])
    return got


def truths(corpus: Path = CORPUS) -> Iterator[tuple[Path, Json]]:
    """Every plan file with its truth, by name."""
    for path in sorted(corpus.glob("*.truth.json")):
        stem = path.name.removesuffix(".truth.json")
        plan = next(p for p in corpus.glob(f"{stem}.*") if p != path)
        yield plan, json.loads(path.read_text(encoding="utf-8"))


def is_clean(truth: Json) -> bool:
    """Whether the truth holds no doubt at all."""
    loose = [m for m in truth["measures"] if "rows_in_any_pairing" in m]
    rows = [row.row for reading in readings(truth) for row in rows_of(reading)]
    return not loose and not any(kinds(holder) for holder in (truth, *rows))


def read_and_score(plan: Path, truth: Json) -> Score:
    """Score the reader on one file; a file that it refuses is missed as a whole."""
    try:
        draft = json.loads(as_json(read_plan(plan)))
    except Exception as error:  # noqa: BLE001 - whatever breaks, the table of the other plans must appear
        lost = score(truth, {})
        why = f"cannot be read: {type(error).__name__}: {error}"
        return replace(lost, right=0, mismatches=[why])
    return score(truth, draft)


def broken_bounds(total: Score, clean: Score) -> list[str]:
    """The bounds that the sums over all plans, and over the clean ones, do not keep."""
    checks = {
        f"{FIELDS_RIGHT:.0%} of fields right": total.right >= FIELDS_RIGHT * total.total,
        "every planted doubt raised": total.raised == total.planted,
        "no invented row": not total.invented,
        f"at most {FALSE_DOUBTS} false doubts a field on clean plans": clean.false_doubts <= FALSE_DOUBTS * clean.total,
    }
    return [name for name, kept in checks.items() if not kept]


def line(name: str, kind: str, s: Score) -> str:
    """One line of the table."""
    fields = f"{s.right:5}/{s.total:<5}{100 * s.right / (s.total or 1):6.1f}%"
    return f"{name:28}{kind:6}{fields}{s.raised:5}/{s.planted:<5}{s.false_doubts:6}{s.invented:9}{s.missed:7}"


def score_corpus(corpus: Path = CORPUS) -> dict[Path, tuple[Score, bool]]:
    """The score of every plan and whether the plan is clean."""
    return {plan: (read_and_score(plan, truth), is_clean(truth)) for plan, truth in truths(corpus)}


def sums(scores: Mapping[Path, tuple[Score, bool]]) -> tuple[Score, Score]:
    """The sum over all plans and that over the clean ones."""
    clean = [score for score, is_so in scores.values() if is_so]
    return sum((score for score, _ in scores.values()), Score()), sum(clean, Score())


def main() -> int:
    """Print the table and the bounds; 1 when one is broken."""
    parser = argparse.ArgumentParser(description="Score the reader of plans on the test corpus.")
    parser.add_argument("--details", metavar="NAME", help="print every mismatch of the plans so named")
    details = parser.parse_args().details
    scores = score_corpus()
    print(f"{'plan (* clean)':28}{'':6}{'fields':>11}{'':7}{'doubts':>11}{'false':>6}{'invented':>9}{'missed':>7}")
    for plan, (one, clean) in scores.items():
        print(line(plan.stem + " *" * clean, plan.suffix[1:], one))
        if details is not None and plan.name.startswith(details):
            print("  " + "\n  ".join(one.mismatches or ["no mismatch"]))
    total, clean_total = sums(scores)
    broken = [f"broken: {bound}" for bound in broken_bounds(total, clean_total)]
    print(line("all", "", total), line("clean", "", clean_total), *(broken or ["all bounds kept"]), sep="\n")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
