"""Offices in which posts are vacant rehearse their year, whichever posts these are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.moves import Move
from domain.people import Holding, Level, People
from domain.plan import Cadence, Plan, Scope
from domain.rights import moves_of
from services.rehearsal.rehearsal_text import as_text
from services.rehearsal.rehearse import Lacking, Rehearsal, rehearse
from services.rehearsal.rehearse_apart import Job, rehearse_apart
from tests.factories import (
    make_measure,
    make_office,
    make_people,
    make_plan,
    make_reporting,
    make_responsible,
    make_step,
)

POSTS = sorted(post.key for post in make_people().posts)
LINE = [key for key in POSTS if key != "admin"]


def short_plan() -> Plan:
    """What every division owes once a half-year: quick to play."""
    everybody = make_responsible(scope=Scope.ALL_UNITS)
    half_years = make_reporting(cadence=Cadence.SEMIANNUAL)
    return make_plan(measures=(make_measure(steps=(make_step(responsible=everybody, reporting=half_years),)),))


def played(people: People) -> Rehearsal:
    return rehearse(short_plan(), make_office(), people)


def left_out(done: Rehearsal) -> set[str]:
    return set(done.states) - {"accepted", "cannot_do"}


def has_somebody_for(move: Move, division: str, people: People) -> bool:
    return any(move in moves_of(person.key, division, people, date(2023, 4, 10)) for person in people.persons)


@settings(max_examples=8, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(vacant=st.sets(st.sampled_from(POSTS)), missing=st.sets(st.sampled_from(POSTS)))
def test_any_office_rehearses(vacant: set[str], missing: set[str]) -> None:
    """Vacant posts are held by nobody, missing ones do not even exist."""
    people = make_people(vacant=vacant)
    gone = replace(people, posts=tuple(post for post in people.posts if post.key not in missing))
    done = played(gone)
    is_done = all(has_somebody_for(move, d.key, gone) for d in gone.divisions for move in (Move.HAND_IN, Move.ACCEPT))
    assert (left_out(done) == set()) == is_done
    assert done.faults == ()
    assert len(done.reports) >= 4


@pytest.mark.parametrize(
    "vacant",
    [("chang-officer",), ("chang-head",), ("chang-officer", "chang-head"), ("clerk",), ("mayor",), ("clerk", "mayor"),
     ("truatsop-officer",), ("truatsop-officer", "clerk")],
    ids="+".join,
)  # fmt: skip
def test_where_somebody_is_left_in_the_line_everything_is_done(vacant: tuple[str, ...]) -> None:
    done = played(make_people(vacant=vacant))
    assert left_out(done) == set()
    lacks = ["หน่วยตรวจสอบภายใน"] if vacant == ("clerk", "mayor") else []
    assert [one.division for one in done.lacking] == lacks


def test_what_the_clerk_does_for_a_vacant_division_is_written_down_as_that() -> None:
    done = played(make_people(vacant=["chang-officer", "chang-head"]))
    places = {
        line.entry.data.get("in_place_of", "")
        for line in done.lines
        if line.entry.kind == f"assignment.{Move.HAND_IN}" and "-chang-" in line.entry.subject
    }
    assert places == {"officer"}
    others = [line for line in done.lines if "-khlang-" in line.entry.subject and "in_place_of" in line.entry.data]
    assert others == []


def test_an_administrator_alone_does_everything_and_the_rehearsal_says_who_is_missing() -> None:
    done = played(make_people(vacant=LINE))
    assert left_out(done) == set()
    assert done.lacking[0] == Lacking("สำนักปลัด", Level.OFFICER, "ผู้ดำรงตำแหน่งผู้ดูแลระบบ")
    assert "สำนักปลัด has nobody who reports or decides on some days" in as_text(done, [], is_usual=False)


def test_with_nobody_at_all_the_rehearsal_says_so_in_words() -> None:
    job = Job.of(short_plan(), make_office(), make_people(vacant=POSTS))
    done = rehearse_apart(job)
    assert done.states == {"open": 14}
    assert {(one.level, one.administrator) for one in done.lacking} == {(Level.OFFICER, "")}
    assert len(done.lacking) == len(make_people().divisions)


def test_an_office_whose_holders_leave_within_the_year_rehearses() -> None:
    people = make_people()
    leaving = tuple(Holding(h.post, h.person, h.start_on, date(2023, 1, 10)) for h in people.holdings)
    done = played(replace(people, holdings=leaving))
    assert left_out(done) == {"open"}
    assert done.lacking


def test_a_decider_who_decides_nothing_is_reminded_at_two_and_five_days_and_then_on_every_summary_day() -> None:
    """Handed in on Thursday the 30th of March; Thursday the 6th and Monday the 17th of April are off."""
    done = rehearse(short_plan(), make_office(), make_people(), undecided=("กองช่าง",))
    told = [(e.on, e.level) for e in done.reminders_to_decide if e.on < date(2023, 4, 25)]
    assert told == [
        (date(2023, 4, 3), "head"),
        *((day, level) for day in map(date, [2023] * 4, [4] * 4, [7, 10, 18, 24]) for level in ("clerk", "head")),
    ]
    assert {e.division for e in done.reminders_to_decide} == {"กองช่าง"}
    assert done.states["handed_in"] == 2
    assert "Reminded of what waits for a decision" in as_text(done, (), is_usual=False)


def test_who_does_their_part_is_never_reminded_to_decide() -> None:
    assert played(make_people()).reminders_to_decide == ()
