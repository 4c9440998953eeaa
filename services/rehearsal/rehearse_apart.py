"""Rehearses a year in a process of its own: it needs the libraries of reports and seconds of the processor."""

from __future__ import annotations

import gc
import hashlib
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from pydantic import ConfigDict, Field

from domain.errors import SucharitError
from domain.office import Office
from domain.people import Division, Holding, Level, People, Person, Post
from domain.plan import Plan
from domain.thai import BANGKOK
from domain.values import Value
from domain.workdays import HolidayOverride
from plans import apart
from services.one_at_a_time import alone

if TYPE_CHECKING:
    from services.rehearsal.rehearse import Escalation

SECONDS: Final = 90
_JOB: Final = "job.json"
_RESULT: Final = "result.json"


class RehearsalFailedError(SucharitError):
    """The year could not be played to its end."""

    english = "The year could not be rehearsed: {why}"
    thai = "ซ้อมแผนทั้งปีไม่สำเร็จ: {why}"


class Job(Value):
    """What is rehearsed: a plan, the office, its people and own holidays, divisions that do not do their part."""

    plan: Plan
    office: Office
    divisions: tuple[Division, ...]
    posts: tuple[Post, ...]
    persons: tuple[Person, ...]
    holdings: tuple[Holding, ...]
    overrides: tuple[HolidayOverride, ...] = ()
    silent: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        plan: Plan,
        office: Office,
        people: People,
        overrides: Iterable[HolidayOverride] = (),
        silent: Iterable[str] = (),
        undecided: Iterable[str] = (),
    ) -> Job:
        """What to play for an office as it is."""
        return cls(
            plan=plan,
            office=office,
            divisions=people.divisions,
            posts=people.posts,
            persons=people.persons,
            holdings=people.holdings,
            overrides=tuple(overrides),
            silent=tuple(sorted(silent)),
            undecided=tuple(sorted(undecided)),
        )

    @property
    def people(self) -> People:
        """Everybody of the office."""
        return People(self.divisions, self.posts, self.persons, self.holdings)


class DayOfLetters(Value):
    """A day on which letters went out."""

    on: date
    letters: int


class LoadOfPerson(Value):
    """Letters of one person in the year, and on the fullest day."""

    person: str
    letters: int
    most_a_day: int
    fullest_day: date


class EscalationToPerson(Value):
    """Somebody was told that work of a division is late, or waits for their decision."""

    on: date
    person: str
    division: str
    assignments: int


class ReportOfQuarter(Value):
    """A report that came out, and how many answers it lacked."""

    quarter: int
    frozen_on: date
    is_final: bool
    unanswered: int


class LackingPerson(Value):
    """A division without anybody to report (OFFICER) or to decide (HEAD); `administrator` did it, if there is one."""

    division: str
    level: Level
    administrator: str


class StandInPerson(Value):
    """A vacant level of a division's line, and the names of those who are told in its place."""

    division: str
    level: Level
    told: tuple[str, ...]


class Played(Value):
    """A rehearsed year, as much of it as a page shows; days without letters are left out."""

    model_config = ConfigDict(populate_by_name=True)

    fiscal_year_be: int
    silent: tuple[str, ...]
    undecided: tuple[str, ...] = ()
    assignments: int
    letters: int
    states: dict[str, int]
    days: tuple[DayOfLetters, ...]
    loads: tuple[LoadOfPerson, ...]
    escalations: tuple[EscalationToPerson, ...] = Field(alias="told")
    """Called `told` in trials that are stored."""
    reminders_to_decide: tuple[EscalationToPerson, ...] = ()
    reports: tuple[ReportOfQuarter, ...]
    faults: tuple[str, ...]
    lacking: tuple[LackingPerson, ...] = ()
    stand_ins: tuple[StandInPerson, ...] = ()


def mark_of(silent: Sequence[str], undecided: Sequence[str] = ()) -> str:
    """What stands for a choice of silent and of undecided divisions; stored trials know no undecided ones."""
    chosen = [*sorted(silent), *(["", *sorted(undecided)] if undecided else [])]
    return hashlib.sha256("\n".join(chosen).encode()).hexdigest()


def rehearse_apart(job: Job) -> Played:
    """Play the year in a process of its own, one after the other; nothing of it stays but what is returned.

    Raises:
        BusyError: Others are rehearsing, or reading plans.
        RehearsalFailedError: It broke off, or took longer than any year does.
        SucharitError: The plan cannot be in force in this office; the sentence says why.
    """
    with TemporaryDirectory(prefix="rehearsal-") as name, alone():
        folder = Path(name)
        (folder / _JOB).write_text(job.model_dump_json(), encoding="utf-8")
        words = _run(folder)
        answer = folder / _RESULT
        if not answer.is_file():
            raise RehearsalFailedError(why=words)
        return Played.model_validate_json(answer.read_bytes())


def _run(folder: Path) -> str:
    """Last line that the playing process wrote; it and all it started are gone when this returns."""
    environment = apart.environment(folder, "TZ")
    ended = apart.run("services.rehearsal.rehearse_apart", [str(folder)], folder, SECONDS, environment)
    if ended.code is None:
        return f"more than {SECONDS} s"
    lines = ended.words.strip().splitlines()
    return lines[-1][:500] if lines else f"exit code {ended.code}"


def play(job: Job) -> Played:
    """Play the year in this process."""
    from services.rehearsal.rehearse import rehearse  # noqa: PLC0415 -- what it needs is not for the process that only waits

    done = rehearse(job.plan, job.office, job.people, job.overrides, silent=job.silent, undecided=job.undecided)
    days = Counter(letter.created_at.astimezone(BANGKOK).date() for letter in done.letters)
    return Played(
        fiscal_year_be=done.year.be,
        silent=job.silent,
        undecided=job.undecided,
        assignments=done.assignments,
        letters=len(done.letters),
        states=done.states,
        days=tuple(DayOfLetters(on=day, letters=count) for day, count in sorted(days.items())),
        loads=tuple(
            LoadOfPerson(
                person=load.person, letters=load.letters, most_a_day=load.most_a_day, fullest_day=load.fullest_day
            )
            for load in done.loads
        ),
        escalations=_told(done.escalations),
        reminders_to_decide=_told(done.reminders_to_decide),
        reports=tuple(
            ReportOfQuarter(
                quarter=report.period.number,
                frozen_on=report.snapshot.frozen_on,
                is_final=report.is_final,
                unanswered=len(report.snapshot.unanswered),
            )
            for report, _ in done.reports
        ),
        faults=done.faults,
        lacking=tuple(
            LackingPerson(division=lacking.division, level=lacking.level, administrator=lacking.administrator)
            for lacking in done.lacking
        ),
        stand_ins=tuple(
            StandInPerson(division=vacant.division, level=vacant.level, told=vacant.told) for vacant in done.stand_ins
        ),
    )


def _told(told: Iterable[Escalation]) -> tuple[EscalationToPerson, ...]:
    return tuple(
        EscalationToPerson(on=each.on, person=each.person, division=each.division, assignments=each.assignments)
        for each in told
    )


def _main(folder: Path) -> int:
    signal.alarm(SECONDS + 1)  # should the process that waits for the answer be gone
    # Half a million short-lived values and nothing to free: the collector would look through them a hundred times.
    gc.set_threshold(100_000, 50, 50)
    job = Job.model_validate_json((folder / _JOB).read_bytes())
    try:
        answer = play(job).model_dump_json(by_alias=True)
    except SucharitError as error:
        sys.stderr.write(" ".join(error.in_thai().split()))
        return 1
    (folder / _RESULT).write_text(answer, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1])))
