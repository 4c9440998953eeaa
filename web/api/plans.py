"""Plans: read a document, take the reviewed plan in, look at what it changes, rehearse it, put it into force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, UploadFile
from pydantic import Field

from domain.errors import NotFoundError
from domain.fiscal import FiscalYear
from domain.people import Level
from domain.plan import Plan
from plans.guard import guarded_read_plan
from plans.readers import READERS
from plans.review import Review, open_doubts, read_review, review_of, write_review
from plans.review.to_plan import to_plan
from services.desk import Desk
from services.one_at_a_time import alone
from services.overview.rows import division_key
from services.planning.match_units import settle_units
from services.planning.meet_office import answered_at_once, met
from services.planning.plans import import_plan, preview, put_into_force
from services.planning.revision_text import preview_lines
from services.planning.roll_over import roll_over
from services.rehearsal.rehearse_apart import Job, rehearse_apart
from storage.offices import PlanRevision
from web.api.door import Administering, Reading
from web.api.values import AskedYear, Day, Flag, Model, Name, Number, PathYear, Year
from web.changes import changing_alone, commit_and_replan
from web.door.visit import Visit

router = APIRouter(prefix="/plans", tags=["plans"])


class Revision(Model):
    """A stored plan; `in_force_on` is null until it was activated."""

    fiscal_year: int
    revision: int
    title: str
    measures: int
    steps: int
    sha256: str
    imported_at: datetime
    imported_by: str
    in_force_on: date | None
    holds: bool = Field(description="Whether it is the one in force today.")


class Question(Model):
    """A doubt that a person must decide."""

    id: str
    kind: str
    message: str
    choices: dict[str, str] = Field(description="Possible answers: what to write, and what follows from it.")
    proposal: str | None


class Read(Model):
    """What was read from a document: the questions, and the review file in which they are answered."""

    questions: list[Question]
    review: str = Field(description="Review file (YAML). Answer its questions, then send it to `/plans/import`.")


class Reviewed(Model):
    """A review file with its answers."""

    review: str = Field(max_length=2_000_000, description="The review file (YAML) with an answer to every question.")
    units: dict[Name, Annotated[list[Name], Field(min_length=1, max_length=50)]] = Field(
        default={}, max_length=100, description="Name in the plan to the divisions it means; remembered."
    )
    accept_proposals: Flag = Field(default=False, description="Take the division proposed for every unknown name.")
    answers: dict[Name, Name] = Field(
        default={}, max_length=10, description="Question of the office (`other_authority`, `other_year`) to its answer."
    )


class Preview(Model):
    """What a plan would change beside the plan of its year."""

    fiscal_year: int
    measures: int
    steps: int
    compared_with: int | None = Field(description="Revision; null for the first plan of its year.")
    lines: list[str]


class Imported(Model):
    """The stored revision; the same content again is the revision that is there."""

    revision: Revision
    is_new: bool


class Activation(Model):
    """From when a plan is in force."""

    on: Day | None = Field(default=None, description="Today, if not given; before the year, its first day.")
    accept_past: Flag = Field(default=False, description="Also where quarters of the year are over.")


class Activated(Model):
    """What a plan that came into force opens."""

    revision: Revision
    open_at_once: list[str]
    next_open_at: datetime | None


class RollOver(Model):
    """From which year to which, and what goes along."""

    source: Year
    target: Year
    carries: Flag = Field(default=False, description="Make steps of what is not finished, for the first quarter.")
    shifts_years: Flag = Field(default=False, description="Move the years in the texts as well.")


class Rolled(Model):
    """The new year's plan; `notes` say what the catalogue does not know for sure of that year."""

    revision: Revision
    is_new: bool
    unfinished: int
    notes: list[str]


class Silence(Model):
    """Divisions that never act in the rehearsed year, and those on whose results nobody decides."""

    silent: list[Name] = Field(default=[], max_length=50)
    undecided: list[Name] = Field(default=[], max_length=50)


class LoadOfPerson(Model):
    """Letters of one person in the rehearsed year."""

    person: str
    letters: int
    most_a_day: int
    fullest_day: date


class LackingPerson(Model):
    """A division without holders of posts on some day of the rehearsed year."""

    division: str
    level: Level = Field(description="`officer`: nobody reports or decides; `head`: nobody above decides.")
    administrator: str = Field(description="Who did it all the same; empty where its work was left undone.")


class Rehearsed(Model):
    """What the rehearsed year looked like."""

    assignments: int
    letters: int
    reports: int
    states: dict[str, int]
    loads: list[LoadOfPerson]
    escalations: int
    reminders_to_decide: int = Field(description="How often a decider, or somebody above, was reminded.")
    faults: list[str]
    lacking: list[LackingPerson]


def _view(stored: PlanRevision, desk: Desk) -> Revision:
    plan = stored.plan
    return Revision(
        fiscal_year=plan.fiscal_year_be,
        revision=stored.revision,
        title=plan.title,
        measures=len(plan.measures),
        steps=sum(1 for _ in plan.steps()),
        sha256=plan.content_hash,
        imported_at=stored.imported_at,
        imported_by=stored.imported_by,
        in_force_on=stored.in_force_on,
        holds=any((p.plan.fiscal_year_be, p.revision) == (plan.fiscal_year_be, stored.revision) for p in desk.plans),
    )


def _stored(desk: Desk, year: int, revision: int) -> PlanRevision:
    stored = next((p for p in desk.uow.plans.of_year(year) if p.revision == revision), None)
    if stored is None:
        raise NotFoundError(what="plan", what_thai="แผน", key=f"{year} r{revision}", remedy="", remedy_thai="")
    return stored


@router.get("")
def every_plan(visit: Reading) -> list[Revision]:
    """Stored plans by year and revision."""
    with visit.reading() as desk:
        return [_view(stored, desk) for stored in desk.uow.plans.all()]


@router.get("/{fiscal_year}/{revision}")
def document(visit: Reading, fiscal_year: PathYear, revision: Number) -> dict[str, Any]:
    """The whole plan as the office wrote it: measures, steps, responsible, periods, with the raw texts."""
    with visit.reading() as desk:
        return _stored(desk, fiscal_year, revision).plan.model_dump(mode="json")


@router.post("/read")
def read(visit: Administering, file: UploadFile, fiscal_year: AskedYear = None) -> Read:
    """Read a plan document (txt, html, docx, xlsx, csv, pdf, doc); nothing is stored."""
    with _on_disk(file) as path, alone():
        draft = guarded_read_plan(path, fiscal_year)
    with visit.reading() as desk:
        review = met(review_of(draft), desk, visit.now)
    questions = [
        Question(
            id=doubt.id,
            kind=doubt.kind,
            message=doubt.question,
            choices=doubt.choices,
            proposal=doubt.proposal,
        )
        for doubt in open_doubts(review)
    ]
    return Read(questions=questions, review=write_review(review))


@contextmanager
def _on_disk(file: UploadFile) -> Iterator[Path]:
    """The upload under a name of ours; only the ending is the sender's, and only one that is read."""
    ending = PurePath((file.filename or "").replace("\\", "/")).suffix.lower()
    with TemporaryDirectory(prefix="plan-") as folder:
        path = Path(folder) / f"plan{ending if ending in READERS else '.unknown'}"
        with path.open("wb") as target:
            while block := file.file.read(1 << 20):
                target.write(block)
        yield path


@router.post("/preview")
def look(visit: Administering, body: Reviewed) -> Preview:
    """Tell what a reviewed plan would change; nothing is stored, no answer is kept."""
    review = read_review(body.review)
    with visit.changing() as desk:  # never committed: the answers hold for this look only
        plan = _plan_of(review, desk, visit, body)
        settled = _settled(desk, visit, plan, body)
        seen = preview(settled, plan, visit.now)
        return Preview(
            fiscal_year=plan.fiscal_year_be,
            measures=len(plan.measures),
            steps=sum(1 for _ in plan.steps()),
            compared_with=seen.base.revision if seen.base else None,
            lines=list(preview_lines(seen, settled)) if seen.base else [],
        )


def _plan_of(review: Review, desk: Desk, visit: Visit, body: Reviewed) -> Plan:
    asked = met(review, desk, visit.now)
    return to_plan(answered_at_once(asked, body.answers, command="answers:", option='{"{id}": "{choices}"}'))


def _settled(desk: Desk, visit: Visit, plan: Plan, body: Reviewed) -> Desk:
    return settle_units(
        desk,
        plan,
        body.units,
        accepts_proposals=body.accept_proposals,
        command="units: {…}",
        by=visit.person,
        now=visit.now,
    )


@router.post("/import", status_code=201)
def take_in(visit: Administering, body: Reviewed) -> Imported:
    """Store a reviewed plan as a new revision, not yet in force."""
    review = read_review(body.review)
    with changing_alone(visit) as desk:
        plan = _plan_of(review, desk, visit, body)
        settled = _settled(desk, visit, plan, body)
        done = import_plan(settled, plan, by=visit.person, now=visit.now)
        desk.uow.commit()
    with visit.reading() as desk:
        return Imported(revision=_view(done.stored, desk), is_new=done.is_new)


@router.post("/roll-over", status_code=201)
def carry_over(visit: Administering, body: RollOver) -> Rolled:
    """Store the plan in force as the plan of another year, not yet in force."""
    source, target = FiscalYear(body.source), FiscalYear(body.target)
    with changing_alone(visit) as desk:
        done = roll_over(
            desk, source, target, by=visit.person, now=visit.now, carries=body.carries, shifts_years=body.shifts_years
        )
        desk.uow.commit()
    with visit.reading() as desk:
        return Rolled(
            revision=_view(done.imported.stored, desk),
            is_new=done.imported.is_new,
            unfinished=len(done.leftover.unfinished),
            notes=list(done.shift.notes),
        )


@router.post("/{fiscal_year}/{revision}/activate")
def activate(visit: Administering, fiscal_year: PathYear, revision: Number, body: Activation) -> Activated:
    """Put a stored plan into force: its measures are scheduled, and what opens first is told."""
    with changing_alone(visit) as desk:
        wanted = _stored(desk, fiscal_year, revision)
        done = put_into_force(desk, wanted, by=visit.person, now=visit.now, on=body.on, accepts_past=body.accept_past)
        commit_and_replan(visit, desk)
    with visit.reading() as desk:
        shown = _view(_stored(desk, fiscal_year, done.stored.revision), desk)
    opens = done.upcoming
    return Activated(revision=shown, open_at_once=[a.id for a in opens.at_once], next_open_at=opens.opens_at)


@router.post("/{fiscal_year}/{revision}/rehearse")
def rehearse(visit: Administering, fiscal_year: PathYear, revision: Number, body: Silence) -> Rehearsed:
    """Play the plan's year on a simulated clock: every mail, every report, and what if divisions stay silent."""
    with visit.reading() as desk:
        plan = _stored(desk, fiscal_year, revision).plan
        idle = ([division_key(name, desk.people) for name in names] for names in (body.silent, body.undecided))
        job = Job.of(plan, desk.office, desk.people, desk.uow.holidays.all(), *idle)
    done = rehearse_apart(job)
    return Rehearsed(
        assignments=done.assignments,
        letters=done.letters,
        reports=len(done.reports),
        states=dict(done.states),
        loads=[
            LoadOfPerson(
                person=load.person, letters=load.letters, most_a_day=load.most_a_day, fullest_day=load.fullest_day
            )
            for load in done.loads
        ],
        escalations=len(done.escalations),
        reminders_to_decide=len(done.reminders_to_decide),
        faults=list(done.faults),
        lacking=[
            LackingPerson(division=gap.division, level=gap.level, administrator=gap.administrator)
            for gap in done.lacking
        ],
    )
