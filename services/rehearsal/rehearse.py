"""Rehearse a year before it is real: every mail, every report, who is told when a division stays silent."""

from __future__ import annotations

import asyncio
import csv
import errno
import io
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from domain.errors import BadInputError
from domain.fiscal import FiscalYear
from domain.ledger import LedgerLine
from domain.line import LINE, line_of
from domain.notice import NoticeKind
from domain.office import Office
from domain.outbox import Letter
from domain.people import Level, People
from domain.plan import Plan
from domain.workdays import HolidayOverride
from notifications.mail_folder import FileChannel
from plans.errors import MissingFileError
from plans.guard import guarded_read_plan
from plans.review import Review, open_doubts, review_of
from plans.review.to_plan import to_plan
from services.desk import Desk
from services.office.usual_office import ADMINISTRATOR, MAIL_DOMAIN
from services.outbox.deliver import BATCH, MailSender
from services.overview.rows import division_key
from services.planning.plans import activate, import_plan
from services.planning.uploads import REVIEW_SUFFIXES, review_in
from services.rehearsal.play import Idle, NowhereChannel, Play, SimulatedClock
from services.reporting.quarter_report import file_name
from storage.errors import DatabaseDownError, DiskFullError
from storage.files import FileStore
from storage.records import Report
from storage.store import Store

SENDER: Final = f"sucharit@{MAIL_DOMAIN}"

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_ESCALATIONS: Final = (NoticeKind.ESCALATION_HEAD, NoticeKind.ESCALATION_CLERK, NoticeKind.ESCALATION_MAYOR)
_TO_DECIDE: Final = (NoticeKind.DECIDE_REMINDER, NoticeKind.DECIDE_ABOVE)


@dataclass(frozen=True, slots=True)
class PlanOnTrial:
    """A plan as a rehearsal takes it; `open_doubts` are those it ran on proposals for."""

    plan: Plan
    open_doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """Letters of one person in the year: in all, on the fullest day, and which day that was."""

    person: str
    letters: int
    most_a_day: int
    fullest_day: date


@dataclass(frozen=True, slots=True)
class Escalation:
    """Somebody above was told of what is late, or waits for a decision: day, person, how many, of which division."""

    on: date
    person: str
    level: str
    division: str
    assignments: int


@dataclass(frozen=True, slots=True)
class Lacking:
    """A division without anybody who reports, or without anybody above who decides, on some day of the year.

    Attributes:
        level: OFFICER where nobody at all is in its line, HEAD where only supervisors are missing.
        administrator: Who did it all the same; empty where there was nobody, and nothing was done.
    """

    division: str
    level: Level
    administrator: str


@dataclass(frozen=True, slots=True)
class StandIn:
    """A level of a division's line that is vacant on the year's first day.

    Attributes:
        told: Names of those who are told in its place; empty where nobody above is left and the ladder ends below.
    """

    division: str
    level: Level
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a rehearsed year looked like."""

    year: FiscalYear
    assignments: int
    letters: tuple[Letter, ...]
    lines: tuple[LedgerLine, ...]
    reports: tuple[tuple[Report, bytes], ...]
    loads: tuple[Load, ...]
    escalations: tuple[Escalation, ...]
    reminders_to_decide: tuple[Escalation, ...]
    states: dict[str, int]
    faults: tuple[str, ...]
    lacking: tuple[Lacking, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()


def read_review_file(path: Path) -> Review:
    """Read the review in a file.

    Raises:
        PlanFileError: It cannot be opened, is no text, or is the plan's own document.
        ReviewError: It is no review, or a field or an answer in it cannot be used.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MissingFileError(file=path.name, reason=error.strerror or str(error)) from error
    return review_in(path.name, content)


def plan_on_trial(path: Path, year: FiscalYear | None = None) -> PlanOnTrial:
    """Plan of a document or of a reviewed draft, carried into `year` where it is of another one.

    Raises:
        SucharitError: The file is no plan, or a value is missing that no proposal fills.
    """
    review = read_review_file(path) if path.suffix.lower() in REVIEW_SUFFIXES else review_of(guarded_read_plan(path))
    plan = to_plan(review, proposals=True)
    doubts = tuple(doubt.id for doubt in open_doubts(review))
    return PlanOnTrial(plan if year is None or plan.fiscal_year == year else plan.rolled_to(year), doubts)


def rehearse(
    plan: Plan,
    office: Office,
    people: People,
    overrides: Iterable[HolidayOverride] = (),
    *,
    silent: Sequence[str] = (),
    undecided: Sequence[str] = (),
    out: Path | None = None,
) -> Rehearsal:
    """Play the plan's year in a database of its own that is thrown away afterwards.

    Args:
        silent: Names or keys of divisions that never act.
        undecided: Names or keys of divisions that act, but on whose results nobody decides.
        out: Folder that gets mails, reports and lists; it appears whole or not at all, and must not exist yet.

    Raises:
        NotFoundError: A silent or undecided division the office does not have.
        BadInputError: `out` is there already.
        CannotActivateError: The plan names divisions the office does not have.
    """
    idle = Idle(*(frozenset(division_key(name, people) for name in names) for names in (silent, undecided)))
    if out is not None and out.exists():
        raise BadInputError(
            problem=f"{out} is there already.",
            problem_thai=f"มี {out} อยู่แล้ว",
            remedy="Name a folder that does not exist yet.",
            remedy_thai="โปรดระบุโฟลเดอร์ที่ยังไม่มี",
        )
    with _scratch(out) as folder:
        done = _play(plan, office, people, overrides, idle, folder, keeps_mails=out is not None)
        if out is not None:
            _write(done, folder / "out")
            (folder / "out").rename(out)
    return done


@contextmanager
def _scratch(out: Path | None) -> Iterator[Path]:
    """A folder that is gone afterwards, beside `out`, so that the result comes to its place in one rename."""
    beside = None if out is None else out.absolute().parent
    if beside is not None:
        beside.mkdir(parents=True, exist_ok=True)
    where = beside or "the temporary folder"
    try:
        with TemporaryDirectory(prefix=".rehearsal-", dir=beside) as scratch:
            yield Path(scratch)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise DiskFullError(
            what="The rehearsal", what_thai="ผลการซ้อม", why=error.strerror or str(error), where=where
        ) from error
    except (
        DatabaseDownError
    ) as error:  # its database is one of its own, in this folder: nothing but the disk is to blame
        raise DiskFullError(what="The rehearsal", what_thai="ผลการซ้อม", why=error.facts["why"], where=where) from error


def _play(
    plan: Plan,
    office: Office,
    people: People,
    overrides: Iterable[HolidayOverride],
    idle: Idle,
    folder: Path,
    *,
    keeps_mails: bool,
) -> Rehearsal:
    year = plan.fiscal_year
    store = Store(f"sqlite:///{folder / 'rehearsal.db'}", durable=False)
    files = FileStore(folder / "files", durable=False)
    try:
        store.make_tables()
        clock = SimulatedClock(datetime.combine(year.start, office.settings.notify_at, office.settings.zone))
        _set_up(store, office, people, overrides, plan, clock.now)
        channel = FileChannel(folder / "out" / "mails") if keeps_mails else NowhereChannel()
        mail_sender = MailSender(channel, SENDER, MAIL_DOMAIN, clock, records_at_once=BATCH)
        play = Play(store, files, office.key, year, mail_sender, clock, idle)
        asyncio.run(play.run())
        return replace(_result(store, files, office, year, tuple(play.faults)), lacking=_lacking(play, people))
    finally:
        store.close()


def _lacking(play: Play, people: People) -> tuple[Lacking, ...]:
    """One line for each division, in the office's order; who has nobody to report has nobody to decide either."""
    lacking = []
    for division in people.divisions:
        levels = [level for level in (Level.OFFICER, Level.HEAD) if (level, division.key) in play.lacking]
        if levels:
            person = people.person(play.lacking[levels[0], division.key] or "")
            lacking.append(Lacking(division.name, levels[0], person.name if person else ""))
    return tuple(lacking)


def _set_up(
    store: Store, office: Office, people: People, overrides: Iterable[HolidayOverride], plan: Plan, now: datetime
) -> None:
    with store.unit_of_work(office.key) as uow:
        uow.offices.add(office)
        uow.people.save(people)
        for override in overrides:
            uow.holidays.put(override)
        desk = Desk.open(uow)
        stored = import_plan(desk, plan, by=ADMINISTRATOR, now=now).stored
        activate(desk, stored, by=ADMINISTRATOR, now=now)
        uow.commit()


def _result(store: Store, files: FileStore, office: Office, year: FiscalYear, faults: tuple[str, ...]) -> Rehearsal:
    with store.reader(office.key) as uow:
        desk = Desk.open(uow)
        assignments = uow.assignments.all(year.be)
        letters = uow.letters.all()
        lines = tuple(uow.ledger.lines())
        reports = [(report, files.get(report.file_sha256)) for report in uow.reports.all() if report.file_sha256]
        return Rehearsal(
            year=year,
            assignments=len(assignments),
            letters=tuple(letters),
            lines=lines,
            reports=tuple(reports),
            loads=tuple(_loads(desk, letters)),
            escalations=tuple(_told(desk, letters, _ESCALATIONS)),
            reminders_to_decide=tuple(_told(desk, letters, _TO_DECIDE)),
            states=dict(sorted(Counter(a.state.value for a in assignments).items())),
            faults=faults,
            stand_ins=tuple(_stand_ins(desk, desk.plan(year.be).in_force_on)),
        )


def _loads(desk: Desk, letters: Sequence[Letter]) -> list[Load]:
    days: defaultdict[str, Counter[date]] = defaultdict(Counter)
    for letter in letters:
        days[letter.person][desk.workdays.local_day(letter.created_at)] += 1
    loads = [
        Load(desk.person_name(person), counts.total(), most, min(day for day in counts if counts[day] == most))
        for person, counts in days.items()
        for most in [max(counts.values())]
    ]
    return sorted(loads, key=lambda load: (-load.letters, load.person))


def _told(desk: Desk, letters: Sequence[Letter], kinds: Collection[NoticeKind]) -> list[Escalation]:
    """Read from the notices of the letters, which is what was really sent."""
    counts: Counter[tuple[date, str, str, str]] = Counter()
    notices = desk.uow.notices.named(key for letter in letters for key in letter.notices)
    for letter in letters:
        day = desk.workdays.local_day(letter.created_at)
        for notice in (notices[key] for key in letter.notices):
            if notice.kind in kinds:
                division = desk.division_name(notice.division)
                counts[day, desk.person_name(letter.person), notice.level.value, division] += 1
    return [Escalation(*key, count) for key, count in sorted(counts.items())]


def _stand_ins(desk: Desk, day: date) -> Iterator[StandIn]:
    """Who is told in place of each vacant post of a division's line."""
    for division in desk.people.divisions:
        line = line_of(desk.people, division.key, day)
        for level in LINE:
            if not line.at(level):
                names = tuple(desk.person_name(person) for person in line.reached(level).persons)
                yield StandIn(division.name, level, names)


def _write(done: Rehearsal, out: Path) -> None:
    (out / "reports").mkdir(parents=True)
    for report, content in done.reports:
        (out / "reports" / file_name(report)).write_bytes(content)
    _csv(out / "timeline.csv", ("at_utc", "what", "who", "subject", "data"), _timeline(done.lines))
    _csv(
        out / "load.csv",
        ("person", "letters", "most_a_day", "fullest_day"),
        ((load.person, load.letters, load.most_a_day, load.fullest_day) for load in done.loads),
    )
    for name, told in (("escalations", done.escalations), ("reminders-to-decide", done.reminders_to_decide)):
        _csv(
            out / f"{name}.csv",
            ("on", "person", "level", "division", "assignments"),
            ((e.on, e.person, e.level, e.division, e.assignments) for e in told),
        )


def _timeline(lines: Sequence[LedgerLine]) -> Iterable[tuple[object, ...]]:
    for line in lines:
        facts = " ".join(f"{name}={value}" for name, value in sorted(line.entry.data.items()) if value not in ("", []))
        yield f"{line.entry.at:%Y-%m-%d %H:%M}", line.entry.kind, line.entry.actor, line.entry.subject, facts


def _csv(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    path.write_text("\ufeff" + text.getvalue(), encoding="utf-8")  # the mark lets Excel read Thai
