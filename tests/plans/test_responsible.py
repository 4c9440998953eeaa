"""Who must act, however the cell is typed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plans.words.responsible import read_responsible

DIVISIONS = ["สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา", "กองสาธารณสุขและสิ่งแวดล้อม", "หน่วยตรวจสอบภายใน"]


def units(text: str) -> list[tuple[str, str | None]]:
    reading = read_responsible(text)
    assert reading.scope == "listed"
    return [(party.unit, party.subunit) for party in reading.parties]


@pytest.mark.parametrize(
    "text",
    [
        "ทุกสำนัก/กอง",
        "ทุกสำนัก/ กอง",
        "ทุก สำนัก /กอง",
        "ทุกกอง/สำนัก",
        "ทุกสำนัก กอง",
        "ทุกกอง",
        "ทุกสำนัก/กอง ทุกสำนัก/กอง",
        "ทุกสำนักและทุกกอง",
    ],
)
def test_every_division_is_a_scope_not_a_name(text: str) -> None:
    reading = read_responsible(text)
    assert (reading.scope, reading.parties, reading.with_audit_unit, reading.unknown) == (
        "all_divisions",
        (),
        False,
        (),
    )


@pytest.mark.parametrize("text", ["ทุกส่วนราชการ", "ทุกหน่วยงาน", "ทุกสำนัก/กอง และหน่วยตรวจสอบภายใน", "ทุกสำนัก/กอง/หน่วยงาน"])
def test_every_unit_means_the_audit_unit_too(text: str) -> None:
    reading = read_responsible(text)
    assert (reading.scope, reading.with_audit_unit, reading.unknown) == ("all_divisions", True, ())


@pytest.mark.parametrize(
    "text", ["ผู้อำนวยการทุกกอง", "ผู้อำนวยการกองทุกกอง", "หัวหน้าส่วนราชการทุกส่วน", "หัวหน้าสำนักปลัดและผู้อำนวยการทุกกอง"]
)
def test_the_heads_of_all_divisions_are_a_scope(text: str) -> None:
    reading = read_responsible(text)
    assert (reading.scope, reading.unknown) == ("all_division_heads", ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("สำนักปลัด หน่วยตรวจ สอบภายใน", [("สำนักปลัด", None), ("หน่วยตรวจสอบภายใน", None)]),
        ("กองคลัง/งานพัสดุ", [("กองคลัง", "งานพัสดุ")]),
        ("กองคลัง (งานพัสดุ)", [("กองคลัง", "งานพัสดุ")]),
        ("กองคลัง/งานพัสดุ/งานจัดเก็บรายได้", [("กองคลัง", "งานพัสดุ"), ("กองคลัง", "งานจัดเก็บรายได้")]),
        ("กองช่าง/กองสาธารณสุขและสิ่งแวดล้อม", [("กองช่าง", None), ("กองสาธารณสุขและสิ่งแวดล้อม", None)]),
        ("สำนักปลัดและกองคลัง", [("สำนักปลัด", None), ("กองคลัง", None)]),
        ("กองสาธารณสุข และสิ่งแวดล้อม", [("กองสาธารณสุขและสิ่งแวดล้อม", None)]),
        ("สํานัก ปลัด", [("สำนักปลัด", None)]),
        ("1. สำนักปลัด 2. กองคลัง", [("สำนักปลัด", None), ("กองคลัง", None)]),
        ("- สำนักปลัด\n- กองช่าง", [("สำนักปลัด", None), ("กองช่าง", None)]),
        ("นายกเทศมนตรี / ปลัดเทศบาล", [("นายกเทศมนตรี", None), ("ปลัดเทศบาล", None)]),
        ("คณะทำงาน ITA", [("คณะทำงาน ITA", None)]),
    ],
)
def test_parties_are_parted_as_a_person_reads_them(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert units(text) == expected


def test_lead_and_support_are_told_apart() -> None:
    reading = read_responsible("หน่วยงานหลัก: สำนักปลัด หน่วยงานสนับสนุน: กองคลัง, กองช่าง")
    assert [(party.unit, party.role) for party in reading.parties] == [
        ("สำนักปลัด", "lead"),
        ("กองคลัง", "support"),
        ("กองช่าง", "support"),
    ]


@pytest.mark.parametrize("text", ["", " ", "-", "–"])
def test_an_empty_cell_names_nobody(text: str) -> None:
    assert read_responsible(text).scope == "missing"


@pytest.mark.parametrize(
    ("text", "name"), [("งานพัสดุ", "งานพัสดุ"), ("เทศบาล", "เทศบาล"), ("ทุกสำนัก/กอง (ปลัดเทศบาล เป็นหลัก)", "ปลัดเทศบาล")]
)
def test_what_is_no_known_unit_is_told(text: str, name: str) -> None:
    assert read_responsible(text).unknown == (name,)


@given(
    st.lists(st.sampled_from(DIVISIONS), min_size=1, max_size=5, unique=True),
    st.sampled_from([" ", "/", ", ", "\n", " / ", ";", " และ"]),
)
@example(["สำนักปลัด", "หน่วยตรวจสอบภายใน"], " ")
def test_a_list_of_divisions_comes_back(names: list[str], joint: str) -> None:
    assert units(joint.join(names)) == [(name, None) for name in names]


@given(st.sampled_from(DIVISIONS), st.integers(3, 25))
def test_a_stray_space_in_a_name_does_no_harm(name: str, place: int) -> None:
    broken = f"{name[:place]} {name[place:]}"
    if broken[place + 1 :].startswith(("งาน", "กอง", "สำนัก", "ปลัด", "และ")) and name[:place] != "สำนัก":
        return
    assert units(broken) == [(name, None)]


@given(st.text(max_size=80))
def test_no_text_crashes_the_reader(text: str) -> None:
    reading = read_responsible(text)
    assert reading.scope != "listed" or reading.parties
