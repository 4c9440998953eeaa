"""Whether a document is of this authority: however its name is typed, and never of another one in silence."""

from __future__ import annotations

import pytest

from plans.words.authorities import Authority
from tests.plans.factories import make_draft, make_row

OURS = Authority.named("เทศบาลตำบลบ้านใหม่", "tambon_municipality", "เมืองปทุมธานี", "ปทุมธานี")
LONG = Authority.named("เทศบาลตำบลท่าช้างคล้อง", "tambon_municipality", "ผาขาว", "เลย")


@pytest.mark.parametrize(
    "printed",
    [
        *(
            "เทศบาลตำบลบ้านใหม่",
            "เทศบาลตำบล บ้านใหม่",
            "ทต.บ้านใหม่",
            "ท.ต. บ้านใหม่",
            "เทศบาลบ้านใหม่",
            "บ้านใหม่",
            "เทศบาลตาบลบ้านใหม่",
        ),
        *(
            "สำนักงานเทศบาลตำบลบ้านใหม่",
            "เทศบาลตำบล\u200bบ้าน\u200bใหม่",
            "เทศบาลตำบลบ้านใหม่ได้จัดทำมาตรการ",
            "เทศบาลตำบลบ้านใหม่ประจำปี",
        ),
        *(
            "เทศบาลตำบลบ้านใหม่ อำเภอเมือง จังหวัดปทุมธานี",
            "เทศบาลตำบลบ้านใหม่อำเภอเมืองจังหวัดปทุมธานี",
            "ทต.บ้านใหม่ อ.เมือง จ.ปทุมธานี",
        ),
    ],
)
def test_our_name_is_ours_however_it_is_typed(printed: str) -> None:
    assert Authority.named(printed).is_same(OURS)


@pytest.mark.parametrize(
    "printed",
    [
        *(
            "เทศบาลตำบลบ้านใหม่สามัคคี",
            "เทศบาลตำบลบ้านใหญ่",
            "เทศบาลตำบลบ้านไผ่",
            "เทศบาลตำบลใหม่",
            "อบต.บ้านใหม่",
            "องค์การบริหารส่วนตำบลบ้านใหม่",
        ),
        *("เทศบาลเมืองบ้านใหม่", "ทม.บ้านใหม่", "เทศบาลตำบลบ้านใหม่ จังหวัดนนทบุรี", "เทศบาลตำบลบ้านใหม่ อำเภอลำลูกกา จังหวัดปทุมธานี"),
    ],
)
def test_another_name_kind_or_place_is_another_authority(printed: str) -> None:
    assert not Authority.named(printed).is_same(OURS)


def test_a_name_misread_by_a_scanner_is_ours_only_in_the_same_place() -> None:
    name = "เทศบาลตำบลท่าช้างคลีอง"
    assert Authority.named(name, district="ผาขาว", province="เลย").is_same(LONG)
    assert not Authority.named(name).is_same(LONG)
    assert not Authority.named("เทศบาลตำบลท่าช้างน้อย", district="ผาขาว", province="เลย").is_same(LONG)


@pytest.mark.parametrize("name", ["เทศบาลตำบล", "องค์การบริหารส่วนตำบล", "อบต.", "", "เทศบาลตำบล อำเภอ จังหวัด"])
def test_a_name_of_no_place_names_no_authority(name: str) -> None:
    assert Authority.named(name).place == ""


@pytest.mark.parametrize(
    ("line", "name", "kind"),
    [
        ("เทศบาลตำบล บ้านใหม่ อำเภอเมือง", "เทศบาลตำบล บ้านใหม่", "tambon_municipality"),
        ("ทต.บ้านใหม่", "ทต.บ้านใหม่", "tambon_municipality"),
        ("ทม. บ้านใหม่", "ทม. บ้านใหม่", "town_municipality"),
        ("เทศบาลตำบล ประจำปีงบประมาณ", None, None),
    ],
)
def test_the_name_is_read_apart_from_its_kind_and_abbreviated(line: str, name: str | None, kind: str | None) -> None:
    office = make_draft(make_row(), title=f"แผน ปีงบประมาณ ๒๕๖๖\n{line}").organization
    assert (office.name, office.type) == (name, kind)
