"""`sucharit clock mend`: what it shows, what it does, and what stays to be seen of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.ledger import Entry
from tests.cli.command import Sucharit
from tests.cli.conftest import KEY, assignment
from tests.services.live_office import LiveOffice, vouch

HAND_IN = ("hand-in", "--by", "the-chang-officer", "--result", "x", "--no-problems", "--no-suggestions")
MEND = ("clock", "mend", "--office", KEY, "--by", "the-admin")


def ran_ahead(sucharit: Sucharit) -> None:
    live = LiveOffice(sucharit.store(), KEY)
    with live.desk() as desk:
        year = datetime.now(UTC) + timedelta(days=365)
        desk.uow.ledger.note(Entry(year, "assignment.hand_in", "the-chang-officer", assignment(1), {}))
    live.store.close()


def test_it_shows_first_and_mends_when_it_is_told_so(sucharit: Sucharit) -> None:
    ran_ahead(sucharit)
    assert "nothing" not in sucharit.refused(*HAND_IN, assignment(2))
    heads = sucharit.heads()
    shown = sucharit.done(*MEND)
    assert "Nothing was changed. Is the clock right now? Then repeat with --yes." in shown
    assert assignment(1) in shown
    assert sucharit.heads() == heads
    assert "Mended." in sucharit.done(*MEND, "--yes")
    sucharit.done(*HAND_IN, assignment(2))
    verified = sucharit.done("ledger", "verify")
    assert "unbroken" in verified
    assert "the ledger had run ahead of the clock and was mended by the-admin, from 20" in verified


def test_doctor_names_the_command_where_the_ledger_is_ahead(sucharit: Sucharit) -> None:
    ran_ahead(sucharit)
    said = sucharit.run("doctor").out
    assert f"the ledger ran ahead: `sucharit clock mend --office {KEY} --by KEY`" in said
    sucharit.done(*MEND, "--yes")
    assert "ok   clock: " in sucharit.run("doctor").out


def test_a_ledger_that_fits_is_left_alone(sucharit: Sucharit) -> None:
    sucharit.done(*HAND_IN, assignment(1))
    assert sucharit.refused(*MEND, "--yes").endswith("is ahead of it. Nothing was changed.")


def test_an_officer_is_refused(sucharit: Sucharit) -> None:
    ran_ahead(sucharit)
    said = sucharit.refused(*MEND[:-1], "the-chang-officer", "--yes")
    assert "does not hold the administrator's post" in said
    assert "the-admin" in said


def test_the_command_line_stores_nothing_at_a_clock_that_jumped_ahead(sucharit: Sucharit) -> None:
    store = sucharit.store()
    vouch(store, KEY, datetime.now(UTC) - timedelta(days=40))
    store.close()
    assert "`sucharit doctor --clock-is-right`" in sucharit.refused(*HAND_IN, assignment(1))
    said = sucharit.run("doctor", "--clock-is-right").out
    assert f"“{KEY}”: the last that is known to be right is 20" in said
    sucharit.done(*HAND_IN, assignment(1))
