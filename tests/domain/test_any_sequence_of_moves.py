from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.assignment import ACTIONABLE, WAITING, Assignment, State
from domain.deadline import ask_extension, change_deadline, decide_extension
from domain.errors import SucharitError
from domain.escalation import due_now
from domain.figures import Answer
from domain.line import Line
from domain.moves import (
    MOVES,
    Move,
    acknowledge,
    apply,
    decided,
    hand_in,
    open_again,
    return_,
    state_cannot_do,
    withdraw,
)
from domain.people import SUPERVISORS, Level
from domain.quarter import outcome
from domain.submission import CannotDoReason
from domain.telling import told_of
from tests.factories import NONE_CONFIRMED, at, make_assignment, make_rules, make_submission

RULES = make_rules()
WORKDAYS, SETTINGS = RULES.workdays, RULES.settings
DOER = "the-chang-officer"
FINAL = {State.ACCEPTED, State.CANCELLED}
PAUSES = st.one_of(
    st.integers(min_value=0, max_value=60).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(min_value=0, max_value=30).map(lambda days: timedelta(days=days)),
)
ANSWERS = st.sampled_from([NONE_CONFIRMED, NONE_CONFIRMED, Answer(text="งบประมาณล่าช้า"), Answer()])


class AnySequenceOfMoves(RuleBasedStateMachine):
    """Everything that people and the clock can do to one assignment, in any order and at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.assignment = make_assignment()
        self.now = at("2023-03-20 08:30")
        self.office = RULES
        self.keys: list[str] = []

    def attempt(self, move: Move, act: Callable[[Assignment], Assignment]) -> None:
        before = self.assignment
        kept = replace(before)
        try:
            after = act(before)
        except SucharitError:
            assert before == kept
            return
        self.check_one_step(before, move, after)
        self.assignment = after
        heard = ["the-chang-head"] if move in {Move.WITHDRAW, Move.CANCEL} else []
        told = told_of(after, move, self.line, by=self.actor(move), doer=DOER, heard=heard)
        assert self.actor(move) not in {notice.person for notice in told}
        self.keys += [notice.key for notice in told]

    @property
    def line(self) -> Line:
        return RULES.line("chang", WORKDAYS.local_day(self.now))

    def actor(self, move: Move) -> str:
        own = {Move.HAND_IN, Move.WITHDRAW, Move.CANNOT_DO, Move.ASK_EXTENSION}
        return DOER if move in own else "the-clerk"

    def check_one_step(self, before: Assignment, move: Move, after: Assignment) -> None:
        assert before.state not in FINAL or (before.state is State.CANCELLED and move is Move.OPEN)
        expected = MOVES[before.state, move]
        if move is Move.WITHDRAW and before.returned_reason:
            expected = State.RETURNED
        assert after.state is expected
        assert after.version == before.version + 1
        assert after.deadline_version - before.deadline_version == (after.due_on != before.due_on)
        assert after.round - before.round == (move is Move.RETURN)
        assert after.due_on >= before.due_on or move is Move.CHANGE_DEADLINE
        if move is Move.CHANGE_DEADLINE and after.due_on < before.due_on:
            assert after.due_on >= WORKDAYS.days_given(self.now, SETTINGS.correction)
        assert after.late_workdays >= before.late_workdays

    @rule(pause=PAUSES)
    def time_passes(self, pause: timedelta) -> None:
        self.now += pause

    @precondition(lambda self: self.assignment.state in FINAL)
    @rule()
    def the_next_assignment_opens(self) -> None:
        self.assignment = make_assignment(id=f"{self.assignment.id}+", due_on=WORKDAYS.add(self.now.date(), 5))

    @rule(problems=ANSWERS, result=st.sampled_from(["ดำเนินการแล้ว", " "]))
    def somebody_hands_in(self, problems: Answer, result: str) -> None:
        what = make_submission(problems=problems, result=result)
        self.attempt(
            Move.HAND_IN, lambda a: hand_in(a, what, by=DOER, level=Level.OFFICER, now=self.now, workdays=WORKDAYS)
        )

    @rule(move=st.sampled_from([Move.ACCEPT, Move.CONFIRM]))
    def the_supervisor_agrees(self, move: Move) -> None:
        self.attempt(move, lambda a: decided(apply(a, move), by="the-clerk"))

    @rule()
    def it_is_cancelled(self) -> None:
        self.attempt(Move.CANCEL, lambda a: apply(a, Move.CANCEL))

    @rule()
    def the_division_takes_it_back(self) -> None:
        before = self.assignment
        self.attempt(Move.WITHDRAW, lambda a: withdraw(a, settings=SETTINGS, now=self.now, workdays=WORKDAYS))
        if self.assignment is not before and before.withdrawals:
            plans_day = WORKDAYS.add(before.period.span.end, SETTINGS.report_due)
            assert self.assignment.due_on == max(before.due_on, plans_day)

    @rule()
    def the_plan_asks_it_again(self) -> None:
        self.attempt(Move.OPEN, lambda a: open_again(a, now=self.now))

    @rule(reason=st.sampled_from(["แนบภาพ", ""]))
    def the_supervisor_returns_it(self, reason: str) -> None:
        before = self.assignment
        self.attempt(
            Move.RETURN,
            lambda a: return_(a, reason=reason, by="the-clerk", settings=SETTINGS, now=self.now, workdays=WORKDAYS),
        )
        if self.assignment is not before:
            assert self.assignment.due_on >= WORKDAYS.days_given(self.now, SETTINGS.correction)

    @rule(kind=st.sampled_from(CannotDoReason), reason=st.sampled_from(["ถูกตัดงบ", ""]))
    def the_division_cannot_do_it(self, kind: CannotDoReason, reason: str) -> None:
        self.attempt(
            Move.CANNOT_DO,
            lambda a: state_cannot_do(
                a, kind, reason=reason, by=DOER, level=Level.OFFICER, now=self.now, workdays=WORKDAYS
            ),
        )

    @rule(days=st.integers(min_value=-5, max_value=60), reason=st.sampled_from(["รอผล", ""]))
    def the_division_asks_for_more_time(self, days: int, reason: str) -> None:
        day: date = WORKDAYS.local_day(self.now) + timedelta(days=days)
        self.attempt(
            Move.ASK_EXTENSION,
            lambda a: ask_extension(
                a, day, reason=reason, by=DOER, level=Level.OFFICER, now=self.now, workdays=WORKDAYS
            ),
        )

    @rule(granted=st.booleans())
    def the_supervisor_decides_on_more_time(self, *, granted: bool) -> None:
        move = Move.GRANT_EXTENSION if granted else Move.REFUSE_EXTENSION
        self.attempt(
            move,
            lambda a: decide_extension(
                a, granted=granted, settings=SETTINGS, now=self.now, workdays=WORKDAYS, reason="ก"
            ),
        )

    @rule(days=st.integers(min_value=-5, max_value=60), reason=st.sampled_from(["เลื่อนประชุมสภา", ""]))
    def the_administrator_changes_the_deadline(self, days: int, reason: str) -> None:
        day: date = WORKDAYS.local_day(self.now) + timedelta(days=days)
        self.attempt(
            Move.CHANGE_DEADLINE,
            lambda a: change_deadline(a, day, reason=reason, settings=SETTINGS, now=self.now, workdays=WORKDAYS),
        )

    @rule(level=st.sampled_from(SUPERVISORS))
    def a_supervisor_acknowledges(self, level: Level) -> None:
        (by,) = self.line.at(level)
        above = self.line.above(level, ()) is not None
        self.attempt(
            Move.ACKNOWLEDGE,
            lambda a: acknowledge(a, by=by, level=level, is_anybody_above=above, now=self.now, workdays=WORKDAYS),
        )

    @rule()
    def the_flow_runs(self) -> None:
        before, day = self.assignment, WORKDAYS.local_day(self.now)
        telling = due_now(before, self.office, self.now)
        if WORKDAYS.is_in_hours(self.now) and self.office.is_summary(day):
            self.office = replace(self.office, summary_left_on=day)
        if telling is None:
            return
        self.check_one_step(before, Move.ESCALATE, telling.assignment)
        assert WORKDAYS.is_in_hours(self.now)
        late = {notice.level for notice in telling.notices if notice.rung_offset is not None and notice.rung_offset > 0}
        assert not any(before.is_silenced(level, day) for level in late)
        assert Level.MAYOR not in late or self.office.summary_left_on == day
        self.assignment = telling.assignment
        self.keys += [notice.key for notice in telling.notices]

    @rule()
    def the_flow_runs_twice(self) -> None:
        self.the_flow_runs()
        assert due_now(self.assignment, self.office, self.now) is None

    @invariant()
    def no_notice_has_the_key_of_another(self) -> None:
        assert len(set(self.keys)) == len(self.keys)

    @invariant()
    def every_state_has_an_outcome(self) -> None:
        assert outcome(self.assignment, WORKDAYS, self.now)

    @invariant()
    def a_request_waits_only_while_the_division_must_act(self) -> None:
        assert self.assignment.extension is None or self.assignment.state in {*ACTIONABLE, State.CANCELLED}

    @invariant()
    def a_reason_stands_exactly_where_something_cannot_be_done(self) -> None:
        is_stated = self.assignment.cannot_do is not None
        stands = self.assignment.state in {State.CANNOT_DO_STATED, State.CANNOT_DO}
        assert is_stated == stands or self.assignment.state is State.CANCELLED

    @invariant()
    def what_was_done_waits_exactly_until_it_is_decided_or_taken_back(self) -> None:
        assert bool(self.assignment.waits) or self.assignment.state not in WAITING
        assert all(not wait.decided_by for wait in self.assignment.waits)

    @invariant()
    def what_was_sent_back_says_why(self) -> None:
        assert self.assignment.reason or self.assignment.state is not State.RETURNED

    @invariant()
    def what_is_handed_in_is_complete(self) -> None:
        if self.assignment.state in {State.HANDED_IN, State.ACCEPTED}:
            done = self.assignment.submission
            assert done is not None
            assert done.problems.is_answered


TestAnySequenceOfMoves = AnySequenceOfMoves.TestCase
TestAnySequenceOfMoves.settings = settings(deadline=None, max_examples=150, stateful_step_count=40)
