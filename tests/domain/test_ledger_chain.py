from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ledger import GENESIS, Entry, LedgerBrokenError, LedgerLine, canonical, chain, verify
from tests.factories import at

Damage = Callable[[list[LedgerLine]], list[LedgerLine]]


def entry(number: int) -> Entry:
    moment = at("2023-04-10 08:30") + timedelta(minutes=number)
    return Entry(moment, "assignment.hand_in", "somsri", f"2566-m1.{number}-chang-q2", {"version": number})


def chained(count: int) -> list[LedgerLine]:
    lines: list[LedgerLine] = []
    for seq in range(1, count + 1):
        lines.append(chain("ban-mai", seq, entry(seq), lines[-1].hash if lines else GENESIS))
    return lines


def rewritten(line: LedgerLine) -> LedgerLine:
    """A line whose entry was changed and whose own hash was made to fit again."""
    return chain(line.office, line.seq, replace(line.entry, actor="somebody"), line.previous)


def broken_at(lines: list[LedgerLine]) -> int:
    with pytest.raises(LedgerBrokenError) as broken:
        verify(lines)
    seq = broken.value.facts["seq"]
    assert isinstance(seq, int)
    return seq


def test_a_sound_chain_gives_its_length_and_last_hash() -> None:
    lines = chained(5)
    assert verify(lines) == (5, lines[-1].hash)


def test_an_empty_ledger_is_sound() -> None:
    assert verify([]) == (0, GENESIS)


@pytest.mark.parametrize(
    ("damage", "seq"),
    [
        (lambda lines: [*lines[:2], replace(lines[2], entry=entry(9)), *lines[3:]], 3),
        (lambda lines: [*lines[:2], replace(lines[2], office="other"), *lines[3:]], 3),
        (lambda lines: [*lines[:2], rewritten(lines[2]), *lines[3:]], 4),
        (lambda lines: [*lines[:2], *lines[3:]], 4),
        (lambda lines: lines[1:], 2),
        (lambda lines: [*lines[:2], lines[1], *lines[2:]], 2),
        (lambda lines: [*lines[:2], chain("ban-mai", 3, entry(9), lines[1].hash), *lines[2:]], 3),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 3),
        (lambda lines: [replace(lines[0], previous="f" * 64), *lines[1:]], 1),
    ],
    ids=[
        "changed",
        "moved to another office",
        "changed with a new hash",
        "removed",
        "first removed",
        "doubled",
        "inserted",
        "reordered",
        "first tied elsewhere",
    ],
)
def test_damage_is_found_at_the_first_line_that_does_not_fit(damage: Damage, seq: int) -> None:
    assert broken_at(damage(chained(5))) == seq


def test_the_error_says_in_both_languages_which_line_of_which_office() -> None:
    with pytest.raises(LedgerBrokenError, match=r"Line 4 .*ban-mai.* line 3 should be") as broken:
        verify([line for line in chained(4) if line.seq != 3])
    assert "บรรทัดที่ ๔ ของสมุดบันทึก “ban-mai”" in broken.value.in_thai()


def test_the_order_of_facts_does_not_change_the_hash() -> None:
    one, two = (replace(entry(1), data=data) for data in ({"a": 1, "b": 2}, {"b": 2, "a": 1}))
    assert chain("ban-mai", 1, one, GENESIS).hash == chain("ban-mai", 1, two, GENESIS).hash


def test_the_zone_an_instant_was_written_in_does_not_change_the_hash() -> None:
    local = entry(1)
    assert chain("ban-mai", 1, replace(local, at=local.at.astimezone(UTC)), GENESIS).hash == (
        chain("ban-mai", 1, local, GENESIS).hash
    )


def test_the_text_that_is_hashed_is_plain_json_anybody_can_rebuild() -> None:
    line = Entry(datetime(2023, 4, 10, 1, 30, tzinfo=UTC), "plan.import", "สมศรี", "2566", {"b": [1, None], "a": "ก"})
    assert canonical("ban-mai", 1, line, "00") == (
        '{"actor":"สมศรี","at":"2023-04-10T01:30:00.000000Z","data":{"a":"ก","b":[1,null]},"kind":"plan.import",'
        '"office":"ban-mai","previous":"00","seq":1,"subject":"2566"}'
    )


FIELDS = st.sampled_from(["actor", "kind", "subject", "data", "at"])


@given(count=st.integers(2, 12), data=st.data())
def test_no_single_changed_field_goes_unnoticed(count: int, data: st.DataObject) -> None:
    lines = chained(count)
    index = data.draw(st.integers(0, count - 1))
    changes: dict[str, object] = {
        "actor": "x",
        "kind": "mail.sent",
        "subject": "x",
        "data": {},
        "at": datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=7))),
    }
    name = data.draw(FIELDS)
    changed = replace(lines[index].entry, **{name: changes[name]})  # type: ignore[arg-type]
    lines[index] = replace(lines[index], entry=changed)
    assert broken_at(lines) == index + 1


@given(order=st.permutations(range(6)))
def test_no_other_order_is_sound(order: list[int]) -> None:
    lines = chained(6)
    shuffled = [lines[n] for n in order]
    if shuffled == lines:
        assert verify(shuffled) == (6, lines[-1].hash)
    else:
        first_wrong = next(n for n, line in enumerate(shuffled) if line.seq != n + 1)
        assert broken_at(shuffled) == shuffled[first_wrong].seq
