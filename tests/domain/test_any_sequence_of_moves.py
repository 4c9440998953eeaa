from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.assignment import ACTIONABLE, Assignment, State
from domain.deadline import ask_extension, change_deadline, decide_extension
from domain.errors import SucharitError
from domain.escalation import Escalated, decide, told_of
from domain.figures import Answer
from domain.moves import MOVES, Move, acknowledge, apply, hand_in, open_again, return_, state_cannot_do
from domain.quarter import outcome
from domain.submission import CannotDoReason
from tests.factories import NONE_CONFIRMED, at, make_assignment, make_submission, make_workdays

WORKDAYS = make_workdays()
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
        self.announced: set[tuple[int, int]] = set()
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
        self.keys += [notice.key for notice in told_of(after, move)]

    def check_one_step(self, before: Assignment, move: Move, after: Assignment) -> None:
        assert before.state not in FINAL or (before.state is State.CANCELLED and move is Move.OPEN)
        assert after.state is MOVES[before.state, move]
        assert after.version == before.version + 1
        assert after.deadline_version - before.deadline_version == (after.due_on != before.due_on)
        assert after.round - before.round == (move is Move.RETURN)
        assert after.due_on >= before.due_on or move is Move.CHANGE_DEADLINE
        assert after.late_workdays >= before.late_workdays

    @rule(pause=PAUSES)
    def time_passes(self, pause: timedelta) -> None:
        self.now += pause

    @precondition(lambda self: self.assignment.state in FINAL)
    @rule()
    def the_next_assignment_opens(self) -> None:
        self.assignment = make_assignment(id=f"{self.assignment.id}+", due_on=WORKDAYS.add(self.now.date(), 5))
        self.announced.clear()

    @rule(problems=ANSWERS, result=st.sampled_from(["ดำเนินการแล้ว", " "]))
    def somebody_hands_in(self, problems: Answer, result: str) -> None:
        what = make_submission(problems=problems, result=result)
        self.attempt(Move.HAND_IN, lambda a: hand_in(a, what, by="x", now=self.now, workdays=WORKDAYS))

    @rule(move=st.sampled_from([Move.WITHDRAW, Move.ACCEPT, Move.CANCEL]))
    def somebody_makes_a_plain_move(self, move: Move) -> None:
        self.attempt(move, lambda a: apply(a, move))

    @rule()
    def the_plan_asks_it_again(self) -> None:
        self.attempt(Move.OPEN, lambda a: open_again(a, now=self.now))

    @rule(reason=st.sampled_from(["แนบภาพ", ""]), correction=st.integers(min_value=0, max_value=10))
    def the_supervisor_returns_it(self, reason: str, correction: int) -> None:
        self.attempt(
            Move.RETURN, lambda a: return_(a, reason=reason, now=self.now, workdays=WORKDAYS, correction=correction)
        )

    @rule(kind=st.sampled_from(CannotDoReason), reason=st.sampled_from(["ถูกตัดงบ", ""]))
    def the_division_cannot_do_it(self, kind: CannotDoReason, reason: str) -> None:
        self.attempt(Move.CANNOT_DO, lambda a: state_cannot_do(a, kind, reason=reason))

    @rule(days=st.integers(min_value=-5, max_value=60), reason=st.sampled_from(["รอผล", ""]))
    def the_division_asks_for_more_time(self, days: int, reason: str) -> None:
        day: date = WORKDAYS.local_day(self.now) + timedelta(days=days)
        self.attempt(Move.ASK_EXTENSION, lambda a: ask_extension(a, day, reason=reason, by="x", workdays=WORKDAYS))

    @rule(granted=st.booleans())
    def the_supervisor_decides_on_more_time(self, *, granted: bool) -> None:
        move = Move.GRANT_EXTENSION if granted else Move.REFUSE_EXTENSION
        self.attempt(move, lambda a: decide_extension(a, granted=granted, now=self.now, workdays=WORKDAYS, reason="ก"))

    @rule(days=st.integers(min_value=-5, max_value=60), reason=st.sampled_from(["เลื่อนประชุมสภา", ""]))
    def the_administrator_changes_the_deadline(self, days: int, reason: str) -> None:
        day: date = WORKDAYS.local_day(self.now) + timedelta(days=days)
        self.attempt(
            Move.CHANGE_DEADLINE, lambda a: change_deadline(a, day, reason=reason, now=self.now, workdays=WORKDAYS)
        )

    @rule()
    def the_supervisor_acknowledges(self) -> None:
        self.attempt(Move.ACKNOWLEDGE, lambda a: acknowledge(a, by="clerk", now=self.now, workdays=WORKDAYS))

    @rule()
    def the_flow_runs(self) -> None:
        before, decided = self.assignment, decide(self.assignment, WORKDAYS, self.now)
        if isinstance(decided, Escalated):
            self.check_one_step(before, Move.ESCALATE, decided.assignment)
            said = (decided.assignment.deadline_version, decided.assignment.rung)
            assert said not in self.announced
            assert decided.assignment.rung > before.rung
            self.announced.add(said)
            self.assignment = decided.assignment
            self.keys += [notice.key for notice in decided.notices]

    @rule()
    def the_flow_runs_twice(self) -> None:
        self.the_flow_runs()
        assert not isinstance(decide(self.assignment, WORKDAYS, self.now), Escalated)

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
        assert is_stated == (self.assignment.state is State.CANNOT_DO) or self.assignment.state is State.CANCELLED

    @invariant()
    def what_is_handed_in_is_complete(self) -> None:
        if self.assignment.state in {State.HANDED_IN, State.ACCEPTED}:
            done = self.assignment.submission
            assert done is not None
            assert done.problems.is_answered


TestAnySequenceOfMoves = AnySequenceOfMoves.TestCase
TestAnySequenceOfMoves.settings = settings(deadline=None, max_examples=150, stateful_step_count=40)
