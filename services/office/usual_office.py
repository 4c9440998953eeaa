"""The usual office: seven divisions of a tambon municipality, for rehearsals and the demonstration."""

from __future__ import annotations

from datetime import date
from typing import Final

from domain.office import Office, OfficeKind
from domain.people import Division, DivisionKind, Holding, Level, People, Person, Post

DEMO_KEY: Final = "demo"
MAIL_DOMAIN: Final = "demo.invalid"
"""A domain that can never receive mail (RFC 2606), so that a demonstration cannot write to anybody."""

ADMINISTRATOR: Final = "admin"
_SINCE: Final = date(2015, 10, 1)

DIVISIONS: Final = (
    Division("palad", "สำนักปลัด", DivisionKind.CLERKS_OFFICE, ("สำนักปลัดเทศบาล", "สป.")),
    Division("khlang", "กองคลัง"),
    Division("chang", "กองช่าง"),
    Division("sueksa", "กองการศึกษา", aliases=("กองการศึกษา ศาสนาและวัฒนธรรม",)),
    Division("satharanasuk", "กองสาธารณสุขและสิ่งแวดล้อม", aliases=("กองสาธารณสุข",)),
    Division("sawatdikan", "กองสวัสดิการสังคม", aliases=("กองสวัสดิการ",)),
    Division("truatsop", "หน่วยตรวจสอบภายใน", DivisionKind.AUDIT_UNIT, ("หน่วยงานตรวจสอบภายใน",)),
)

_HEADS: Final = {
    "palad": "หัวหน้าสำนักปลัด",
    "khlang": "ผู้อำนวยการกองคลัง",
    "chang": "ผู้อำนวยการกองช่าง",
    "sueksa": "ผู้อำนวยการกองการศึกษา",
    "satharanasuk": "ผู้อำนวยการกองสาธารณสุขและสิ่งแวดล้อม",
    "sawatdikan": "ผู้อำนวยการกองสวัสดิการสังคม",
}


def usual_people() -> People:
    """Seven divisions with an officer each, six heads, clerk, mayor and administrator; persons are named by post."""
    posts = [
        *(Post(f"{d.key}.officer", _officer_title(d), Level.OFFICER, d.key) for d in DIVISIONS),
        *(Post(f"{key}.head", title, Level.HEAD, key) for key, title in _HEADS.items()),
        Post("clerk", "ปลัดเทศบาล", Level.CLERK),
        Post("mayor", "นายกเทศมนตรี", Level.MAYOR),
        Post(ADMINISTRATOR, "ผู้ดูแลระบบ", Level.ADMINISTRATOR),
    ]
    persons = [Person(post.key, f"{post.title} (ตัวอย่าง)", f"{post.key}@{MAIL_DOMAIN}") for post in posts]
    holdings = [Holding(post.key, post.key, _SINCE) for post in posts]
    return People(DIVISIONS, tuple(posts), tuple(persons), tuple(holdings))


def _officer_title(division: Division) -> str:
    if division.kind is DivisionKind.AUDIT_UNIT:
        return "นักวิชาการตรวจสอบภายใน"
    return f"เจ้าหน้าที่{division.name}"


def usual_office(name: str = "เทศบาลตำบลตัวอย่าง") -> Office:
    """The office itself, marked as a demonstration."""
    return Office(DEMO_KEY, name, OfficeKind.TAMBON_MUNICIPALITY, "ตัวอย่าง", "ตัวอย่าง", is_demo=True)
