"""Everything that a played year remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time

from tests.oracle.case import Case, Step
from tests.oracle.days import Calendar
from tests.oracle.office import Level, Office


class Refused(Exception):  # noqa: N818 -- it is what happens to a move, not a fault of the oracle
    """A move that its doer may not make, or not now."""


@dataclass(frozen=True)
class Ground:
    """A reason for a deadline: the end of the plan's period, a rule's days from a day on, or a day set by a person."""

    kind: str  # "plan", "days" or "date"
    day: date
    count: int = 0


@dataclass(frozen=True)
class Acknowledgment:
    assignment: str
    due: date
    person: str
    level: Level
    at: datetime
    until: date


@dataclass
class Wait:
    """Something that waits for a decider: a result, a “cannot do” or a request for time."""

    kind: str  # the kind of its first notice: "handed_in", "cannot_do" or "extension_asked"
    doer: str
    doer_level: Level
    began_on: date
    asked_for: date | None = None
    rungs: set[int] = field(default_factory=set)
    heard: list[str] = field(default_factory=list)


@dataclass
class Assignment:
    id: str
    measure: str
    division: str
    quarter: int
    period_end: date
    opened_at: datetime
    grounds: list[Ground]
    due: date
    ladder_from: datetime
    state: str = "open"
    before: str = "open"
    is_confirmed: bool = False
    withdrawals: int = 0
    booked_earlier: int = 0
    booked: int = 0
    wait: Wait | None = None
    request: Wait | None = None
    decided: Wait | None = None
    reminded: set[int] = field(default_factory=set)
    told_levels: set[Level] = field(default_factory=set)
    told_persons: set[str] = field(default_factory=set)
    acknowledgments: list[Acknowledgment] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """The division must act."""
        return self.state in {"open", "returned"}

    @property
    def is_waiting(self) -> bool:
        """Somebody must decide what the division did."""
        return self.state == "handed_in" or (self.state == "cannot_do" and not self.is_confirmed)

    @property
    def waits(self) -> list[Wait]:
        return [wait for wait in (self.wait, self.request) if wait is not None]

    @property
    def days_late(self) -> int:
        """Days booked under earlier deadlines and under this one."""
        return max(self.booked_earlier, self.booked)


@dataclass(frozen=True)
class Notice:
    """One line to one person, on the day on which its letter leaves."""

    day: date
    person: str
    kind: str
    assignment: str = ""
    due: date | None = None
    aimed: tuple[Level, ...] = ()
    post: Level | None = None
    is_top: bool = False
    names: tuple[str, ...] = ()
    state: str = ""
    may: frozenset[str] = frozenset()


@dataclass
class Pending:
    """A line whose letter cannot leave yet; `wait` is what it was about."""

    notice: Notice
    wait: Wait | None


@dataclass(frozen=True)
class Decision:
    """`others` are those who could have decided in the decider's place and had not done it themselves."""

    assignment: str
    at: datetime
    decider: str
    doer: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Probe:
    """What the next notice of an assignment was foreseen to be on a day."""

    day: date
    assignment: str
    next: tuple[tuple[date, str, str], ...]


@dataclass
class Record:
    """What can be looked at after the year: all that was told and decided, and what was foreseen."""

    notices: list[Notice] = field(default_factory=list)
    acknowledgments: list[Acknowledgment] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    probes: list[Probe] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@dataclass
class World:
    case: Case
    calendar: Calendar
    office: Office
    now: datetime
    divisions: dict[str, str]
    founded_on: dict[str, date] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    paused: dict[str, datetime] = field(default_factory=dict)
    is_closed: bool = False
    is_out_of_force: bool = False
    pending: list[Pending] = field(default_factory=list)
    summary_weeks: set[date] = field(default_factory=set)
    seats: dict[str, list[str]] = field(default_factory=dict)
    record: Record = field(default_factory=Record)

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def steps(self) -> list[tuple[str, Step]]:
        return [(measure.key, step) for measure in self.case.plan.measures for step in measure.steps]

    def is_standing_still(self, assignment: Assignment) -> bool:
        """Its clock does not run: its measure is paused, the year closed or the plan out of force."""
        return assignment.measure in self.paused or self.is_closed or self.is_out_of_force


def begin(case: Case) -> World:
    """Give the office on the morning of the case's first day, before anything happened."""
    world = World(
        case=case,
        calendar=Calendar() if case.days_off is None else Calendar(set(case.days_off)),
        office=Office(list(case.posts), list(case.holdings)),
        now=datetime.combine(case.starts, time()),
        divisions={division.key: division.kind for division in case.divisions},
    )
    world.seats = seats_today(world)
    return world


def seats_today(world: World) -> dict[str, list[str]]:
    """Give who has each post today."""
    return {post.key: world.office.seated(post.key, world.today) for post in world.office.posts}
