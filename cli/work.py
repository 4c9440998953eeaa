"""`sucharit assignments`, and the moves: hand-in, accept, confirm, return, extend, cannot-do, ack, withdraw."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Final, Protocol

import typer

from cli.base import (
    ByOption,
    OfficeOption,
    VersionOption,
    changing,
    follow,
    in_words,
    say,
    say_json,
    say_table,
    say_woken,
    the_office,
)
from domain.assignment import Assignment, State
from domain.errors import BadInputError
from domain.figures import Answer
from domain.rights import STANDS_IN
from domain.submission import CannotDoReason
from domain.thai import BANGKOK
from services.assignments import hand_in as work
from services.assignments import review as decide
from services.days import day_of
from services.desk import Desk
from services.overview.rows import division_key, rows
from services.record import IN_PLACE_OF, replans
from services.schedule.schedule import MeasureKey
from services.schedule.wake import wake_measure
from services.wiring import system

IdArgument = Annotated[str, typer.Argument(metavar="ASSIGNMENT", help="For instance 2570-m3.1-chang-q1.")]

MAX_EVIDENCE_MB = 50
DECIDED_ALONE: Final = "พิจารณาเองเนื่องจากไม่มีผู้บังคับบัญชา"
"""How pages and reports say it."""


def assignments(
    *,
    division: Annotated[str | None, typer.Option(help="Name or key of a division.")] = None,
    state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those whose deadline has passed.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are closed.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    office: OfficeOption = None,
) -> None:
    """List assignments by deadline; those that are closed only with --all."""
    with in_words(), system().reading(the_office(office)) as desk:
        closed = () if everything or state else (State.ACCEPTED, State.CANCELLED, State.CANNOT_DO)
        chosen = [a for a in desk.uow.assignments.all() if a.state not in closed and state in (None, a.state)]
        wanted = division_key(division, desk.people) if division else None
        chosen = [a for a in chosen if wanted in (None, a.division)]
        listed = [row for row in rows(desk, chosen, system().clock()) if not overdue or row.clock == "overdue"]
        if as_json:
            say_json(listed)
            return
        say_table(
            ("assignment", "division", "due", "state", "", "next notice", "to"),
            [(r.id, r.division, r.due_on, r.state, r.clock, r.next_on, r.next_to) for r in listed],
        )
        say(f"{len(listed)} assignments.")


def show(assignment_id: IdArgument, *, office: OfficeOption = None) -> None:
    """Show one assignment: what is asked, until when, what comes next, and its history from the ledger."""
    with in_words(), system().reading(the_office(office)) as desk:
        assignment = desk.uow.assignments.get(assignment_id)
        (row,) = rows(desk, [assignment], system().clock())
        say(f"{row.id}  (version {row.version})\n{row.division}, {row.period}\n{row.step}")
        say(f"Due {row.due_on}. {row.state}{', ' + row.clock if row.clock else ''}.")
        if row.next_on:
            say(f"Next notice on {row.next_on} to {row.next_to}, unless it is handed in, extended or stated undoable.")
        if assignment.submission:
            say(f"Result: {assignment.submission.result}")
            say(f"Done on: {assignment.submission.effective_on}")
            say(f"Problems: {_text(assignment.submission.problems)}")
            say(f"Suggestions: {_text(assignment.submission.suggestions)}")
        for proof in desk.uow.evidence.of(assignment_id):
            where = f"{proof.size_bytes:,} bytes: {system().files.path(proof.sha256)}"
            say(f"Evidence: {proof.name}" + (f", {where}" if proof.url is None else ""))
        if assignment.cannot_do:
            say(f"Cannot be done: {assignment.cannot_do.label}. {_agreed(assignment)}")
        if assignment.extension:
            say(f"More time is asked for: until {assignment.extension.due_on}, {assignment.extension.reason}")
        for sentence in _decisions(desk, assignment):
            say(sentence)
        if assignment.reason:
            say(f"Reason: {assignment.reason}")
        for line in desk.uow.ledger.lines(assignment_id):
            standing_in = f" {STANDS_IN}" if line.entry.data.get(IN_PLACE_OF) else ""
            who = f"{desk.person_name(line.entry.actor)}{standing_in}"
            say(f"  {line.entry.at:%Y-%m-%d %H:%M} UTC  {line.entry.kind}  {who}")


def _decisions(desk: Desk, assignment: Assignment) -> Iterator[str]:
    """With whom it lies, whether it was decided alone, and who took note of its lateness."""
    for wait in assignment.waits:
        seat = desk.line(assignment.division, system().clock()).deciders(wait.by, wait.level)
        yield f"Waits for {', '.join(map(desk.person_name, seat.persons)) or 'nobody yet'} since {wait.since}."
    if assignment.waiting and assignment.waiting.is_own:
        yield f"Decided by who had done it: there is nobody else. {DECIDED_ALONE}"
    for noted in assignment.acknowledgments:
        who = desk.person_name(noted.person)
        yield f"Noted by {who} at the level {noted.level} on {noted.on}, until {noted.until}."


def _agreed(assignment: Assignment) -> str:
    if assignment.state is State.CANNOT_DO_STATED:
        return "Nobody has agreed yet."
    return "Agreed." if assignment.waiting else "Agreed, as stated before there was a step of agreeing."


def _text(answer: Answer) -> str:
    return "ไม่มี" if answer.is_none_confirmed else answer.text


class Act(Protocol):
    """A move of somebody, with what belongs to this one move alone filled in before."""

    def __call__(self, desk: Desk, assignment_id: str, /, *, by: str, now: datetime, version: int | None) -> Assignment:
        """Make it; the assignment as it is after."""
        ...


def _move(act: Act, assignment_id: str, *, by: str, version: int | None, office: str | None) -> Assignment:
    """One move through the door: store it, say what it is now, then wake the clockwork."""
    now, key = system().clock(), the_office(office)
    with changing(key, now) as desk:
        after = act(desk, assignment_id, by=by, now=now, version=version)
        desk.uow.commit()
    say(f"{assignment_id}: {after.state}, due {after.due_on}, version {after.version}.")
    measure = MeasureKey(after.fiscal_year_be, key, after.measure_key)
    deaf = follow(desk, measure) if replans(desk) else wake_measure(system().scheduler, measure, system().clock())
    if deaf:
        say_woken(deaf, "")
    return after


def hand_in(
    assignment_id: IdArgument,
    *,
    by: ByOption,
    result: Annotated[str, typer.Option(help="ผลการดำเนินการ: what was done.")],
    problems: Annotated[str | None, typer.Option(help="ปัญหา/อุปสรรค.")] = None,
    no_problems: Annotated[bool, typer.Option("--no-problems", help="Confirm that there were none (ไม่มี).")] = False,
    suggestions: Annotated[str | None, typer.Option(help="ข้อเสนอแนะ.")] = None,
    no_suggestions: Annotated[
        bool, typer.Option("--no-suggestions", help="Confirm that there are none (ไม่มี).")
    ] = False,
    evidence: Annotated[list[Path] | None, typer.Option(help="A file; may be given again.")] = None,
    effective_on: Annotated[
        str | None, typer.Option(help="Day the result belongs to. Not given: that of a round before, else today.")
    ] = None,
    version: VersionOption = None,
    office: OfficeOption = None,
) -> None:
    """Hand in the result of an assignment, with evidence."""
    with in_words():
        report = work.Result(
            result=result,
            problems=_answer("problems", problems, confirmed=no_problems),
            suggestions=_answer("suggestions", suggestions, confirmed=no_suggestions),
            effective_on=day_of(effective_on) if effective_on else None,
        )
        stored = work.keep(system().files, [_attachment(path) for path in evidence or []])
        act = partial(work.hand_in, result=report, evidence=stored)
        after = _move(act, assignment_id, by=by, version=version, office=office)
        _say_day(after, is_named=effective_on is not None)


def _say_day(after: Assignment, *, is_named: bool) -> None:
    """Which day the report prints: whoever names none must not find another one there than they think."""
    assert after.submission is not None
    day = after.submission.effective_on
    is_of_before = not is_named and day != system().clock().astimezone(BANGKOK).date()
    say(
        f"The result is of {day}" + (", as reported before; --effective-on names another day." if is_of_before else ".")
    )


def _answer(heading: str, text: str | None, *, confirmed: bool) -> Answer:
    if text and confirmed:
        raise BadInputError(
            problem=f"--{heading} and --no-{heading} contradict each other.", remedy="Give one of them."
        )
    if not text and not confirmed:
        raise BadInputError(
            problem=f"The heading “{heading}” is not answered.",
            remedy=f"Give --{heading} TEXT, or confirm with --no-{heading} that there is nothing to say (ไม่มี).",
        )
    return Answer(text=(text or "").strip(), is_none_confirmed=confirmed)


def _attachment(path: Path) -> work.Attachment:
    if not path.is_file():
        raise BadInputError(problem=f"There is no file {path}.", remedy="Check its name; nothing was handed in.")
    size = path.stat().st_size
    if size == 0 or size > MAX_EVIDENCE_MB * 1_000_000:
        fault = "is empty" if size == 0 else f"is larger than {MAX_EVIDENCE_MB} MB"
        raise BadInputError(problem=f"{path} {fault}.", remedy="Give a readable file, if need be a smaller one.")
    return work.Attachment(path.name, path.read_bytes())


def accept(
    assignment_id: IdArgument, *, by: ByOption, version: VersionOption = None, office: OfficeOption = None
) -> None:
    """Accept what was handed in: it counts as done."""
    with in_words():
        _move(decide.accept, assignment_id, by=by, version=version, office=office)


def confirm(
    assignment_id: IdArgument, *, by: ByOption, version: VersionOption = None, office: OfficeOption = None
) -> None:
    """Agree that the step cannot be carried out."""
    with in_words():
        _move(decide.confirm, assignment_id, by=by, version=version, office=office)


def return_(
    assignment_id: IdArgument,
    *,
    by: ByOption,
    reason: Annotated[str, typer.Option(help="What must be corrected.")],
    version: VersionOption = None,
    office: OfficeOption = None,
) -> None:
    """Send back for correction, with a reason."""
    with in_words():
        act = partial(decide.return_, reason=reason)
        _move(act, assignment_id, by=by, version=version, office=office)


def extend(
    assignment_id: IdArgument,
    *,
    by: ByOption,
    until: Annotated[str | None, typer.Option(help="Ask for this later day.")] = None,
    reason: Annotated[str, typer.Option(help="Why more time is needed, or refused.")] = "",
    grant: Annotated[bool, typer.Option("--grant", help="As the supervisor: grant the request.")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="As the supervisor: refuse it.")] = False,
    version: VersionOption = None,
    office: OfficeOption = None,
) -> None:
    """Ask for more time (--until, --reason), or decide on it (--grant, --refuse)."""
    with in_words():
        if sum((until is not None, grant, refuse)) != 1:
            raise BadInputError(
                problem="Say one thing.", remedy="Give --until DAY with --reason, or --grant, or --refuse."
            )
        act: Act = partial(decide.decide_extension, granted=grant, reason=reason)
        if until is not None:
            act = partial(decide.ask_extension, due_on=day_of(until), reason=reason)
        _move(act, assignment_id, by=by, version=version, office=office)


def cannot_do(
    assignment_id: IdArgument,
    *,
    by: ByOption,
    kind: Annotated[CannotDoReason, typer.Option(help="The official reason.")],
    reason: Annotated[str, typer.Option(help="In words; needed with `other`.")] = "",
    version: VersionOption = None,
    office: OfficeOption = None,
) -> None:
    """State that the step cannot be carried out, with the official reason; a supervisor must agree."""
    with in_words():
        act = partial(work.state_cannot_do, kind=kind, reason=reason)
        _move(act, assignment_id, by=by, version=version, office=office)


def ack(
    assignment_id: IdArgument,
    *,
    by: ByOption,
    words: Annotated[str, typer.Option(help="What you order; those below you read it.")] = "",
    until: Annotated[
        str | None, typer.Option(help="Last day of the silence. Not given: the last of the office's days.")
    ] = None,
    version: VersionOption = None,
    office: OfficeOption = None,
) -> None:
    """Take note of a lateness: the levels up to yours, but the officer, are not told for a while."""
    with in_words():
        act = partial(decide.acknowledge, words=words, until=day_of(until) if until else None)
        after = _move(act, assignment_id, by=by, version=version, office=office)
        noted = after.acknowledgments[-1]
        say(f"Noted at the level {noted.level} until {noted.until}.")


def withdraw(
    assignment_id: IdArgument, *, by: ByOption, version: VersionOption = None, office: OfficeOption = None
) -> None:
    """Take a hand-in, or the statement that it cannot be done, back while nobody has decided."""
    with in_words():
        _move(work.withdraw, assignment_id, by=by, version=version, office=office)
