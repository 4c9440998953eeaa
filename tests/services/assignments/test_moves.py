"""Hand in, take back, review, extend: what the use cases store, tell and refuse."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from domain.assignment import Assignment, IncompleteError, StaleError, State
from domain.errors import NotFoundError, SucharitError
from domain.figures import Answer
from domain.moves import MoveRefusedError
from domain.notice import NoticeKind
from domain.office import OfficeSettings
from domain.people import Holding
from domain.rights import NotAllowedError
from domain.submission import CannotDoReason, ExtensionRequest
from services.assignments.hand_in import Attachment, LongAgoError, Result, hand_in, keep, state_cannot_do, withdraw
from services.assignments.review import accept, acknowledge, ask_extension, decide_extension, return_
from services.desk import Desk
from services.overview.rows import rows
from storage.files import FileStore
from storage.store import Store
from tests.factories import NONE_CONFIRMED, at, make_office, make_people
from tests.services.beginnings import begin_with
from tests.services.live_office import KEY, OPENED_IN_TIME, LiveOffice, found_office

ID: Final = "2566-m1.1-chang-q1"
"""Due on Tuesday 10 January 2023: 31 December, then 4, 5, 6, 9, 10 January."""

OFFICER, HEAD, CLERK = "the-chang-officer", "the-chang-head", "the-clerk"
RESULT: Final = Result("จัดทำประกาศแล้ว", NONE_CONFIRMED, Answer(text="ควรทำทุกปี"))
IN_TIME: Final = at("2023-01-10 16:30")
LATE: Final = at("2023-01-10 16:31")


@pytest.fixture
def live(store: Store) -> LiveOffice:
    found = LiveOffice(store, KEY)

    def make() -> None:
        found_office(store).mornings(*OPENED_IN_TIME)
        found.compose(at("2023-01-04 08:30"))

    begin_with(store, "a quarter that was told", make)
    return found


def _do(live: LiveOffice, move: Callable[..., Assignment], *args: Any, **facts: Any) -> Assignment:
    with live.desk() as desk:
        return move(desk, ID, *args, **facts)


def _handed_in(live: LiveOffice, now: datetime = IN_TIME) -> Assignment:
    return _do(live, hand_in, RESULT, by=OFFICER, now=now)


def _told(live: LiveOffice) -> list[tuple[NoticeKind, str]]:
    with live.desk() as desk:
        return [(n.kind, n.level.value) for n in desk.uow.notices.waiting()]


def test_a_result_with_evidence_is_stored_and_the_head_is_told(live: LiveOffice, tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    lines = keep(files, [Attachment("C:\\รูป\\ภาพ.jpg", b"a"), Attachment("../../etc/รายงาน.pdf", b"bb")])
    after = _do(live, hand_in, RESULT, lines, by=OFFICER, now=IN_TIME)
    assert after == live.get(ID)
    assert (after.state, after.handed_in_by, after.late_workdays) == (State.HANDED_IN, OFFICER, 0)
    assert after.submission is not None
    assert after.submission.effective_on == date(2023, 1, 10)
    assert [files.get(sha256) for sha256 in after.submission.evidence] == [b"a", b"bb"]
    with live.reading() as desk:
        assert [line.name for line in desk.uow.evidence.of(ID)] == ["ภาพ.jpg", "รายงาน.pdf"]
    assert _told(live) == [(NoticeKind.HANDED_IN, "head")]
    (line,) = live.ledger("assignment.hand_in")
    assert line.entry.data["evidence"] == list(after.submission.evidence)
    assert line.entry.data["from"] == "open"


def test_a_name_of_a_file_that_no_database_takes_is_cleaned(live: LiveOffice, tmp_path: Path) -> None:
    """Names come from browsers and archives: with control characters, half characters, or nothing but blanks."""
    names = ["ภาพ\x00\x1b[1m.jpg", "\udcff.jpg", " \t", "a/"]
    lines = keep(FileStore(tmp_path), [Attachment(name, name.encode("utf-8", "replace")) for name in names])
    _do(live, hand_in, RESULT, lines, by=OFFICER, now=IN_TIME)
    with live.reading() as desk:
        assert sorted(line.name for line in desk.uow.evidence.of(ID)) == [".jpg", "file", "file", "ภาพ[1m.jpg"]


def test_a_control_character_in_a_reason_does_not_reach_the_database(live: LiveOffice) -> None:
    """PostgreSQL refuses a NUL in text, SQLite keeps it: neither may depend on which one an office has."""
    words = "น้ำ\x00ท่วม\udcff"
    result = Result(words, Answer(text=words), NONE_CONFIRMED)
    _do(live, ask_extension, date(2023, 2, 1), reason=words, by=OFFICER, now=IN_TIME)
    _do(live, hand_in, result, by=OFFICER, now=IN_TIME)
    _do(live, return_, reason=words, by=HEAD, now=IN_TIME)
    after = _do(live, state_cannot_do, CannotDoReason.OTHER, reason=words, by=OFFICER, now=IN_TIME)
    assert live.get(ID) == after
    assert after.reason == "น้ำท่วม?"
    assert after.submission is not None
    assert after.submission.result == after.submission.problems.text == "น้ำท่วม?"


@pytest.mark.parametrize(
    ("now", "late"),
    [
        (IN_TIME, 0),
        (LATE, 1),  # after the closing hour it counts for Wednesday
        (at("2023-01-11 16:30"), 1),
        (at("2023-01-14 09:00"), 4),  # Saturday counts for Monday: 11, 12, 13, 16
    ],
    ids=str,
)
def test_lateness_is_settled_when_it_is_handed_in(live: LiveOffice, now: datetime, late: int) -> None:
    assert _handed_in(live, now).late_workdays == late


def test_accepting_tells_the_officer_and_is_final(live: LiveOffice) -> None:
    _handed_in(live)
    assert _do(live, accept, by=HEAD, now=IN_TIME).state is State.ACCEPTED
    assert (NoticeKind.ACCEPTED, "officer") in _told(live)
    with pytest.raises(MoveRefusedError):
        _do(live, return_, reason="x", by=HEAD, now=IN_TIME)


def test_an_office_that_does_not_review_accepts_at_once(office: Callable[..., LiveOffice]) -> None:
    live = office(office=make_office(settings=OfficeSettings(is_reviewed=False)))
    live.mornings(*OPENED_IN_TIME)
    before = live.get(ID)
    after = _handed_in(live, LATE)
    assert after == live.get(ID)
    assert (after.state, after.late_workdays, after.version) == (State.ACCEPTED, 1, before.version + 1)
    (line,) = live.ledger("assignment.accept")
    assert line.entry.data["review"] == "off"
    assert live.ledger("assignment.hand_in") == []


def test_returning_gives_days_for_correction_and_the_reason(live: LiveOffice) -> None:
    _handed_in(live)
    back = _do(live, return_, reason=" แนบภาพถ่าย ", by=HEAD, now=at("2023-01-11 09:00"))
    assert (back.state, back.reason, back.due_on) == (State.RETURNED, "แนบภาพถ่าย", date(2023, 1, 16))
    assert back.deadline_version == 2
    with live.desk() as desk:
        notice = desk.uow.notices.waiting()[-1]
    assert (notice.kind, notice.reason, notice.by) == (NoticeKind.RETURNED, "แนบภาพถ่าย", HEAD)


def test_evidence_of_the_first_round_stays_in_the_second(live: LiveOffice, tmp_path: Path) -> None:
    files = FileStore(tmp_path)
    _do(live, hand_in, RESULT, keep(files, [Attachment("1.pdf", b"1")]), by=OFFICER, now=IN_TIME)
    _do(live, return_, reason="เพิ่ม", by=HEAD, now=IN_TIME)
    after = _do(live, hand_in, RESULT, keep(files, [Attachment("2.pdf", b"2")]), by=OFFICER, now=IN_TIME)
    assert after.submission is not None
    assert [files.get(sha256) for sha256 in after.submission.evidence] == [b"1", b"2"]


@pytest.mark.parametrize("back", [partial(return_, reason="เพิ่มรายชื่อ", by=HEAD), partial(withdraw, by=OFFICER)])
def test_a_second_round_that_names_no_day_keeps_the_day_of_the_first(
    live: LiveOffice, back: Callable[..., Assignment]
) -> None:
    _do(live, hand_in, replace(RESULT, effective_on=date(2023, 1, 5)), by=OFFICER, now=IN_TIME)
    _do(live, back, now=IN_TIME)
    again = _do(live, hand_in, RESULT, by=OFFICER, now=at("2023-01-12 09:00"))
    assert again.submission is not None
    assert again.submission.effective_on == date(2023, 1, 5)


def test_a_second_round_may_name_another_day(live: LiveOffice) -> None:
    _do(live, hand_in, replace(RESULT, effective_on=date(2023, 1, 5)), by=OFFICER, now=IN_TIME)
    _do(live, withdraw, by=OFFICER, now=IN_TIME)
    again = _do(live, hand_in, replace(RESULT, effective_on=date(2023, 1, 9)), by=OFFICER, now=IN_TIME)
    assert again.submission is not None
    assert again.submission.effective_on == date(2023, 1, 9)


def test_evidence_that_the_second_round_left_out_does_not_come_back_in_the_third(
    live: LiveOffice, tmp_path: Path
) -> None:
    files = FileStore(tmp_path)
    wrong, right = keep(files, [Attachment("ผิด.pdf", b"1"), Attachment("ถูก.pdf", b"2")])
    _do(live, hand_in, RESULT, [wrong, right], by=OFFICER, now=IN_TIME)
    _do(live, withdraw, by=OFFICER, now=IN_TIME)
    _do(live, hand_in, RESULT, left_out=[wrong.sha256], by=OFFICER, now=IN_TIME)
    _do(live, withdraw, by=OFFICER, now=IN_TIME)
    third = _do(live, hand_in, RESULT, by=OFFICER, now=IN_TIME)
    assert third.submission is not None
    assert third.submission.evidence == (right.sha256,)


def test_a_result_is_taken_back_as_a_draft(live: LiveOffice) -> None:
    _handed_in(live)
    after = _do(live, withdraw, by=OFFICER, now=IN_TIME)
    assert (after.state, after.submission is not None) == (State.OPEN, True)
    with pytest.raises(MoveRefusedError):
        _do(live, withdraw, by=OFFICER, now=IN_TIME)


def test_what_cannot_be_done_is_stated_with_the_official_reason(live: LiveOffice) -> None:
    after = _do(live, state_cannot_do, CannotDoReason.NO_BUDGET, reason="ถูกตัด", by=OFFICER, now=IN_TIME)
    assert (after.state, after.cannot_do) == (State.CANNOT_DO_STATED, CannotDoReason.NO_BUDGET)
    with live.desk() as desk:
        (notice,) = desk.uow.notices.waiting()
    assert (notice.kind, notice.reason) == (NoticeKind.CANNOT_DO, "ไม่ได้รับงบประมาณ ถูกตัด")


def test_a_granted_extension_moves_the_deadline_and_tells_the_officer(live: LiveOffice) -> None:
    _do(live, ask_extension, date(2023, 1, 21), reason="น้ำท่วม", by=OFFICER, now=IN_TIME)
    after = _do(live, decide_extension, granted=True, by=HEAD, now=IN_TIME)
    assert (after.due_on, after.deadline_version, after.extension) == (date(2023, 1, 23), 2, None)
    assert [kind for kind, _ in _told(live)] == [NoticeKind.EXTENSION_ASKED, NoticeKind.EXTENSION_DECIDED]
    assert live.ledger("assignment.grant")[0].entry.data["before"] == "2023-01-10"


def test_a_far_day_that_was_asked_for_earlier_is_not_granted(live: LiveOffice) -> None:
    after = _do(live, ask_extension, date(2023, 2, 1), reason="น้ำท่วม", by=OFFICER, now=IN_TIME)
    asked = ExtensionRequest(date(9999, 12, 31), "น้ำท่วม", OFFICER)
    with live.desk() as desk:
        desk.uow.assignments.save(replace(after, extension=asked, version=after.version + 1), expected=after.version)
    with pytest.raises(IncompleteError, match="a nearer day is missing"):
        _do(live, decide_extension, granted=True, by=HEAD, now=IN_TIME)
    assert _do(live, decide_extension, granted=False, reason="เร่งด่วน", by=HEAD, now=IN_TIME).due_on == date(2023, 1, 10)


def test_a_result_of_long_ago_is_refused(live: LiveOffice) -> None:
    with pytest.raises(LongAgoError):
        _do(live, hand_in, replace(RESULT, effective_on=date(1, 1, 1)), by=OFFICER, now=IN_TIME)
    assert live.get(ID).state is State.OPEN


def test_a_refused_extension_leaves_the_deadline(live: LiveOffice) -> None:
    _do(live, ask_extension, date(2023, 1, 23), reason="น้ำท่วม", by=OFFICER, now=IN_TIME)
    after = _do(live, decide_extension, granted=False, reason="เร่งด่วน", by=CLERK, now=IN_TIME)
    assert (after.due_on, after.extension, after.state) == (date(2023, 1, 10), None, State.OPEN)


def test_an_extension_plans_its_notices_anew(live: LiveOffice) -> None:
    _do(live, ask_extension, date(2023, 1, 23), reason="น้ำท่วม", by=OFFICER, now=IN_TIME)
    _do(live, decide_extension, granted=True, by=HEAD, now=IN_TIME)
    assert live.advance(at("2023-01-11 08:30")).escalated == 0  # one day after the old deadline
    assert live.advance(at("2023-01-12 08:30")).escalated == 1  # seven before the new: 20, 19, 18, 17, 16, 13, 12


def test_an_acknowledgment_lasts_the_ladders_days(live: LiveOffice) -> None:
    live.advance(at("2023-01-11 08:30"))
    after = _do(live, acknowledge, by=CLERK, now=at("2023-01-11 09:00"))
    assert (after.acknowledged_until, after.acknowledged_by) == (date(2023, 1, 18), CLERK)


MOVES: Final[dict[str, Callable[[Desk, str], Assignment]]] = {
    "hand in": lambda desk, by: hand_in(desk, ID, RESULT, by=by, now=IN_TIME),
    "withdraw": lambda desk, by: withdraw(desk, ID, by=by, now=IN_TIME),
    "cannot do": lambda desk, by: state_cannot_do(desk, ID, CannotDoReason.NO_STAFF, reason="", by=by, now=IN_TIME),
    "ask": lambda desk, by: ask_extension(desk, ID, date(2023, 2, 1), reason="x", by=by, now=IN_TIME),
    "accept": lambda desk, by: accept(desk, ID, by=by, now=IN_TIME),
    "return": lambda desk, by: return_(desk, ID, reason="x", by=by, now=IN_TIME),
    "decide": lambda desk, by: decide_extension(desk, ID, granted=True, by=by, now=IN_TIME),
    "acknowledge": lambda desk, by: acknowledge(desk, ID, by=by, now=IN_TIME),
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("by", ["the-khlang-officer", "the-khlang-head", "nobody", ""])
def test_nobody_of_another_division_may_make_a_move(live: LiveOffice, move: str, by: str) -> None:
    before = (live.get(ID), len(live.ledger()))
    with live.desk() as desk, pytest.raises(NotAllowedError):
        MOVES[move](desk, by)
    assert (live.get(ID), len(live.ledger())) == before


@pytest.mark.parametrize("move", ["accept", "return", "decide", "acknowledge"])
def test_an_officer_does_not_decide(live: LiveOffice, move: str) -> None:
    with live.desk() as desk, pytest.raises(NotAllowedError, match="name an acting holder"):
        MOVES[move](desk, OFFICER)


@pytest.mark.parametrize("move", ["hand in", "withdraw", "cannot do", "ask"])
def test_the_clerk_does_not_report_for_a_division(live: LiveOffice, move: str) -> None:
    with live.desk() as desk, pytest.raises(NotAllowedError):
        MOVES[move](desk, CLERK)


def test_an_acting_head_decides_and_the_displaced_one_does_not(office: Callable[..., LiveOffice]) -> None:
    acting = Holding("chang-head", "the-khlang-head", date(2023, 1, 10), date(2023, 1, 10), is_acting=True)
    live = office(people=make_people(also=(acting,)))
    live.advance(at("2023-01-04 08:30"))
    _handed_in(live, at("2023-01-09 09:00"))
    with live.desk() as desk, pytest.raises(NotAllowedError):
        accept(desk, ID, by=HEAD, now=IN_TIME)
    with live.desk() as desk, pytest.raises(NotAllowedError):
        accept(desk, ID, by="the-khlang-head", now=at("2023-01-09 10:00"))
    assert _do(live, accept, by="the-khlang-head", now=IN_TIME).state is State.ACCEPTED


@pytest.mark.parametrize(
    "refused",
    [
        Result(" ", NONE_CONFIRMED, NONE_CONFIRMED),
        Result("ทำแล้ว", Answer(), NONE_CONFIRMED),
        Result("ทำแล้ว", NONE_CONFIRMED, Answer(text="  ")),
    ],
    ids=["no result", "problems unanswered", "suggestions blank"],
)
def test_an_incomplete_result_stores_nothing(live: LiveOffice, tmp_path: Path, refused: Result) -> None:
    lines = keep(FileStore(tmp_path), [Attachment("1.pdf", b"1")])
    before = (live.get(ID), len(live.ledger()))

    def fail() -> None:
        with live.desk() as desk:
            hand_in(desk, ID, refused, lines, by=OFFICER, now=IN_TIME)

    with pytest.raises(IncompleteError):
        fail()
    with live.reading() as desk:
        assert desk.uow.evidence.of(ID) == []
    assert (live.get(ID), len(live.ledger())) == before


def test_a_form_that_was_read_before_a_change_is_refused(live: LiveOffice) -> None:
    shown = live.get(ID).version
    _do(live, ask_extension, date(2023, 2, 1), reason="x", by=OFFICER, now=IN_TIME)
    with live.desk() as desk, pytest.raises(StaleError, match="Nothing was overwritten"):
        hand_in(desk, ID, RESULT, by=OFFICER, now=IN_TIME, version=shown)
    assert _do(live, hand_in, RESULT, by=OFFICER, now=IN_TIME, version=shown + 1).state is State.HANDED_IN


def test_a_notice_of_the_clock_between_reading_and_sending_is_told_too(live: LiveOffice) -> None:
    shown = live.get(ID).version
    live.advance(at("2023-01-11 08:30"))
    with live.desk() as desk, pytest.raises(StaleError):
        hand_in(desk, ID, RESULT, by=OFFICER, now=at("2023-01-11 08:31"), version=shown)


def test_one_of_several_hand_ins_at_once_wins(live: LiveOffice) -> None:
    start, said = threading.Barrier(4), list[str]()

    def report() -> None:
        start.wait()
        try:
            _handed_in(live)
            said.append("handed in")
        except SucharitError as refused:
            said.append(type(refused).__name__)

    threads = [threading.Thread(target=report) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("handed in") == 1
    assert set(said) <= {"handed in", "StaleError", "MoveRefusedError"}
    assert len(live.ledger("assignment.hand_in")) == 1
    assert live.audit(IN_TIME).lines == len(live.ledger())


def test_an_unknown_assignment_is_said(live: LiveOffice) -> None:
    with live.desk() as desk, pytest.raises(NotFoundError):
        hand_in(desk, "2566-m9-chang-q1", RESULT, by=OFFICER, now=IN_TIME)


def test_rows_say_what_the_clock_says(live: LiveOffice) -> None:
    def clock(now: datetime) -> str:
        with live.reading() as desk:
            (row,) = [row for row in rows(desk, desk.uow.assignments.all(), now) if row.id == ID]
            return row.clock

    assert [clock(at(text)) for text in ("2022-12-30 08:30", "2023-01-05 08:30", "2023-01-10 16:31")] == [
        "",
        "due soon",
        "overdue",
    ]
    _handed_in(live)
    assert clock(at("2023-02-01 08:30")) == ""
