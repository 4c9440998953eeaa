"""A plan of another authority, or of another year, is asked about where it meets the office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.errors import BadInputError
from plans.draft import OF_OFFICE
from plans.errors import OpenDoubtsError
from plans.review import Review, open_doubts, read_review, review_of, write_review
from plans.review.carry import carry
from plans.review.to_plan import to_plan
from services.planning.meet_office import OfficeAsksError, answered_at_once, met
from tests.factories import at, make_office, make_plan
from tests.plans.factories import make_draft, make_row
from tests.services.live_office import LiveOffice

Found = Callable[..., LiveOffice]
NOW = at("2022-12-01 10:00")  # fiscal year 2566
LONG_AFTER = at("2026-12-01 10:00")  # fiscal year 2570
OTHERS = "แผน ประจำปีงบประมาณ พ.ศ. ๒๕๖๖\nเทศบาลตำบลธารระกำ อำเภอบ่อแก้ว จังหวัดลพบุรี"
OURS = "แผน ประจำปีงบประมาณ พ.ศ. ๒๕๖๖\nทต.บ้านใหม่ อ.เมือง จ.ปทุมธานี"


def review(title: str = OTHERS) -> Review:
    return review_of(make_draft(make_row(), title=title))


def asked(given: Review, live: LiveOffice, now: Any = NOW, **how: bool) -> Review:
    with live.reading() as desk:
        return met(given, desk, now, **how)


def ids(given: Review) -> list[str]:
    return [doubt.id for doubt in given.doubts]


@pytest.fixture
def live(office: Found) -> LiveOffice:
    return office(plan=make_plan())


def test_a_plan_of_another_authority_is_asked_about_and_not_taken_in(live: LiveOffice) -> None:
    found = asked(review(), live)
    assert ids(found) == ["plan.other_authority"]
    assert "เทศบาลตำบลธารระกำ อำเภอบ่อแก้ว จังหวัดลพบุรี" in found.doubts[0].question
    assert "เทศบาลตำบลบ้านใหม่" in found.doubts[0].question
    assert found.doubts[0].proposal is None
    with pytest.raises(OpenDoubtsError, match="other_authority"):
        to_plan(found)


def test_our_own_plan_is_not_asked_about(live: LiveOffice) -> None:
    assert ids(asked(review(OURS), live)) == []


def test_a_plan_that_names_nobody_is_not_asked_about(live: LiveOffice) -> None:
    assert ids(asked(review("แผน ประจำปีงบประมาณ พ.ศ. ๒๕๖๖"), live)) == []


@pytest.mark.parametrize("override", [{"is_demo": True}, {"name": "เทศบาลตำบล", "district": "", "province": ""}])
def test_an_office_that_names_no_place_asks_nothing(office: Found, override: dict[str, Any]) -> None:
    live = office(plan=make_plan())
    with live.desk() as desk:
        desk.uow.offices.save(make_office(key=live.key, **override))
    assert ids(asked(review(), live)) == []


def test_a_plan_of_a_year_long_over_is_asked_about(live: LiveOffice) -> None:
    old = review(OURS.replace("๒๕๖๖", "๒๕๖๔"))
    found = asked(old, live, LONG_AFTER)
    assert ids(found)[-1] == "plan.other_year"
    assert "other_year" not in "".join(ids(asked(old, live, LONG_AFTER, is_year_said=True)))


@pytest.mark.parametrize("year", ["๒๕๗๐", "๒๕๗๑", "๒๕๖๖"])
def test_this_year_the_next_and_one_we_have_a_plan_of_are_not_asked_about(live: LiveOffice, year: str) -> None:
    assert "plan.other_year" not in ids(asked(review(OURS.replace("๒๕๖๖", year)), live, LONG_AFTER))


@pytest.mark.parametrize(("answer", "year"), [("this_year", 2570), ("next_year", 2571), ("as_printed", 2564)])
def test_the_year_answered_is_the_year_of_the_plan(live: LiveOffice, answer: str, year: int) -> None:
    row = make_row(period="ต.ค. - ก.ย. ๒๕๖๔")
    found = asked(review_of(make_draft(row, title=OURS.replace("๒๕๖๖", "๒๕๖๔"))), live, LONG_AFTER)
    found.doubts[-1].answer = answer
    plan = to_plan(read_review(write_review(found)))
    [(_, step)] = plan.steps()
    assert (plan.fiscal_year_be, step.start.year) == (year, year - 544)


def test_an_answer_holds_for_the_office_it_was_given_for_only(live: LiveOffice) -> None:
    found = asked(review(), live)
    found.doubts[0].answer = "as_model"
    again = asked(read_review(write_review(found)), live)
    assert open_doubts(again) == []
    with live.desk() as desk:
        desk.uow.offices.save(make_office(key=live.key, name="เทศบาลตำบลบ้านเก่า"))
    assert ids(Review.model_validate({**again.model_dump(), "doubts": open_doubts(asked(again, live))})) == [
        "plan.other_authority"
    ]


def test_it_is_gone_once_the_name_is_put_right(live: LiveOffice) -> None:
    found = asked(review(), live)
    found.organization.name, found.organization.district, found.organization.province = "เทศบาลตำบลบ้านใหม่", None, None
    assert (ids(asked(found, live)), asked(found, live).doubts_raised) == ([], 0)


def test_to_say_that_it_is_corrected_does_not_make_it_ours(live: LiveOffice) -> None:
    found = asked(review(), live)
    found.doubts[0].answer = "corrected"
    assert [doubt.answer for doubt in asked(found, live).doubts] == [None]


def test_the_answer_comes_along_when_the_file_is_read_again(live: LiveOffice) -> None:
    earlier = asked(review(), live)
    earlier.doubts[0].answer = "ours"
    again = asked(carry(earlier, review()).review, live)
    assert [(doubt.id, doubt.answer) for doubt in again.doubts] == [("plan.other_authority", "ours")]
    other = asked(carry(earlier, review(OTHERS.replace("ธารระกำ", "ธารทอง"))).review, live)
    assert [doubt.answer for doubt in other.doubts] == [None]


def test_an_answer_beside_the_review_is_taken_and_every_missing_one_is_named(live: LiveOffice) -> None:
    found = asked(review(OTHERS.replace("๒๕๖๖", "๒๕๖๔")), live, LONG_AFTER)
    own = [doubt for doubt in found.doubts if doubt.kind in OF_OFFICE]
    with pytest.raises(OfficeAsksError) as refused:
        answered_at_once(found, {"other_authority": "ours"}, command="import", option="--answer {id}={choices}")
    assert "--answer other_year=this_year | next_year | as_printed" in str(refused.value)
    assert "ธารระกำ" not in str(refused.value)
    taken = answered_at_once(found, {"plan.other_authority": "ours", "other_year": "as_printed"}, command="", option="")
    assert len(own) == 2
    assert [doubt.answer for doubt in taken.doubts if doubt.kind in OF_OFFICE] == ["ours", "as_printed"]


@pytest.mark.parametrize("answers", [{"other_authority": "yes"}, {"other_year": "as_printed"}, {"t0r1": "keep"}])
def test_an_answer_to_what_is_not_asked_is_refused(live: LiveOffice, answers: dict[str, str]) -> None:
    with pytest.raises(BadInputError):
        answered_at_once(asked(review(), live), answers, command="", option="")
