"""On the command line, a plan of another authority or year stays out until somebody says that it is meant."""

from __future__ import annotations

from pathlib import Path

from plans.examples import plan_2566
from tests.cli.command import Sucharit
from tests.cli.conftest import this_year

PLAN = plan_2566()


def test_it_is_refused_with_the_command_that_answers(sucharit: Sucharit) -> None:
    said = sucharit.refused("plan", "import", PLAN.review)
    assert "It is a plan of “เทศบาลตำบลท่าช้างคล้อง อำเภอผาขาว จังหวัดเลย”, and the office is “เทศบาลตำบลบ้านใหม่”." in said
    assert f"It is of fiscal year 2566, and this is {this_year().be}." in said
    assert f'sucharit plan import {PLAN.review} --answer "other_authority=ours | as_model"' in said
    assert 'as_model" --answer "other_year=this_year | next_year | as_printed"' in said
    assert sucharit.done("plan", "list").count("\n") == 2


def test_answers_beside_it_let_it_in_as_they_say(sucharit: Sucharit) -> None:
    taken = ("plan", "import", PLAN.review, "--accept-proposals", "--answer", "other_authority=as_model")
    assert "of fiscal year 2566" in sucharit.done(*taken, "--answer", "other_year=as_printed")
    assert f"of fiscal year {this_year().be}" in sucharit.done(*taken, "--fiscal-year", this_year().be, "--move-year")
    assert "answers nothing" in sucharit.refused(*taken, "--answer", "other_year=yes")


def test_the_questions_stand_in_the_review_of_an_office_that_is_named(sucharit: Sucharit, tmp_path: Path) -> None:
    review = tmp_path / "review.yaml"
    sucharit.done("plan", "read", PLAN.plan, "--review", review, "--answers", PLAN.review, "--office", "banmai")
    text = review.read_text(encoding="utf-8")
    assert "plan.other_authority" in text
    assert "plan.other_year" in text
    answered = text.replace("    answer:\n", "    answer: as_model\n", 1).replace(
        "    answer:\n", "    answer: this_year\n", 1
    )
    review.write_text(answered, encoding="utf-8")
    said = sucharit.done("plan", "import", review, "--accept-proposals")
    assert f"of fiscal year {this_year().be}" in said
