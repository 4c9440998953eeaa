from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from plans.examples import plan_2566
from services.office.usual_office import DEMO_KEY
from tests.cli.command import Sucharit
from tests.cli.conftest import this_year

PLAN = plan_2566()


def prepared(sucharit: Sucharit) -> Sucharit:
    store = sucharit.store()
    store.migrate()
    store.close()
    return sucharit


def test_an_office_is_made_changed_and_shown(program: Sucharit, tmp_path: Path) -> None:
    sucharit, file = prepared(program), tmp_path / "office.yaml"
    file.write_text(sucharit.done("office", "template").replace("key: office\n", "key: banmai\n"), encoding="utf-8")
    assert "7 divisions, 16 persons" in sucharit.done("office", "create", file)
    assert "banmai" in sucharit.done("office", "list")

    shown = sucharit.done("office", "show")
    file.write_text(shown.replace("report_due: 5", "report_due: 7"), encoding="utf-8")
    assert "is changed" in sucharit.done("office", "update", file)
    assert "report_due: 7" in sucharit.done("office", "show")

    held = sucharit.done("post", "hold", "clerk", "palad.head", "--from", "1/12/2570", "--to", "2027-12-05", "--acting")
    assert "acts for clerk from 2027-12-01 to 2027-12-05." in held
    kinds = sucharit.done("ledger", "show")
    assert all(kind in kinds for kind in ("office.created", "office.changed", "post.held"))


def test_a_plan_comes_from_its_document_into_force(nowhere: Sucharit, tmp_path: Path) -> None:
    sucharit, review, year = prepared(nowhere), tmp_path / "review.yaml", this_year()
    (tmp_path / "office.yaml").write_text(sucharit.done("office", "template"), encoding="utf-8")
    sucharit.done("office", "create", tmp_path / "office.yaml")

    assert json.loads(sucharit.done("plan", "read", PLAN.plan, "--json"))
    assert "ปีงบประมาณ" in sucharit.done("plan", "read", PLAN.plan, "--review", review)
    review.write_text("answered: after an hour\n", encoding="utf-8")
    assert "is there already and may hold answers" in sucharit.refused("plan", "read", PLAN.plan, "--review", review)
    assert review.read_text(encoding="utf-8") == "answered: after an hour\n"

    taken = ("plan", "import", PLAN.review, "--fiscal-year", year.be, "--move-year")
    stored = sucharit.done(*taken)
    assert f"Stored as revision 1 of fiscal year {year.be}: 5 measures, 20 steps." in stored
    assert "Already there as revision 1" in sucharit.done(
        "plan", "import", PLAN.review, "--fiscal-year", year.be, "--move-year"
    )
    active = sucharit.done("plan", "activate", "--fiscal-year", year.be, "--since", year.start.isoformat(), "--yes")
    assert "is in force" in active
    assert "This need not be repeated" in active
    assert f"fiscal year {year.be + 1}" in sucharit.done("plan", "roll-over", "--from", year.be, "--to", year.be + 1)
    listed = sucharit.done("plan", "list")
    assert [line.split()[:3] for line in listed.splitlines()[1:]] == [
        [str(year.be), "1", year.start.isoformat()],
        [str(year.be + 1), "1", "-"],
    ]
    assert f"{year.be}/office/m3" in sucharit.done("schedule", "show")


def test_a_day_off_is_looked_at_entered_listed_and_removed(sucharit: Sucharit) -> None:
    before = sucharit.heads()
    day = date(this_year().end.year, 8, 19)
    said = sucharit.done("holiday", "add", day, "หยุดพิเศษ", "--preview")
    assert "deadlines would move; nothing was changed." in said
    assert sucharit.heads() == before
    assert "deadlines moved." in sucharit.done("holiday", "add", day, "หยุดพิเศษ", "--source", "มติ ครม.")
    assert f"{day}  หยุดพิเศษ" in sucharit.done("holiday", "list", "--year", day.year + 543)
    assert "deadlines moved." in sucharit.done("holiday", "remove", day)
    assert "หยุดพิเศษ" not in sucharit.done("holiday", "list", "--year", day.year)


def test_the_demonstration_is_made_beside_an_office_and_taken_away_again(sucharit: Sucharit) -> None:
    before = sucharit.heads()
    assert "The demonstration is there" in sucharit.done("demo", "make")
    assert set(sucharit.heads()) == {DEMO_KEY, *before}
    assert len(sucharit.done("report", "list", "--office", DEMO_KEY).splitlines()) >= 5
    assert "is removed and will not be made again" in sucharit.done("demo", "remove")
    assert sucharit.heads() == before
