from __future__ import annotations

import pickle

import pytest

from domain.errors import BadInputError, NotFoundError, SucharitError


def test_an_error_is_a_sentence_in_both_languages() -> None:
    error = NotFoundError(what="measure", key="m9", remedy="Look at the plan.")
    assert (str(error), error.in_thai()) == (
        "There is no measure “m9” here. Look at the plan.",
        "ไม่พบmeasure “m9” Look at the plan.",
    )


def test_the_facts_of_an_error_stay_readable() -> None:
    assert BadInputError(problem="p", remedy="r").facts == {"problem": "p", "remedy": "r"}


def test_an_error_crosses_processes_with_its_facts() -> None:
    error = pickle.loads(pickle.dumps(NotFoundError(what="measure", key="m9", remedy="Look.")))
    assert (type(error), error.in_thai()) == (NotFoundError, "ไม่พบmeasure “m9” Look.")


def test_facts_with_braces_are_printed_as_they_are() -> None:
    assert str(BadInputError(problem="{remedy}", remedy="x")) == "{remedy} x"


def test_an_error_without_its_facts_cannot_be_raised() -> None:
    with pytest.raises(KeyError, match="remedy"):
        BadInputError(problem="p")


def test_the_base_needs_no_facts() -> None:
    assert SucharitError().in_thai() == "มีบางอย่างไม่ถูกต้อง"


def test_a_thai_twin_stands_in_for_a_fact_in_the_thai_sentence_only() -> None:
    error = BadInputError(problem="The day is wrong.", problem_thai="วันไม่ถูกต้อง", remedy="2566")
    assert (str(error), error.in_thai()) == ("The day is wrong. 2566", "วันไม่ถูกต้อง 2566")
