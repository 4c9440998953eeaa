"""Years that nobody thought of: Hypothesis strategies for cases in the format of the hand-worked ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.oracle.case import Case
from tests.oracle.days import DAY
from tests.oracle.openings import quarter_of_year

YEAR = 2566
FIRST = date(2022, 10, 3)
LAST = date(2023, 10, 31)
LONG_AGO = "2020-01-01"
TIMES = ("07:15", "09:00", "10:00", "13:30", "16:29", "16:30", "16:31", "21:00")
FIRST_MOVES = ("hand_in", "hand_in", "hand_in", "acknowledge", "ask", "cannot_do", "set_deadline", "cancel")
NEXT_MOVES = {
    "hand_in": ("accept", "accept", "withdraw", "return_", "return_", "hand_in"),
    "cannot_do": ("confirm", "confirm", "withdraw", "return_"),
    "confirm": ("return_", "withdraw"),
    "ask": ("grant", "grant", "refuse", "hand_in", "ask", "acknowledge"),
    "acknowledge": ("acknowledge", "acknowledge", "hand_in", "ask"),
    "withdraw": ("hand_in", "hand_in", "acknowledge"),
    "return_": ("hand_in", "hand_in", "acknowledge", "ask"),
    "accept": ("accept", "return_"),
}
DIVISION = ("officer", "head")
WHOSE = {
    "hand_in": DIVISION,
    "withdraw": DIVISION,
    "ask": DIVISION,
    "cannot_do": DIVISION,
    "set_deadline": ("administrator",),
    "cancel": ("administrator",),
    "acknowledge": ("head", "clerk", "mayor"),
}

Row = list[Any]


@dataclass
class Staff:
    """An office in the making."""

    divisions: list[Row]
    posts: list[Row]
    holdings: list[Row]
    founded_later: str | None = None

    @property
    def persons(self) -> list[str]:
        return sorted({row[1] for row in self.holdings} | {"stranger"})

    def line_of(self, division: str) -> list[str]:
        """Give who ever sits in a division's line, and the administrators."""
        mine = {key for key, _, owner in self.posts if owner in (None, division)}
        return sorted({row[1] for row in self.holdings if row[0] in mine})


def days(first: date = FIRST, last: date = LAST) -> st.SearchStrategy[date]:
    return st.dates(min_value=max(first, FIRST), max_value=min(max(last, FIRST), LAST))


@st.composite
def instants(draw: st.DrawFn, first: date = FIRST, last: date = LAST) -> str:
    return f"{draw(days(first, last))}T{draw(st.sampled_from(TIMES))}"


@st.composite
def holdings_of(draw: st.DrawFn, post: str, others: list[str]) -> list[Row]:
    """Give who has a post over the year: one person, nobody, a successor, two, somebody of another post, who acts."""
    own = f"{post}-1"
    shapes = ("held", "held", "held", "vacant", "left", "succeeded", "shared", "double", "acted", "acted_from_outside")
    shape = draw(st.sampled_from(shapes))
    middle = draw(days())
    end = middle + timedelta(days=draw(st.integers(1, 60)))
    held: Row = [post, own, LONG_AGO, None, False]
    acting: Row = [post, draw(st.sampled_from(others or [own])), str(middle), str(end), True]
    shaped: dict[str, list[Row]] = {
        "held": [held],
        "vacant": [],
        "left": [[post, own, LONG_AGO, str(middle), False]],
        "succeeded": [[post, own, LONG_AGO, str(middle), False], [post, f"{post}-2", str(end), None, False]],
        "shared": [held, [post, f"{post}-2", LONG_AGO, None, False]],
        "double": [[post, (others or [own])[0], LONG_AGO, None, False]],
        "acted": [held, acting],
        "acted_from_outside": [held, [post, f"{post}-acting", str(middle), str(end), True]],
    }
    return shaped[shape]


@st.composite
def staffs(draw: st.DrawFn, most: int = 7) -> Staff:
    """Give an office of 1 to `most` divisions, the last perhaps an audit unit or founded in mid-year."""
    count = min(draw(st.sampled_from((1, 1, 1, 2, 2, 3, 4, 7))), most)
    keys = [f"d{number}" for number in range(1, count + 1)]
    kinds = ["division"] * count
    if count > 1 and draw(st.booleans()):
        kinds[-1] = "audit_unit"
    staff = Staff(
        [list(row) for row in zip(keys, kinds, strict=True)], [], [["admin", "admin-1", LONG_AGO, None, False]]
    )
    for key, kind in reversed(staff.divisions):
        levels = ["officer"] if kind == "audit_unit" else ["officer", "head"]
        staff.posts += [[f"{key}.{level}", level, key] for level in levels]
    staff.posts += [["clerk", "clerk", None], ["mayor", "mayor", None], ["admin", "administrator", None]]
    for post, level, _ in reversed(staff.posts):
        if level != "administrator":
            staff.holdings += draw(holdings_of(post, [row[1] for row in staff.holdings]))
    if count > 1 and kinds[-1] == "division" and draw(st.booleans()):
        staff.founded_later = keys[-1]
    return staff


@st.composite
def plans(draw: st.DrawFn, staff: Staff, most: int = 3) -> dict[str, Any]:
    """Give a plan of 1 to `most` measures that is in force in time or late."""
    units = [key for key, _ in staff.divisions]
    scopes = st.sampled_from(("listed", "all_divisions", "all_units"))
    quarters = st.lists(st.integers(1, 4), min_size=1, max_size=4, unique=True).map(sorted)
    measures = []
    for number in range(1, draw(st.integers(1, most)) + 1):
        step = {
            "key": f"m{number}.1",
            "scope": draw(scopes),
            "units": units,
            "start": "2022-10-01",
            "end": "2023-09-30",
        }
        measures.append(
            {"key": f"m{number}", "steps": [{**step, "cadence": "specified_quarters", "quarters": draw(quarters)}]}
        )
    return {
        "in_force": draw(st.sampled_from(("2022-10-01", "2022-10-01", "2022-11-14", "2023-02-10"))),
        "measures": measures,
    }


@st.composite
def persons_for(draw: st.DrawFn, staff: Staff, division: str, what: str) -> str:
    """Give who does something: mostly somebody whom it may concern, at times anybody."""
    if draw(st.integers(0, 5)) == 4:
        return draw(st.sampled_from(staff.persons))
    levels = WHOSE.get(what, ("head", "clerk"))
    mine = [key for key, level, owner in staff.posts if level in levels and owner in (None, division)]
    fitting = [row[1] for row in staff.holdings if row[0] in mine]
    person: str = draw(st.sampled_from(fitting or staff.line_of(division)))
    return person


@st.composite
def moves(draw: st.DrawFn, staff: Staff, plan: dict[str, Any]) -> list[Row]:
    """Give what persons do about one assignment around its deadline, one after the other, right or wrong."""
    step = draw(st.sampled_from([measure["steps"][0] for measure in plan["measures"]]))
    division, quarter = (
        draw(st.sampled_from([row[0] for row in staff.divisions])),
        draw(st.sampled_from(step["quarters"])),
    )
    day = quarter_of_year(YEAR, quarter)[1] + draw(st.integers(-15, 25)) * DAY
    made: list[Row] = []
    what = draw(st.sampled_from(FIRST_MOVES))
    for _ in range(draw(st.integers(1, 8))):
        at = f"{min(day, LAST)}T{draw(st.sampled_from(TIMES))}"
        row = [at, what, f"{step['key']}/{division}/q{quarter}", draw(persons_for(staff, division, what))]
        if what in {"ask", "set_deadline"} or (what in {"grant", "acknowledge"} and draw(st.booleans())):
            row.append(str(day + draw(st.integers(-3, 40)) * DAY))
        made.append(row)
        day += draw(st.integers(0, 9)) * DAY
        what = draw(st.sampled_from(NEXT_MOVES.get(what, FIRST_MOVES)))
    return made


@st.composite
def changes_of_posts(draw: st.DrawFn, staff: Staff) -> list[Row]:
    """Let somebody leave a post in mid-year, with a successor or without, or let somebody act in it."""
    post = draw(st.sampled_from([row[0] for row in staff.posts if row[1] != "administrator"]))
    at = draw(instants())
    day = date.fromisoformat(at[:10])
    person = draw(st.sampled_from([f"{post}-new", *staff.persons]))
    if draw(st.booleans()):
        return [[at, "hold", post, person, str(day + DAY), str(day + draw(st.integers(2, 30)) * DAY), True]]
    left = [at, "leave", post, str(day)]
    return [left, [at, "hold", post, person, str(day + 3 * DAY), None, False]] if draw(st.booleans()) else [left]


@st.composite
def changes_of_the_office(draw: st.DrawFn, staff: Staff, plan: dict[str, Any]) -> list[Row]:
    """Give days off entered and taken back, pauses, and in some years an early or late end."""
    made: list[Row] = []
    for at in draw(st.lists(instants(), max_size=4)):
        off = str(date.fromisoformat(at[:10]) + draw(st.integers(1, 30)) * DAY)
        made.append([at, "holiday", off, draw(st.sampled_from((True, True, False)))])
    for _ in range(draw(st.integers(0, 2))):
        at, measure = draw(instants()), draw(st.sampled_from([each["key"] for each in plan["measures"]]))
        until = min(date.fromisoformat(at[:10]) + draw(st.integers(1, 50)) * DAY, LAST)
        made += [[at, "pause", measure], [f"{until}T{draw(st.sampled_from(TIMES))}", "resume", measure]]
    if draw(st.booleans()):
        made.append([draw(instants(date(2023, 9, 25))), "close_year", "admin-1"])
        made += [[draw(instants(date(2023, 10, 16))), "reopen_year", "admin-1"]] if draw(st.booleans()) else []
    if draw(st.integers(0, 19)) == 13:
        made.append([draw(instants(date(2023, 3, 1))), "out_of_force", "admin-1"])
    if staff.founded_later is not None:
        made.append([draw(instants(date(2022, 11, 1))), "found", staff.founded_later, "division"])
    return made


@st.composite
def downtimes(draw: st.DrawFn) -> list[tuple[date, date]]:
    """Give up to two spans in which nothing runs; nobody does anything in them either."""
    firsts = draw(st.lists(days(), max_size=2))
    return [(first, first + draw(st.integers(0, 11)) * DAY) for first in firsts]


@st.composite
def cases(draw: st.DrawFn, *, most_divisions: int = 7, most_measures: int = 3) -> Case:
    """Give an office, its plan and a year of what persons do, in the order of time."""
    staff = draw(staffs(most_divisions))
    plan = draw(plans(staff, most_measures))
    parts = [draw(changes_of_the_office(staff, plan))]
    parts += draw(st.lists(moves(staff, plan), min_size=1, max_size=12))
    parts += draw(st.lists(changes_of_posts(staff), max_size=3))
    down = draw(downtimes())
    events = [row for part in parts for row in part]
    up = [row for row in events if not any(str(first) <= row[0][:10] <= str(last) for first, last in down)]
    return Case.model_validate(
        {
            "why": "a random year",
            "year": YEAR,
            "divisions": [row for row in staff.divisions if row[0] != staff.founded_later],
            "posts": staff.posts,
            "holdings": staff.holdings,
            "plan": plan,
            "from": FIRST,
            "to": LAST,
            "since": FIRST,
            "down": down,
            "events": sorted(up, key=lambda row: row[0]),
        }
    )
