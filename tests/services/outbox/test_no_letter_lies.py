"""From any mixture of outages, moves, hand-overs and address changes: no letter says what is not so when it leaves."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from domain.assignment import Assignment, State
from domain.errors import SucharitError
from domain.outbox import LetterState
from domain.people import Level, Person
from domain.thai import thai_digits
from services.assignments import deadlines
from services.assignments.hand_in import hand_in, withdraw
from services.assignments.review import accept, ask_extension, decide_extension, return_
from services.desk import Desk
from services.outbox import resend
from services.outbox.deliver import deliver
from services.rehearsal.play import SimulatedClock
from storage.store import Store
from tests.engines import sharing_statements
from tests.factories import DIVISIONS, at, make_measure, make_people, make_plan, make_responsible, make_step
from tests.services.live_office import KEY, LiveOffice, found_office, make_mail_sender
from tests.services.mail import serving
from tests.services.outbox.letter_judge import Judge
from tests.services.outbox.post_room import NOBODY_LISTENS, RESULT, move_to, succeed

Step = tuple[str, ...]

TWO: Final = DIVISIONS[1:3]
"""กองคลัง and กองช่าง."""
START: Final = at("2023-01-05 09:00")
"""Two quarters are open: the first is due on 10 January, the second on 10 April."""
NUMBERS: Final = count(1)

divisions = st.sampled_from(["chang", "chang", "khlang"])
quarters = st.sampled_from(["q1", "q1", "q1", "q2"])
kinds = st.sampled_from(["hand in", "hand in", "accept", "return", "withdraw", "ask", "grant", "refuse", "postpone"])
posts = st.sampled_from(["chang-officer", "chang-officer", "chang-head", "chang-head", "khlang-head", "clerk", "mayor"])
ways = st.sampled_from(["takes", "takes", "down", "refuses", "puts off", "hangs"])
waits = st.tuples(st.just("wait"), st.sampled_from(["1", "6", "20", "300"]))
mornings = st.tuples(st.just("morning"))
moves = st.tuples(kinds, divisions, quarters)
people = st.one_of(st.tuples(st.just("address"), posts), st.tuples(st.just("hand over"), posts))
steps = st.one_of(
    mornings,
    waits,
    moves,
    people,
    st.tuples(st.just("meanwhile"), kinds, divisions, quarters),
    st.tuples(st.just("server"), ways),
    st.tuples(st.just("resend")),
).map(lambda step: (step,))
of_one = st.tuples(kinds, st.just("chang"), st.just("q1"))
outages = st.tuples(
    st.tuples(st.just("server"), st.sampled_from(["down", "hangs", "puts off", "refuses"])),
    of_one,
    st.one_of(waits, mornings),
    st.one_of(of_one, people),
    st.one_of(waits, mornings),
    st.tuples(st.just("server"), st.just("takes")),
    st.one_of(waits, mornings),
)
"""Something happens while letters cannot leave, and something more before they can."""

stories = st.lists(st.one_of(steps, outages), min_size=2, max_size=7).map(
    lambda parts: [step for part in parts for step in part]
)


@pytest.fixture(scope="module")
def begun(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office of two divisions up to 4 January, everything told."""
    file = Path(shutil.copy(migrated_file, tmp_path_factory.mktemp("lies") / "begun.db"))
    store = Store(f"sqlite:///{file}", durable=False)
    units = tuple(division.name for division in TWO)
    plan = make_plan(measures=(make_measure(steps=(make_step(responsible=make_responsible(units=units)),)),))
    live = found_office(store, people=make_people(divisions=TWO), plan=plan)
    for day in ("2022-10-03", "2022-12-27", "2023-01-04"):
        live.mornings(day)
        live.compose(at(f"{day} 08:30"))
    store.close()  # the last connection brings everything into the one file
    return file


@dataclass
class World:
    """An office, its server and its clock; each step is something that happens."""

    live: LiveOffice
    server: Judge
    port: int
    clock: SimulatedClock
    came: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=count)

    def do(self, step: Step) -> None:
        """Let a step happen; a move that is refused did not happen."""
        name, *rest = step
        actions: dict[str, Callable[..., None]] = {
            "morning": self._morning,
            "wait": self._wait,
            "meanwhile": lambda *move: self.server.meanwhile.append(lambda: self._move(*move)),
            "address": self._address,
            "hand over": self._hand_over,
            "server": self._server,
            "resend": self._resend,
        }
        if name in actions:
            actions[name](*rest)
        else:
            self._move(name, *rest)

    def _morning(self) -> None:
        day = self.clock.now.date() + timedelta(days=1)
        self.clock.now = at(f"{day} 08:30")
        self.live.advance(self.clock.now)
        self.deliver()

    def _wait(self, minutes: str) -> None:
        self.clock.now += timedelta(minutes=int(minutes))
        self.deliver()

    def deliver(self) -> None:
        is_hanging = self.server.way == "hangs"
        port = NOBODY_LISTENS if self.server.way == "down" else self.port
        mail_sender = make_mail_sender(port, self.clock, timeout_s=0.15 if is_hanging else 10)
        done = asyncio.run(deliver(self.live.store, self.live.key, mail_sender))
        assert done.faults == ()

    def _server(self, way: str) -> None:
        self.server.way = way
        answers = {"refuses": "550 5.1.1 no such user", "puts off": "451 4.7.1 greylisted"}
        refused = {"refuses": "chang-officer@", "puts off": "chang-"}.get(way)
        self.server.rcpt = lambda to, _nth: answers[way] if refused and to.startswith(refused) else "250 OK"

    def _address(self, post: str) -> None:
        with self.live.reading() as desk:
            held = [h for h in desk.people.holdings_of(post) if h.covers(self.clock.now.date())]
        move_to(self.live, held[0].person, f"moved-{next(self.numbers)}@example.test")

    def _hand_over(self, post: str) -> None:
        number = next(self.numbers)
        new = Person(f"new-{number}", f"ผู้มาใหม่ {thai_digits(number)}", f"new-{number}@example.test")
        with self.live.reading() as desk:
            (now,) = [h for h in desk.people.holdings_of(post) if h.covers(self.clock.now.date())]
        if now.start_on < self.clock.now.date():
            succeed(self.live, post, new, self.clock.now.date())
            self.came.add(new.key)

    def _resend(self) -> None:
        with suppress(SucharitError), self.live.desk() as desk:
            resend.send_again(desk, resend.ALL, by="the-admin", now=self.clock.now)

    def _move(self, kind: str, division: str, quarter: str) -> None:
        with suppress(SucharitError), self.live.desk() as desk:
            self._moved(desk, kind, f"2566-m1.1-{division}-{quarter}")

    def _moved(self, desk: Desk, kind: str, ref: str) -> None:
        now = self.clock.now
        assignment = desk.uow.assignments.get(ref)
        line = desk.rules.line(assignment.division, now.date())
        officer = line.at(Level.OFFICER)[0]
        decider = next((p for w in assignment.waits for p in line.deciders(w.by, w.level).persons), "nobody")
        later = assignment.due_on + timedelta(days=10)
        actions: dict[str, Callable[[], object]] = {
            "hand in": lambda: hand_in(desk, ref, RESULT, by=officer, now=now),
            "withdraw": lambda: withdraw(desk, ref, by=officer, now=now),
            "accept": lambda: accept(desk, ref, by=decider, now=now),
            "return": lambda: return_(desk, ref, reason="ขาดหลักฐาน", by=decider, now=now),
            "ask": lambda: ask_extension(desk, ref, later, reason="น้ำท่วม", by=officer, now=now),
            "grant": lambda: decide_extension(desk, ref, granted=True, by=decider, now=now),
            "refuse": lambda: decide_extension(desk, ref, granted=False, reason="ไม่จำเป็น", by=decider, now=now),
            "postpone": lambda: deadlines.change(desk, [assignment], later, reason="ประชุม", by="the-admin", now=now),
        }
        actions[kind]()

    def settle_down(self) -> None:
        """The server is mended, who was parked is tried again, and the next working day passes."""
        self._server("takes")
        self.server.meanwhile.clear()
        self._resend()
        for _ in range(4):  # over a weekend and the holiday after it
            self._morning()
        self._wait("300")
        self._wait("1")

    def left_out(self) -> Iterator[str]:
        """Who must act on something, and no letter has said so since it became theirs."""
        with self.live.reading() as desk:
            for assignment in desk.uow.assignments.all():
                for person, since in self._must_act(desk, assignment):
                    read = [each for each in self.server.arrivals if each.person == person and each.at >= since]
                    if not any(item.ref == assignment.id for each in read for item in each.items):
                        yield f"{person} has not read of {assignment.id} ({assignment.state.value}) since {since}"

    def _must_act(self, desk: Desk, assignment: Assignment) -> Iterator[tuple[str, datetime]]:
        """Persons, each with the instant since which it is so; what was told before the story begins is left out."""
        line = desk.rules.line(assignment.division, self.clock.now.date())
        for wait in assignment.waits:
            for person in line.deciders(wait.by, wait.level).persons:
                if person != wait.by:
                    yield person, wait.began_at
        if assignment.state in (State.OPEN, State.RETURNED):
            sent_back = [
                line.entry.at for line in self.live.ledger("assignment.return") if line.entry.subject == assignment.id
            ]
            for person in line.reached(Level.OFFICER).persons:
                if assignment.state is State.RETURNED:
                    yield person, sent_back[-1]
                elif person in self.came:
                    yield person, START


@settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@example([*[("morning",)] * 5, ("meanwhile", "hand in", "chang", "q1"), ("morning",)])
@example(
    [
        ("server", "hangs"),
        ("hand in", "chang", "q1"),
        ("wait", "1"),
        ("withdraw", "chang", "q1"),
        ("server", "takes"),
        ("wait", "1"),
    ]
)
@example([("server", "down"), ("morning",), ("hand in", "chang", "q1"), ("accept", "chang", "q1"), ("server", "takes")])
@example(
    [("server", "hangs"), ("hand in", "chang", "q1"), ("wait", "1"), ("accept", "chang", "q1"), ("server", "takes")]
)
@example([("server", "down"), ("hand over", "chang-head"), ("address", "chang-officer"), *[("morning",)] * 7])
@example([("server", "down"), ("hand in", "chang", "q1"), ("wait", "1"), ("hand over", "chang-head"), ("morning",)])
@example(
    [("server", "down"), ("hand in", "chang", "q1"), ("wait", "1"), ("withdraw", "chang", "q1"), ("server", "takes")]
)
@example([("server", "down"), *[("hand over", "chang-officer"), ("morning",)] * 2])
@example(
    [("hand in", "chang", "q1"), ("server", "hangs"), ("accept", "chang", "q1"), ("wait", "1"), ("server", "takes")]
)
@given(stories)
def test_no_letter_says_what_is_not_so_and_nobody_is_left_out(
    begun: Path, tmp_path: Path, happened: list[Step]
) -> None:
    file = shutil.copy(begun, tmp_path / f"{next(NUMBERS)}.db")
    store = sharing_statements(Store(f"sqlite:///{file}", durable=False))
    clock = SimulatedClock(START)
    live = LiveOffice(store, KEY)
    server = Judge(live=live, clock=clock)
    with serving(server) as port:
        world = World(live, server, port, clock)
        for step in happened:
            world.do(step)
        world.settle_down()
    assert server.lies == []
    assert list(world.left_out()) == []
    assert live.letters(LetterState.WAITING) == []
    store.close()


def test_the_judge_sees_a_lie(begun: Path, tmp_path: Path) -> None:
    """A letter of the morning, given to it after what it says has changed."""
    file = shutil.copy(begun, tmp_path / "lie.db")
    store = sharing_statements(Store(f"sqlite:///{file}", durable=False))
    live, clock = LiveOffice(store, KEY), SimulatedClock(at("2023-01-11 08:30"))
    live.advance(clock.now)
    live.compose(clock.now, leaves=False)
    with live.desk() as desk:
        hand_in(desk, "2566-m1.1-chang-q1", RESULT, by="the-chang-officer", now=clock.now)
        letters = [letter for letter in desk.uow.letters.all(LetterState.WAITING) if "chang" in letter.person]
        for letter in letters:
            desk.uow.letters.replace([letter.id], clock.now, "")
        desk.uow.letters.add(
            [replace(each, notices=(), id=f"{n}", message_id=f"<{n}@x>") for n, each in enumerate(letters)]
        )
    server = Judge(live=live, clock=clock)
    with serving(server) as port:
        World(live, server, port, clock).deliver()
    assert len([lie for lie in server.lies if "nothing is asked of the division" in lie]) == 2
    store.close()
