from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.matching import MatchKind, edit_distance, match_unit
from domain.office import OfficeSettings
from domain.opening import UnknownDivisionError, divisions_of
from domain.people import Division, DivisionKind, Level, Post
from tests.factories import DIVISIONS, make_people, make_responsible

PEOPLE = make_people()


def _certain(name: str) -> list[str]:
    return [division.key for division in match_unit(name, PEOPLE).divisions]


@pytest.mark.parametrize("name", ["กองคลัง", "กอง คลัง", " กองคลัง ", "khlang", "กองคลังฯ"])
def test_a_name_is_itself_whatever_its_spaces(name: str) -> None:
    assert match_unit(name, PEOPLE).kind is MatchKind.EXACT
    assert _certain(name) == ["khlang"]


@pytest.mark.parametrize(
    ("name", "division"),
    [
        ("สป.", "palad"),
        ("สำนักปลัดเทศบาล", "palad"),
        ("สำนักปลัด อบต.", "palad"),
        ("สำนักงานปลัด", "palad"),
        ("สำนักงานปลัดองค์การบริหารส่วนตำบลบ้านใหม่", "palad"),
        ("กองการศึกษา ศาสนาและวัฒนธรรม", "sueksa"),
        ("กองสาธารณสุขฯ", "satharanasuk"),
        ("กองสาธารณสุข", "satharanasuk"),
        ("กองสวัสดิการฯ", "sawatdikan"),
        ("หน่วยงานตรวจสอบภายใน", "truatsop"),
    ],
)
def test_what_every_office_writes_needs_no_question(name: str, division: str) -> None:
    assert match_unit(name, PEOPLE).kind is MatchKind.ALIAS
    assert _certain(name) == [division]


def test_a_short_name_in_the_office_is_the_long_one_in_the_plan() -> None:
    people = make_people(divisions=(Division("s", "กองสาธารณสุขฯ"), Division("e", "กองการศึกษาฯ")))
    found = match_unit("กองสาธารณสุขและสิ่งแวดล้อม", people)
    assert [d.key for d in found.divisions] == ["s"]


def test_a_cut_name_that_fits_two_divisions_is_asked() -> None:
    people = make_people(divisions=(Division("a", "กองส่งเสริมอาชีพ"), Division("b", "กองส่งเสริมคุณภาพชีวิต")))
    assert not match_unit("กองส่งเสริมฯ", people).is_certain


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("กองคลงั", "khlang"),
        ("กองข่าง", "chang"),
        ("กองชาง", "chang"),
        ("กองกาศึกษา", "sueksa"),
        ("ส่วนการคลัง", "khlang"),
        ("ส่วนโยธา", "chang"),
    ],
)
def test_a_misspelt_or_old_name_is_proposed_and_never_taken_in_silence(name: str, proposed: str) -> None:
    match = match_unit(name, PEOPLE)
    assert (match.kind, match.divisions) == (MatchKind.NEAR, ())
    assert match.proposal is not None
    assert match.proposal.key == proposed


def test_two_names_equally_near_give_no_proposal() -> None:
    people = make_people(divisions=(Division("a", "กองกลาง"), Division("b", "กองกวาง")))
    assert match_unit("กองกยาง", people).kind is MatchKind.UNKNOWN


@pytest.mark.parametrize("name", ["กองประปา", "กองขนส่ง", "กองเรือ", "กอง", "ฯ", ""])
def test_a_division_of_another_office_is_unknown_and_every_division_is_a_choice(name: str) -> None:
    match = match_unit(name, PEOPLE)
    assert (match.kind, match.proposal) == (MatchKind.UNKNOWN, None)
    assert set(match.candidates) == set(DIVISIONS)


@pytest.mark.parametrize(
    ("name", "division"),
    [
        ("ผอ.กองคลัง", "khlang"),
        ("ผู้อำนวยการกองช่าง", "chang"),
        ("หัวหน้าสำนักปลัด", "palad"),
        ("หัวหน้าสำนักปลัดเทศบาล", "palad"),
        ("หัวหน้าหน่วยตรวจสอบภายใน", "truatsop"),
        ("เจ้าหน้าที่กองคลัง", "khlang"),
    ],
)
def test_the_head_and_the_people_of_a_division_stand_for_it(name: str, division: str) -> None:
    assert match_unit(name, PEOPLE).kind is MatchKind.POST
    assert _certain(name) == [division]


@pytest.mark.parametrize("name", ["ปลัดเทศบาล", "รองปลัด อบต.", "นายกเทศมนตรี", "นิติกร", "คณะทำงาน ITA", "หัวหน้าฝ่ายปกครอง"])
def test_any_other_post_is_proposed_for_the_clerks_office_and_asked(name: str) -> None:
    match = match_unit(name, PEOPLE)
    assert (match.kind, match.divisions) == (MatchKind.POST, ())
    assert match.proposal is not None
    assert match.proposal.kind is DivisionKind.CLERKS_OFFICE


def test_a_post_of_the_office_stands_for_its_division() -> None:
    people = make_people()
    lawyer = Post("lawyer", "นิติกร", Level.OFFICER, "chang")
    with_lawyer = type(people)(people.divisions, (*people.posts, lawyer), people.persons, people.holdings)
    assert [d.key for d in match_unit("นิติกร", with_lawyer).divisions] == ["chang"]


def test_a_section_alone_is_asked_with_its_usual_division_first() -> None:
    match = match_unit("งานพัสดุ", PEOPLE)
    assert (match.kind, match.proposal, match.candidates[0].key) == (MatchKind.UNKNOWN, None, "khlang")


def test_an_answer_kept_as_alias_is_not_asked_again() -> None:
    people = make_people(divisions=(Division("khlang", "กองคลัง", aliases=("งานพัสดุ", "นิติกร")),))
    assert all(match_unit(name, people).kind is MatchKind.ALIAS for name in ("งานพัสดุ", "นิติกร", "งาน พัสดุ"))


def test_an_alias_of_two_divisions_means_both() -> None:
    both = (Division("a", "กองคลัง", aliases=("คณะทำงาน",)), Division("b", "กองช่าง", aliases=("คณะทำงาน",)))
    people = make_people(divisions=both)
    found = divisions_of(make_responsible(units=("คณะทำงาน",)), people, OfficeSettings(), "m1.1")
    assert found == list(both)


def test_an_assignment_is_never_opened_on_a_proposal() -> None:
    with pytest.raises(UnknownDivisionError, match="กองคลงั"):
        divisions_of(make_responsible(units=("กองคลงั",)), PEOPLE, OfficeSettings(), "m1.1")


@pytest.mark.parametrize(("left", "right", "slips"), [("", "กข", 2), ("กข", "ขก", 1), ("กขค", "กค", 1)])
def test_slips_are_counted_with_swaps_as_one(left: str, right: str, slips: int) -> None:
    assert edit_distance(left, right) == slips


@given(st.text("กขค ่", max_size=8), st.text("กขค ่", max_size=8))
def test_slips_are_the_same_both_ways(left: str, right: str) -> None:
    assert edit_distance(left, right) == edit_distance(right, left) <= max(len(left), len(right))


@given(st.text("กองคลังช่าฯ. ผอ", max_size=12))
def test_any_name_has_an_answer_or_a_question(name: str) -> None:
    match = match_unit(name, PEOPLE)
    assert match.is_certain != bool(match.candidates)
