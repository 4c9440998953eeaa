import copy
from pathlib import Path
from typing import Any

import pytest

from bench.plans_score import (
    Score,
    broken_bounds,
    read_and_score,
    score,
    score_corpus,
    sums,
)
from bench.plans_truth import truths

Json = dict[str, Any]
FIELDS_OF_A_ROW = 7  # step, scope, party, start, end, cadence, quarters


def make_row(step: str = "จัดทำคู่มือ", **changes: Any) -> Json:
    return {
        "steps": [step],
        "responsible": {"scope": "listed", "parties": [{"unit": "กองคลัง"}]},
        "period": {"start": "2023-10-01", "end": "2024-09-30"},
        "reporting": {"cadence": "quarterly", "quarters_due": [1, 2, 3, 4]},
        "doubts": [],
        **changes,
    }


def make_measure(*rows: Json, number: int = 1, title: str = "การใช้งบประมาณ") -> Json:
    return {"number": number, "title": title, "indicators": [2], "rows": list(rows)}


def make_plan(*measures: Json, **changes: Any) -> Json:
    return {
        "organization": {"name": "เทศบาลตำบลบ้านสวน", "type": "tambon_municipality", "district": None, "province": None},
        "fiscal_year_be": 2567,
        "document_kind": "plan",
        "column_roles": ["measure", "steps", "responsible", "period", "monitoring"],
        "doubts": [],
        "measures": list(measures or (make_measure(make_row()),)),
        **changes,
    }


def settled(value: Any) -> Any:
    """The truth with the first of all accepted values, as a reader without fault would give it."""
    if isinstance(value, list):
        return [settled(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if "any_of" in value:
        return settled(value["any_of"][0])
    plain = {name: settled(inner) for name, inner in value.items()}
    loose = plain.pop("rows_in_any_pairing", None)
    if loose is not None:
        start, end = loose["periods"][0]
        reporting = {"quarters_due": loose.get("quarters_due", [[]])[0]}
        plain["rows"] = [{**loose, "period": {"start": start, "end": end}, "reporting": reporting}]
    return plain


def score_row(want: Json, *gots: Json) -> list[Score]:
    """What each of these read rows scores against the one of the truth."""
    return [score(make_plan(make_measure(want)), make_plan(make_measure(got))) for got in gots]


def test_a_draft_that_says_what_the_truth_says_has_every_field_right() -> None:
    result = score(make_plan(), make_plan())
    assert (result.right, result.mismatches) == (result.total, [])
    assert result.total > 10


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": ["จัดทำคู่มือใหม่"]},
        {"steps": ["จัดทำคู่มือ", "ข้อที่ไม่มีในแผน"]},
        {"steps": [{"text": "จัดทำคู่มือ", "sub_steps": ["ข้อย่อยที่ไม่มีในแผน"]}]},
        {"responsible": {"scope": "listed", "parties": [{"unit": "กองช่าง"}]}},
        {"responsible": {"scope": "listed", "parties": [{"unit": "กองคลัง"}, {"unit": "กองช่าง"}]}},
        {"responsible": {"scope": "listed", "parties": [{"unit": "กองคลัง", "subunit": "งานพัสดุ"}]}},
        {"responsible": {"scope": "all_divisions", "parties": [{"unit": "กองคลัง"}]}},
        {"period": {"start": "2023-10-02", "end": "2024-09-30"}},
        {"period": {"start": None, "end": "2024-09-30"}},
        {"reporting": {"cadence": "monthly", "quarters_due": [1, 2, 3, 4]}},
        {"reporting": {"cadence": "quarterly", "quarters_due": [2, 3, 4]}},
    ],
)
def test_a_wrong_field_of_a_row_lowers_the_score(changes: Json) -> None:
    result = score(make_plan(), make_plan(make_measure(make_row(**changes))))
    assert result.right < result.total
    assert result.mismatches


@pytest.mark.parametrize(
    "changes",
    [
        {"fiscal_year_be": 2566},
        {"document_kind": "report_of_results"},
        {"column_roles": ["steps", "measure", "responsible", "period", "monitoring"]},
        {"organization": {"name": "เทศบาลตำบลบ้านสวน", "type": "sao", "district": None, "province": None}},
        {"organization": {"name": "เทศบาลตำบลบ้านสวน", "type": "tambon_municipality", "province": "เลย"}},
        {"measures": [make_measure(make_row(), number=2)]},
        {"measures": [make_measure(make_row(), title="การใช้จ่าย")]},
    ],
)
def test_a_wrong_field_of_the_file_or_a_measure_lowers_the_score_by_one(changes: Json) -> None:
    result = score(make_plan(), make_plan(**changes))
    assert result.right == result.total - 1


def test_a_planted_doubt_that_is_not_raised_lowers_the_score() -> None:
    result = score(make_plan(make_measure(make_row(doubts=["missing_period"]))), make_plan())
    assert (result.planted, result.raised, result.false_doubts) == (1, 0, 0)
    assert broken_bounds(result, Score()) == ["every planted doubt raised"]


def test_a_planted_doubt_of_the_file_is_not_raised_by_a_row() -> None:
    draft = make_plan(make_measure(make_row(doubts=[{"kind": "measures_missing"}])))
    result = score(make_plan(doubts=["measures_missing"]), draft)
    assert (result.planted, result.raised, result.false_doubts) == (1, 0, 1)


def test_a_doubt_at_another_row_of_the_same_measure_is_raised() -> None:
    rows = make_row("ก่อสร้างอาคาร"), make_row("จัดอบรมพนักงาน")
    doubtful = {"doubts": [{"kind": "measure_repeated", "message": "…"}]}
    truth = make_plan(make_measure({**rows[0], "doubts": ["measure_repeated"]}, rows[1]))
    result = score(truth, make_plan(make_measure(rows[0], {**rows[1], **doubtful})))
    assert (result.raised, result.false_doubts) == (1, 0)


def test_a_doubt_that_was_not_planted_is_false() -> None:
    result = score(make_plan(), make_plan(make_measure(make_row(doubts=[{"kind": "unknown_unit"}]))))
    assert (result.false_doubts, result.right) == (1, result.total)


def test_an_allowed_doubt_is_neither_planted_nor_false() -> None:
    truth = make_plan(make_measure(make_row(doubts_allowed=["unknown_unit"])))
    assert score(truth, make_plan()).planted == 0
    assert score(truth, make_plan(make_measure(make_row(doubts=[{"kind": "unknown_unit"}])))).false_doubts == 0


def test_an_invented_row_breaks_a_bound_and_leaves_the_others_right() -> None:
    result = score(make_plan(), make_plan(make_measure(make_row("ข้อความที่ไม่มีในแผนเลย"), make_row())))
    assert (result.invented, result.missed, result.right) == (1, 0, result.total)
    assert broken_bounds(result, Score()) == ["no invented row"]


def test_a_missed_row_has_its_fields_wrong_and_leaves_the_others_right() -> None:
    rows = [make_row(step) for step in ("ก่อสร้างอาคาร", "จัดอบรมพนักงาน", "เผยแพร่รายงาน")]
    whole = score(make_plan(make_measure(*rows)), make_plan(make_measure(*rows)))
    result = score(make_plan(make_measure(*rows)), make_plan(make_measure(rows[0], rows[2])))
    assert (result.missed, result.invented, result.total) == (1, 0, whole.total)
    assert result.total - result.right == FIELDS_OF_A_ROW


def test_a_lost_measure_has_no_right_field_and_leaves_the_next_right() -> None:
    measures = make_measure(make_row("ก่อสร้างอาคาร")), make_measure(make_row("จัดอบรม"), number=2, title="การใช้อำนาจ")
    result = score(make_plan(*measures), make_plan(measures[1]))
    alone = score(make_plan(measures[1]), make_plan(measures[1]))
    assert (result.missed, result.right) == (1, alone.right)


def test_an_expected_null_is_not_met_by_a_value() -> None:
    truth = make_plan(make_measure(make_row(problems=None)))
    assert score(truth, make_plan(make_measure(make_row(problems="none")))).mismatches
    assert not score(truth, make_plan(make_measure(make_row(problems=None)))).mismatches


def test_a_field_that_the_truth_leaves_out_is_not_scored() -> None:
    row = {name: value for name, value in make_row().items() if name != "period"}
    result = score(make_plan(make_measure(row)), make_plan(make_measure(make_row(period={"start": "2020-01-01"}))))
    assert result.mismatches == []


def test_each_accepted_value_is_right_and_no_other() -> None:
    truth = make_plan(fiscal_year_be={"any_of": [None, 2567]})
    wrong = [len(score(truth, make_plan(fiscal_year_be=year)).mismatches) for year in (None, 2567, 2568)]
    assert wrong == [0, 0, 1]


@pytest.mark.parametrize(
    ("name", "rights", "wrong"),
    [
        ("steps", [["จัดทำคู่มือ"], ["จัดทำคู่มือ", "ทบทวนทุกปี"]], ["จัดทำคู่มือ", "ทบทวนทุกเดือน"]),
        ("responsible", [{"scope": "missing"}, {"scope": "listed"}], {"scope": "all_divisions"}),
        (
            "period",
            [{"start": None, "end": None}, {"start": "2023-10-01", "end": "2023-12-31"}],
            {"start": None, "end": "2"},
        ),
        ("reporting", [{"cadence": "annual"}, {"cadence": "monthly"}], {"cadence": "quarterly"}),
        ("publication_channels", [["website"], []], ["facebook"]),
    ],
)
def test_each_accepted_whole_part_of_a_row_is_right_and_no_mixture(name: str, rights: list[Any], wrong: Any) -> None:
    want, *gots = ({**make_row(), name: value} for value in ({"any_of": rights}, *rights, wrong))
    results = score_row(want, *gots)
    assert [len(result.mismatches) > 0 for result in results] == [False, False, True]


def test_each_accepted_form_of_one_step_is_right_and_no_other() -> None:
    forms = ["จัดทำคู่มือ", {"text": "จัดทำคู่มือ", "sub_steps": ["ร่างคู่มือ"]}, "จัดทำคู่มือ (ภายในเดือนธันวาคม)"]
    rows = [make_row(steps=["ทบทวน", form]) for form in (*forms, "จัดทำคู่มือใหม่")]
    results = score_row(make_row(steps=["ทบทวน", {"any_of": forms}]), *rows)
    assert [len(result.mismatches) for result in results] == [0, 0, 0, 1]


def test_each_accepted_list_of_parties_is_right_and_no_mixture() -> None:
    lists = [[{"unit": "กองคลัง"}], [{"unit": "กองช่าง"}, {"unit": {"any_of": ["สำนักปลัด", "สำนักปลัดเทศบาล"]}}]]
    rows = [
        make_row(responsible={"scope": "listed", "parties": [{"unit": unit} for unit in units]})
        for units in (["กองคลัง"], ["สำนักปลัดเทศบาล", "กองช่าง"], ["กองคลัง", "กองช่าง"])
    ]
    results = score_row(make_row(responsible={"scope": "listed", "parties": {"any_of": lists}}), *rows)
    assert [bool(result.mismatches) for result in results] == [False, False, True]


@pytest.mark.parametrize(
    "doubts",
    [
        {"any_of": [["unknown_unit"], ["unreadable_value"]]},
        [{"any_of": ["unknown_unit", "unreadable_value"]}],
    ],
)
def test_one_of_the_accepted_doubts_must_be_raised_and_one_only(doubts: Any) -> None:
    one, other = {"kind": "unknown_unit"}, {"kind": "unreadable_value"}
    gots = [make_row(doubts=[one]), make_row(doubts=[other]), make_row(), make_row(doubts=[one, other])]
    results = score_row(make_row(doubts=doubts), *gots)
    assert [(r.planted, r.raised, r.false_doubts) for r in results] == [(1, 1, 0), (1, 1, 0), (1, 0, 0), (1, 1, 1)]


def test_a_doubt_allowed_once_is_false_when_raised_twice() -> None:
    doubt = {"kind": "unknown_unit"}
    results = score_row(
        make_row(doubts_allowed=["unknown_unit"]), make_row(doubts=[doubt]), make_row(doubts=[doubt, doubt])
    )
    assert [result.false_doubts for result in results] == [0, 1]


def test_columns_are_the_same_by_what_they_tell_and_none_is_only_met_by_none() -> None:
    reads = ["measure", "steps", "unit:กองคลัง", "unit:กองช่าง", "month:10", "month:11", "report_quarter:1"], None
    results = [score(make_plan(), make_plan(column_roles=read)) for read in reads]
    assert [len(result.mismatches) for result in results] == [0, 1]
    results = [score(make_plan(column_roles=None), make_plan(column_roles=read)) for read in reads]
    assert [len(result.mismatches) for result in results] == [1, 0]


@pytest.mark.parametrize("name", ["organization", "fiscal_year_be", "document_kind", "column_roles"])
def test_what_the_truth_of_a_file_leaves_out_is_not_scored(name: str) -> None:
    truth = {key: value for key, value in make_plan().items() if key != name}
    result = score(truth, make_plan(**{name: None}))
    assert result.mismatches == []
    assert result.total < score(make_plan(), make_plan()).total


def test_a_responsible_without_parties_in_the_truth_says_nothing_of_them() -> None:
    assert score_row(make_row(responsible={"scope": "listed"}), make_row())[0].mismatches == []


def test_each_accepted_list_of_rows_is_right() -> None:
    once = make_row(doubts=["measure_repeated"])
    measure = {**make_measure(), "rows": {"any_of": [[once], [once, make_row()]]}}
    for rows in ([once], [once, make_row()]):
        result = score(make_plan(measure), make_plan(make_measure(*rows)))
        assert (result.invented, result.missed, result.raised, result.mismatches) == (0, 0, 1, [])


def test_rows_in_any_pairing_may_be_split_but_lose_no_step_and_need_their_doubt() -> None:
    halves = ["2023-10-01", "2024-03-31"], ["2024-04-01", "2024-09-30"]
    steps, responsible = ["ก่อสร้างอาคาร", "จัดอบรมพนักงาน"], make_row()["responsible"]
    loose = {"steps": steps, "responsible": responsible, "periods": list(halves), "doubts": ["values_do_not_pair"]}
    truth = make_plan({"number": 1, "title": "การใช้งบประมาณ", "indicators": [2], "rows_in_any_pairing": loose})
    rows = [
        make_row(step, period={"start": start, "end": end}, doubts=[{"kind": "values_do_not_pair"}])
        for step, (start, end) in zip(steps, halves, strict=True)
    ]
    good = score(truth, make_plan(make_measure(*rows)))
    assert (good.mismatches, good.raised, good.invented) == ([], 1, 0)
    assert score(truth, make_plan(make_measure(rows[0]))).right < good.right
    assert score(truth, make_plan(make_measure(make_row("ก่อสร้างอาคาร")))).raised == 0


def test_rows_in_any_pairing_may_share_out_the_parties_and_quarters() -> None:
    units, quarters = ["สำนักปลัด", "กองการศึกษา"], [[1], [2]]
    parties, dates = [{"unit": unit} for unit in units], {"start": "2023-10-01", "end": "2024-09-30"}
    loose: Json = {"steps": ["ก่อสร้าง", "จัดอบรม"], "responsible": {"scope": "listed", "parties": parties}}
    loose |= {"periods": [list(dates.values())], "quarters_due": quarters}
    truth = make_plan({"number": 1, "title": "การใช้งบประมาณ", "indicators": [2], "rows_in_any_pairing": loose})
    rows = [
        make_row(
            step, responsible={"scope": "listed", "parties": [party]}, period=dates, reporting={"quarters_due": due}
        )
        for step, party, due in zip(loose["steps"], parties, quarters, strict=True)
    ]
    assert score(truth, make_plan(make_measure(*rows))).mismatches == []
    lost = {**rows[1], "responsible": rows[0]["responsible"]}
    late = {**rows[1], "reporting": {"quarters_due": [1, 2]}}
    assert [len(score(truth, make_plan(make_measure(rows[0], row))).mismatches) for row in (lost, late)] == [1, 1]


def test_the_bounds_are_met_at_their_edges_and_broken_beyond() -> None:
    assert broken_bounds(Score(right=98, total=100), Score(total=50, false_doubts=1)) == []
    assert len(broken_bounds(Score(right=97, total=100), Score(total=49, false_doubts=1))) == 2


def test_a_file_that_cannot_be_read_has_nothing_right(tmp_path: Path) -> None:
    plan = tmp_path / "plan.docx"
    plan.write_bytes(b"no document")
    result = read_and_score(plan, make_plan())
    assert (result.right, result.missed) == (0, 1)
    assert result.mismatches[0].startswith("cannot be read")


def test_every_truth_is_met_by_itself_and_by_nothing_less() -> None:
    for plan, truth in truths():
        draft = settled(truth)
        result = score(truth, draft)
        assert (result.mismatches, result.raised, result.invented) == ([], result.planted, 0), plan.name
        less = copy.deepcopy(draft)
        less["measures"].pop()
        assert score(truth, less).right < result.right, plan.name


# The bounds of the reader itself: all other tests here are about the scorer.
def test_the_reader_keeps_the_bounds_on_the_corpus() -> None:
    assert broken_bounds(*sums(score_corpus())) == []
