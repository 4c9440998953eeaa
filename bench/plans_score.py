"""Reads every plan of the test corpus and scores the drafts field by field against truths written by hand.

What a truth may say is told in `bench/plans_truth.py` and in the corpus's README. Besides the names of the draft, a
row or the file may list `doubts_allowed`, which need not be raised, and a measure `rows_in_any_pairing`: what must be
there where nobody can tell which step belongs to which period.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from bench.plans_truth import (
    CORPUS,
    Json,
    Row,
    accepted,
    aligned,
    doubts_accepted,
    is_clean,
    kinds,
    known_roles,
    label,
    readings,
    rows_alike,
    rows_of,
    same,
    steps_alike,
    steps_text,
    subs_of,
    text_of,
    titles_alike,
    truths,
)
from plans.read import read_plan
from plans.show import as_json

ROW_FIELDS: Final = ("publication_channels", "status", "result", "problems", "suggestions")
PART_FIELDS: Final = {
    "responsible": ("raw", "scope", "with_audit_unit"),
    "period": ("raw", "start", "end", "start_inferred", "occurrences", "recurrence", "month_marks"),
    "reporting": ("raw", "cadence", "quarters_due", "round_months"),
}
FIELDS_RIGHT: Final = 0.98  # bound: this share of all fields
FALSE_DOUBTS: Final = 1 / 50  # bound: at most this many for each field of the clean plans
ROW_ALIKE, STEP_ALIKE = 0.4, 0.5  # below this they are different rows, steps


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

    def take(self, other: Score) -> None:
        """Add what the other one scored to this one."""
        self.__dict__.update((self + other).__dict__)

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


ScoreOne = Callable[[Score, str, Any, Any], None]  # adds to the score: place, one accepted value, what was read


def shown(value: object) -> str:
    """The value on one line."""
    return json.dumps(value, ensure_ascii=False)


def score_any(result: Score, place: str, want: Any, got: Any, score_one: ScoreOne) -> None:
    """Score the one of several accepted values that fits best."""
    trials = []
    for choice in accepted(want):
        score_one(trial := Score(), place, choice, got)
        trials.append(trial)
    result.take(max(trials, key=lambda trial: trial.quality))


def score(truth: Json, draft: Json) -> Score:
    """Score a draft against the best of the truth's accepted readings."""
    return max((score_reading(reading, draft) for reading in readings(truth)), key=lambda s: s.quality)


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
    for name, want in truth.get("organization", {}).items():
        result.value(f"organization.{name}", want, (draft.get("organization") or {}).get(name))
    for name in ("fiscal_year_be", "document_kind"):
        if name in truth:
            result.value(name, truth[name], draft.get(name))
    if "column_roles" in truth:
        wants = [roles and known_roles(roles) for roles in accepted(truth["column_roles"])]
        got = draft.get("column_roles") and known_roles(draft["column_roles"])
        result.note("column_roles", wants[0], got, right=bool(draft) and got in wants)
    score_doubts(result, "file", [(truth, draft)])


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
        if name in want:
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
    if "steps" in want:
        score_any(result, place, want["steps"], got.get("steps") or [], score_steps)
    for part, names in PART_FIELDS.items():
        if part in want:
            score_any(result, f"{place} {part}", want[part], got.get(part) or {}, partial(score_part, names))
    for name in ROW_FIELDS:
        if name in want:
            result.value(f"{place} {name}", want[name], got.get(name))


def score_part(names: Iterable[str], result: Score, place: str, want: Json, got: Json) -> None:
    """Score the stated ones of these fields of a responsible, a period or a reporting, and its parties."""
    for name in names:
        if name in want:
            result.value(f"{place}.{name}", want[name], got.get(name))
    if "parties" in want:
        score_any(result, place, want["parties"], got.get("parties") or [], score_parties)


def score_steps(result: Score, place: str, wants: list[Any], gots: list[Any]) -> None:
    """Score steps one by one; one too many is a wrong field."""
    pairs = aligned(wants, gots, steps_alike, STEP_ALIKE)
    for i, want in enumerate(wants):
        score_any(result, f"{place} step {i + 1}", want, gots[pairs[i]] if i in pairs else {}, score_step)
    for j, got in enumerate(gots):
        if j not in pairs.values():
            result.note(f"{place} step read as {j + 1}", None, text_of(got), right=False)


def score_step(result: Score, place: str, want: Any, got: Any) -> None:
    """Score the text of a step, its sub-steps, and its recurrence where the truth states one."""
    result.value(place, text_of(want), text_of(got))
    if isinstance(want, Mapping) and "recurrence" in want:
        read = got.get("recurrence") if isinstance(got, Mapping) else None
        result.value(f"{place} recurrence", want["recurrence"], read)
    for n, (sub, read) in enumerate(itertools.zip_longest(subs_of(want), subs_of(got)), 1):
        result.value(f"{place} sub-step {n}", "" if sub is None else sub, text_of(read))


def score_parties(result: Score, place: str, wants: list[Json], parties: list[Json]) -> None:
    """Score each party; one too many is a wrong field."""
    for party in wants:
        result.note(f"{place} party", party, parties, right=any(same_party(party, p) for p in parties))
    for party in parties:
        if not any(same_party(want, party) for want in wants):
            result.note(f"{place} party", None, party, right=False)


def same_party(want: Json, got: Json) -> bool:
    """Whether unit and section agree, and the role where the truth states one."""
    return any(
        same(choice["unit"], got.get("unit"))
        and same(choice.get("subunit"), got.get("subunit"))
        and ("role" not in choice or same(choice["role"], got.get("role")))
        for choice in accepted(want)
    )


def score_doubts(result: Score, place: str, pairs: list[tuple[Json, Json]]) -> None:
    """Score doubts where they were planted; one that stands at another row of the same measure is raised too."""
    none: Counter[str] = Counter()
    got = sum((kinds(draft) for _, draft in pairs), none)
    allowed = sum((kinds(truth, "doubts_allowed") for truth, _ in pairs), none)
    choices = itertools.product(*(doubts_accepted(truth) for truth, _ in pairs))
    wants = {"any_of": [sum(choice, none) for choice in choices]}
    score_any(result, place, wants, got, partial(count_doubts, allowed))


def count_doubts(allowed: Counter[str], result: Score, place: str, want: Counter[str], got: Counter[str]) -> None:
    """Count which planted doubts were raised and which were raised that nobody planted or allowed."""
    false = got - want - allowed
    result.planted += want.total()
    result.raised += (want & got).total()
    result.false_doubts += false.total()
    result.mismatches += [f"{place}: doubt {kind} not raised" for kind in (want - got).elements()]
    result.mismatches += [f"{place}: false doubt {kind}" for kind in false.elements()]


def score_loose(result: Score, want: Json, draft: Json) -> Json:
    """Score a measure whose values do not pair, whatever rows it was read into; gives the draft's measure."""
    alike = aligned([want], draft.get("measures") or [], titles_alike, STEP_ALIKE)
    got: Json = draft["measures"][alike[0]] if alike else {}
    score_measure(result, want, got)
    loose, rows, place = want["rows_in_any_pairing"], got.get("rows") or [], label(want)
    steps = {text_of(step): step for row in rows for step in row.get("steps") or ()}
    score_steps(result, place, loose["steps"], list(steps.values()))
    parties = {shown(party): party for row in rows for party in (row.get("responsible") or {}).get("parties") or ()}
    score_parties(result, f"{place} responsible", loose["responsible"]["parties"], list(parties.values()))
    for row in rows or [{}]:
        score_pairing(result, place, loose, row)
    score_doubts(result, place, [(loose, {"doubts": list({kind for row in rows for kind in kinds(row)})})])
    return got


def score_pairing(result: Score, place: str, loose: Json, row: Json) -> None:
    """Score what each row of such a measure must have: the scope, one of the periods, one of the lists of quarters."""
    responsible, period, reporting = (row.get(part) or {} for part in PART_FIELDS)
    result.value(f"{place} responsible.scope", loose["responsible"]["scope"], responsible.get("scope"))
    dates = [period.get("start"), period.get("end")]
    result.note(f"{place} period", loose["periods"], dates, right=dates in loose["periods"])
    if "quarters_due" in loose:
        result.value(f"{place} quarters", {"any_of": loose["quarters_due"]}, reporting.get("quarters_due"))


def read_and_score(plan: Path, truth: Json) -> Score:
    """Score the reader on one file; a file that it refuses is missed as a whole."""
    try:
        draft = json.loads(as_json(read_plan(plan)))
    except Exception as error:  # noqa: BLE001 -- whatever breaks, the table of the other plans must appear
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
    return [name for name, holds in checks.items() if not holds]


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
    for plan, (score, clean) in scores.items():
        print(line(plan.stem + " *" * clean, plan.suffix[1:], score))
        if details is not None and plan.name.startswith(details):
            print("  " + "\n  ".join(score.mismatches or ["no mismatch"]))
    total, clean_total = sums(scores)
    broken = [f"broken: {bound}" for bound in broken_bounds(total, clean_total)]
    print(line("all", "", total), line("clean", "", clean_total), *(broken or ["all bounds kept"]), sep="\n")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
