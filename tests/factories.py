"""What tests are built from: a tambon municipality, its people, a plan, a calendar, an assignment.

Everything is keyword-only and has a sensible value: a test names only what it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from domain.assignment import Assignment, Period
from domain.escalation import Rules
from domain.figures import Answer
from domain.fiscal import FiscalYear
from domain.ladder import DEFAULT_LADDER
from domain.office import Office, OfficeKind, OfficeSettings
from domain.opening import PlanInForce
from domain.people import Division, DivisionKind, Holding, Level, People, Person, Post
from domain.plan import Cadence, Measure, Party, Plan, Reporting, Responsible, Scope, Step
from domain.submission import Submission
from domain.thai import BANGKOK
from domain.waiting import Wait
from domain.workdays import HolidayOverride, Workdays

FY2566: Final = FiscalYear(2566)

DIVISIONS: Final = (
    Division("palad", "สำนักปลัด", DivisionKind.CLERKS_OFFICE),
    Division("khlang", "กองคลัง"),
    Division("chang", "กองช่าง"),
    Division("sueksa", "กองการศึกษา"),
    Division("satharanasuk", "กองสาธารณสุขและสิ่งแวดล้อม", aliases=("กองสาธารณสุขฯ",)),
    Division("sawatdikan", "กองสวัสดิการสังคม"),
    Division("truatsop", "หน่วยตรวจสอบภายใน", DivisionKind.AUDIT_UNIT),
)
"""The usual seven of a tambon municipality, in the office's order."""

HOLIDAYS: Final[Mapping[date, str]] = {
    date(2022, 10, 13): "วันคล้ายวันสวรรคตรัชกาลที่ ๙",
    date(2022, 10, 14): "วันหยุดพิเศษ (เพิ่มเติม)",
    date(2022, 10, 23): "วันปิยมหาราช",
    date(2022, 10, 24): "ชดเชยวันปิยมหาราช",
    date(2022, 12, 5): "วันพ่อแห่งชาติ",
    date(2022, 12, 10): "วันรัฐธรรมนูญ",
    date(2022, 12, 12): "ชดเชยวันรัฐธรรมนูญ",
    date(2022, 12, 30): "วันหยุดพิเศษ (เพิ่มเติม)",
    date(2022, 12, 31): "วันสิ้นปี",
    date(2023, 1, 1): "วันขึ้นปีใหม่",
    date(2023, 1, 2): "ชดเชยวันขึ้นปีใหม่",
    date(2023, 1, 3): "ชดเชยวันสิ้นปี",
    date(2023, 3, 6): "วันมาฆบูชา",
    date(2023, 4, 6): "วันจักรี",
    date(2023, 4, 13): "วันสงกรานต์",
    date(2023, 4, 14): "วันสงกรานต์",
    date(2023, 4, 15): "วันสงกรานต์",
    date(2023, 4, 17): "ชดเชยวันสงกรานต์",
    date(2023, 5, 4): "วันฉัตรมงคล",
    date(2023, 5, 5): "วันหยุดพิเศษ (มติคณะรัฐมนตรี)",
    date(2023, 5, 17): "วันพืชมงคล",
    date(2023, 6, 3): "วันวิสาขบูชา",
    date(2023, 6, 5): "ชดเชยวันวิสาขบูชา",
    date(2023, 7, 28): "วันเฉลิมพระชนมพรรษารัชกาลที่ ๑๐",
    date(2023, 7, 31): "วันหยุดพิเศษ (เพิ่มเติม)",
    date(2023, 8, 1): "วันอาสาฬหบูชา",
    date(2023, 8, 2): "วันเข้าพรรษา",
    date(2023, 8, 12): "วันแม่แห่งชาติ",
    date(2023, 8, 14): "ชดเชยวันแม่แห่งชาติ",
    date(2023, 10, 13): "วันนวมินทรมหาราช",
    date(2023, 10, 23): "วันปิยมหาราช",
    date(2023, 12, 5): "วันพ่อแห่งชาติ",
    date(2023, 12, 10): "วันรัฐธรรมนูญ",
    date(2023, 12, 11): "ชดเชยวันรัฐธรรมนูญ",
    date(2023, 12, 29): "วันหยุดพิเศษ (เพิ่มเติม)",
    date(2023, 12, 31): "วันสิ้นปี",
}
"""Days off of government offices, October 2022 to December 2023. Labour Day is not one of them."""

NONE_CONFIRMED: Final = Answer(is_none_confirmed=True)


def at(text: str) -> datetime:
    """Read `2023-04-10 08:30` as Bangkok time."""
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


def make_workdays(
    *,
    holidays: Mapping[date, str] = HOLIDAYS,
    overrides: Iterable[HolidayOverride] = (),
    notify_at: time = time(8, 30),
    close_at: time = time(16, 30),
) -> Workdays:
    """Calendar of government offices, October 2022 to December 2023."""
    return Workdays.build(holidays, overrides, notify_at=notify_at, close_at=close_at)


def make_period(**override: Any) -> Period:
    """Quarter 2 of fiscal year 2566: January to March 2023."""
    given: dict[str, Any] = {
        "key": "q2",
        "label": "ไตรมาสที่ ๒ ปีงบประมาณ พ.ศ. ๒๕๖๖",
        "span": FY2566.quarter(2),
        "quarter": 2,
    }
    return Period(**given | override)


def make_assignment(**override: Any) -> Assignment:
    """Open assignment of กองช่าง for quarter 2 of 2566, due on Monday 10 April 2023."""
    given: dict[str, Any] = {
        "id": "2566-m1.1-chang-q2",
        "fiscal_year_be": 2566,
        "measure_key": "m1",
        "step_key": "m1.1",
        "division": "chang",
        "period": make_period(),
        "due_on": date(2023, 4, 10),
        "ladder": DEFAULT_LADDER,
        "plan_revision": 1,
        "opened_at": at("2023-01-04 08:30"),
    }
    return Assignment(**given | override)


def make_submission(**override: Any) -> Submission:
    """A complete result without problems and suggestions, both confirmed as ไม่มี."""
    given: dict[str, Any] = {
        "result": "จัดทำประกาศเจตนารมณ์แล้ว",
        "problems": NONE_CONFIRMED,
        "suggestions": NONE_CONFIRMED,
        "effective_on": date(2023, 3, 31),
    }
    return Submission(**given | override)


def make_people(
    *,
    vacant: Collection[str] = (),
    acting: Mapping[str, str] | None = None,
    also: Iterable[Holding] = (),
    divisions: tuple[Division, ...] = DIVISIONS,
) -> People:
    """Everybody of the municipality: one person in every post, since 1 October 2022.

    Posts are named `chang-officer`, `chang-head`, `clerk`, `mayor`, `admin`; the holder of `clerk` is the person
    `the-clerk`. The audit unit has an officer and no head.

    Args:
        vacant: Posts that nobody holds.
        acting: Post to the person who acts for it.
        also: Further holdings.
    """
    posts = _posts(divisions)
    since = FY2566.start
    holdings = [Holding(post.key, f"the-{post.key}", since) for post in posts if post.key not in vacant]
    holdings += [Holding(post, person, since, is_acting=True) for post, person in (acting or {}).items()]
    persons = (Person(f"the-{p.key}", f"ผู้ดำรงตำแหน่ง{p.title}", f"{p.key}@example.test") for p in posts)
    return People(divisions, posts, tuple(persons), (*holdings, *also))


def _posts(divisions: Iterable[Division]) -> tuple[Post, ...]:
    found = []
    for division in divisions:
        found.append(Post(f"{division.key}-officer", f"เจ้าหน้าที่{division.name}", Level.OFFICER, division.key))
        if division.kind is not DivisionKind.AUDIT_UNIT:
            lead = "หัวหน้า" if division.kind is DivisionKind.CLERKS_OFFICE else "ผู้อำนวยการ"
            found.append(Post(f"{division.key}-head", f"{lead}{division.name}", Level.HEAD, division.key))
    found.append(Post("clerk", "ปลัดเทศบาล", Level.CLERK))
    found.append(Post("mayor", "นายกเทศมนตรี", Level.MAYOR))
    found.append(Post("admin", "ผู้ดูแลระบบ", Level.ADMINISTRATOR))
    return tuple(found)


def make_responsible(*, units: tuple[str, ...] = ("กองช่าง",), scope: Scope = Scope.LISTED) -> Responsible:
    """The divisions named; none where the scope is not LISTED."""
    named = units if scope is Scope.LISTED else ()
    return Responsible(scope=scope, parties=tuple(Party(unit=unit) for unit in named))


def make_reporting(*, cadence: Cadence = Cadence.QUARTERLY, quarters_due: tuple[int, ...] = ()) -> Reporting:
    """Quarterly reporting, or what is named."""
    return Reporting(cadence=cadence, quarters_due=quarters_due)


def make_step(**override: Any) -> Step:
    """A step of กองช่าง over the whole fiscal year 2566, reported every quarter."""
    given: dict[str, Any] = {
        "key": "m1.1",
        "text": "ประกาศเจตนารมณ์การป้องกันการทุจริต",
        "responsible": make_responsible(),
        "start": FY2566.start,
        "end": FY2566.end,
        "reporting": make_reporting(),
    }
    return Step(**given | override)


def make_measure(**override: Any) -> Measure:
    """Measure `m1` with one usual step."""
    given: dict[str, Any] = {"key": "m1", "number": 1, "title": "มาตรการส่งเสริมความโปร่งใส", "steps": (make_step(),)}
    return Measure(**given | override)


def make_plan(**override: Any) -> Plan:
    """A plan of fiscal year 2566 with one usual measure."""
    given: dict[str, Any] = {
        "fiscal_year_be": 2566,
        "title": "มาตรการส่งเสริมคุณธรรมและความโปร่งใส",
        "measures": (make_measure(),),
    }
    return Plan(**given | override)


def make_plan_in_force(**override: Any) -> PlanInForce:
    """Revision 1 of `make_plan`, in force from the first day of its year."""
    given: dict[str, Any] = {"revision": 1, "year": FY2566, "measures": (make_measure(),), "in_force_on": FY2566.start}
    return PlanInForce(**given | override)


def make_office(**override: Any) -> Office:
    """A tambon municipality with default settings."""
    given: dict[str, Any] = {
        "key": "ban-mai",
        "name": "เทศบาลตำบลบ้านใหม่",
        "kind": OfficeKind.TAMBON_MUNICIPALITY,
        "district": "เมือง",
        "province": "ปทุมธานี",
        "settings": OfficeSettings(),
    }
    return Office(**given | override)


def make_rules(**override: Any) -> Rules:
    """What the ladders of the municipality go by: everybody is there, no weekly summary has left yet."""
    given: dict[str, Any] = {"people": make_people(), "workdays": make_workdays(), "settings": OfficeSettings()}
    return Rules(**given | override)


def make_wait(**override: Any) -> Wait:
    """What the officer of กองช่าง did on Friday 7 April 2023 lies with the head."""
    given: dict[str, Any] = {
        "by": "the-chang-officer",
        "level": Level.OFFICER,
        "since": date(2023, 4, 7),
        "began_at": at("2023-04-07 10:00"),
    }
    return Wait(**given | override)


def days_between(start: date, end: date) -> list[date]:
    """Every calendar day from `start` to `end`, both included."""
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]
