from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from domain.errors import BadInputError, NotFoundError
from domain.escalation import Skipped
from domain.figures import Answer
from domain.report_period import quarterly
from domain.submission import CannotDoReason
from services.assignments.hand_in import Result, hand_in, state_cannot_do
from services.assignments.review import accept, return_
from services.reporting.quarter_report import file_name, freeze, periods_in_question, render, unrendered
from storage.errors import AlreadyThereError
from storage.files import FileStore
from storage.records import Report
from storage.store import Store
from tests.factories import DIVISIONS, NONE_CONFIRMED, at, make_measure, make_people, make_plan, make_step
from tests.services.beginnings import begin_with
from tests.services.live_office import KEY, LiveOffice, found_office

Found = Callable[..., LiveOffice]

ID: Final = "2566-m1.1-chang-q1"
OVER: Final = at("2023-01-04 08:30")
"""The first working day after the first quarter."""
TENTH: Final = at("2023-01-17 16:00")
"""Ten working days after 31 December: 4, 5, 6, 9, 10, 11, 12, 13, 16, 17 January."""
RESULT: Final = Result("ทำแล้ว", NONE_CONFIRMED, NONE_CONFIRMED)


@pytest.fixture
def live(store: Store) -> LiveOffice:
    begin_with(store, "the first quarter is over", lambda: found_office(store).advance(OVER))
    return LiveOffice(store, KEY)


def _freeze(live: LiveOffice, now: datetime, quarter: int = 1, *, is_forced: bool = False) -> Report | Skipped:
    with live.desk() as desk:
        return freeze(desk, quarterly(2566, quarter), now, is_forced=is_forced)


def _accept(live: LiveOffice, now: datetime = OVER) -> None:
    with live.desk() as desk:
        hand_in(desk, ID, RESULT, by="the-chang-officer", now=now)
        accept(desk, ID, by="the-chang-head", now=now)


def _reports(live: LiveOffice) -> list[Report]:
    with live.reading() as desk:
        return desk.uow.reports.all()


def test_a_quarter_that_runs_is_not_frozen(live: LiveOffice) -> None:
    assert _freeze(live, at("2022-12-31 23:59")) == Skipped("the quarter has not ended")


def test_results_may_come_in_until_the_tenth_working_day(live: LiveOffice) -> None:
    assert _freeze(live, at("2023-01-16 16:00")) == Skipped("results may still come in")
    frozen = _freeze(live, TENTH)
    assert isinstance(frozen, Report)
    assert (frozen.is_final, frozen.revision) == (False, 1)
    assert frozen.snapshot.unanswered == (ID,)
    assert frozen.snapshot.totals.overdue == 1


def test_a_quarter_whose_work_is_closed_is_frozen_at_once_and_for_good(live: LiveOffice) -> None:
    _accept(live)
    frozen = _freeze(live, OVER)
    assert isinstance(frozen, Report)
    assert frozen.is_final
    assert _freeze(live, TENTH) == Skipped("revision 1 is final")
    assert [line.entry.subject for line in live.ledger("report.frozen")] == ["2566-q1"]


def test_what_cannot_be_done_closes_a_quarter_too(live: LiveOffice) -> None:
    with live.desk() as desk:
        state_cannot_do(desk, ID, CannotDoReason.NO_BUDGET, reason="", by="the-chang-officer", now=OVER)
    frozen = _freeze(live, OVER)
    assert isinstance(frozen, Report)
    assert (frozen.is_final, frozen.snapshot.totals.cannot_do) == (True, 1)


def test_a_draft_is_followed_by_the_final_revision(live: LiveOffice) -> None:
    _freeze(live, TENTH)
    assert _freeze(live, at("2023-01-18 16:00")) == Skipped("nothing new since revision 1")
    _accept(live, at("2023-01-19 10:00"))
    frozen = _freeze(live, at("2023-01-19 16:00"))
    assert isinstance(frozen, Report)
    assert (frozen.revision, frozen.is_final, frozen.snapshot.totals.accepted_late) == (2, True, 1)
    assert [file_name(r) for r in _reports(live)] == ["report-2566-q1-r1-draft.docx", "report-2566-q1-r2.docx"]


def test_the_same_figures_make_no_new_revision_even_if_forced(live: LiveOffice) -> None:
    _accept(live)
    _freeze(live, OVER)
    assert _freeze(live, TENTH, is_forced=True) == Skipped("nothing new since revision 1")


def test_a_forced_freeze_takes_what_is_there(live: LiveOffice) -> None:
    frozen = _freeze(live, at("2022-12-01 10:00"), is_forced=True)
    assert isinstance(frozen, Report)
    assert frozen.snapshot.totals.open == 1


def test_a_quarter_that_has_not_begun_is_not_reported(live: LiveOffice) -> None:
    with pytest.raises(BadInputError, match="begins on 2023-01-01"):
        _freeze(live, at("2022-12-31 23:59"), quarter=2, is_forced=True)
    assert isinstance(_freeze(live, at("2023-01-01 00:00"), quarter=2, is_forced=True), Report)


def test_a_quarter_nobody_has_opened_is_not_reported_as_done(office: Found) -> None:
    """After a pause of the service the report may run before the measures: an empty one would be final for ever."""
    live = office()
    for now in (OVER, TENTH):
        assert _freeze(live, now) == Skipped("assignments of the quarter are still to be opened")
    live.advance(TENTH)
    frozen = _freeze(live, TENTH)
    assert isinstance(frozen, Report)
    assert frozen.snapshot.totals.total == 1


def test_a_step_of_an_unknown_division_does_not_hold_the_report_for_ever(office: Found) -> None:
    live = office()
    with live.desk() as desk:
        desk.uow.people.save(make_people(divisions=tuple(d for d in DIVISIONS if d.key != "chang")))
    assert isinstance(_freeze(live, TENTH), Report)


def test_every_measure_is_in_the_report_also_without_work(office: Found) -> None:
    measures = (make_measure(), make_measure(key="m2", number=2, title="ไม่มีงานไตรมาสนี้", steps=()))
    live = office(plan=make_plan(measures=measures))
    live.advance(OVER)
    frozen = _freeze(live, TENTH)
    assert isinstance(frozen, Report)
    assert [m.key for m in frozen.snapshot.measures] == ["m1", "m2"]


def test_periods_in_question_are_those_that_ended_without_a_final_report(live: LiveOffice) -> None:
    def asked(now: datetime) -> list[tuple[int, int]]:
        with live.reading() as desk:
            return [(period.fiscal_year_be, period.number) for period in periods_in_question(desk, now)]

    assert asked(at("2022-12-31 16:00")) == []
    assert asked(at("2023-04-03 08:30")) == [(2566, 1), (2566, 2)]
    _accept(live)
    _freeze(live, OVER)
    assert asked(at("2023-04-03 08:30")) == [(2566, 2)]


def test_a_document_is_rendered_kept_and_named(live: LiveOffice, tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    _accept(live)
    _freeze(live, OVER)
    (report,) = unrendered(live.store, live.key)
    rendered = render(live.store, files, live.key, report, OVER)
    assert files.get(rendered.file_sha256)[:2] == b"PK"
    assert unrendered(live.store, live.key) == []
    assert _reports(live) == [replace(report, file_sha256=rendered.file_sha256)]
    assert live.ledger("report.rendered")[0].entry.data["file"] == rendered.file_sha256


def test_a_crash_between_freezing_and_rendering_is_repaired_by_the_next_render(
    live: LiveOffice, tmp_path: Path
) -> None:
    """The document may lie in the store already: rendering again gives the same bytes and names them."""
    files = FileStore(tmp_path)
    _freeze(live, TENTH)
    (report,) = unrendered(live.store, live.key)
    lost = render(live.store, FileStore(tmp_path / "lost"), live.key, report, TENTH).file_sha256
    with live.desk() as desk:
        desk.uow.reports.attach(replace(report), None)  # type: ignore[arg-type]  # as if it had died before
    (report,) = unrendered(live.store, live.key)
    again = render(live.store, files, live.key, report, at("2023-01-18 08:30"))
    assert again.file_sha256 == lost
    assert files.get(lost)


def test_freezes_at_once_make_one_revision(live: LiveOffice) -> None:
    start, said = threading.Barrier(3), list[str]()

    def run() -> None:
        start.wait()
        try:
            said.append(type(_freeze(live, TENTH)).__name__)
        except AlreadyThereError:
            said.append("refused")

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("Report") == len(_reports(live)) == len(live.ledger("report.frozen")) == 1
    assert len(said) == 3


def test_a_result_that_was_sent_back_is_not_printed(live: LiveOffice) -> None:
    with live.desk() as desk:
        result = replace(RESULT, problems=Answer(text="ความลับ"))
        hand_in(desk, ID, result, by="the-chang-officer", now=OVER)
        return_(desk, ID, reason="แก้ไข", by="the-chang-head", now=OVER)
    frozen = _freeze(live, TENTH)
    assert isinstance(frozen, Report)
    assert "ความลับ" not in frozen.snapshot.model_dump_json()


def test_a_year_without_a_plan_has_no_report(live: LiveOffice) -> None:
    with live.desk() as desk, pytest.raises(NotFoundError):
        freeze(desk, quarterly(2570, 1), TENTH)


def test_results_of_another_step_and_quarter_stay_out(office: Found) -> None:
    live = office(plan=make_plan(measures=(make_measure(steps=(make_step(), make_step(key="m1.2"))),)))
    live.advance(at("2023-04-03 08:30"))
    frozen = _freeze(live, TENTH)
    assert isinstance(frozen, Report)
    refs = {d.ref for m in frozen.snapshot.measures for s in m.steps for d in s.divisions}
    assert refs == {"2566-m1.1-chang-q1", "2566-m1.2-chang-q1"}
