"""Which moments Prefect must know: one schedule per measure of every plan in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import BadInputError, NotFoundError
from domain.ledger import Entry
from domain.moments import Moment, moments
from domain.opening import PlanInForce
from domain.plan import Measure
from domain.thai import thai_digits
from services.desk import Desk
from services.scheduler import MeasureSchedule

FLOW = "run-measure"


@dataclass(frozen=True, slots=True)
class MeasureKey:
    """`2570/demo/m3`: fiscal year, office and measure; the argument of a measure's flow.

    Attributes:
        deployment: Its name in Prefect, where a slash is not allowed: `2570.demo.m3`.
    """

    fiscal_year_be: int
    office: str
    measure: str

    @classmethod
    def parse(cls, text: str) -> MeasureKey:
        """Read `2570/demo/m3` (or the deployment's `2570.demo.m3`).

        Raises:
            BadInputError: The text has neither form.
        """
        parts = text.replace(".", "/").split("/")
        if len(parts) != 3 or not parts[0].isdecimal():  # noqa: PLR2004 -- year, office, measure
            raise BadInputError(
                problem=f"“{text}” names no measure.",
                problem_thai=f"“{text}” ไม่ใช่ชื่อของมาตรการ",
                remedy="Write it like 2570/demo/m3.",
                remedy_thai="โปรดเขียนเช่น 2570/demo/m3",
            )
        return cls(int(parts[0]), parts[1], parts[2])

    def __str__(self) -> str:
        """Write it like 2570/demo/m3."""
        return f"{self.fiscal_year_be}/{self.office}/{self.measure}"

    @property
    def deployment(self) -> str:
        """Name of the measure's deployment."""
        return f"{self.fiscal_year_be}.{self.office}.{self.measure}"


def measure_keys(desk: Desk) -> list[MeasureKey]:
    """Every measure of every plan in force."""
    return [
        MeasureKey(stored.plan.fiscal_year_be, desk.office.key, measure.key)
        for stored in desk.plans
        for measure in stored.plan.measures
    ]


def check_in_force(desk: Desk, key: MeasureKey) -> MeasureKey:
    """The key, if a plan in force has the measure.

    Raises:
        NotFoundError: No plan in force has the measure; those in force are named.
    """
    keys = measure_keys(desk)
    if key not in keys:
        named = ", ".join(map(str, keys))
        raise NotFoundError(
            what="measure",
            what_thai="มาตรการ",
            key=key,
            remedy=f"Those in force are: {named or 'none'}.",
            remedy_thai=f"มาตรการที่ใช้บังคับอยู่: {named or 'ไม่มี'}",
        )
    return key


class Act(StrEnum):
    """What a person has the clockwork do with a measure's flow; the ledger's word for it."""

    PAUSED = "schedule.paused"
    RESUMED = "schedule.resumed"
    RUN = "schedule.run"


def note_act(desk: Desk, key: MeasureKey, act: Act, *, by: str, now: datetime) -> None:
    """Note in the ledger what the clockwork was told to do; only after it agreed, or the line would not be true."""
    desk.uow.ledger.note(Entry(now, act.value, by, str(key), {}))


def moments_of(desk: Desk, key: MeasureKey) -> tuple[Moment, ...]:
    """Every moment of a measure, past ones included, with the deadlines of what is open counted in.

    Raises:
        NotFoundError: No plan of the year is in force.
    """
    opened = desk.uow.assignments.of_measure(key.fiscal_year_be, key.measure)
    return moments(desk.plan(key.fiscal_year_be), key.measure, desk.workdays, desk.office.settings, opened)


def schedules(desk: Desk, now: datetime) -> list[MeasureSchedule]:
    """Schedules of the office's measures: the moments still to come.

    A measure without any is left without a schedule; its deployment stays, to be run by hand.
    """
    return [
        _schedule(desk, desk.plan(stored.plan.fiscal_year_be), measure, now)
        for stored in desk.plans
        for measure in stored.plan.measures
    ]


def _schedule(desk: Desk, plan: PlanInForce, measure: Measure, now: datetime) -> MeasureSchedule:
    key = MeasureKey(plan.year.be, desk.office.key, measure.key)
    indicators = tuple(f"indicator-{number}" for number in measure.indicators)
    # A minute back: a moment that falls between computing and applying must not be lost.
    coming = tuple(m.at for m in moments_of(desk, key) if m.at > now - timedelta(minutes=1))
    return MeasureSchedule(
        name=key.deployment,
        flow_name=FLOW,
        parameters={"measure_key": str(key)},
        tags=(f"FY{plan.year.be}", f"office-{desk.office.key}", *indicators),
        description=f"{thai_digits(measure.number)}. {measure.title} ({desk.office.name})",
        moments=coming,
    )
