"""Looks at each letter in the instant in which a mail server is given it, and says what in it is not so.

It reads the letter's words as its reader does, and the office as it is then; it knows nothing of how letters are made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from aiosmtpd.smtp import SMTP, Envelope, Session

from domain.assignment import Assignment, State
from domain.line import Line
from domain.people import Level, Person
from domain.thai import weekday_date
from services.desk import Desk
from tests.notifications.servers import Server
from tests.services.live_office import LiveOffice
from tests.services.outbox.post_room import Mail, mail_of

TO_DO: Final = frozenset({State.OPEN, State.RETURNED})

ASKS: Final = ("เริ่มดำเนินการ", "ใกล้ครบกำหนด", "เปลี่ยนกำหนดเวลา", "ส่งกลับแก้ไข")
"""Headings under which who reports is asked for a report, the deadline being ahead or not."""
LATE: Final = {
    "เลยกำหนด รอรายงานผล": Level.OFFICER,
    "รอรายงานผล (แจ้งตามลำดับชั้น ระดับหัวหน้าส่วนราชการ)": Level.HEAD,
    "รอรายงานผล (แจ้งตามลำดับชั้น ระดับปลัด)": Level.CLERK,
    "รอรายงานผล (แจ้งตามลำดับชั้น ระดับผู้บริหาร)": Level.MAYOR,
}
BEFORE: Final = "ใกล้ครบกำหนด"
RETURNED: Final = "ส่งกลับแก้ไข"
TO_REVIEW: Final = "รายงานผลแล้ว รอการตรวจ"
ASKED: Final = "ขอขยายเวลา รอการพิจารณา"
WAITS: Final = ("รอการพิจารณานาน โปรดสั่งการ", "รอการพิจารณาของท่าน")
HANDED_OVER: Final = "งานของตำแหน่งที่ท่านรับช่วง"
TAKEN_BACK: Final = "ส่วนราชการถอนเรื่องที่เสนอไว้"
NEWS: Final = ("รับผลแล้ว ดำเนินการแล้วเสร็จ", "ผลการพิจารณาคำขอขยายเวลา")
ABOUT_LETTERS: Final = "จดหมายของระบบส่งไม่ถึงผู้รับ"
KNOWN: Final = (*ASKS, *LATE, TO_REVIEW, ASKED, *WAITS, HANDED_OVER, TAKEN_BACK, *NEWS, ABOUT_LETTERS)

_HEADING: Final = re.compile(r"== (.+): [๐-๙]+ รายการ ==")
_DUE: Final = re.compile(r">> ครบกำหนด (\S+ \S+ \S+ \S+)(?: \(.*\))?")
_REF: Final = re.compile(r"\[(2566-[^\]]+)\]")


class Item(NamedTuple):
    """One assignment in a letter: under which heading, and when the letter says that it is due."""

    heading: str
    due: str
    ref: str


class Arrival(NamedTuple):
    """A mail that the server took."""

    at: datetime
    person: str
    mail: Mail
    written_at: datetime
    items: tuple[Item, ...]


def items_of(text: str) -> Iterator[Item]:
    """What a letter says of which assignment."""
    heading = due = ""
    for line in text.splitlines():
        if found := _HEADING.fullmatch(line):
            heading = found[1]
        elif found := _DUE.fullmatch(line):
            due = found[1]
        else:
            for ref in _REF.findall(line):
                yield Item(heading, due, ref)


@dataclass
class Judge(Server):
    """A mail server that reads every letter.

    Attributes:
        way: What it does with a letter: takes it, hangs after its last line, or puts it off.
        meanwhile: What happens in the office right after the next letter was read.
        lies: What was not so in letters that were given to it.
        arrivals: What it took.
        unsure: Letters that it read and never thanked for, by Message-ID.
    """

    live: LiveOffice | None = None
    clock: Callable[[], datetime] | None = None
    way: str = "takes"
    meanwhile: list[Callable[[], None]] = field(default_factory=list)
    lies: list[str] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    unsure: dict[str, Mail] = field(default_factory=dict)

    async def handle_DATA(self, smtp: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as aiosmtpd calls it
        mail = mail_of(envelope)
        try:
            self._judge(mail)
        except Exception as fault:  # noqa: BLE001 -- the server would answer for it with a 500, and no test would see it
            self.lies.append(f"{mail.to}: {fault!r}")
        return await super().handle_DATA(smtp, session, envelope)

    def _judge(self, mail: Mail) -> None:
        assert self.live is not None
        assert self.clock is not None
        now = self.clock()
        with self.live.reading() as desk:
            person = _reader(desk, mail)
            if mail.message_id in self.unsure:
                if self.unsure[mail.message_id] != mail:
                    self.lies.append(f"{mail.message_id} went again with other words")
            else:
                self.lies += [f"{now:%d %H:%M} {mail.to}: {lie}" for lie in _lies(desk, mail, person, now)]
                self.lies += [f"{now:%d %H:%M} {mail.to}: {lie}" for lie in self._unheard(mail, person)]
        for event in self.meanwhile[:1]:
            self.meanwhile.pop(0)
            event()
        if self.way == "hangs":
            self.unsure[mail.message_id] = mail
            self.data = lambda _to, _nth: None
        else:
            self._take(mail, person, now)
            self.data = lambda _to, _nth: "250 queued"

    def _unheard(self, mail: Mail, person: Person) -> Iterator[str]:
        """What a letter takes back although it was never said to its reader."""
        read = [item for each in self.arrivals if each.person == person.key for item in each.items]
        read += [item for each in self.unsure.values() if each.to == mail.to for item in items_of(each.text)]
        said = {item.ref for item in read if item.heading in (TO_REVIEW, *WAITS, HANDED_OVER)}
        for item in items_of(mail.text):
            if item.heading == TAKEN_BACK and item.ref not in said:
                yield f"{item.ref} is taken back, of which its reader has not read"

    def _take(self, mail: Mail, person: Person, now: datetime) -> None:
        written_at = parsedate_to_datetime(str(message_from_bytes(mail.content)["Date"]))
        arrival = Arrival(now, person.key, mail, written_at, tuple(items_of(mail.text)))
        for before in self.arrivals:
            same = {item.ref for item in before.items} & {item.ref for item in arrival.items}
            if before.person == person.key and same and before.written_at > written_at:
                self.lies.append(f"{now:%d %H:%M} {mail.to}: “{mail.subject}” after “{before.mail.subject}”")
        self.arrivals.append(arrival)


def _reader(desk: Desk, mail: Mail) -> Person:
    name = mail.text.splitlines()[0].removeprefix("เรียน ").strip()
    (person,) = [person for person in desk.people.persons if person.name == name]
    return person


def _lies(desk: Desk, mail: Mail, person: Person, now: datetime) -> Iterator[str]:
    today = desk.workdays.local_day(now)
    if person.email != mail.to:
        yield f"{person.key} has another address, {person.email}"
    if weekday_date(today) not in mail.text.splitlines()[-1]:
        yield "is not of today"
    items = list(items_of(mail.text))
    if not items:
        yield "says nothing"
    for item in items:
        assignment = desk.uow.assignments.get(item.ref)
        if item.due != weekday_date(assignment.due_on):
            yield f"{item.ref} is due {assignment.due_on}, not {item.due}"
        line = desk.rules.line(assignment.division, today)
        is_instead = "ทางอีเมลไม่สำเร็จ โปรดแจ้งผู้นั้นโดยทางอื่น" in mail.text
        why = _why_not(item.heading, assignment, line, person.key, today, is_instead=is_instead)
        if why:
            yield f"“{item.heading}” of {item.ref} ({assignment.state.value}) to {person.key}: {why}"


def _why_not(heading: str, assignment: Assignment, line: Line, person: str, today: date, *, is_instead: bool) -> str:
    """Why a word is not so, or not for its reader; empty where it is."""
    is_asked, is_late = assignment.state in TO_DO, assignment.due_on < today
    reports = person in line.reached(Level.OFFICER).persons
    deciders = {decider for wait in assignment.waits for decider in line.deciders(wait.by, wait.level).persons}
    decides, is_above = person in deciders, line.highest(person) is not None
    faults = {
        "nothing is asked of the division": heading in (*ASKS, *LATE, TAKEN_BACK) and not is_asked,
        "it is not late": heading in LATE and not is_late,
        "not of that level": heading in LATE and person not in line.at(LATE[heading]),
        "somebody else reports": heading in ASKS and heading != RETURNED and not (reports or (is_instead and is_above)),
        "the deadline has passed": heading == BEFORE and is_late,
        "no report waits for this reader": heading == TO_REVIEW
        and (assignment.state is not State.HANDED_IN or not decides),
        "no request waits for this reader": heading == ASKED and (assignment.extension is None or not decides),
        "nothing waits": heading in WAITS and not (deciders and is_above),
        "not theirs": heading == HANDED_OVER and not (reports or decides or (is_asked and is_late and is_above)),
        "never of the line": heading in NEWS and not _ever(line, person),
        "an unknown heading": heading not in KNOWN,
    }
    return next((why for why, is_so in faults.items() if is_so), "")


def _ever(line: Line, person: str) -> bool:
    posts = [post.key for post in line.people.posts if post.division in (None, line.division)]
    return any(held.person == person for post in posts for held in line.people.holdings_of(post))
