"""The commands that match names, show a revision and roll a plan over, on the real command line."""

from __future__ import annotations

import re
from pathlib import Path

from plans.examples import plan_2566
from tests.cli.command import Sucharit
from tests.cli.conftest import assignment, last_year, this_year
from tests.plans.factories import as_of_test_office

PLAN = plan_2566()


def _review(folder: Path, name: str = "review.yaml", **replaced: str) -> Path:
    """The reviewed example with names of divisions replaced, here by the names of their keys."""
    text = as_of_test_office(PLAN.review.read_bytes()).decode()
    for old, new in replaced.items():
        text = text.replace(f'unit: "{_NAMES[old]}"', f'unit: "{new}"')
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


_NAMES = {"palad": "สำนักปลัด", "audit": "หน่วยตรวจสอบภายใน"}


def test_every_name_nobody_knows_is_asked_at_once_with_the_command_that_answers(
    sucharit: Sucharit, tmp_path: Path
) -> None:
    review = _review(tmp_path, palad="สำนกัปลัด", audit="กองเรือ")
    said = sucharit.refused("plan", "import", review, "--fiscal-year", this_year().be, "--move-year")
    assert "by that name: 2" in said
    assert re.search(r"“สำนกัปลัด” \(m3\.3, .*\): misspelt or an old name; is it สำนักปลัด \(palad\)\?", said)
    assert re.search(r"“กองเรือ” \(m3\.3, .*\): which division\?", said)
    assert f'--fiscal-year {this_year().be} --move-year --unit "สำนกัปลัด=palad" --unit "กองเรือ=…"' in said
    assert sucharit.done("plan", "list").count("\n") == 2


def test_an_answer_is_asked_once_and_remembered_for_the_next_plan(sucharit: Sucharit, tmp_path: Path) -> None:
    review = _review(tmp_path, palad="สำนกัปลัด", audit="กองเรือ")
    half = ("plan", "import", review, "--fiscal-year", 2566, "--accept-proposals")
    assert '--unit "สำนกัปลัด=palad" --unit "กองเรือ=…"' in sucharit.refused(*half)
    assert "Stored as revision 1 of fiscal year 2566" in sucharit.done(*half, "--unit", "กองเรือ=หน่วยตรวจสอบภายใน")
    assert "สำนกัปลัด" in sucharit.done("office", "show")
    assert sucharit.done("ledger", "show").count("division.named") == 2
    late = sucharit.refused("plan", "activate", "--fiscal-year", 2566)  # whatever the hour and the day
    assert "Fiscal year 2566 ended on 2023-09-30" in late
    assert "is in force" in sucharit.done("plan", "activate", "--fiscal-year", 2566, "--yes")
    assert "Stored as revision 1" in sucharit.done("plan", "import", review, "--fiscal-year", 2570, "--move-year")


def test_names_every_office_writes_are_not_asked_about(sucharit: Sucharit, tmp_path: Path) -> None:
    review = _review(tmp_path, palad="สป.", audit="หัวหน้าหน่วยตรวจสอบภายใน")
    assert "Stored as revision 1" in sucharit.done("plan", "import", review, "--fiscal-year", 2566)
    assert "division.named" not in sucharit.done("ledger", "show")


def test_an_answer_that_cannot_be_used_is_refused(sucharit: Sucharit, tmp_path: Path) -> None:
    review = _review(tmp_path, palad="สำนกัปลัด")
    for given, said in (
        ("สำนกัปลัด", "“สำนกัปลัด” names no division. Write it like"),
        ("สำนกัปลัด=", "names no division"),
        ("สำนกัปลัด=กองเรือ", "There is no division “กองเรือ” here."),
        ("กองทัพ=palad", "The plan names no “กองทัพ”. It names: "),
        ("หน่วยตรวจสอบภายใน=palad", "“หน่วยตรวจสอบภายใน” is known already: truatsop."),
    ):
        assert said in sucharit.refused("plan", "import", review, "--fiscal-year", 2566, "--unit", given)


def test_a_revision_is_shown_before_it_is_stored_and_applied_as_shown(sucharit: Sucharit, tmp_path: Path) -> None:
    year = last_year().be
    review = _review(tmp_path)
    shown = sucharit.done("plan", "diff", review, "--fiscal-year", year)
    assert f"Beside revision 1 of fiscal year {year} (in force):" in shown
    assert "  - measure 1 removed: “มาตรการส่งเสริมความโปร่งใส”" in shown
    assert "  - m1.1 removed: “ประกาศเจตนารมณ์การป้องกันการทุจริต”" in shown
    assert "  Steps: 20 added, 1 removed." in shown
    assert "  cancelled, the division need not act any more (4):\n" in shown
    assert f"    {assignment(1)} กองช่าง, due " in shown
    assert sucharit.done("plan", "list").count("\n") == 2
    stored = sucharit.done("plan", "import", review, "--fiscal-year", year, "--move-year")
    assert shown.strip() in stored
    late = sucharit.refused("plan", "activate", "--fiscal-year", year)
    assert re.search(
        rf"year {year} ended on .*: \d+ assignments of \d divisions would open at once, and \d+ letters", late
    )
    active = sucharit.done("plan", "activate", "--fiscal-year", year, "--yes")
    assert shown.partition("comes into force now:\n")[2].strip() in active
    again = sucharit.done("plan", "diff", review, "--fiscal-year", year)
    assert "Nothing of meaning differs." in again
    assert "None is touched." in again


def test_the_first_plan_of_a_year_has_nothing_to_be_compared_with(sucharit: Sucharit, tmp_path: Path) -> None:
    said = sucharit.done("plan", "diff", _review(tmp_path), "--fiscal-year", 2575)
    assert said == "There is no earlier plan of fiscal year 2575: everything is new.\n"


def test_a_look_at_the_difference_keeps_no_answer(sucharit: Sucharit, tmp_path: Path) -> None:
    heads = sucharit.heads()
    review = _review(tmp_path, palad="สำนกัปลัด")
    assert "plan diff" in sucharit.refused("plan", "diff", review, "--fiscal-year", 2566)
    assert "everything is new" in sucharit.done(
        "plan", "diff", review, "--fiscal-year", 2566, "--unit", "สำนกัปลัด=palad"
    )
    assert sucharit.heads() == heads
    assert "สำนกัปลัด" not in sucharit.done("office", "show")


def test_answers_of_an_earlier_review_hold_for_the_corrected_document(sucharit: Sucharit, tmp_path: Path) -> None:
    corrected = tmp_path / "corrected.txt"
    corrected.write_bytes(PLAN.plan.read_bytes())
    new = tmp_path / "new.yaml"
    answer = sucharit.run("plan", "read", corrected, "--review", new, "--answers", PLAN.review)
    assert answer.code == 0, answer
    count = PLAN.review.read_text(encoding="utf-8").count("    answer: ")
    assert f"{count} of {count} questions are answered from {PLAN.review}." in answer.err
    assert "Stored as revision 1" in sucharit.done(
        "plan", "import", new, "--fiscal-year", 2566, "--answer", "other_authority=ours"
    )
    alone = sucharit.refused("plan", "read", corrected, "--answers", PLAN.review)
    assert alone == "The answers have no file to go to. Name a new review file with --review."


def test_rolling_over_says_what_it_did_and_what_is_left(sucharit: Sucharit) -> None:
    year = last_year().be
    said = sucharit.done("plan", "roll-over", "--from", year, "--to", year + 1)
    assert f"Stored as revision 1 of fiscal year {year + 1}." in said
    assert "Every period is moved by whole years (1 steps)." in said
    assert "Unfinished in the year before: 4" in said
    assert f"  {assignment(1)} กองช่าง, open: “ประกาศเจตนารมณ์การป้องกันการทุจริต”, already there as m1.1\n" in said
    assert "Already there: 4;" in said
    assert "--carry" not in said
    assert f"sucharit plan activate --fiscal-year {year + 1} --revision 1\n" in said
    again = sucharit.done("plan", "roll-over", "--from", year, "--to", year + 1, "--carry")
    assert f"Already there as revision 1 of fiscal year {year + 1}." in again


def test_a_roll_over_that_cannot_be_is_refused(sucharit: Sucharit) -> None:
    year = last_year().be
    rolled = ("plan", "roll-over", "--from", year, "--to")
    assert "is the plan's own year" in sucharit.refused(*rolled, year)
    assert f"{year - 1} comes before {year}." in sucharit.refused(*rolled, year - 1)
    assert "“O42” names no two O-items." in sucharit.refused(*rolled, year + 1, "--item", "O42")


def test_a_document_of_another_year_is_moved_only_on_demand(sucharit: Sucharit, tmp_path: Path) -> None:
    said = sucharit.refused("plan", "import", _review(tmp_path), "--fiscal-year", 2575)
    assert said.startswith("The document is of fiscal year 2566, and --fiscal-year says 2575.")
    moved = sucharit.run("plan", "import", _review(tmp_path), "--fiscal-year", 2575, "--move-year")
    assert "every period is moved by whole years to 2575" in moved.err
    assert "sucharit plan activate --fiscal-year 2575 --revision 1\n" in moved.out


def test_which_of_several_revisions_is_meant_is_asked(sucharit: Sucharit, tmp_path: Path) -> None:
    year = 2600
    sucharit.done("plan", "import", _review(tmp_path), "--fiscal-year", year, "--move-year")
    sucharit.done("plan", "import", _retitled(tmp_path), "--fiscal-year", year, "--move-year")
    asked = sucharit.refused("plan", "activate", "--fiscal-year", year)
    assert re.search(r"revision 1: imported \d{4}-\d\d-\d\d \d\d:\d\d by admin, 5 measures, 20 steps", asked)
    assert "revision 2: imported" in asked
    active = sucharit.done("plan", "activate", "--fiscal-year", year, "--revision", 2)
    assert re.search(r"The first open on 2056-1\d-\d\d at 08:30: \d+ assignments of \d divisions\.", active)
    older = sucharit.done("plan", "activate", "--fiscal-year", year, "--revision", 1, "--since", "2056-11-01")
    assert "it is stored again as revision 3, with the same content." in older
    assert "--since 2056-11-01 is ignored" in older
    lines = [line.split()[:3] for line in sucharit.done("plan", "list").splitlines() if line.startswith(str(year))]
    assert lines == [[str(year), "1", "-"], [str(year), "2", "replaced"], [str(year), "3", "2056-10-01"]]


def _retitled(folder: Path) -> Path:
    text = _review(folder).read_text(encoding="utf-8")
    file = folder / "retitled.yaml"
    file.write_text(re.sub(r'^title: "', 'title: "แก้ไข ', text, count=1, flags=re.MULTILINE), encoding="utf-8")
    return file


def test_an_exported_plan_is_the_same_plan_when_it_comes_back(sucharit: Sucharit, tmp_path: Path) -> None:
    sucharit.done("plan", "import", _review(tmp_path), "--fiscal-year", 2566)
    out = tmp_path / "out.yaml"
    assert "Revision 1 of fiscal year 2566 is in" in sucharit.done("plan", "export", "--fiscal-year", 2566, out)
    assert "is there already" in sucharit.refused("plan", "export", "--fiscal-year", 2566, out)
    assert "Already there as revision 1" in sucharit.done("plan", "import", out)


def test_where_nothing_is_kept_nothing_is_made(nowhere: Sucharit) -> None:
    said = nowhere.refused("plan", "list")
    assert f"There is nothing yet in {nowhere.home}, where the service keeps its data (SUCHARIT_HOME)." in said
    assert not nowhere.home.exists()
