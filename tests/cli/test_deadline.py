from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.cli.command import Sucharit
from tests.cli.conftest import KEY, assignment, last_year

ADMIN = ("--by", "the-admin")


def command(*more: object) -> tuple[object, ...]:
    day = datetime.now(UTC).date() + timedelta(days=60)
    measure = f"{last_year().be}/{KEY}/m1"
    return ("schedule", "deadline", measure, "--to", day, "--reason", "เลื่อนประชุม", *ADMIN, *more)


def test_a_deadline_is_looked_at_and_then_changed(sucharit: Sucharit) -> None:
    before = sucharit.done("show", assignment(1))
    assert "1 deadlines would change" in sucharit.done(*command("--one", assignment(1), "--preview"))
    assert sucharit.done("show", assignment(1)) == before
    said = sucharit.done(*command("--one", assignment(1)))
    assert "1 deadlines changed." in said
    assert "ผู้ดำรงตำแหน่งเจ้าหน้าที่กองช่าง" in said
    assert "change_deadline" in sucharit.done("show", assignment(1))


def test_all_of_a_step_in_a_period_are_changed(sucharit: Sucharit) -> None:
    assert "1 deadlines changed." in sucharit.done(*command("--step", "m1.1", "--period", "q2"))


def test_what_names_nothing_is_refused(sucharit: Sucharit) -> None:
    assert "Nothing that is open was named." in sucharit.refused(*command("--one", "no-such"))
    assert "Give --one ID" in sucharit.refused(*command("--period", "q1"))


def test_only_an_administrator_may(sucharit: Sucharit) -> None:
    assert "may not" in sucharit.refused(*command("--one", assignment(1), "--by", "the-chang-officer"))
