"""The demonstration: last fiscal year played to its end, the same plan in force for the present one."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime
from pathlib import Path

from domain.errors import BadInputError
from domain.fiscal import FiscalYear
from domain.ledger import Entry
from notifications.channel import Channel
from plans.examples import plan_2566
from plans.review import read_review
from plans.review.to_plan import to_plan
from services.desk import Desk
from services.office import offices
from services.office.usual_office import ADMINISTRATOR, DEMO_KEY, MAIL_DOMAIN, usual_office, usual_people
from services.outbox.deliver import BATCH, MailSender
from services.planning.plans import activate, import_plan
from services.record import CLOCK
from services.rehearsal.play import NowhereChannel, Play, SimulatedClock
from services.rehearsal.rehearse import SENDER
from storage.files import FileStore
from storage.store import Store

MADE = "demo.made"
"""Subject of the ledger line that says the demonstration is complete; without it, it is made anew."""


def is_complete(store: Store) -> bool:
    """Tell whether the demonstration is there and was made to its end."""
    if DEMO_KEY not in {office.key for office in store.offices()}:
        return False
    with store.reader(DEMO_KEY) as uow:
        return next(uow.ledger.lines(MADE), None) is not None


def make(store: Store, files: FileStore, now: datetime, scratch: Path) -> None:
    """Make the demonstration, from scratch if an earlier making was cut short.

    The year is played in a quick database beside ours and carried over in one transaction, so that it is there
    whole or not at all.

    Args:
        scratch: Folder for the quick database; removed afterwards.

    Raises:
        BadInputError: A real office stands under the demonstration's key: it is not replaced.
    """
    if any(office.key == DEMO_KEY and not office.is_demo for office in store.offices()):
        raise BadInputError(
            problem=f"The office “{DEMO_KEY}” is a real one, and the demonstration would take its place.",
            problem_thai=f"หน่วยงาน “{DEMO_KEY}” เป็นหน่วยงานจริง ข้อมูลสาธิตจะแทนที่หน่วยงานนั้น",
            remedy="Nothing was changed: the demonstration can only be made where no office of one's own has this key.",
            remedy_thai="ไม่มีข้อมูลใดเปลี่ยนแปลง สร้างข้อมูลสาธิตได้เมื่อไม่มีหน่วยงานจริงใช้ชื่อย่อนี้",
        )
    this_year = FiscalYear.of(now.astimezone(usual_office().settings.zone).date())
    last_year = FiscalYear(this_year.be - 1)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    quick = Store(f"sqlite:///{scratch / 'played.db'}", durable=False)
    try:
        quick.make_tables()
        asyncio.run(_play_last_year(quick, files, last_year))
        _start_this_year(quick, this_year, now)
        store.replace_office(DEMO_KEY, quick)  # in one transaction: nobody ever sees half a demonstration
    finally:
        quick.close()
        shutil.rmtree(scratch, ignore_errors=True)


async def _play_last_year(store: Store, files: FileStore, year: FiscalYear) -> None:
    office = usual_office("เทศบาลตำบลตัวอย่าง (สาธิต)")
    start = datetime.combine(year.start, office.settings.notify_at, office.settings.zone)
    clock = SimulatedClock(start)
    with store.unit_of_work(DEMO_KEY) as uow:
        offices.create(uow, office, usual_people(), by=ADMINISTRATOR, now=start)
        _take_plan(Desk.open(uow), year, start)
        uow.commit()
    channel: Channel = NowhereChannel()
    mail_sender = MailSender(channel, SENDER, MAIL_DOMAIN, clock, records_at_once=BATCH)
    await Play(store, files, DEMO_KEY, year, mail_sender, clock).run()


def _start_this_year(store: Store, year: FiscalYear, now: datetime) -> None:
    with store.unit_of_work(DEMO_KEY) as uow:
        _take_plan(Desk.open(uow), year, now)
        uow.ledger.note(Entry(now, "demo.made", CLOCK, MADE, {"fiscal_year": year.be}))
        uow.commit()


def _take_plan(desk: Desk, year: FiscalYear, now: datetime) -> None:
    plan = to_plan(read_review(plan_2566().review.read_text(encoding="utf-8"))).rolled_to(year)
    stored = import_plan(desk, plan, by=ADMINISTRATOR, now=now).stored
    activate(desk, stored, by=ADMINISTRATOR, now=now, on=year.start)
