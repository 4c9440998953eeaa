"""What a door tells the clockwork after a change: the page and the interface of programs tell the same."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from services.schedule.schedule import MeasureKey
from tests.web.conftest import Pages
from tests.web.test_work_pages import ANSWERED, HEAD, OFFICER, first, form_of


@dataclass
class Recorder:
    """Notes what the waker would tell."""

    told: list[str] = field(default_factory=list)

    def measure(self, key: MeasureKey) -> None:
        self.told.append(str(key))

    def schedules(self, office: str, version: int) -> None:
        self.told.append(f"schedules of {office} after line {version}")


@pytest.fixture
def told(pages: Pages) -> list[str]:
    recorder = Recorder()
    pages.system.__dict__["waker"] = recorder
    return recorder.told


def newest(pages: Pages) -> int:
    with pages.office.reading() as desk:
        return desk.uow.ledger.head()[0]


def test_a_report_wakes_its_measure_alone(pages: Pages, told: list[str]) -> None:
    officer, path = pages.visitor(OFFICER), f"/assignments/{first(pages)}"
    officer.post(f"{path}/hand-in", data=form_of(officer, path) | ANSWERED)
    assert told == ["2566/ban-mai/m1"]


@pytest.mark.parametrize("decision", ["return", "acknowledge"])
def test_what_moves_instants_has_the_schedules_follow(pages: Pages, told: list[str], decision: str) -> None:
    path = f"/assignments/{first(pages)}"
    if decision == "return":
        officer = pages.visitor(OFFICER)
        officer.post(f"{path}/hand-in", data=form_of(officer, path) | ANSWERED)
    else:
        pages.set_clock("2023-01-12 09:00")
        pages.office.advance(pages.system.clock())
    head = pages.visitor(HEAD)
    told.clear()
    answer = head.post(f"{path}/decide", data=form_of(head, path) | {"decision": decision, "reason": "โปรดแก้ไข"})
    assert answer.status_code == 303
    assert told == [f"schedules of ban-mai after line {newest(pages)}", "2566/ban-mai/m1"]
