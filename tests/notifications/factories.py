"""Builders of notices for the tests of this room."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from domain.notice import Message, NoticeItem, NoticeKind
from domain.people import Level
from notifications.channel import Letter
from notifications.email import build, message_id
from notifications.message import Rendered

TODAY = date(2026, 5, 7)
SENDER = "เทศบาลตำบลตัวอย่าง <ita@office.example>"
SENT_AT = datetime(2026, 5, 7, 1, 30, tzinfo=UTC)
CLOCK_KINDS = {
    NoticeKind.ESCALATION_MAYOR: 10,
    NoticeKind.ESCALATION_CLERK: 5,
    NoticeKind.ESCALATION_HEAD: 3,
    NoticeKind.OVERDUE: 1,
    NoticeKind.REMINDER: -7,
}


def make_item(kind: NoticeKind = NoticeKind.REMINDER, **facts: Any) -> NoticeItem:
    moved = kind not in CLOCK_KINDS and kind is not NoticeKind.OPENED
    defaults: dict[str, Any] = {
        "ref": "70-3.1-คลัง-ต3",
        "measure_number": 3,
        "measure_title": "การแก้ปัญหาการทุจริต (ตัวชี้วัดที่ 5)",
        "step_text": "จัดกิจกรรมตามแผนงานการป้องกันการทุจริต",
        "division_name": "กองคลัง",
        "period_label": "ไตรมาสที่ 3 ปี 2569",
        "due_on": date(2026, 5, 15),
        "workdays_left": 6,
        "to_level": Level.OFFICER,
        "rung_offset": CLOCK_KINDS.get(kind),
        "next_on": None if kind is NoticeKind.ACCEPTED else date(2026, 5, 18),
        "next_to": ("ผู้อำนวยการกองคลัง",),
        "by": "นายสมชาย ใจดี" if moved else "",
        "reason": "แนบภาพถ่าย 2 ภาพ" if moved else "",
        "link": "https://ita.example.go.th/a/70-3.1",
    }
    return NoticeItem(kind=kind, **(defaults | facts))


def make_message(*items: NoticeItem, **facts: Any) -> Message:
    defaults: dict[str, Any] = {
        "office_name": "เทศบาลตำบลตัวอย่าง",
        "person_name": "นางสาวสมศรี มีสุข",
        "posts": ("นักวิชาการเงินและบัญชี",),
        "written_on": TODAY,
        "items": items or (make_item(),),
    }
    return Message(**(defaults | facts))


def make_letter(number: int = 1, domain: str = "office.example", *, tries: int = 0) -> Letter:
    key, to = f"notice {number}", f"p{number}@{domain}"
    rendered = Rendered(f"เรื่องที่ {number}", f"ข้อความ {number}\n", f"<p>ข้อความ {number}</p>")
    identity = message_id(key, "office.example")
    return Letter(key, to, build(rendered, sender=SENDER, to=to, message_id=identity, date=SENT_AT), tries)
