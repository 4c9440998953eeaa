"""Builders of what the repositories store, and raw SQL for what they would never do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from domain.figures import Snapshot, Totals
from domain.ledger import Entry
from domain.notice import NoticeIntent, NoticeKind
from domain.office import Office
from domain.outbox import Letter
from domain.people import Level
from storage.store import Store
from tests.factories import at, make_office

KEY = "ban-mai"
NOW = at("2023-04-11 08:30")


def add_office(store: Store, office: Office | None = None) -> None:
    """An office with nothing in it."""
    given = office or make_office()
    with store.unit_of_work(given.key) as uow:
        uow.offices.add(given)
        uow.commit()


def note(store: Store, *, count: int = 1, office: str = KEY, subject: str = "s") -> None:
    """Ledger lines, one unit of work each."""
    for n in range(count):
        with store.unit_of_work(office) as uow:
            uow.ledger.note(Entry(NOW + timedelta(seconds=n), "test.noted", "clock", subject, {"n": n}))
            uow.commit()


def sql(store: Store, statement: str, **values: Any) -> list[Any]:
    """Run a statement behind the repositories' back."""
    with store._engine.begin() as connection:
        result = connection.execute(text(statement), values)
        return list(result) if result.returns_rows else []


def make_notice(key: str, **facts: Any) -> NoticeIntent:
    given: dict[str, Any] = {
        "key": key,
        "kind": NoticeKind.OVERDUE,
        "assignment": "2566-m1.1-chang-q2",
        "division": "chang",
        "level": Level.OFFICER,
        "rung_offset": 1,
    }
    return NoticeIntent(**given | facts)


def make_letter(**facts: Any) -> Letter:
    number = facts.get("id", "letter-1")
    given: dict[str, Any] = {
        "id": number,
        "person": "the-chang-officer",
        "address": "chang-officer@example.test",
        "message_id": f"<{number}@office.example>",
        "subject": "แจ้งเตือน",
        "text": "ข้อความ\n",
        "html": "<p>ข้อความ</p>",
        "notices": (),
        "created_at": NOW,
        "next_try_at": NOW,
    }
    return Letter(**given | facts)


def make_snapshot(**facts: Any) -> Snapshot:
    given: dict[str, Any] = {
        "office_name": "เทศบาลตำบลบ้านใหม่",
        "fiscal_year_be": 2566,
        "quarter": 2,
        "start": date(2023, 1, 1),
        "end": date(2023, 3, 31),
        "frozen_on": date(2023, 4, 11),
        "revision": 1,
        "plan_title": "มาตรการ",
        "prepared_by": "สำนักปลัด",
        "addressee": "นายกเทศมนตรี",
        "signatories": (),
        "totals": Totals(),
        "divisions": (),
        "measures": (),
    }
    return Snapshot(**given | facts)
