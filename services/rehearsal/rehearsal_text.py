"""A rehearsed year in words, for the command line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from domain.people import Level
from domain.thai import short_date
from services.rehearsal.rehearse import Escalation, Lacking, Rehearsal, StandIn


def as_text(done: Rehearsal, open_doubts: Sequence[str], *, is_usual: bool) -> str:
    """Summary of a rehearsal, some forty lines."""
    return "\n".join(_lines(done, open_doubts, is_usual=is_usual))


def _lines(done: Rehearsal, open_doubts: Sequence[str], *, is_usual: bool) -> Iterator[str]:
    yield f"Rehearsal of fiscal year {done.year.be} ({done.year.start} to {done.year.end})"
    yield "Every letter is taken to leave, and to reach its reader, at once."
    if is_usual:
        yield "Played with the seven usual divisions of a tambon municipality; name your own with --office."
    if open_doubts:
        yield f"{len(open_doubts)} doubts of the plan are open; it ran on the proposals: {', '.join(open_doubts)}."
    yield from (f"Fault: {fault}" for fault in done.faults)
    yield from map(_lacking, done.lacking)
    yield from map(_stand_in, done.stand_ins)
    yield ""
    states = ", ".join(f"{count} {state}" for state, count in done.states.items())
    yield f"{done.assignments} assignments: {states}."
    yield f"{len(done.letters)} letters to {len(done.loads)} persons."
    for report, content in done.reports:
        kind = "final" if report.is_final else f"a draft, {len(report.snapshot.unanswered)} answers are missing"
        yield f"Report {report.period.short} of {report.snapshot.frozen_on}: {len(content):,} bytes, {kind}."
    yield ""
    yield "Letters per person (in all, most on one day):"
    for load in done.loads:
        yield f"  {load.letters:4d}  {load.most_a_day:2d} on {short_date(load.fullest_day)}  {load.person}"
    yield ""
    yield from _escalations(done.escalations)
    yield from _reminders(done.reminders_to_decide)


def _lacking(lacking: Lacking) -> str:
    missing = "nobody who reports or decides" if lacking.level is Level.OFFICER else "no supervisor"
    then = (
        f"the administrator ({lacking.administrator}) did it" if lacking.administrator else "its work was left undone"
    )
    return f"{lacking.division} has {missing} on some days: {then}. Name holders of its posts, or who acts for them."


def _stand_in(vacant: StandIn) -> str:
    instead = f"{' and '.join(vacant.told)} is told instead" if vacant.told else "nobody above is left to be told"
    return f"{vacant.division} has no {vacant.level}: {instead}."


def _escalations(escalations: Sequence[Escalation]) -> Iterator[str]:
    if not escalations:
        yield "Nobody above was told: nothing was late, or nobody holds the posts that would be told."
        return
    yield "Told of what was late (day, assignments, division → person):"
    days: defaultdict[str, int] = defaultdict(int)
    for escalation in escalations:
        days[escalation.division] += 1
        yield _line(escalation)
    worst = max(days, key=lambda division: days[division])
    yield f"Most often late: {worst} ({days[worst]} notices to its supervisors)."


def _reminders(reminders: Sequence[Escalation]) -> Iterator[str]:
    if reminders:
        yield ""
        yield "Reminded of what waits for a decision (day, assignments, division → person):"
        yield from map(_line, reminders)


def _line(told: Escalation) -> str:
    return f"  {told.on}  {told.assignments:3d}  {told.division} → {told.person}"
