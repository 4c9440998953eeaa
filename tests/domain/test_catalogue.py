from __future__ import annotations

import pytest

from domain.catalogue import Certainty, Item, YearOfItems, catalogue, items_in, with_items, with_years, years_in

KNOWN = catalogue()


def test_every_year_from_2564_to_2569_is_there_once_and_2570_is_not() -> None:
    assert [year.fiscal_year_be for year in KNOWN.years] == list(range(2564, 2570))
    assert KNOWN.year(2570) is None


@pytest.mark.parametrize(
    ("year", "count", "measures", "report", "certainty"),
    [
        (2564, 43, 42, 43, Certainty.SURE),
        (2566, 43, 42, 43, Certainty.SURE),
        (2567, 35, 34, 35, Certainty.LIKELY),
        (2568, 28, 27, 28, Certainty.LIKELY),
        (2569, 26, 25, 26, Certainty.DISPUTED),
    ],
)
def test_the_two_items_of_a_year(year: int, count: int, measures: int, report: int, certainty: Certainty) -> None:
    found = KNOWN.year(year)
    assert found is not None
    assert (found.items_in_all, found.measures.number, found.report.number) == (count, measures, report)
    assert found.certainty is certainty
    assert found.source


@pytest.mark.parametrize("year", [2564, 2566, 2570])
def test_there_are_ten_indicators_each_under_one_name(year: int) -> None:
    names = [indicator.number for indicator in KNOWN.indicators if indicator.is_of(year)]
    assert names == list(range(1, 11))


def test_indicator_8_was_renamed_after_2565() -> None:
    assert KNOWN.renamed(2565, 2566) == {"การปรับปรุงระบบการทำงาน": "การปรับปรุงการทำงาน"}
    assert KNOWN.renamed(2566, 2569) == {}
    assert KNOWN.indicator(11, 2566) is None


def test_an_item_is_sure_only_where_both_years_are() -> None:
    assert KNOWN.renumbered(42, 2565, 2566).is_sure
    likely = KNOWN.renumbered(42, 2566, 2567)
    assert (likely.after, likely.is_sure) == (34, False)
    assert likely.why.startswith("2567 is likely")
    assert KNOWN.renumbered(43, 2566, 2569).after == 26


def test_what_the_catalogue_does_not_know_it_says() -> None:
    assert KNOWN.renumbered(25, 2569, 2570).why == "nothing is known of the items of 2570"
    assert KNOWN.renumbered(7, 2566, 2567).after is None


def test_a_sure_year_is_replaced_without_asking() -> None:
    sure = YearOfItems(
        fiscal_year_be=2567,
        items_in_all=35,
        measures=Item(number=34),
        report=Item(number=35),
        certainty=Certainty.SURE,
        source="manual",
    )
    known = KNOWN.model_copy(update={"years": (*KNOWN.years[:3], sure)})
    assert known.renumbered(42, 2566, 2567).is_sure


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("ตามข้อ O42 และ O๔๓", [42, 43]),
        ("o 42", [42]),
        ("(O42)", [42]),
        ("OIT 42 ข้อ", []),
        ("CO2", []),
        ("O422", []),
        ("Video42", []),
    ],
)
def test_items_are_found_in_texts(text: str, items: list[int]) -> None:
    assert list(items_in(text)) == items


def test_items_are_renumbered_in_their_own_digits() -> None:
    assert with_items("O42, O๔๓ และ O1", lambda n: {42: 34, 43: 35}.get(n, n)) == "O34, O๓๕ และ O1"


def test_years_are_moved_in_their_own_digits() -> None:
    assert with_years("พ.ศ. ๒๕๖๖ - 2570 รหัส 25661", 1) == "พ.ศ. ๒๕๖๗ - 2571 รหัส 25661"
    assert list(years_in("พ.ศ. ๒๕๖๖ - 2570 รหัส 25661")) == [2566, 2570]
