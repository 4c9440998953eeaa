import itertools
import json
from typing import Any

from bench.plans_score import PART_FIELDS, ROW_FIELDS
from bench.plans_truth import CORPUS, accepted, aligned, canonical, is_clean, likeness, same, truths

FORMATS = {".docx": 4, ".xlsx": 4, ".html": 2, ".pdf": 2, ".csv": 2, ".txt": 2, ".doc": 1}
KEYS = {  # of all objects of a truth; whatever else one says would never be scored
    *("about", "organization", "name", "type", "district", "province", "fiscal_year_be", "document_kind"),
    *("column_roles", "measures", "number", "title", "indicators", "rows", "rows_in_any_pairing", "periods"),
    *("steps", "text", "sub_steps", "recurrence", "parties", "unit", "subunit", "role", *ROW_FIELDS),
    *("doubts", "doubts_allowed", "any_of", *PART_FIELDS, *itertools.chain(*PART_FIELDS.values())),
}


def keys_of(value: Any) -> set[str]:
    """The keys of all objects in a truth."""
    if isinstance(value, list):
        return {key for inner in value for key in keys_of(inner)}
    return set(value) | keys_of(list(value.values())) if isinstance(value, dict) else set()


def make_truth(**row: Any) -> dict[str, Any]:
    return {"doubts": [], "measures": [{"number": 1, "rows": [{"steps": ["จัดทำคู่มือ"], "doubts": [], **row}]}]}


def test_texts_are_the_same_but_for_spaces_digits_sara_am_and_zero_width_signs() -> None:
    assert canonical("ข้อ ๑ จัด ทํา แผน\u200bงาน") == canonical("ข้อ 1 จัดทำแผนงาน")
    assert canonical("น\u0e4d\u0e49า") == "น้ำ"
    assert canonical("No  Gift Policy ของ เทศบาล") == "No Gift Policyของเทศบาล"
    assert not same("จัดทำแผน", "จัดทำแผนงาน")


def test_lists_are_the_same_in_any_order_and_numbers_are_no_truth_values() -> None:
    assert same([1, 2], [2, 1])
    assert not same([1, 2], [1])
    assert not same([1, 1], [1, 2])
    assert same([{"any_of": [1, 2]}, 1], [1, 2])
    assert not same([{"any_of": [1, 2]}, 1], [2, 2])
    assert not same(1, got=True)


def test_accepted_values_may_stand_in_one_another() -> None:
    assert accepted({"any_of": [1, {"any_of": [2, None]}]}) == [1, 2, None]


def test_likeness_goes_from_nothing_shared_to_the_same() -> None:
    assert likeness("กองคลัง", "กองคลัง") == 1
    assert likeness("กองคลัง", "xyz") == 0
    assert 0 < likeness("จัดทำคู่มือ", "จัดทำแผน") < 1


def test_alignment_keeps_the_order_and_leaves_out_what_is_unlike() -> None:
    assert aligned(["ab", "cd", "ef"], ["xx", "ab", "ef"], lambda a, b: float(a == b), 0.5) == {0: 1, 2: 2}


def test_a_plan_with_a_doubt_in_any_accepted_list_is_not_clean() -> None:
    assert is_clean(make_truth(doubts_allowed=["unknown_unit"]))
    assert not is_clean(make_truth(doubts={"any_of": [[], ["unknown_unit"]]}))


def test_the_corpus_has_its_formats_its_clean_plans_and_no_large_file() -> None:
    plans = list(truths())
    count = {suffix: sum(plan.suffix == suffix for plan, _ in plans) for suffix in FORMATS}
    assert all(count[suffix] >= least for suffix, least in FORMATS.items())
    assert sum(is_clean(truth) for _, truth in plans) >= 6
    assert all(path.stat().st_size < 100_000 for path in CORPUS.iterdir() if path.is_file())


def test_every_truth_says_in_plain_json_only_kinds_of_document_that_exist() -> None:
    kinds = {truth["document_kind"] for _, truth in truths()}
    assert kinds == {"plan", "form_one_indicator", "report_of_results"}
    assert json.dumps([truth for _, truth in truths()])


def test_no_truth_says_anything_that_is_never_scored() -> None:
    assert {key for _, truth in truths() for key in keys_of(truth)} <= KEYS
