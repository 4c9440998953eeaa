"""`sucharit office|post|holiday|demo …`: who is there and what the office decides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cli.base import (
    ByOption,
    OfficeOption,
    changing,
    follow,
    in_words,
    say,
    say_table,
    say_woken,
    the_office,
)
from domain.thai import BE_OFFSET
from domain.workdays import HolidayOverride
from services.calendar import official_holidays
from services.days import BE_FROM, day_of
from services.desk import Desk
from services.office import holidays as exceptions
from services.office import offices, posts
from services.office.office_file import as_yaml, read_office_file
from services.office.usual_office import DEMO_KEY, usual_office, usual_people
from services.schedule.wake import wake_schedules
from services.setup.remove_demo import remove_demo
from services.wiring import system

office_app = typer.Typer(no_args_is_help=True, help="Offices: their divisions, posts, persons and settings.")
post_app = typer.Typer(no_args_is_help=True, help="Who holds, or acts for, a post.")
holiday_app = typer.Typer(no_args_is_help=True, help="The office's own exceptions from the official holidays.")
demo_app = typer.Typer(no_args_is_help=True, help="The demonstration.")

APPLIED_AGAIN = "The schedules are being applied again."

TEMPLATE_HEAD = """\
# ข้อมูลหน่วยงาน: แก้ไขแล้วบันทึก จากนั้นใช้คำสั่ง  sucharit office create FILE
#   key      ชื่อย่อภาษาอังกฤษตัวเล็ก ตัวเลข หรือ _ ของหน่วยงานและของแต่ละกอง (เปลี่ยนภายหลังไม่ได้)
#   persons  ชื่อและอีเมลของแต่ละคน ผู้ไม่มีอีเมลให้เขียน email: none ระบบจะพิมพ์หนังสือแจ้งแทน
#            ห้ามใช้อีเมลกลางที่ขึ้นต้นด้วย saraban
#   holders  ผู้ดำรงตำแหน่ง: person, since (ค.ศ.-เดือน-วัน), until ถ้ามี, acting: true เมื่อรักษาราชการแทน
#            ตำแหน่งว่างให้เขียน holders: []
#   level    officer เจ้าหน้าที่ | head หัวหน้าส่วนราชการ | clerk ปลัด | mayor นายก | administrator ผู้ดูแลระบบ
"""

FileArgument = Annotated[Path, typer.Argument(help="The office's file (YAML).")]


@office_app.command()
def template() -> None:
    """Print an office's file to start from: the seven usual divisions of a tambon municipality."""
    office = replace(usual_office(), key="office", name="เทศบาลตำบล", district="", province="")
    say(f"{TEMPLATE_HEAD}{as_yaml(office, usual_people())}")


@office_app.command()
def create(file: FileArgument, *, by: ByOption = "admin") -> None:
    """Create an office from its file."""
    with in_words():
        parsed = read_office_file(file)
        with system().store.unit_of_work(parsed.key) as uow:
            offices.create(uow, parsed.office(), parsed.people(), by=by, now=system().clock())
            uow.commit()
        say(f"The office “{parsed.name}” is there: {len(parsed.divisions)} divisions, {len(parsed.persons)} persons.")
        say(
            "Next: sucharit plan read FILE --review review.yaml; "
            f"sucharit plan import review.yaml --office {parsed.key}"
        )


@office_app.command()
def update(file: FileArgument, *, by: ByOption = "admin") -> None:
    """Change an office to what its file says. Ladders of open assignments stay as they were."""
    with in_words():
        parsed = read_office_file(file)
        now = system().clock()
        with changing(parsed.key, now) as desk:
            offices.change(desk.uow, parsed.office(), parsed.people(), by=by, now=now)
            desk.uow.commit()
        say(f"“{parsed.name}” is changed.")
        say_woken(follow(desk), APPLIED_AGAIN)


@office_app.command()
def show(*, office: OfficeOption = None) -> None:
    """Print an office's file, to be edited and given to `office update`."""
    with in_words(), system().reading(the_office(office)) as desk:
        say(as_yaml(desk.office, desk.people))


@office_app.command("list")
def list_() -> None:
    """List the offices."""
    with in_words():
        rows = [(o.key, o.name, o.kind, "demonstration" if o.is_demo else "") for o in system().store.offices()]
        say_table(("key", "name", "kind", ""), rows)


@post_app.command()
def hold(
    post: Annotated[str, typer.Argument(help="Key of the post.")],
    person: Annotated[str, typer.Argument(help="Key of the person.")],
    *,
    from_: Annotated[str, typer.Option("--from", help="First day.")],
    to: Annotated[str | None, typer.Option("--to", help="Last day; open-ended, if not given.")] = None,
    acting: Annotated[bool, typer.Option("--acting", help="รักษาราชการแทน: notices go to this person instead.")] = False,
    by: ByOption = "admin",
    office: OfficeOption = None,
) -> None:
    """Name who holds a post from a day on, or who acts for it."""
    with in_words():
        first, last, now = day_of(from_), day_of(to) if to else None, system().clock()
        with changing(the_office(office), now) as desk:
            offices.put_in_charge(desk, post, person, first, last, is_acting=acting, by=by, now=now)
            desk.uow.commit()
        until = f" to {last}" if last else ""
        say(f"{desk.person_name(person)} {'acts for' if acting else 'holds'} {post} from {first}{until}.")


@post_app.command()
def end(
    post: Annotated[str, typer.Argument(help="Key of the post.")],
    person: Annotated[str, typer.Argument(help="Key of the person.")],
    *,
    from_: Annotated[str, typer.Option("--from", help="First day of the holding; `sucharit office show` lists them.")],
    to: Annotated[str, typer.Option("--to", help="Last day; before the first one takes back what has not begun.")],
    by: ByOption = "admin",
    office: OfficeOption = None,
) -> None:
    """Let somebody hold, or act for, a post until a day and no longer."""
    with in_words():
        first, last, key, now = day_of(from_), day_of(to), the_office(office), system().clock()
        with changing(key, now) as desk:
            posts.end_holding(desk, post, person, first, last, by=by, now=now)
            desk.uow.commit()
        say(f"{desk.person_name(person)} is in charge of {post} until {last}.")
        say_woken(follow(desk), APPLIED_AGAIN)


@holiday_app.command("list")
def list_holidays(
    year: Annotated[
        int | None, typer.Option(min=1950, max=2640, help="Year, Gregorian or Buddhist-era; this one, if not given.")
    ] = None,
    *,
    office: OfficeOption = None,
) -> None:
    """List the official days off of a year and the office's exceptions."""
    with in_words(), system().reading(the_office(office)) as desk:
        wanted = year or desk.workdays.local_day(system().clock()).year
        wanted -= BE_OFFSET if wanted >= BE_FROM else 0
        own = {override.day: override for override in desk.uow.holidays.all()}
        rows = [(day, name, "") for day, name in official_holidays(wanted, wanted).items() if day not in own]
        rows += [
            (o.day, o.name, "own: day off" if o.is_holiday else "own: working day")
            for o in own.values()
            if o.day.year == wanted
        ]
        say_table(("day", "name", ""), sorted(rows))


@holiday_app.command()
def add(
    day: str,
    name: str,
    *,
    working: Annotated[bool, typer.Option("--working", help="The office works on this official holiday.")] = False,
    source: Annotated[str, typer.Option(help="Where it was announced.")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Only show which deadlines would move.")] = False,
    by: ByOption = "admin",
    office: OfficeOption = None,
) -> None:
    """Enter a day off (or on) and move the deadlines it touches."""
    with in_words():
        override = HolidayOverride(day_of(day), not working, name, source)
        key, now = the_office(office), system().clock()
        with changing(key, now) as desk:
            moved = exceptions.set_holiday(desk, override, by=by, now=now)
            if not preview:
                desk.uow.commit()
        _say_moved(moved, desk, preview=preview)


@holiday_app.command()
def remove(day: str, *, by: ByOption = "admin", office: OfficeOption = None) -> None:
    """Remove an exception; deadlines move back."""
    with in_words():
        off, key, now = day_of(day), the_office(office), system().clock()
        with changing(key, now) as desk:
            moved = exceptions.drop_holiday(desk, off, by=by, now=now)
            desk.uow.commit()
        _say_moved(moved, desk, preview=False)


def _say_moved(moved: list[exceptions.Moved], desk: Desk, *, preview: bool) -> None:
    say_table(("assignment", "was due", "due"), [(m.id, m.before, m.after) for m in moved])
    say(f"{len(moved)} deadlines {'would move; nothing was changed' if preview else 'moved'}.")
    if not preview:
        say_woken(follow(desk), APPLIED_AGAIN)


@demo_app.command("remove")
def remove_demo_() -> None:
    """Remove the demonstration with everything in it; your own offices are not touched."""
    with in_words():
        version = remove_demo(system())
        say("The demonstration is removed and will not be made again.")
        say_woken(wake_schedules(system().scheduler, DEMO_KEY, version), "Its schedules are being removed.")


@demo_app.command("make")
def make_demo() -> None:
    """Make the demonstration (again, from scratch)."""
    from services.setup.demo import make  # noqa: PLC0415 -- only this command needs it

    with in_words():
        running = system()
        running.store.migrate()
        make(running.store, running.files, running.clock(), running.settings.folder / "demo-part")
        (running.settings.folder / "no-demo").unlink(missing_ok=True)
        say("The demonstration is there: last fiscal year played, the present one in force.")
        with running.store.reader(DEMO_KEY) as uow:
            version = uow.ledger.head()[0]
        say_woken(wake_schedules(running.scheduler, DEMO_KEY, version), "Its measures are being scheduled.")
