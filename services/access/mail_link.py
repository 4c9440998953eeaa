"""Mail a fresh link of one assignment to the address that its person has now; it leaves at once, as a sign-in link."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from html import escape
from typing import Final

from domain.errors import SucharitError
from domain.ledger import Entry
from domain.outbox import Letter
from domain.people import Person
from domain.thai import BANGKOK, long_date
from services.access.links import ACTS_FOR, LinkScope
from services.access.open_link import open_link, step_of
from services.desk import Desk
from services.office.posts import person_of
from services.outbox.compose import Link

AN_HOUR: Final = timedelta(hours=1)
MOST_AN_HOUR: Final = 3
"""So many letters with a link of one assignment for one address: whoever gets no more has one in the mailbox."""

KIND: Final = "letter.link_asked"
_LONGEST_STEP: Final = 200

_SUBJECT: Final = "ลิงก์ใหม่สำหรับเปิดงานในระบบสุจริต"
_TEXT: Final = """เรียน {name}

มีการขอลิงก์ใหม่สำหรับงานนี้:

{step}

เปิดงานได้ด้วยลิงก์ต่อไปนี้ ใช้ดำเนินการได้ถึงวันที่ {day}:

{address}

ลิงก์นี้เปิดงานในนามของท่าน โปรดอย่าส่งต่อให้ผู้อื่น หากท่านไม่ได้ขอ ไม่ต้องทำอะไร
"""
_HTML: Final = """<p>เรียน {name}</p>
<p>มีการขอลิงก์ใหม่สำหรับงานนี้:</p>
<p>{step}</p>
<p>เปิดงานได้ด้วยลิงก์ต่อไปนี้ ใช้ดำเนินการได้ถึงวันที่ {day}:</p>
<p><a href="{address}">{address}</a></p>
<p>ลิงก์นี้เปิดงานในนามของท่าน โปรดอย่าส่งต่อให้ผู้อื่น หากท่านไม่ได้ขอ ไม่ต้องทำอะไร</p>
"""


class NoFreshLinkError(SucharitError):
    """A fresh link is asked for where none can be mailed: its person has no address."""

    english = "No link can be mailed: the office has no e-mail address of yours. Ask the administrator of your office."
    thai = "ส่งลิงก์ไม่ได้ เพราะไม่มีอีเมลของท่านในระบบ โปรดติดต่อผู้ดูแลระบบของหน่วยงาน"


def mail_link(desk: Desk, secret: bytes, scope: LinkScope, now: datetime, *, domain: str, link: Link) -> Letter | None:
    """Put a letter with a fresh link into the outbox, for the door to commit and send; None where there were enough.

    Whoever asks is told the same in both cases: what they have been sent still works. A fresh link ends no earlier
    one, so nobody is kept out by another's asking.

    Args:
        desk: Alone with the office: of two who ask at once, the second is counted after the first.
        scope: Of the link that asks, which may have ended.
        domain: Right-hand side of the letter's Message-ID.

    Raises:
        LinkLeftError, LinkOverError: There may be no fresh one.
        NoFreshLinkError: Its person has no address.
        NotFoundError: The office has no such assignment.
    """
    opened = open_link(desk, secret, scope, now)
    if not opened.renews:
        raise opened.ended or NoFreshLinkError
    person = person_of(desk.people, scope.person)
    subject = _subject_of(desk, scope, person)
    asked_at = [line.entry.at for line in desk.uow.ledger.lines(subject)]
    if sum(1 for instant in asked_at if instant > now - AN_HOUR) >= MOST_AN_HOUR:
        return None
    address = link(scope.assignment_id, person, now.astimezone(BANGKOK).date()) or ""
    step = step_of(desk, desk.uow.assignments.get(scope.assignment_id))[:_LONGEST_STEP]
    letter = _letter(f"{subject}-{len(asked_at)}", person, step, address, now, domain)
    desk.uow.letters.add([letter])
    facts = {"to": person.key, "assignment": scope.assignment_id, "message_id": letter.message_id}
    desk.uow.ledger.note(Entry(now, KIND, person.key, subject, facts))
    return letter


def _subject_of(desk: Desk, scope: LinkScope, person: Person) -> str:
    """Under what the letters of one assignment to one address are counted; the address itself is not to be read."""
    text = "\n".join([desk.office.key, scope.assignment_id, person.key, person.email or ""])
    return f"fresh-{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def _letter(letter_id: str, person: Person, step: str, address: str, now: datetime, domain: str) -> Letter:
    day = long_date(now.astimezone(BANGKOK).date() + ACTS_FOR)
    return Letter(
        id=letter_id,
        person=person.key,
        address=person.email,
        message_id=f"<{letter_id}@{domain}>",
        subject=_SUBJECT,
        text=_TEXT.format(name=person.name, step=step, day=day, address=address),
        html=_HTML.format(name=escape(person.name), step=escape(step), day=day, address=escape(address)),
        notices=(),
        created_at=now,
        next_try_at=now,
    )
