"""An office in the middle of its fiscal year 2566, for everything that needs pages with something on them.

The year is played (`services.rehearsal.play`) to its seventh month: results accepted, returned and waiting, one
division that never acts, a frozen report, letters, a ledger of some thousand lines. The same every time.
"""

from __future__ import annotations

import asyncio
import base64
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from domain.assignment import State
from domain.figures import Answer
from domain.fiscal import FiscalYear
from domain.submission import CannotDoReason
from plans.examples import plan_2566
from plans.review import read_review
from plans.review.to_plan import to_plan
from services.access.accounts import make_account, make_link
from services.access.installation import settle
from services.access.sign_in import use_link
from services.assignments.hand_in import Attachment, Result, hand_in, keep, state_cannot_do
from services.assignments.review import ask_extension, return_
from services.clock import confirm
from services.desk import Desk
from services.office import offices
from services.office.usual_office import ADMINISTRATOR, DEMO_KEY, MAIL_DOMAIN, usual_office, usual_people
from services.outbox.deliver import BATCH, MailSender
from services.planning.plans import activate, import_plan
from services.rehearsal.play import Idle, NowhereChannel, Play, SimulatedClock
from services.rehearsal.rehearse import SENDER
from services.settings import SECRET_FILE
from storage.accounts import LinkPurpose
from storage.files import FileStore
from storage.store import Store

OFFICE: Final = DEMO_KEY
YEAR: Final = FiscalYear(2566)
LAST_PLAYED: Final = date(2023, 4, 20)
SILENT: Final = "sueksa"
PERSONS: Final = ("chang.officer", "chang.head", "sueksa.officer", "clerk", "mayor", ADMINISTRATOR)
"""Those who get an account; their keys are those of their posts."""


VARIED: Final = ("chang", "khlang")
PNG: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""The smallest picture that is one."""

_TOLD: Final = Result(
    "ประชุมชี้แจงบุคลากรในการประชุมประจำเดือน มีผู้เข้าร่วม ๒๔ คน",
    Answer(is_none_confirmed=True),
    Answer(text="ควรเพิ่มการประชาสัมพันธ์ผ่านเสียงตามสาย"),
)


def now() -> datetime:
    """The morning on which the pages are looked at."""
    return datetime.combine(date(2023, 4, 21), time(9), usual_office().settings.zone)


def make(store: Store, files: FileStore) -> None:
    """Found the office, put its plan into force and play the year up to now."""
    office = usual_office()
    start = datetime.combine(YEAR.start, office.settings.notify_at, office.settings.zone)
    with store.unit_of_work(OFFICE) as uow:
        offices.create(uow, office, usual_people(), by=ADMINISTRATOR, now=start)
        desk = Desk.open(uow)
        plan = to_plan(read_review(plan_2566().review.read_text(encoding="utf-8")))
        stored = import_plan(desk, plan, by=ADMINISTRATOR, now=start).stored
        activate(desk, stored, by=ADMINISTRATOR, now=start, on=YEAR.start)
        uow.commit()
    clock = SimulatedClock(start)
    mail_sender = MailSender(NowhereChannel(), SENDER, MAIL_DOMAIN, clock, records_at_once=BATCH)
    play = Play(store, files, OFFICE, YEAR, mail_sender, clock, Idle(frozenset({SILENT})), until=LAST_PLAYED)
    asyncio.run(play.run())
    with store.unit_of_work(OFFICE) as uow:
        confirm(uow, now(), by=ADMINISTRATOR)  # a year that is played makes no daily mark
        _vary(Desk.open(uow), files)
        uow.commit()


def _vary(desk: Desk, files: FileStore) -> None:
    """Let two divisions have work in every state that waits for somebody."""
    for division in VARIED:
        evidence = keep(files, [Attachment("ภาพกิจกรรม.png", PNG)])
        extended, handed_in, returned, problem = open_in(desk, division)[1:5]
        officer, head = f"{division}.officer", f"{division}.head"
        later = desk.uow.assignments.get(extended).due_on + timedelta(days=14)
        ask_extension(desk, extended, later, reason="รอเอกสารจากหน่วยงานภายนอก", by=officer, now=now())
        hand_in(desk, handed_in, _TOLD, evidence, by=officer, now=now())
        hand_in(desk, returned, _TOLD, evidence, by=officer, now=now())
        return_(desk, returned, reason="โปรดระบุจำนวนผู้เข้าร่วมและแนบภาพให้ชัดเจน", by=head, now=now())
        state_cannot_do(desk, problem, CannotDoReason.NO_BUDGET, reason="", by=officer, now=now())


def open_in(desk: Desk, division: str) -> list[str]:
    """Ids of the open assignments of a division, in order."""
    return sorted(a.id for a in desk.uow.assignments.in_states(YEAR.be, (State.OPEN,)) if a.division == division)


def sign_in(store: Store, person: str, office: str = OFFICE) -> str:
    """Token of a new session of a person, who gets an account if they have none."""
    with store.unit_of_work(office) as uow:
        desk = Desk.open(uow)
        if uow.accounts.get(person) is None:
            make_account(desk, person, None, now(), ADMINISTRATOR)
        link = make_link(uow, person, LinkPurpose.SIGN_IN, now())
        uow.commit()
    return use_link(store, link, now()).token


def made_in(folder: Path) -> tuple[Store, FileStore]:
    """The office in a folder that has none yet, as an installation keeps it."""
    store, files = Store(f"sqlite:///{folder / 'sucharit.db'}", durable=False), FileStore(folder / "files")
    store.migrate()
    settle(store, folder / SECRET_FILE)
    make(store, files)
    return store, files
